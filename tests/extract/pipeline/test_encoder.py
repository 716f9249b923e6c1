"""The accurate backend, with an encoder that knows a few words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc

from fairpapers.extract.errors import EncoderError, MissingExtraError
from fairpapers.extract.papers import Paper, Source
from fairpapers.extract.pipeline import (
    PipelineChoice,
    extract_in_processes,
    extract_records,
    generator,
    load_pipeline,
)
from fairpapers.extract.pipeline.encoder import drop_doubtful, read_probabilities, shipped_encoder
from fairpapers.extract.pipeline.encoder_session import ABOUT, Session
from fairpapers.extract.pipeline.encoder_words import split
from fairpapers.extract.pipeline.mentions import (
    Candidate,
    read_mentions,
    register_extensions,
    write_mentions,
)
from fairpapers.extract.training.tokenizer import customize

from ...toy_encoder import describe, write_toy_encoder

WORDS = {"bert": "Model", "glue": "Dataset", "parsing": "Task"}
PARTS = ("a", " ", "\n", "BERT", "glue", "é", "\u0301", "中", "🧪", "\x00", "-", "ﬁ")
TEXTS = st.lists(st.sampled_from(PARTS), max_size=20).map("".join)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_encoder(tmp_path_factory.mktemp("encoder"), WORDS)


def pipeline(folder: Path, **config: float) -> Language:
    nlp = spacy.blank("en")
    customize(nlp)
    nlp.add_pipe("fairpapers_encoder", config={"path": str(folder), "trust": 0.0, **config})
    return nlp


@pytest.fixture(scope="module")
def alone(toy: Path) -> Language:
    return pipeline(toy)


def ents(doc: Doc) -> list[tuple[int, int, str, float]]:
    return [(e.start_char, e.end_char, e.label_, e._.probability) for e in doc.ents]


def test_spans_have_offsets_in_the_text_and_probabilities(alone: Language) -> None:
    doc = alone("𝔾 BERT is\nnot GLUE")
    assert [e[:3] for e in ents(doc)] == [(2, 6, "Model"), (14, 18, "Dataset")]
    assert all(0.8 < e[3] < 1 for e in ents(doc))


def test_probabilities_survive_serialization(alone: Language) -> None:
    doc = alone("BERT")
    again = Doc(alone.vocab).from_bytes(doc.to_bytes())
    assert ents(again) == ents(doc)
    assert read_probabilities(again) == read_probabilities(doc)


def test_all_spans_that_are_not_all_but_impossible_have_a_probability(alone: Language) -> None:
    doc = alone("BERT and")
    found = read_probabilities(doc) or {}
    ((start, end, label, probability),) = ents(doc)
    assert found[start, end, label] == probability
    assert 0 < found[start, end, "Task"] < 0.05
    assert sum(p for (s, e, _), p in found.items() if (s, e) == (0, 4)) <= 1


def test_mentions_that_the_encoder_rules_out_are_left_out(tmp_path: Path) -> None:
    register_extensions()
    nlp = pipeline(write_toy_encoder(tmp_path, WORDS, probability=0.9999))
    doc = nlp("BERT and others")
    kept = Candidate(0, 4, "Model", 0.9, "gazetteer")
    write_mentions(doc, [kept, Candidate(9, 15, "Task", 0.9, "propagation")])
    assert read_mentions(drop_doubtful(doc)) == [kept]


def test_without_an_encoder_no_mention_is_doubted() -> None:
    register_extensions()
    doc = spacy.blank("en")("BERT and others")
    write_mentions(doc, [Candidate(9, 15, "Task", 0.9, "propagation")])
    assert len(read_mentions(drop_doubtful(doc))) == 1


@given(st.lists(st.one_of(TEXTS, st.text(max_size=60)), min_size=1, max_size=4))
def test_any_text_is_read_alike_alone_and_in_batches(alone: Language, texts: list[str]) -> None:
    single = [ents(doc) for doc in alone.pipe(texts, batch_size=1)]
    assert [ents(doc) for doc in alone.pipe(texts, batch_size=32)] == single
    for text, found in zip(texts, single, strict=True):
        ends = 0
        for start, end, _, probability in found:
            assert ends <= start < end <= len(text)
            assert text[start:end].strip() == text[start:end]
            assert "\n" not in text[start:end]
            assert 0.65 < probability <= 1
            ends = end


def test_a_text_beyond_one_window_is_read_to_its_end(alone: Language) -> None:
    text = "A title\n" + "we use BERT here " * 400
    found = ents(alone(text))
    assert [text[start:end] for start, end, *_ in found] == ["BERT"] * 400
    assert max(p for *_, p in found) == pytest.approx(min(p for *_, p in found), abs=1e-4)


def test_scores_are_logarithms_of_probabilities_of_each_word(toy: Path, alone: Language) -> None:
    session = Session(toy)
    words = split(alone, "BERT parses everything " * 300)
    scores = session.scores(words)
    assert scores.shape == (900, len(session.tags))
    assert np.exp(scores).sum(axis=1) == pytest.approx(np.ones(900), abs=1e-5)


def marked_first(folder: Path, trust: float) -> Language:
    """A pipeline whose recogniser calls every GLUE a task."""
    nlp = pipeline(folder, trust=trust)
    ruler = cast(EntityRuler, nlp.add_pipe("entity_ruler", first=True))
    ruler.add_patterns([{"label": "Task", "pattern": "GLUE"}])
    return nlp


def test_the_recogniser_decides_where_the_encoder_is_not_sure(tmp_path: Path) -> None:
    unsure = write_toy_encoder(tmp_path, WORDS, probability=0.2)
    assert [e.label_ for e in marked_first(unsure, 4.0)("on GLUE").ents] == ["Task"]
    assert [e.label_ for e in marked_first(unsure, 0.0)("on GLUE").ents] == []


def test_the_recogniser_does_not_decide_where_the_encoder_is_sure(tmp_path: Path) -> None:
    sure = write_toy_encoder(tmp_path, WORDS, probability=0.999)
    assert [e.label_ for e in marked_first(sure, 2.0)("on GLUE").ents] == ["Dataset"]


def test_what_both_say_is_surer(toy: Path) -> None:
    nlp = marked_first(toy, 2.0)
    ruler = cast(EntityRuler, nlp.get_pipe("entity_ruler"))
    ruler.add_patterns([{"label": "Model", "pattern": "BERT"}])
    (together,) = (e for e in nlp("we use BERT").ents)
    (by_itself,) = (e for e in pipeline(toy)("we use BERT").ents)
    assert together._.probability > by_itself._.probability


def paper(title: str) -> Paper:
    return Paper("p", "title:p", title, "We use BERT.", Source("papers.jsonl", 1, "jsonl"))


def test_records_name_both_models_and_workers_make_the_same(toy: Path) -> None:
    nlp = load_pipeline(accurate=toy)
    papers = [paper("parsing"), paper("On parsing GLUE")]
    alone = list(extract_records(papers, nlp))
    assert nlp.pipe_names[:2] == ["ner", "fairpapers_encoder"]
    assert list(extract_in_processes(papers, PipelineChoice(accurate=toy), 2)) == alone
    (made_by,) = {record.generator for record in alone}
    plain = generator(load_pipeline())
    assert made_by.model == f"{plain.model}+encoder"
    assert made_by.model_sha256 != plain.model_sha256


def test_another_encoder_is_another_generator(toy: Path, tmp_path: Path) -> None:
    other = write_toy_encoder(tmp_path, WORDS, probability=0.8)
    one, two = (generator(load_pipeline(accurate=folder)) for folder in (toy, other))
    assert one.model_sha256 != two.model_sha256


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_a_missing_package_is_named_with_its_remedy(
    toy: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        MissingExtraError, match=rf"{package}: pip install 'fairpapers\[accurate\]'"
    ):
        load_pipeline(accurate=toy)


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "meta.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write_toy_encoder(tmp_path, WORDS)
    (folder / name).unlink()
    with pytest.raises(EncoderError, match=f"{name} is not there"):
        Session(folder)


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json"])
def test_a_file_that_was_cut_off_is_named(tmp_path: Path, name: str) -> None:
    folder = write_toy_encoder(tmp_path, WORDS)
    (folder / name).write_bytes((folder / name).read_bytes()[:-9])
    with pytest.raises(EncoderError, match=f"{name} is not the file"):
        Session(folder)
    describe(folder)
    with pytest.raises(EncoderError, match="no encoder can be loaded"):
        Session(folder)


@pytest.mark.parametrize("changed", [{"format": 2}, {"labels": ["Model"]}, {"shapes": 8}])
def test_an_encoder_of_another_version_is_refused(
    tmp_path: Path, changed: dict[str, object]
) -> None:
    folder = write_toy_encoder(tmp_path, WORDS)
    describe(folder, **changed)
    with pytest.raises(EncoderError, match=next(iter(changed))):
        Session(folder)


def test_a_description_that_is_no_json_is_named(tmp_path: Path) -> None:
    folder = write_toy_encoder(tmp_path, WORDS)
    (folder / "meta.json").write_text("{")
    with pytest.raises(EncoderError, match=r"meta\.json is no JSON"):
        Session(folder)


def test_a_vocabulary_without_the_marks_is_refused(tmp_path: Path) -> None:
    folder = write_toy_encoder(tmp_path, WORDS)
    tokens = (folder / "tokenizer.json").read_text()
    (folder / "tokenizer.json").write_text(tokens.replace("[CLS]", "[BOS]"))
    describe(folder)
    with pytest.raises(EncoderError, match=r"no piece \[CLS\]"):
        Session(folder)


@pytest.fixture(scope="module")
def shipped() -> Language:
    if not (shipped_encoder() / ABOUT).is_file():
        pytest.skip("no encoder is shipped with this version")
    return pipeline(shipped_encoder())


def test_the_shipped_encoder_finds_well_known_names(shipped: Language) -> None:
    found = {(e.text, e.label_) for e in shipped("We fine-tune BERT on the SQuAD dataset.").ents}
    assert ("BERT", "Model") in found


def test_the_shipped_encoder_does_not_look_at_the_neighbours(shipped: Language) -> None:
    texts = ["We train T5 on SQuAD.", "A parser\n" + "of trees with GPT-4 " * 40, ""]
    single = [ents(shipped(text)) for text in texts]
    together = [ents(doc) for doc in shipped.pipe(texts, batch_size=32)]
    assert [[e[:3] for e in found] for found in together] == [
        [e[:3] for e in found] for found in single
    ]
    for one, other in zip(single, together, strict=True):
        assert [e[3] for e in one] == pytest.approx([e[3] for e in other], abs=1e-5)
