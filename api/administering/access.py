"""Who may look at the metrics, and who may stop queries."""

from __future__ import annotations

import ipaddress
from typing import Final

from pydantic import SecretStr
from starlette.requests import Request

from ..errors import ApiError
from ..page_errors import PageNotFoundError
from ..settings import Settings
from ..updates.access import UpdateAccess

# What a proxy adds: the address of the connection is not that of the client then.
_FORWARDED: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class NoSuchQueryError(ApiError):
    """No query of that id waits or runs."""

    status, slug, title = 404, "no-such-query", "There is no such query"

    def __init__(self, identity: str) -> None:
        super().__init__(f"no query with the id {identity[:64]!r} waits or runs; it may have ended")


class AdminAccess:
    """Lets the operator through, by the admin token or, for metrics, by where they are.

    Args:
        secret: the token; without one there is no administration, as if the paths did not exist.
        settings: whether metrics are for all.
    """

    def __init__(self, secret: SecretStr | None, settings: Settings) -> None:
        self._token = None if secret is None else UpdateAccess(secret)
        self._settings = settings

    def check(self, request: Request) -> None:
        """Let a request through that has the token.

        Raises:
            PageNotFoundError: there is no token.
            TokenRequiredError: the request has none, or another.
        """
        if self._token is None:
            raise PageNotFoundError(request.url.path)
        self._token.check(request.headers.get("authorization"))

    def check_metrics(self, request: Request) -> None:
        """Let a request for metrics through: from this machine, with the token, or any if set so.

        Raises:
            PageNotFoundError: it is from elsewhere and there is no token.
            TokenRequiredError: it is from elsewhere without the token.
        """
        if self._settings.metrics_public or (
            self._settings.public_url is None and _from_this_machine(request)
        ):
            return
        self.check(request)


def _from_this_machine(request: Request) -> bool:
    """Whether client and host are this machine, and no proxy stands between.

    The host is looked at since a page in the operator's own browser can reach this machine under
    a name of its own (DNS rebinding).
    """
    if any(name in request.headers for name in _FORWARDED) or request.client is None:
        return False
    host = request.url.hostname or ""
    return _is_loopback(request.client.host) and (host == "localhost" or _is_loopback(host))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
