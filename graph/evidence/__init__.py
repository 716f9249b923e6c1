"""Why a statement is in a graph: claim, mentions, sentence, run, source.

`point_at` finds what a user's words name, `evidence_of` reads the chain behind it, `find_copies`
gets the sentences from the user's own copy of the papers.
"""

from .chain import Evidence, Item, Maker, PaperInfo, Review, Span, evidence_of
from .copies import Copy, Quote, find_copies, quote
from .pointing import Pointer, point_at

__all__ = [
    "Copy",
    "Evidence",
    "Item",
    "Maker",
    "PaperInfo",
    "Pointer",
    "Quote",
    "Review",
    "Span",
    "evidence_of",
    "find_copies",
    "point_at",
    "quote",
]
