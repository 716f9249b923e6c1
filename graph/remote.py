"""A store that somebody else runs, asked by the SPARQL 1.1 Protocol over one connection."""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, Self, cast
from urllib.parse import urlsplit

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from .dialects import GENERIC, GRAPHS, RESULTS_JSON, Dialect, IncompleteAnswer, check_complete
from .dialects import dialect_of as named_dialect
from .errors import (
    EndpointInvalid,
    EndpointRefused,
    EndpointUnreachable,
    QueryFailed,
    QueryFormError,
    QuerySyntaxError,
)
from .store import SelectResult, Term

_PORTS: Final = {"http": 80, "https": 443}
_EXCERPT: Final = 600
_CHALLENGE: Final = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,]+))')
_UNREADABLE: Final = "the server's answer cannot be read: "
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server is; taken apart once, so that what is shown is what is asked.

    Attributes:
        url: as it was given.
        secure: by TLS.
        host: without brackets.
        port: TCP port.
        path: with its query.
    """

    url: str
    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port; without the port where it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = _PORTS["https" if self.secure else "http"]
        return host if self.port == usual else f"{host}:{self.port}"

    def beside(self, path: str) -> Endpoint:
        """Another path of the same server."""
        scheme = "https" if self.secure else "http"
        return Endpoint(
            f"{scheme}://{self.authority}{path}", self.secure, self.host, self.port, path
        )


def parse_endpoint(url: str) -> Endpoint:
    """Take apart the address of a server.

    Raises:
        EndpointInvalid: it is no plain HTTP address.

    >>> parse_endpoint("http://localhost:7878/query").authority
    'localhost:7878'
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise EndpointInvalid(url) from None
    plain = url.isascii() and url.isprintable() and " " not in url
    if not (plain and port and parts.hostname and parts.scheme in _PORTS) or "@" in parts.netloc:
        raise EndpointInvalid(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Endpoint(url, parts.scheme == "https", parts.hostname, port, path)


@dataclass(frozen=True, slots=True)
class Login:
    """What a server asks for before it does something.

    Attributes:
        secret: a token, or the password of ``user``; never shown.
        user: name for Basic and Digest; empty where the secret is a bearer token.
    """

    secret: str = field(repr=False)
    user: str = ""

    def first(self) -> str | None:
        """The Authorization field to send unasked: a token; a password waits for a challenge."""
        return None if self.user else f"Bearer {self.secret}"

    def answer(self, challenge: str, method: str, path: str) -> str | None:
        """The field after a challenge: Basic (RFC 7617), or Digest (RFC 7616).

        Digest is with MD5, which is what Virtuoso asks for.

        Returns:
            None where the challenge is none that can be answered.
        """
        scheme, _, rest = challenge.partition(" ")
        if self.user and scheme.casefold() == "basic":
            plain = f"{self.user}:{self.secret}".encode()
            return "Basic " + base64.b64encode(plain).decode("ascii")
        if not self.user or scheme.casefold() != "digest":
            return None
        said = {name.casefold(): quoted or bare for name, quoted, bare in _CHALLENGE.findall(rest)}
        if said.get("algorithm", "MD5").upper() != "MD5" or "auth" not in said.get("qop", "auth"):
            return None
        nonce, once = said.get("nonce", ""), os.urandom(8).hex()
        owner = _md5(f"{self.user}:{said.get('realm', '')}:{self.secret}")
        proof = _md5(f"{owner}:{nonce}:00000001:{once}:auth:{_md5(f'{method}:{path}')}")
        fields = {
            "username": self.user,
            "realm": said.get("realm", ""),
            "nonce": nonce,
            "uri": path,
            "response": proof,
            "cnonce": once,
            "opaque": said.get("opaque", ""),
        }
        listed = ", ".join(f'{name}="{value}"' for name, value in fields.items())
        return f"Digest {listed}, qop=auth, nc=00000001, algorithm=MD5"


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def read_login(file: Path | None, user: str = "") -> Login | None:
    """The login whose token or password a file holds; None without a file.

    Raises:
        OSError, UnicodeDecodeError: the file cannot be read.
    """
    return None if file is None else Login(file.read_text("utf-8").strip(), user)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def excerpt(self) -> str:
        """The beginning of what the server said, on one line."""
        text = self.body[: 4 * _EXCERPT].decode("utf-8", "replace")
        return " ".join(text.split())[:_EXCERPT] or "it gave no reason"


class Connection:
    """One connection to one host, opened again where the server closed it; follows no redirect.

    Args:
        endpoint: the only host that is asked.
        login: sent with every request.
        seconds: most time without a byte from the server.
    """

    def __init__(self, endpoint: Endpoint, login: Login | None = None, seconds: float = 60) -> None:
        self.endpoint = endpoint
        self._login = login
        context = ssl.create_default_context() if endpoint.secure else None
        self._http: http.client.HTTPConnection = (
            http.client.HTTPSConnection(
                endpoint.host, endpoint.port, timeout=seconds, context=context
            )
            if endpoint.secure
            else http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=seconds)
        )
        self._challenge = ""
        self._live: socket.socket | None = None

    def close(self) -> None:
        """Give up the connection."""
        self._http.close()

    def abort(self) -> None:
        """Break off what another thread does with the connection, if it does anything."""
        live = self._live
        if live is not None:
            with suppress(OSError):
                live.shutdown(socket.SHUT_RDWR)

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> Reply:
        """Send a request that may be sent twice, and read the whole answer.

        Raises:
            EndpointUnreachable: no connection, or it broke.
        """
        reply = self._once(method, path, body, headers)
        challenge = reply.headers.get("www-authenticate", "")
        if reply.status == 401 and self._login is not None:
            answer = self._login.answer(challenge, method, path)
            if answer is not None:
                self._challenge = challenge
                return self._once(method, path, body, headers)
        return reply

    @contextmanager
    def open(
        self, path: str, body: bytes, headers: Mapping[str, str]
    ) -> Iterator[tuple[Reply, IO[bytes]]]:
        """Post something and read its answer bit by bit; whoever does not read on closes it.

        Raises:
            EndpointUnreachable: no connection, or it broke.
        """
        self._http.close()
        fields = {"User-Agent": "fairpapers", **headers, **self._authorization("POST", path)}
        try:
            self._http.request("POST", path, body, fields)
            self._live = self._http.sock
            answer = self._http.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            whole = b"" if answer.status == 200 else answer.read()
            yield Reply(answer.status, found, whole), cast(IO[bytes], answer)
        except (OSError, http.client.HTTPException) as error:
            raise EndpointUnreachable(self.endpoint.url, _reason(error)) from error
        finally:
            self._http.close()

    def _authorization(self, method: str, path: str) -> dict[str, str]:
        if self._login is None:
            return {}
        made = self._login.answer(self._challenge, method, path) if self._challenge else None
        made = made or self._login.first()
        return {} if made is None else {"Authorization": made}

    def _once(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        fields = {"User-Agent": "fairpapers", **headers, **self._authorization(method, path)}
        for attempt in (1, 2):
            fresh = self._http.sock is None
            try:
                self._http.request(method, path, body, fields)
                self._live = self._http.sock
                answer = self._http.getresponse()
                found = {name.lower(): value for name, value in answer.getheaders()}
                return Reply(answer.status, found, answer.read())
            except (OSError, http.client.HTTPException) as error:
                self._http.close()
                # A server may close an idle connection at any time; a new one that breaks is a fault.
                if fresh or attempt == 2 or isinstance(error, TimeoutError):
                    raise EndpointUnreachable(self.endpoint.url, _reason(error)) from error
        raise AssertionError("unreachable")


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return str(error) or type(error).__name__


class RemoteStore:
    """Asks a server; a `Store` like any other. Use as ``with`` or `close` it.

    Args:
        endpoint: of queries.
        graphs: whose union is the default graph; empty leaves the dataset to the server.
        dialect: what is special about the server; None finds that out by its first answer.
        login: where the server asks for one.
        seconds: for one query.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        graphs: tuple[str, ...] = (),
        dialect: Dialect | None = None,
        login: Login | None = None,
        seconds: float = 60,
    ) -> None:
        self._connection = Connection(endpoint, login, seconds + 5)
        self._graphs = graphs
        self._seconds = seconds
        self._dialect = dialect

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def dialect(self) -> Dialect:
        """What is special about the server.

        Raises:
            EndpointUnreachable: it did not answer.
        """
        if self._dialect is None:
            self.ask("ASK {}")
        return self._dialect or GENERIC

    def select(self, query: str) -> SelectResult:
        """Answer a SELECT query."""
        found = _read_table(self._ask(query, RESULTS_JSON))
        if not isinstance(found, SelectResult):
            raise QueryFormError("SELECT")
        return found

    def each(self, query: str) -> Iterator[tuple[Term | None, ...]]:
        """The rows of a SELECT query as they come in, so that any number fits into memory.

        Consume this in the thread that calls it, and ask nothing else meanwhile.
        """
        path, fields = (
            self._connection.endpoint.path,
            {"Content-Type": FORM, "Accept": RESULTS_JSON},
        )
        fault, found, solution = "", None, None
        with self._connection.open(path, self._form(query), fields) as (reply, body):
            self._check(reply)
            try:
                found = parse_query_results(body, QueryResultsFormat.JSON)
                if isinstance(found, QuerySolutions):
                    for solution in found:
                        yield tuple(solution)
            except (SyntaxError, ValueError) as error:
                fault = str(error)
            finally:
                # An error goes to other threads with this frame, and they must drop no result.
                wrong = not isinstance(found, QuerySolutions)
                found = solution = None
        if fault:
            raise QueryFailed(_UNREADABLE + fault)
        if wrong:
            raise QueryFormError("SELECT")

    def ask(self, query: str) -> bool:
        """Answer an ASK query."""
        found = _read_table(self._ask(query, RESULTS_JSON))
        if not isinstance(found, bool):
            raise QueryFormError("ASK")
        return found

    def construct(self, query: str) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query; no triple comes twice."""
        body, fault = self._ask(query, GRAPHS), ""
        try:
            return list(dict.fromkeys(quad.triple for quad in parse(body, RdfFormat.TURTLE)))
        except (SyntaxError, ValueError) as error:
            fault = str(error)
        raise QueryFailed(_UNREADABLE + fault)

    def close(self) -> None:
        """Give up the connection."""
        self._connection.close()

    def abort(self) -> None:
        """Break off the query of another thread, which fails then."""
        self._connection.abort()

    def _ask(self, query: str, accept: str) -> bytes:
        fields = {"Content-Type": FORM, "Accept": accept}
        path = self._connection.endpoint.path
        reply = self._connection.send("POST", path, self._form(query), fields)
        self._check(reply)
        return reply.body

    def _form(self, query: str) -> bytes:
        return (self._dialect or GENERIC).form(
            query,
            default_graphs=self._graphs,
            named_graphs=self._graphs,
            seconds=self._seconds,
        )

    def _check(self, reply: Reply) -> None:
        if self._dialect is None:
            self._dialect = named_dialect(reply.headers.get("server", ""))
        if reply.status == 400:
            raise QuerySyntaxError(reply.excerpt)
        if reply.status != 200:
            raise EndpointRefused(self._connection.endpoint.url, reply.status, reply.excerpt)
        try:
            check_complete(reply.headers)
        except IncompleteAnswer as error:
            raise QueryFailed(f"the answer is not whole: {error}") from error


def _read_table(body: bytes) -> SelectResult | bool:
    fault, found = "", None
    try:
        found = parse_query_results(body, QueryResultsFormat.JSON)
        if isinstance(found, QueryBoolean):
            return bool(found)
        names = tuple(variable.value for variable in found.variables)
        return SelectResult(names, [tuple(solution) for solution in found])
    except (SyntaxError, ValueError) as error:
        fault = str(error)
    # An error goes to other threads with this frame, and they must drop no result of the engine.
    found = None
    raise QueryFailed(_UNREADABLE + fault)
