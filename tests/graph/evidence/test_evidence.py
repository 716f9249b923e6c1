"""The chain behind every statement of the sample graph, and sentences of copies of its texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from fairpapers.extract.corpus import Skipped
from fairpapers.extract.papers import normalize_line
from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.errors import NoEvidence, StatementUnclear
from fairpapers.graph.evidence import (
    Copy,
    Evidence,
    Span,
    evidence_of,
    find_copies,
    point_at,
    quote,
)
from fairpapers.graph.iris import Iris
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore
from fairpapers.ontology.terms import DEFAULT_BASE, FP

SAMPLE = Path(__file__).parents[1]
IRIS = Iris(DEFAULT_BASE)
PAPER = "doi:10.5555/sample.2023.1"


@pytest.fixture(scope="module")
def records() -> tuple[Record, ...]:
    return tuple(read_records(SAMPLE / "sample_records.jsonl"))


@pytest.fixture(scope="module")
def store(
    records: tuple[Record, ...], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EmbeddedStore]:
    directory = tmp_path_factory.mktemp("evidence")
    build_graph(records, directory)
    with EmbeddedStore(current_snapshot(directory).store) as store:
        yield store


def found(store: EmbeddedStore, *words: str) -> Evidence:
    return evidence_of(point_at(words, store, IRIS), store, IRIS)


def no_skipping(skipped: Skipped) -> None:
    raise AssertionError(skipped)


def all_nodes(records: tuple[Record, ...], store: EmbeddedStore) -> list[str]:
    query = f"SELECT ?n WHERE {{ ?n <{FP.confidence}> ?c }} ORDER BY ?n"
    return [str(row[0])[1:-1] for row in store.select(query).rows]


def test_every_node_has_a_chain_and_its_words_stand_where_it_says(
    records: tuple[Record, ...], store: EmbeddedStore
) -> None:
    nodes = all_nodes(records, store)
    assert len(nodes) > 100
    papers = {item.paper.key: item.paper for n in nodes for item in found(store, n).items}
    copies = find_copies(SAMPLE / "sample_papers.jsonl", list(papers.values()), skipped=no_skipping)
    # Two sample papers have keys that their texts do not give.
    assert len(copies) == len(records) - 2
    assert all(copy.same for copy in copies.values())
    for iri in nodes:
        item = found(store, iri).items[0]
        if item.paper.key not in copies:
            continue
        assert item.iri == iri
        assert item.paper.text_length == len(copies[item.paper.key].text)
        assert item.maker is not None or item.kind == "mention"
        spans = [*item.mentions, *([item.place] if item.place else [])]
        assert spans
        for span in spans:
            shown = quote(copies[item.paper.key], span)
            assert shown.how == "by position"
            assert (span.words or "") in shown.sentence[shown.start : shown.end]


@pytest.mark.parametrize(
    "words",
    [
        (f"{DEFAULT_BASE}/id/paper/doi:10.5555:sample.2023.1/c/1",),
        (f"<{DEFAULT_BASE}/id/paper/doi:10.5555:sample.2023.1/c/1>",),
        ("id/paper/doi:10.5555:sample.2023.1/c/1",),
        (" paper/doi:10.5555:sample.2023.1/c/1 ",),
    ],
)
def test_a_claim_is_named_in_full_or_short(store: EmbeddedStore, words: tuple[str, ...]) -> None:
    (item,) = found(store, *words).items
    assert (item.kind, item.paper.key, item.review.status) == ("claim", PAPER, "auto")


@pytest.mark.parametrize("subject", [PAPER, "paper/doi:10.5555:sample.2023.1", IRIS.paper(PAPER)])
@pytest.mark.parametrize("relation", ["uses", "fp:uses", f"<{FP.uses}>"])
@pytest.mark.parametrize("value", ["CoNLL-2003", "conll-2003", "dataset/conll-2003"])
def test_a_statement_is_named_in_one_string_or_three(
    store: EmbeddedStore, subject: str, relation: str, value: str
) -> None:
    one = found(store, f"{subject} {relation} {value}")
    three = found(store, subject, relation, value)
    assert one == three
    (item,) = one.items
    assert item.statement == (
        IRIS.paper(PAPER),
        FP.uses,
        IRIS.resource("Dataset", "conll-2003"),
    )
    assert [mention.words for mention in item.mentions] == ["CoNLL-2003"]
    assert item.paper.address == "https://doi.org/10.5555/sample.2023.1"


def test_names_with_spaces_stand_around_the_relation(store: EmbeddedStore) -> None:
    (item,) = found(store, f"{PAPER} addressesTask named entity recognition").items
    assert item.shown.endswith("fp:addressesTask named entity recognition")


def test_derived_statements_lead_to_what_they_follow_from(store: EmbeddedStore) -> None:
    scored = found(store, "SpanForge", "evaluatedOn", "CoNLL-2003")
    assert scored.derived is not None
    assert {item.kind for item in scored.items} == {"result"}
    assert all(("data set", "CoNLL-2003") in item.facts for item in scored.items)
    mentioned = found(store, PAPER, "mentions", "CoNLL-2003")
    assert mentioned.derived is not None
    assert mentioned.items == found(store, PAPER, "uses", "CoNLL-2003").items


def test_a_result_and_a_size_say_what_they_are_and_where(store: EmbeddedStore) -> None:
    (result,) = found(store, "paper/doi:10.5555:sample.2023.1/r/1").items
    facts = dict(result.facts)
    assert (facts["metric"], facts["value"], facts["kind"]) == ("F1", "93.4", "absolute")
    assert result.place is not None
    assert result.place.words == facts["as written"] == "93.4"


def test_a_mention_brings_what_rests_on_it(store: EmbeddedStore) -> None:
    (claim,) = found(store, PAPER, "uses", "CoNLL-2003").items
    items = found(store, claim.mentions[0].iri).items
    assert items[0].kind == "mention"
    assert claim in items
    assert {item.kind for item in items[1:]} <= {"claim", "result", "size"}


def test_what_is_not_stated_or_unclear_is_told(store: EmbeddedStore) -> None:
    with pytest.raises(NoEvidence, match="fp:introduces"):
        found(store, PAPER, "introduces", "CoNLL-2003")
    with pytest.raises(NoEvidence):
        found(store, "paper/doi:10.5555:sample.2023.1/c/999")
    for words in (
        (PAPER, "uses", "Nothing of the sort"),
        (PAPER, "likes", "CoNLL-2003"),
        ("CoNLL-2003",),
        (PAPER, "uses"),
        (PAPER, "uses", "http://e/ space"),
    ):
        with pytest.raises(StatementUnclear):
            found(store, *words)


def test_a_name_of_several_resources_lists_them(
    records: tuple[Record, ...], tmp_path: Path
) -> None:
    first = records[0]
    mention = next(m for m in first.mentions if m.text == "CoNLL-2003")
    entity = next(e for e in first.entities if e.id == mention.entity)
    twin = replace(entity, id="twin", label="Task")
    record = replace(
        first,
        entities=(*first.entities, twin),
        mentions=(*first.mentions, replace(mention, label="Task", entity="twin")),
    )
    build_graph([record], tmp_path)
    with EmbeddedStore(current_snapshot(tmp_path).store) as store:
        with pytest.raises(StatementUnclear) as caught:
            found(store, PAPER, "uses", "CoNLL-2003")
        assert len(caught.value.candidates) == 2
        assert "task/conll-2003" in str(caught.value)
        assert found(store, PAPER, "uses", "task/conll-2003").items


@pytest.mark.parametrize(
    "attack", ['x" } # ', "x> ?y ?z", "'''", "} UNION { ?s ?p ?o", "\\u0022 . ?s ?p ?o", "\0"]
)
def test_no_word_becomes_part_of_a_query(store: EmbeddedStore, attack: str) -> None:
    with pytest.raises(StatementUnclear):
        found(store, PAPER, "uses", attack)


def test_a_bound_literal_is_a_value_and_nothing_else(store: EmbeddedStore) -> None:
    name = Literal('"} SELECT')
    (row,) = store.select("SELECT ?name WHERE { BIND(1 AS ?one) }", {"name": name}).rows
    assert row == (name,)


def test_another_text_of_the_paper_is_searched_for_the_words() -> None:
    span = Span("m", 0, 4, "BERT")
    text = "Title\nRoBERTa is new. We use BERT here. BERT again."
    shown = quote(Copy(text, same=False, sha256=""), span)
    assert (shown.how, shown.sentence) == ("by words", "We use BERT here.")
    assert shown.sentence[shown.start : shown.end] == "BERT"
    assert quote(Copy("Title\nNothing.", same=False, sha256=""), span).how == "not found"
    lower = quote(Copy("Title\nUse bert.", same=False, sha256=""), span)
    assert lower.sentence == "Use bert."


def test_a_paper_that_the_file_does_not_have_is_not_found(
    store: EmbeddedStore, tmp_path: Path
) -> None:
    file = tmp_path / "other.jsonl"
    file.write_text('{"title": "Another", "abstract": "Nothing."}\n')
    (item,) = found(store, PAPER, "uses", "CoNLL-2003").items
    assert find_copies(file, [item.paper], skipped=no_skipping) == {}


@given(st.text(), st.text(max_size=40), st.data())
def test_a_quote_by_position_is_the_text_of_the_span(
    title: str, more: str, data: st.DataObject
) -> None:
    text = f"{normalize_line(title) or 'T'}\n{normalize_line(more)}"
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown = quote(Copy(text, same=True, sha256=""), Span("m", start, end, None))
    words = shown.sentence[shown.start : shown.end]
    # White space at the end of a sentence is not shown.
    assert words == text[start:end] or (words == text[start:end].rstrip())
    assert shown.sentence in text
