"""OpenAlex works: one a line, as in its snapshots, or in pages of its API.

The fields of a work: https://docs.openalex.org/api-entities/works/work-object. Abstracts come as
lists of the places at which each word stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from .fields import MAX_ABSTRACT, BadRecordError, Raw
from .files import CorpusFile, Report, bad_byte
from .identity import normalize_arxiv
from .jsonlines import json_fault
from .markup import strip_markup

MAX_PAGE: Final = 64 * 2**20
"""Characters of a page, or of one work, that runs over several lines."""
ADDRESS: Final = "https://openalex.org/"

_PAGE = re.compile(r'\{\s*(?:"meta"\s*:\s*\{[^{}]*\}\s*,\s*)?"results"\s*:\s*\[')
_WORK = re.compile(r'\{\s*"id"\s*:\s*"https://openalex\.org/W\d')
_PARTS_OF_WORKS = re.compile(rb'"(?:abstract_inverted_index"\s*:\s*[{n]|authorships"\s*:\s*\[)')
# What may follow the last work: brackets and the API's further, flat lists.
_END = re.compile(r'[\s,\]}]*(?:"(?:group_by|meta)"\s*:\s*[\[{][^\[\]{}]*[\]}][\s,\]}]*)*')
_GAP = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(strict=False)


def read_openalex(file: CorpusFile, report: Report) -> Iterator[Raw]:
    """Yield each work; one that is broken costs itself only."""
    for line, text in _texts(file, report):
        for number, work in _works(text, line, report):
            try:
                yield Raw(number, _fields(work))
            except BadRecordError as error:
                report(number, str(error))


def is_openalex(head: bytes) -> bool:
    """Tell a file of works from other JSON by its first bytes."""
    start = head.lstrip()
    page = _PAGE.match(start[:4096].decode("utf-8", "replace"))
    return page is not None or _PARTS_OF_WORKS.search(start) is not None


def _texts(file: CorpusFile, report: Report) -> Iterator[tuple[int, str]]:
    """Cut the file before each line that starts with a brace: a page or a work, indented or not."""
    start, parts, size = 1, list[str](), 0
    for number, line in file.lines(report):
        if line.startswith("{") and parts:
            yield start, "".join(parts)
            parts, size = [], 0
        if not parts:
            if not line.strip():
                continue
            start = number
        size += len(line)
        if size <= MAX_PAGE:
            parts.append(line)
        elif size - len(line) <= MAX_PAGE:
            report(number, f"cut off: more than {MAX_PAGE:,} characters from line {start}")
    if parts:
        yield start, "".join(parts)


def _works(text: str, line: int, report: Report) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the works of a text that starts on that line, each with its own."""
    for piece in _pieces(text):
        counted, place = 0, _skip(_PAGE, piece, 0)
        while not _END.fullmatch(piece, place):
            start = _skip(_GAP, piece, place)
            line, counted = line + piece.count("\n", counted, start), start
            try:
                work, place = _work(piece, start)
            except BadRecordError as error:
                is_known = _WORK.match(piece, start) or piece.find("{", start + 1) < 0
                lost = "" if is_known else "; works without identifier below it are lost"
                report(line, f"{error}{lost}")
                break
            yield line, work
        line += piece.count("\n", counted)


def _pieces(text: str) -> Iterator[str]:
    """Cut a text before each work that starts with its identifier, as they do in the API."""
    page = _PAGE.match(text)
    start, place = 0, page.end() if page else 0
    while found := _WORK.search(text, place):
        yield text[start : found.start()]
        start, place = found.start(), found.end()
    yield text[start:]


def _work(text: str, start: int) -> tuple[dict[str, object], int]:
    """Decode the object that starts there; return it and its end."""
    if text[start] != "{":
        raise BadRecordError("not a JSON object")
    try:
        work, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise BadRecordError(json_fault(error, start)) from error
    if fault := bad_byte(text[start:end]):
        raise BadRecordError(fault)
    return work, end


def _skip(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


def _fields(work: dict[str, object]) -> dict[str, object]:
    identifier, authorships = work.get("id"), work.get("authorships")
    landing_page = _at(work, "primary_location", "landing_page_url")
    return {
        "id": identifier.removeprefix(ADDRESS) if isinstance(identifier, str) else identifier,
        "title": _plain(work.get("title") or work.get("display_name")),
        "abstract": _plain(_abstract(work)),
        "authors": [_name(each) for each in authorships]
        if isinstance(authorships, list)
        else authorships,
        "doi": work.get("doi") or _at(work, "ids", "doi"),
        "arxiv": _preprint(work.get("locations")),
        "pmid": _at(work, "ids", "pmid"),
        "url": landing_page or identifier,
        "year": work.get("publication_year") or work.get("publication_date"),
        "venue": _at(work, "primary_location", "source", "display_name")
        or _at(work, "host_venue", "display_name"),
    }


def _abstract(work: dict[str, object]) -> object:
    """Put the words of the inverted index in their places."""
    index = work.get("abstract_inverted_index")
    if index is None:
        return work.get("abstract")
    if not isinstance(index, dict):
        raise BadRecordError("the abstract_inverted_index is no object")
    size = 0
    for word, places in index.items():
        if not isinstance(places, list) or any(type(place) is not int for place in places):
            raise BadRecordError(f"no places of the word {word[:40]!r} in the abstract")
        size += (len(word) + 1) * len(places)
    if size > MAX_ABSTRACT:
        raise BadRecordError(f"the abstract has {size:,} characters; the limit is {MAX_ABSTRACT:,}")
    words = sorted((place, word) for word, places in index.items() for place in places)
    return " ".join(word for _, word in words)


def _plain(value: object) -> object:
    return strip_markup(value) if isinstance(value, str) else value


def _name(authorship: object) -> object:
    return _at(authorship, "author", "display_name") or _at(authorship, "raw_author_name")


def _preprint(locations: object) -> str | None:
    """The arXiv identifier among the places where a work is found."""
    for location in locations if isinstance(locations, list) else []:
        address = _at(location, "landing_page_url")
        if isinstance(address, str) and (found := normalize_arxiv(address)):
            return found
    return None


def _at(value: object, *path: str) -> object:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
