"""Explain in the editor, in a real browser which may reach this machine only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .browsing import watching

pytestmark = pytest.mark.browser

Site = Any
PREFIX = "PREFIX fp: <https://w3id.org/fairpapers/ontology#>\n"


@pytest.fixture
def editor(browser: Browser, site: Site) -> Iterator[Page]:
    """The plain editor; at the end no request went elsewhere and no script or policy failed."""
    with watching(browser) as watched:
        context = watched.context(base_url=site.url)
        context.route("**/static/built/*", lambda route: route.abort())
        page = watched.page(context)
        page.goto("/editor")
        yield page


def test_an_empty_answer_is_explained_and_mended(editor: Page) -> None:
    # A letter of two code units before the place: offsets count code points.
    editor.locator("#query").fill(f"{PREFIX}# 😀\nSELECT ?d WHERE {{ ?p fp:usess ?d }}")
    editor.get_by_role("button", name="Run").click()
    editor.get_by_role("button", name="Why?").click()
    expect(editor.locator("#answer")).to_contain_text("Why there are no rows")
    expect(editor.locator("#answer")).to_contain_text("did you mean fp:uses?")
    editor.locator("#answer").get_by_role("button", name="Line 3, column 22").click()
    chosen = editor.evaluate("query.value.slice(query.selectionStart, query.selectionEnd)")
    assert chosen == "fp:usess"
    editor.get_by_role("button", name="Write fp:uses").click()
    expect(editor.locator("#answer")).to_contain_text("nothing in it looks wrong")
    assert "?p fp:uses ?d" in editor.locator("#query").input_value()


def test_a_query_is_drawn_and_its_words_are_text(editor: Page, axe: Callable[..., None]) -> None:
    text = f'{PREFIX}SELECT ?p WHERE {{ ?p a fp:Paper ; fp:uses ?d OPTIONAL {{ ?d fp:size "<script>" }} }}'
    editor.locator("#query").fill(text)
    editor.get_by_role("button", name="Explain").click()
    picture = editor.locator("#answer svg")
    expect(picture).to_be_visible()
    expect(editor.locator("#answer table")).to_contain_text("fp:uses ?d")
    expect(picture.locator("ellipse")).to_have_count(2)
    assert editor.locator("#answer script").count() == 0
    editor.get_by_text("The picture in words").click()
    expect(editor.locator("#answer pre").first).to_contain_text("(optional)")
    axe(editor)


def test_what_is_no_query_is_told_at_its_place(editor: Page) -> None:
    editor.locator("#query").fill("SELECT *\nWHERE { ?s ?p }")
    editor.get_by_role("button", name="Explain").click()
    expect(editor.locator("#status")).to_contain_text("at line 2")


def test_a_query_that_was_changed_since_is_not_mended_at_old_places(editor: Page) -> None:
    editor.locator("#query").fill(f"{PREFIX}SELECT ?d WHERE {{ ?p fp:usess ?d }}")
    editor.get_by_role("button", name="Explain").click()
    expect(editor.get_by_role("button", name="Write fp:uses")).to_be_visible()
    other = f"# more\n{PREFIX}SELECT ?d WHERE {{ ?p fp:usess ?d }}"
    editor.locator("#query").fill(other)
    editor.get_by_role("button", name="Write fp:uses").click()
    expect(editor.locator("#status")).to_contain_text("explain it again")
    assert editor.locator("#query").input_value() == other
