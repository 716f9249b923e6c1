"""Profiles, statistics and the picture in a real browser, which may reach this machine only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ..test_browser import opened as shared_opened

pytestmark = pytest.mark.browser

opened = shared_opened
Open = Callable[..., Page]
PAGES = [
    "/statistics",
    "/id/dataset/conll-2003",
    "/id/model/bert",
    "/id/method/retrieval-augmented-generation",
    "/id/metric/f1",
    "/id/task/named-entity-recognition",
    "/id/paper/doi:10.5555:sample.2023.1",
    "/id/paper/title:0123456789abcdef",
    "/id/model/bert?view=graph",
    "/queries/C01",
    "/queries/I01",
]
# Names that a reader who does not see the page needs, and what would confuse one.
UNNAMED = """() => {
  const name = (node) => node.getAttribute('aria-label')
    || (node.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean)
        .map(id => document.getElementById(id)?.textContent || '').join(' ')
    || node.textContent.trim();
  const all = [...document.querySelectorAll('a, section, nav, svg:not([aria-hidden]), [role=region]')];
  const ids = [...document.querySelectorAll('[id]')].map(node => node.id);
  const levels = [...document.querySelectorAll('h1, h2, h3')].map(node => +node.tagName[1]);
  return [
    ...all.filter(node => !name(node).trim()).map(node => 'no name: ' + node.outerHTML.slice(0, 80)),
    ...ids.filter((id, at) => ids.indexOf(id) !== at).map(id => 'twice: ' + id),
    ...levels.filter((level, at) => at && level > levels[at - 1] + 1).map(level => 'skips to h' + level),
    ...[...document.querySelectorAll('main')].slice(1).map(() => 'a second main'),
  ];
}"""


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_the_smallest_phone(opened: Open, path: str, scheme: str) -> None:
    page = opened(path, viewport={"width": 320, "height": 640}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", PAGES)
def test_everything_has_a_name_and_a_place(opened: Open, path: str) -> None:
    page = opened(path)
    assert page.evaluate(UNNAMED) == []
    assert page.locator("main h1").count() == 1


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_axe(
    opened: Open, axe: Callable[..., None], path: str, scheme: str
) -> None:
    axe(opened(path, color_scheme=scheme))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_and_their_words_can_be_seen(opened: Open, scheme: str) -> None:
    page = opened("/queries/C01", viewport={"width": 320, "height": 640}, color_scheme=scheme)
    colours = page.evaluate(
        """() => [getComputedStyle(document.querySelector('.chart .bar')).fill,
                 getComputedStyle(document.querySelector('.chart text')).fill,
                 getComputedStyle(document.body).backgroundColor]"""
    )
    assert len(set(colours)) == 3
    size = page.locator(".chart text").first.evaluate("node => getComputedStyle(node).fontSize")
    assert size == "13px"
    chart = page.locator(".chart svg").bounding_box()
    assert chart is not None
    for bar in page.locator(".chart .bar").all():
        box = bar.bounding_box()
        assert box is not None
        assert box["x"] >= chart["x"] - 0.5
        assert box["x"] + box["width"] <= chart["x"] + chart["width"] + 0.5
    widths = [bar.bounding_box() for bar in page.locator(".chart .bar").all()]
    assert widths[0] is not None
    assert widths[0]["width"] == pytest.approx(chart["width"], abs=1)


def test_a_profile_without_scripts_is_the_same(opened: Open) -> None:
    path = "/id/dataset/conll-2003"
    with_scripts = opened(path).locator("main").inner_html()
    without = opened(path, java_script_enabled=False).locator("main").inner_html()
    assert without == with_scripts


def test_the_table_of_a_chart_opens_by_keyboard(opened: Open) -> None:
    page = opened("/statistics", java_script_enabled=False)
    panel = page.get_by_role("region", name="Most used datasets", exact=True)
    expect(panel.locator("table")).to_be_hidden()
    panel.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(panel.locator("table")).to_be_visible()
    panel.get_by_role("link", name="CoNLL-2003").click()
    expect(page.locator("h1")).to_have_text("CoNLL-2003")


def test_a_panel_leads_to_its_query_with_its_values(opened: Open) -> None:
    page = opened("/id/model/bert")
    page.get_by_role("link", name="I02 for Uses per year").click()
    expect(page.get_by_label("Resource")).to_have_value("https://w3id.org/fairpapers/id/model/bert")
    expect(page.locator(".chart svg")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_picture_is_walked_by_keyboard(opened: Open, scripts: bool) -> None:
    page = opened("/id/model/bert", java_script_enabled=scripts)
    page.get_by_role("link", name="What stands around it, as a picture").click()
    page.wait_for_url("**view=graph")  # and until its script has run
    here = page.locator(".node.here")
    here.focus()
    if scripts:
        expect(page.locator("svg.network")).to_have_class("network lit")
        assert page.locator("path.edge.near").count() > 0
        page.keyboard.press("ArrowRight")
        first = page.evaluate("document.activeElement.dataset.column")
        page.keyboard.press("ArrowLeft")
        assert (first, page.evaluate("document.activeElement.dataset.column")) == ("1", "0")
        page.keyboard.press("ArrowRight")
    else:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".kicker")).to_have_text("Paper")
    expect(page.locator("h1")).to_contain_text("Around ")


def test_words_fit_their_boxes(opened: Open) -> None:
    page = opened("/id/model/bert?view=graph")
    wide = page.locator(".node").evaluate_all(
        """all => all.filter(node => node.querySelector('text').getBBox().width
                   > node.querySelector('rect').width.baseVal.value - 12)
                 .map(node => node.textContent)"""
    )
    assert wide == []
