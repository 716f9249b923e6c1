"""The self-assessment names what exists, and the start page is as it says."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rdflib

from fairpapers.api.fair_items import BEST_PRACTICES, F_UJI, Item
from fairpapers.api.fair_page import fair_fragment
from fairpapers.graph.snapshot import current_snapshot

Site = Any
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SCHEMA = rdflib.Namespace("https://schema.org/")
METRICS = [
    "F1-01MD",
    "F1-02MD",
    "F2-01M",
    "F3-01M",
    "F4-01M",
    "A1-01M",
    "A1-02MD",
    "A1.1-01MD",
    "A1.2-01MD",
    "I1-01M",
    "I2-01M",
    "I3-01M",
    "R1-01M",
    "R1.1-01M",
    "R1.2-01M",
    "R1.3-01M",
    "R1.3-02D",
]
ITEMS = [*F_UJI, *BEST_PRACTICES]


@cache
def names_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


def block(site: Site) -> dict[str, Any]:
    page = site.get("/", BROWSER).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    document = json.loads(found[1])
    assert isinstance(document, dict)
    return document


def test_every_metric_and_practice_is_assessed_once() -> None:
    assert [item.id for item in F_UJI] == [f"FsF-{name}" for name in METRICS]
    assert [item.id for item in BEST_PRACTICES] == [f"BP{number}" for number in range(1, 36)]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_each_named_test_exists(root: Path, item: Item) -> None:
    for test in item.tests:
        path, _, name = test.partition("::")
        assert name in names_in(root / path), test


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_what_is_met_is_shown_by_a_test_and_what_is_not_says_why(item: Item) -> None:
    assert item.how.endswith(".")
    assert item.verdict in ("not", "n/a") or item.tests
    assert item.verdict != "n/a" or not item.tests


def test_each_link_leads_somewhere(site: Site) -> None:
    links = {link for item in ITEMS for link in item.links}
    assert len(links) > 10
    for link in links:
        assert site.get(link, BROWSER, follow_redirects=True).status_code == 200, link


def test_what_needs_a_registered_identifier_is_not_claimed() -> None:
    verdicts = {item.id: item.verdict for item in ITEMS}
    assert verdicts["FsF-F1-02MD"] == verdicts["BP9"] == "not"


def test_the_page_and_its_data_have_every_item(site: Site) -> None:
    page = site.get("/fair", BROWSER).text
    document = site.get("/fair", "application/json").json()
    listed = [each["id"] for part in document.values() for each in part]
    assert listed == [item.id for item in ITEMS]
    for item in ITEMS:
        assert f'<tr id="{item.id}">' in page
    assert '<a href="/fair">' in site.get("/", BROWSER).text


def test_a_site_gives_the_links_its_own_addresses_or_none() -> None:
    page = fair_fragment(lambda path: "ontology.html" if path == "/ontology" else "")
    assert '<a href="ontology.html">/ontology</a>' in page
    assert "<code>/sparql</code>" in page
    assert 'href="/' not in page


def test_the_start_page_describes_the_data_set_for_search_engines(site: Site) -> None:
    document = block(site)
    assert document["@type"] == "Dataset"
    assert document["@id"] == document["identifier"]
    core = ("name", "description", "keywords", "creator", "publisher", "datePublished", "version")
    for name in core:
        assert document[name], name
    assert document["isAccessibleForFree"] is True
    assert document["includedInDataCatalog"]["@id"] == "https://w3id.org/fairpapers"
    assert document["isBasedOn"]["@id"] == "https://w3id.org/fairpapers/ontology"
    link = site.get("/", BROWSER).headers["link"]
    assert f'<{document["@id"]}>; rel="cite-as"' in link
    assert '<https://schema.org/Dataset>; rel="type"' in link


def test_the_start_page_says_where_each_graph_is_and_how_large(site: Site) -> None:
    document = block(site)
    triples = current_snapshot(site.directory).triples
    assert document["size"] == f"{sum(triples.values())} triples"
    assert {each["name"] for each in document["variableMeasured"]} >= {"papers", "datasets"}
    assert len(document["distribution"]) == len(triples)
    for each in document["distribution"]:
        for media_type in each["encodingFormat"]:
            answer = site.get(each["contentUrl"], media_type)
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith(media_type)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_the_block_of_the_start_page_is_json_ld(site: Site) -> None:
    graph = rdflib.Graph().parse(data=json.dumps(block(site)), format="json-ld")
    (corpus,) = graph.subjects(rdflib.RDF.type, SCHEMA.Dataset)
    assert str(corpus).endswith("/id/corpus")
    assert list(graph.objects(corpus, SCHEMA.distribution))
