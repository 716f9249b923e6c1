"""Everything that can go wrong with a graph, as exceptions that carry what went wrong.

::

    GraphError
    ├── IriError             a base or a key from which no valid IRI can be made
    ├── AliasError           a line of the alias list that contradicts another or is malformed
    ├── LinksInvalid         a list of links that is no SSSOM, or a shipped one with a bad row
    ├── RecordsDamaged       a line of a records file that is no record
    ├── RecordInvalid        a record that contradicts itself
    ├── DirectoryUnusable    a path that can be no graph directory
    ├── NoQuads              a folder without a complete build by a cluster
    ├── DecisionsLeft        decisions of reviewers, which a cluster does not apply
    ├── NoSnapshot           a directory without a published graph
    ├── SnapshotDamaged      a published graph whose files are incomplete
    ├── ReleaseUnusable      a folder that cannot be the release before another
    ├── BuildInProgress      another build holds the directory
    ├── TableError           a value that a column of an exported table cannot hold
    ├── NanopubMissing       nanopublications cannot be signed without the package for it
    ├── KeyUnusable          a file that holds no key to sign with
    ├── GraphInvalid         the graph breaks its shapes or checks; nothing was published
    ├── StatementUnclear     words that name no statement, or more than one
    ├── NoEvidence           a statement that the graph does not make
    ├── DecisionsDamaged     a line of a file of decisions that is none
    ├── EndpointInvalid      an address at which no server can be
    ├── LoadRefused          a graph that cannot be sent so, or is not whole where it was sent
    └── QueryError
        ├── QuerySyntaxError     no SPARQL
        ├── QueryFormError       another form of query than the call is for
        └── QueryFailed          valid SPARQL that the store could not answer
            ├── EndpointUnreachable  a server to which there is no connection
            └── EndpointRefused      a server that answered with another status than was hoped for
"""

# ruff: noqa: N818 - each name says what is the case, as GraphInvalid does; all end up in messages.
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


class GraphError(Exception):
    """Base of every error of this layer."""


class IriError(GraphError):
    """A base or a key from which no valid IRI can be made."""

    def __init__(self, what: str, value: str, wanted: str) -> None:
        super().__init__(f"{what} {value!r} cannot be part of an IRI: {wanted}")
        self.what = what
        self.value = value
        self.wanted = wanted


class AliasError(GraphError):
    """A line of the alias list that contradicts another or is malformed."""

    def __init__(self, file: str, line: int, fault: str) -> None:
        super().__init__(f"{file}:{line}: {fault}")
        self.file = file
        self.line = line
        self.fault = fault


class LinksInvalid(GraphError):
    """A list of links that is no SSSOM, or a row that is no link in the list that is shipped."""

    def __init__(self, path: Path, line: int, fault: str) -> None:
        super().__init__(f"{path}:{line}: {fault}; see https://mapping-commons.github.io/sssom/")
        self.path = path
        self.line = line
        self.fault = fault


class RecordsDamaged(GraphError):
    """A line of a records file that is no record."""

    def __init__(self, path: Path, line: int, fault: str) -> None:
        super().__init__(f"{path}:{line}: {fault}; write the records again with 'extract'")
        self.path = path
        self.line = line
        self.fault = fault


class RecordInvalid(GraphError):
    """A record that contradicts itself."""

    def __init__(self, key: str, fault: str) -> None:
        super().__init__(f"record of paper {key!r}: {fault}; extract this paper again")
        self.key = key
        self.fault = fault


class DirectoryUnusable(GraphError):
    """A path that can be no graph directory, or not hold what is made from one."""

    def __init__(self, directory: Path, fault: str, what: str = "graph") -> None:
        super().__init__(f"{directory} cannot hold a {what}: {fault}; name another directory")
        self.directory = directory
        self.fault = fault


class NoQuads(GraphError):
    """A folder that holds no complete build of a cluster."""

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"{folder}: no complete build by Spark is there; run `fairpapers build --engine spark`"
        )
        self.folder = folder


class DecisionsLeft(GraphError):
    """A graph directory with decisions of reviewers, which a build on a cluster does not apply."""

    def __init__(self, directory: Path) -> None:
        super().__init__(
            f"{directory}: it holds decisions of reviewers, which a build by Spark does not apply; "
            "name another directory, or build with --engine local"
        )
        self.directory = directory


class NoSnapshot(GraphError):
    """A directory without a published graph."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"no graph is published in {directory}; make one with 'build'")
        self.directory = directory


class SnapshotDamaged(GraphError):
    """A published graph whose files are incomplete."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"the snapshot {path} is damaged: {fault}; build the graph again")
        self.path = path
        self.fault = fault


class ReleaseUnusable(GraphError):
    """A folder that cannot be the release before another."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path} cannot serve as the release before: {fault}")
        self.path = path
        self.fault = fault


class BuildInProgress(GraphError):
    """Another build holds the directory."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"another build is writing {directory}; wait until it has ended")
        self.directory = directory


class CannotGrow(GraphError):
    """A published graph that a few papers cannot be added to or taken from."""

    def __init__(self, snapshot: Path, why: str) -> None:
        super().__init__(
            f"{snapshot} cannot grow: {why}; --rebuild builds the graph again from its records,"
            " without what updates brought in"
        )
        self.snapshot = snapshot
        self.why = why


