"""From the recogniser's entities to the first candidates."""

from __future__ import annotations

from collections.abc import Mapping

from spacy.language import Language
from spacy.tokens import Doc

from ..records import LABELS
from .mentions import Candidate, register_extensions, write_mentions

RULE = "recogniser"
# Precision on held-out thirds of the annotated papers, of models trained on the other two.
_PRECISION = {"Dataset": 0.46, "Model": 0.78, "Method": 0.54, "Metric": 0.66, "Task": 0.65}


@Language.factory(
    "fairpapers_mentions",
    assigns=["doc.spans"],
    requires=["doc.ents"],
    default_config={"confidence": _PRECISION},
)
class Mentions:
    """Take the recogniser's ``doc.ents`` with one of our labels as candidates.

    Config: ``confidence`` by label, the share of the recogniser's spans with that label that were
    right on texts that it was not trained on; a transition-based recogniser gives no probability.
    """

    def __init__(self, nlp: Language, name: str, confidence: Mapping[str, float]) -> None:
        self.name = name
        self.confidence = dict(confidence)
        register_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Turn ``doc.ents`` into candidates."""
        write_mentions(
            doc,
            [
                Candidate(
                    ent.start_char,
                    ent.end_char,
                    label,
                    self.confidence.get(label, 0.5),
                    RULE,
                )
                for ent in doc.ents
                for label in LABELS
                if ent.label_ == label
            ],
        )
        return doc
