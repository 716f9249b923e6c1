"""Within one paper: which surface forms are one resource, and what it is called.

Full name and acronym, singular and plural, and spellings that differ in case, spaces and hyphens
are one entity. It is called by its full form; a name that is a common noun is written in lower
case and in the singular.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

from ..records import LABELS, Label
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
    counts = Counter(_Form(m.label, text[m.start : m.end]) for m in mentions)
    parent = {form: form for form in counts}
    by_fold: dict[_Form, _Form] = {}
    for form in counts:
        _join(parent, form, by_fold.setdefault(_Form(form.label, fold_name(form.surface)), form))
    shorts = set()
    for pair in pairs:
        short = text[pair.short_start : pair.short_end]
        long = text[pair.long_start : pair.long_end]
        for label in LABELS:
            if {_Form(label, short), _Form(label, long)} <= parent.keys():
                _join(parent, _Form(label, short), _Form(label, long))
                shorts.add(fold_name(short))
    members: dict[_Form, list[str]] = defaultdict(list)
    for form in counts:
        members[_root(parent, form)].append(form.surface)
    return tuple(
        _named(label, forms, shorts, Counter({f: counts[_Form(label, f)] for f in forms}))
        for (label, _), forms in members.items()
    )


class _Form(NamedTuple):
    """A surface form under one label; the same words under another label are another resource."""

    label: Label
    surface: str


def _named(label: Label, surfaces: Sequence[str], shorts: Set[str], counts: Counter[str]) -> Group:
    full = [surface for surface in surfaces if fold_name(surface) not in shorts]
    best = max(full or surfaces, key=lambda s: (counts[s], -len(s), s))
    canonical = _common_form(label, best, full) if label in _COMMON else best
    if shorts and label in ("Model", "Dataset"):
        # Models and data sets go by their short names.
        short = [surface for surface in surfaces if fold_name(surface) in shorts]
        canonical = max(short, key=lambda s: (counts[s], s)) if short else canonical
    return Group(label, canonical, tuple(surfaces))


def _common_form(label: Label, name: str, forms: Iterable[str]) -> str:
    """Write a descriptive name in lower case and the singular; leave proper names as they are."""
    words = [word for word in re.split(r"[\s\-]", name) if word]
    if any(form.islower() for form in forms):
        return singular(name.lower() if not _has_proper_word(words) else name)
    # Of single words with a capital, methods alone are often proper names ("Transformer", "Adam").
    if (len(words) > 1 or label != "Method") and not _has_proper_word(words):
        return singular(name.lower())
    return singular(name)


def _has_proper_word(words: Sequence[str]) -> bool:
    return any(any(c.isupper() or c.isdigit() for c in word[1:]) for word in words)


def _root(parent: dict[_Form, _Form], item: _Form) -> _Form:
    while parent[item] != item:
        item = parent[item]
    return item


def _join(parent: dict[_Form, _Form], one: _Form, other: _Form) -> None:
    one, other = _root(parent, one), _root(parent, other)
    if one != other:
        parent[one] = other
