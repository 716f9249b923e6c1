"""The role of a resource in a paper: introduced, used or mentioned.

A linear model over cues that can be read off the text: where the resource stands, what verbs and
phrases stand near it, whether the title names it. The weights are in ``roles.json``, learned from
annotated abstracts by `role_training`.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import exp
from pathlib import Path

from ..records import ROLES, Label, Role
from .sentences import sentence_spans

_CUES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "propose",
            r"\b(?:introduc|present(?:s|ed|ing)?\b|propos|releas|develop|describ|creat|construct|design|contribut|built|build|publish|devis|formulat|collect|annotat|compil|curat)\w*",
        ),
        ("new", r"\b(?:novel|new|first|own|publicly available)\b"),
        ("called", r"\b(?:called|named|dubbed|termed|namely|coined)\b"),
        (
            "use",
            r"\b(?:us(?:e|es|ed|ing)|utili[sz]\w+|employ\w*|appl(?:y|ies|ied|ying)|leverag\w+|adopt\w*|via|with|combin\w+|incorporat\w+|integrat\w+)\b",
        ),
        (
            "build-on",
            r"\b(?:based on|built on|builds? (?:up)?on|fine-?tun\w+|train(?:ed|ing)? (?:on|with)|initiali[sz]\w+)\b",
        ),
        (
            "evaluate",
            r"\b(?:evaluat\w+|experiment\w*|test(?:ed|ing)?|benchmark\w*|assess\w*|results?|measur\w+|in terms of|show\w*)\b",
        ),
        (
            "compare",
            r"\b(?:outperform\w*|compar\w+|surpass\w*|baselines?|improv\w+|better|achiev\w+|state-of-the-art)\b",
        ),
        (
            "background",
            r"\b(?:recent(?:ly)?|existing|previous(?:ly)?|prior|traditional(?:ly)?|popular|widely|have (?:been|shown|become|achieved)|has (?:been|shown|become|achieved)|often|typically|remains?|despite|however|while|although|such as|e\.g|like|many|important|crucial|essential|challeng\w+|various)\b",
        ),
        (
            "own-work",
            r"\b(?:we|our|us|this (?:paper|work|study|article|thesis|system|task)|the paper)\b",
        ),
        (
            "application",
            r"\b(?:downstream|applications?|applied to|useful for|benefit\w*|potential|future|could|can be|may|help\w*|facilitat\w+|support\w*|including)\b",
        ),
        (
            "participate",
            r"\b(?:shared task|submi\w+|participat\w+|team|rank\w*|competition|track)\b",
        ),
    )
)
_NEAR = 40
_OWN = re.compile(
    r"\b(?:we|our|us|this (?:paper|work|study|article|thesis)|the paper)\b", re.IGNORECASE
)
_OWN_VERB = re.compile(
    r"\b(?:we|(?:this|the) (?:paper|work|study|article))\s(?:\w{1,12}ly\s|also\s|then\s|first\s|further\s)?(\w{2,20})",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?\s?(?:%|points?\b)|\d+\.\d+")
_LISTED = re.compile(r"\b(?:such as|e\.g\.|like|including|for example)\s[^.;]{0,100}$")


@dataclass(frozen=True, slots=True)
class RoleModel:
    """Weights by feature, one for each of `ROLES`."""

    weights: dict[str, tuple[float, ...]]

    def decide(self, features: Sequence[str]) -> tuple[Role, float]:
        """Return the most probable role and its probability."""
        scores = [0.0] * len(ROLES)
        for feature in features:
            for index, weight in enumerate(self.weights.get(feature, ())):
                scores[index] += weight
        top = max(scores)
        odds = [exp(score - top) for score in scores]
        best = max(range(len(ROLES)), key=odds.__getitem__)
        return ROLES[best], odds[best] / sum(odds)


def load_role_model(path: Path | None = None) -> RoleModel:
    """Read weights from ``path``, or those shipped beside this module."""
    file = path or files(__package__) / "roles.json"
    weights = json.loads(file.read_text(encoding="utf-8"))["weights"]
    return RoleModel({feature: tuple(values) for feature, values in weights.items()})


class RoleText:
    """A text prepared for looking up the cues around spans."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._sentences = sentence_spans(text)
        self._starts = [start for start, _ in self._sentences]
        self._cues: dict[int, list[tuple[str, int, int]]] = {}

    def features(self, label: Label, spans: Sequence[tuple[int, int]]) -> list[str]:
        """Describe an entity with mentions at ``spans``; each feature is listed once."""
        plain = {"bias", *self._position(spans), *self._form(spans), *self._told(spans)}
        for span in spans:
            plain.update(self._around(*span))
        return sorted(f"{scope}{name}" for name in plain for scope in ("", f"{label}|"))

    def _position(self, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
        indexes = sorted(self._sentence(start) for start, _ in spans)
        last = max(len(self._sentences) - 1, 1)
        title = indexes[0] == 0
        yield f"title={title}"
        yield f"count={min(len(spans), 4)}"
        body = [index for index in indexes if index]
        yield f"first={min(body[0], 4) if body else 'title-only'}"
        yield f"title={title},first={min(body[0], 3) if body else 'title-only'}"
        if body:
            yield f"depth={round(3 * body[0] / last)}"
            yield f"only-last={body[0] == last}"
            yield f"sentences={min(len(set(body)), 3)}"

    def _form(self, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
        text = self.text
        for start, end in spans:
            if any(c.isupper() or c.isdigit() for c in text[start + 1 : end] if not c.isspace()):
                yield "coined"
            if start == 0:
                yield "starts-title"
                if text[end : end + 1] == ":":
                    yield "title-name"
            if text[end : end + 2] == " (":
                yield "defined"
            if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
                yield "in-brackets"

    def _told(self, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
        """Describe where the paper begins to speak of itself, and what it says it does there."""
        own = self._own_sentence()
        indexes = {self._sentence(start) for start, _ in spans} - {0}
        if indexes:
            yield f"own={_side(min(indexes), own)},{_side(max(indexes), own)}"
        for start, end in spans:
            index = self._sentence(start)
            if index == 0 and "\n" in self.text:
                continue
            verbs = list(_OWN_VERB.finditer(self.text, self._starts[index], start))
            if verbs:
                yield f"we={verbs[-1].group(1).lower()[:6]}"
                yield f"we={verbs[-1].group(1).lower()[:6]},near={start - verbs[-1].end() < _NEAR}"
            if _FIGURE.search(self.text, end, end + _NEAR) or _FIGURE.search(
                self.text, max(0, start - _NEAR // 2), start
            ):
                yield "figure-near"
            if _LISTED.search(self.text, max(self._starts[index], start - 3 * _NEAR), start):
                yield "listed-example"
        for word in {self.text[start:end].split()[-1].lower() for start, end in spans}:
            yield f"last={word}"

    def _own_sentence(self) -> int:
        """Index of the first sentence of the abstract in which the authors speak of their work."""
        match = _OWN.search(self.text, self.text.find("\n") + 1)
        return self._sentence(match.start()) if match else len(self._sentences)

    def _around(self, start: int, end: int) -> Iterator[str]:
        index = self._sentence(start)
        if index == 0 and "\n" in self.text:
            before = self.text[:start]
            words = re.findall(r"\w+", before)
            if words:
                yield f"title-before={words[-1].lower()}"
            return
        for name, cue_start, cue_end in self._sentence_cues(index):
            yield f"in-sentence={name}"
            if cue_end <= start:
                distance = start - cue_end
                yield f"before={name}"
                if distance < _NEAR:
                    yield f"near-before={name}"
            elif cue_start >= end and cue_start - end < _NEAR:
                yield f"near-after={name}"
        previous = re.findall(r"[\w-]+|[,.()]", self.text[max(0, start - _NEAR) : start])[-2:]
        yield f"previous={' '.join(previous[-1:]).lower()}"
        yield f"previous-two={' '.join(previous).lower()}"
        following = re.findall(r"[\w-]+|[,.()]", self.text[end : end + _NEAR])[:1]
        yield f"next={' '.join(following).lower()}"

    def _sentence(self, position: int) -> int:
        return bisect_right(self._starts, position) - 1

    def _sentence_cues(self, index: int) -> list[tuple[str, int, int]]:
        if index not in self._cues:
            start, end = self._sentences[index]
            self._cues[index] = [
                (name, match.start(), match.end())
                for name, pattern in _CUES
                for match in pattern.finditer(self.text, start, end)
            ]
        return self._cues[index]


def _side(index: int, own: int) -> str:
    return "before" if index < own else "at" if index == own else "after"
