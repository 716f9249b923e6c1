"""IRIs are valid, injective within a kind and, for papers, lead back to the key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from fairpapers.extract.records import LABELS
from fairpapers.graph.errors import IriError
from fairpapers.graph.iris import GRAPHS, Iris, assign_slugs, readable_slug
from fairpapers.graph.names import fold

IRIS = Iris("https://example.org/kg")
values = st.text(min_size=1)
keys = st.builds("{}:{}".format, st.sampled_from(["doi", "arxiv", "acl", "pmid", "title"]), values)
names = st.text(min_size=1).filter(lambda name: fold(name) != "")


@given(keys)
def test_paper_iris_are_valid_and_lead_back_to_the_key(key: str) -> None:
    iri = IRIS.paper(key)
    assert NamedNode(iri).value == iri
    assert iri.isascii()
    assert IRIS.paper_key(iri) == key


@given(keys)
def test_a_paper_is_one_segment_of_the_path(key: str) -> None:
    segment = IRIS.paper(key).removeprefix("https://example.org/kg/id/paper/")
    assert not set(segment) & set("/?#")


@given(keys, st.integers(0), st.integers(0))
def test_what_hangs_below_a_paper_leads_back_to_it(key: str, start: int, end: int) -> None:
    below = [
        IRIS.text(key),
        IRIS.mention(key, start, end),
        IRIS.claim(key, start),
        IRIS.result(key, start),
    ]
    assert len({IRIS.paper(key), *below}) == 5
    assert {IRIS.paper_key(iri) for iri in below} == {key}
    assert all(NamedNode(iri) for iri in below)


@given(st.dictionaries(names.map(fold), st.none(), min_size=1), st.sampled_from(LABELS))
def test_resources_with_different_names_have_different_iris(
    folded: dict[str, None], label: str
) -> None:
    slugs = assign_slugs({name: name for name in folded})
    made = {IRIS.resource(label, slug) for slug in slugs.values()}
    assert len(made) == len(folded)
    assert {NamedNode(iri).value for iri in made} == made
    assert all(iri.isascii() for iri in made)


@given(st.lists(names, unique_by=fold, max_size=8), st.lists(names, unique_by=fold, max_size=8))
def test_more_names_never_give_a_bare_slug_to_another_resource(
    before: list[str], more: list[str]
) -> None:
    first = assign_slugs({fold(name): name for name in before})
    then = assign_slugs({**{fold(n): n for n in more}, **{fold(n): n for n in before}})
    for folded, slug in first.items():
        assert then[folded] == slug or then[folded].startswith(f"{slug}-")
    owners = {slug: folded for folded, slug in first.items()}
    assert all(owners.get(slug, folded) == folded for folded, slug in then.items())


@given(st.lists(names, unique_by=fold), st.randoms())
def test_slugs_do_not_depend_on_the_order_of_names(given: list[str], random: object) -> None:
    forwards = {fold(name): name for name in given}
    assert assign_slugs(forwards) == assign_slugs(dict(reversed(forwards.items())))


def test_names_that_slug_alike_get_a_digest() -> None:
    slugs = assign_slugs({fold(name): name for name in ("A/B", "A B", "C")})
    assert sorted(slugs.values())[0].startswith("a-b-")
    assert sorted(slugs.values())[1].startswith("a-b-")
    assert slugs[fold("C")] == "c"


def test_a_name_without_ascii_letters_has_a_digest_for_slug() -> None:
    [slug] = assign_slugs({"中文": "中文"}).values()
    assert len(slug) == 8


def test_a_name_that_ends_like_a_digest_gets_one_of_its_own() -> None:
    [slug] = assign_slugs({"x deadbeef": "x deadbeef"}).values()
    assert slug.startswith("x-deadbeef-")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Llama 2 70B", "llama-2-70b"),
        ("OntoNotes 5.0", "ontonotes-5.0"),
        ("C++", "c-plus-plus"),
        ("nDCG@10", "ndcg-at-10"),
        ("β-VAE", "beta-vae"),
        ("Möbius  Transform!", "mobius-transform"),
        ("…", ""),
    ],
)
def test_slugs_are_readable(name: str, slug: str) -> None:
    assert readable_slug(name) == slug


@pytest.mark.parametrize(
    "base",
    ["", "example.org", "ftp://example.org", "https://example.org/?q", "https://e x", "urn:x"],
)
def test_a_base_that_is_no_web_address_is_refused(base: str) -> None:
    with pytest.raises(IriError, match="base"):
        Iris(base)


@pytest.mark.parametrize("key", ["", "doi:", ":x", "10.1000/x", "DOI:10.1000/x", "title:\ud800"])
def test_a_key_without_scheme_or_value_is_refused(key: str) -> None:
    with pytest.raises(IriError, match="paper key"):
        IRIS.paper(key)


def test_kinds_of_iris_do_not_meet() -> None:
    made = [
        IRIS.paper("doi:a"),
        *(IRIS.resource(label, "a") for label in LABELS),
        IRIS.activity("a"),
        IRIS.agent("a"),
        IRIS.corpus(),
        *(IRIS.graph(name) for name in GRAPHS),
        IRIS.part("void", "a"),
        IRIS.skolem("ontology", "a"),
    ]
    assert len(set(made)) == len(made)


def test_unknown_labels_slugs_graphs_and_parts_are_refused() -> None:
    with pytest.raises(IriError, match="label"):
        IRIS.resource("Paper", "a")
    with pytest.raises(IriError, match="slug"):
        IRIS.resource("Model", "A b")
    with pytest.raises(IriError, match="graph"):
        IRIS.graph("other")
    with pytest.raises(IriError, match="name"):
        IRIS.part("void", "a/b")


def test_other_iris_have_no_paper_key() -> None:
    assert IRIS.paper_key("https://example.org/kg/id/model/bert") is None
    assert IRIS.paper_key("https://example.org/kg/id/paper/") is None


def test_different_makers_have_different_activities() -> None:
    assert IRIS.activity("a", "b\nc") != IRIS.activity("a\nb", "c")
