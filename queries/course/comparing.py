"""Two answers side by side: what is the same, and the kind of difference where they are not.

Rows are compared as multisets, numbers by value (1 is 1.0), other terms exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from ...ontology.terms import PREFIXES
from ..answers import Table, Term
from ..rendering import compact
from .units import Cause

Key: TypeAlias = tuple[str, ...]
Row: TypeAlias = tuple[Key, ...]

_NUMBERS: Final = frozenset(
    PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float")
)
_UNBOUND: Final[Key] = ("",)
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """How an answer differs from the right one; ``message`` is for the learner."""

    cause: Cause
    message: str


def term_key(term: Term | None) -> Key:
    """What makes two cells the same.

    >>> xsd = "http://www.w3.org/2001/XMLSchema#"
    >>> one = term_key(Literal("1", datatype=NamedNode(xsd + "integer")))
    >>> one == term_key(Literal("1.0", datatype=NamedNode(xsd + "decimal")))
    True
    >>> one == term_key(Literal("1"))
    False
    """
    if term is None:
        return _UNBOUND
    if isinstance(term, Literal) and term.datatype.value in _NUMBERS:
        try:
            return ("number", str(Decimal(term.value).normalize()))
        except InvalidOperation:
            return ("text", str(term))
    return ("text", str(term))


def compare_tables(given: Table, right: Table, *, ordered: bool) -> Difference | None:
    """Find the first difference that matters; None where the answers are the same.

    Args:
        given: the learner's answer.
        right: the answer of the key.
        ordered: whether the order of the rows is part of the task.
    """
    if wrong := _columns(given, right):
        return wrong
    places = [given.variables.index(name) for name in right.variables]
    mine = [tuple(term_key(row[place]) for place in places) for row in given.rows]
    theirs = [tuple(map(term_key, row)) for row in right.rows]
    if Counter(mine) == Counter(theirs):
        return _order(mine, theirs) if ordered else None
    shown = [tuple(row[place] for place in places) for row in given.rows]
    return _rows(mine, theirs, shown, right)


def _columns(given: Table, right: Table) -> Difference | None:
    wanted, have = set(right.variables), set(given.variables)
    if wanted == have:
        return None
    parts = []
    if missing := [f"?{name}" for name in right.variables if name not in have]:
        parts.append(f"the column {', '.join(missing)} is missing")
    if more := [f"?{name}" for name in given.variables if name not in wanted]:
        parts.append(f"{', '.join(more)} was not asked for")
    wish = " ".join(f"?{name}" for name in right.variables)
    return Difference("columns", f"{' and '.join(parts)}. SELECT {wish}")


def _order(mine: Sequence[Row], theirs: Sequence[Row]) -> Difference | None:
    if mine == theirs:
        return None
    if mine == theirs[::-1]:
        return Difference(
            "order", "the rows are right and stand in the opposite order: DESC or ASC?"
        )
    first = next(i for i, (a, b) in enumerate(zip(mine, theirs, strict=True), 1) if a != b)
    return Difference("order", f"the rows are right; their order is not, from row {first} on")


def _rows(
    mine: Sequence[Row],
    theirs: Sequence[Row],
    shown: Sequence[tuple[Term | None, ...]],
    right: Table,
) -> Difference:
    mine_set, theirs_set = set(mine), set(theirs)
    missing = [row for row in dict.fromkeys(theirs) if row not in mine_set]
    extra = [row for row in dict.fromkeys(mine) if row not in theirs_set]
    sizes = f"{_rows_of(len(mine))} instead of {_rows_of(len(theirs))}"
    if not mine:
        return Difference("empty", f"no row came back, {len(theirs)} should")
    if not missing and not extra:
        return _repeated(len(mine) > len(theirs), sizes)
    example_extra = _example(shown[mine.index(extra[0])], right.variables) if extra else ""
    example_missing = (
        _example(right.rows[theirs.index(missing[0])], right.variables) if missing else ""
    )
    if wrong := _typed(extra, missing, right.variables):
        return wrong
    if missing and not extra:
        if all(_UNBOUND in row for row in missing):
            return Difference(
                "required",
                f"{sizes}: rows with an empty cell are missing, such as {example_missing}. "
                "A pattern that must match drops them; OPTIONAL keeps them",
            )
        return Difference("missing", f"{sizes}: missing is, for instance, {example_missing}")
    if extra and not missing:
        if all(_UNBOUND in row for row in extra):
            return Difference(
                "optional",
                f"{sizes}: rows with an empty cell are too many, such as {example_extra}. "
                "What must be there is no OPTIONAL",
            )
        return Difference("extra", f"{sizes}: too much is, for instance, {example_extra}")
    if wrong := _counted(extra, missing, right.variables):
        return wrong
    return Difference(
        "different",
        f"{sizes}: too much is, for instance, {example_extra}; missing is {example_missing}",
    )


def _repeated(more: bool, sizes: str) -> Difference:
    if more:
        return Difference(
            "duplicates",
            f"{sizes}: the same rows, some of them several times. Each way to match is a row; "
            "DISTINCT keeps one of each",
        )
    return Difference(
        "duplicates", f"{sizes}: rows that come several times are needed; no DISTINCT"
    )


def _typed(extra: Sequence[Row], missing: Sequence[Row], names: Sequence[str]) -> Difference | None:
    """The same characters as another kind of term: "2023" for 2023, or text for an IRI."""
    if not extra or len(extra) != len(missing):
        return None
    for place, name in enumerate(names):
        mine = [row[place] for row in extra]
        theirs = [row[place] for row in missing]
        if set(mine) != set(theirs) and Counter(map(_bare, mine)) == Counter(map(_bare, theirs)):
            return Difference(
                "type",
                f"?{name} reads right and is of another kind: a string is no number, no year and "
                "no IRI. See what STR, the quotes or the datatype do to it",
            )
    return None


def _bare(key: Key) -> str:
    """The characters of a term without its datatype, language or brackets."""
    if len(key) < 2:
        return ""
    text = key[1]
    if text.startswith('"'):
        text = text[1 : text.rindex('"')]
    text = text.strip("<>")
    try:
        return str(Decimal(text).normalize())
    except InvalidOperation:
        return text


def _counted(
    extra: Sequence[Row], missing: Sequence[Row], names: Sequence[str]
) -> Difference | None:
    """Rows that differ in one number only."""
    if len(extra) != len(missing):
        return None
    for place, name in enumerate(names):
        rest = [(*row[:place], *row[place + 1 :]) for row in extra]
        wanted = [(*row[:place], *row[place + 1 :]) for row in missing]
        numbers = all(row[place][0] == "number" for row in (*extra, *missing))
        if not numbers or Counter(rest) != Counter(wanted):
            continue
        pairs = zip(
            sorted(extra, key=lambda row: (*row[:place], *row[place + 1 :])),
            sorted(missing, key=lambda row: (*row[:place], *row[place + 1 :])),
            strict=True,
        )
        higher = sum(Decimal(a[place][1]) > Decimal(b[place][1]) for a, b in pairs)
        how = "too high" if higher == len(extra) else "not right"
        return Difference("count", f"all is right but ?{name}, which is {how}")
    return None


def _example(row: Sequence[Term | None], names: Sequence[str]) -> str:
    cells = zip(names, row, strict=True)
    shown = (f"?{name} = {_short(term)}" for name, term in cells)
    return "(" + ", ".join(list(shown)[:_SHOWN]) + ")"


def _short(term: Term | None) -> str:
    if term is None:
        return "nothing"
    text = compact(term)
    text = text if len(text) <= 40 else text[:39] + "…"
    return text if isinstance(term, NamedNode) else f'"{text}"'


def _rows_of(number: int) -> str:
    return "1 row" if number == 1 else f"{number} rows"
