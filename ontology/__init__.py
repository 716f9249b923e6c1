"""The vocabulary that the graph is written in: ontology, SKOS lists, shapes, JSON-LD context."""

from __future__ import annotations

from ._files import (
    aligned_statements_file,
    alignments_file,
    context_file,
    metric_vocabulary_file,
    ontology_file,
    shapes_file,
    strict_mls_file,
    vocabulary_file,
)
from .metrics import Metric, fold_metric, metric_directions, metrics

__all__ = [
    "Metric",
    "aligned_statements_file",
    "alignments_file",
    "context_file",
    "fold_metric",
    "metric_directions",
    "metric_vocabulary_file",
    "metrics",
    "ontology_file",
    "shapes_file",
    "strict_mls_file",
    "vocabulary_file",
]
