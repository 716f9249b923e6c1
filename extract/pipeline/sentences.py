"""Sentence boundaries in titles and abstracts.

The title is a sentence of its own. In the abstract a sentence ends at ``.``, ``!`` or ``?`` before
white space and something that can begin a sentence, except after common abbreviations, initials
and numbering. A statistical splitter is not needed for edited prose.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

_END = re.compile(r"[.!?][\"'”’)\]]{0,3}\s+(?=[\"'“‘(\[]{0,3}[^\W_a-z])")
_NO_END = re.compile(
    r"(?:^|[\s(\[])(?:e\.g|i\.e|et al|etc|cf|vs|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|Refs|No|Nos|Dr|Mr|Ms"
    r"|Prof|St|approx|resp|incl|w\.r\.t|[A-Z])\.$"
)
_LOOK_BACK = 12


def sentence_spans(text: str) -> list[tuple[int, int]]:
    r"""Split ``text`` into sentences that cover it from end to end.

    >>> sentence_spans("A title\nWe parse, e.g. English. It works.")
    [(0, 8), (8, 32), (32, 41)]
    """
    starts = [0]
    title_end = text.find("\n") + 1
    if 0 < title_end < len(text):
        starts.append(title_end)
    for match in _END.finditer(text, title_end):
        stop = match.start() + 1
        if not _NO_END.search(text[max(0, stop - _LOOK_BACK) : stop]):
            starts.append(match.end())
    return list(zip(starts, [*starts[1:], len(text)], strict=True)) if text else []


@Language.component("fairpapers_sentences", assigns=["token.is_sent_start", "doc.sents"])
def mark_sentences(doc: Doc) -> Doc:
    """Set ``token.is_sent_start`` from `sentence_spans`."""
    starts = {start for start, _ in sentence_spans(doc.text)}
    pending = True
    values = []
    for token in doc:
        pending = pending or not starts.isdisjoint(range(token.idx, token.idx + len(token)))
        # A boundary on white space belongs to the next word.
        values.append(1 if pending and not token.is_space else -1)
        pending = pending and token.is_space
    # Token by token, spaCy would look through the whole document each time.
    column: Any = np.array([values], dtype=np.int64).T.astype(np.uint64)
    doc.from_array(["SENT_START"], column)
    return doc
