"""The vocabulary that the graph is written in: ontology, SKOS lists, shapes, JSON-LD context."""

from __future__ import annotations

from ._files import context_file, ontology_file, shapes_file, vocabulary_file
from .metrics import fold_metric, metric_directions

__all__ = [
    "context_file",
    "fold_metric",
    "metric_directions",
    "ontology_file",
    "shapes_file",
    "vocabulary_file",
]
