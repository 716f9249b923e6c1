"""The search index: words of labels in order, cut into files of bounded size.

A browser loads the list of the first words of the files, finds the few files that can hold what
was typed, and loads those. They are scripts that call a function with JSON, because a page that was
opened from a disk may load scripts and nothing else.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from .building import Building
from .sorting import Sorter, paged

# Entries a file.
SHARD: Final = 1000
_WORD: Final = re.compile(r"[^\W_]+")
_STOPPED: Final = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "of", "on", "the", "to", "with"]
)
_NAMES_KEPT: Final = 200


def words(text: str) -> list[str]:
    """Words of a label as they are looked up: lower case, without accents.

    Characters beyond the basic plane are left out: browsers sort them elsewhere.

    >>> words("Émile's BERT-base of 2019")
    ['emile', 's', 'bert', 'base', 'of', '2019']
    """
    folded = unicodedata.normalize("NFKD", text).lower()
    kept = "".join(char for char in folded if not unicodedata.combining(char) and char <= "\uffff")
    return _WORD.findall(kept)


def index(sorter: Sorter, names: Iterable[str], kind: str, path: str, weight: int) -> None:
    """Take the words of one thing.

    Args:
        sorter: takes ``(word, -weight, label, other names, kind, path)``.
        names: its label first.
        kind: what the list of finds says it is.
        path: of its page.
        weight: things of more weight are found first.
    """
    label, *others = names
    also = ", ".join(others)[:_NAMES_KEPT]
    found = {word for name in (label, *others) for word in words(name)}
    # A label of such words alone is still to be found.
    for word in (found - _STOPPED) or found:
        sorter.add(word, -weight, label, also, kind, path)


def write_index(building: Building) -> int:
    """Write the files of the index.

    Returns:
        How many there are.
    """
    firsts: list[str] = []
    for number, (rows, _) in enumerate(paged(building.words, SHARD)):
        entries = [[word, *rest] for word, _, *rest in rows]
        firsts.append(rows[0][0] if rows else "")
        building.write(f"search/{number}.js", call("fairpapersShard", number, entries))
    building.write("search/index.js", call("fairpapersIndex", firsts))
    return len(firsts)


def call(function: str, *arguments: object) -> bytes:
    """A script that calls a function of the page with values."""
    written = ",".join(
        json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in arguments
    )
    # Line ends of JavaScript that JSON does not escape.
    written = written.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"{function}({written});\n".encode()
