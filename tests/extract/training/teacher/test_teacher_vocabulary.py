from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from fairpapers.extract.training.teacher.vocabulary import changed_share, prune

PIECES = ["[PAD]", "p", "[UNK]", "pa", "[CLS]", "[SEP]", "[MASK]", "parse", "##r", "##s", "##rs"]
LETTERS = [*"arsent", *(f"##{letter}" for letter in "aent")]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    vocabulary = {piece: number for number, piece in enumerate([*PIECES, *LETTERS, "tree"])}
    made = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = BertNormalizer()
    made.pre_tokenizer = BertPreTokenizer()
    made.add_special_tokens(["[UNK]", "[MASK]"])
    return made


def test_pieces_keep_their_order_and_their_old_numbers(tokenizer: Tokenizer) -> None:
    pruned = prune(tokenizer, ["parsers parse", "parsers"], 2)
    before, after = tokenizer.get_vocab(), pruned.tokenizer.get_vocab()
    assert "tree" not in after
    assert "pa" not in after
    assert {"parse", "##rs", "[PAD]", "[MASK]", "p", "##s"} <= after.keys()
    assert sorted(after.values()) == list(range(len(after)))
    assert {piece: pruned.rows[number] for piece, number in after.items()} == {
        piece: number for piece, number in before.items() if piece in after
    }


def test_special_pieces_have_their_new_numbers(tokenizer: Tokenizer) -> None:
    pruned = prune(tokenizer, ["parse"], 1).tokenizer
    added = json.loads(pruned.to_str())["added_tokens"]
    assert {t["content"]: t["id"] for t in added} == {
        name: pruned.token_to_id(name) for name in ("[UNK]", "[MASK]")
    }


@given(st.text("parsent ", max_size=30))
def test_whatever_could_be_written_still_can(tokenizer: Tokenizer, text: str) -> None:
    smaller = prune(tokenizer, ["parse"], 1).tokenizer
    whole, cut = (
        each.encode(text, add_special_tokens=False).tokens for each in (tokenizer, smaller)
    )
    assert whole.count("[UNK]") == cut.count("[UNK]")
    assert "".join(p.removeprefix("##") for p in whole) == "".join(
        p.removeprefix("##") for p in cut
    )


def test_the_share_that_changes_is_counted_in_pieces(tokenizer: Tokenizer) -> None:
    smaller = prune(tokenizer, ["parse", "parsers"], 1).tokenizer
    assert changed_share(tokenizer, smaller, ["parse tree", "parsers tree parse"]) == pytest.approx(
        2 / 6
    )
    assert changed_share(tokenizer, tokenizer, ["parse tree"]) == 0
    assert changed_share(tokenizer, smaller, []) == 0