class GraphDiffers(GraphError):
    """A published graph that is not what its records say."""

    def __init__(self, quad: str, *, there: bool) -> None:
        which = "has" if there else "lacks"
        super().__init__(
            f"the published graph {which} {quad}, against its records; --rebuild builds it again"
            " from them"
        )
        self.quad = quad


class TableError(GraphError):
    """A value that a column of an exported table cannot hold."""

    def __init__(self, table: str, column: str, fault: str) -> None:
        super().__init__(
            f"column {column!r} of the table {table!r}: {fault}; build the graph again,"
            " or leave the tables out of the export"
        )
        self.table = table
        self.column = column
        self.fault = fault


Severity = Literal["violation", "warning"]


class NanopubMissing(GraphError):
    """Nanopublications cannot be signed without the package for it."""

    def __init__(self) -> None:
        super().__init__(
            "signing needs the package nanopub: pip install 'fairpapers[nanopub]', or leave the key "
            "out for unsigned templates"
        )


class KeyUnusable(GraphError):
    """A file that holds no key to sign with; what it holds is never shown."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path} holds no private RSA key: {fault}; name the file of one")
        self.path = path


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault found by a shape or a check.

    Attributes:
        check: IRI of the shape, or id of the check.
        focus: IRI of the node at fault.
        message: what is wrong with it.
        severity: a build refuses a graph with a violation, and reports a warning.
        rule: the rule of the list in this folder's README that the check belongs to, such as D4.
        component: IRI of the SHACL constraint component.
    """

    check: str
    focus: str
    message: str
    severity: Severity = "violation"
    rule: str | None = None
    component: str = "http://www.w3.org/ns/shacl#SPARQLConstraintComponent"

    def __str__(self) -> str:
        return f"<{self.focus}> {self.message} [{self.name}]"

    @property
    def name(self) -> str:
        """The check with its rule, where it has one."""
        return f"{self.rule} {self.check}" if self.rule else self.check


class GraphInvalid(GraphError):
    """The graph breaks its shapes or checks; nothing was published."""

    _SHOWN = 10

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        lines = [str(violation) for violation in violations[: self._SHOWN]]
        if more := len(violations) - len(lines):
            lines.append(f"and {more} more")
        super().__init__("the graph is not valid and was not published:\n" + "\n".join(lines))
        self.violations = violations


class StatementUnclear(GraphError):
    """Words that name no statement, or more than one.

    Attributes:
        candidates: IRIs that the words may stand for, sorted; empty where they stand for nothing.
    """

    def __init__(self, words: str, fault: str, candidates: tuple[str, ...] = ()) -> None:
        listed = "".join(f"\n  {each}" for each in candidates)
        super().__init__(f"{words!r} {fault}{listed}")
        self.words = words
        self.candidates = candidates


class NoEvidence(GraphError):
    """A statement that the graph does not make."""

    def __init__(self, statement: str, advice: str) -> None:
        super().__init__(f"the graph does not say {statement}; {advice}")
        self.statement = statement


class DecisionsDamaged(GraphError):
    """A line of a file of decisions that is none."""

    def __init__(self, path: Path, line: int, fault: str) -> None:
        super().__init__(f"{path}:{line}: {fault}; mend the line or take it out")
        self.path = path
        self.line = line
        self.fault = fault


class QueryError(GraphError):
    """A query without an answer."""


class QuerySyntaxError(QueryError):
    """No SPARQL; ``line`` and ``column`` are 1-based where the parser gives them."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class QueryFormError(QueryError):
    """Another form of query than the call is for."""

    def __init__(self, wanted: str) -> None:
        super().__init__(f"the query is no {wanted} query")
        self.wanted = wanted


class QueryFailed(QueryError):
    """Valid SPARQL that the store could not answer."""


class EndpointUnreachable(QueryFailed):
    """A server to which there is no connection, or whose connection broke."""

    def __init__(self, url: str, fault: str) -> None:
        super().__init__(f"{url} cannot be reached: {fault}; is the server running there?")
        self.url = url
        self.fault = fault


class EndpointRefused(QueryFailed):
    """A server that answered with another status than was hoped for.

    Attributes:
        url: of the request.
        status: HTTP status.
        reason: the beginning of what the server said.
    """

    def __init__(self, url: str, status: int, reason: str) -> None:
        advice = _ADVICE.get(status, "")
        super().__init__(f"{url} answered {status}: {reason}{advice}")
        self.url = url
        self.status = status
        self.reason = reason


_ADVICE = {
    301: "; name the address that it leads to, redirects are not followed",
    302: "; name the address that it leads to, redirects are not followed",
    307: "; name the address that it leads to, redirects are not followed",
    308: "; name the address that it leads to, redirects are not followed",
    401: "; give its token or password with --token-file, and --user for a name",
    403: "; the account may not do this, see the documentation of the server",
    404: "; is the path of the address right?",
    405: "; is the path of the address right?",
}


class EndpointInvalid(GraphError):
    """An address at which no server can be."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"{url!r} is no address of a server; write it like http://localhost:7878/query, "
            "without user and password"
        )
        self.url = url


class LoadRefused(GraphError):
    """A graph that cannot be sent in this way, or is not whole where it was sent."""
