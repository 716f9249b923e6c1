"""From the fields of one record, as a reader found them, to a `Paper`.

Readers differ in syntax only: all hand over names and values here, where names are matched with
their synonyms, values checked, text normalized and the identity made.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

from ..papers import Paper, Source, normalize_line
from .identity import (
    normalize_anthology,
    normalize_arxiv,
    normalize_doi,
    normalize_pmid,
    paper_key,
)

MAX_ABSTRACT: Final = 1_000_000
"""Code points of an abstract; a record with a longer one is skipped."""
MAX_FIELD: Final = 10_000
"""Code points of a title or any other field."""
YEARS: Final = range(1400, 2201)

Note: TypeAlias = Callable[[str, str], None]
"""Called with the name and the fault of a field without which the paper is kept."""

SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "paper_id", "anthology_id", "acl_id", "key"),
    "title": ("title", "paper_title", "article_title", "document_title"),
    "abstract": ("abstract", "summary", "abstract_note", "abstractnote", "description"),
    "year": ("year", "publication_year", "pub_year", "published", "publication_date", "date"),
    "authors": ("authors", "author", "author_names", "creators"),
    "venue": ("venue", "journal", "booktitle", "conference", "container_title", "source_title"),
    "doi": ("doi",),
    "arxiv": ("arxiv", "arxiv_id", "eprint"),
    "pmid": ("pmid", "pubmed_id"),
    "url": ("url", "link", "landing_page"),
}

_NAME = re.compile(r"[\W_]+")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_URL = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)
_KINDS = {bool: "true or false", int: "a number", float: "a number", list: "a list"}


class Raw(NamedTuple):
    """One record as read: the 1-based line on which it starts and its fields."""

    line: int | None
    fields: Mapping[str, object]


class BadRecordError(ValueError):
    """A record that gives no paper; the message is the reason."""


def field_name(name: str) -> str:
    """Fold the name of a field or column.

    >>> field_name(" Paper-Title ")
    'paper_title'
    """
    return _NAME.sub("_", name.casefold()).strip("_")


def make_paper(raw: Raw, *, file: str, format_name: str, note: Note) -> Paper:
    """Check one record and make a paper of it.

    A fault in title or abstract costs the record. A fault elsewhere costs the field, and is told
    to ``note``. Missing, empty and not-a-number values are the same: absent.

    Raises:
        BadRecordError: no title, a title or abstract that is no text, or one that is too long.
    """
    found = _canonical(raw.fields)
    title = _text(found, "title", MAX_FIELD)
    abstract = _text(found, "abstract", MAX_ABSTRACT)
    if not title:
        raise BadRecordError("no title")
    optional = _Optional(found, note)
    identifier, url = optional.line("id"), optional.url()
    elsewhere = [value for value in (identifier, url) if value]
    doi = optional.identifier("doi", normalize_doi) or _first(normalize_doi, elsewhere)
    arxiv = optional.identifier("arxiv", normalize_arxiv) or _first(_marked_arxiv, elsewhere)
    anthology = _first(normalize_anthology, elsewhere)
    pmid = optional.identifier("pmid", normalize_pmid) or _first(_marked_pmid, elsewhere)
    key = paper_key(doi=doi, arxiv=arxiv, anthology=anthology, pmid=pmid, title=title)
    return Paper(
        id=identifier or key,
        key=key,
        title=title,
        abstract=abstract,
        source=Source(file, raw.line, format_name),
        year=optional.year(),
        authors=optional.authors(),
        venue=optional.line("venue"),
        doi=doi,
        url=url,
    )


def _first(normalize: Callable[[str], str | None], values: list[str]) -> str | None:
    return next((normal for value in values if (normal := normalize(value))), None)


def _marked_arxiv(value: str) -> str | None:
    # A bare number such as 2401.00001 in an id column may be anything.
    return normalize_arxiv(value) if "arxiv" in value.lower() else None


def _marked_pmid(value: str) -> str | None:
    return normalize_pmid(value) if re.match("https?:|pmid", value, re.IGNORECASE) else None


def _canonical(fields: Mapping[str, object]) -> dict[str, object]:
    folded: dict[str, object] = {}
    for name, value in fields.items():
        if not _absent(value):
            folded.setdefault(field_name(name), value)
    return {
        field: next(folded[name] for name in names if name in folded)
        for field, names in SYNONYMS.items()
        if any(name in folded for name in names)
    }


def _absent(value: object) -> bool:
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "an object")


def _text(found: Mapping[str, object], field: str, limit: int) -> str:
    value = found.get(field, "")
    if not isinstance(value, str):
        raise BadRecordError(f"the {field} is {_kind(value)}, not text")
    if len(value) > limit:
        raise BadRecordError(f"the {field} has {len(value):,} characters; the limit is {limit:,}")
    return normalize_line(value)


class _Optional:
    """The fields without which a paper is still a paper."""

    def __init__(self, found: Mapping[str, object], note: Note) -> None:
        self._found = found
        self._note = note

    def line(self, field: str) -> str | None:
        value = self._found.get(field)
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            value = ", ".join(value)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is not None and not isinstance(value, str):
            self._note(field, f"is {_kind(value)}, not text")
            return None
        if value is not None and len(value) > MAX_FIELD:
            self._note(field, f"is longer than {MAX_FIELD:,} characters")
            return None
        return normalize_line(value or "") or None

    def identifier(self, field: str, normalize: Callable[[str], str | None]) -> str | None:
        value = self.line(field)
        normal = normalize(value) if value is not None else None
        if value is not None and normal is None:
            self._note(field, f"is not well formed: {value[:80]!r}")
        return normal

    def url(self) -> str | None:
        value = self.line("url")
        if value is None or _URL.fullmatch(value):
            return value
        self._note("url", f"is no web address: {value[:80]!r}")
        return None

    def year(self) -> int | None:
        value = self._found.get("year")
        if isinstance(value, str) and (digits := _YEAR.search(value)):
            value = int(digits[0])
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and value in YEARS:
            return value
        if value is not None:
            self._note("year", f"is no year from {YEARS[0]} to {YEARS[-1]}")
        return None

    def authors(self) -> tuple[str, ...]:
        value = self._found.get("authors")
        parts = _split_names(value) if isinstance(value, str) else value
        if parts is None:
            return ()
        if not isinstance(parts, list):
            self._note("authors", f"are {_kind(value)}, not a list of names")
            return ()
        names = [name for part in parts if (name := _author(part)) is not None]
        if len(names) < len(parts):
            self._note("authors", f"{len(parts) - len(names)} of {len(parts)} are no names")
        return tuple(names)


def _split_names(names: str) -> list[object]:
    parts = names.split(";") if ";" in names else _AND.split(names)
    return [name for part in parts if (name := part.strip().rstrip(","))]


def _author(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("name") or " ".join(_name_parts(value))
    if not isinstance(value, str) or len(value) > MAX_FIELD:
        return None
    return normalize_line(value) or None


def _name_parts(value: Mapping[object, object]) -> Iterator[str]:
    for given, family in (("first", "last"), ("given", "family")):
        for part in (value.get(given), value.get(family)):
            if isinstance(part, str):
                yield part
