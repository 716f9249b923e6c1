"""How probable it is that a mention has the right span and label.

A logistic model over what is known once all mentions are found: which rule found it, whether the
recogniser says the same, how often the name occurs, where it stands and what it looks like. The
weights are in ``confidence.json``, learned from annotated abstracts by `confidence_training`; there
are two sets, since without a recogniser nothing agrees with one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from math import exp, log
from pathlib import Path
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc

from ..records import LABELS, Entity, Label
from .abbreviations import Abbreviation, read_abbreviations
from .components import read_entities, write_entities
from .mentions import Candidate, read_mentions, register_extensions, write_mentions

Setting = Literal["recognised", "rules"]
SETTINGS: tuple[Setting, ...] = ("recognised", "rules")
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_INNER = re.compile(r"\w[A-Z]")
_SHORT_WORD = 3


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: one weight a feature, ``bias`` among them."""

    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability that what has these features is right; unknown ones are none."""
        weights = self.weights
        return sigmoid(sum(weights.get(name, 0.0) * value for name, value in features.items()))


def sigmoid(score: float) -> float:
    """Turn log-odds into a probability, kept away from 0 and 1 by a thousandth.

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.001)
    """
    return min(max(1.0 / (1.0 + exp(-min(max(score, -30.0), 30.0))), 0.001), 0.999)


def log_odds(probability: float) -> float:
    """Return the score of which `sigmoid` makes ``probability``, which is neither 0 nor 1."""
    return log(probability / (1.0 - probability))


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """Weights of mentions and of entities in one setting."""

    mention: Logistic
    entity: Logistic


def load_confidence_models(path: Path | None = None) -> dict[Setting, ConfidenceModel]:
    """Read weights from ``path``, or those shipped beside this module."""
    file = path or files(__package__) / "confidence.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    return {
        setting: ConfidenceModel(
            Logistic(content[setting]["mention"]), Logistic(content[setting]["entity"])
        )
        for setting in SETTINGS
    }


class MentionText:
    """A text with everything found in it, prepared for describing its mentions.

    Args:
        text: title, line feed, abstract.
        mentions: all final candidates.
        recognised: what the recogniser said, or None where there is none.
        pairs: the abbreviations that the text defines.
    """

    def __init__(
        self,
        text: str,
        mentions: Sequence[Candidate],
        recognised: Sequence[Candidate] | None,
        pairs: Sequence[Abbreviation],
    ) -> None:
        self.text = text
        self._title_end = max(text.find("\n"), 0)
        self._recognised = recognised
        self._said = {(c.start, c.end): c.label for c in recognised or ()}
        self._counts = Counter(text[m.start : m.end] for m in mentions)
        self._title_names = {text[m.start : m.end] for m in mentions if m.end <= self._title_end}
        self._names = Counter(
            (text[c.start : c.end], c.label) for c in recognised or () if c.end <= len(text)
        )
        self._halves = {
            text[start:end]: half
            for pair in pairs
            for half, start, end in (("short", *pair[:2]), ("long", *pair[2:]))
        }

    def features(self, mention: Candidate) -> dict[str, float]:
        """Describe one of the mentions; each feature stands alone and with the label."""
        plain = ("bias", *self._found(mention), *self._name(mention), *self._joined(mention))
        scopes = ("", f"{mention.label}|")
        return {f"{scope}{name}": 1.0 for name in plain for scope in scopes}

    def _found(self, mention: Candidate) -> Iterator[str]:
        rule = mention.rule
        yield f"rule={rule}"
        if self._recognised is None:
            return
        support = self._support(mention)
        yield f"recogniser={support}"
        yield f"rule={rule},recogniser={support}"
        surface = self.text[mention.start : mention.end]
        total = self._counts[surface]
        same = self._names[surface, mention.label]
        if total > 1:
            yield f"also={'all' if same >= total else 'some' if same else 'none'}"
        if any(self._names[surface, label] for label in LABELS if label != mention.label):
            yield "also=other-label"

    def _support(self, mention: Candidate) -> str:
        """Tell what the recogniser says of this place."""
        exact = self._said.get((mention.start, mention.end))
        if exact is not None:
            return "same" if exact == mention.label else "other-label"
        over = [c for c in self._recognised or () if c.overlaps(mention)]
        if not over:
            return "nothing"
        if any(c.label == mention.label for c in over):
            longer = any(c.start <= mention.start and mention.end <= c.end for c in over)
            return "longer" if longer else "shorter"
        return "overlapping-other"

    def _name(self, mention: Candidate) -> Iterator[str]:
        surface = self.text[mention.start : mention.end]
        words = _WORD.findall(surface)
        yield f"count={min(self._counts[surface], 4)}"
        yield f"words={min(len(words), 5)}"
        shape = _shape(surface)
        yield f"shape={shape}"
        yield f"shape={shape},words={min(len(words), 3)}"
        if words:
            yield f"last={words[-1].lower()}"
        if surface in self._halves:
            yield f"abbreviation={self._halves[surface]}"
        if mention.end <= self._title_end:
            yield "in-title"
        elif surface in self._title_names:
            yield "also-in-title"

    def _joined(self, mention: Candidate) -> Iterator[str]:
        before = self.text[max(mention.start - 1, 0) : mention.start]
        for side, near in (("left", before), ("right", self.text[mention.end : mention.end + 1])):
            if near in ("-", "–", "/"):
                yield f"joined-{side}"


def entity_features(confidences: Sequence[float]) -> dict[str, float]:
    """Describe an entity by its surest mention; there is at least one."""
    return {"bias": 1.0, "surest": log_odds(max(confidences))}


def _shape(surface: str) -> str:
    digit = "" if _DIGIT.search(surface) is None else "+digit"
    if surface.islower() or surface.upper() == surface.lower():
        return f"lower{digit}"
    if surface.isupper():
        return f"capitals{digit}"
    if _INNER.search(surface):
        return f"mixed{digit}"
    titled = all(word[0].isupper() for word in surface.split() if len(word) > _SHORT_WORD)
    return f"{'titled' if titled else 'capital'}{digit}"


def calibrate(
    text: str,
    mentions: Sequence[Candidate],
    recognised: Sequence[Candidate] | None,
    pairs: Sequence[Abbreviation],
    model: Logistic,
) -> list[Candidate]:
    """Give each mention the probability that it is right."""
    described = MentionText(text, mentions, recognised, pairs)
    return [m._replace(confidence=model.probability(described.features(m))) for m in mentions]


def read_recognised(doc: Doc) -> list[Candidate] | None:
    """Read what the recogniser said, which stays in ``doc.ents``; None where none was asked."""
    if not doc.ents and not doc.has_annotation("ENT_IOB"):
        return None
    return [
        Candidate(ent.start_char, ent.end_char, label, 0.0, "recogniser")
        for ent in doc.ents
        for label in LABELS
        if ent.label_ == label
    ]


@Language.factory(
    "fairpapers_confidence",
    assigns=["doc.spans", "doc._.entities"],
    requires=["doc.spans", "doc._.entities"],
    default_config={"path": None},
)
class Confidence:
    """Replace the rules' constants by probabilities. Config: ``path`` of another file of weights."""

    def __init__(self, nlp: Language, name: str, path: str | None) -> None:
        self.name = name
        self.models = load_confidence_models(Path(path) if path else None)
        register_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Say how probable each mention and each entity is."""
        recognised = read_recognised(doc)
        model = self.models["rules" if recognised is None else "recognised"]
        text, pairs = doc.text, read_abbreviations(doc)
        mentions = calibrate(text, read_mentions(doc), recognised, pairs, model.mention)
        write_mentions(doc, mentions)
        write_entities(doc, calibrate_entities(text, read_entities(doc), mentions, model.entity))
        return doc


def calibrate_entities(
    text: str, entities: Sequence[Entity], mentions: Sequence[Candidate], model: Logistic
) -> list[Entity]:
    """Give each entity, all of whose surface forms are mentions, a probability by its surest one."""
    by_form: dict[tuple[Label, str], list[float]] = {}
    for m in mentions:
        by_form.setdefault((m.label, text[m.start : m.end]), []).append(m.confidence)
    calibrated = []
    for entity in entities:
        own = [c for form in entity.surfaces for c in by_form[entity.label, form]]
        confidence = round(model.probability(entity_features(own)), 3)
        calibrated.append(replace(entity, confidence=confidence))
    return calibrated
