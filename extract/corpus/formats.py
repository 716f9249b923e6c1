"""The readers by name, and which of them a file needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from ..errors import FormatError
from ..papers import normalize_line
from .anthology import read_anthology
from .atom import read_atom
from .bibtex import read_bibtex
from .fields import Raw
from .files import CorpusFile, Report
from .jsonlines import read_jsonl
from .listing import is_prose, read_listing
from .oai import read_oai
from .openalex import is_openalex, read_openalex
from .pubmed import read_pubmed
from .tables import header_delimiter, read_csv, read_tsv

Reader: TypeAlias = Callable[[CorpusFile, Report], Iterator[Raw]]
"""Yields the records of a file in order and reports those that cannot be parsed."""

FORMATS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "anthology": read_anthology,
        "atom": read_atom,
        "bibtex": read_bibtex,
        "csv": read_csv,
        "jsonl": read_jsonl,
        "listing": read_listing,
        "oai": read_oai,
        "openalex": read_openalex,
        "pubmed": read_pubmed,
        "tsv": read_tsv,
    }
)
# Suffixes that say little, such as .txt, .json and .xml, are left to the content.
_SUFFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".bib": "bibtex",
        ".bibtex": "bibtex",
        ".csv": "csv",
        ".jsonl": "jsonl",
        ".ndjson": "jsonl",
        ".tab": "tsv",
        ".tsv": "tsv",
    }
)
_ROOTS: Final[Mapping[bytes, str]] = MappingProxyType(
    {
        b"collection": "anthology",
        b"volume": "anthology",
        b"feed": "atom",
        b"OAI-PMH": "oai",
        b"ListRecords": "oai",
        b"GetRecord": "oai",
        b"PubmedArticleSet": "pubmed",
    }
)
_PLAIN = {".txt", ".text"}
_XML_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_XML_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_BIBTEX = re.compile(rb"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)


def detect_format(path: Path, head: bytes) -> str:
    """Name the format of a file, by its suffix (``.gz`` aside), else by its first bytes.

    OpenAlex works are known by their content even where the suffix says JSON Lines.

    Raises:
        FormatError: the content fits no known format.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    suffix = suffixes[-1] if suffixes else ""
    found = _SUFFIXES.get(suffix) or _by_content(head)
    if found == "jsonl" and is_openalex(head):
        found = "openalex"
    if found is None and suffix in _PLAIN and not head.lstrip().startswith(b"<"):
        found = "listing"
    if found is None:
        raise FormatError(path, "its format is not recognised; name it", tuple(FORMATS))
    return found


def reader(path: Path, name: str) -> Reader:
    """Return the reader of that name.

    Raises:
        FormatError: there is none.
    """
    try:
        return FORMATS[name]
    except KeyError:
        raise FormatError(path, f"there is no format {name!r}", tuple(FORMATS)) from None


def _by_content(head: bytes) -> str | None:
    start = head.lstrip()
    if start.startswith((b"{", b"[")):
        return "jsonl"
    if start.startswith(b"<"):
        root = _XML_ROOT.search(_XML_COMMENT.sub(b"", start))
        return _ROOTS.get(root[1]) if root else None
    if _BIBTEX.search(head):
        return "bibtex"
    delimiter = header_delimiter(start)
    if delimiter and delimiter.encode() in start.split(b"\n", 1)[0]:
        return "tsv" if delimiter == "\t" else "csv"
    lines = head.decode("utf-8", "replace").splitlines()
    return "listing" if any(is_prose(normalize_line(line)) for line in lines) else None
