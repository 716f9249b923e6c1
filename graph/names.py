"""Which two names are the same name: case, hyphens, spacing, plurals and acronyms.

All rules are conservative, since two things under one name mislead more than one under two.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－_"), "-")
_QUOTES = {**dict.fromkeys(map(ord, "“”„«»″"), '"'), **dict.fromkeys(map(ord, "‘’‚`′"), "'")}
# Between two digits a gap means something: "Llama 2 7B" is not "Llama 27B".
_RUN = re.compile(r"[-\s]+")
_GAP = re.compile(r"(?<![0-9]) | (?![0-9])")
_DIGITS = re.compile(r"[0-9]+")

_PLURAL_LABELS = frozenset({"Task", "Method", "Metric"})
_LAST_WORD = re.compile(r"[A-Za-z]+$")
# Endings under which a final s is not a plural: loss, basis, corpus, bias, chaos, statistics.
_SINGULAR = re.compile(r"(ss|is|us|as|os|ics|news|series|species|lens)$")
_PLURALS = ((re.compile(r"(?<=[a-z]{2})ies$"), "y"), (re.compile(r"(?<=ss|sh|ch)es$|xes$"), ""))
_LONGEST_ACRONYM = 10


@lru_cache(maxsize=1 << 20)
def fold(name: str) -> str:
    """Key under which two spellings of one name are equal.

    Compatibility characters, case, kind of dash and quote, hyphens and spaces do not count, but a
    gap between two digits does.

    >>> fold("Fine-Tuning") == fold("fine tuning") == fold("finetuning")
    True
    >>> fold("Llama 2 7B") == fold("llama-2-7b"), fold("Llama 2 7B") == fold("Llama 27B")
    (True, False)
    """
    plain = unicodedata.normalize("NFKC", name).translate(_DASHES).translate(_QUOTES).casefold()
    spaced = _RUN.sub(" ", unicodedata.normalize("NFKC", plain)).strip()
    return unicodedata.normalize("NFKC", _GAP.sub("", spaced))


def singular(name: str, label: str) -> str:
    """The name with its last word in the singular, or as it is.

    Only Tasks, Methods and Metrics have plurals, and only a lower-case English word of four
    letters or more or an upper-case acronym with a small s: a product name keeps its s.

    >>> singular("word embeddings", "Method"), singular("CNNs", "Method")
    ('word embedding', 'CNN')
    >>> singular("BLEU-S", "Metric"), singular("loss", "Metric"), singular("DeepWalks", "Method")
    ('BLEU-S', 'loss', 'DeepWalks')
    """
    match = _LAST_WORD.search(name)
    if label not in _PLURAL_LABELS or not match or not name.endswith("s"):
        return name
    before, word = name[: match.start()], match[0]
    if word[:-1].isupper():
        return before + word[:-1] if len(word) > 2 else name
    if not word.islower() or len(word) < 4 or _SINGULAR.search(word):
        return name
    for ending, instead in _PLURALS:
        if ending.search(word):
            return before + ending.sub("x" if word.endswith("xes") else instead, word)
    return before + word[:-1]


@lru_cache(maxsize=1 << 20)
def is_acronym(short: str, long: str) -> bool:
    """Whether one name of an entity is made of the letters of another one of it.

    The short one is a single word of 2 to 10 characters with at least two capitals; its letters
    occur in order in the long one, the first of them at its start; the long one has two words or
    more; both have the same digits. After Schwartz and Hearst, "A simple algorithm for identifying
    abbreviation definitions in biomedical text" (PSB 2003), with the digits added so that versions
    stay apart. It tells long form from short form where a text has paired them, and proves nothing
    about two names from different texts.

    >>> is_acronym("NER", "named entity recognition"), is_acronym("CNNs", "convolutional neural net")
    (True, True)
    >>> is_acronym("NER", "machine translation"), is_acronym("GP4", "Gaussian process 3")
    (False, False)
    """
    bare = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    letters = [char for char in bare.casefold() if char.isalnum()]
    if (
        not 2 <= len(bare) <= _LONGEST_ACRONYM
        or sum(char.isupper() for char in bare) < 2
        or " " in bare
        or len(re.split(r"[-\s]+", long.strip())) < 2
        or len(long) < 2 * len(bare)
        or _DIGITS.findall(bare) != _DIGITS.findall(long)
    ):
        return False
    return _in_order(letters, long.casefold())


def _in_order(letters: list[str], text: str) -> bool:
    """Match from the right, as the algorithm asks; the first letter must start the text."""
    position = len(text)
    for letter in reversed(letters[1:]):
        position = text.rfind(letter, 1, position)
        if position < 0:
            return False
    return text.startswith(letters[0])


# Sizes have one digit behind the point at most: "Llama-3.18B" is Llama 3.1 with a lost hyphen.
_SIZE = re.compile(
    r"(?P<family>.*[A-Za-z0-9)])[-\s_]+(?P<variant>[0-9]+(\.[0-9])?[BbMmKk]"
    r"|(?i:tiny|mini|nano|small|base|medium|large|huge|giant|xl|xxl|chat|instruct|cased|uncased))"
)


def family(name: str) -> str | None:
    """The name without the size or tuning at its end; None where it has none.

    >>> family("Llama 2 70B"), family("BERT-large"), family("Llama 2")
    ('Llama 2', 'BERT', None)
    """
    match = _SIZE.fullmatch(name.strip())
    return match["family"] if match else None
