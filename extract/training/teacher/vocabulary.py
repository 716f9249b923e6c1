"""The word pieces that texts of the field need, of a vocabulary made for all of English."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from tokenizers import Tokenizer

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_CONTINUED = "##"


class Pruned(NamedTuple):
    """A tokenizer with fewer pieces, numbered from 0, and the numbers that they had before."""

    tokenizer: Tokenizer
    rows: tuple[int, ...]


def prune(tokenizer: Tokenizer, texts: Iterable[str], least: int) -> Pruned:
    """Keep the pieces that occur ``least`` times in texts, single characters and special pieces.

    Every word that could be written before still can, if need be character by character.
    """
    counts = _counts(tokenizer, texts)
    old: dict[str, int] = tokenizer.get_vocab()
    kept = sorted(
        (number, piece)
        for piece, number in old.items()
        if counts[number] >= least or piece in _SPECIAL or len(piece.removeprefix(_CONTINUED)) == 1
    )
    numbers = {piece: n for n, (_, piece) in enumerate(kept)}
    described: dict[str, Any] = json.loads(tokenizer.to_str())
    described["model"]["vocab"] = numbers
    # Begin and end are added where a text is cut into windows.
    described["post_processor"] = described["padding"] = described["truncation"] = None
    described["added_tokens"] = [
        {**token, "id": numbers[token["content"]]} for token in described["added_tokens"]
    ]
    smaller = Tokenizer.from_str(json.dumps(described))
    return Pruned(smaller, tuple(number for number, _ in kept))


def changed_share(before: Tokenizer, after: Tokenizer, texts: Sequence[str]) -> float:
    """Share of the pieces of some texts that another tokenizer cuts further."""
    whole, cut = (
        [piece for e in each.encode_batch(texts, add_special_tokens=False) for piece in e.tokens]
        for each in (before, after)
    )
    same = sum((Counter(whole) & Counter(cut)).values())
    return 1 - same / len(whole) if whole else 0.0


def _counts(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        counts.update(encoding.ids)
    return counts
