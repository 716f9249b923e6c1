"""Counts of things: the number as written, what it amounts to, and what is counted.

"over 137K labelled examples" counts labelled examples: 137,000 of them, or more. Shares, multiples,
years and numbers that belong to a name count nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ..records import Comparator
from .quantities import read_comparator

PARAMETERS = "parameters"
_SPELLED = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_WORDS = {word: Decimal(number) for number, word in enumerate(_SPELLED.split("|"), start=2)}
_POWERS = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "million": 6,
    "b": 9,
    "bn": 9,
    "billion": 9,
    "t": 12,
    "trillion": 12,
}
_DIGITS = r"\d{1,3}(?:,\d{3}){1,4}(?![\d,])|\d{1,9}(?:\.\d{1,3})?"
_LARGE = "thousand|million|billion|trillion"
_WRITTEN = re.compile(
    rf"(?:(?P<digits>{_DIGITS})\s?(?P<power>[kmbt]|bn|{_LARGE})?|(?P<word>{_SPELLED})(?:\s(?P<times>{_LARGE}))?)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.,@#/^$€£=<>–-])"
    rf"(?P<value>(?:{_DIGITS})(?:\s?[kKMBT]\b|[bB]n\b|\s(?:{_LARGE})\b)?|\b(?:{_SPELLED})(?:\s(?:{_LARGE}))?\b)\+?"
    r"(?P<joint>[\s-])(?=[^\W_])",
    re.IGNORECASE,
)
_BRACKETS = re.compile(
    r"\s?\((?:with\s|~|≈|about\s)?(?P<value>\d{1,3}(?:\.\d{1,2})?\s?[MB])(?P<unit>[\s-](?:params|parameters))?\)"
)
_WORD = re.compile(r"([^\W_][\w’'/-]{0,30}[^\W_]|[^\W\d_])(?=[\s.,;:()—]|$)")
_END = re.compile(
    r"(?:an?|the|of|in|on|for|to|by|and|or|with|from|at|as|that|which|who|whose|where|when|while|than|is|are|was|were"
    r"|be|been|has|have|had|we|our|their|its|it|they|this|these|those|across|spanning|covering|about|over|under|per|via"
    r"|using|into|such|each|both|but|not|can|will|between|within|without|through|times|out|more|less|fewer|larger"
    r"|smaller|faster|percent|points?|including|includes?|containing|contains?|covers|compared|against|during|after"
    r"|available|extracted|collected|selected)",
    re.IGNORECASE,
)
_NO_PLURAL = re.compile(
    r".*(?:ss|us|is|ous|’s|'s)|news|sports|series|politics|physics|mathematics|economics|ethics|arts|semantics"
    r"|linguistics|genomics|statistics|robotics|graphics|humanities|always|thus|perhaps|besides|times|years|months|weeks|days"
    r"|works|ways|aspects|points",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r".*[a-zA-Z]s|people|children|corpora|treebanks|criteria|phenomena|lemmata|women|men|lexica",
    re.IGNORECASE,
)
_TAKES_OF = re.compile(
    r"hours|minutes|pairs|types|kinds|lines|sets|pieces|categories", re.IGNORECASE
)
_OF = re.compile(r"\sof\s(?=[^\W\d_])")
_VAGUE = re.compile(
    r"(?:different|diverse|distinct|various|unique|individual|new|novel|additional|other|total|more|typologically"
    r"|high-quality|large-scale|manually|carefully|publicly|real|challenging|popular),?\s"
)
_YEAR = re.compile(r"(?:1[89]|20)\d{2}")
_LONGEST_PHRASE, _BEFORE, _SHORT = 6, 40, 32


class Count(NamedTuple):
    """A number of things. The span goes from the number to the end of what is counted.

    ``of`` is what is counted, in the words of the text; ``head`` its last word in lower case.
    ``compound`` tells that number and noun are one word, as in "a 5,000-sentence corpus".
    """

    start: int
    end: int
    value: str
    number: Decimal
    comparator: Comparator
    of: str
    head: str
    compound: bool


def parse_count(written: str) -> Decimal | None:
    """Read a whole number: digits with K, M, B, T or thousand to trillion, or two to twelve.

    >>> [str(parse_count(text)) for text in ("137K", "1.8 Million", "31,219", "twelve", "1M, 2M")]
    ['137000', '1800000', '31219', '12', 'None']
    """
    match = _WRITTEN.fullmatch(written.strip())
    if not match:
        return None
    digits, power = match["digits"], match["power"] or match["times"]
    base = Decimal(digits.replace(",", "")) if digits else _WORDS[match["word"].lower()]
    number = base.scaleb(_POWERS[power.lower()]) if power else base
    whole = number.to_integral_value()
    return whole.quantize(Decimal(1)) if whole == number else None


def find_counts(text: str, start: int, end: int, names: Sequence[tuple[int, int]]) -> list[Count]:
    """Find the counts of one sentence; a number inside one of ``names`` is part of the name."""
    found = (_count(text, match, end) for match in _NUMBER.finditer(text, start, end))
    return [count for count in found if count and not any(a <= count.start < b for a, b in names)]


def size_in_brackets(text: str, name_end: int) -> Count | None:
    """Find the number of parameters in brackets behind the name of a model: "Phi-2 (2.7B)"."""
    match = _BRACKETS.match(text, name_end)
    number = parse_count(match["value"]) if match else None
    if not match or number is None:
        return None
    start, end = match.start("value"), match.end() - 1
    return Count(start, end, match["value"], number, "=", PARAMETERS, PARAMETERS, False)


def _count(text: str, match: re.Match[str], end: int) -> Count | None:
    value, start = match["value"], match.start("value")
    number = parse_count(value)
    before = text[max(0, start - _BEFORE) : start]
    if number is None or (_YEAR.fullmatch(value) and not before.rstrip("~≈∼ ").endswith(" of")):
        return None
    first = match.end()
    compound = match["joint"] == "-"
    last = _compound(text, first, end) if compound else _phrase(text, first, end)
    if last is None:
        return None
    words = _VAGUE.sub("", text[first:last])
    if compound and not words.endswith("s"):
        words += "s"
    head = re.split(r"[\s-]", words.split(" of ")[0])[-1].lower()
    more = text[match.end("value")] == "+"
    comparator: Comparator = "≥" if more else read_comparator(before)
    return Count(start, last, value, number, comparator, words, head, compound)


def _compound(text: str, start: int, end: int) -> int | None:
    """Find the end of the noun that a hyphen joins to a number."""
    match = re.compile(r"[a-z]{3,20}(?:-[a-z]{3,20})?(?=\s)").match(text, start, end)
    return match.end() if match else None


def _with_of(text: str, place: int, end: int) -> int:
    """Add what hours, pairs or types are of: its plural, else one word."""
    of = _OF.match(text, place, end)
    word = of and _WORD.match(text, of.end(), end)
    if not of or not word or _END.fullmatch(word[1]):
        return place
    return _phrase(text, of.end(), min(end, of.end() + _SHORT)) or word.end()


def _phrase(text: str, start: int, end: int) -> int | None:
    """Find where the things end that are counted from ``start`` on: at the first plural."""
    place = start
    for _ in range(_LONGEST_PHRASE):
        match = _WORD.match(text, place, end)
        if not match or _END.fullmatch(match[1]):
            return None
        place = match.end()
        if _PLURAL.fullmatch(match[1]) and not _NO_PLURAL.fullmatch(match[1]):
            return _with_of(text, place, end) if _TAKES_OF.fullmatch(match[1]) else place
        place += 2 if text.startswith(", ", place) else 1
    return None
