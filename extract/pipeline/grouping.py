"""Within one paper: which surface forms are one resource, and what it is called.

Full name and acronym, singular and plural, and spellings that differ in case, spaces and hyphens
are one entity. It is called by its full form; a name that is a common noun is written in lower
case and in the singular.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..records import Label
from .abbreviations import Abbreviation
from .mentions import Candidate

_SEPARATORS = re.compile(r"[\s\-_‐-―]+")
_COMMON: frozenset[Label] = frozenset({"Task", "Method", "Metric"})
_KEEPS_S = re.compile(r"(?:ss|us|is|as|ics)$", re.IGNORECASE)


class Group(NamedTuple):
    """The surface forms of one entity, best-known first, and its name."""

    label: Label
    canonical: str
    surfaces: tuple[str, ...]


def fold_name(name: str) -> str:
    """Bring the spellings of one name together: case, spaces, hyphens and a plural ``s``.

    >>> fold_name("Word Embeddings") == fold_name("word-embedding")
    True
    """
    return _SEPARATORS.sub("", singular(name).lower())


def singular(name: str) -> str:
    """Drop the plural ending of the last word, where it surely is one.

    >>> singular("neural networks"), singular("LLMs"), singular("BLEU"), singular("statistics")
    ('neural network', 'LLM', 'BLEU', 'statistics')
    """
    if len(name) < 4 or not name.endswith("s") or _KEEPS_S.search(name):
        return name
    if name.endswith("ies") and len(name) > 5:
        return name[:-3] + "y"
    if name.endswith(("sses", "xes", "ches", "shes")):
        return name[:-2]
    return name[:-1]


def group(
    text: str, mentions: Sequence[Candidate], pairs: Sequence[Abbreviation]
) -> tuple[Group, ...]:
    """Group the surface forms of ``mentions``, in the order in which entities first appear."""
    labels: dict[str, Label] = {}
    counts: Counter[str] = Counter()
    for item in mentions:
        surface = text[item.start : item.end]
        labels.setdefault(surface, item.label)
        counts[surface] += 1
    parent = {surface: surface for surface in labels}
    by_fold: dict[tuple[Label, str], str] = {}
    for surface, label in labels.items():
        _join(parent, surface, by_fold.setdefault((label, fold_name(surface)), surface))
    shorts: dict[str, str] = {}
    for pair in pairs:
        short = text[pair.short_start : pair.short_end]
        long = text[pair.long_start : pair.long_end]
        if labels.get(short) is not None and labels.get(short) == labels.get(long):
            _join(parent, short, long)
            shorts[short] = long
    members: dict[str, list[str]] = defaultdict(list)
    for surface in labels:
        members[_root(parent, surface)].append(surface)
    return tuple(_named(labels[first], forms, shorts, counts) for first, forms in members.items())


def _named(
    label: Label, surfaces: Sequence[str], shorts: dict[str, str], counts: Counter[str]
) -> Group:
    full = [surface for surface in surfaces if surface not in shorts]
    best = max(full or surfaces, key=lambda s: (counts[s], -len(s), s))
    canonical = _common_form(best, full) if label in _COMMON else best
    if shorts and label in ("Model", "Dataset"):
        # Models and data sets go by their short names.
        short = [surface for surface in surfaces if surface in shorts]
        canonical = max(short, key=lambda s: (counts[s], s)) if short else canonical
    return Group(label, canonical, tuple(surfaces))


def _common_form(name: str, forms: Iterable[str]) -> str:
    """Write a descriptive name in lower case and the singular; leave proper names as they are."""
    words = [word for word in re.split(r"[\s\-]", name) if word]
    if any(form.islower() for form in forms):
        return singular(name.lower() if not _has_proper_word(words) else name)
    if len(words) > 1 and not _has_proper_word(words):
        return singular(name.lower())
    return singular(name)


def _has_proper_word(words: Sequence[str]) -> bool:
    return any(any(c.isupper() for c in word[1:]) or word[0].isdigit() for word in words)


def _root(parent: dict[str, str], item: str) -> str:
    while parent[item] != item:
        item = parent[item]
    return item


def _join(parent: dict[str, str], one: str, other: str) -> None:
    one, other = _root(parent, one), _root(parent, other)
    if one != other:
        parent[one] = other
