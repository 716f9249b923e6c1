"""The spaCy pipeline: from a paper to its record.

The components are registered through the entry points of this package, so that
``spacy.blank("en").add_pipe("fairpapers_patterns")`` works wherever it is installed.
"""

from .extraction import extract_records, generator, load_pipeline

__all__ = ["extract_records", "generator", "load_pipeline"]
