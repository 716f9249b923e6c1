"""Unlabelled abstracts for word vectors and pretraining."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..papers import normalize_line
from .texts import read_lines

CORPUS = "corpus/acl-abstracts.jsonl.gz"
EXCLUDED = "gold/excluded-ids.txt"
# Earlier papers of the Anthology are under a non-commercial licence.
FIRST_YEAR = 2016

_FOLDED = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Abstract:
    """One paper of the corpus file."""

    id: str
    year: int
    title: str
    abstract: str

    @property
    def text(self) -> str:
        """Title, line feed, abstract."""
        return f"{self.title}\n{self.abstract}"


def read_abstracts(path: Path) -> Iterator[Abstract]:
    """Stream the corpus file; titles and abstracts are normalized as readers normalize papers."""
    for line in read_lines(path):
        row = json.loads(line)
        yield Abstract(
            row["id"], row["year"], normalize_line(row["title"]), normalize_line(row["abstract"])
        )


def usable(
    abstracts: Iterable[Abstract], *, ids: Collection[str], titles: Collection[str]
) -> Iterator[Abstract]:
    """Keep what may be trained on without labels.

    That is: published under a free licence, and neither annotated nor kept for checking, by
    identifier or by folded title (a paper may stand in two collections).
    """
    held = {fold(title) for title in titles}
    for abstract in abstracts:
        known = abstract.id in ids or fold(abstract.title) in held
        if abstract.year >= FIRST_YEAR and not known:
            yield abstract


def fold(title: str) -> str:
    """Fold case, punctuation and white space of a title.

    >>> fold("BERT: Pre-training")
    'bertpretraining'
    """
    return _FOLDED.sub("", title).casefold()


def titles(path: Path) -> list[str]:
    """Return the titles in a JSON Lines file of papers."""
    return [json.loads(line)["title"] for line in read_lines(path)]


def identifiers(path: Path) -> frozenset[str]:
    """Return the identifiers in a file, one a line."""
    return frozenset(line.strip() for line in read_lines(path))
