"""What a change does to a store."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.updates.applying import ChangeFault, apply
from fairpapers.api.updates.changes import (
    Change,
    GraphChange,
    Part,
    Update,
    decode,
    encode,
)

BASE = "http://example.org/base"
TWO = "GRAPH <urn:g> { <urn:a> <urn:p> 1 } GRAPH <urn:h> { <urn:b> <urn:p> 2 }"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    """Parses updates; its content plays no part."""
    path = str(tmp_path_factory.mktemp("published") / "store")
    ox.Store(path).flush()
    return ox.Store.read_only(path)


def updated(
    published: ox.Store,
    text: str,
    data: str = TWO,
    *,
    default_graphs: tuple[str, ...] = (),
    named_graphs: tuple[str, ...] = (),
) -> ox.Store:
    store = ox.Store()
    store.update(f"INSERT DATA {{ {data} }}")
    change = Update(
        text=text, base_iri=BASE, default_graphs=default_graphs, named_graphs=named_graphs
    )
    apply(change, store, published, max_depth=50)
    return store


def subjects_in(store: ox.Store, graph: str) -> set[str]:
    found = store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    return {str(quad.subject).strip("<>") for quad in found}


def quads(store: ox.Store) -> set[str]:
    return {str(quad).replace("^^<http://www.w3.org/2001/XMLSchema#integer>", "") for quad in store}


def test_where_reads_all_graphs_as_queries_do(published: ox.Store) -> None:
    copy = "INSERT { GRAPH <urn:out> { ?s <urn:p> ?o } } WHERE { ?s <urn:p> ?o }"
    store = updated(published, copy, TWO + " <urn:c> <urn:p> 3")
    assert subjects_in(store, "urn:out") == {"urn:a", "urn:b", "urn:c"}
    # The stand-in for the unnamed graph is gone.
    assert {str(graph) for graph in store.named_graphs()} == {"<urn:g>", "<urn:h>", "<urn:out>"}


def test_named_graphs_are_found_too_and_the_stand_in_is_not(published: ox.Store) -> None:
    note = "INSERT { GRAPH <urn:out> { <urn:x> <urn:in> ?g } } WHERE { GRAPH ?g { ?s <urn:p> ?o } }"
    store = updated(published, note, TWO + " <urn:c> <urn:p> 3")
    found = store.quads_for_pattern(None, None, None, ox.NamedNode("urn:out"))
    assert {str(quad.object) for quad in found} == {"<urn:g>", "<urn:h>"}


def test_what_an_operation_made_the_next_one_reads(published: ox.Store) -> None:
    text = """
    INSERT { GRAPH <urn:new> { ?s <urn:q> ?o } } WHERE { ?s <urn:p> ?o } ;
    PREFIX urn: <urn:>
    INSERT { GRAPH urn:last { ?s urn:r ?o } } WHERE { ?s urn:q ?o }
    """
    store = updated(published, text)
    assert subjects_in(store, "urn:last") == {"urn:a", "urn:b"}


def test_a_template_without_graph_writes_and_removes_in_the_unnamed_graph(
    published: ox.Store,
) -> None:
    store = updated(published, "INSERT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o }")
    assert '<urn:a> <urn:q> "1"' in quads(store)
    store = updated(published, "DELETE WHERE { ?s ?p ?o }", TWO + " <urn:c> <urn:p> 3")
    assert quads(store) == {
        '<urn:a> <urn:p> "1" <urn:g>',
        '<urn:b> <urn:p> "2" <urn:h>',
    }


@pytest.mark.parametrize(
    ("dataset", "subjects"),
    [
        pytest.param({"default_graphs": ("urn:g",)}, {"urn:a"}, id="one"),
        pytest.param({"default_graphs": ("urn:g", "urn:h")}, {"urn:a", "urn:b"}, id="two"),
        pytest.param({"named_graphs": ("urn:g",)}, set(), id="named only"),
    ],
)
def test_the_graphs_of_the_protocol_are_read(
    published: ox.Store, dataset: dict[str, tuple[str, ...]], subjects: set[str]
) -> None:
    text = "INSERT { GRAPH <urn:out> { ?s <urn:p> ?o } } WHERE { ?s <urn:p> ?o }"
    store = updated(published, text, **dataset)  # type: ignore[arg-type]
    assert subjects_in(store, "urn:out") == subjects


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CLEAR ALL; INSERT DATA {", "update-syntax"),
        ("CLEAR GRAPH <urn:no>", "conflict"),
        ("CREATE GRAPH <urn:g>", "conflict"),
        ("LOAD <http://127.0.0.1/>", "forbidden"),
        ("INSERT {} WHERE { SERVICE <http://127.0.0.1/> {} }", "forbidden"),
        ("INSERT {} WHERE " + "{" * 60 + "}" * 60, "request"),
        ("WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", None),
        ("CLEAR SILENT GRAPH <urn:no>", None),
    ],
)
def test_faults_are_told_apart(published: ox.Store, text: str, kind: str | None) -> None:
    found = None
    try:
        updated(published, text)
    except ChangeFault as fault:
        found = fault.kind
    assert found == kind


@pytest.mark.parametrize("iri", ["", "x", "urn:a b", "urn:a> USING <urn:b", "urn:\u0000"])
def test_what_is_no_iri_gets_into_no_update(published: ox.Store, iri: str) -> None:
    text = "INSERT { GRAPH <urn:out> { ?s ?p ?o } } WHERE { ?s ?p ?o }"
    with pytest.raises(ChangeFault, match="no absolute IRI"):
        updated(published, text, default_graphs=(iri,))


def test_relative_iris_are_relative_to_the_endpoint_or_base(published: ox.Store) -> None:
    text = (
        "INSERT DATA { <x> <urn:p> <y> } ; BASE <http://b.example/> INSERT DATA { <x> <urn:p> 1 }"
    )
    found = quads(updated(published, text, ""))
    assert "<http://example.org/x> <urn:p> <http://example.org/y>" in found
    assert '<http://b.example/x> <urn:p> "1"' in found


def test_a_large_part_is_loaded_at_once_and_replaces_all(published: ox.Store) -> None:
    store = ox.Store()
    lines = "".join(f'<urn:s{number}> <urn:p> "{"x" * 90}" .\n' for number in range(12_000))
    for data in ("<urn:old> <urn:p> 1 .", lines):
        part = Part(media_type="text/turtle", data=data)
        change = GraphChange(action="put", graph="urn:g", base_iri=BASE, parts=(part,))
        apply(change, store, published, max_depth=50)
    assert len(store) == 12_000


def test_the_process_of_a_change_cannot_open_sockets(tmp_path: Path) -> None:
    """The second hand, where the check of the text would miss something."""
    code = """
import sys, pyoxigraph as ox
from fairpapers.api.workers import confinement
assert confinement.deny_sockets()
for text in ("LOAD <http://127.0.0.1:8/>", "INSERT {} WHERE { SERVICE <http://127.0.0.1:8/> {} }"):
    try:
        ox.Store().update(text)
    except Exception as error:
        assert "not permitted" in str(error) or "ermission" in str(error), error
    else:
        sys.exit(f"{text} went through")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    st.builds(
        Update,
        text=texts,
        base_iri=texts,
        default_graphs=st.lists(texts).map(tuple),
        named_graphs=st.lists(texts).map(tuple),
    )
    | st.builds(
        GraphChange,
        action=st.sampled_from(["put", "post", "delete"]),
        graph=st.none() | texts,
        base_iri=texts,
        parts=st.lists(st.builds(Part, media_type=texts, data=texts)).map(tuple),
    )
)
def test_a_change_crosses_to_its_process_as_it_is(change: Change) -> None:
    assert decode(encode(change)) == change
