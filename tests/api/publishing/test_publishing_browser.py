"""The site in a real browser without network: from a web host, and from a disk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from playwright.sync_api import Browser, Page, expect

from fairpapers.api.publishing.editor import has_engine

from ..browsing import watching

pytestmark = pytest.mark.browser
needs_engine = pytest.mark.skipif(
    not has_engine(), reason="needs the engine of the editor: make editor"
)
Open = Callable[..., Page]
ANSWERED = re.compile(r" in [0-9.]+ m?s\.")


@pytest.fixture(params=["host", "disk"])
def opened(
    request: pytest.FixtureRequest,
    browser: Browser,
    demo_site: Path,
    hosted: Callable[[Path], AbstractContextManager[str]],
) -> Iterator[Open]:
    """Open a page of the site; at the end no request left this machine and no script failed."""
    with hosted(demo_site) as address, watching(browser) as watched:
        start = address if request.param == "host" else demo_site.as_uri()

        def open_page(path: str, **options: Any) -> Page:
            context = watched.context(offline=request.param == "disk", **options)
            page = watched.page(context, strict=True)
            page.goto(f"{start}/{path}")
            return page

        yield open_page


def run(page: Page) -> None:
    page.get_by_role("button", name="Run").click()
    # The first run loads the engine and the graph.
    expect(page.locator("#status")).to_contain_text(ANSWERED, timeout=60_000)


def golden(root: Path, query: str) -> list[list[str]]:
    lines = (root / f"queries/golden/{query}.tsv").read_text().splitlines()[1:]
    return [line.split("\t") for line in lines]


@needs_engine
def test_from_the_start_to_a_resource_a_paper_and_a_query(opened: Open, root: Path) -> None:
    page = opened("index.html")
    page.get_by_role("link", name="Datasets", exact=True).click()
    page.get_by_role("link", name="ImageNet", exact=True).click()
    expect(page.locator("h1")).to_have_text("ImageNet")
    page.locator("main td.long a").first.click()
    expect(page.locator(".kicker").first).to_have_text("Paper")
    page.get_by_role("link", name="why?").first.click()
    assert page.evaluate("document.querySelector(':target').tagName") == "SECTION"
    page.get_by_role("link", name="Queries", exact=True).click()
    page.get_by_role("link", name="Most used datasets").click()
    page.get_by_role("link", name="Open in the editor").click()
    expect(page.locator("#loaded-title")).to_have_text("Most used datasets")
    run(page)
    rows = page.locator("#answer tbody tr").all()
    wanted = golden(root, "C01")
    found = [[cell.inner_text() for cell in row.locator("td").all()] for row in rows]
    names = [[row[1].strip('"'), row[2].partition("^^")[0].strip('"')] for row in wanted]
    assert [row[1:] for row in found] == names
    page.locator("#answer a").first.click()
    expect(page.locator(".kicker").first).to_have_text("Dataset")


@needs_engine
def test_parameters_are_put_into_the_query(opened: Open) -> None:
    page = opened("editor.html#id=C01")
    page.get_by_role("textbox", name="Rows").fill("2")
    page.get_by_role("button", name="Put into the query").click()
    run(page)
    expect(page.locator("#answer tbody tr")).to_have_count(2)
    page.get_by_role("textbox", name="Rows").fill("many")
    page.get_by_role("button", name="Put into the query").click()
    expect(page.locator("#answer")).to_contain_text("a whole number")


@needs_engine
def test_a_panel_is_asked_again_in_the_editor(opened: Open) -> None:
    page = opened("id/dataset/imagenet.html")
    link = page.get_by_role("link", name="I02 for ")
    rows = page.locator("section.panel").filter(has=link).locator("tbody tr").count()
    link.click()
    expect(page.locator("#loaded-id")).to_have_text("I02")
    run(page)
    assert rows > 0
    expect(page.locator("#answer tbody tr")).to_have_count(rows)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["id/dataset/imagenet.html", "learn.html", "learn/3.html"])
def test_pages_break_no_rule_of_axe(
    browser: Browser,
    demo_site: Path,
    hosted: Callable[[Path], AbstractContextManager[str]],
    axe: Callable[..., None],
    path: str,
    scheme: str,
) -> None:
    # From a host alone: axe reads style sheets again, which no page from a disk may.
    with hosted(demo_site) as address, watching(browser) as watched:
        page = watched.page(watched.context(color_scheme=scheme))
        page.goto(f"{address}/{path}")
        axe(page)


@needs_engine
def test_an_error_has_its_line_and_column(opened: Open) -> None:
    page = opened("editor.html")
    page.locator("#query").fill("SELECT *\nWHERE {\n  ?s ?p ?o ! }")
    page.locator("#query").press("Control+Enter")
    expect(page.locator("#status")).to_contain_text("at line 3, column ", timeout=60_000)
    expect(page.locator(".gutter .bad")).to_have_text("3")
    page.get_by_role("button", name="Go there").click()
    assert page.evaluate("document.activeElement.id") == "query"


@needs_engine
def test_a_query_can_be_stopped_and_the_next_one_is_answered(opened: Open) -> None:
    page = opened("editor.html")
    page.locator("#query").fill("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#status")).to_have_text("Running …", timeout=60_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#status")).to_contain_text("Stopped.")
    page.locator("#query").fill("SELECT ?n { VALUES ?n { 1 2 3 } }")
    run(page)
    expect(page.locator("#answer tbody tr")).to_have_count(3)


@needs_engine
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("ASK { ?s ?p ?o }", "Yes"),
        ("SELECT * { <urn:no> ?p ?o }", "No row of the graph fits"),
        ("CONSTRUCT { <urn:a> <urn:b> <urn:c> } WHERE {}", "<urn:a> <urn:b> <urn:c>"),
        ("SELECT * FROM <urn:none> { ?s ?p ?o }", "No row of the graph fits"),
        ("SELECT ('<b>x</b>' AS ?x) {}", "<b>x</b>"),
    ],
)
def test_every_kind_of_answer_is_drawn(opened: Open, query: str, shown: str) -> None:
    page = opened("editor.html")
    page.locator("#query").fill(query)
    run(page)
    expect(page.locator("#answer")).to_contain_text(shown)


@needs_engine
def test_answers_are_downloaded(opened: Open) -> None:
    page = opened("editor.html")
    page.locator("#query").fill("SELECT ?n { VALUES ?n { 1 2 3 } }")
    run(page)
    with page.expect_download() as csv:
        page.get_by_role("button", name="CSV").click()
    assert Path(csv.value.path()).read_text().split() == ["n", "1", "2", "3"]


@needs_engine
def test_every_query_of_the_library_is_bound_as_by_the_server(
    opened: Open, demo_site: Path
) -> None:
    page = opened("editor.html")
    files = sorted(demo_site.glob("queries/*.rq"))
    # Those that ask other endpoints are not in the editor: a page in a browser asks nobody.
    for file in (each for each in files if "federates:" not in each.read_text("utf-8")):
        page.evaluate(f"location.hash = 'id={file.stem}'")
        expect(page.locator("#loaded-id")).to_have_text(file.stem)
        text = page.locator("#query").input_value()
        shown: Any = lxml.html.document_fromstring(file.with_suffix(".html").read_bytes())
        assert text.strip() == shown.xpath("//main//pre/code")[-1].text_content().strip()


def test_search_finds_by_beginnings_of_words(opened: Open) -> None:
    page = opened("search.html")
    page.get_by_label("Words of a title or name").fill("imagen")
    link = page.get_by_role("link", name="ImageNet", exact=True)
    expect(link).to_be_visible()
    page.get_by_label("Words of a title or name").fill("zzzqqq")
    expect(page.locator("#status")).to_have_text("0 found.")
    page.get_by_label("Words of a title or name").fill("IMAGENET")
    link.click()
    expect(page.locator("h1")).to_have_text("ImageNet")


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "papers.html",
        "search.html",
        "editor.html",
        "id/dataset/imagenet.html",
        "learn.html",
        "learn/3.html",
    ],
)
def test_pages_are_readable_for_everybody(opened: Open, path: str) -> None:
    page = opened(path, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    unnamed = """() => [...document.querySelectorAll('input, textarea, button, a')]
        .filter(node => !(node.labels?.length || node.textContent.trim()))
        .map(node => node.outerHTML)"""
    assert page.evaluate(unnamed) == []
    for landmark in ("main", "header", "footer", "nav[aria-label=Main]", "h1", "html[lang=en]"):
        assert page.locator(landmark).count() == 1, landmark
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(node => node.id)")
    assert len(ids) == len(set(ids))
