"""The course on the server: pages without scripts, exercises checked within limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html

from fairpapers.api.app import create_app
from fairpapers.api.marking import blocks, inline
from fairpapers.api.settings import Settings
from fairpapers.queries import Library
from fairpapers.queries.course import data_text, load_course

Site = Any
COURSE = load_course()
PAGES = ["/learn", "/learn/teacher", *(f"/learn/{unit.number}" for unit in COURSE.units)]


def parsed(text: str) -> Any:
    return html.fromstring(text)


def text_of(element: Any) -> str:
    return " ".join(element.text_content().split())


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[str, Any]:
    found = {}
    for path in PAGES:
        answer = site.get(path)
        assert answer.status_code == 200, path
        found[path] = parsed(answer.text)
    return found


def test_no_link_of_the_course_is_broken(site: Site, pages: dict[str, Any]) -> None:
    targets = {
        link.partition("#")[0]
        for page in pages.values()
        for link in page.xpath("//main//a/@href")
        if link.startswith("/")
    }
    assert {"/learn/sample.ttl", "/learn/faults.ttl", "/learn/12"} <= targets
    broken = [link for link in sorted(targets) if site.client.get(link).status_code >= 400]
    assert broken == []


def test_a_unit_has_its_picture_three_answers_and_a_form_for_each_exercise(
    pages: dict[str, Any],
) -> None:
    for unit in COURSE.units:
        page = pages[f"/learn/{unit.number}"]
        assert len(page.xpath("//main//svg//line")) >= 2
        assert len(page.xpath("//main//table")) + len(page.xpath("//p[@class='lead']/strong")) == 3
        assert len(page.xpath("//form[@method='post']//textarea")) == len(unit.exercises)


def test_no_page_shows_an_answer_or_needs_a_script(pages: dict[str, Any]) -> None:
    for page in pages.values():
        assert page.xpath("//script/@src") == ["/static/suggest.js"]
        assert not page.xpath("//main//script | //style | //*[@style]")
        shown = text_of(page)
        for key in COURSE.keys.values():
            assert " ".join(key.answer.split()) not in shown


def test_a_right_answer_is_praised_and_a_wrong_one_explained(site: Site) -> None:
    right = site.client.post("/learn/3/1", data={"answer": COURSE.keys["3.1"].answer})
    assert right.status_code == 200
    (said,) = parsed(right.text).xpath("//div[@role='status']")
    assert text_of(said) == "Right: 5 rows, as it should be"
    wrong = site.client.post("/learn/5/2", data={"answer": "SELECT ?thing { ?p fp:uses ?thing }"})
    page = parsed(wrong.text)
    assert "DISTINCT" in text_of(page.xpath("//div[@role='status']")[0])
    assert page.xpath("//textarea[@id='answer-2']")[0].text.strip().startswith("SELECT ?thing")
    assert page.xpath("//table//td")
    assert wrong.headers["cache-control"] == "no-store"


def test_what_a_learner_writes_is_text_and_no_markup(site: Site) -> None:
    given = "</textarea><script>alert(1)</script>"
    answer = site.client.post("/learn/3/1", data={"answer": given})
    assert answer.status_code == 200, answer.text
    page = parsed(answer.text)
    assert not page.xpath("//main//script")
    assert page.xpath("//textarea[@id='answer-1']")[0].text.strip() == given


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/learn/13"), ("GET", "/learn/x"), ("POST", "/learn/3/9"), ("POST", "/learn/99/1")],
)
def test_an_unknown_unit_or_exercise_is_not_found(site: Site, method: str, path: str) -> None:
    assert site.client.request(method, path).status_code == 404


def test_an_answer_that_is_longer_than_a_query_may_be_is_refused(site: Site) -> None:
    limit = Settings().max_query_bytes
    answer = site.client.post("/learn/3/1", data={"answer": "x" * (3 * limit + 200)})
    assert answer.status_code == 413


def test_a_query_that_does_not_end_is_stopped_and_reported(
    site_directory: Path, library: Library, running: Callable[[Any], Any]
) -> None:
    app = create_app(site_directory, Settings(workers=1, deadline_seconds=1), library)
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"
    with running(app) as (host, port):
        answer = httpx.post(f"http://{host}:{port}/learn/3/1", data={"answer": endless}, timeout=60)
    assert answer.status_code == 504
    (said,) = parsed(answer.text).xpath("//div[@role='alert']")
    assert "The query took too long" in text_of(said)


def test_no_mark_of_markdown_is_left_on_a_page(pages: dict[str, Any]) -> None:
    for path, page in deepcopy(pages).items():
        for code in page.xpath("//pre | //code | //textarea | //table"):
            code.drop_tree()
        shown = text_of(page.xpath("//main")[0])
        assert "**" not in shown, path
        assert "`" not in shown, path


def test_the_data_of_the_course_are_turtle(site: Site) -> None:
    answer = site.get("/learn/sample.ttl")
    assert answer.headers["content-type"].startswith("text/turtle")
    assert answer.text == data_text("sample")


def test_the_kit_has_a_row_for_each_unit(pages: dict[str, Any]) -> None:
    rows = pages["/learn/teacher"].xpath("//table[1]/tbody/tr")
    assert len([row for row in rows if re.match(r"\d+\. ", text_of(row))]) == 12


def test_our_markdown_escapes_everything_and_marks_what_it_knows() -> None:
    made = blocks(
        "a `<b>` **bold** *it* 2 * 3\n\n- one\n- two\n\n> said\n\n```sparql\nA < B\n```\n"
    )
    page: Any = html.fragment_fromstring(str(made), create_parent=True)
    assert [each.tag for each in page] == ["p", "ul", "blockquote", "pre"]
    assert page.xpath("string(.//strong)") == "bold"
    assert page.xpath("string(.//em)") == "it"
    assert page.xpath("string(.//pre)") == "A < B\n"
    assert str(inline("a\x00b `c`")) == "ab <code>c</code>"
    assert str(inline("<script>**x**")) == "&lt;script&gt;<strong>x</strong>"
