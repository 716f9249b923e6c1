"""Checks of what a query answers on a graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from ...graph.errors import QueryError
from ...graph.store import Store
from ...ontology.terms import DEFAULT_BASE, PREFIXES
from ..answers import Answer, Table, Term
from ..checks import named
from ..defaults import is_empty
from ..errors import Fault, ParameterError
from ..federation import load_fixture
from ..metadata import Column
from ..parsing import Location, QueryFile
from ..rendering import compact
from ..runner import choices, run

_KINDS: Final = {"gYear": "year", "nonNegativeInteger": "integer"}


def answer_faults(
    file: QueryFile,
    store: Store,
    values: Mapping[str, str] | None = None,
    *,
    base: str = DEFAULT_BASE,
) -> list[Fault]:
    """What is wrong with the answer of a query and with the values that its parameters offer.

    Args:
        file: a query without errors.
        store: the graph.
        values: of its parameters; one that is missing takes its default.
        base: base IRI of the graph.
    """
    try:
        stored = load_fixture(file.query, file.path)
        answer = run(store, file.query, values, base=base, stored=stored)
        offered = list(_offered(file, store, base))
    except QueryError as error:
        return list(named("answer", [file.in_text(1, f"it could not be answered: {error}")]))
    found = [*named("offered", offered), *named("answer", _emptiness(file, answer))]
    if isinstance(answer, Table):
        found += [
            *named("cells", _cells(file, answer)),
            *named("distinct", _repeated(file, answer, base)),
        ]
    return found


def _emptiness(file: QueryFile, answer: Answer) -> Iterator[Fault]:
    if file.query.empty or not is_empty(answer):
        return
    what = "is no" if file.query.form == "ASK" else "is empty"
    message = (
        f"with its defaults the answer {what} on this graph; choose others, or say in the field "
        "'empty' what that means"
    )
    yield file.in_front_matter(("parameters",) if file.query.parameters else ("id",), message)


def _cells(file: QueryFile, answer: Table) -> Iterator[Fault]:
    columns = zip(*answer.rows, strict=True) if answer.rows else ()
    for index, (column, cells) in enumerate(zip(file.query.columns, columns, strict=False)):
        location = ("columns", index)
        if not column.optional and None in cells:
            message = f"column {column.name} has empty cells; write optional: true, or fill them"
            yield file.in_front_matter(location, message)
        yield from _kinds(file, location, column, cells)


def _kinds(
    file: QueryFile, location: Location, column: Column, cells: tuple[Term | None, ...]
) -> Iterator[Fault]:
    kinds = sorted({kind_of(cell) for cell in cells if cell is not None})
    if column.type != "any" and kinds not in ([], [column.type]):
        message = f"column {column.name} is said to be {column.type}, and holds {', '.join(kinds)}"
        yield file.in_front_matter(location, message)


def kind_of(term: Term) -> str:
    """Type of a cell, in the words of the front matter where it has one."""
    if isinstance(term, NamedNode):
        return "iri"
    if not isinstance(term, Literal):
        return type(term).__name__
    kind = term.datatype.value.removeprefix(PREFIXES["xsd"])
    return _KINDS.get(kind, kind)


def _repeated(file: QueryFile, answer: Table, base: str) -> Iterator[Fault]:
    row, times = next(iter(Counter(answer.rows).most_common(1)), ((), 1))
    if times > 1:
        shown = ", ".join("" if cell is None else compact(cell, base) for cell in row)
        message = f"a row stands {times} times ({shown}); add DISTINCT, or what tells them apart"
        yield file.in_text(1, message)


def _offered(file: QueryFile, store: Store, base: str) -> Iterator[Fault]:
    for index, each in enumerate(file.query.parameters):
        found = choices(store, file.query, each.name)
        location = ("parameters", index, "values")
        if isinstance(each.values, str) and not found:
            message = f"{each.name}.values offers nothing on this graph"
            yield file.in_front_matter(location, message)
        for choice in found:
            try:
                file.query.bind({each.name: choice.value}, base=base)
            except ParameterError as error:
                yield file.in_front_matter(location, f"{each.name}.values: {error}")
                break
            if not choice.label:
                message = f"{each.name}.values: {choice.value} has an empty label"
                yield file.in_front_matter(location, message)
                break
