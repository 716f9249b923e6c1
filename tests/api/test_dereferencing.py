"""Every IRI that is ours leads to a description: at its own path, after at most one redirect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
import rdflib

from fairpapers.api.app import create_app
from fairpapers.api.problem_pages import problem_types
from fairpapers.api.settings import Settings
from fairpapers.graph.build import build_graph
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.ontology import shapes_file
from fairpapers.ontology.terms import DEFAULT_BASE, FP
from fairpapers.queries import Library

Site = Any
BASE = DEFAULT_BASE
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PAPER = "/id/paper/doi:10.5555:sample.2023.1"
RDF = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}
DOCUMENTS = ["/ontology", "/vocab/", "/shapes"]


def own_iris(directory: Path) -> set[str]:
    """IRIs under the base or the ontology's home, wherever they stand in a quad."""
    store = ox.Store.read_only(str(current_snapshot(directory).store))
    terms = {
        term.value
        for quad in store
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(term, ox.NamedNode)
    }
    return {iri for iri in terms if iri.startswith(BASE)}


@pytest.fixture(scope="module")
def demo(
    root: Path,
    tmp_path_factory: pytest.TempPathFactory,
    library: Library,
    running: Callable[[Any], AbstractContextManager[tuple[str, int]]],
) -> Iterator[tuple[httpx.Client, set[str]]]:
    """The demo graph, served, and its own IRIs."""
    directory = tmp_path_factory.mktemp("demo") / "graph"
    build_graph(read_records(root / "tests/queries/demo_records.jsonl"), directory)
    iris = own_iris(directory)
    app = create_app(directory, Settings(workers=1, public_url=BASE), library)
    with (
        running(app) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", timeout=30) as client,
    ):
        yield client, iris


def named(turtle: bytes) -> set[str]:
    """IRIs in the statements of a Turtle document, and namespaces of its prefixes."""
    found = set(re.findall(r"(?m)^@prefix [^ ]* <([^>]*)>", turtle.decode()))
    for each in ox.parse(turtle, ox.RdfFormat.TURTLE):
        terms = (each.subject, each.predicate, each.object)
        found |= {term.value for term in terms if isinstance(term, ox.NamedNode)}
    return found


def fetch(client: httpx.Client, path: str) -> httpx.Response:
    """Turtle at a path, after at most one redirect."""
    answer = client.get(path, headers={"Accept": "text/turtle"})
    if answer.status_code != 303:
        return answer
    return client.get(answer.headers["location"], headers={"Accept": "text/turtle"})


def test_every_own_iri_of_the_demo_graph_resolves(demo: tuple[httpx.Client, set[str]]) -> None:
    client, iris = demo
    assert len(iris) > 2500
    known: dict[str, set[str]] = {}
    wrong = []
    for iri in sorted(iris):
        path = iri.removeprefix(BASE).partition("#")[0] or "/"
        if path not in known:
            answer = fetch(client, path)
            if path.startswith("/graph/"):
                # The IRI of a graph gives its triples; what describes it is linked.
                assert answer.content
                described = re.search(r'<([^>]+)>; rel="describedby"', answer.headers["link"])
                assert described, iri
                answer = fetch(client, described[1])
            is_turtle = answer.headers.get("content-type", "").startswith("text/turtle")
            known[path] = (
                named(answer.content) if answer.status_code == 200 and is_turtle else set()
            )
        if iri not in known[path]:
            wrong.append(iri)
    assert wrong == []


@pytest.mark.parametrize("path", [*DOCUMENTS, f"/doc{PAPER}", "/doc/id/corpus", "/doc/graph/core"])
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_a_document_comes_in_every_format_and_links_to_each(site: Site, path: str) -> None:
    sizes = set()
    for media_type, name in RDF.items():
        answer = site.get(path, media_type)
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == media_type
        sizes.add(len(rdflib.Graph().parse(data=answer.content, format=name)))
    assert len(sizes) == 1
    page = site.get(path, BROWSER)
    assert page.headers["content-type"].startswith("text/html")
    for relation in ("alternate", "describedby"):
        pattern = rf'<([^>]*)>; rel="{relation}"; type="([^"]*)"'
        linked = re.findall(pattern, page.headers["link"])
        assert {media_type for _, media_type in linked} == set(RDF)
        for link, media_type in linked:
            assert site.get(link).headers["content-type"].startswith(media_type)
    assert site.get(path, "image/png").status_code == 406


