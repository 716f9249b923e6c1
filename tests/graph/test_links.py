"""Links to other data sets: what is read, what is refused, and which resource a row means."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.graph.errors import LinksInvalid
from fairpapers.graph.iris import Iris
from fairpapers.graph.links import (
    Link,
    SkippedLink,
    grounds_quads,
    linked,
    read_links,
    shipped_links,
)
from fairpapers.graph.resolution import Resource
from fairpapers.ontology.terms import DEFAULT_BASE, PREFIXES

HEAD = """# curie_map:
#   dataset: https://w3id.org/fairpapers/id/dataset/
#   ex: https://example.org/
# license: https://example.org/licence
"""
COLUMNS = "subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\tconfidence\n"
GOOD = "dataset:squad\tSQuAD\tskos:exactMatch\tex:1\tsemapv:ManualMappingCuration\t0.9\n"
SQUAD = Resource("Dataset", "SQuAD", "squad", ("Stanford QA",))
IRIS = Iris("https://example.net/kg")
HERE = {IRIS.resource("Dataset", "squad"): SQUAD}


def read(path: Path, text: str) -> tuple[list[Link], list[str]]:
    path.write_text(text, "utf-8")
    skipped: list[SkippedLink] = []
    links = list(read_links(path, skipped.append))
    return links, [str(each) for each in skipped]


def test_a_row_is_a_link(tmp_path: Path) -> None:
    ((link,), skipped) = read(tmp_path / "links.tsv", HEAD + COLUMNS + GOOD)
    assert skipped == []
    assert link == Link(
        subject=f"{DEFAULT_BASE}/id/dataset/squad",
        subject_label="SQuAD",
        predicate=PREFIXES["skos"] + "exactMatch",
        object="https://example.org/1",
        object_label="",
        justification=PREFIXES["semapv"] + "ManualMappingCuration",
        confidence=Decimal("0.9"),
    )


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("skos:exactMatch", "owl:sameAs", "no mapping relation of SKOS"),
        ("skos:exactMatch", "", "predicate_id is empty"),
        ("semapv:ManualMappingCuration", "", "mapping_justification is empty"),
        ("semapv:ManualMappingCuration", "ex:because", "no term of semapv"),
        ("ex:1", "nowhere:1", "curie_map does not declare"),
        ("ex:1", "https://exa mple.org/1", "is no IRI"),
        ("ex:1", "dataset:squad", "to itself"),
        ("0.9", "1.5", "not between 0 and 1"),
        ("0.9", "high", "no number"),
        ("0.9", "NaN", "not between 0 and 1"),
    ],
)
def test_a_row_that_is_no_link_is_named_and_the_others_are_read(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    path = tmp_path / "links.tsv"
    links, (skipped,) = read(path, HEAD + COLUMNS + GOOD.replace(old, new) + GOOD)
    assert len(links) == 1
    assert skipped.startswith(f"{path}:6: ")
    assert reason in skipped


def test_a_row_that_says_not_is_no_link(tmp_path: Path) -> None:
    table = COLUMNS.strip() + "\tpredicate_modifier\n" + GOOD.strip() + "\tNot\n"
    links, (skipped,) = read(tmp_path / "links.tsv", HEAD + table)
    assert links == []
    assert "no match" in skipped


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "no column subject_id"),
        (HEAD + COLUMNS.replace("mapping_justification", "why"), "column mapping_justification"),
        ("# curie_map: [\n" + COLUMNS, "no YAML"),
    ],
)
def test_a_file_that_is_no_list_of_links_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(LinksInvalid, match=fault):
        read(tmp_path / "links.tsv", text)


def link(subject: str, label: str = "", target: str = "https://example.org/1") -> Link:
    exact, manual = PREFIXES["skos"] + "exactMatch", PREFIXES["semapv"] + "ManualMappingCuration"
    return Link(subject, label, exact, target, "", manual)


@pytest.mark.parametrize(
    "row",
    [
        link(f"{IRIS.base}/id/dataset/squad"),
        link(f"{DEFAULT_BASE}/id/dataset/squad"),
        link(f"{DEFAULT_BASE}/id/dataset/squad-1a2b3c4d", "squad"),
        link(f"{DEFAULT_BASE}/id/dataset/stanford-qa", "Stanford QA"),
    ],
)
def test_a_row_means_the_resource_of_its_iri_or_else_of_its_kind_and_name(row: Link) -> None:
    (found,) = linked([row], HERE, IRIS)
    assert (found.subject, found.subject_label) == (f"{IRIS.base}/id/dataset/squad", "SQuAD")


@pytest.mark.parametrize(
    "row",
    [
        link(f"{DEFAULT_BASE}/id/dataset/mnist", "MNIST"),
        link(f"{DEFAULT_BASE}/id/model/squad", "SQuAD"),
        link("https://example.com/id/dataset/squad", "SQuAD"),
    ],
)
def test_a_row_of_something_else_gives_nothing(row: Link) -> None:
    assert linked([row], HERE, IRIS) == []


def test_a_name_that_two_resources_have_links_neither() -> None:
    two = {
        IRIS.resource("Dataset", slug): Resource("Dataset", "X", slug, ()) for slug in ("a", "b")
    }
    assert linked([link(f"{DEFAULT_BASE}/id/dataset/x", "X")], two, IRIS) == []


def test_of_two_rows_with_one_triple_the_first_counts() -> None:
    first = link(f"{IRIS.base}/id/dataset/squad")
    (found,) = linked([first, link(f"{DEFAULT_BASE}/id/dataset/squad")], HERE, IRIS)
    assert found.justification == first.justification
    assert len(list(grounds_quads([found], IRIS))) == 6


def test_the_shipped_list_has_no_bad_row_and_no_claim_of_identity() -> None:
    links = shipped_links()
    assert len(links) >= 20
    assert len({(each.subject, each.object) for each in links}) == len(links)
    for each in links:
        assert each.object.startswith(PREFIXES["wd"] + "Q")
        assert each.confidence is not None
        assert each.comment


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "links.tsv"
    path.write_text(HEAD + COLUMNS + text, "utf-8", newline="")
    for each in read_links(path, lambda skipped: None):
        assert each.justification.startswith(PREFIXES["semapv"])
