"""Profiles, statistics and charts as the server answers with them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from fairpapers.api.app import create_app
from fairpapers.api.entity_queries import SHOWN
from fairpapers.api.profiles.panels import PROFILES, STATISTICS
from fairpapers.api.settings import Settings
from fairpapers.queries import Library

Site = Any
Running = Callable[[Any], AbstractContextManager[tuple[str, int]]]
BROWSER = "text/html,application/xhtml+xml"
PAGES = {
    "Dataset": "/doc/id/dataset/conll-2003",
    "Model": "/doc/id/model/bert",
    "Method": "/doc/id/method/retrieval-augmented-generation",
    "Metric": "/doc/id/metric/f1",
    "Task": "/doc/id/task/named-entity-recognition",
    "Paper": "/doc/id/paper/doi:10.5555:sample.2023.1",
}
# Of a thing that the sample does not hold: many triples beside each other, so it never ends.
SLOW = "SELECT ?x WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a = ?l && ?x = $resource) }"


def section(page: str, title: str) -> str:
    found = re.search(rf"<section (?:(?!</section>).)*>{title}</h2>.*?</section>", page, re.DOTALL)
    assert found, title
    return found.group()


@pytest.mark.parametrize("kind", PROFILES)
def test_a_profile_has_every_panel_of_its_kind_and_the_way_to_ask_it(
    site: Site, library: Library, kind: str
) -> None:
    page = site.get(PAGES[kind], BROWSER).text
    for panel in PROFILES[kind]:
        query = library[panel.query]
        one = section(page, panel.title or query.title)
        link = re.search(rf'href="(/queries/{panel.query}[^"]*)"', one)
        assert link
        assert site.get(link[1].replace("&amp;", "&"), "application/json").status_code == 200
        assert "<table>" in one or '<p class="message">' in one


def test_a_leaderboard_has_the_best_system_first_and_no_gain(site: Site) -> None:
    page = site.get(PAGES["Dataset"], BROWSER).text
    board = section(page, "Leaderboard: F1")
    assert "Higher is better." in board
    systems = re.findall(r'<tr><td><a href="/id/(?:model|method)/([^"]+)"', board)
    assert systems == ["spanforge", "tagllama", "bert"]
    assert "1.5" not in re.findall(r"<td[^>]*>([^<]*)</td>", board)
    gains = section(page, "Gains reported on it")
    assert ">1.5<" in gains
    assert ">improvement<" in gains


HERE = "http://example.org/id"
CONTEXT = """
@prefix : <http://example.org/id/> .
@prefix fp: <https://w3id.org/fairpapers/ontology#> .
@prefix fpv: <https://w3id.org/fairpapers/vocab/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
"""
LATENCIES = f"""{CONTEXT}
<http://example.org/id/dataset/d> a fp:Dataset ; skos:prefLabel "D" ; fp:paperCount 1 .
<http://example.org/id/metric/latency> a fp:Metric ; skos:prefLabel "latency" ; DIRECTION .
<http://example.org/id/paper/p> a fp:Paper ; dcterms:title "P" ; dcterms:identifier "p" ;
  fp:reportsResult :r1, :r2, :r3 .
:r1 a fp:Result ; fp:ofModel <http://example.org/id/model/slow> ; fp:value 9.0 ;
  fp:valueLexical "9.0" .
:r2 a fp:Result ; fp:ofModel <http://example.org/id/model/quick> ; fp:value 2.0 ;
  fp:valueLexical "2.0" .
:r3 a fp:Result ; fp:ofModel <http://example.org/id/model/gained> ; fp:value 7.0 ;
  fp:valueLexical "7.0" ; fp:onDataset <http://example.org/id/dataset/d> ;
  fp:byMetric <http://example.org/id/metric/latency> ; fp:valueKind fpv:improvement .
:r1 fp:onDataset <http://example.org/id/dataset/d> ; fp:valueKind fpv:absolute ;
  fp:byMetric <http://example.org/id/metric/latency> .
:r2 fp:onDataset <http://example.org/id/dataset/d> ; fp:valueKind fpv:absolute ;
  fp:byMetric <http://example.org/id/metric/latency> .
