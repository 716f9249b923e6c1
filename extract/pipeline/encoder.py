"""The accurate backend: a transformer marks spans, and the recogniser before it has a vote."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from .encoder_session import Session
from .encoder_spans import likeliest, spans_of_tags
from .encoder_tags import Floats, Tags
from .encoder_words import Words, words_of
from .mentions import read_mentions, write_mentions

FACTORY, DOUBTS = "fairpapers_encoder", "fairpapers_doubts"
_PROBABILITIES = "fairpapers_probabilities"
_LEAST = 0.001
_HERE = Path(__file__).resolve().parent
_NEVER = -1e4


Probabilities: TypeAlias = Mapping[tuple[int, int, str], float]


def read_probabilities(doc: Doc) -> Probabilities | None:
    """Read the probability of each span that has one in a thousand or more.

    The keys are offsets and label. None where no encoder has read the document.
    """
    found = doc.user_data.get(_PROBABILITIES)
    return None if found is None else {(s, e, label): p for s, e, label, p in found}


def shipped_encoder() -> Path:
    """Folder of the encoder that comes with the package."""
    return _HERE.parent / "encoder"


# How much the recogniser is trusted, and the threshold: the best of a few tried on the held-out
# papers; `python -m fairpapers.extract.comparison` prints what they give.
@Language.factory(
    FACTORY,
    assigns=["doc.ents", "span._.probability", "doc.user_data"],
    default_config={"path": None, "trust": 2.0, "threshold": 0.65, "threads": 1},
)
class Encoder:
    """Replace ``doc.ents`` by the spans of the encoder and of what stood there before, together.

    Each span in ``doc.ents`` has ``span._.probability``, between 0 and 1; it is None of spans that
    another component set. `read_probabilities` has those of all other spans.

    Config:
        path: folder of an encoder; that of the package where it is null.
        trust: added to the logarithm of the probability of each word's tag that ``doc.ents`` has
            before; 0 leaves them out of account.
        threshold: a span of a lower probability is left out.
        threads: processor threads.
    """

    def __init__(
        self,
        nlp: Language,
        name: str,
        path: str | None,
        trust: float,
        threshold: float,
        threads: int,
    ) -> None:
        self.name = name
        self.trust = trust
        self.threshold = threshold
        self.session = Session(Path(path) if path else shipped_encoder(), threads)
        if not Span.has_extension("probability"):
            Span.set_extension("probability", default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Mark the spans of a document."""
        words = words_of(doc)
        tags = self.session.tags
        scores = _apart(self.session.scores(words), words, doc.text.find("\n"))
        if self.trust:
            scores = scores + self.trust * _marked(doc, words, tags)
        found = spans_of_tags(scores, tags, _LEAST)
        doc.user_data[_PROBABILITIES] = [
            (words.starts[start], words.ends[end - 1], label, probability)
            for start, end, label, probability in found
        ]
        ents = []
        for item in likeliest(found, self.threshold):
            start, end = words.starts[item.start], words.ends[item.end - 1]
            span = doc.char_span(start, end, label=item.label)
            assert span is not None, "words are tokens"
            span._.probability = item.probability
            ents.append(span)
        doc.ents = ents
        return doc


@Language.component(DOUBTS, assigns=["doc.spans"], requires=["doc.spans", "doc.user_data"])
def drop_doubtful(doc: Doc) -> Doc:
    """Leave out mentions of which the encoder is all but certain that they are none."""
    known = read_probabilities(doc)
    if known is not None:
        write_mentions(doc, [m for m in read_mentions(doc) if (m.start, m.end, m.label) in known])
    return doc


def _apart(scores: Floats, words: Words, title: int) -> Floats:
    """Let no span go on from the title, which ends at that offset, into the abstract."""
    first = next((n for n, start in enumerate(words.starts) if start > title), 0)
    if title >= 0 and first:
        scores[first, 2::2] = _NEVER
    return scores


def _marked(doc: Doc, words: Words, tags: Tags) -> Floats:
    """Return a row for each word, with 1 at the tag that ``doc.ents`` gives it."""
    spans = [
        (ent.start_char, ent.end_char, ent.label_) for ent in doc.ents if ent.label_ in tags.labels
    ]
    chosen = tags.encode(len(words), words.locate(spans))
    marked: Floats = np.zeros((len(words), len(tags)), dtype=np.float32)
    marked[np.arange(len(words)), chosen] = 1
    return marked
