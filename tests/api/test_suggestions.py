"""Suggestions under the search field of every page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from .browsing import watching

pytestmark = pytest.mark.browser

Site = Any
CONLL = re.compile("/id/dataset/conll-2003$")


@pytest.fixture
def opened(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a path; at the end no request went elsewhere and no script or policy failed."""
    with watching(browser) as watched:

        def open_path(path: str = "/", **options: Any) -> Page:
            page = watched.page(watched.context(base_url=site.url, **options))
            page.goto(path)
            return page

        yield open_path


def field(page: Page) -> Locator:
    return page.get_by_label("Search names and titles")


def options(page: Page) -> Locator:
    return page.locator("[role=option]")


def typed(page: Page, text: str) -> Locator:
    """Type a text and wait for what is suggested."""
    field(page).press_sequentially(text)
    expect(page.get_by_role("listbox")).to_be_visible()
    return options(page)


def active(page: Page) -> str | None:
    return field(page).get_attribute("aria-activedescendant")


def asked(page: Page) -> list[str]:
    """What is asked of the search from now on, while it goes on."""
    found: list[str] = []

    def note(request: Request) -> None:
        if "/search?" in request.url:
            found.append(request.url)

    page.on("request", note)
    return found


@pytest.mark.parametrize(
    "path", ["/", "/queries/C01", "/editor", "/learn/1", "/ontology", "/fair", "/id/model/bert"]
)
def test_every_page_suggests_and_leads_to_the_thing(opened: Callable[..., Page], path: str) -> None:
    page = opened(path)
    typed(page, "conll").first.click()
    expect(page).to_have_url(CONLL)


def test_the_arrows_choose_and_enter_goes_there(opened: Callable[..., Page]) -> None:
    page = opened()
    found = typed(page, "l")
    count = found.count()
    assert count > 1
    assert field(page).get_attribute("aria-expanded") == "true"
    assert active(page) is None
    for at in range(count):
        page.keyboard.press("ArrowDown")
        assert active(page) == found.nth(at).get_attribute("id")
        assert page.locator("[role=option][aria-selected=true]").count() == 1
    # Past the last is the field itself, and before it the last again.
    page.keyboard.press("ArrowDown")
    assert active(page) is None
    page.keyboard.press("ArrowUp")
    assert active(page) == found.nth(count - 1).get_attribute("id")
    page.keyboard.press("Home")
    assert active(page) is None
    field(page).fill("conll 2003")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(CONLL)


def test_enter_without_a_choice_searches(opened: Callable[..., Page]) -> None:
    page = opened()
    typed(page, "conll")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Search")
    assert page.url.endswith("/search?q=conll")
    expect(page.locator("main ol a").first).to_have_text("CoNLL-2003")


def test_escape_closes_the_list_and_then_empties_the_field(opened: Callable[..., Page]) -> None:
    page = opened()
    typed(page, "conll")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert field(page).get_attribute("aria-expanded") == "false"
    assert field(page).input_value() == "conll"
    # An arrow opens it again, at its first.
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert active(page) == options(page).first.get_attribute("id")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert field(page).input_value() == ""


def test_leaving_the_field_closes_the_list(opened: Callable[..., Page]) -> None:
    page = opened()
    typed(page, "conll")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Find"


def test_what_is_typed_at_once_is_asked_once(opened: Callable[..., Page]) -> None:
    page = opened()
    page.clock.install()
    requests = asked(page)
    field(page).press_sequentially("conll")
    page.clock.run_for(100)
    assert requests == []
    page.clock.run_for(100)
    expect(options(page).first).to_contain_text("CoNLL-2003")
    assert [url.partition("?")[2] for url in requests] == ["q=conll&limit=8"]
    # What was answered before is asked of nobody.
    for text in ("conl", "conll"):
        field(page).fill(text)
        page.clock.run_for(200)
        expect(options(page).first).to_contain_text("CoNLL-2003")
    assert len(requests) == 2


def test_a_newer_text_ends_the_request_for_an_older_one(opened: Callable[..., Page]) -> None:
    page = opened()
    ended: list[str | None] = []
    page.on("requestfailed", lambda request: ended.append(request.failure))
    page.route("**/search?q=b&*", lambda _: None)
    with page.expect_request("**/search?q=b&*"):
        field(page).press_sequentially("b")
    field(page).press_sequentially("ert")
    expect(options(page).first).to_contain_text("BERT")
    assert ended == ["net::ERR_ABORTED"]


def test_a_server_that_asks_for_a_pause_gets_one(opened: Callable[..., Page]) -> None:
    page = opened()
    page.clock.install()
    requests = asked(page)
    page.route(
        "**/search?q=c&*",
        lambda route: route.fulfill(status=429, headers={"Retry-After": "30"}, body="{}"),
    )
    said = page.locator(".find [role=status]")
    field(page).press_sequentially("c")
    page.clock.run_for(200)
    expect(said).to_contain_text("pause")
    field(page).press_sequentially("o")
    page.clock.run_for(10_000)
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert len(requests) == 1
    page.clock.run_for(20_000)
    field(page).press_sequentially("n")
    page.clock.run_for(200)
    expect(options(page).first).to_contain_text("CoNLL-2003")


def test_where_nothing_can_be_suggested_the_form_stays(opened: Callable[..., Page]) -> None:
    page = opened()
    page.route("**/search?*limit=8", lambda route: route.fulfill(status=503, body="{}"))
    with page.expect_response("**/search?*limit=8"):
        field(page).press_sequentially("conll")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.get_by_role("button", name="Find").click()
    expect(page.locator("main ol a").first).to_have_text("CoNLL-2003")


def test_the_kind_that_is_chosen_holds_for_the_search_page(opened: Callable[..., Page]) -> None:
    page = opened("/search")
    page.get_by_label("Kind").select_option("paper")
    page.get_by_label("Words of a name or title").press_sequentially("a")
    expect(options(page).first).to_contain_text("paper")
    assert set(page.locator("[role=option] small").all_inner_texts()) == {"paper"}


def test_names_that_try_to_be_markup_stay_words(opened: Callable[..., Page]) -> None:
    page = opened()
    typed(page, "<script>alert(1)")
    expect(options(page).first).to_contain_text("<script>alert(1)</script>")
    assert page.locator("[role=listbox] script, [role=listbox] img").count() == 0


def test_without_scripts_the_form_searches(opened: Callable[..., Page]) -> None:
    page = opened("/queries", java_script_enabled=False)
    field(page).fill("conll")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("main ol a").first).to_have_text("CoNLL-2003")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_open_list_breaks_no_rule_of_axe_and_fits(
    opened: Callable[..., Page], axe: Callable[..., None], scheme: str, width: int
) -> None:
    page = opened("/queries", viewport={"width": width, "height": 740}, color_scheme=scheme)
    typed(page, "b")
    page.keyboard.press("ArrowDown")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.get_by_role("listbox").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_what_was_typed_before_the_script_came_is_looked_up(opened: Callable[..., Page]) -> None:
    page = opened("/docs")
    waiting: list[Any] = []
    page.route("**/static/suggest.js", lambda route: waiting.append(route))
    with page.expect_request("**/static/suggest.js"):
        page.goto("/", wait_until="commit")
    field(page).press_sequentially("conll")
    assert page.get_by_role("combobox").count() == 0
    waiting.pop().continue_()
    expect(options(page).first).to_contain_text("CoNLL-2003")
