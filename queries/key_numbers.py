"""The figures of the demo graph that documents name, each by the query that gives it.

``key-numbers.json`` says of each which query of the library, with its defaults, holds it in which
row and column; ``make golden`` fills in the value. A document marks such a figure with a comment
right behind it, ``84<!-- key: papers -->``. Where there can be no comment, as in code, ``said``
lists the phrase of each file, with ``{}`` in place of the figure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from ..graph.store import Store
from ..ontology.terms import DEFAULT_BASE, PREFIXES
from .answers import Table
from .errors import KeyNumberError
from .library import Library
from .rendering import compact
from .runner import run

_FIGURE: Final = r"[0-9][0-9,]*"
_MARKED: Final = re.compile(rf"({_FIGURE})?(<!-- key: (.*?) -->)")
# The folders whose documents are looked through, beside those at the top.
_FOLDERS: Final = ("ontology", "extract", "graph", "queries", "api")


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One figure.

    Attributes:
        query: id of the query that gives it.
        row: what stands in other columns of its row, IRIs as compact names.
        column: where it stands.
        value: what it is on the demo graph.
        said: phrases with ``{}``, by file.
    """

    query: str
    row: Mapping[str, str]
    column: str
    value: int = 0
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def key_numbers_file() -> Path:
    """The key numbers that are shipped, which are those of the demo graph."""
    return Path(__file__).resolve().parent / "key-numbers.json"


def read_key_numbers(path: Path) -> dict[str, KeyNumber]:
    """The key numbers of a file, by name."""
    return {
        name: KeyNumber(
            query=entry["query"],
            row=entry["row"],
            column=entry["column"],
            value=entry.get("value", 0),
            said={file: tuple(phrases) for file, phrases in entry.get("said", {}).items()},
        )
        for name, entry in json.loads(path.read_text("utf-8")).items()
    }


def write_key_numbers(path: Path, numbers: Mapping[str, KeyNumber]) -> None:
    """Write the file again, with the values that it holds now."""
    content = {}
    for name, number in numbers.items():
        said = {file: list(phrases) for file, phrases in number.said.items()}
        content[name] = {
            "value": number.value,
            "query": number.query,
            "row": dict(number.row),
            "column": number.column,
            **({"said": said} if said else {}),
        }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8", newline="\n")


def ask_key_numbers(
    store: Store,
    library: Library,
    numbers: Mapping[str, KeyNumber],
    *,
    base: str = DEFAULT_BASE,
) -> dict[str, KeyNumber]:
    """The same key numbers with the values that this graph has.

    Raises:
        KeyNumberError: a query has not exactly one such row, or no whole number there.
    """
    answers = {
        id_: run(store, library[id_], base=base)
        for id_ in sorted({number.query for number in numbers.values()})
    }
    return {
        name: replace(number, value=_value(name, number, answers[number.query], base))
        for name, number in numbers.items()
    }


def documents(checkout: Path, numbers: Mapping[str, KeyNumber]) -> dict[str, Path]:
    """The files that may name key numbers, by their path below the checkout.

    What the changelog says was so when it was written.
    """
    paths = {path for path in checkout.glob("*.md") if path.name != "CHANGELOG.md"}
    paths |= {path for folder in _FOLDERS for path in (checkout / folder).rglob("*.md")}
    named = {path.relative_to(checkout).as_posix() for path in paths}
    named |= {name for number in numbers.values() for name in number.said}
    return {name: checkout / name for name in sorted(named)}


def quoted(name: str, document: str, numbers: Mapping[str, KeyNumber]) -> str:
    """The document with every key number as it is now."""

    def marked(match: re.Match[str]) -> str:
        number = numbers.get(match[3])
        return f"{number.value:,}{match[2]}" if number and match[1] else match[0]

    document = _MARKED.sub(marked, document)
    for number in numbers.values():
        for phrase in number.said.get(name, ()):
            said = phrase.replace("{}", f"{number.value:,}")
            # A backslash would be read as a reference.
            document = _pattern(phrase).sub(said.replace("\\", r"\\"), document)
    return document


def misquoted(
    name: str, document: str, numbers: Mapping[str, KeyNumber]
) -> Iterator[tuple[int, str]]:
    """Lines of a document, counted from 1, where a key number is not what it is now.

    Args:
        name: of the document, as ``said`` has it.
        document: its text.
        numbers: the key numbers with their values.
    """
    for figure, mark, key, line in _marks(document):
        number = numbers.get(key)
        if number is None:
            yield line, f"there is no key number {key!r}; there are {', '.join(numbers)}"
        elif not figure:
            yield line, f"no figure stands right before {mark}"
        elif figure != f"{number.value:,}":
            yield line, f"{key} are {number.value:,}, here {figure}"
    for key, number in numbers.items():
        for phrase in number.said.get(name, ()):
            yield from _said(key, number.value, phrase, document)


def _marks(document: str) -> Iterator[tuple[str, str, str, int]]:
    """Figure, mark, key and line of each mark."""
    for found in _MARKED.finditer(document):
        yield found[1] or "", found[2], found[3], document.count("\n", 0, found.start()) + 1


def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(re.escape(phrase).replace(r"\{\}", f"({_FIGURE})"))


def _said(key: str, value: int, phrase: str, document: str) -> Iterator[tuple[int, str]]:
    found = list(_pattern(phrase).finditer(document))
    if not found:
        yield 1, f"{phrase!r} is said to be here, for {key}, and is not"
    for each in found:
        if each[1] != f"{value:,}":
            line = document.count("\n", 0, each.start()) + 1
            yield line, f"{key} are {value:,}, here {each[1]}"


def _value(name: str, number: KeyNumber, answer: object, base: str) -> int:
    where = f"key number {name}: query {number.query}"
    if not isinstance(answer, Table):
        raise KeyNumberError(f"{where} gives no rows; name a SELECT")
    missing = {number.column, *number.row} - set(answer.variables)
    if missing:
        raise KeyNumberError(f"{where} has no column {', '.join(sorted(missing))}")
    rows = [dict(zip(answer.variables, row, strict=True)) for row in answer.rows]
    fitting = [
        row
        for row in rows
        if all(
            (cell := row[column]) is not None and compact(cell, base) == value
            for column, value in number.row.items()
        )
    ]
    if len(fitting) != 1:
        raise KeyNumberError(
            f"{where} has {len(fitting)} rows with {dict(number.row)}; wanted is one"
        )
    cell = fitting[0][number.column]
    if not isinstance(cell, Literal) or cell.datatype != NamedNode(PREFIXES["xsd"] + "integer"):
        raise KeyNumberError(f"{where} has no whole number in column {number.column}")
    return int(cell.value)