def test_a_thing_is_no_document_and_says_where_one_is(site: Site) -> None:
    for path in (PAPER, f"{PAPER}/c/1", "/id/model/bert", "/id/corpus", "/agent/authors"):
        for accept in ("text/turtle", BROWSER, "*/*"):
            answer = site.get(path, accept)
            assert answer.status_code == 303
            assert answer.headers["location"] == f"/doc{path}"
            assert answer.headers["link"] == f'</doc{path}>; rel="describedby"'
    answer = site.get(f"{PAPER}?format=nt")
    assert answer.headers["location"] == f"/doc{PAPER}?format=nt"


def test_signposts_name_the_identifier_the_types_and_the_collection(site: Site) -> None:
    link = site.get("/doc/id/model/bert", BROWSER).headers["link"]
    assert f'<{BASE}/id/model/bert>; rel="cite-as"' in link
    assert '<https://schema.org/AboutPage>; rel="type"' in link
    assert f'<{BASE}/ontology#Model>; rel="type"' in link
    assert f'<{BASE}/id/corpus>; rel="collection"' in link
    corpus = site.get("/doc/id/corpus", BROWSER).headers["link"]
    assert '</graph/core>; rel="item"; type="text/turtle"' in corpus
    ontology = site.get("/ontology", BROWSER).headers["link"]
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in ontology
    assert f'<{BASE}/agent/authors>; rel="author"' in ontology


def test_a_graph_gives_its_triples_to_programs_and_its_document_to_people(site: Site) -> None:
    triples = site.get("/graph/core", "application/n-triples")
    assert triples.status_code == 200
    assert triples.headers["link"] == '</doc/graph/core>; rel="describedby"'
    people = site.get("/graph/core", BROWSER)
    assert people.status_code == 303
    assert people.headers["location"] == "/doc/graph/core"
    assert site.get("/graph/core?format=nt", BROWSER).status_code == 200
    count = len(triples.text.splitlines())
    assert f">{count}<" in site.get("/doc/graph/core", BROWSER).text
    assert site.get("/doc/graph/nothing").status_code == 404


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_version_is_the_document_and_another_version_is_not_found(site: Site, path: str) -> None:
    graph = rdflib.Graph().parse(data=site.get(path, "text/turtle").content, format="turtle")
    (version,) = graph.objects(None, rdflib.OWL.versionIRI)
    place = str(version).removeprefix(BASE)
    assert site.get(place, "text/turtle").content == site.get(path, "text/turtle").content
    missing = site.get(place.replace(str(version).rpartition("/")[2], "99.0.0"))
    assert missing.status_code == 404
    assert str(version).rpartition("/")[2] in missing.json()["detail"]


def test_alignments_and_context_have_addresses_and_versions(site: Site) -> None:
    for name in ("alignments", "align-mls"):
        path = f"/ontology/{name}"
        graph = rdflib.Graph().parse(data=site.get(path, "text/turtle").content, format="turtle")
        (version,) = graph.objects(rdflib.URIRef(BASE + path), rdflib.OWL.versionIRI)
        place = str(version).removeprefix(BASE)
        assert site.get(place, "text/turtle").content == site.get(path, "text/turtle").content
        xml = site.get(path, "application/rdf+xml").content
        assert len(rdflib.Graph().parse(data=xml, format="xml")) == len(graph)
        assert site.get(path, BROWSER).headers["location"] == "/ontology#section-alignments"
        assert site.get(f"{path}/99.0.0").status_code == 404
    assert 'id="section-alignments"' in site.get("/ontology", BROWSER).text
    assert b"subject_id" in site.get("/ontology/alignments.sssom.tsv").content
    context = site.get("/context")
    assert context.headers["content-type"] == "application/ld+json"
    assert "@context" in context.json()
    number = str(version).rpartition("/")[2]
    assert site.get(f"/context/{number}").content == context.content
    assert site.get("/context/99.0.0").status_code == 404


