"""The files of a site: links, data beside pages, what machines read, bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urljoin, urlsplit

import lxml.html
import pyoxigraph as ox
import pytest

from fairpapers.api import entity_queries as ask
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import run_query
from fairpapers.ontology.terms import DEFAULT_BASE as BASE
from fairpapers.queries import load_library
from fairpapers.queries.course import load_course

SITE = "https://papers.example/kg"
DATA = {"ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}
# lxml's stubs do not know its HTML elements.
Document = Any


def parsed(site: Path) -> dict[str, Document]:
    return {
        path.relative_to(site).as_posix(): lxml.html.document_fromstring(path.read_bytes())
        for path in sorted(site.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def pages(demo_site: Path) -> dict[str, Document]:
    found = parsed(demo_site)
    assert len(found) > 500
    return found


def digest(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def dangling(site: Path, pages: dict[str, Document]) -> set[tuple[str, str]]:
    """Pairs of a page and a relative link on it that leads to no file, or to no place in it."""
    places = {name: set(page.xpath("//@id")) for name, page in pages.items()}
    broken = set()
    for name, page in pages.items():
        for link in page.xpath("//@href | //@src"):
            parts = urlsplit(link)
            if parts.scheme in ("http", "https"):
                continue
            target = unquote(urlsplit(urljoin(f"http://site/{name}", link)).path).lstrip("/")
            place = unquote(parts.fragment)
            inside = not place or "=" in place or place in places.get(target, ())
            if parts.scheme or not (site / target).is_file() or not inside:
                broken.add((name, link))
    return broken


def test_no_link_of_the_site_leads_nowhere(demo_site: Path, pages: dict[str, Document]) -> None:
    assert dangling(demo_site, pages) == set()


def test_no_link_starts_at_the_root_of_a_host(pages: dict[str, Document]) -> None:
    links = {link for page in pages.values() for link in page.xpath("//@href | //@src")}
    assert {link for link in links if link.startswith("/")} == set()


def test_every_paper_and_resource_has_a_page_that_is_listed(
    demo_site: Path, demo_graph: Path, pages: dict[str, Document]
) -> None:
    snapshot = current_snapshot(demo_graph)
    store = ox.Store.read_only(str(snapshot.store))
    counted = run_query(
        store,
        f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o . "
        f"FILTER(REGEX(STR(?s), '^{snapshot.base}/id/(paper|dataset|benchmark|model|method|metric|task)/[^/]+$')) }}",
    )
    assert isinstance(counted, ox.QuerySolutions)
    (row,) = counted
    own = {path for path in demo_site.glob("id/*/*.html") if "=p" not in path.name}
    assert len(own) == int(row["n"].value)
    listed = {
        (demo_site / link).resolve()
        for path in demo_site.glob("*s*.html")
        for link in pages[path.name].xpath("//main//td//a/@href")
        if not urlsplit(link).scheme
    }
    assert {path.resolve() for path in own} - listed == set()


def test_the_data_beside_a_page_are_the_statements_of_the_graph(
    demo_site: Path, demo_graph: Path, pages: dict[str, Document]
) -> None:
    store = ox.Store.read_only(str(current_snapshot(demo_graph).store))
    checked = 0
    for name, page in pages.items():
        if not name.startswith("id/"):
            continue
        (iri,) = page.xpath("//main//p[@class='iri']/text()")
        question = ask.PAPER_GRAPH if name.startswith("id/paper/") else ask.THING_GRAPH
        triples = run_query(store, ask.about(question, ox.NamedNode(iri)))
        assert isinstance(triples, ox.QueryTriples)
        wanted = set(triples)
        for suffix, form in DATA.items():
            content = (demo_site / name).with_suffix(f".{suffix}").read_bytes()
            found = {quad.triple for quad in ox.parse(content, format=form)}
            assert found == wanted, (name, suffix)
        checked += 1
    assert checked > 500


def test_pages_carry_typed_links_and_the_linkset_says_the_same(
    demo_site: Path, pages: dict[str, Document]
) -> None:
    page = pages["id/dataset/imagenet.html"]
    links = {
        (link.get("rel"), link.get("href"), link.get("type")) for link in page.xpath("//head/link")
    }
    assert {
        ("describedby", "imagenet.ttl", "text/turtle"),
        ("describedby", "imagenet.jsonld", "application/ld+json"),
        ("linkset", "imagenet.linkset.json", "application/linkset+json"),
        ("license", "https://creativecommons.org/publicdomain/zero/1.0/", None),
        ("collection", "../../index.html", None),
        ("type", "https://schema.org/Dataset", None),
        ("type", "https://schema.org/AboutPage", None),
        ("cite-as", f"{SITE}/id/dataset/imagenet.html", None),
        ("canonical", f"{SITE}/id/dataset/imagenet.html", None),
    } <= links
    linkset = json.loads((demo_site / "id/dataset/imagenet.linkset.json").read_bytes())["linkset"]
    by_anchor = {context["anchor"]: context for context in linkset}
    own = by_anchor["imagenet.html"]
    relations = ("describedby", "license", "collection", "type", "cite-as")
    assert {(rel, each["href"]) for rel in relations for each in own[rel]} == {
        (rel, href) for rel, href, _ in links if rel in relations
    }
    assert by_anchor["imagenet.ttl"]["describes"][0]["href"] == "imagenet.html"


def test_every_page_describes_itself_at_schema_org(pages: dict[str, Document]) -> None:
    types = {}
    for name, page in pages.items():
        (text,) = page.xpath("//script[@type='application/ld+json']/text()")
        document = json.loads(text)
        assert document["@context"] == "https://schema.org"
        types[name] = document["@type"]
    assert types["index.html"] == types["id/dataset/imagenet.html"] == "Dataset"
    assert {kind for name, kind in types.items() if name.startswith("id/paper/")} == {
        "ScholarlyArticle"
    }


def test_pages_allow_no_script_but_where_one_is_needed(pages: dict[str, Document]) -> None:
    for name, page in pages.items():
        (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none';")
        assert "unsafe-inline" not in policy
        assert ("script-src" in policy) == bool(page.xpath("//script[@src]")), name
        assert page.xpath("//@style | //style | //@onclick | //iframe") == []


def test_the_sitemap_names_every_page_that_can_be_found(
    demo_site: Path, pages: dict[str, Document]
) -> None:
    text = (demo_site / "sitemap.xml").read_text()
    found = re.findall(r"<loc>(.*?)</loc>", text)
    assert sorted(found) == sorted(f"{SITE}/{name}" for name in pages if name != "404.html")
    assert f"Sitemap: {SITE}/sitemap.xml" in (demo_site / "robots.txt").read_text()


def test_dumps_are_a_release_and_its_files_are_listed(
    demo_site: Path, pages: dict[str, Document]
) -> None:
    listed = pages["downloads.html"].xpath("//td/a/@href")
    assert "dumps/data/graph.nq.gz" in listed
    for href, sha in zip(
        listed, pages["downloads.html"].xpath("//td[@class='iri']/text()"), strict=True
    ):
        assert hashlib.sha256((demo_site / href).read_bytes()).hexdigest() == sha


def test_answers_of_the_library_are_the_golden_ones(demo_site: Path, root: Path) -> None:
    golden = (root / "queries/golden/C01.tsv").read_text().splitlines()[1:]
    rows = (demo_site / "queries/C01.csv").read_text().splitlines()[1:]
    names = [line.split("\t")[1].strip('"') for line in golden]
    assert [row.split(",")[1] for row in rows] == names


def test_the_page_of_a_federated_query_asks_nobody_and_says_whom_it_would(
    demo_site: Path, pages: dict[str, Document]
) -> None:
    text = (demo_site / "queries/K01.html").read_text("utf-8")
    assert "Besides this graph it asks query.wikidata.org" in text
    assert "editor.html#id=K01" not in text
    assert not (demo_site / "queries/K01.csv").exists()
    assert (demo_site / "queries/K01.rq").is_file()
    assert "K01" not in (demo_site / "editor.html").read_text("utf-8")


def test_the_most_used_resources_have_the_panels_of_the_server(
    demo_graph: Path, pages: dict[str, Document]
) -> None:
    page = pages["id/dataset/imagenet.html"]
    headings = page.xpath("//section[@class='panel']/h2/text()")
    assert {"Uses per year", "Used together with", "In one table"} <= set(headings)
    assert page.xpath("//figure[@class='chart']/svg[@role='img']/title")
    # Each leads to the query with the resource in it.
    links = page.xpath("//section[@class='panel']//a/@href")
    whole = urlencode({"id": "I02", "resource": f"{BASE}/id/dataset/imagenet"})
    assert f"../../editor.html#{whole}" in links
    store = ox.Store.read_only(str(current_snapshot(demo_graph).store))
    query = load_library()["G03"].bind({"resource": f"{BASE}/id/dataset/imagenet"}, base=BASE)
    wanted = run_query(store, query)
    assert isinstance(wanted, ox.QuerySolutions)
    panel = next(
        each
        for each in page.xpath("//section[@class='panel']")
        if each.xpath(".//a[normalize-space(text())='G03']")
    )
    assert len(panel.xpath(".//tbody/tr")) == min(len(list(wanted)), 10)
    with_panels = [name for name, each in pages.items() if each.xpath("//section[@class='panel']")]
    assert len(with_panels) == 200


def test_the_number_of_pages_with_panels_is_chosen(
    site_directory: Path, tmp_path: Path, publish: Callable[..., str]
) -> None:
    for most in (0, 1):
        folder = tmp_path / str(most)
        publish(site_directory, folder, "--no-dumps", "--no-editor", "--profiles", str(most))
        pages = parsed(folder)
        found = [name for name, page in pages.items() if page.xpath("//section[@class='panel']")]
        assert len(found) == most
        # Without an editor the query's own page stands in.
        assert dangling(folder, pages) == set()
    links = pages[found[0]].xpath("//section[@class='panel']//a/@href")
    assert any(link.startswith("../../queries/") for link in links)


def test_the_course_is_there_to_read(demo_site: Path, pages: dict[str, Document]) -> None:
    course = load_course()
    assert len(pages["learn.html"].xpath("//ol[@class='cards']/li")) == len(course.units)
    for unit in course.units:
        page = pages[f"learn/{unit.number}.html"]
        assert page.xpath("//h1/text()") == [f"{unit.number}. {unit.title}"]
        assert page.xpath("//main//svg//line")
        assert len(page.xpath("//section[starts-with(@id, 'exercise-')]")) == len(unit.exercises)
        # Nothing here checks an answer, so nothing asks for one.
        assert page.xpath("//form | //textarea") == []
        shown = " ".join(page.text_content().split())
        for exercise in unit.exercises:
            assert " ".join(course.keys[exercise.id].answer.split()) not in shown
    for name in ("sample", "faults"):
        data = (demo_site / f"learn/{name}.ttl").read_bytes()
        assert list(ox.parse(data, format=ox.RdfFormat.TURTLE))


def test_words_of_papers_stay_words(hostile_site: Path) -> None:
    pages = parsed(hostile_site)
    assert dangling(hostile_site, pages) == set()
    shown = ""
    for page in pages.values():
        assert (
            page.xpath(
                "//b[text()='Bold'] | //svg[not(@role='img')] | //img[@src='x'] | //@onerror"
            )
            == []
        )
        scripts = page.xpath("//script[not(@src)]")
        assert {each.get("type") for each in scripts} <= {"application/ld+json", "application/json"}
        for each in scripts:
            json.loads(each.text)
        assert not any(link.startswith("javascript:") for link in page.xpath("//@href"))
        shown += page.text_content()
    assert "<script>alert(1)</script>" in shown
    assert "<img src=x onerror=alert(2)>" in shown


def test_the_same_graph_gives_the_same_bytes(
    demo_graph: Path, demo_site: Path, tmp_path: Path, publish: Callable[..., str]
) -> None:
    again = tmp_path / "again"
    publish(demo_graph, again, "--site-url", SITE)
    first = digest(again)
    assert first == digest(demo_site)
    # In the place of an earlier site, and nothing is left beside it.
    publish(demo_graph, again, "--site-url", SITE)
    assert digest(again) == first
    assert list(tmp_path.iterdir()) == [again]
