"""The assembled pipeline: from papers to records."""

from __future__ import annotations

import logging
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from fairpapers.extract.errors import ModelError
from fairpapers.extract.papers import Paper, Source, normalize_line
from fairpapers.extract.pipeline import extract_records, generator, load_pipeline
from fairpapers.extract.pipeline.extraction import COMPONENTS, LONGEST_TEXT, folder_digest
from fairpapers.extract.pipeline.mentions import SPANS_KEY
from fairpapers.extract.records import Record

ABSTRACT = (
    "Recently, neural machine translation (NMT) has become popular. We propose FooBar, a framework "
    "built on BERT. On WMT14 it improves BLEU by 2.3 points. FooBar is 3x faster."
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline(rules_only=True)


def paper(abstract: str, title: str = "FooBar: Faster Translation", number: int = 1) -> Paper:
    return Paper(
        f"p{number}", f"title:{number}", title, abstract, Source("papers.jsonl", number, "jsonl")
    )


def check(record: Record, text: str) -> None:
    """What must hold of every record."""
    entities = {entity.id: entity for entity in record.entities}
    assert len(entities) == len(record.entities)
    for mention in record.mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.text in entities[mention.entity].surfaces
        assert mention.label == entities[mention.entity].label
    for one, other in pairwise(record.mentions):
        assert one.end <= other.start
    assert {m.entity for m in record.mentions} == set(entities)
    metrics = {e.canonical for e in record.entities if e.label == "Metric"}
    for result in record.results:
        assert text[result.start : result.end] == result.value
        assert result.metric in metrics


def test_a_paper_becomes_a_record(nlp: Language) -> None:
    one = paper(ABSTRACT)
    (record,) = extract_records([one], nlp)
    check(record, one.text)
    found = {(e.label, e.canonical): e.role for e in record.entities}
    assert found["Method", "FooBar"] == "introduced"
    assert found["Model", "BERT"] == "used"
    assert found["Dataset", "WMT14"] == "used"
    assert ("Metric", "BLEU") in found
    nmt = next(e for e in record.entities if e.canonical == "neural machine translation")
    assert set(nmt.surfaces) == {"neural machine translation", "NMT"}
    assert (record.text_sha256, record.text_length) == (one.text_sha256, len(one.text))
    assert record.source.line == 1
    assert Record.from_json(record.to_json()) == record


def test_order_is_kept_across_batches(nlp: Language) -> None:
    papers = [paper(ABSTRACT if n % 3 else "", number=n) for n in range(1, 12)]
    records = list(extract_records(iter(papers), nlp, batch_size=4))
    assert [r.id for r in records] == [p.id for p in papers]


def test_reading_is_lazy(nlp: Language) -> None:
    seen = []

    def papers() -> object:
        for n in range(1, 100):
            seen.append(n)
            yield paper("Text.", number=n)

    next(extract_records(papers(), nlp, batch_size=4))  # type: ignore[arg-type]
    assert len(seen) <= 8


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(max_size=40),
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "BERT",
                "BLEU",
                "of",
                "12.5%",
                "by",
                "3x",
                "faster",
                "(",
                ")",
                "We propose",
                "FooNet",
                "NMT",
                "neural machine translation",
                ",",
                ".",
                "שלום",
                "\u202e",
                "SQuAD",
                "and",
                "Task 4",
            ]
        ),
        max_size=30,
    ).map(" ".join),
)
def test_any_text_gives_a_consistent_record(nlp: Language, title: str, abstract: str) -> None:
    one = paper(normalize_line(abstract), normalize_line(title))
    (record,) = extract_records([one], nlp)
    check(record, one.text)


def test_an_over_long_text_is_cut_with_a_warning(
    nlp: Language, caplog: pytest.LogCaptureFixture
) -> None:
    one = paper("We use BERT here. " * (LONGEST_TEXT // 18 + 500))
    with caplog.at_level(logging.WARNING):
        (record,) = extract_records([one], nlp)
    assert "only the first" in caplog.text
    assert record.text_length == len(one.text) > LONGEST_TEXT
    assert record.mentions
    assert record.mentions[-1].end <= LONGEST_TEXT
    check(record, one.text)


@pytest.mark.parametrize("unit", ["a", "A-", "(", "1,", "A.B@", "http://", "\u202e"])
def test_a_megabyte_without_words_is_no_trouble(nlp: Language, unit: str) -> None:
    (record,) = extract_records([paper(unit * (1_000_000 // len(unit)))], nlp)
    assert record.text_length > 990_000


def test_several_processes_find_the_same(nlp: Language) -> None:
    doc = nlp(paper(ABSTRACT).text)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.entities == doc._.entities
    assert again._.results == doc._.results
    assert [(s.start, s.end, s.label_) for s in again.spans[SPANS_KEY]] == [
        (s.start, s.end, s.label_) for s in doc.spans[SPANS_KEY]
    ]


def test_the_components_stand_in_any_pipeline_by_name() -> None:
    nlp = spacy.blank("en")
    for name in COMPONENTS:
        nlp.add_pipe(name)
    analysis = nlp.analyze_pipes()
    assert analysis is not None
    assert not any(analysis["problems"].values())
    assert nlp(paper(ABSTRACT).text)._.entities


def test_the_generator_names_program_and_model(nlp: Language) -> None:
    made_by = generator(nlp)
    assert (made_by.name, made_by.model) == ("fairpapers", "rules")
    assert len(made_by.model_sha256) == 64


def test_a_digest_depends_on_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = folder_digest(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    second = folder_digest(tmp_path)
    (tmp_path / "b").write_text("2")
    assert len({first, second, folder_digest(tmp_path)}) == 3


def test_a_saved_pipeline_loads_and_finds_the_same(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "Method", "pattern": "gizmo search"}])  # type: ignore[attr-defined]
    nlp.to_disk(tmp_path / "model")
    loaded = load_pipeline(tmp_path / "model")
    (record,) = extract_records([paper("A gizmo search finds; the gizmo search wins.")], loaded)
    assert [m.text for m in record.mentions if m.label == "Method"].count("gizmo search") == 2
    assert generator(loaded).model_sha256 == folder_digest(tmp_path / "model")


def test_a_folder_without_a_pipeline_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        load_pipeline(tmp_path)
