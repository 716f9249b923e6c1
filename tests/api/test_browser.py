"""The pages in a real browser, which may reach this machine only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .browsing import watching

pytestmark = pytest.mark.browser

Site = Any
PAPER = "/id/paper/doi:10.5555:sample.2023.1"


@pytest.fixture
def opened(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a path; at the end no request went elsewhere and no script failed."""
    with watching(browser) as watched:

        def open_path(path: str, **options: Any) -> Page:
            context = watched.context(base_url=site.url, **options)
            # Here the plain editor must do, as where the other was not built or is late.
            context.route("**/static/built/*", lambda route: route.abort())
            page = watched.page(context)
            page.goto(path)
            return page

        yield open_path


def test_from_the_start_page_to_rows(opened: Callable[..., Page]) -> None:
    page = opened("/")
    expect(page.locator("h1")).to_have_text("What do papers use, introduce and report?")
    page.get_by_role("link", name="Editor", exact=True).click()
    page.get_by_text("Datasets", exact=True).click()
    page.get_by_role("link", name="C01 Most used datasets").click()
    expect(page.locator("#query")).to_have_value(page.locator("#query").input_value())
    assert "COUNT(DISTINCT ?paper)" in page.locator("#query").input_value()
    page.get_by_label("Rows").fill("2")
    page.get_by_role("button", name="Put into the query").click()
    # Until the scripts are there the form sends the query itself.
    page.wait_for_url("**/editor?id=C01&top=2")
    assert page.locator("#query").input_value().rstrip().endswith("LIMIT 2")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#status")).to_contain_text("2 rows in ")
    expect(page.locator("#answer tbody tr")).to_have_count(2)
    page.get_by_role("link", name="dataset/conll-2003").click()
    expect(page.locator("h1")).to_have_text("CoNLL-2003")


def test_an_example_is_one_click_away(opened: Callable[..., Page]) -> None:
    page = opened("/")
    page.get_by_role("link", name="Most used datasets").click()
    expect(page.locator("tbody tr").first).to_contain_text("CoNLL-2003")


