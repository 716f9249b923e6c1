"""Values are bound as terms: each valid one comes through as it is, none changes the query."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from fairpapers.queries import Parameter, ParameterError
from fairpapers.queries.metadata import ParameterType
from fairpapers.queries.parameters import bind, term

BASE = "https://example.org/kg"
QUERY = "SELECT ?value ?seen WHERE { VALUES ?value { $value } BIND(true AS ?seen) }"
HOSTILE = [
    '" } DROP ALL #',
    '"""',
    "'''",
    "\\",
    '\\"',
    "\\u0022",
    "\\\\u0022 } UNION { ?s ?p ?o } #",
    "\\u005c\\u0022",
    "\\U00000022",
    "\x07ABCD",
    "\\\x07u0022",
    "$value ?value",
    "line\nfeed\rreturn\ttab",
    "\x00\x08\x7f\u2028",
    "<http://example.org/>",
    '"^^<http://example.org/>',
    '"@en',
    "‮שלום",
    "𝕊 🙂",
]


def parameter(
    type: ParameterType,  # noqa: A002
    *,
    values: tuple[str, ...] | None = None,
    minimum: str | None = None,
    maximum: str | None = None,
) -> Parameter:
    return Parameter(
        name="value",
        type=type,
        label="Value",
        description="A value.",
        default="",
        values=values,
        minimum=minimum,
        maximum=maximum,
    )


def through_oxigraph(query: str) -> pyoxigraph.NamedNode | pyoxigraph.Literal:
    """The only value of a bound `QUERY`; a query of another structure fails here."""
    rows = pyoxigraph.Store().query(query)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    assert [variable.value for variable in rows.variables] == ["value", "seen"]
    ((value, seen),) = [tuple(row) for row in rows]
    assert seen == pyoxigraph.Literal(True)
    assert isinstance(value, pyoxigraph.NamedNode | pyoxigraph.Literal)
    return value


def through_rdflib(query: str) -> object:
    (row,) = rdflib.Graph().query(query).bindings
    return row[rdflib.Variable("value")]


def bound(type: ParameterType, value: str, query: str = QUERY) -> str:  # noqa: A002
    return bind(query, [parameter(type)], {"value": value}, BASE)


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_strings_stay_one_literal_in_both_engines(value: str) -> None:
    query = bound("string", value)
    assert through_oxigraph(query) == pyoxigraph.Literal(value)
    assert through_rdflib(query) == rdflib.Literal(value)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_string_stays_one_literal(value: str) -> None:
    assert through_oxigraph(bound("string", value)) == pyoxigraph.Literal(value)


@given(st.text(st.sampled_from("\\uU\"'0025cC$?{}#<>\n"), max_size=20))
@settings(max_examples=60, deadline=None)
def test_strings_of_syntax_stay_one_literal_in_both_engines(value: str) -> None:
    query = bound("string", value)
    assert through_oxigraph(query) == pyoxigraph.Literal(value)
    assert through_rdflib(query) == rdflib.Literal(value)


@given(st.text(max_size=80), st.sampled_from(["iri", "resource", "integer", "decimal", "year"]))
def test_any_value_of_another_type_is_one_term_or_refused(value: str, kind: ParameterType) -> None:
    with suppress(ParameterError):
        through_oxigraph(bound(kind, value))


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ParameterError, match="surrogates"):
        bound("string", "\ud800")
    with pytest.raises(ParameterError, match="absolute IRI"):
        bound("iri", "http://example.org/\ud800")


def test_labels_have_their_spaces_folded() -> None:
    assert term(parameter("label"), "  named\nentity  recognition ", BASE) == (
        '"named entity recognition"'
    )
    with pytest.raises(ParameterError, match="at least one character"):
        term(parameter("label"), " \t", BASE)


@pytest.mark.parametrize(
    ("given_value", "iri"),
    [
        ("dataset/squad", f"<{BASE}/id/dataset/squad>"),
        ("paper/doi:10.5555:x%3Ay", f"<{BASE}/id/paper/doi:10.5555:x%3Ay>"),
        (
            "https://w3id.org/fairpapers/id/dataset/squad",
            "<https://w3id.org/fairpapers/id/dataset/squad>",
        ),
    ],
)
def test_resources_may_be_paths_below_the_base(given_value: str, iri: str) -> None:
    assert term(parameter("resource"), given_value, BASE) == iri
    assert term(parameter("resource"), given_value, BASE + "/") == iri


