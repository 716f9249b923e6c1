"""A parameter is found where SPARQL has a variable and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.graph.lexer import line_of, tokens


def parameters(text: str) -> list[str]:
    return [token.label for token in tokens(text) if token.kind == "parameter"]


@pytest.mark.parametrize(
    "text",
    [
        "<http://example.org/$x>",
        '"$x"',
        "'$x'",
        '"""a "quoted" $x and ""$x"""',
        "'''a 'quoted' $x'''",
        r'"escaped \" $x"',
        "# $x",
        r"ex:a\$x",
        "?x$",
    ],
)
def test_a_dollar_inside_another_token_is_no_parameter(text: str) -> None:
    assert parameters(f"{text}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "?s ?p $x.",
        "FILTER(?a < $x)",
        "LIMIT $x",
        '""$x',
        "ex:p.$x",
        "<http://example.org/#>$x",
        "# comment\n$x",
        "?a ex:p/ex:q* $x}",
    ],
)
def test_a_dollar_where_a_variable_may_stand_is_a_parameter(text: str) -> None:
    assert parameters(text) == ["x"]


def test_a_prefixed_name_ends_before_the_dot_of_the_triple() -> None:
    names = [token.text for token in tokens("ex:a.b ex:p ex:c. :d : .") if token.kind == "name"]
    assert names == ["ex:a.b", "ex:p", "ex:c", ":d", ":"]


def test_a_comparison_is_no_iri() -> None:
    assert parameters("FILTER(?a < $low && ?b > $high)") == ["low", "high"]


@given(st.text(alphabet=st.sampled_from("<>\"'#$?ab:.\\ \n{}\u00e9"), max_size=60))
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


@given(st.text(max_size=60))
def test_starts_are_offsets(text: str) -> None:
    assert all(text.startswith(token.text, token.start) for token in tokens(text))


def test_lines_count_from_one() -> None:
    assert [line_of("a\nb\nc", offset) for offset in (0, 1, 2, 4)] == [1, 1, 2, 3]
