"""The checker of exercises, beyond the exercises that there are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from fairpapers.ontology.terms import PREFIXES
from fairpapers.queries import Table
from fairpapers.queries.answers import Term
from fairpapers.queries.course import check, load_course
from fairpapers.queries.course.causes import patterns
from fairpapers.queries.course.comparing import compare_tables, term_key

XSD = PREFIXES["xsd"]
terms: st.SearchStrategy[Term | None] = st.one_of(
    st.none(),
    st.integers(-5, 5).map(lambda n: Literal(str(n), datatype=NamedNode(XSD + "integer"))),
    st.integers(-5, 5).map(lambda n: Literal(f"{n}.0", datatype=NamedNode(XSD + "decimal"))),
    st.sampled_from("abc").map(lambda name: NamedNode(f"urn:{name}")),
    st.text(max_size=3).map(Literal),
)
tables = st.lists(st.tuples(terms, terms), max_size=6).map(
    lambda rows: Table(("a", "b"), tuple(rows))
)
COURSE = load_course()


@given(tables)
def test_an_answer_equals_itself_in_every_order_of_columns(table: Table) -> None:
    turned = Table(("b", "a"), tuple((b, a) for a, b in table.rows))
    assert compare_tables(table, table, ordered=True) is None
    assert compare_tables(turned, table, ordered=True) is None


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_matters_only_where_it_is_asked_for(table: Table, random: object) -> None:
    rows = list(table.rows)
    random.shuffle(rows)  # type: ignore[attr-defined]
    mixed = Table(table.variables, tuple(rows))
    assert compare_tables(mixed, table, ordered=False) is None
    found = compare_tables(mixed, table, ordered=True)
    assert found is None or found.cause == "order"


@given(tables, tables)
def test_two_answers_are_equal_just_where_their_rows_are(one: Table, other: Table) -> None:
    same = sorted(tuple(map(term_key, row)) for row in one.rows) == sorted(
        tuple(map(term_key, row)) for row in other.rows
    )
    found = compare_tables(one, other, ordered=False)
    assert (found is None) == same
    assert found is None or found.message


@given(tables)
def test_a_row_twice_is_a_duplicate(table: Table) -> None:
    if table.rows:
        twice = Table(table.variables, (*table.rows, table.rows[0]))
        found = compare_tables(twice, table, ordered=False)
        assert found is not None
        assert found.cause == "duplicates"


@given(st.text(max_size=60))
def test_any_text_gets_a_verdict(text: str) -> None:
    for name in ("1.1", "3.1"):
        assert check(COURSE, COURSE.exercise(name), text).message


@given(st.text(alphabet="?xyz {}.<>\"'a:fp;SELECTASKWHERE", max_size=60))
def test_text_that_looks_like_a_query_gets_a_verdict(text: str) -> None:
    assert not check(COURSE, COURSE.exercise("12.4"), text).right


def test_nothing_and_comments_alone_are_not_checked() -> None:
    for text in ("", "  \n", "# Write your answer here.\n"):
        verdict = check(COURSE, COURSE.exercise("3.1"), text)
        assert verdict.cause == "empty"
        assert "nothing to check" in verdict.message


def test_a_fault_of_syntax_has_line_and_column() -> None:
    verdict = check(COURSE, COURSE.exercise("3.1"), "SELECT ?model\nWHERE { ?model a }")
    assert (verdict.cause, verdict.line, verdict.column) == ("syntax", 2, 18)
    turtle = check(COURSE, COURSE.exercise("1.1"), 'paper:mine a fp:Paper .\npaper:mine "x" .')
    assert (turtle.cause, turtle.line) == ("syntax", 2)


def test_an_answer_that_is_too_long_is_not_read() -> None:
    verdict = check(COURSE, COURSE.exercise("3.1"), "#" * 3 + "\nASK {}" + " " * 20_000)
    assert "at most 20,000 characters" in verdict.message


def test_a_path_is_no_pattern_that_can_be_turned_round() -> None:
    assert [str(each) for each in patterns("SELECT * { ?a fp:uses/fp:size ?b . ?b a ?c }")] == [
        "?b rdf:type ?c"
    ]
    assert list(patterns("no query")) == []
