"""From lists of papers to records: readers, the spaCy pipeline, the scorer."""

from .papers import Paper, Source
from .records import Record

__all__ = ["Paper", "Record", "Source"]
