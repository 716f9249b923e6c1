"""Pages and data of things, at the paths of their IRIs."""

from __future__ import annotations

import http.client
import re
from html.parser import HTMLParser
from typing import Any

import pytest
import rdflib
from rdflib.compare import to_isomorphic

Site = Any
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
BASE = "https://w3id.org/fairpapers"
PAPER = "/doc/id/paper/doi:10.5555:sample.2023.1"
PAPER_ID = PAPER.removeprefix("/doc")
FRAGEBANK = "/doc/id/paper/title:5d0c3f1a9b2e4c77"
HOSTILE = "/doc/id/paper/title:0123456789abcdef"
THINGS = [
    PAPER,
    f"{PAPER}/text",
    f"{PAPER}/c/1",
    f"{PAPER}/r/1",
    f"{FRAGEBANK}/s/1",
    "/doc/id/dataset/conll-2003",
    "/doc/id/model/bert",
    "/doc/id/metric/f1",
    "/doc/id/corpus",
]
FORMATS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}


def graph(site: Site, path: str, media_type: str) -> rdflib.Graph:
    answer = site.get(path, media_type)
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == media_type
    return rdflib.Graph().parse(data=answer.content, format=FORMATS[media_type])


# rdflib's own JSON-LD parser uses what rdflib deprecates.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("path", THINGS)
def test_every_format_holds_the_same_statements(site: Site, path: str) -> None:
    first, *others = (to_isomorphic(graph(site, path, name)) for name in FORMATS)
    assert (rdflib.URIRef(BASE + path.removeprefix("/doc")), None, None) in first
    assert all(other == first for other in others)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "text/turtle"),
        (BROWSER, "text/html"),
        ("text/html", "text/html"),
        ("application/xhtml+xml", "text/html"),
        ("application/json", "application/ld+json"),
        ("application/ld+json, text/turtle;q=0.5", "application/ld+json"),
        ("text/turtle;q=0.5, application/n-triples", "application/n-triples"),
        ("text/*", "text/turtle"),
        ("text/turtle;q=0, */*", "application/n-triples"),
    ],
)
def test_the_format_follows_the_accept_header(site: Site, accept: str, media_type: str) -> None:
    for path in (PAPER, "/doc/id/model/bert"):
        answer = site.get(path, accept)
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == media_type
        assert "accept" in answer.headers["vary"].lower()


@pytest.mark.parametrize("name", ["ttl", "turtle", "nt", "jsonld", "rdf", "html"])
def test_the_format_can_be_named_in_the_address(site: Site, name: str) -> None:
    assert site.get(f"{PAPER}?format={name}", "image/png").status_code == 200


def test_other_formats_are_refused_with_those_there_are(site: Site) -> None:
    for answer in (site.get(PAPER, "image/png"), site.get(f"{PAPER}?format=pdf")):
        assert answer.status_code == 406
        assert "text/turtle" in answer.json()["available"]


def test_alternates_are_linked_in_header_and_page(site: Site) -> None:
    answer = site.get(PAPER, BROWSER)
    links = re.findall(r'<([^>]*)>; rel="alternate"; type="([^"]*)"', answer.headers["link"])
    assert {media_type for _, media_type in links} == set(FORMATS)
    for link, media_type in links:
        assert site.get(link).headers["content-type"].startswith(media_type)
        assert f'<link rel="alternate" type="{media_type}" href="{link}">' in answer.text


def test_the_page_of_a_paper_shows_what_it_says_and_why(site: Site) -> None:
    page = site.get(PAPER, BROWSER).text
    assert "<h1>SpanForge: span-level pretraining for named entity recognition</h1>" in page
    assert "Ada Example, Bo Sample" in page
    for heading in ("Introduces", "Uses", "Addresses", "Results it reports"):
        assert f">{heading}</h2>" in page
    assert 'href="https://doi.org/10.5555/sample.2023.1"' in page
    assert '<a href="/id/dataset/conll-2003"' in page
    assert "93.4 %" in page
    assert "Characters 187 to 197" in page


def test_why_leads_to_the_evidence(site: Site) -> None:
    for path in (PAPER, "/doc/id/model/bert"):
        page = site.get(path, BROWSER).text
        links = {
            link.replace("&amp;", "&") for link in re.findall(r'href="(/queries/H01[^"]*)', page)
        }
        assert links
        for link in links:
            rows = site.get(link).json()["results"]["bindings"]
            assert rows, link


def test_the_page_of_a_resource_shows_its_papers_and_results(site: Site) -> None:
    page = site.get("/doc/id/model/bert", BROWSER).text
    assert "<h1>BERT</h1>" in page
    assert f'<a href="{PAPER_ID}"' in page
    assert ">Used by</h2>" in page
    assert "91.9 %" in page
    metric = site.get("/doc/id/metric/f1", BROWSER).text
    assert "Higher is better" in metric


def test_both_pages_show_a_size_with_what_is_counted(site: Site) -> None:
    for path, other in (
        (FRAGEBANK, "/id/dataset/fragebank"),
        ("/doc/id/dataset/fragebank", FRAGEBANK.removeprefix("/doc")),
    ):
        page = site.get(path, BROWSER).text
        row = re.search(r"<tr>(?:(?!</tr>).)*/s/1.*?</tr>", page, re.DOTALL)
        assert row, path
        assert ">30k</a>" in row.group()
        assert "<td>questions</td>" in row.group()
        assert f'<a href="{other}"' in row.group()
    assert "Sizes" not in site.get("/doc/id/model/gpt-4", BROWSER).text


