"""What a reader yields: one paper, its identity and the text that offsets count in."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

_SPACE = re.compile(r"\s+")
# Controls carry no text and break XML and terminals, as do the two noncharacters; lone surrogates
# cannot be encoded at all.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a paper was read.

    Attributes:
        file: name of the file, without its folder, so that records do not tell of a machine.
        line: 1-based line on which the record starts, or None where the format has no lines.
        format: name of the reader, such as ``jsonl``.
    """

    file: str
    line: int | None
    format: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper.

    Attributes:
        id: the identifier that the source gives, or ``key`` where it gives none.
        key: identity across sources, from `paper_key`; two papers with one key are one paper.
        title: normalized title, one line.
        abstract: normalized abstract, one line; may be empty.
        year: year of publication.
        authors: names as written, in order.
        venue: journal, proceedings or repository.
        doi: bare lower-case DOI, such as ``10.18653/v1/w19-3630``.
        url: landing page.
        source: where it was read.
    """

    id: str
    key: str
    title: str
    abstract: str
    source: Source
    year: int | None = None
    authors: tuple[str, ...] = ()
    venue: str | None = None
    doi: str | None = None
    url: str | None = None

    @property
    def text(self) -> str:
        """Title, line feed, abstract: the text in which all offsets count code points."""
        return f"{self.title}\n{self.abstract}"

    @property
    def text_sha256(self) -> str:
        """Hexadecimal SHA-256 of `text` in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def normalize_line(text: str) -> str:
    r"""Bring a title or abstract to the form that offsets refer to.

    Unicode NFC, control characters removed, every run of white space (line ends too) one space,
    none at the ends. Idempotent.

    >>> normalize_line("Cafe\u0301 \r\n  corpora\x07")
    'Café corpora'
    """
    return _SPACE.sub(" ", unicodedata.normalize("NFC", _CONTROL.sub("", text))).strip()
