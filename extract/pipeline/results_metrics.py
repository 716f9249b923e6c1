"""Metrics that only their figures show: no recogniser found them, but a number stands beside.

In a sentence with numbers, a phrase is a metric where it ends in a word of measuring ("success
rate", "error") or where it is what a number is said of ("increases the vocabulary by 20%"). In
sentences that name a metric already, only phrases right beside a number are added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .mentions import Candidate
from .quantities import Quantity, find_quantities
from .sentences import sentence_spans

COMPARATIVE_METRICS = {
    "faster": "speed",
    "fast": "speed",
    "slower": "speed",
    "smaller": "size",
    "cheaper": "cost",
}
COMPARATIVE_METRICS |= dict.fromkeys(
    ("speeds up", "speed up", "speeding up", "accelerate", "accelerating"), "speed"
)

_METRIC_WORD = re.compile(
    r"\b(?:accurac(?:y|ies)|precision|recall|F-?1(?:[- ]?(?:scores?|measures?))?|F-(?:scores?|measures?)|BLEU(?: scores?)?"
    r"|ROUGE(?: scores?)?|perplexity|latency|throughput|speed-?ups?|error rate|success rate|win rate"
    r"|exact match|agreement|correlation|(?:inference|training) (?:time|speed)|memory (?:usage|footprint|consumption))\b",
    re.IGNORECASE,
)
_COMPARATIVE = re.compile(r"\b(?:faster|slower|smaller|cheaper)\b|(?<=\bas )fast\b")
# A word of the phrase; what cannot be part of a name ends it.
_WORD = (
    r"(?!(?:an?|the|of|in|on|for|to|by|and|or|with|from|at|as|its|their|our|this|that|these|those|which"
    r"|we|is|are|was|were|be|has|have|had|than|best|highest|lowest|average|averaged|overall|final"
    r"|mean|median|total|new|high|higher|low|lower|good|better|significant|substantial|absolute"
    r"|relative|additional|further|maximum|minimum|same|similar|comparable|up|over|about|around|only"
    r"|achiev\w+|reach\w*|obtain\w*|attain\w*|yield\w*|report\w*|show\w*|improv\w+|increas\w+|reduc\w+"
    r"|decreas\w+|both|all|most|more|less|competitive|promising|impressive|respective|corresponding"
    r"|strong|state-of-the-art|test|validation|development|baseline|model|models|compared|gains?"
    r"|boost\w*|drops?|points?|percent|percentage|while|when|where|without|no|not|any)\b)[A-Za-z][\w-]{0,24}"
)
_HEAD = (
    r"(?:rates?|scores?|accurac(?:y|ies)|errors?|ratios?|precision|recall|F-?1|agreement|correlation|coefficient|kappa"
    r"|perplexity|latency|throughput|coverage|consistency|similarity|faithfulness|factuality|fluency|diversity|overhead"
    r"|cost|costs|usage|consumption|footprint|time|speed|count|index|AUC|AUROC|EER|WER|CER|mAP|MRR|UAS|LAS"
    r"|performance|quality|correctness|compliance|adherence|loss|FLOPs)"
)
_PHRASE = rf"(?:{_WORD}\s){{0,3}}{_HEAD}(?:[- ](?:score|rate|measure))?\b"
_NOUNS = rf"(?:number of\s)?(?:{_WORD}\s){{0,2}}{_WORD}"
_GAIN = (
    r"(?:improvements?|increases?|reductions?|gains?|drops?|decreases?|decline|boosts?|savings?)"
)
_HEDGE = r"(?:only|just|up|nearly|about|around|over|above|below|to|at|least|most|more|less|than|approximately|roughly|an?|average|of)"
_LINK = (
    rf"\s(?:\([\w@ -]{{1,20}}\)\s)?(?:(?:scores?|values?|{_GAIN})\s)?"
    r"(?:(?:is|was|are|were|reach(?:es|ed)|hits?|falls?|drops?|rises?|of|at|to|by|from|as)\s){1,2}"
    rf"(?:{_HEDGE}\s){{0,3}}[≈~∼+<>]?\s?$"
)
_SAID_BEFORE = re.compile(rf"(?<![\w-])(?P<metric>{_PHRASE}){_LINK}", re.IGNORECASE)
_LABELLED = re.compile(rf"(?<![\w-])(?P<metric>{_PHRASE})\s?[:=]\s?$", re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:improv|increas|reduc|decreas|cut|lower|rais|boost|enhanc|sav|shorten|shrink)\w{0,5}\s(?:the |its |their |our |total |overall |average ){0,2}"
    rf"(?P<metric>{_NOUNS})(?: of [\w -]{{1,30}})?\s(?:by|to|from)\s(?:{_HEDGE}\s|factor\s){{0,4}}[≈~∼]?$",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(
    rf"\s?(?:absolute |relative |average |overall |higher |lower |better |increased? |improved |reduced )?(?:in (?:terms of )?)?(?P<metric>{_PHRASE})",
    re.IGNORECASE,
)
_GAIN_IN = re.compile(
    rf"\s?(?:absolute |relative |average |overall |significant )?{_GAIN}"
    rf"\s(?:in|of)\s(?:the |its |overall |average |total ){{0,2}}(?P<metric>{_NOUNS})",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\s?(?:less|fewer|lower|higher|greater|larger|smaller|shorter|longer|better)\s"
    rf"(?P<metric>{_NOUNS})(?=[\s.,;)])"
)
_FASTER = re.compile(
    r"\b(?P<metric>speed(?:s|ing)? up|accelerat(?:es?|ing))\s(?:[\w-]{1,20}\s){0,4}?(?:by|to)\s"
    rf"(?:{_HEDGE}\s|factor\s){{0,4}}[≈~∼]?$"
)
# A share of what was spent or reached elsewhere; other shares describe data.
_KEPT = re.compile(
    r"\b(?:only|just|less than|fewer than|using|with|requir\w+|retain\w*|preserv\w*|maintain\w*|keep\w*"
    rf"|recover\w*)\s(?:{_HEDGE}\s){{0,3}}[≈~∼<]?\s?$"
)
_SHARE = re.compile(
    r"\sof\s(?:the |its |their )?(?:full |original |total |available )?"
    rf"(?P<metric>(?:{_WORD}\s){{0,2}}(?:data|parameters|costs?|compute|memory|time|performance|accuracy|FLOPs))\b"
)
_WINDOW = 110
_VAGUE = re.compile(
    r"(?:results?|state|data|examples?|terms|scores?|rates?|systems?|models?|methods?|number)",
    re.IGNORECASE,
)


def missing_metrics(text: str, mentions: Sequence[Candidate]) -> list[Candidate]:
    """Find what stands as a metric beside a number but was not recognised."""
    taken = [(m.start, m.end) for m in mentions]
    quantities = find_quantities(text, taken)
    found: list[Candidate] = []
    for start, end in sentence_spans(text):
        numbers = [q for q in quantities if start <= q.start < end]
        if not numbers:
            continue
        named = any(m.label == "Metric" and start <= m.start < end for m in mentions)
        spans = [] if named else list(_words(text, start, end, numbers))
        for number in numbers:
            spans += _beside(text, start, end, number)
        found += _free(spans, taken)
    return found


def _words(
    text: str, start: int, end: int, numbers: Sequence[Quantity]
) -> Iterator[tuple[int, int]]:
    """Yield well-known metrics, and comparatives right after a number, anywhere in a sentence."""
    for match in _METRIC_WORD.finditer(text, start, end):
        yield match.span()
    for match in _COMPARATIVE.finditer(text, start, end):
        if any(q.unit in ("x", "%") and 0 <= match.start() - q.unit_end < 5 for q in numbers):
            yield match.span()


def _beside(text: str, start: int, end: int, number: Quantity) -> Iterator[tuple[int, int]]:
    """Yield the phrases that a number is said of, before it and after it."""
    if number.unit not in (None, "%", "points", "x") or not _is_score(number):
        return
    first = max(start, number.start - _WINDOW)
    before = text[first : number.start]
    after = text[number.unit_end : min(end, number.unit_end + _WINDOW)]
    for match, offset in (
        (_CHANGED.search(before), first),
        (_SAID_BEFORE.search(before), first),
        (_LABELLED.search(before), first),
        (_GAIN_IN.match(after), number.unit_end),
        (_FASTER.search(before), first),
        (_SAID_AFTER.match(after), number.unit_end),
        (_MORE.match(after), number.unit_end),
        (_SHARE.match(after) if _KEPT.search(before) else None, number.unit_end),
    ):
        if match and not _VAGUE.fullmatch(match.group("metric")):
            yield offset + match.start("metric"), offset + match.end("metric")


def _is_score(number: Quantity) -> bool:
    return number.unit is not None or "." in number.value


def _free(spans: Iterable[tuple[int, int]], taken: list[tuple[int, int]]) -> Iterator[Candidate]:
    """Make candidates of the spans that overlap no name, the longest first."""
    for start, end in sorted(set(spans), key=lambda span: (span[0] - span[1], span)):
        if not any(start < b and a < end for a, b in taken):
            taken.append((start, end))
            yield Candidate(start, end, "Metric", 0.6, "result-metric")
