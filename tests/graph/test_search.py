"""Search by name: what is found, in which order, and that no text is more than words."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, RdfFormat, Store

from fairpapers.graph.iris import Iris
from fairpapers.graph.search import KINDS, Found, build_index, index_file, search
from fairpapers.graph.snapshot import Snapshot, current_snapshot
from fairpapers.graph.terms import node, term


class Built(Protocol):
    directory: Path

    def open(self) -> Store: ...


@pytest.fixture(scope="module")
def snapshot(built: Built) -> Snapshot:
    return current_snapshot(built.directory)


def labels(found: list[Found]) -> list[str]:
    return [each.label for each in found]


def test_every_name_of_every_thing_finds_it(built: Built, snapshot: Snapshot, iris: Iris) -> None:
    core = node(iris.graph("core"))
    store = built.open()
    names = 0
    for prop in ("skos:prefLabel", "skos:altLabel", "dcterms:title"):
        for quad in store.quads_for_pattern(None, term(prop), None, core):
            assert isinstance(quad.object, Literal)
            found = search(snapshot, quad.object.value)
            assert f"<{found[0].iri}>" == str(quad.subject), quad.object.value
            names += 1
    with sqlite3.connect(index_file(snapshot.path)) as index:
        assert index.execute("SELECT COUNT(*) FROM entries").fetchone() == (names,)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("squad", "SQuAD"),
        ("conll03", "CoNLL-2003"),
        ("conll2003", "CoNLL-2003"),
        ("named ent", "named entity recognition"),
        ("recognition named", "named entity recognition"),
        ("fragebank", "FrageBank"),
        ("korpus fur", "FrageBank: ein Korpus für Fragen und Antworten"),
        ("  ontonotes-5.0 ", "OntoNotes 5.0"),
    ],
)
def test_case_hyphens_accents_and_order_make_no_difference(
    snapshot: Snapshot, text: str, first: str
) -> None:
    assert labels(search(snapshot, text))[0] == first


def test_what_is_named_exactly_so_comes_first_and_then_what_most_papers_name(
    snapshot: Snapshot,
) -> None:
    assert labels(search(snapshot, "llama 2"))[0] == "LLaMA 2"
    counts = [each.papers for each in search(snapshot, "l")]
    assert counts == sorted(counts, reverse=True)


def test_a_kind_leaves_out_the_others(snapshot: Snapshot) -> None:
    for kind in KINDS:
        assert {each.kind for each in search(snapshot, "a", kind=kind)} <= {kind}
    assert labels(search(snapshot, "squad", kind="model")) == []


def test_no_more_than_asked_for_and_each_thing_once(snapshot: Snapshot) -> None:
    found = search(snapshot, "a", most=3)
    assert len(found) == 3
    assert len({each.iri for each in search(snapshot, "conll")}) == len(search(snapshot, "conll"))


@given(
    text=st.text()
    | st.sampled_from(
        ['"', "a_b", "bert_base", "Ⅷ² a", "a OR b", "NEAR(a b)", "a*", "{name} : a", "^a", "-"]
    )
)
def test_any_text_is_words_and_no_operator(snapshot: Snapshot, text: str) -> None:
    for each in search(snapshot, text, most=5):
        assert each.kind in KINDS


def test_the_same_graph_gives_the_same_index(built: Built, tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    assert build_index(built.open(), first) == build_index(built.open(), second)
    assert first.read_bytes() == second.read_bytes()


FP = "https://w3id.org/fairpapers/ontology#"


def indexed(data: str, path: Path) -> Snapshot:
    """The index of some TriG, in which a: is the ontology."""
    store = Store()
    prefixes = f"@prefix a: <{FP}> . @prefix s: <http://www.w3.org/2004/02/skos/core#> . "
    store.load(f"{prefixes} {data}", RdfFormat.TRIG)
    build_index(store, index_file(path))
    return Snapshot("0" * 16, path, "http://example.org", "", "", 0, {})


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("a:paperCount 2", id="counted"),
        pytest.param("", id="in no paper yet"),
        pytest.param('a:paperCount "many", -1, 2.5, 1e400, a:Model, _:b', id="no numbers"),
        pytest.param(f"a:paperCount {'9' * 40}", id="beyond every number"),
        pytest.param("a a:Benchmark", id="of two classes of one kind"),
        pytest.param('s:altLabel 7, "Foo"@de, <urn:label>, "Foo" ; a <urn:other>', id="odd names"),
    ],
)
def test_what_people_write_by_hand_is_found_once(tmp_path: Path, data: str) -> None:
    thing = f'<urn:x> a a:Dataset ; s:prefLabel "Foo" {";" if data else ""} {data} .'
    odd = '[] a a:Model ; s:prefLabel "Foo" . <urn:y> a a:Dataset . <urn:z> s:prefLabel "Foo" .'
    snapshot = indexed(f"<urn:g> {{ {thing} }} <urn:h> {{ {thing} {odd} }} {thing}", tmp_path)
    assert [(each.iri, each.kind) for each in search(snapshot, "foo")] == [("urn:x", "dataset")]


def test_a_name_counts_in_whatever_graph_it_is(tmp_path: Path) -> None:
    data = '<urn:g> { <urn:x> a a:Model } <urn:h> { <urn:x> s:altLabel "Bar" } <urn:x> a:paperCount 3 .'
    (found,) = search(indexed(data, tmp_path), "bar")
    assert (found.iri, found.label, found.papers) == ("urn:x", "urn:x", 3)


def test_an_index_that_is_given_up_leaves_no_file(built: Built, tmp_path: Path) -> None:
    for after in (0, 3, 40):
        looks = iter(range(after))
        with pytest.raises(TimeoutError):
            build_index(built.open(), tmp_path / "index", stop=lambda: next(looks, None) is None)  # noqa: B023
        assert not list(tmp_path.iterdir())


def test_an_index_without_a_place_is_an_error_of_the_system(built: Built, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        build_index(built.open(), tmp_path / "nowhere" / "index")
