"""Mark a name wherever it is written, once it has been found anywhere in the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from ..gold import occurrences
from ..records import Label
from .mentions import Candidate, add_free, read_mentions, url_spans, write_mentions

_SHORTEST = 2


def propagate(text: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return every word-bounded occurrence of each candidate's surface form, longest first.

    A surface form gets one label throughout: the one with the highest summed confidence. The
    confidence of an occurrence is its own where it was found, else the mean of its surface form's.
    """
    by_surface: dict[str, list[Candidate]] = defaultdict(list)
    for item in candidates:
        by_surface[text[item.start : item.end]].append(item)
    known = {(c.start, c.end): c for c in candidates}
    addresses = [Candidate(s, e, "Method", 0.0, "") for s, e in url_spans(text)]
    found = []
    for surface, items in by_surface.items():
        label = _decide(items)
        mean = sum(item.confidence for item in items) / len(items)
        if len(surface) < _SHORTEST:
            found += [item._replace(label=label) for item in items]
            continue
        for start, end in occurrences(text, surface):
            here = known.get((start, end))
            confidence, rule = (here.confidence, here.rule) if here else (mean, "propagation")
            found.append(Candidate(start, end, label, confidence, rule))
    free = [c for c in found if not any(c.overlaps(address) for address in addresses)]
    return add_free([], free)


def _decide(items: Sequence[Candidate]) -> Label:
    votes: dict[Label, float] = defaultdict(float)
    for item in items:
        votes[item.label] += item.confidence
    return max(sorted(votes), key=lambda label: votes[label])


@Language.component("fairpapers_propagation", assigns=["doc.spans"], requires=["doc.spans"])
def propagate_mentions(doc: Doc) -> Doc:
    """Replace the document's candidates by what `propagate` makes of them."""
    write_mentions(doc, propagate(doc.text, read_mentions(doc)))
    return doc
