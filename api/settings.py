"""Everything an operator can set, with the environment variable ``FAIRPAPERS_<NAME>`` for each."""

from __future__ import annotations

import ipaddress
import os
import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_MIB: Final = 1024 * 1024
_SHORTEST_TOKEN: Final = 16
_ORIGIN: Final = re.compile(r"https?://[^/\s,*@]+", re.IGNORECASE)
_SERVICE_HOST: Final = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_URL: Final = re.compile(r"https?://[^\s<>\"{}|\\^`?#]+", re.IGNORECASE)


class Settings(BaseSettings):
    """Settings of the server; values given to the constructor win over the environment.

    Sizes are bytes, durations seconds. A combination that would make the server unsafe is refused
    with a message that says what to change.
    """

    model_config = SettingsConfigDict(
        env_prefix="FAIRPAPERS_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address to listen on; the default is reachable from this machine only.",
    )
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one."
    )
    public_url: str | None = Field(
        default=None,
        description="Address by which clients reach the server, where a proxy stands before it.",
    )
    library: Path | None = Field(
        default=None,
        description="Folder of your own queries, added to those of the library.",
    )
    workers: int = Field(
        default_factory=lambda: max(2, os.cpu_count() or 1),
        ge=1,
        le=256,
        description="Queries on /sparql that may run at the same time, each in its own process.",
    )
    library_workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Further processes kept for library queries and pages.",
    )
    express_workers: int = Field(
        default=1,
        ge=0,
        le=64,
        description="Queries on /sparql that may run beside those for a moment, so that short ones "
        "need not wait for long ones to end.",
    )
    express_seconds: float = Field(
        default=0.1,
        gt=0,
        le=60,
        description="How long that moment is; a query that needs more waits and starts again.",
    )
    deadline_seconds: float = Field(
        default=10.0,
        gt=0,
        le=3600,
        description="A query is stopped when its answer is not complete after this time.",
    )
    queue_limit: int = Field(
        default=64,
        ge=0,
        le=10_000,
        description="Queries that may wait for a free process; further ones are answered 503.",
    )
    queue_wait_seconds: float = Field(
        default=5.0,
        gt=0,
        le=600,
        description="A query that waited this long for a free process is answered 503.",
    )
    max_query_bytes: int = Field(
        default=_MIB // 4, ge=1024, le=64 * _MIB, description="Longest query text, as UTF-8."
    )
    max_query_depth: int = Field(
        default=200,
        ge=16,
        le=400,
        description="Deepest nesting of brackets in a query; deeper ones overflow the engine.",
    )
    max_result_bytes: int = Field(
        default=256 * _MIB,
        ge=1024,
        description="An answer is broken off beyond this size.",
    )
    max_result_rows: int = Field(
        default=0,
        ge=0,
        description="An answer is broken off beyond so many rows or triples; 0 is no such limit.",
    )
    cache_bytes: int = Field(
        default=64 * _MIB,
        ge=0,
        le=64 * 1024 * _MIB,
        description="Complete answers that are kept for the next client, all together; 0 is none.",
    )
    memory_store_bytes: int = Field(
        default=64 * _MIB,
        ge=0,
        description="A graph whose store takes at most so much on disk is served from memory, "
        "which is faster and takes more of it in each process; 0 is always from disk.",
    )
    worker_memory_bytes: int = Field(
        default=1024 * _MIB,
        ge=16 * _MIB,
        description="Memory that one query may take, beyond what its process needs when idle.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Origins of web pages that may read answers, separated by commas; * is any.",
    )
    update_token_file: Path | None = Field(
        default=None,
        description="File with the token that allows updates, which are refused without one.",
    )
    update_token: SecretStr | None = Field(
        default=None,
        description="The token itself; a file is safer, since other programs may see variables.",
    )
    update_deadline_seconds: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="An update is stopped, and changes nothing, when it takes longer.",
    )
    update_queue_limit: int = Field(
        default=16,
        ge=0,
        le=10_000,
        description="Updates that may wait for the one that runs; further ones are answered 503.",
    )
    max_update_bytes: int = Field(
        default=16 * _MIB,
        ge=1024,
        le=1024 * _MIB,
        description="Longest update, or RDF for a graph, as UTF-8.",
    )
    max_head_bytes: int = Field(
        default=64 * 1024,
        ge=4096,
        le=16 * _MIB,
        description="Longest request line with all header fields; longer ones are answered 414 or "
        "431. A query in the URL has to fit.",
    )
    head_seconds: float = Field(
        default=10.0,
        gt=0,
        le=600,
        description="A connection whose request line and header fields take longer is closed.",
    )
    rate_limit_per_second: float = Field(
        default=0.0,
        ge=0,
        le=1_000_000,
        description="Requests that one client may make each second in the long run; 0 is no limit.",
    )
    rate_limit_burst: int = Field(
        default=50,
        ge=1,
        le=1_000_000,
        description="Requests that a client who was quiet may make at once, above that rate.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Addresses or networks, separated by commas, of proxies whose X-Forwarded-For "
        "says who the client is; from others it is ignored.",
    )
    federation_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Hosts that SERVICE may ask, separated by commas, each as host or host:port "
        "(80 and 443 without one); all else is answered 403.",
    )
    federation_seconds: float = Field(
        default=5.0,
        gt=0,
        le=3600,
        description="A SERVICE clause that is not answered within this time fails with 504.",
    )
    federation_max_bytes: int = Field(
        default=8 * _MIB,
        ge=1024,
        le=256 * _MIB,
        description="Longest answer that is taken from a SERVICE.",
    )
    admin_token_file: Path | None = Field(
        default=None,
        description="File with the token that allows to list and cancel queries, which nobody can "
        "without one.",
    )
    admin_token: SecretStr | None = Field(
        default=None,
        description="The token itself; a file is safer, since other programs may see variables.",
    )
    metrics_public: bool = Field(
        default=False,
        description="Answer /metrics to anyone, instead of to this machine and the admin token.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="How log lines are written to standard error: text, or json for an object a "
        "line.",
    )
    log_requests: bool = Field(
        default=True, description="Log a line for each request, without its query string."
    )
    log_queries: bool = Field(
        default=False,
        description="Put the text of queries into these lines, not only a digest of it.",
    )
    reload_seconds: float = Field(
        default=5.0,
        ge=0,
        le=3600,
        description="How often the graph directory is looked at for a newly published graph, which "
        "is then served; 0 is only on SIGHUP.",
    )
    shutdown_seconds: float = Field(
        default=30.0,
        ge=0,
        le=3600,
        description="Queries at work may go on for so long when the server is told to stop.",
    )
    require_confinement: bool | None = Field(
        default=None,
        description="Refuse to start where query processes cannot be kept from opening sockets; "
        "unset means: when the host is not a loopback address.",
    )

    @field_validator("cors_origins", "trusted_proxies", "federation_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("cors_origins")
    @classmethod
    def _check_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if origin != "*" and not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin; write it like https://example.org")
        if "*" in value and len(value) > 1:
            raise ValueError("'*' allows every origin; remove it or the others")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            try:
                ipaddress.ip_network(network)
            except ValueError:
                raise ValueError(
                    f"{network!r} is no address or network; write it like 10.0.0.1 or 10.0.0.0/8"
                ) from None
        return value

    @field_validator("federation_hosts")
    @classmethod
    def _check_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not _SERVICE_HOST.fullmatch(host):
                raise ValueError(f"{host!r} is no host; write it like query.example.org:8080")
        return tuple(host.casefold() for host in value)

    @field_validator("public_url")
    @classmethod
    def _check_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not _URL.fullmatch(value):
            raise ValueError(f"{value!r} is no address; write it like https://example.org/graph")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _refuse_unsafe(self) -> Settings:
        if self.require_confinement is False and not self.listens_locally:
            raise ValueError(
                f"host {self.host} is reachable from other machines and require_confinement is "
                "off: queries could reach your network; remove one of the two"
            )
        return self

    @model_validator(mode="after")
    def _check_tokens(self) -> Settings:
        for kind, secret in (("update", self.update_secret), ("admin", self.admin_secret)):
            if secret is not None and len(secret.get_secret_value()) < _SHORTEST_TOKEN:
                raise ValueError(
                    f"the {kind} token has fewer than {_SHORTEST_TOKEN} characters; make one with: "
                    "openssl rand -hex 32"
                )
        return self

    @cached_property
    def update_secret(self) -> SecretStr | None:
        """The token that allows updates, from the file or the environment; None forbids them.

        Raises:
            ValueError: both are given, or the file cannot be read.
        """
        return _secret("update_token", self.update_token, self.update_token_file)

    @cached_property
    def admin_secret(self) -> SecretStr | None:
        """The token of the operator, from the file or the environment; None where there is none.

        Raises:
            ValueError: both are given, or the file cannot be read.
        """
        return _secret("admin_token", self.admin_token, self.admin_token_file)

    @property
    def listens_locally(self) -> bool:
        """Whether only this machine can reach the server."""
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host.casefold() == "localhost"

    @property
    def confinement_required(self) -> bool:
        """Whether the server must not start with query processes that could open sockets."""
        if self.require_confinement is None:
            return not self.listens_locally
        return self.require_confinement


def _secret(name: str, given: SecretStr | None, file: Path | None) -> SecretStr | None:
    if file is None:
        return given
    if given is not None:
        raise ValueError(f"{name} and {name}_file are both set; remove one")
    try:
        return SecretStr(file.read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name}_file cannot be read: {error}") from None
