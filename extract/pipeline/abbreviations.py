"""Abbreviations that a text defines: ``Long Form (LF)`` and ``LF (Long Form)``.

The algorithm is that of A. Schwartz and M. Hearst, "A simple algorithm for identifying
abbreviation definitions in biomedical text", Pacific Symposium on Biocomputing 2003.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from .mentions import Candidate, add_free, read_mentions, register_extensions, write_mentions

_BRACKETED = re.compile(r"[(\[]([^()\[\]\n]{2,120})[)\]]")
_SHORT = re.compile(r"[^\W_][\w&/.+'’-]{0,14}")
_SHORT_BEFORE = re.compile(r"(?<![\w-])([^\W_][\w&/.+-]{1,14})\s$")
_WORD = re.compile(r"[^\s(){}\[\],;:]+")
_BREAK = re.compile(r"[.;:!?]\s|[(){}\[\]\n\"“”]")
_INITIAL = re.compile(r"(?<![^\W_])[^\W_]")
_WINDOW = 200
PAIRS_KEY = "fairpapers_abbreviations"


class Abbreviation(NamedTuple):
    """A short form and the long form that the text gives for it, each by its offsets."""

    short_start: int
    short_end: int
    long_start: int
    long_end: int


def find_abbreviations(text: str) -> list[Abbreviation]:
    """Find the defined abbreviations, by the position of their definition.

    >>> find_abbreviations("We study named entity recognition (NER).")
    [Abbreviation(short_start=35, short_end=38, long_start=9, long_end=33)]
    """
    found = []
    for match in _BRACKETED.finditer(text):
        pair = _short_in_brackets(text, match) or _long_in_brackets(text, match)
        if pair:
            found.append(pair)
    return found


def best_long_form(short: str, before: str) -> int | None:
    """Find where in ``before`` the long form of ``short`` starts, running to its end.

    Each letter or digit of the short form must occur, in order, reading both from the right; the
    first one must begin a word. None where there is no such long form.

    >>> best_long_form("SVD", "by singular value decomposition")
    3
    >>> best_long_form("XYZ", "by singular value decomposition") is None
    True
    """
    letters = [c.lower() for c in short if c.isalnum()]
    if (initials := _by_initials(letters, before)) is not None:
        return initials
    position = len(before)
    for index in range(len(letters) - 1, -1, -1):
        position -= 1
        while position >= 0 and (
            before[position].lower() != letters[index]
            or (index == 0 and position > 0 and before[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
    return position


def _by_initials(letters: Sequence[str], before: str) -> int | None:
    """Find the last words that begin with the letters; the general search may stop too early."""
    words = list(_INITIAL.finditer(before))[-len(letters) :]
    same = [word.group().lower() for word in words] == list(letters)
    return words[0].start() if same else None


def project(pairs: Sequence[Abbreviation], candidates: Sequence[Candidate]) -> list[Candidate]:
    """Give the other half of each pair the label of the half that is a mention.

    A long form counts as recognised where a candidate covers it but for leading words. Where both
    halves are recognised with different labels, the surer one decides for both.
    """
    by_span = {(c.start, c.end): c for c in candidates}
    replaced: dict[tuple[int, int], Candidate] = {}
    for pair in pairs:
        short, long = pair[:2], pair[2:]
        known = [by_span[span] for span in (long, short) if span in by_span]
        if not known:
            known = [c for c in candidates if c.end == pair.long_end and c.start > pair.long_start]
            known = [c for c in known if c.start - pair.long_start < (pair.long_end - c.start)]
        if known:
            best = max(known, key=lambda c: c.confidence)
            for start, end in (short, long):
                replaced[start, end] = Candidate(
                    start, end, best.label, best.confidence, "abbreviation"
                )
    new = [c for span, c in replaced.items() if by_span.get(span, c).label == c.label]
    fixed = [_relabelled(c, replaced.get((c.start, c.end))) for c in candidates]
    fresh = [c for c in new if (c.start, c.end) not in by_span]
    kept = [c for c in fixed if not any(n.start <= c.start and c.end <= n.end for n in fresh)]
    return add_free(kept, fresh)


def _relabelled(candidate: Candidate, better: Candidate | None) -> Candidate:
    return candidate if better is None else candidate._replace(label=better.label)


def _short_in_brackets(text: str, match: re.Match[str]) -> Abbreviation | None:
    inner = match.group(1)
    # "(NER, for short)": what follows a comma or semicolon is no part of the short form.
    short = re.split(r"[,;]\s", inner, maxsplit=1)[0].strip().strip("\"'“”‘’")
    if not _is_short_form(short):
        return None
    start = match.start(1) + inner.index(short)
    end = len(text[: match.start()].rstrip())
    window = _clause(text, max(0, end - _WINDOW), end)
    words = [m.start() for m in _WORD.finditer(window)]
    most = min(len(short) + 5, len(short) * 2)
    window_start = words[-most] if len(words) > most else 0
    core = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    offset = best_long_form(core, window[window_start:])
    if offset is None:
        return None
    long_start = end - len(window) + window_start + offset
    long = text[long_start:end]
    if len(long) <= len(short) or re.search(rf"(?<!\w){re.escape(short)}(?!\w)", long):
        return None
    return Abbreviation(start, start + len(short), long_start, end)


def _long_in_brackets(text: str, match: re.Match[str]) -> Abbreviation | None:
    before = _SHORT_BEFORE.search(text[max(0, match.start() - 20) : match.start()])
    if before is None or not _is_short_form(before.group(1)):
        return None
    short, long = before.group(1), match.group(1).strip()
    if len(long.split()) < 2 or best_long_form(short, long) != 0:
        return None
    short_start = match.start() - 1 - len(short)
    long_start = match.start(1) + match.group(1).index(long)
    return Abbreviation(short_start, short_start + len(short), long_start, long_start + len(long))


def _is_short_form(short: str) -> bool:
    if not 2 <= len(short) <= 15 or not _SHORT.fullmatch(short):
        return False
    capitals = sum(c.isupper() for c in short)
    return capitals >= 2 or (capitals == 1 and len(short) <= 5 and any(c.isdigit() for c in short))


def _clause(text: str, start: int, end: int) -> str:
    window = text[start:end]
    breaks = [m.end() for m in _BREAK.finditer(window)]
    return window[breaks[-1] :] if breaks else window


def read_abbreviations(doc: Doc) -> tuple[Abbreviation, ...]:
    """Read the pairs that the component left on the document."""
    return tuple(Abbreviation(*pair) for pair in doc.user_data.get(PAIRS_KEY, ()))


def write_abbreviations(doc: Doc, pairs: Iterable[Abbreviation]) -> None:
    """Keep pairs on the document, as plain lists that survive serialization."""
    doc.user_data[PAIRS_KEY] = [list(pair) for pair in pairs]


@Language.factory(
    "fairpapers_abbreviations",
    assigns=["doc.spans", "doc._.abbreviations"],
    requires=["doc.spans"],
)
class Abbreviations:
    """Find abbreviation pairs and let either half lend its label to the other."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        register_extensions()
        if not Doc.has_extension("abbreviations"):
            Doc.set_extension("abbreviations", getter=read_abbreviations)

    def __call__(self, doc: Doc) -> Doc:
        """Find the pairs and bring the candidates in line with them."""
        pairs = find_abbreviations(doc.text)
        write_abbreviations(doc, pairs)
        write_mentions(doc, project(pairs, read_mentions(doc)))
        return doc
