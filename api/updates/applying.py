"""Applying a change to a store that nobody else has; the engine's errors become faults."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from ..errors import ApiError, QueryForbiddenError
from .changes import Change, GraphChange, Part, Update
from .operations import Operation, operations, using, with_dataset

# Above this, quads go into files of the store at once and not through a transaction in memory.
_BULK_BYTES: Final = 1024 * 1024
_GRAPH_STATE: Final = re.compile(r"The graph <[^>]*> (does not exist|already exists)")


class ChangeFault(Exception):  # noqa: N818
    """Why a change is not made.

    Attributes:
        kind: one of update-syntax, data-syntax, request, forbidden, missing, conflict.
        line: 1-based, of data that does not parse.
        column: the same.
    """

    def __init__(
        self, kind: str, message: str, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Applied:
    """What a change did; ``created`` tells of a graph that was not there before."""

    created: bool = False


def apply(change: Change, store: ox.Store, published: ox.Store, *, max_depth: int) -> Applied:
    """Apply a change.

    Args:
        change: what to do.
        store: written to; worthless after a fault.
        published: the same data, opened for reading only; updates are parsed on it.
        max_depth: of brackets in an update.

    Raises:
        ChangeFault: the change is at fault.
        OSError: the engine gave up.
    """
    if isinstance(change, Update):
        try:
            _update(change, store, published, max_depth)
        except QueryForbiddenError as error:
            raise ChangeFault("forbidden", error.detail) from error
        except ApiError as error:
            raise ChangeFault("request", error.detail) from error
        return Applied()
    return _change_graph(change, store)


def _update(change: Update, store: ox.Store, published: ox.Store, max_depth: int) -> None:
    pieces = operations(change.text, max_depth=max_depth)
    dataset = with_dataset(pieces, _valid(change.default_graphs), _valid(change.named_graphs))
    for piece in pieces:
        _check_syntax(change, piece, published)
    for piece in pieces:
        if piece.dataset_at is None or dataset:
            _run(store, piece.engine_text(dataset), change.base_iri)
        else:
            _update_on_union(change, piece, store)


def _run(store: ox.Store, text: str, base_iri: str) -> None:
    """Run operations that parse.

    Raises:
        ChangeFault: one of them meets a graph that is there, or is not, against its wish.
    """
    try:
        store.update(text, base_iri=base_iri)
    except (OSError, RuntimeError, ValueError) as error:
        if _GRAPH_STATE.fullmatch(str(error)):
            raise ChangeFault("conflict", f"{error}; SILENT lets that pass") from error
        raise


def _check_syntax(change: Update, piece: Operation, published: ox.Store) -> None:
    """Parse an operation before any is run.

    Raises:
        ChangeFault: it does not parse.
    """
    try:
        published.update(piece.engine_text(), base_iri=change.base_iri)
    except SyntaxError as error:
        raise _syntax_fault(change, piece, str(error)) from error
    except RuntimeError:
        # It parses, and a store opened for reading refuses to run it.
        return


def _syntax_fault(change: Update, piece: Operation, message: str) -> ChangeFault:
    head, colon, fault = message.partition(": ")
    line, mark, column = head.removeprefix("error at ").partition(":")
    if not (colon and mark and line.isdecimal() and column.isdecimal()):
        return ChangeFault("update-syntax", message)
    at = piece.position(change.text, int(line), int(column))
    return ChangeFault("update-syntax", f"error at {at[0]}:{at[1]}: {fault}")


def _update_on_union(change: Update, piece: Operation, store: ox.Store) -> None:
    """Let WHERE see all graphs as the default graph, as queries do.

    The engine has no such option for updates, and USING cannot name the unnamed graph: where that
    holds something beside named graphs, a copy of it stands in.
    """
    named = [graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)]
    if not named:
        _run(store, piece.engine_text(), change.base_iri)
        return
    copies = []
    if next(store.quads_for_pattern(None, None, None, ox.DefaultGraph()), None) is not None:
        copies.append(f"urn:uuid:{uuid.uuid4()}")
        store.update(f"COPY DEFAULT TO <{copies[0]}>")
    _run(store, piece.engine_text(using([*named, *copies], named)), change.base_iri)
    for copy in copies:
        store.update(f"DROP GRAPH <{copy}>")


def _valid(iris: Sequence[str]) -> list[str]:
    """Check IRIs that are put between angle brackets.

    Raises:
        ChangeFault: one is none.
    """
    return [_node(iri).value for iri in iris]


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise ChangeFault("request", f"{iri[:200]!r} is no absolute IRI") from error


def _change_graph(change: GraphChange, store: ox.Store) -> Applied:
    graph = ox.DefaultGraph() if change.graph is None else _node(change.graph)
    exists = isinstance(graph, ox.DefaultGraph) or store.contains_named_graph(graph)
    if change.action == "delete":
        if not exists:
            raise ChangeFault("missing", str(change.graph))
        store.remove_graph(graph)
        return Applied()
    if change.action == "put":
        store.clear_graph(graph)
    if isinstance(graph, ox.NamedNode):
        # An empty graph exists too (SPARQL 1.1 Graph Store HTTP Protocol, section 5.3).
        store.add_graph(graph)
    for part in change.parts:
        quads = _quads(part, graph, change.base_iri)
        if len(part.data) > _BULK_BYTES:
            store.bulk_extend(quads)
        else:
            store.extend(quads)
    return Applied(created=not exists)


def _quads(part: Part, graph: ox.NamedNode | ox.DefaultGraph, base_iri: str) -> Iterator[ox.Quad]:
    """Read RDF into one graph; its blank nodes are new ones.

    Raises:
        ChangeFault: it does not parse, or it names graphs of its own.
    """
    format_ = ox.RdfFormat.from_media_type(part.media_type)
    try:
        for quad in ox.parse(
            part.data,
            format_,
            base_iri=base_iri,
            without_named_graphs=True,
            rename_blank_nodes=True,
        ):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
    except SyntaxError as error:
        raise ChangeFault("data-syntax", error.msg, error.lineno, error.offset) from error