def test_a_syntax_error_is_marked_at_its_place(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    page.locator("#query").fill("SELECT *\nWHERE {\n  ?s ?p ?o ! }")
    page.locator("#query").press("Control+Enter")
    expect(page.locator("#answer")).to_contain_text("line 3, column ")
    expect(page.locator("#status")).to_contain_text("at line 3")
    expect(page.locator(".gutter .bad")).to_have_text("3")
    expect(page.locator(".paint .fault")).to_have_count(1)
    page.get_by_role("button", name="Go there").click()
    chosen = page.evaluate("[query.selectionStart, query.selectionEnd]")
    assert page.evaluate("document.activeElement.id") == "query"
    assert 18 < chosen[0] < chosen[1]
    page.locator("#query").fill("ASK {}")
    expect(page.locator(".paint .fault")).to_have_count(0)


def test_the_keyboard_is_enough(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    page.locator("#query").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer tbody tr")).not_to_have_count(0)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "run"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("ASK { ?s ?p ?o }", "Yes"),
        ("ASK { <urn:no> ?p ?o }", "No"),
        ("SELECT * WHERE { <urn:no> ?p ?o }", "No row of the graph fits"),
        ("CONSTRUCT { <urn:a> <urn:b> <urn:c> } WHERE {}", "<urn:a> <urn:b> <urn:c>"),
        ("SELECT ?x (1 AS ?n) (STRLANG('Korpus', 'de') AS ?w) {}", "@de"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", ""),
    ],
)
def test_every_kind_of_answer_is_drawn(opened: Callable[..., Page], query: str, shown: str) -> None:
    page = opened("/editor")
    page.locator("#query").fill(query)
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#answer > *").first).to_be_visible()
    expect(page.locator("#answer")).to_contain_text(shown)


def test_words_of_papers_stay_words(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    page.locator("#query").fill("SELECT ?o WHERE { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'alert')) }")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#answer")).to_contain_text("<script>alert(1)</script>")
    assert page.locator("#answer script, #answer img, #answer svg").count() == 0


def test_answers_are_downloaded_whole(opened: Callable[..., Page], tmp_path: Path) -> None:
    page = opened("/editor")
    page.locator("#query").fill("SELECT ?n { VALUES ?n { 1 2 3 } }")
    page.get_by_role("button", name="Run").click()
    with page.expect_download() as csv:
        page.get_by_role("button", name="CSV").click()
    assert Path(csv.value.path()).read_text().split() == ["n", "1", "2", "3"]
    with page.expect_download() as srj:
        page.get_by_role("button", name="JSON").click()
    assert len(json.loads(Path(srj.value.path()).read_text())["results"]["bindings"]) == 3


def test_more_rows_than_are_drawn_are_announced(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    page.locator("#query").fill("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#status")).to_contain_text("The first 1,000 rows are drawn")
    expect(page.locator("#answer tbody tr")).to_have_count(1000)


def test_an_answer_that_breaks_off_is_not_shown_in_part(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    page.route("**/sparql", lambda route: route.abort("connectionreset"))
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#answer")).to_contain_text("No complete answer")
    expect(page.locator("#status")).to_have_text("No complete answer.")


def test_limits_of_the_server_are_shown_as_limits(opened: Callable[..., Page]) -> None:
    problem = {
        "title": "The query took too long",
        "status": 504,
        "detail": "the query was stopped after 10 s; narrow it or add a LIMIT",
    }
    page = opened("/editor")
    page.route(
        "**/sparql",
        lambda route: route.fulfill(
            status=504, content_type="application/problem+json", body=json.dumps(problem)
        ),
    )
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#answer")).to_contain_text("stopped after 10 s")
    assert page.locator("#answer table").count() == 0


def test_a_running_query_can_be_stopped(opened: Callable[..., Page]) -> None:
    page = opened("/editor")
    page.route("**/sparql", lambda _: None)
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#status")).to_have_text("Stopped.")
    expect(page.get_by_role("button", name="Run")).to_be_enabled()


def test_the_painted_copy_is_the_text(opened: Callable[..., Page]) -> None:
    text = "PREFIX a: <urn:a#> # note\nSELECT ?x { ?x a:b \"q\\\"\"@en, '''long\n'''; ^a:c+ 1.5e3 . <x> }\n"
    page = opened("/editor")
    page.locator("#query").fill(text)
    assert page.locator(".paint").evaluate("node => node.textContent") == text + "\n"
    assert page.locator(".gutter").evaluate("node => node.textContent") == "1\n2\n3\n4\n"
    kinds = page.locator(".paint span").evaluate_all("all => all.map(s => s.className)")
    assert {"key", "iri", "note", "var", "str"} == set(kinds)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/queries",
        "/queries/F02",
        "/editor",
        PAPER,
        "/id/model/bert",
        "/ontology",
        "/fair",
        "/learn/9",
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_a_phone(opened: Callable[..., Page], path: str, scheme: str) -> None:
    page = opened(path, viewport={"width": 360, "height": 740}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    lightness = sum(map(int, background.removeprefix("rgb(").rstrip(")").split(", "))) / 3
    assert (lightness > 127) == (scheme == "light")


def test_every_field_and_region_has_a_name(opened: Callable[..., Page]) -> None:
    unnamed = """() => [...document.querySelectorAll('input:not([type=hidden]), textarea, select')]
        .filter(field => !field.labels.length).map(field => field.name)"""
    for path in ("/editor?id=F02", "/queries/F02", "/learn/3"):
        page = opened(path)
        assert page.evaluate(unnamed) == []
        assert page.locator("main h1").count() == 1
        assert page.locator("html[lang=en]").count() == 1


def test_the_editor_works_without_scripts(opened: Callable[..., Page]) -> None:
    page = opened("/editor?id=C01", java_script_enabled=False)
    assert "LIMIT 10" in page.locator("#query").input_value()
    with page.expect_response("**/sparql") as answer:
        page.get_by_role("button", name="Run").click()
    assert answer.value.status == 200


def test_an_exercise_is_checked_without_scripts(opened: Callable[..., Page]) -> None:
    page = opened("/learn/3", java_script_enabled=False)
    page.locator("#answer-1").fill("SELECT ?model { ?model a fp:Models }")
    page.locator("#exercise-1").get_by_role("button", name="Check").click()
    assert "did you mean fp:Model?" in (
        page.locator("#exercise-1 [role=status]").text_content() or ""
    )
    page.locator("#answer-1").fill("SELECT ?model { ?model a fp:Model }")
    page.locator("#exercise-1").get_by_role("button", name="Check").click()
    assert "Right: 5 rows" in (page.locator("#exercise-1 [role=status]").text_content() or "")
