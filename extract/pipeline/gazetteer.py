"""Well-known names of metrics, tasks, methods, models and data sets, looked up in the text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from ..records import LABELS, Label
from .grouping import singular
from .mentions import Candidate, correct, read_mentions, register_extensions, write_mentions

_CONFIDENCE = 0.85


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names by label: those matched as written, and those matched in any case and the plural."""

    exact: dict[Label, tuple[str, ...]]
    any_case: dict[Label, tuple[str, ...]]


def load_gazetteer(path: Path | None = None) -> Gazetteer:
    """Read a gazetteer file; the one shipped beside this module where no path is given."""
    file = path or files(__package__) / "gazetteer.json"
    names = json.loads(file.read_text(encoding="utf-8"))["names"]
    exact, any_case = (
        {
            label: tuple(name for group in names[label][kind].values() for name in group)
            for label in LABELS
        }
        for kind in ("exact", "any_case")
    )
    return Gazetteer(exact, any_case)


def variants(name: str) -> Iterator[str]:
    """Yield the spellings of a descriptive name: hyphen or space, singular or plural.

    >>> sorted(variants("back-translation"))
    ['back translation', 'back translations', 'back-translation', 'back-translations']
    """
    for spelling in {name, name.replace("-", " ")}:
        yield spelling
        if singular(spelling) == spelling and spelling[-1] not in "sy":
            yield spelling + "s"
        else:
            yield singular(spelling)


@Language.factory(
    "fairpapers_gazetteer",
    assigns=["doc.spans"],
    default_config={"path": None, "confidence": _CONFIDENCE},
)
class GazetteerMatcher:
    """Add known names, and correct the borders and labels of candidates that they cover.

    Config: ``path`` of another gazetteer file, ``confidence`` of a match.
    """

    def __init__(self, nlp: Language, name: str, path: str | None, confidence: float) -> None:
        self.name = name
        self.confidence = confidence
        register_extensions()
        gazetteer = load_gazetteer(Path(path) if path else None)
        self._exact = PhraseMatcher(nlp.vocab)
        self._any_case = PhraseMatcher(nlp.vocab, attr="LOWER")
        for label in LABELS:
            self._exact.add(label, [nlp.make_doc(name) for name in gazetteer.exact[label]])
            spellings = {v for name in gazetteer.any_case[label] for v in variants(name)}
            self._any_case.add(label, [nlp.make_doc(name) for name in sorted(spellings)])

    def __call__(self, doc: Doc) -> Doc:
        """Bring the candidates in line with the known names."""
        write_mentions(doc, correct(read_mentions(doc), self.find(doc)))
        return doc

    def find(self, doc: Doc) -> list[Candidate]:
        """Find all names, overlapping ones too."""
        found = []
        for matcher in (self._exact, self._any_case):
            for span in matcher(doc, as_spans=True):
                label = next(label for label in LABELS if label == span.label_)
                found.append(
                    Candidate(
                        span.start_char, span.end_char, label, self.confidence, f"gazetteer-{label}"
                    )
                )
        return found
