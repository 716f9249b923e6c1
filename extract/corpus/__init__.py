"""Readers of paper lists. `read_papers` reads any of them; `FORMATS` names them.

What is wrong with one record costs that record and is told to the caller; what is wrong with the
file raises `CorpusError`.
"""

from ..errors import CorpusError, FormatError
from .formats import FORMATS, Reader, detect_format
from .identity import fold_title, paper_key
from .reading import Skipped, demo_corpus, read_papers

__all__ = [
    "FORMATS",
    "CorpusError",
    "FormatError",
    "Reader",
    "Skipped",
    "demo_corpus",
    "detect_format",
    "fold_title",
    "paper_key",
    "read_papers",
]
