"""Several queries side by side in the editor, the plain one and the built one, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .browsing import watching

pytestmark = pytest.mark.browser

Site = Any
Open = Callable[..., Page]
BUILT = "api/web/static/built/editor.js"


@pytest.fixture(params=["plain", "built"])
def opened(
    request: pytest.FixtureRequest, root: Path, browser: Browser, site: Site
) -> Iterator[Open]:
    """Open a path in either editor; at the end no request went elsewhere and nothing failed."""
    built = request.param == "built"
    if built and not (root / BUILT).is_file():
        pytest.skip("needs the built editor; make web builds it")
    with watching(browser) as watched:

        def open_path(path: str = "/editor", **options: Any) -> Page:
            context = watched.context(base_url=site.url, **options)
            if not built:
                context.route("**/static/built/*", lambda route: route.abort())
            page = watched.page(context)
            page.goto(path)
            expect(page.locator(".rich .CodeMirror" if built else "#query")).to_be_visible()
            return page

        yield open_path


def tabs(page: Page) -> Locator:
    return page.get_by_role("tab")


def names(page: Page) -> list[str]:
    return tabs(page).all_inner_texts()


def selected(page: Page) -> str:
    return page.get_by_role("tab", selected=True).inner_text()


def act(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).click()


def write(page: Page, text: str) -> None:
    if page.locator(".rich").count():
        page.locator(".rich .CodeMirror").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(text)
    else:
        page.locator("#query").fill(text)


def written(page: Page) -> str:
    """The text of the open tab, which both editors show."""
    text = page.locator("#query").input_value()
    if page.locator(".rich").count():
        shown = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
        assert shown == text
    return text


def run(page: Page) -> None:
    page.get_by_role("button", name="Run").click()


def kept(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(
        "JSON.parse(localStorage.getItem('fairpapers.editor')).tabs"
    )
    return found


def test_each_tab_has_its_text_its_answer_and_its_address(opened: Open) -> None:
    page = opened()
    write(page, "SELECT (1 AS ?one) {}")
    run(page)
    expect(page.locator("#answer tbody td")).to_have_text("1")
    first = page.url
    act(page, "New tab")
    expect(page.locator("#answer")).to_be_empty()
    expect(page.locator("#status")).to_be_empty()
    assert written(page) == ""
    if page.locator(".rich").count():
        run(page)
        expect(page.locator("#status")).to_contain_text("at line 1")
    write(page, "SELECT * {")
    run(page)
    expect(page.locator("#status")).to_contain_text("at line 1")
    tabs(page).first.click()
    assert written(page) == "SELECT (1 AS ?one) {}"
    expect(page.locator("#answer tbody td")).to_have_text("1")
    expect(page.locator("#status")).to_contain_text("1 row")
    assert page.url == first
    tabs(page).nth(1).click()
    expect(page.locator("#answer")).to_contain_text("line 1")
    # What is wrong is marked again, at its place.
    fault = ".rich .fault" if page.locator(".rich").count() else ".paint .fault"
    expect(page.locator(fault).first).to_be_visible()
    assert written(page) == "SELECT * {"


def test_an_answer_arrives_in_the_tab_that_asked(opened: Open) -> None:
    page = opened()
    held: list[Any] = []
    write(page, "ASK { ?held ?p ?o }")
    page.route("**/sparql", lambda route: held.append(route))
    with page.expect_request("**/sparql"):
        run(page)
    act(page, "New tab")
    expect(page.get_by_role("button", name="Run")).to_be_enabled()
    with page.expect_response("**/sparql"):
        held[0].continue_()
    expect(page.locator("#answer")).to_be_empty()
    tabs(page).first.click()
    expect(page.locator("#answer")).to_have_text("Yes")


def test_the_keyboard_moves_names_and_closes(opened: Open) -> None:
    page = opened()
    act(page, "New tab")
    act(page, "New tab")
    assert names(page) == ["Query 1", "Query 2", "Query 3"]
    tabs(page).nth(2).focus()
    for key, there in [
        ("ArrowRight", "Query 1"),
        ("ArrowLeft", "Query 3"),
        ("Home", "Query 1"),
        ("End", "Query 3"),
    ]:
        page.keyboard.press(key)
        assert selected(page) == there
        assert page.evaluate("document.activeElement.textContent") == there
    page.keyboard.press("F2")
    page.keyboard.insert_text("Mine")
    page.keyboard.press("Enter")
    assert names(page) == ["Query 1", "Query 2", "Mine"]
    page.keyboard.press("F2")
    page.keyboard.insert_text("Not so")
    page.keyboard.press("Escape")
    assert names(page) == ["Query 1", "Query 2", "Mine"]
    page.keyboard.press("Delete")
    assert names(page) == ["Query 1", "Query 2"]
    assert selected(page) == page.evaluate("document.activeElement.textContent") == "Query 2"
    # One tab alone is in the order of the keyboard, and its panel says whose it is.
    assert page.locator("[role=tab][tabindex='0']").count() == 1
    assert page.get_by_role("tabpanel", name="Query 2").count() == 1


def test_a_closed_tab_can_be_opened_again(opened: Open) -> None:
    page = opened()
    write(page, "ASK {} # kept")
    act(page, "New tab")
    tabs(page).first.click(button="middle")
    expect(page.locator("#status")).to_have_text("“Query 1” is closed.")
    assert names(page) == ["Query 2"]
    act(page, "Reopen tab")
    assert names(page) == ["Query 1", "Query 2"]
    assert written(page) == "ASK {} # kept"
    act(page, "Close tab")
    act(page, "Close tab")
    assert names(page) == ["Query 1"]
    assert written(page) == ""


def test_tabs_are_there_at_the_next_visit(opened: Open) -> None:
    page = opened()
    write(page, "ASK {} # one")
    act(page, "New tab")
    write(page, "ASK {} # two")
    page.goto("/queries")
    page.goto("/editor")
    assert names(page) == ["Query 1", "Query 2"]
    assert selected(page) == "Query 2"
    expect(page.locator("#query")).to_have_value("ASK {} # two")
    tabs(page).first.click()
    assert written(page) == "ASK {} # one"


def test_an_edited_query_survives_a_reload_and_a_link_shows_what_it_says(opened: Open) -> None:
    page = opened("/editor?query=ASK+%7B%7D")
    write(page, "ASK {} # edited")
    page.reload()
    expect(page.locator("#query")).to_have_value("ASK {} # edited")
    assert names(page) == ["Query 1"]
    page.goto("/editor?query=ASK+%7B%7D")
    expect(page.locator("#query")).to_have_value("ASK {}")
    assert names(page) == ["Query 1", "Query 2"]
    # The same link again leads to the same tab.
    page.goto("/editor?query=ASK+%7B%7D")
    assert names(page) == ["Query 1", "Query 2"]


def test_a_query_of_the_library_is_named_and_takes_the_place_of_one_that_nobody_used(
    opened: Open,
) -> None:
    page = opened()
    page.goto("/editor?id=C01")
    assert names(page) == ["C01 Most used datasets"]
    page.get_by_label("Rows").fill("2")
    page.get_by_role("button", name="Put into the query").click()
    page.wait_for_url("**/editor?id=C01&top=2")
    assert names(page) == ["C01 Most used datasets"]
    run(page)
    expect(page.locator("#answer tbody tr")).to_have_count(2)
    assert page.url.endswith("/editor?id=C01&top=2")
    page.goto("/editor?id=F02")
    assert [name[:3] for name in names(page)] == ["C01", "F02"]
    # What the page tells of its query is not told of another.
    expect(page.locator("#about")).to_be_visible()
    tabs(page).first.click()
    expect(page.locator("#about")).to_be_hidden()
    assert page.url.endswith("/editor?id=C01&top=2")
    assert written(page).rstrip().endswith("LIMIT 2")


def test_no_more_tabs_than_fit_and_no_text_beyond_a_bound(opened: Open) -> None:
    page = opened()
    for _ in range(11):
        act(page, "New tab")
    act(page, "New tab")
    expect(page.locator("#status")).to_contain_text("12 queries are open")
    assert tabs(page).count() == 12
    # A link makes room by closing what nobody used, the oldest first.
    write(page, "ASK {} # used")
    page.goto("/editor?id=C01")
    expect(page.locator("#status")).to_have_text("The tab “Query 1” was closed to make room.")
    assert names(page) == [*(f"Query {number}" for number in range(2, 13)), selected(page)]
    assert selected(page).startswith("C01")
    long = "ASK {} #" + "x" * 50_000
    page.locator("#query").evaluate(
        "(area, text) => { area.value = text; area.dispatchEvent(new Event('input')); }", long
    )
    expect(page.locator("#status")).to_contain_text("longer than 50,000 characters")
    assert all(len(tab["text"]) <= 50_000 for tab in kept(page))


@pytest.mark.parametrize(
    "data",
    [
        "no JSON",
        "null",
        '{"tabs": 7}',
        json.dumps({"tabs": [None, 1, {"id": "a"}, {"id": 1, "name": []}], "current": {}}),
        json.dumps(
            {
                "tabs": [
                    {
                        "id": "a",
                        "name": "n",
                        "text": "",
                        "loaded": "",
                        "source": "",
                        "link": "javascript:alert(1)",
                    }
                ]
            }
        ),
    ],
)
def test_whatever_stands_in_the_storage_the_editor_opens(opened: Open, data: str) -> None:
    page = opened()
    # Leaving keeps the open tab, so this is put there after that.
    page.context.add_init_script(f"localStorage.setItem('fairpapers.editor', {json.dumps(data)})")
    page.goto("/editor")
    assert names(page) == ["Query 1"]
    run(page)
    expect(page.locator("#answer tbody tr")).not_to_have_count(0)


def test_without_a_storage_tabs_last_as_long_as_the_page(opened: Open) -> None:
    page = opened()
    page.context.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError'); }"
    )
    page.goto("/editor")
    expect(page.locator("#status")).to_contain_text("this browser keeps nothing here")
    act(page, "New tab")
    assert tabs(page).count() == 2


def test_undo_stays_within_a_tab(opened: Open) -> None:
    page = opened()
    if not page.locator(".rich").count():
        pytest.skip("a text field has one history, which browsers drop when its text is set")
    write(page, "ASK {} # one")
    act(page, "New tab")
    write(page, "ASK {} # two")
    tabs(page).first.click()
    page.locator(".rich .CodeMirror").click()
    page.keyboard.press("Control+z")
    assert "# two" not in written(page)
    assert "# one" not in written(page)


def test_a_graph_is_a_table_and_a_network_too(opened: Open) -> None:
    page = opened()
    write(
        page,
        r"""CONSTRUCT { <urn:a> <urn:p> <urn:b>, "q\"uote\n2"@en, 7 . <urn:b> <urn:p> _:x } {}""",
    )
    run(page)
    form = page.get_by_role("group", name="Form")
    expect(page.locator("#answer pre")).to_contain_text("<urn:a>")
    form.get_by_role("button", name="Table").click()
    expect(page.locator("#answer tbody tr")).to_have_count(4)
    expect(page.locator("#answer tbody")).to_contain_text('q"uote\n2')
    form.get_by_role("button", name="Network").click()
    expect(page.locator("#answer")).to_contain_text("2 things and 1 links from subject to object")
    expect(page.locator("#answer svg line")).to_have_count(1)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_tabs_break_no_rule_of_axe_and_fit(
    opened: Open, axe: Callable[..., None], scheme: str, width: int
) -> None:
    page = opened("/editor?id=C01", viewport={"width": width, "height": 740}, color_scheme=scheme)
    for _ in range(4):
        act(page, "New tab")
    act(page, "Close tab")
    act(page, "Rename tab")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
