"""The label of a name: one decision for all its mentions in a paper.

A recogniser labels each mention by the words around it, and mentions of one name may differ. Here a
linear model looks at the whole paper: what was said of every mention of the name and of its
abbreviation, what the name looks like, and the words that stand beside any mention ("X, a new
corpus", "the X model"). The weights are in ``labels.json``, learned from annotated abstracts by
`label_training`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from ..gold import occurrences
from ..records import LABELS, Label
from .abbreviations import Abbreviation, read_abbreviations
from .grouping import fold_name
from .mentions import Candidate, read_mentions, register_extensions, write_mentions

_WORD = re.compile(r"[\w'’@+-]+|[^\w\s]")
_PART = re.compile(r"[\s\-]")
_HEAD = re.compile(r"\s?(?:\([^()]{1,40}\)\s?)?([\w-]{1,30})")
# "X (Y), a large corpus of …": the words up to the one that is described further.
_APPOSITION = re.compile(
    r"\s?(?:\([^()]{1,60}\)\s?)?(?:,|is|–|—|:)\s(?:an?|the|our|one of the)\s"
    r"((?:[\w-]{1,30}\s){0,6}?[\w-]{1,30})"
    r"(?=[,.;:()]|\s(?:that|which|for|of|to|with|in|based|consist|contain|design|compris|on|from"
    r"|cover|where|by|using|capable|train|built|and)\b)"
)
_CALLED = re.compile(
    r"\b(?:an?|the|our|novel|new)\s((?:[\w-]{1,30}\s){1,6})"
    r"(?:,\s)?(?:called|named|dubbed|termed|namely|,)\s?[\"“‘(]?$"
)
_NEAR = 50
_BEFORE = 120
_AFTER = 140
_TITLE_WORDS = 9


@dataclass(frozen=True, slots=True)
class LabelModel:
    """Weights by feature, one for each of `LABELS`."""

    weights: Mapping[str, tuple[float, ...]]

    def decide(self, features: Sequence[str]) -> Label:
        """Return the most probable label."""
        scores = [0.0] * len(LABELS)
        for feature in features:
            for index, weight in enumerate(self.weights.get(feature, ())):
                scores[index] += weight
        return LABELS[max(range(len(LABELS)), key=scores.__getitem__)]


def load_label_model(path: Path | None = None) -> LabelModel:
    """Read weights from ``path``, or those shipped beside this module."""
    file = path or files(__package__) / "labels.json"
    weights = json.loads(file.read_text(encoding="utf-8"))["weights"]
    return LabelModel({feature: tuple(values) for feature, values in weights.items()})


def by_name(
    text: str, candidates: Sequence[Candidate], pairs: Sequence[Abbreviation]
) -> list[list[Candidate]]:
    """Group the candidates by what they name: spellings, plurals and abbreviations together."""
    group: dict[str, str] = {}
    for pair in pairs:
        short, long = text[pair.short_start : pair.short_end], text[pair.long_start : pair.long_end]
        group.setdefault(fold_name(short), fold_name(long))
    found: dict[str, list[Candidate]] = defaultdict(list)
    for item in candidates:
        name = fold_name(text[item.start : item.end])
        found[group.get(name, name)].append(item)
    return list(found.values())


def label_features(text: str, mentions: Sequence[Candidate]) -> list[str]:
    """Describe a name by all its mentions; each feature is listed once."""
    surfaces = {text[m.start : m.end] for m in mentions}
    places = {place for surface in surfaces for place in occurrences(text, surface)}
    features = {"bias", *_votes(mentions)}
    for surface in surfaces:
        features.update(_form(surface))
    for start, end in places | {(m.start, m.end) for m in mentions}:
        features.update(_around(text, start, end))
    return sorted(features)


def _votes(mentions: Sequence[Candidate]) -> Iterator[str]:
    votes: dict[Label, float] = defaultdict(float)
    for item in mentions:
        votes[item.label] += item.confidence
        rule = "gazetteer" if item.rule.startswith("gazetteer") else item.rule
        yield f"rule={rule},{item.label}"
    best = max(sorted(votes), key=lambda label: votes[label])
    yield f"best={best}"
    yield f"best={best},alone={len(votes) == 1}"
    total = sum(votes.values()) or 1.0
    for label, vote in votes.items():
        yield f"vote={label},{round(4 * vote / total)}"


def _form(surface: str) -> Iterator[str]:
    words = surface.split()
    digit = "digit+" if any(c.isdigit() for c in surface) else ""
    inner = any(c.isupper() for c in surface[1:])
    case = "lower" if surface.islower() else "upper" if surface.isupper() else str(inner)
    yield f"shape={digit}{case}"
    yield f"words={min(len(words), 4)}"
    yield f"hyphen={'-' in surface}"
    lower = surface.lower()
    if len(words) > 1:
        last = words[-1].lower()
        yield from (f"last={last}", f"last-end={last[-4:]}", f"first={words[0].lower()}")
    else:
        yield from (f"end={lower[-4:]}", f"end={lower[-3:]}", f"start={lower[:3]}")
    for part in _PART.split(lower):
        yield f"word={part}"


def _around(text: str, start: int, end: int) -> Iterator[str]:
    after = _WORD.findall(text, end, end + _NEAR)[:1]
    before = _WORD.findall(text, max(0, start - _NEAR), start)[-1:]
    yield from (f"next={word.lower()}" for word in after)
    yield from (f"previous={word.lower()}" for word in before)
    if start == 0 and text[end : end + 1] == ":":
        yield "title-name"
        words = _WORD.findall(text, end + 1, max(text.find("\n"), end + 1))
        yield from (f"title={word.lower()}" for word in words[:_TITLE_WORDS])
    if head := _HEAD.match(text, end, end + _NEAR):
        yield f"head={head.group(1).lower()}"
    if described := _APPOSITION.match(text, end, end + _AFTER):
        words = described.group(1).lower().split()
        yield f"is-a={words[-1]}"
        yield from (f"is={word}" for word in words)
    if called := _CALLED.search(text, max(0, start - _BEFORE), start):
        yield f"called={called.group(1).split()[-1].lower()}"
    if "-" in (text[start - 1 : start], text[end : end + 1]):
        yield "hyphenated"


def decide_labels(
    text: str,
    candidates: Sequence[Candidate],
    pairs: Sequence[Abbreviation],
    model: LabelModel,
) -> list[Candidate]:
    """Give all candidates of one name the label that the model thinks most probable."""
    decided = []
    for mentions in by_name(text, candidates, pairs):
        label = model.decide(label_features(text, mentions))
        decided += [m._replace(label=label) for m in mentions]
    return sorted(decided)


@Language.factory(
    "fairpapers_labels",
    assigns=["doc.spans"],
    requires=["doc.spans", "doc._.abbreviations"],
    default_config={"path": None},
)
class Labels:
    """Decide the label of each name. Config: ``path`` of another file of weights.

    Without a recogniser labels stay as the rules give them: the weights are for its votes.
    """

    def __init__(self, nlp: Language, name: str, path: str | None) -> None:
        self.name = name
        self.model = load_label_model(Path(path) if path else None)
        register_extensions()

    def __call__(self, doc: Doc) -> Doc:
        """Bring the labels of the candidates in line."""
        if doc.ents:
            pairs = read_abbreviations(doc)
            write_mentions(doc, decide_labels(doc.text, read_mentions(doc), pairs, self.model))
        return doc
