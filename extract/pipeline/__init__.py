"""The spaCy pipeline: from a paper to its record.

The components are registered through the entry points of this package, so that
``spacy.blank("en").add_pipe("fairpapers_patterns")`` works wherever it is installed.
"""

from .extraction import extract_records, generator, load_pipeline, source_info
from .parallel import PipelineChoice, extract_in_processes

__all__ = [
    "PipelineChoice",
    "extract_in_processes",
    "extract_records",
    "generator",
    "load_pipeline",
    "source_info",
]
