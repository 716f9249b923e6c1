"""Where a node of the graph comes from: the record of its paper, and what that was read from."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Store

from ..ontology.terms import FP
from .iris import Iris

# Of a resource that more papers name, one of the first so many stands for them.
_PAPERS_LOOKED_AT: Final = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """One paper's place in the records, and in what its record was made from.

    Attributes:
        key: of the paper.
        title: of the paper.
        line: its line in the records file, from 1.
        source: name of the file of papers, as the record keeps it.
        source_line: its line there; None where the format has no lines.
    """

    key: str
    title: str
    line: int
    source: str
    source_line: int | None

    @property
    def read_from(self) -> str:
        """``file:line`` of the source, or its file alone."""
        return self.source if self.source_line is None else f"{self.source}:{self.source_line}"


def paper_of(store: Store, iris: Iris, focus: str) -> str | None:
    """Key of the paper that a node belongs to, or of one that names it; None without one."""
    if (key := iris.paper_key(focus)) or not focus.startswith(f"{iris.base}/id/"):
        return key
    core, node = NamedNode(iris.graph("core")), NamedNode(focus)
    for relation in (FP.introduces, FP.uses, FP.mentions):
        quads = store.quads_for_pattern(None, NamedNode(relation), node, core)
        naming = [
            quad.subject.value
            for quad in islice(quads, _PAPERS_LOOKED_AT)
            if isinstance(quad.subject, NamedNode)
        ]
        if naming:
            return iris.paper_key(min(naming))
    return None


def find_places(records: Path, keys: Collection[str]) -> dict[str, Place]:
    """Find papers in a records file, which is read up to the last of them.

    Lines that are no record are passed over: a reader of faults needs the others all the more.

    Returns:
        Place by key; what is not found, or cannot be read, is missing.
    """
    wanted = set(keys)
    found: dict[str, Place] = {}
    if not wanted or not records.is_file():
        return found
    with records.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            place = _place(line, number)
            if place and place.key in wanted:
                found[place.key] = place
                if len(found) == len(wanted):
                    break
    return found


def _place(line: bytes, number: int) -> Place | None:
    try:
        fields = json.loads(line)
        source = fields["source"]
        return Place(fields["key"], fields["title"], number, source["file"], source["line"])
    except (ValueError, KeyError, TypeError):
        return None
