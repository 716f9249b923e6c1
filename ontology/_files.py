"""Where the installed package keeps its data files."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def ontology_file() -> Path:
    """The core ontology, in Turtle."""
    return _file("fairpapers.ttl")


def vocabulary_file() -> Path:
    """The SKOS concept schemes, in Turtle."""
    return _file("vocab.ttl")


def metric_vocabulary_file() -> Path:
    """The SKOS concepts of metrics, in Turtle; a part of the vocabularies."""
    return _file("metrics.ttl")


def shapes_file() -> Path:
    """The SHACL shapes, in Turtle; data are validated together with `ontology_file`."""
    return _file("shapes.ttl")


def context_file() -> Path:
    """The JSON-LD 1.1 context."""
    return _file("context.jsonld")


def metrics_file() -> Path:
    """The reviewed table of metrics, tab-separated, with a header line; ``metrics.ttl`` is made of it."""
    return _file("metrics.tsv")


def left_out_file() -> Path:
    """Names that look like metrics and are not in the table, tab-separated, with a header line."""
    return _file("metrics_left_out.tsv")


def alignments_file() -> Path:
    """The alignments with other vocabularies, in SSSOM/TSV; ``alignments.ttl`` is made of it."""
    return _file("alignments.sssom.tsv")


def aligned_statements_file() -> Path:
    """The statements of the alignments, in Turtle; they are in no graph."""
    return _file("alignments.ttl")


def strict_mls_file() -> Path:
    """The optional strict module that puts our classes below those of ML-Schema, in Turtle."""
    return _file("align-mls.ttl")


def external_terms_file() -> Path:
    """The terms of other vocabularies that we use, one prefixed name a line."""
    return _file("external_terms.txt")


def _file(name: str) -> Path:
    return Path(str(files(__package__).joinpath(name)))
