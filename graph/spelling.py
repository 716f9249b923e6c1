"""What two spellings of one name have in common beyond case and hyphens.

`plain` brings a name into the form in which its variants are compared. The form is a key and never
shown, so it need not be good English, only the same for variants and different for two things.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from ..extract.records import LABELS, Label
from .names import is_acronym, singular

_WORD = re.compile(r"[A-Za-z]+")
_WHOLE_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+(?![A-Za-z0-9])")
_BRACKETED = re.compile(r"(?P<long>[^()]+?)\s*\((?P<short>[^()\s]+)\)")
_POSSESSIVE = re.compile(r"(?<=[a-z])['’]s(?![A-Za-z])")
_DESCRIPTIVE: tuple[Label, ...] = ("Task", "Method", "Metric")
_NAMED: tuple[Label, ...] = ("Dataset", "Model")

_AMERICAN = (
    (re.compile(r"isation(s?)$"), r"ization\1"),
    (re.compile(r"^((?:mis)?label|model|signal|travel)l(ing|ed)$"), r"\1\2"),
    (re.compile(r"^dialog(s?)$"), r"dialogue\1"),
    (re.compile(r"(?<=dg)ement(s?)$"), r"ment\1"),
    (re.compile(r"^(behavi|col|fav|hum|neighb)our(s?)$"), r"\1or\2"),
)
_GERUNDS = {
    "answering": "answering",
    "classifying": "classification",
    "correcting": "correction",
    "detecting": "detection",
    "estimating": "estimation",
    "evaluating": "evaluation",
    "extracting": "extraction",
    "generating": "generation",
    "identifying": "identification",
    "linking": "linking",
    "mitigating": "mitigation",
    "parsing": "parsing",
    "predicting": "prediction",
    "recognizing": "recognition",
    "recognising": "recognition",
    "retrieving": "retrieval",
    "segmenting": "segmentation",
    "simplifying": "simplification",
    "summarizing": "summarization",
    "summarising": "summarization",
    "translating": "translation",
    "verifying": "verification",
}
_PREPOSITION = re.compile(r"\s(?:about|as|at|by|for|from|in|into|of|on|over|through|to|via|with)\s")
_HEAD_OF = re.compile(
    r"(?P<head>[a-z]{2,}(?:tion|sion|ment|ing|sis|al)|accuracy|cost|quality|rate|speed|time)"
    r" of (?:(?:a|an|the) )?(?P<rest>.+)"
)
_TO = re.compile(r"(?<=[A-Za-z])2(?=[A-Za-z])")
_SCORE = re.compile(r"(?P<name>\S*(?:[0-9]|\S[A-Z])\S*)[\s-]+(?i:scores?)$")
_AT = re.compile(r"\s+at\s+(?=(?:[0-9]+|[kKnN])$)")
_VERSION = re.compile(r"(?<=[A-Za-z0-9])[\s-]v(?=[0-9])")
_POINT_ZERO = re.compile(r"(?<=[0-9])\.0$")
# Campaigns named by their year, with two digits or four. TREC-10 is the tenth, not that of 2010.
_SHORT_YEAR = re.compile(
    r"^(?P<series>(?i:ACE|BEA|CLEF|CoNLL|DUC|IWSLT|SemEval|TAC|WAT|WMT))[\s'’-]*"
    r"(?P<year>[0-9]{2})(?![0-9.])"
)
_KIND = re.compile(r"(?<=\S)\s+(?i:dataset|data set|corpus|shared task)$")
_DISTINCT = re.compile(r"[0-9]|\S[A-Z]")
_OWNER = re.compile(r"^[a-z][a-z0-9-]*/(?=[A-Za-z][\w.-]*[0-9-])")


@lru_cache(maxsize=1 << 20)
def plain(name: str, label: Label) -> str:
    """The form of a name in which it is compared; equal forms of one label mean one thing.

    >>> plain("Part-of-Speech (PoS) Taggers", "Task"), plain("detection of events", "Task")
    ('part-of-speech tagger', 'event detection')
    >>> plain("BLEU scores", "Metric"), plain("quality scores", "Metric")
    ('BLEU', 'quality score')
    >>> plain("WMT'14", "Dataset"), plain("Llama 2 (70B)", "Model")
    ('WMT 2014', 'Llama 2 70B')
    """
    for rule in _RULES:
        if label in rule.labels:
            name = " ".join(rule.apply(name).split()) or name
    return name


def expand(name: str, long_form: Callable[[str], str | None]) -> str:
    """Replace the acronyms in a name of several words by what they stand for.

    >>> expand("multilingual NER", {"NER": "named entity recognition"}.get)
    'multilingual named entity recognition'
    """

    def replace(match: re.Match[str]) -> str:
        word = match[0]
        return (long_form(word) if sum(map(str.isupper, word)) > 1 else None) or word

    return _WHOLE_WORD.sub(replace, name) if re.search(r"[\s-]", name) else name


def _without_acronym(name: str) -> str:
    match = _BRACKETED.match(name)
    if match and is_acronym(match["short"], match["long"]):
        return match["long"] + name[match.end() :]
    return name


def _without_article(name: str) -> str:
    return re.sub(r"^[Tt]he\s+", "", name)


def _without_possessive(name: str) -> str:
    return _POSSESSIVE.sub("", name).replace(" & ", " and ")


def _lower(name: str) -> str:
    """Write the words of a phrase that differ from lower case by their first letter only so."""
    if not re.search(r"[\s-]", name):
        return name
    return _WORD.sub(lambda m: m[0].lower() if m[0].istitle() else m[0], name)


def _american(name: str) -> str:
    def respell(match: re.Match[str]) -> str:
        word = match[0]
        for ending, instead in _AMERICAN:
            word = ending.sub(instead, word)
        return word

    return _WORD.sub(respell, name)


def _noun_last(name: str) -> str:
    """Turn "detection of X" and "detecting X" into "X detection"."""
    if match := _HEAD_OF.fullmatch(name):
        return f"{match['rest']} {match['head']}" if _simple(match["rest"]) else name
    first, _, rest = name.partition(" ")
    noun = _GERUNDS.get(first)
    return f"{rest} {noun}" if noun and rest and _simple(rest) else name


def _simple(phrase: str) -> bool:
    return not _PREPOSITION.search(f" {phrase} ")


def _singulars(name: str) -> str:
    return _WORD.sub(lambda match: singular(match[0], "Method"), name)


def _score(name: str) -> str:
    return _AT.sub("@", _SCORE.sub(r"\g<name>", name))


def _version(name: str) -> str:
    return _POINT_ZERO.sub("", _VERSION.sub(" ", name))


def _campaign(name: str) -> str:
    def full(match: re.Match[str]) -> str:
        century = "19" if match["year"] > "70" else "20"
        return f"{match['series']} {century}{match['year']}"

    name = _SHORT_YEAR.sub(full, name)
    bare = _KIND.sub("", name)
    return bare if _DISTINCT.search(bare) else name


def _without_owner(name: str) -> str:
    return _OWNER.sub("", name)


def _without_brackets(name: str) -> str:
    return re.sub(r"[()]", " ", name)


class _Rule(NamedTuple):
    labels: tuple[Label, ...]
    apply: Callable[[str], str]


_RULES = (
    _Rule(LABELS, _without_acronym),
    _Rule(LABELS, _without_article),
    _Rule(LABELS, _without_possessive),
    _Rule(_DESCRIPTIVE, _lower),
    _Rule(_DESCRIPTIVE, _american),
    _Rule(("Task", "Metric"), _noun_last),
    _Rule(_DESCRIPTIVE, _singulars),
    _Rule(("Task", "Method"), lambda name: _TO.sub("-to-", name)),
    _Rule(("Metric", "Model"), _without_brackets),
    _Rule(("Metric",), _score),
    _Rule(_NAMED, _version),
    _Rule(("Dataset",), _campaign),
    _Rule(("Model",), _without_owner),
)
