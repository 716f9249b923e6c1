from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fairpapers.extract.training.public import CORPORA, PublicCorpus, detokenise, read_public
from fairpapers.extract.training.texts import LabelledSpan, without_overlaps

_TOKENS = st.lists(
    st.sampled_from([*"-/,.()[]{}:;!?%'", "word", "BERT", "'s", "n't", "``", "''", "4", "é"]),
    min_size=1,
    max_size=30,
)


def test_hyphens_brackets_and_final_stops_are_joined() -> None:
    text, spans = detokenise(
        "We use SAF R - CNN ( ours ) , a state - of - the - art model .",
        [LabelledSpan(7, 18, "Method")],
    )
    assert text == "We use SAF R-CNN (ours), a state-of-the-art model."
    assert text[spans[0].start : spans[0].end] == "SAF R-CNN"


def test_spaces_that_a_writer_would_put_stay() -> None:
    text = "It is a test. See (Smith, 2019) and the rest"
    assert detokenise(text, []) == (text, ())


@settings(deadline=None)
@given(_TOKENS, st.data())
def test_spans_keep_their_characters(tokens: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(tokens) - 1))
    last = data.draw(st.integers(first, len(tokens) - 1))
    text = " ".join(tokens)
    start = len(" ".join(tokens[:first])) + bool(first)
    end = len(" ".join(tokens[: last + 1]))
    joined, (span,) = detokenise(text, [LabelledSpan(start, end, "Method")])
    assert joined.replace(" ", "") == text.replace(" ", "")
    covered = joined[span.start : span.end]
    assert covered.replace(" ", "") == text[start:end].replace(" ", "")
    assert covered == covered.strip()


def test_labels_without_a_counterpart_are_dropped(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(
        '{"id": 1, "text": "IndBAN beats two datasets", "spans": ['
        '{"start": 0, "end": 6, "label": "Dataset"},'
        '{"start": 13, "end": 25, "label": "Geen Dataset"}]}\n'
        '{"id": 2, "text": "1 2 3", "spans": []}\n'
    )
    corpus = PublicCorpus("heddes", "corpus.jsonl", "CC-BY-4.0", {"Dataset": "Dataset"})
    (text,) = read_public(corpus, tmp_path)
    assert text.spans == (LabelledSpan(0, 6, "Dataset"),)


def test_the_longest_of_overlapping_spans_stays() -> None:
    spans = [LabelledSpan(0, 4, "A"), LabelledSpan(2, 9, "B"), LabelledSpan(9, 10, "C")]
    assert without_overlaps(spans) == (LabelledSpan(2, 9, "B"), LabelledSpan(9, 10, "C"))


def test_every_public_corpus_is_readable_and_labelled_as_declared(shared: Path) -> None:
    for corpus in CORPORA:
        texts = read_public(corpus, shared)
        labels = {span.label for text in texts for span in text.spans}
        assert labels == set(corpus.labels.values())
