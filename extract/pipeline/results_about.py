"""What a figure is about: the subject that was measured, the data set, the task.

All are names in the figure's sentence, chosen by where they stand; where the sentence has none,
what the paper as a whole is about: its own proposal, its own data set, the shared task.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..records import Label, Role
from .quantities import Quantity

_OWN = re.compile(
    r"\b(?:our|we|ours|this (?:approach|method|model|framework)|the proposed|the resulting|it)\b",
    re.IGNORECASE,
)
_ON = re.compile(r"\b(?:on|for|in|over|across)\b")
_COMPARED = re.compile(
    r"(?:\bthan|\bover|\bcompared (?:to|with)|\bcomparison (?:to|with)|\bagainst|\brelative to|\bvs\.?|\bversus"
    r"|\bbaselines?,?|\bfrom|\b(?:outperform|surpass|beat|exceed|improv)\w*(?: (?:on|upon|over))?)"
    r"(?:\s\(?(?:an?|the|that|of|on|by|upon|existing|previous|strong|original|standard|vanilla|other|all|both|larger"
    r"|best|performing|baselines?|models?|methods?|state-of-the-art|SOTA|such|as|like|model|fine-tuned|dense)){0,5}\s$",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"\s?(?:[\w-]{1,20}\s){0,2}?(?:(?:with|by|for|from|using|on)\s(?:the\s|our\s|an?\s)?|\((?:the\s|vanilla\s)?)"
)
_VERB = re.compile(
    r"(?:\s[\w()-]{1,20}){0,2}?\s(?:achiev|reach|obtain|outperform|surpass|improv|yield|get|attain|provid|show|scor|perform"
    r"|produc|deliver|manag|reduc|increas|exceed|gain|exhibit|boost|demonstrat|is\b|has\b|can\b)",
)
_CAMPAIGN = re.compile(
    r"shared task|semeval|\btask\b.*\d|\b(?:wmt|iwslt|clef|trec|bea)\b|@|20\d\d|challenge",
    re.IGNORECASE,
)
_WINDOW = 400


class Named(NamedTuple):
    """A mention with the canonical name and the role of its entity."""

    start: int
    end: int
    label: Label
    canonical: str
    role: Role = "used"


class Setting(NamedTuple):
    """What figures are about where their sentence names nothing; None where that is not known."""

    introduced: str | None
    dataset: str | None


def setting_of(names: Sequence[Named], title_end: int) -> Setting:
    """Find what the paper as a whole is about; a shared task in its title comes first."""
    own = Counter(
        n.canonical for n in names if n.role == "introduced" and n.label in ("Model", "Method")
    )
    datasets = [n for n in names if n.label == "Dataset" and n.role != "mentioned"]
    made = [n.canonical for n in datasets if n.role == "introduced"]
    campaigns = [n for n in datasets if _CAMPAIGN.search(n.canonical)]
    entered = [n.canonical for n in campaigns if n.end <= title_end]
    all_names = list(dict.fromkeys(n.canonical for n in datasets))
    sole = all_names if len(all_names) == 1 else []
    return Setting(
        max(own, key=lambda name: (not name.islower(), own[name]), default=None),
        next(iter([*entered, *made, *(n.canonical for n in campaigns), *sole]), None),
    )


def subject_of(
    text: str, start: int, near: Sequence[Named], quantity: Quantity, setting: Setting
) -> str | None:
    """Choose what was measured among the names ``near`` a number in the sentence from ``start``."""
    names = [n for n in near if n.label in ("Model", "Method")]
    if after := _after(text, names, quantity):
        return after.canonical
    before = [
        n
        for n in names
        if n.end <= quantity.start
        and not _COMPARED.search(text[max(start, n.start - 60) : n.start])
    ]
    if own := [n.canonical for n in before if n.role == "introduced"]:
        return setting.introduced if setting.introduced in own else own[-1]
    start = max(start, quantity.start - _WINDOW)
    if setting.introduced and (not before or _OWN.search(text, start, quantity.start)):
        return setting.introduced
    before = [n for n in before if not text.startswith(("-based", " based"), n.end)] or before
    acting = [n for n in before if _VERB.match(text, n.end)]
    return (acting[-1] if acting else before[0]).canonical if before else None


def _after(text: str, names: Iterable[Named], quantity: Quantity) -> Named | None:
    """Find the system that follows its figure: "56% with BERT", "82.6 (BERT)"."""
    name = next((n for n in names if n.start >= quantity.unit_end), None)
    link = name and _WITH.fullmatch(text, quantity.unit_end, name.start)
    # A method after its figure is a part of what was measured, unless it stands in brackets.
    return name if name and link and (name.label == "Model" or "(" in link.group()) else None


def nearest(text: str, near: Sequence[Named], quantity: Quantity, label: Label) -> Named | None:
    """Choose the name of a kind that stands nearest, the one after "on" or "for" first."""
    names = [n for n in near if n.label == label]
    after = [n for n in names if n.start >= quantity.end]
    before = [n for n in names if n.end <= quantity.start]
    if after and _ON.search(text, quantity.end, after[0].start):
        return after[0]
    if before:
        return before[-1]
    return after[0] if after else None