<http://example.org/id/model/slow> a fp:Model ; skos:prefLabel "slow" .
<http://example.org/id/model/quick> a fp:Model ; skos:prefLabel "quick" .
<http://example.org/id/model/gained> a fp:Model ; skos:prefLabel "gained" .
"""


@pytest.mark.parametrize(
    ("direction", "words", "order"),
    [
        ("fp:direction fpv:lower-is-better", "Lower is better.", ["quick", "slow"]),
        ("fp:direction fpv:higher-is-better", "Higher is better.", ["slow", "quick"]),
        ("fp:paperCount 1", "Which direction is better is not known", ["slow", "quick"]),
    ],
)
def test_the_direction_of_a_metric_orders_its_leaderboard(
    serve_writable: Callable[..., AbstractContextManager[Site]],
    direction: str,
    words: str,
    order: list[str],
) -> None:
    with serve_writable(LATENCIES.replace("DIRECTION", direction)) as site:
        page = site.get("/doc/id/dataset/d", BROWSER)
    assert page.status_code == 200
    board = section(page.text, "Leaderboard: latency")
    assert words in board
    assert re.findall(r'<tr><td><a href="/id/model/([^"]+)"', board) == order
    assert re.findall(r"<title>(\w+): [\d.]+</title>", board) == order
    assert ">gained<" in section(page.text, "Gains reported on it")


def test_statements_lead_to_their_evidence(site: Site) -> None:
    page = site.get(PAGES["Model"], BROWSER).text
    links = re.findall(r'href="(/queries/H01[^"]*)"', page)
    assert links
    for link in links:
        rows = site.get(link.replace("&amp;", "&")).json()["results"]["bindings"]
        assert rows
    claims = re.findall(r'<a href="(/id/paper/[^"]*/c/[^"]*)">claim</a>', page)
    assert len(claims) == len(links)
    assert site.get(claims[0], follow_redirects=True).status_code == 200


@pytest.mark.parametrize("more", [0, 1])
def test_of_many_papers_the_most_recent_are_listed_and_all_are_one_step_away(
    serve_writable: Callable[..., AbstractContextManager[Site]], more: int
) -> None:
    papers = SHOWN + more
    lines = [
        f"<{HERE}/paper/{number}> a fp:Paper ; dcterms:title '{number}' ; fp:uses <{HERE}/model/m> ;"
        f" schema:datePublished '{1800 + number}'^^<http://www.w3.org/2001/XMLSchema#gYear> ."
        f"<{HERE}/paper/{number}/c> rdf:subject <{HERE}/paper/{number}> ; rdf:predicate fp:uses ;"
        f" rdf:object <{HERE}/model/m> ; fp:confidence 0.5 ."
        for number in range(papers)
    ]
    model = f"<{HERE}/model/m> a fp:Model ; skos:prefLabel 'M' ; fp:paperCount {papers} ."
    with serve_writable("\n".join((CONTEXT, model, *lines))) as site:
        page = site.get("/doc/id/model/m", BROWSER).text
        listed = re.findall(r'<td class="long"><a href="/id/paper/(\d+)"', page)
        assert listed == [str(number) for number in reversed(range(more, papers))]
        rest = re.findall(r'<a href="([^"]*)">All papers that name it</a>', page)
        assert len(rest) == more
        for link in rest:
            rows = site.get(link.replace("&amp;", "&")).json()["results"]["bindings"]
            assert len(rows) == papers


def test_what_nobody_says_has_a_message_of_its_own(site: Site) -> None:
    page = site.get("/doc/id/dataset/multinli", BROWSER).text
    assert "No paper reports a gain on this dataset." in section(page, "Gains reported on it")


def test_statistics_show_every_panel(site: Site, library: Library) -> None:
    answer = site.get("/statistics", BROWSER)
    assert answer.status_code == 200
    for panel in STATISTICS:
        assert section(answer.text, panel.title or library[panel.query].title)
    assert "fp:Mention" in section(answer.text, "Things by class")
    assert "no-store" not in answer.headers["cache-control"]
    assert 'href="/statistics" aria-current="page"' in answer.text


def svgs(page: str) -> list[ET.Element]:
    return [ET.fromstring(text) for text in re.findall(r"<svg .*?</svg>", page, re.DOTALL)]


@pytest.mark.parametrize("path", ["/statistics", *PAGES.values(), "/queries/C01", "/queries/I01"])
def test_every_chart_is_named_and_described_and_has_a_table(site: Site, path: str) -> None:
    page = site.get(path, BROWSER).text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert page.count("<table>") >= page.count("<svg ")
    for svg in svgs(page):
        named = svg.get("aria-labelledby", "").split()
        texts = {each.get("id"): each.text for each in svg.iter() if each.get("id")}
        assert svg.get("role") == "img"
        assert all(texts[name] for name in named)
        assert len(named) == 2


def test_queries_are_drawn_as_they_say(site: Site, library: Library) -> None:
    assert library["C01"].visual == "bar"
    bars = svgs(site.get("/queries/C01?top=3", BROWSER).text)[0].findall(".//rect[@class='bar']")
    assert [bar.get("width") for bar in bars] == ["100.0%", "100.0%", "50.0%"]
    line = svgs(site.get("/queries/I02?resource=model/bert", BROWSER).text)[0]
    assert len(line.findall("circle")) == len(line.findall("line[@class='line']")) + 1
    assert svgs(site.get("/queries/A06?dataset=dataset/squad", BROWSER).text) == []


def test_a_panel_that_fails_breaks_no_page_and_is_not_kept(
    site_directory: Path, library: Library, running: Running
) -> None:
    slow = library["I02"].model_copy(update={"text": SLOW})
    changed = Library({**library, "I02": slow})
    app = create_app(site_directory, Settings(workers=1, deadline_seconds=1), changed)
    with running(app) as (host, port), httpx.Client(base_url=f"http://{host}:{port}") as client:
        answer = client.get(PAGES["Model"], headers={"Accept": BROWSER}, timeout=30)
    assert answer.status_code == 200
    assert "Ask it on its own" in section(answer.text, "Uses per year")
    assert "<table>" in section(answer.text, "Used together with")
    assert answer.headers["cache-control"] == "no-store"


def test_a_library_without_the_queries_makes_pages_without_panels(
    site_directory: Path, library: Library, running: Running
) -> None:
    few = Library({"A01": library["A01"]})
    app = create_app(site_directory, Settings(workers=1), few)
    with running(app) as (host, port), httpx.Client(base_url=f"http://{host}:{port}") as client:
        for path in (PAGES["Dataset"], "/statistics"):
            answer = client.get(path, headers={"Accept": BROWSER})
            assert answer.status_code == 200
            assert "<section" not in answer.text
