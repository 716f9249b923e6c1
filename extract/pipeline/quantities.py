"""Numbers that may report a result: their value, unit and comparator.

Years, citations, versions, parameters and counts of things ("137K examples", "7B parameters",
"three languages") report none and are not found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..records import Comparator

_NUMBER = re.compile(
    # Texts from PDF files lack the space between a preposition and a number.
    r"(?:(?<![\w.,@#/^$])|(?<=\bof)|(?<=\bby)|(?<=\bto)|(?<=\babove))"
    r"(\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?|\d{1,9}(?:\.\d{1,6})?|\.\d{1,6})"
    r"(?!\w{0,20}[@/]\w)"
)
_PERCENT = re.compile(
    r"[ -]?\\?%(?P<points>[ -](?:absolute |relative )?points?\b|p\b)?|[ -]per ?cent\b"
)
_POINTS = re.compile(
    r"[ -](?:(?:percentage|absolute|relative|average|accuracy|BLEU|F1|ROUGE(?:-[12L])?|COMET"
    r"|chrF\+?\+?|WER|mAP|MRR|TER|METEOR|GLUE)[ -])?(?:points?|pts?|pps?)\b"
)
_TIMES = re.compile(r"\s?(?:x|X|×|\\times)(?!\w)|[ -](?:times|fold)\b")
_MULTIPLE = re.compile(
    r"\b(?:twice|thrice|(?P<number>two|three|four|five|six|seven|eight|nine|ten|twelve)(?=[ -](?:times|fold)\b))",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\s?(?P<unit>ms|milliseconds?|s|secs?|seconds?|minutes?|hours?|days?|[GMK]i?B|dB|FLOPs"
    r"|(?:tokens|words)(?:/s| per second))(?!\w)"
)
_OTHER_UNITS = {
    "millisecond": "ms",
    "second": "s",
    "sec": "s",
    "minute": "min",
    "hour": "h",
    "day": "d",
}
_COMPARATOR_WORDS: tuple[tuple[str, Comparator], ...] = (
    (r"≥|>=|\\geq?|at least|no less than|minimum of", "≥"),
    (r"≤|<=|\\leq?|at most|no more than|up to|as (?:much|high|many) as|maximum of", "≤"),
    (r">|over|above|beyond|(?:more|greater|better|higher) than|(?:exceed|surpass)\w*", ">"),
    (r"<|under|below|within|sub-|(?:less|fewer|lower) than", "<"),
    (
        r"≈|~|∼|\\sim|\\approx|about|around|approximately|roughly|nearly|almost|close to|circa",
        "≈",
    ),
)
# Words before a number that make it part of a name, a setting or a place in a ranking.
_NAMED_BEFORE = re.compile(
    r"\b(?P<word>(?:sub)?task|track|section|table|figure|fig\.|phase|stage|version|top|rank(?:s|ed|ing)?"
    r"|place|level|layer|chapter|step|part|round|grade|epoch|seed|experiment|study|appendix|type"
    r"|class|first|last|past|article|no\.|number|id|model|position|[knp])\s?[-:#]?\s?$",
    re.IGNORECASE,
)
_SETTING = re.compile(r"(?:=|\b[pknK]\s?[<>≤≥])\s{0,2}$|p-values?\s?\W{0,3}\s?$")
_ORDINAL = re.compile(
    r"(?:st|nd|rd|th)\b|[- –]?(?:shot|way|gram|grams|hop|bit|layer|dimensional|class|point scale"
    r"|best|fold cross|out of|[dD]\b)\b"
)
_MAGNITUDE = re.compile(r"\s?(?:[KMBkmb]\b|\+|(?:thousand|million|billion)\b)")
_COUNTED = re.compile(
    r"[ -](?:[\w’'/-]{1,25}\s){0,4}?(?:languages?|examples?|samples?|instances?|sentences?|tokens"
    r"|words|documents?|papers?|articles?|data ?sets?|(?:sub-?)?tasks?|models?|parameters?|pairs"
    r"|questions|queries|annotators?|participants?|users?|systems?|teams?|domains?|categories"
    r"|classes|labels?|utterances|dialog(?:ue)?s?|tweets|posts|images|videos|entities|relations"
    r"|triples|annotations|LLMs|PLMs|benchmarks?|metrics|corpora|runs|settings|types|topics|texts"
    r"|books|stories|conversations|speakers|years|months|countries|items|records|reviews|comments"
    r"|submissions|experiments|subjects|test sets|directions|varieties|dialects|people|students"
    r"|files|lines|layers|steps|epochs|heads|clusters|features|passages|claims|summaries"
    r"|scenarios|problems|prompts|cases|sources|characters|phenomena|families|nodes|GPUs?|A100s?"
    r"|phases|stages|different|diverse|scores?|measures?|approaches|methods|ways|hops|shots)\b"
)
_CITATION = re.compile(
    r"\[[\d,;\s–-]{1,60}\]|\((?:[^()\d]{0,80},?\s)?(?:19|20)\d{2}[a-z]?\)|et al\.?,?\s\(?\d{4}"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_LISTED = re.compile(
    r"\s?(?:[,;/]|,?\s(?:and|or|to|vs\.?)|[-–—]|→|\\rightarrow)\s?(?:and\s)?[+~∼≈]?"
)
_DASH = re.compile(r"\s?[-–—]\s?")
_BETWEEN = re.compile(r"\b(?:between|rang(?:es?|ing)\s(?:from|between))\s$", re.IGNORECASE)
_TO, _AND_TO = re.compile(r"\sto\s"), re.compile(r"\s(?:to|and)\s|\s?[-–—]\s?")
_FROM = re.compile(r"\bfrom\s(?:[\w≈~]{1,10}\s)?$", re.IGNORECASE)
_RANGE_GOES_ON = re.compile(r"[-–—]\d")
# What precedes the second number of a range: "40-", "15%-".
_RANGE = re.compile(r"(?<![\w.,-])\d{1,6}(?:\.\d{1,4})?\\?%?-$")
_FACTOR = re.compile(r"\bfactor (?:of|up to)(?: (?:about|around|up to|over|nearly))? ?(?:\d+-)?$")
_BEFORE, _AFTER = 40, 90


class Quantity(NamedTuple):
    """A number in the text. The span covers the digits; ``unit_end`` is where the unit ends.

    ``ranged`` tells that it is two numbers, the ends of a range, and ``value`` all between them.
    """

    start: int
    end: int
    value: str
    unit: str | None
    unit_end: int
    comparator: Comparator
    signed: bool
    ranged: bool = False


def find_quantities(text: str, names: Sequence[tuple[int, int]]) -> list[Quantity]:
    """Find the numbers that may report a result; what stands inside ``names`` is part of them.

    >>> [(q.value, q.unit, q.comparator) for q in find_quantities("over 90% on 3 languages", [])]
    [('90', '%', '>')]
    """
    inside = {position for start, end in names for position in range(start, end)}
    for match in _CITATION.finditer(text):
        inside.update(range(*match.span()))
    found = (_quantity(text, *m.span()) for m in _NUMBER.finditer(text) if m.start() not in inside)
    words = (_multiple(text, m) for m in _MULTIPLE.finditer(text) if m.start() not in inside)
    items = sorted(item for item in (*found, *words) if item is not None)
    items = _share_units(text, items)
    return _join_ranges(text, items)


def is_listed(text: str, one: Quantity, other: Quantity) -> bool:
    """Tell whether two numbers stand side by side in an enumeration or range."""
    return _LISTED.fullmatch(text, one.unit_end, other.start) is not None


def _quantity(text: str, start: int, end: int) -> Quantity | None:
    before = text[max(0, start - _BEFORE) : start]
    unsigned = before.rstrip("+−-")
    signed = unsigned != before and not re.search(r"[^\W_]$|%$", unsigned)
    if signed:
        before = unsigned
    elif before.endswith("-") and not before.endswith("sub-") and not _RANGE.search(before):
        return None
    unit, unit_end = _unit(text, end)
    if unit is None and _FACTOR.search(before):
        unit = "x"
    if unit is None and not _may_stand_alone(text, before, start, end):
        return None
    return Quantity(start, end, text[start:end], unit, unit_end, read_comparator(before), signed)


def _multiple(text: str, match: re.Match[str]) -> Quantity:
    """Read a multiple in words: "twice", "three times"."""
    start, end = match.span()
    unit_end = _unit(text, end)[1] if match["number"] else end
    before = text[max(0, start - _BEFORE) : start]
    return Quantity(start, end, match.group(), "x", unit_end, read_comparator(before), signed=False)


def _unit(text: str, end: int) -> tuple[str | None, int]:
    if match := _PERCENT.match(text, end):
        return ("points" if match.group("points") else "%"), match.end()
    if match := _POINTS.match(text, end):
        return "points", match.end()
    if match := _TIMES.match(text, end):
        return "x", match.end()
    if match := _OTHER.match(text, end):
        unit = match.group("unit")
        return _OTHER_UNITS.get(unit.rstrip("s"), unit), match.end()
    return None, end


def read_comparator(before: str) -> Comparator:
    """Read how a number compares from the text before it: "over ", "up to "."""
    for words, comparator in _COMPARATOR_WORDS:
        if re.search(rf"(?:{words})\s{{0,2}}(?:an? )?$", before, re.IGNORECASE):
            return comparator
    return "="


def _may_stand_alone(text: str, before: str, start: int, end: int) -> bool:
    """Tell whether a number without a unit may report a result."""
    after = text[end : end + _AFTER]
    if after[:1].isalnum() or after[:1] == "_" or _SETTING.search(before):
        return False
    if any(pattern.match(after) for pattern in (_ORDINAL, _MAGNITUDE)):
        return False
    if "." in text[start:end]:
        named = _NAMED_BEFORE.search(before)
        return named is None or named.group("word").lower() in ("task", "class", "model")
    if after.startswith(")") and before[-1:] in ("(", " ", ""):
        return False
    if (_COUNTED.match(after) and not _RANGE_GOES_ON.match(after)) or _YEAR.fullmatch(
        text, start, end
    ):
        return False
    return _NAMED_BEFORE.search(before) is None


def _share_units(text: str, items: list[Quantity]) -> list[Quantity]:
    """Let the members of an enumeration or range share the unit of the last ("3, 4 and 5%")."""
    for index in range(len(items) - 2, -1, -1):
        one, other = items[index], items[index + 1]
        if one.unit is None and other.unit is not None and is_listed(text, one, other):
            items[index] = one._replace(unit=other.unit)
    return items


def _join_ranges(text: str, items: Sequence[Quantity]) -> list[Quantity]:
    """Make one of the two ends of each range: "2-6%", "5 to 10 ms", "between 55 and 60%"."""
    joined: list[Quantity] = []
    for item in items:
        if joined and _is_range(text, joined[-1], item):
            low = joined.pop()
            joined.append(
                low._replace(
                    end=item.end,
                    value=text[low.start : item.end],
                    unit=item.unit,
                    unit_end=item.unit_end,
                    ranged=True,
                )
            )
        else:
            joined.append(item)
    return joined


def _is_range(text: str, low: Quantity, high: Quantity) -> bool:
    if low.ranged or low.signed or high.signed or low.unit != high.unit:
        return False
    if not (low.value[-1].isdigit() and high.value[-1].isdigit()):
        return False
    if float(low.value.replace(",", "")) >= float(high.value.replace(",", "")):
        return False
    before = text[max(0, low.start - _BEFORE) : low.start]
    if _BETWEEN.search(before):
        return _AND_TO.fullmatch(text, low.unit_end, high.start) is not None
    if _DASH.fullmatch(text, low.unit_end, high.start):
        return True
    return not _FROM.search(before) and _TO.fullmatch(text, low.unit_end, high.start) is not None