def test_shapes_have_anchors_on_their_page(site: Site) -> None:
    page = site.get("/shapes", BROWSER).text
    shapes = rdflib.Graph().parse(shapes_file())
    for shape in shapes.subjects(rdflib.RDF.type, rdflib.SH.NodeShape):
        assert f'id="{str(shape).partition("#")[2]}"' in page


def test_an_unknown_thing_is_not_found_and_a_search_is_offered(site: Site) -> None:
    problem = site.get("/id/dataset/conll-2004")
    assert problem.status_code == 404
    assert problem.json()["iri"] == f"{BASE}/id/dataset/conll-2004"
    assert site.get(problem.json()["see"]).status_code == 200
    page = site.get("/id/dataset/conll-2004", BROWSER)
    assert page.status_code == 404
    assert 'href="/queries/A05?text=conll+2004"' in page.text


@pytest.mark.parametrize("name", ["$text", "$entity", "a$text$entity"])
def test_an_iri_that_looks_like_a_place_in_a_question_is_one_iri(site: Site, name: str) -> None:
    for accept in ("text/turtle", "text/html"):
        answer = site.get(f"/doc/id/paper/{name}", accept)
        assert answer.status_code == 404, answer.text


def test_data_of_a_paper_hold_the_mentions_of_its_text(site: Site) -> None:
    """Every mention that the store has in the paper's text, and what it mentions."""
    data = site.get(f"/doc{PAPER}", "text/turtle").content
    has_body = ox.NamedNode("http://www.w3.org/ns/oa#hasBody")
    served = {
        (each.subject, each.object)
        for each in ox.parse(data, ox.RdfFormat.TURTLE)
        if each.predicate == has_body
    }
    text = ox.NamedNode(f"{BASE}{PAPER}/text")
    store = ox.Store.read_only(str(current_snapshot(site.directory).store))
    stored = {
        (body.subject, body.object)
        for inside in store.quads_for_pattern(None, ox.NamedNode(FP.inText), text)
        for body in store.quads_for_pattern(inside.subject, has_body, None)
    }
    assert stored
    assert served == stored


@pytest.mark.parametrize("path", ["/", "/ontology", "/vocab/", f"/doc{PAPER}", "/queries", "/fair"])
def test_head_is_get_without_a_body(site: Site, path: str) -> None:
    get = site.get(path, "text/html")
    head = site.client.head(path, headers={"Accept": "text/html"})
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "link", "etag", "content-length"):
        assert head.headers.get(name) == get.headers.get(name), name
    assert site.client.head("/nowhere").status_code == 404
    assert site.client.head(PAPER).status_code == 303


@pytest.mark.parametrize("path", [*DOCUMENTS, f"/doc{PAPER}", "/doc/agent/authors"])
def test_a_document_is_not_sent_again_to_who_has_it(site: Site, path: str) -> None:
    for accept in ("text/turtle", "text/html"):
        first = site.get(path, accept)
        again = {"Accept": accept, "If-None-Match": first.headers["etag"]}
        assert site.client.get(path, headers=again).status_code == 304


def test_the_base_is_described_as_a_catalogue(site: Site) -> None:
    graph = rdflib.Graph().parse(data=site.get("/", "text/turtle").content, format="turtle")
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    base, corpus = rdflib.URIRef(BASE), rdflib.URIRef(f"{BASE}/id/corpus")
    assert (base, rdflib.RDF.type, dcat.Catalog) in graph
    assert (base, dcat.dataset, corpus) in graph
    assert site.get("/", "*/*").headers["content-type"].startswith("text/html")


def test_every_problem_type_resolves(site: Site) -> None:
    slugs = [each.slug for each in problem_types()]
    assert {"not-found", "unknown-entity", "internal", "not-acceptable"} <= set(slugs)
    page = site.get("/problems/", BROWSER).text
    for slug in slugs:
        answer = site.get(f"/problems/{slug}", BROWSER)
        assert answer.headers["location"] == f"/problems/#{slug}"
        assert f'<tr id="{slug}">' in page
    assert {each["type"] for each in site.get("/problems/", "application/json").json()} == {
        f"{BASE}/problems/{slug}" for slug in slugs
    }
    assert site.get("/problems/nothing").status_code == 404
