"""Answers are written so that other programs read the same terms back."""

from __future__ import annotations

import csv
import io
import json

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from fairpapers.ontology.terms import PREFIXES
from fairpapers.queries import FormatError
from fairpapers.queries.answers import Answer, Table, Triples, Truth
from fairpapers.queries.rendering import compact, formats, render

XSD = PREFIXES["xsd"]
SQUAD = NamedNode("https://w3id.org/fairpapers/id/dataset/squad")
TABLE = Table(
    ("thing", "name", "papers"),
    (
        (SQUAD, Literal('say "hi",\tthere\n'), Literal(3)),
        (NamedNode("http://example.org/?a=b"), Literal("Bär", language="de"), None),
        (BlankNode("b1"), Literal("[bold]x[/bold]"), Literal("0.5", datatype=NamedNode(XSD + "decimal"))),
    ),
)  # fmt: skip
TRIPLES = Triples((Triple(SQUAD, NamedNode(PREFIXES["skos"] + "prefLabel"), Literal("SQuAD")),))


def test_json_is_that_of_the_specification() -> None:
    document = json.loads(render(TABLE, "json"))
    assert document["head"] == {"vars": ["thing", "name", "papers"]}
    assert document["results"]["bindings"] == [
        {
            "thing": {"type": "uri", "value": SQUAD.value},
            "name": {"type": "literal", "value": 'say "hi",\tthere\n'},
            "papers": {"type": "literal", "value": "3", "datatype": XSD + "integer"},
        },
        {
            "thing": {"type": "uri", "value": "http://example.org/?a=b"},
            "name": {"type": "literal", "value": "Bär", "xml:lang": "de"},
        },
        {
            "thing": {"type": "bnode", "value": "b1"},
            "name": {"type": "literal", "value": "[bold]x[/bold]"},
            "papers": {"type": "literal", "value": "0.5", "datatype": XSD + "decimal"},
        },
    ]


cells = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"])).map(Literal),
    st.text(st.characters(exclude_categories=["Cs"])).map(
        lambda text: Literal(text, language="en")
    ),
    st.integers(-(2**60), 2**60).map(Literal),
    st.just(SQUAD),
)


@given(st.lists(st.tuples(cells, cells), max_size=5))
def test_json_and_tsv_are_read_back_by_the_store(
    rows: list[tuple[Literal | NamedNode | None, ...]],
) -> None:
    table = Table(("a", "b"), tuple(rows))
    for name, format_ in (
        ("json", pyoxigraph.QueryResultsFormat.JSON),
        ("tsv", pyoxigraph.QueryResultsFormat.TSV),
    ):
        parsed = pyoxigraph.parse_query_results(render(table, name).encode(), format=format_)
        assert isinstance(parsed, pyoxigraph.QuerySolutions)
        assert [tuple(row) for row in parsed] == rows


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_csv_keeps_every_text(texts: list[str]) -> None:
    table = Table(("a", "b"), tuple((Literal(text), SQUAD) for text in texts))
    written = io.StringIO(render(table, "csv"), newline="")
    assert list(csv.reader(written)) == [["a", "b"], *([text, SQUAD.value] for text in texts)]


def test_csv_has_the_line_ends_of_its_rfc() -> None:
    assert render(Table(("a",), ((None,),)), "csv") == 'a\r\n""\r\n'


def test_a_table_shows_what_can_be_given_again() -> None:
    shown = render(TABLE, "table", width=120)
    assert "dataset/squad" in shown
    assert "[bold]x[/bold]" in shown
    assert "https://w3id.org/fairpapers/id/" not in shown


def test_a_table_keeps_long_cells_whole() -> None:
    title = " ".join(["word"] * 60)
    shown = render(Table(("title", "n"), ((Literal(title), Literal(1)),)), "table", width=40)
    assert shown.count("word") == 60
    assert max(map(len, shown.splitlines())) <= 40


def test_numbers_stand_at_the_right() -> None:
    rows = ((Literal(7),), (Literal(1234),), (None,))
    lines = render(Table(("papers",), rows), "table").splitlines()
    assert lines[2].index("7") == lines[3].index("4") == lines[0].index("s", 1)


def test_an_empty_table_shows_its_columns() -> None:
    assert render(Table(("a", "b"), ()), "table").split()[:2] == ["a", "b"]
    assert render(Table(("a", "b"), ()), "tsv") == "?a\t?b\n"


@pytest.mark.parametrize(("value", "word"), [(True, "yes"), (False, "no")])
def test_truth_is_a_word_or_a_document(value: bool, word: str) -> None:
    assert render(Truth(value), "table") == f"{word}\n"
    assert json.loads(render(Truth(value), "json")) == {"head": {}, "boolean": value}


@pytest.mark.parametrize(("name", "parser"), [("ttl", "turtle"), ("nt", "nt")])
def test_triples_are_rdf(name: str, parser: str) -> None:
    (triple,) = rdflib.Graph().parse(data=render(TRIPLES, name), format=parser)
    assert [str(term) for term in triple] == [
        SQUAD.value,
        PREFIXES["skos"] + "prefLabel",
        "SQuAD",
    ]


def test_turtle_has_short_names() -> None:
    assert "skos:prefLabel" in render(TRIPLES, "ttl")


def test_triples_are_a_table_too() -> None:
    assert "skos:prefLabel" in render(TRIPLES, "table")


@pytest.mark.parametrize("answer", [TABLE, Truth(True), TRIPLES], ids=["table", "truth", "triples"])
def test_every_format_that_is_named_works_and_no_other(answer: Answer) -> None:
    for name in formats(answer):
        assert render(answer, name)
    with pytest.raises(FormatError) as caught:
        render(answer, "xlsx")
    assert caught.value.valid == formats(answer)
    assert str(caught.value) == f"format 'xlsx' does not fit; expected {', '.join(formats(answer))}"


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://example.org/kg/id/model/bert", "model/bert"),
        ("https://w3id.org/fairpapers/id/model/bert", "https://w3id.org/fairpapers/id/model/bert"),
        (PREFIXES["fpv"] + "higher-is-better", "fpv:higher-is-better"),
        (PREFIXES["fp"], PREFIXES["fp"]),
        ("https://schema.org/a/b", "https://schema.org/a/b"),
    ],
)
def test_iris_are_shortened_where_it_is_safe(iri: str, short: str) -> None:
    assert compact(NamedNode(iri), "https://example.org/kg/") == short
