"""Entity tags: equal only where every byte of the answers is."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.answering.compression import packed_tag, plain_tag
from fairpapers.api.answering.keys import digest_tag, entity_tag, normalise
from fairpapers.api.workers.answers import QueryRequest

ASKED = QueryRequest(query="SELECT * { ?s ?p ?o }", media_type="text/csv", base_iri="http://a/")
WORDS = st.sampled_from(
    ["SELECT", "*", "{", "}", "?s", "?p", "ex:o", ".", "<urn:a>", "'a  b'", '"\n"', "# c\n", "\\"]
)
SPACE = st.text("\t\n\r ", min_size=1, max_size=4)


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, query="SELECT * { ?s ?p ?O }"),
        replace(ASKED, media_type="text/tab-separated-values"),
        replace(ASKED, base_iri="http://b/"),
        replace(ASKED, default_graphs=("http://example.org/g",)),
        replace(ASKED, named_graphs=("http://example.org/g",)),
    ],
)
def test_whatever_changes_the_answer_changes_the_tag(other: QueryRequest) -> None:
    assert entity_tag("one", ASKED) != entity_tag("one", other)
    assert entity_tag("one", ASKED) != entity_tag("two", ASKED)


def test_what_does_not_change_the_answer_does_not_change_the_tag() -> None:
    same = replace(ASKED, query="\nSELECT *\t{\r\n  ?s ?p ?o }\n", deadline_seconds=1.0)
    assert entity_tag("one", ASKED) == entity_tag("one", same)


@given(st.lists(st.text()), st.lists(st.text()))
def test_tags_of_different_parts_differ(one: list[str], other: list[str]) -> None:
    assert (digest_tag(one) == digest_tag(other)) == (one == other)


@given(
    st.lists(st.sampled_from(["http://a", "http://a', 'http://b", "http://b", ""]), max_size=3),
    st.lists(st.sampled_from(["http://a", "http://a', 'http://b", "http://b", ""]), max_size=3),
)
def test_graphs_are_not_confused(default: list[str], named: list[str]) -> None:
    one = replace(ASKED, default_graphs=tuple(default), named_graphs=tuple(named))
    other = replace(ASKED, default_graphs=tuple(named), named_graphs=tuple(default))
    assert (entity_tag("s", one) == entity_tag("s", other)) == (default == named)


@given(st.text())
def test_folding_changes_white_space_alone(query: str) -> None:
    folded = normalise(query)
    assert normalise(folded) == folded
    drop = str.maketrans("", "", "\t\n\r ")
    assert folded.translate(drop) == query.translate(drop)


@given(st.lists(st.tuples(WORDS, SPACE), max_size=12))
def test_queries_that_fold_to_one_text_have_one_meaning(pieces: list[tuple[str, str]]) -> None:
    query = "".join(word + space for word, space in pieces)
    if any(mark in query for mark in "\"'#\\"):
        assert normalise(query) == query
    else:
        assert normalise(query).split() == [word for word, _ in pieces]


@pytest.mark.parametrize("space", ["\u00a0", "\x0b", "\x0c", "\u2028", "\x1c"])
def test_white_space_of_unicode_is_no_white_space_of_sparql(space: str) -> None:
    query = f"SELECT *{space}{{ ?s ?p ?o }}"
    assert normalise(query) == query
    with pytest.raises(SyntaxError):
        ox.Store().query(query)


@given(st.from_regex(r'"[0-9a-f]{1,8}"', fullmatch=True))
def test_the_packed_variant_has_a_tag_of_its_own_that_leads_back(etag: str) -> None:
    assert packed_tag(etag) != etag
    assert plain_tag(packed_tag(etag)) == plain_tag(etag) == etag