def test_the_data_of_a_paper_hold_its_sizes_and_whose_they_are(site: Site) -> None:
    lines = site.get(f"{FRAGEBANK}?format=nt", "*/*").text
    assert re.search(r"/s/1> <[^>]*#counted> \"questions\"", lines)
    assert re.search(r"/id/dataset/fragebank> <[^>]*#size> <[^>]*/s/1>", lines)


def test_the_page_of_evidence_leads_back_to_its_paper(site: Site) -> None:
    page = site.get(f"{PAPER}/c/1", BROWSER).text
    assert f'Part of <a href="{PAPER_ID}">' in page


@pytest.mark.parametrize(
    "path",
    [
        "/id/",
        "/id/paper",
        "/id/paper/doi:10.5555:sample.2023.9",
        "/id/dataset/squad/",
        "/id/dataset/SQuAD",
        "/id/dataset/%73quad",
        "/id//dataset/squad",
    ],
)
@pytest.mark.parametrize("accept", ["text/turtle", BROWSER])
def test_what_the_graph_does_not_know_is_not_found(site: Site, path: str, accept: str) -> None:
    assert site.get(path, accept).status_code == 404


def test_the_problem_names_the_iri(site: Site) -> None:
    problem = site.get("/id/dataset/nothing")
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["type"].endswith("/unknown-entity")
    assert problem.json()["iri"] == f"{BASE}/id/dataset/nothing"


@pytest.mark.parametrize(
    "target",
    [
        "/id/../etc/passwd",
        "/id/../../ontology",
        "/id/%2e%2e/%2e%2e/etc/passwd",
        "/id/..%2f..%2fetc%2fpasswd",
        "/static/../templates/base.html",
        "/static/..%2ftemplates%2fbase.html",
        "/static/%2e%2e/templates/base.html",
        "/static//etc/passwd",
        "/id/dataset/squad%3E%20%7D%20UNION%20%7B%20%3Fs%20%3Fp%20%3Fo",
        "/id/dataset/squad>}UNION{?s?p?o",
        '/id/"onmouseover="alert(1)',
        "/id/dataset/squad%",
        "/id/dataset/squad%zz",
        "/id/%00",
        "/id/%ff%fe",
        "/id/" + "a" * 20_000,
    ],
)
def test_a_path_names_what_it_spells_and_nothing_else(site: Site, target: str) -> None:
    """Sent as they stand, since clients tidy paths up."""
    host, port = site.address
    connection = http.client.HTTPConnection(host, port, timeout=30)
    connection.putrequest("GET", target, skip_accept_encoding=True)
    connection.putheader("Accept", BROWSER)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    assert answer.status == 404
    assert "root:" not in body
    assert "{% " not in body
    assert "<h1>SQuAD" not in body


class Markup(HTMLParser):
    """Collects what would run or lead away."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or (value or "").startswith("javascript:"):
                self.found.append((tag, name))
        # Charts are SVG of our own, which says that it is a picture.
        ours = tag == "svg" and dict(attrs).get("role") in ("img", "group")
        if (tag in ("svg", "b") and not ours) or (tag == "img" and dict(attrs).get("src") == "x"):
            self.found.append((tag, ""))
        if tag == "script" and not dict(attrs).get("src"):
            self.found.append((tag, ""))


def test_words_of_papers_never_become_markup(site: Site) -> None:
    hostile = graph(site, HOSTILE, "text/turtle")
    pages = [HOSTILE, *(str(node).replace(BASE, "/doc") for node in set(hostile.subjects()))]
    pages += ["/queries/A05?text=onerror", "/queries/A03?paper=paper/title:0123456789abcdef"]
    assert len(pages) > 5
    for path in pages:
        page = site.get(path, BROWSER)
        assert page.status_code == 200, path
        markup = Markup()
        markup.feed(page.text)
        assert markup.found == [], path
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in site.get(HOSTILE, BROWSER).text


def test_terms_of_the_ontology_are_shown_and_served(site: Site) -> None:
    page = site.get("/ontology", BROWSER).text
    assert '<article class="doc-term" id="introduces"' in page
    turtle = rdflib.Graph().parse(data=site.get("/ontology").text, format="turtle")
    assert (rdflib.URIRef(f"{BASE}/ontology#Paper"), None, None) in turtle
    assert '<article class="doc-term" id="higher-is-better"' in site.get("/vocab/", BROWSER).text


def test_a_concept_leads_to_its_list(site: Site) -> None:
    assert site.get("/vocab/used", BROWSER).headers["location"] == "/vocab/#used"
    assert site.get("/vocab/used", "text/turtle").headers["location"] == "/vocab/?format=turtle"
    assert site.get("/vocab/unused").status_code == 404


def test_a_graph_may_have_a_base_of_its_own(
    root: Any, tmp_path: Any, library: Any, running: Any
) -> None:
    import httpx

    from fairpapers.api.app import create_app
    from fairpapers.api.settings import Settings
    from fairpapers.graph.build import build_graph
    from fairpapers.graph.recordfile import read_records

    records = read_records(root / "tests/graph/sample_records.jsonl")
    build_graph(records, tmp_path / "graph", base="https://example.org/kg")
    app = create_app(tmp_path / "graph", Settings(workers=1), library)
    with running(app) as (host, port), httpx.Client(base_url=f"http://{host}:{port}") as client:
        page = client.get("/doc/id/model/bert", headers={"Accept": BROWSER}).text
        assert "https://example.org/kg/id/model/bert" in page
        assert f'<a href="{PAPER_ID}"' in page
        rows = client.get("/queries/A06?dataset=dataset/squad&format=csv").text.splitlines()
        assert len(rows) > 1
