"""What is found after a change: new names, not the old ones, and no index made for nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from fairpapers.api.updates.changes import Change, GraphChange, Update
from fairpapers.api.updates.indexing import changed_graphs, index_snapshot
from fairpapers.graph.search import has_index, index_file, search
from fairpapers.graph.snapshot import Snapshot, current_snapshot

Site = Any
Serving = Callable[..., AbstractContextManager[Site]]

BASE = "http://example.org"
CORE = f"{BASE}/graph/core"
NAMES = """PREFIX fp: <https://w3id.org/fairpapers/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
TURTLE = NAMES.replace("PREFIX", "@prefix").replace(">\n", "> .\n")
DATA = f"""<{CORE}> {{
  <{BASE}/id/dataset/a> a <https://w3id.org/fairpapers/ontology#Dataset> ;
    <http://www.w3.org/2004/02/skos/core#prefLabel> "Alphabet" .
}}"""


@pytest.fixture
def site(serve_writable: Serving) -> Iterator[Site]:
    with serve_writable(DATA) as made:
        yield made


def found(site: Site, text: str) -> list[str]:
    response = site.client.get("/search", params={"q": text})
    assert response.status_code == 200, response.text
    return [hit["label"] for hit in response.json()["hits"]]


def update(site: Site, text: str) -> None:
    response = site.update(NAMES + text)
    assert response.status_code == 204, response.text


def index_number(site: Site) -> int:
    """The number of the file that the index of the published snapshot is."""
    return index_file(current_snapshot(site.directory).path).stat().st_ino


def test_a_name_is_found_once_it_is_there_and_not_when_it_is_gone(site: Site) -> None:
    # It was published without an index, as by an older version; the first change makes one.
    assert site.client.get("/search", params={"q": "alphabet"}).status_code == 503
    update(
        site,
        f"""INSERT DATA {{ GRAPH <{CORE}> {{
          <{BASE}/id/model/b> a fp:Model ; fp:paperCount 2 ; skos:prefLabel "Betamax" }} }}""",
    )
    assert found(site, "beta") == ["Betamax"]
    assert found(site, "alphabet") == ["Alphabet"]
    update(
        site,
        """DELETE { GRAPH ?g { ?s skos:prefLabel ?o } } INSERT { GRAPH ?g { ?s skos:prefLabel "Gammaray" } }
        WHERE { GRAPH ?g { ?s skos:prefLabel ?o FILTER(?o = "Betamax") } }""",
    )
    assert found(site, "beta") == []
    assert found(site, "gamma") == ["Gammaray"]
    update(site, f"DELETE WHERE {{ GRAPH <{CORE}> {{ <{BASE}/id/model/b> ?p ?o }} }}")
    assert found(site, "gamma") == []
    assert found(site, "alphabet") == ["Alphabet"]


def test_a_name_in_a_graph_of_its_own_is_found_as_the_page_shows_it(site: Site) -> None:
    more = f'{TURTLE} <{BASE}/id/dataset/a> skos:altLabel "Abecedary" .'
    put = site.client.put(
        "/store",
        params={"graph": "urn:notes"},
        content=more,
        headers={"Content-Type": "text/turtle"},
    )
    assert put.status_code == 201
    assert found(site, "abece") == ["Alphabet"]
    assert "Abecedary" in site.get("/doc/id/dataset/a", "text/html").text
    assert site.client.delete("/store", params={"graph": "urn:notes"}).status_code == 204
    assert found(site, "abece") == []


def test_the_graph_store_replaces_and_removes_names(site: Site) -> None:
    other = f'{TURTLE} <{BASE}/id/task/t> a fp:Task ; skos:prefLabel "Delta-learning" .'
    headers = {"Content-Type": "text/turtle"}
    site.client.put("/store", params={"graph": CORE}, content=other, headers=headers)
    assert found(site, "delta") == ["Delta-learning"]
    assert found(site, "alphabet") == []
    more = f'{TURTLE} <{BASE}/id/paper/p> a fp:Paper ; <http://purl.org/dc/terms/title> "Epsilon" .'
    site.client.post("/store", params={"graph": CORE}, content=more, headers=headers)
    assert found(site, "epsilon") == ["Epsilon"]
    site.client.delete("/store", params={"graph": CORE})
    assert found(site, "delta") == []


