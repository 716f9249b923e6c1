"""The picture around a paper or resource."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

Site = Any
BROWSER = "text/html,application/xhtml+xml"
SPANFORGE = "/id/paper/doi:10.5555:sample.2023.1"


def picture(page: str) -> ET.Element:
    found = re.search(r'<svg class="network".*?</svg>', page, re.DOTALL)
    assert found
    return ET.fromstring(found.group())


def boxes(svg: ET.Element, column: int) -> list[str]:
    return [
        each.attrib["aria-label"]
        for each in svg.findall("a")
        if each.attrib["data-column"] == str(column)
    ]


def test_a_resource_stands_before_its_papers_and_what_they_name(site: Site) -> None:
    answer = site.get("/id/dataset/squad?view=graph", BROWSER, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.url.path == "/doc/id/dataset/squad"
    svg = picture(answer.text)
    assert boxes(svg, 0) == ["SQuAD, Dataset"]
    papers = boxes(svg, 1)
    assert papers
    assert all(each.endswith(", Paper") for each in papers)
    things = boxes(svg, 2)
    assert any(each.startswith("TriviaQA, Dataset") for each in things)
    assert not any(each.endswith(", Paper") for each in things)


def test_a_paper_stands_before_its_things_and_the_papers_that_share_them(site: Site) -> None:
    svg = picture(site.get(f"/doc{SPANFORGE}?view=graph", BROWSER).text)
    assert [each.endswith(", Paper") for each in boxes(svg, 0)] == [True]
    assert {"BERT, Model", "SpanForge, Model", "named entity recognition, Task"} <= set(
        boxes(svg, 1)
    )
    assert any(each.startswith("TagLlama: ") for each in boxes(svg, 2))


def test_lines_are_the_statements_of_the_graph(site: Site) -> None:
    page = site.get(f"/doc{SPANFORGE}?view=graph", BROWSER).text
    svg = picture(page)
    names = {each.attrib["data-id"]: each.attrib["href"].split("?")[0] for each in svg.findall("a")}
    base = "https://w3id.org/fairpapers"
    for edge in svg.findall("path"):
        relation = edge.attrib["class"].split()[1]
        term = {"addresses": "addressesTask"}.get(relation, relation)
        ends = (names[edge.attrib[name]] for name in ("data-from", "data-to"))
        subject, object_ = (f"<{base}{end}>" for end in ends)
        ask = f"ASK {{ {subject} <{base}/ontology#{term}> {object_} }}"
        assert site.get("/sparql", params={"query": ask}).json()["boolean"], ask


def test_the_list_names_every_box_and_links_its_page(site: Site) -> None:
    page = site.get("/doc/id/model/bert?view=graph", BROWSER).text
    pages = {each.attrib["href"].split("?")[0] for each in picture(page).findall("a")}
    listed = page.partition('<ul class="neighbours">')[2]
    for path in pages - {"/id/model/bert"}:
        assert f'href="{path}"' in listed
        assert site.get(path, BROWSER, follow_redirects=True).status_code == 200


def test_what_no_paper_uses_has_a_message(site: Site) -> None:
    page = site.get("/doc/id/model/gpt-4?view=graph", BROWSER)
    assert page.status_code == 200
    if "<svg class=" not in page.text:
        assert "nothing stands around it" in page.text


@pytest.mark.parametrize("path", ["/doc/id/corpus", f"/doc{SPANFORGE}/c/1"])
def test_things_without_a_profile_have_no_picture(site: Site, path: str) -> None:
    assert site.get(f"{path}?view=graph", BROWSER).status_code == 200
    assert "network" not in site.get(f"{path}?view=graph", BROWSER).text


def test_data_are_the_same_whatever_the_view(site: Site) -> None:
    path = "/doc/id/model/bert"
    assert site.get(f"{path}?view=graph", "text/turtle").text == site.get(path, "text/turtle").text


def test_an_unknown_thing_has_no_picture(site: Site) -> None:
    assert site.get("/doc/id/model/nothing?view=graph", BROWSER).status_code == 404


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/queries/G03?resource=dataset/squad", "/id/dataset/squad?view=graph"),
        (
            "/queries/G03?resource=https://w3id.org/fairpapers/id/dataset/squad",
            "/id/dataset/squad?view=graph",
        ),
        ("/queries/G03?resource=https://example.org/x", None),
        ("/queries/G01", None),
        ("/queries/A06", None),
        ("/queries/G03?resource=no%20iri", None),
    ],
)
def test_queries_of_networks_lead_to_the_picture(site: Site, path: str, link: str | None) -> None:
    found = re.findall(r'href="([^"]*view=graph)"', site.get(path, BROWSER).text)
    assert found == ([link] if link else [])
