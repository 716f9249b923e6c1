"""Terms as cells of a table."""

from __future__ import annotations

from fairpapers.api.cells import UNBOUND, Cell, cell, table
from fairpapers.api.links import Links

LINKS = Links("https://example.org")
XSD = "http://www.w3.org/2001/XMLSchema#"


def test_an_iri_of_this_graph_leads_to_its_page() -> None:
    made = cell({"type": "uri", "value": "https://example.org/id/model/bert"}, LINKS)
    assert made == Cell(
        "model/bert",
        "iri",
        "/id/model/bert",
        "https://example.org/id/model/bert",
        local=True,
    )


def test_an_iri_that_no_browser_should_follow_is_text() -> None:
    made = cell({"type": "uri", "value": "javascript:alert(1)"}, LINKS)
    assert made.href is None
    assert made.text == "javascript:alert(1)"


def test_numbers_are_told_from_text_by_their_datatype() -> None:
    number = {"type": "literal", "value": "0.97", "datatype": XSD + "decimal"}
    year = {"type": "literal", "value": "2023", "datatype": XSD + "gYear"}
    assert cell(number, LINKS).kind == "number"
    assert cell(year, LINKS) == Cell("2023", "text", title="xsd:gYear")


def test_languages_and_blank_nodes_are_shown() -> None:
    word = {"type": "literal", "value": "Korpus", "xml:lang": "de"}
    assert cell(word, LINKS).lang == "de"
    assert cell({"type": "bnode", "value": "b0"}, LINKS).text == "_:b0"


def test_a_table_keeps_the_order_of_the_columns_and_marks_what_is_missing() -> None:
    rows = [{"b": {"type": "literal", "value": "2"}}]
    assert table(("a", "b"), rows, LINKS) == [[UNBOUND, Cell("2")]]
