"""Alignments with other vocabularies, from an SSSOM table.

Specification: https://mapping-commons.github.io/sssom/spec-formats-tsv/ (embedded metadata).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..terms import PREFIXES


@dataclass(frozen=True, slots=True)
class Alignment:
    """One mapping, its names expanded to IRIs as far as their prefixes are known."""

    subject: str
    predicate: str
    object: str
    object_label: str
    justification: str
    comment: str


def read_alignments(path: Path) -> Iterator[Alignment]:
    """Read the rows of a table in SSSOM/TSV, in their order.

    Args:
        path: of the table; its head may have a ``curie_map``, in lines that begin with ``#``.

    Raises:
        OSError: the file cannot be read.
        KeyError: a column that SSSOM demands is not there.
    """
    lines = path.read_text("utf-8").splitlines()
    head = [line[1:] for line in lines if line.startswith("#")]
    prefixes = {**PREFIXES, **dict(_curie_map(head))}
    body = [line for line in lines if not line.startswith("#")]
    for row in csv.DictReader(body, delimiter="\t"):
        yield Alignment(
            _expand(row["subject_id"], prefixes),
            _expand(row["predicate_id"], prefixes),
            _expand(row["object_id"], prefixes),
            row.get("object_label") or "",
            row["mapping_justification"],
            row.get("comment") or "",
        )


def _curie_map(head: list[str]) -> Iterator[tuple[str, str]]:
    """Prefixes of the block below ``curie_map:``; its lines are indented, one a prefix."""
    inside = False
    for line in head:
        if line.strip() == "curie_map:":
            inside = True
        elif inside and line.startswith(("  ", "\t")):
            prefix, _, namespace = line.strip().partition(":")
            yield prefix.strip("\"' "), namespace.strip().strip("\"'")
        elif line.strip():
            inside = False


def _expand(name: str, prefixes: dict[str, str]) -> str:
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else name