@pytest.mark.parametrize("value", ["squad", "", "dataset/", "../x", "dataset/a b", "http://a/>b"])
def test_what_is_no_resource_is_refused_with_the_value_as_given(value: str) -> None:
    with pytest.raises(ParameterError) as caught:
        term(parameter("resource"), value, BASE)
    assert caught.value.value == value
    assert f"{BASE}/id/ such as dataset/squad" in str(caught.value)


@pytest.mark.parametrize("value", ["dataset/squad", "squad", "//example.org/x"])
def test_iris_are_absolute(value: str) -> None:
    with pytest.raises(ParameterError, match="expected an absolute IRI"):
        term(parameter("iri"), value, BASE)


def test_integers_are_bare_so_that_limit_takes_them() -> None:
    numbers = "SELECT ?n WHERE { VALUES ?n { 1 2 3 4 } } LIMIT $value OFFSET $value"
    rows = pyoxigraph.Store().query(bound("integer", "02", numbers))
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    assert len(list(rows)) == 2


@pytest.mark.parametrize("value", ["", "1.0", "ten", "1e3", "٣", "1 2", "9" * 19, "--1"])
def test_what_is_no_integer_is_refused(value: str) -> None:
    with pytest.raises(ParameterError, match="expected a whole number"):
        term(parameter("integer"), value, BASE)


@given(st.decimals(min_value=-(10**17), max_value=10**17, places=9))
def test_decimals_keep_their_value(value: Decimal) -> None:
    found = through_oxigraph(bound("decimal", f"{value:f}"))
    assert isinstance(found, pyoxigraph.Literal)
    assert Decimal(found.value) == value
    assert found.datatype.value.endswith("#decimal")


@pytest.mark.parametrize(
    ("type", "least", "most", "value", "expected"),
    [
        ("integer", "1", "1000", "0", "a whole number from 1 to 1000"),
        ("integer", "1", None, "-3", "a whole number, 1 or more"),
        ("decimal", None, "1", "1.01", "a decimal number such as 0.75, 1 or less"),
        ("year", "1950", "2100", "1949", "a year of four digits from 1950 to 2100"),
        ("year", None, None, "24", "a year of four digits"),
    ],
)
def test_a_refusal_says_what_would_be_valid(
    type: ParameterType,  # noqa: A002
    least: str | None,
    most: str | None,
    value: str,
    expected: str,
) -> None:
    with pytest.raises(ParameterError) as caught:
        term(parameter(type, minimum=least, maximum=most), value, BASE)
    assert str(caught.value) == f"parameter value: {value!r} is not valid; expected {expected}"


def test_listed_values_are_the_only_valid_ones() -> None:
    kind = parameter("string", values=("absolute", "ratio"))
    assert term(kind, "ratio", BASE) == '"ratio"'
    with pytest.raises(ParameterError, match="expected one of absolute, ratio"):
        term(kind, "Ratio", BASE)


def test_a_year_compares_with_the_years_of_papers() -> None:
    asked = 'ASK { FILTER("2023"^^<http://www.w3.org/2001/XMLSchema#gYear> >= $value) }'
    assert bool(pyoxigraph.Store().query(bound("year", "2022", asked)))
    assert not bool(pyoxigraph.Store().query(bound("year", "2024", asked)))


def test_only_variables_are_replaced() -> None:
    text = 'SELECT ?value WHERE { ?s <http://e/$value> "$value" , $value } # $value'
    assert bound("integer", "7", text) == (
        'SELECT ?value WHERE { ?s <http://e/$value> "$value" , 7 } # $value'
    )


def test_long_values_are_cut_in_the_message_and_kept_in_the_error() -> None:
    value = "x" * 5000
    with pytest.raises(ParameterError) as caught:
        term(parameter("integer"), value, BASE)
    assert len(str(caught.value)) < 200
    assert caught.value.value == value
