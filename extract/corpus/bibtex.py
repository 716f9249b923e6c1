"""BibTeX, by pybtex's parser, one entry at a time.

The file is cut before each line that opens an entry, so that memory is bounded and a fault in
one entry, such as a brace that is never closed, ends with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pybtex.bibtex.utils import split_name_list, split_tex_string  # type: ignore[import-untyped]
from pybtex.database.input.bibtex import (  # type: ignore[import-untyped]
    LowLevelParser,
    UndefinedMacro,
    month_names,
)
from pybtex.exceptions import PybtexError  # type: ignore[import-untyped]
from pybtex.utils import CaseInsensitiveDict  # type: ignore[import-untyped]

from .fields import MAX_ABSTRACT, Raw
from .files import CorpusFile, Report, bad_byte
from .latex import MAX_WORK, decode_latex, strip_latex

MAX_ENTRY: Final = 2 * 2**20
"""Characters of one entry."""

_ENTRY = re.compile(r"(?:^|(?<=\}))[ \t]*(?=@[ \t]*[A-Za-z]+[ \t]*[{(])")
_COMMENT = re.compile(r"[ \t]*@[ \t]*comment[ \t]*[{(]", re.IGNORECASE)
_NO_PAPER = {"string", "preamble"}
_VERBATIM = {"doi", "url", "link", "eprint", "arxiv", "id", "year", "date"}


def read_bibtex(file: CorpusFile, report: Report) -> Iterator[Raw]:
    """Yield the fields of each entry; its key is the field ``id``.

    ``@string`` definitions hold for the entries below them; a name that is not defined is empty.
    ``crossref`` is not followed. What stands between entries is comment.
    """
    macros = CaseInsensitiveDict(month_names)
    for line, text in _entries(file.lines(report)):
        if _COMMENT.match(text):
            continue
        if fault := bad_byte(text) or _too_large(text):
            report(line, fault)
            continue
        try:
            for command, body in _parser(text, macros):
                if command.lower() not in _NO_PAPER:
                    yield Raw(line, _fields(*body))
        except PybtexError as error:
            at = line + (getattr(error, "lineno", None) or 1) - 1
            report(line, f"broken entry: {error.args[0]} (line {at})")


def _entries(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Cut the file into entries: first line and text of each."""
    start, parts, size = 0, [""], 0
    for number, line in lines:
        before, *opening = _ENTRY.split(line)
        if start and size <= MAX_ENTRY:
            parts.append(before)
            size += len(before)
        for text in opening:
            if start:
                yield start, "".join(parts)
            start, parts, size = number, [text], len(text)
    if start:
        yield start, "".join(parts)


def _too_large(text: str) -> str | None:
    if len(text) > MAX_ENTRY:
        return f"the entry is longer than {MAX_ENTRY:,} characters"
    if (braces := text.count("{")) * len(text) > MAX_WORK:
        return f"the entry has too many braces for its length: {braces:,}"
    return None


def _parser(text: str, macros: CaseInsensitiveDict) -> Iterator[tuple[str, Any]]:
    def handle(error: PybtexError) -> None:
        if not isinstance(error, UndefinedMacro):
            raise error

    parser = LowLevelParser(text, macros=macros, handle_error=handle)
    # The first command only: an "@" in the comment below an entry opens nothing.
    return iter([first] if (first := next(iter(parser), None)) else [])


def _fields(key: str, values: list[tuple[str, list[str]]]) -> dict[str, object]:
    fields: dict[str, object] = {"id": key}
    for name, parts in values:
        folded, value = name.lower(), "".join(parts)
        if folded == "author":
            fields.setdefault("authors", _authors(value))
        elif folded != "id":
            fields.setdefault(folded, _decode(folded, value))
    if str(fields.get("archiveprefix", "arxiv")).lower() != "arxiv":
        fields.pop("eprint", None)
    return fields


def _decode(name: str, value: str) -> str:
    if len(value) > MAX_ABSTRACT:  # refused for its length, so not worth the time
        return value
    return strip_latex(value) if name in _VERBATIM else decode_latex(value)


def _authors(value: str) -> list[str]:
    names = (_author(name) for name in split_name_list(" ".join(value.split())))
    return [name for name in names if name and name.lower() != "others"]


def _author(name: str) -> str:
    """Put a name written "Last, Jr, First" in reading order."""
    parts = [decode_latex(part) for part in split_tex_string(name, ",")]
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}".strip()
    if len(parts) == 3:
        return f"{parts[2]} {parts[0]} {parts[1]}".strip()
    return ", ".join(parts)
