"""Alignments with other vocabularies: the SSSOM table, and its statements in Turtle.

Specification: https://mapping-commons.github.io/sssom/spec-formats-tsv/ (embedded metadata).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from ._files import alignments_file
from .terms import PREFIXES

_MORE: Final = ("dcterms", "owl")


@dataclass(frozen=True, slots=True)
class AlignmentTable:
    """A mapping set.

    Attributes:
        metadata: the head, such as ``mapping_set_id`` and ``license``.
        prefixes: namespace by prefix, of every name in the rows.
        rows: one mapping each, by column; names are prefixed.
    """

    metadata: Mapping[str, Any]
    prefixes: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]


def read_table(path: Path | None = None) -> AlignmentTable:
    """Read a mapping set in SSSOM/TSV, the shipped one unless another is named.

    Raises:
        OSError: the file cannot be read.
        KeyError: its head has no ``curie_map``.
    """
    lines = (path or alignments_file()).read_text("utf-8").splitlines()
    head = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    body = [line for line in lines if not line.startswith("#")]
    rows = csv.DictReader(body, delimiter="\t", quoting=csv.QUOTE_NONE)
    return AlignmentTable(head, head["curie_map"], tuple(rows))


def alignments_text() -> str:
    """The mappings as one triple each, as they stand in ``alignments.ttl``."""
    table = read_table()
    prefixes = {**table.prefixes, **{name: PREFIXES[name] for name in _MORE}}
    about = table.metadata
    head = [f"@prefix {name}: <{iri}> ." for name, iri in sorted(prefixes.items())]
    triples = [
        f"{row['subject_id']} {row['predicate_id']} {row['object_id']} ." for row in table.rows
    ]
    return "\n".join(
        (
            *head,
            "",
            "# Generated from alignments.sssom.tsv. In no graph.",
            "",
            f"<{about['mapping_set_id']}> a owl:Ontology ;",
            f'    dcterms:title "{about["mapping_set_title"]}"@en ;',
            f'    dcterms:description "{about["mapping_set_description"]}"@en ;',
            f"    dcterms:license <{about['license']}> ;",
            f"    owl:versionIRI <{about['mapping_set_id']}/{about['mapping_set_version']}> ;",
            f'    owl:versionInfo "{about["mapping_set_version"]}" .',
            "",
            *triples,
            "",
        )
    )
