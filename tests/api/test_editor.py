"""The built editor in a real browser, which may reach this machine only; and what it completes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from .browsing import watching

pytestmark = pytest.mark.browser

Site = Any
BUILT = "api/web/static/built/editor.js"
KILLER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def opened(root: Path, browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a path; at the end no request went elsewhere and no script or policy failed."""
    if not (root / BUILT).is_file():
        pytest.skip("needs the built editor; make web builds it")
    with watching(browser) as watched:

        def open_path(path: str, **options: Any) -> Page:
            page = watched.page(watched.context(base_url=site.url, **options))
            page.goto(path)
            expect(page.locator(".rich .CodeMirror")).to_be_visible()
            return page

        yield open_path


def write(page: Page, text: str) -> None:
    page.locator(".rich .CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def run(page: Page) -> None:
    page.get_by_role("button", name="Run").click()


def test_the_words_are_those_of_the_graph_and_cached_by_snapshot(site: Site) -> None:
    answer = site.client.get("/editor/words")
    words = answer.json()
    assert words["prefixes"]["fp"] == "https://w3id.org/fairpapers/ontology#"
    assert "https://w3id.org/fairpapers/ontology#Paper" in words["classes"]
    assert "http://www.w3.org/2004/02/skos/core#prefLabel" in words["properties"]
    again = site.client.get("/editor/words", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_query_is_typed_completed_and_run(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    write(page, "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nSELECT * { ?s skos:pref")
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hint")).to_have_text("skos:prefLabel")
    page.keyboard.press("Enter")
    expect(page.locator(".rich .CodeMirror-code")).to_contain_text("skos:prefLabel")
    page.keyboard.press("End")
    page.keyboard.insert_text(" ?name } LIMIT 3")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status")).to_contain_text("3 rows in ")
    expect(page.locator("#answer tbody tr")).to_have_count(3)


def test_rows_are_sorted_and_charted(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    write(page, 'SELECT ?word ?n { VALUES (?word ?n) { ("b" 10) ("a" 9) ("c" 100) } }')
    run(page)
    page.locator("#answer").get_by_role("button", name="n", exact=True).click()
    cells = page.locator("#answer tbody td:last-child")
    expect(cells).to_have_text(["9", "10", "100"])
    page.locator("#answer").get_by_role("button", name="n", exact=True).click()
    expect(cells).to_have_text(["100", "10", "9"])
    page.get_by_role("button", name="Bars").click()
    expect(page.locator("#answer svg rect")).to_have_count(3)
    page.get_by_role("button", name="Line").click()
    expect(page.locator("#answer svg .line")).to_have_count(1)
    page.get_by_role("button", name="Raw").click()
    expect(page.locator("#answer pre")).to_contain_text('"bindings"')


def test_two_columns_of_things_are_a_network(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    write(page, "SELECT * { VALUES (?a ?b) { (<urn:a> <urn:b>) (<urn:b> <urn:c>) } }")
    run(page)
    page.get_by_role("button", name="Network").click()
    expect(page.locator("#answer")).to_contain_text("3 things and 2 links from a to b")
    expect(page.locator("#answer svg line")).to_have_count(2)


def test_a_graph_is_shown_as_turtle_and_json_ld(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    write(page, "CONSTRUCT { <urn:a> <urn:b> <urn:c> } {}")
    run(page)
    expect(page.locator("#answer pre")).to_contain_text("<urn:a> <urn:b> <urn:c>")
    page.get_by_role("group", name="Form").get_by_role("button", name="JSON-LD").click()
    expect(page.locator("#answer pre")).to_contain_text('"@id":"urn:a"')


def test_the_address_leads_back_to_the_query(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    write(page, "SELECT (1 AS ?über) {} # 100% & more")
    run(page)
    expect(page.locator("#status")).to_contain_text("1 row")
    asked = parse_qs(urlsplit(page.url).query)["query"]
    assert asked == ["SELECT (1 AS ?über) {} # 100% & more"]
    page.reload()
    expect(page.locator(".rich .CodeMirror-code")).to_contain_text("?über) {} # 100% & more")


def test_a_query_of_the_library_keeps_its_address(opened: Callable[..., Page]) -> None:
    page = opened("/editor?id=C01&top=2")
    run(page)
    expect(page.locator("#answer tbody tr")).to_have_count(2)
    assert page.url.endswith("/editor?id=C01&top=2")


def test_the_library_is_searched_and_its_form_fills_the_query(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    page.get_by_label("Find by id").fill("c01")
    expect(page.locator(".library li:visible")).to_have_count(1)
    page.get_by_role("link", name="C01").click()
    expect(page.locator("body")).to_contain_text("It teaches")
    page.get_by_label("Rows").fill("2")
    page.get_by_role("button", name="Put into the query").click()
    expect(page.locator(".rich .CodeMirror-code")).to_contain_text("LIMIT 2")


def test_an_error_is_marked_at_its_place(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    write(page, "SELECT *\nWHERE {\n  ?s ?p ?o ! }")
    run(page)
    expect(page.locator("#status")).to_contain_text("at line 3")
    expect(page.locator(".rich .fault").first).to_be_visible()
    expect(page.locator(".rich .fault-line")).to_have_count(1)
    page.get_by_role("button", name="Go there").click()
    expect(page.locator(".rich .CodeMirror-focused")).to_have_count(1)
    write(page, "ASK {}")
    expect(page.locator(".rich .fault")).to_have_count(0)


def test_a_killer_query_is_stopped_and_the_next_is_answered(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    write(page, KILLER)
    run(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#status")).to_have_text("Stopped.")
    write(page, "ASK {}")
    run(page)
    expect(page.locator("#answer")).to_contain_text("Yes")


def test_the_keyboard_leaves_the_editor(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    write(page, "ASK {}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "run"


def test_without_the_build_the_plain_editor_says_so(
    site: Site, browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("fairpapers.api.pages.web_folder", lambda: tmp_path)
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/editor")
    expect(page.locator("main")).to_contain_text("This is the plain editor")
    page.locator("#query").fill("ASK {}")
    run(page)
    expect(page.locator("#answer")).to_contain_text("Yes")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_editor_breaks_no_rule_of_axe(
    opened: Callable[..., Page], axe: Callable[..., None], scheme: str
) -> None:
    page = opened("/editor?id=C01", color_scheme=scheme)
    run(page)
    expect(page.locator("#answer tbody tr")).not_to_have_count(0)
    axe(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_editor_is_not_wider_than_a_phone(opened: Callable[..., Page], scheme: str) -> None:
    page = opened("/editor", viewport={"width": 360, "height": 740}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
