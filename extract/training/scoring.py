"""How many spans of a model are those of the annotations, on texts that it was not trained on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set

from spacy.language import Language

from ..evaluation import Figures
from ..records import LABELS
from .texts import LabelledSpan, LabelledText


def measure(nlp: Language, texts: Sequence[LabelledText]) -> dict[str, Figures]:
    """Count exact matches of span and label, by label and for ``all``."""
    docs = nlp.pipe(text.text for text in texts)
    return compare(
        (text, {LabelledSpan(e.start_char, e.end_char, e.label_) for e in doc.ents})
        for text, doc in zip(texts, docs, strict=True)
    )


def compare(pairs: Iterable[tuple[LabelledText, Set[LabelledSpan]]]) -> dict[str, Figures]:
    """Count exact matches of annotated texts and the spans found in them, as `measure` does."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for text, spans in pairs:
        wanted = set(text.spans)
        right.update(label for _, _, label in wanted & spans)
        found.update(label for _, _, label in spans)
        gold.update(label for _, _, label in wanted)
    figures: dict[str, Figures] = {
        label: Figures(right[label], found[label], gold[label])
        for label in LABELS
        if found[label] or gold[label]
    }
    return {"all": sum(figures.values(), start=Figures()), **figures}
