"""A query as a picture: what stands in it, and how it is told apart."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from fairpapers.queries import Library
from fairpapers.queries.assistance import Span, draw, mermaid, read, svg
from fairpapers.queries.assistance.drawing import MOST_ARROWS

FP = "PREFIX fp: <https://w3id.org/fairpapers/ontology#>\n"
SVG = "{http://www.w3.org/2000/svg}"


def words(body: str) -> list[str]:
    return draw(read(f"{FP}SELECT * WHERE {{ {body} }}")).words().splitlines()[1:]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("?p fp:uses ?d", ["?p fp:uses ?d"]),
        ("?p a fp:Paper ; fp:uses ?d , ?e", ["?p a fp:Paper", "?p fp:uses ?d", "?p fp:uses ?e"]),
        ("OPTIONAL { ?p fp:uses ?d }", ["?p fp:uses ?d (optional)"]),
        ("MINUS { ?p fp:uses ?d }", ["?p fp:uses ?d (must not match)"]),
        ("FILTER NOT EXISTS { ?p fp:uses ?d }", ["?p fp:uses ?d (must not match)"]),
        ("FILTER EXISTS { ?p fp:uses ?d }", ["?p fp:uses ?d"]),
        (
            "{ ?p fp:uses ?d } UNION { ?p fp:introduces ?d }",
            ["?p fp:uses ?d (either 1)", "?p fp:introduces ?d (either 2)"],
        ),
        ("GRAPH ?g { ?p fp:uses ?d }", ["?p fp:uses ?d (in ?g)"]),
        ("SERVICE <urn:s> { ?p fp:uses ?d }", ["?p fp:uses ?d (at <urn:s>)"]),
        ("?p fp:uses ?d FILTER(?d != ?p)", ["?p fp:uses ?d", "FILTER(?d != ?p)"]),
        ("VALUES ?d { 1 2 } BIND(?d AS ?e)", ["VALUES ?d { 1 2 }", "BIND(?d AS ?e)"]),
        ("?p fp:uses/^fp:uses ?q", ["?p fp:uses/^fp:uses ?q"]),
        ("[ fp:uses ?d ] fp:introduces ?e", ["[…] fp:introduces ?e"]),
    ],
)
def test_each_part_is_in_the_words(body: str, said: list[str]) -> None:
    assert [line for line in words(body) if line in said] == said


def test_what_a_query_inside_does_not_show_is_its_own() -> None:
    text = f"{FP}SELECT * {{ ?p fp:uses ?x {{ SELECT ?p {{ ?p fp:introduces ?x }} }} }}"
    drawing = draw(read(text))
    assert [node.label for node in drawing.nodes.values()] == ["?p", "?x", "?x"]
    assert drawing.arrows[0].object != drawing.arrows[1].object
    assert drawing.arrows[0].subject == drawing.arrows[1].subject


def test_nodes_arrows_and_labels_are_drawn(library: Library) -> None:
    for query in library.values():
        view = read(query.bind())
        drawing = draw(view)
        root = ET.fromstring(svg(view))
        shapes = root.findall(f".//{SVG}ellipse") + root.findall(f".//{SVG}g/{SVG}g/{SVG}rect")
        assert len(shapes) == len(drawing.nodes), query.id
        said = root.findtext(f"{SVG}desc")
        assert said == drawing.words()
        places = {(each.get("x"), each.get("cx"), each.get("y"), each.get("cy")) for each in shapes}
        assert len(places) == len(shapes)
        width, height = (float(root.get(name) or 0) for name in ("width", "height"))
        for text in root.iter(f"{SVG}text"):
            assert 0 <= float(text.get("x") or -1) <= width
            assert 0 <= float(text.get("y") or -1) <= height


def test_styles_tell_optional_and_negated_apart() -> None:
    drawn = svg(
        read(
            f"{FP}SELECT * {{ ?p fp:uses ?d OPTIONAL {{ ?d fp:size ?s }} "
            "MINUS { ?p fp:doi ?i } }"
        )
    )
    assert drawn.count('stroke-dasharray="7 5"') == 1
    assert drawn.count('stroke-dasharray="2 4"') == 1
    assert "not fp:doi" in drawn
    chart = mermaid(read(f"{FP}SELECT * {{ ?p fp:uses ?d OPTIONAL {{ ?d fp:size ?s }} }}"))
    assert '  n0 -->|"fp:uses"| n1\n  n1 -.->|"fp:size"| n2\n' in chart


def test_the_part_that_leaves_no_row_is_marked() -> None:
    text = f"{FP}SELECT * {{ ?p fp:uses ?d . ?p fp:uses ?d . ?d fp:size ?s }}"
    start = text.index("?d fp:size")
    drawing = draw(read(text), Span(start, start + len("?d fp:size ?s")))
    assert [each.marked for each in drawing.arrows] == [False, False, True]
    assert drawing.words().endswith("?d fp:size ?s (no row is left here)")
    assert svg(drawing).count('stroke-width="3"') == 1
    assert svg(read(text)).count('stroke-width="3"') == 0


def test_no_text_is_markup_or_loads_anything() -> None:
    text = (
        'SELECT * { ?p <http://x/onload=alert(1)> "</desc><script>alert(1)</script>" ; '
        "<http://x/y> '<image href=\"http://x/\"/>' FILTER(?p < 1 && ?p > 2) }"
    )
    drawn = svg(read(text))
    root = ET.fromstring(drawn)
    allowed = {"svg", "title", "desc", "rect", "defs", "marker", "path", "g", "text", "ellipse"}
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= allowed
    for each in root.iter():
        assert not any(name.startswith("on") or name.endswith("href") for name in each.attrib)
    chart = mermaid(read(text))
    for line in chart.splitlines()[1:]:
        assert line.count('"') == 2
        assert not re.search(r"[<>]", line.replace("-->", "").replace('>"', ""))


def test_many_patterns_are_cut_and_said_to_be() -> None:
    text = "SELECT * { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(MOST_ARROWS + 5)) + " }"
    drawing = draw(read(text))
    assert len(drawing.arrows) == MOST_ARROWS
    assert "and 5 more patterns" in svg(drawing)
    assert "and 5 more patterns" in mermaid(drawing)
    assert drawing.words().endswith("and 5 more patterns")
