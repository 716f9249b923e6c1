"""The graph with planted faults breaks the shapes just where it was meant to."""

from __future__ import annotations

import pytest

from fairpapers.queries.course import data_text
from fairpapers.queries.course.shacl import faults
from fairpapers.queries.errors import CourseTurtleError

ONE = "paper/title:0000000000000001"
PLANTED = [
    ("dataset/gamma", "is no fp:Paper"),
    ("dataset/gamma", "exactly one skos:prefLabel"),
    (ONE, "is no fp:ResearchResource"),
    (f"{ONE}/r/2", "exactly one fp:byMetric"),
    (f"{ONE}/r/3", "exactly one fp:confidence"),
    (f"{ONE}/r/3", "exactly one fp:value"),
    ("paper/title:0000000000000002", "exactly one dcterms:title"),
    ("paper/title:0000000000000003", "one xsd:gYear"),
]


def test_the_shapes_report_each_planted_fault_and_nothing_else() -> None:
    found = [(each.focus, each.message) for each in faults(data_text("faults"))]
    assert len(found) == len(PLANTED)
    for focus, words in PLANTED:
        assert any(each == focus and words in message for each, message in found), (focus, words)


def test_a_file_in_order_breaks_nothing() -> None:
    assert faults("<urn:a> <urn:b> <urn:c> .") == []


def test_what_is_no_turtle_is_told() -> None:
    with pytest.raises(CourseTurtleError, match="no Turtle"):
        faults("this is not")