def test_a_change_without_names_keeps_the_index(site: Site) -> None:
    update(site, "INSERT DATA { <urn:a> <urn:b> 1 }")
    first = index_number(site)
    update(site, "INSERT DATA { GRAPH <urn:notes> { <urn:a> <urn:b> 1, 2, 3 } }")
    update(site, "DELETE DATA { GRAPH <urn:notes> { <urn:a> <urn:b> 2 } }")
    body = {"content": "<urn:a> <urn:b> 4", "headers": {"Content-Type": "text/turtle"}}
    site.client.put("/store", params={"graph": "urn:notes"}, **body)
    assert index_number(site) == first
    assert found(site, "alphabet") == ["Alphabet"]
    # Whether this touched core cannot be told, so the index is made again, and is the same.
    before = index_file(current_snapshot(site.directory).path).read_bytes()
    update(site, f"DELETE DATA {{ <urn:a> <urn:b> 9 }} ; CREATE SILENT GRAPH <{CORE}>")
    assert index_number(site) == first
    update(site, "DELETE DATA { <urn:a> <urn:b> 9 } ; INSERT DATA { <urn:a> <urn:b> 5 }")
    assert index_number(site) != first
    assert index_file(current_snapshot(site.directory).path).read_bytes() == before


def test_no_link_of_a_name_that_is_no_address_is_followed(site: Site) -> None:
    update(site, """INSERT DATA { <javascript:alert(1)> a fp:Model ; skos:prefLabel "Zeta" }""")
    (hit,) = site.client.get("/search", params={"q": "zeta"}).json()["hits"]
    assert (hit["iri"], hit["page"]) == ("javascript:alert(1)", None)
    page = site.get("/search?q=zeta", "text/html").text
    assert "Zeta" in page
    assert "javascript:" not in page


def test_a_command_finds_what_an_update_named(site: Site) -> None:
    update(site, 'INSERT DATA { <urn:m> a fp:Model ; skos:prefLabel "Theta" }')
    assert [each.iri for each in search(current_snapshot(site.directory), "theta")] == ["urn:m"]


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 3 } }", {"urn:g"}),
        ("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }", set()),
        ("INSERT DATA { <urn:a> <urn:b> 3 }", {"default"}),
        (
            "INSERT { GRAPH ?g { <urn:n> ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
            {"core", "urn:g"},
        ),
        ("DROP GRAPH <urn:g>", {"urn:g"}),
        ("CLEAR NAMED", {"core", "urn:g"}),
        ("DELETE WHERE { ?s <urn:none> ?o }", set()),
        ("ADD <urn:g> TO DEFAULT", {"default"}),
        ("COPY <urn:g> TO DEFAULT", None),
        ("MOVE <urn:g> TO <urn:h>", None),
        ("delete { ?s ?p ?o } insert { ?s ?p 5 } where { ?s ?p ?o }", None),
        ("INSERT DATA { <urn:a> <urn:b> 3 } ; DROP DEFAULT", None),
        ("INSERT DATA { <urn:a> <urn:b> '\\u0044' }", None),
    ],
)
def test_which_graphs_a_change_may_have_changed(text: str, changed: set[str] | None) -> None:
    stores = ox.Store(), ox.Store()
    for store in stores:
        store.update(
            f"""INSERT DATA {{ <urn:a> <urn:b> 1 GRAPH <urn:g> {{ <urn:a> <urn:b> 1, 2 }}
            GRAPH <{CORE}> {{ <urn:c> <urn:b> 1 }} }}"""
        )
    stores[1].update(text)
    change = Update(text=text, base_iri=BASE)
    assert changed_graphs(change, stores, BASE) == changed


@pytest.mark.parametrize(
    ("graph", "name"), [(None, "default"), (CORE, "core"), ("urn:notes", "urn:notes")]
)
def test_a_change_of_one_graph_is_of_that_graph(graph: str | None, name: str) -> None:
    change = GraphChange(action="delete", graph=graph, base_iri=BASE)
    assert changed_graphs(change, (ox.Store(), ox.Store()), BASE) == {name}


@pytest.mark.parametrize(
    "change",
    [
        Update(text="CLEAR ALL; INSERT DATA {}", base_iri=BASE),
        GraphChange(action="put", graph=None, base_iri=BASE),
    ],
)
def test_without_time_there_is_no_index_and_it_is_said_why(tmp_path: Path, change: Change) -> None:
    snapshots = [
        Snapshot(str(number) * 16, tmp_path / str(number), BASE, "", "", 0, {}) for number in (1, 2)
    ]
    for snapshot in snapshots:
        snapshot.path.mkdir()
    store = ox.Store()
    store.load(DATA, ox.RdfFormat.TRIG)
    before, after = snapshots
    assert "too long" in index_snapshot(change, (store, store), (before, after), 0)
    assert not list(after.path.iterdir())
    assert index_snapshot(change, (store, store), (before, after), 60) == ""
    assert has_index(after)
