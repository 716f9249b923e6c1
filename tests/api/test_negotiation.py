"""Which format a client gets."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fairpapers.api.errors import NotAcceptableError
from fairpapers.api.negotiation import Offer, choose, named, negotiate, parse_accept

JSON = Offer("application/sparql-results+json", ("json",), ("application/json",))
XML = Offer("application/sparql-results+xml", ("xml",), ("application/xml", "text/xml"))
CSV = Offer("text/csv", ("csv",))
TSV = Offer("text/tab-separated-values", ("tsv",))
OFFERS = (JSON, XML, CSV, TSV)


def chosen(accept: str | None) -> str | None:
    offer = choose(accept, OFFERS)
    return offer.names[0] if offer else None


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param(None, "json", id="no header takes the first offer"),
        pytest.param("", "json", id="empty header"),
        pytest.param("*/*", "json", id="star"),
        pytest.param("text/*", "csv", id="substar"),
        pytest.param("application/*;q=0.1, text/*", "csv", id="substar with qualities"),
        pytest.param("text/csv", "csv", id="exact"),
        pytest.param("TEXT/CSV", "csv", id="letter case"),
        pytest.param("application/json", "json", id="alias"),
        pytest.param("text/xml", "xml", id="second alias"),
        pytest.param("text/html", None, id="nothing fits"),
        pytest.param("text/csv;q=0", None, id="only an exclusion"),
        pytest.param("application/sparql-results+json;q=0, */*", "xml", id="exclusion"),
        pytest.param("text/*;q=0, text/csv", "csv", id="exact wins over an excluded substar"),
        pytest.param("text/csv;q=0, text/*", "tsv", id="excluded exact wins over substar"),
        pytest.param("*/*;q=0, text/csv;q=0.1", "csv", id="exact wins over an excluded star"),
        pytest.param("text/csv;q=0.5, text/tab-separated-values;q=0.6", "tsv", id="explicit"),
        pytest.param("text/csv, text/tab-separated-values;q=0.999", "csv", id="implicit one"),
        pytest.param("text/tab-separated-values, text/csv", "tsv", id="named first wins ties"),
        pytest.param("*/*, text/csv", "csv", id="named wins over a star of the same quality"),
        pytest.param("*/*;q=0.8, text/csv;q=0.8", "csv", id="named wins with equal q"),
        pytest.param("text/csv;charset=utf-16", None, id="incompatible charset"),
        pytest.param('text/csv;charset="UTF-8"', "csv", id="compatible quoted charset"),
        pytest.param(
            "text/csv;charset=utf-16, text/tab-separated-values;q=0.1",
            "tsv",
            id="incompatible charset leaves the rest",
        ),
        pytest.param(
            "text/csv;charset=utf-8;q=0.2, text/csv, text/tab-separated-values;q=0.5",
            "tsv",
            id="parameter specificity",
        ),
        pytest.param("text/csv;header=absent", "csv", id="variant is served by the plain type"),
        pytest.param("text/csv;header=absent;q=0, text/csv", "csv", id="excluded variant"),
        pytest.param("text/csv;q=0.5;header=absent", "csv", id="extension after q"),
        pytest.param("text/csv;q=1.5, text/tab-separated-values;q=0.1", "tsv", id="bad quality"),
        pytest.param("nonsense, text/csv", "csv", id="unreadable element is skipped"),
        pytest.param("nonsense", "json", id="unreadable header accepts everything"),
        pytest.param("*/csv, text/tab-separated-values", "tsv", id="star then subtype is no range"),
        pytest.param('text/csv;x="a,b;q=0", text/html', "csv", id="comma in a quoted string"),
        pytest.param(
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "xml", id="browser"
        ),
    ],
)
def test_the_client_gets_what_it_likes_best(accept: str | None, expected: str | None) -> None:
    assert chosen(accept) == expected


def test_an_excluded_type_is_not_reached_by_its_alias() -> None:
    assert chosen("application/sparql-results+json;q=0, application/json, text/csv;q=0.1") == "csv"


def test_no_offer_at_all_is_none() -> None:
    assert choose("*/*", ()) is None


@pytest.mark.parametrize("name", ["csv", "CSV", " csv ", "text/csv"])
def test_a_short_name_or_media_type_names_an_offer(name: str) -> None:
    assert named(name, OFFERS) is CSV


def test_format_wins_over_accept() -> None:
    assert negotiate("text/csv", "json", OFFERS) is JSON


@pytest.mark.parametrize(("accept", "name"), [("text/html", None), ("*/*", "docx")])
def test_what_cannot_be_had_is_refused_with_a_list(accept: str, name: str | None) -> None:
    with pytest.raises(NotAcceptableError) as caught:
        negotiate(accept, name, OFFERS)
    assert caught.value.members == {"available": [offer.media_type for offer in OFFERS]}
    assert caught.value.status == 406


@pytest.mark.parametrize(("offer", "expected"), [(CSV, "text/csv; charset=utf-8"), (JSON, None)])
def test_only_text_types_state_their_charset(offer: Offer, expected: str | None) -> None:
    assert offer.content_type == (expected or offer.media_type)


def test_a_long_header_is_read_only_so_far() -> None:
    assert len(parse_accept("text/csv," * 10_000)) == 200


@given(st.text())
@example('text/csv;"')
@example('"' * 50)
@example(",;=*/q")
def test_any_header_is_read(header: str) -> None:
    assert choose(header, OFFERS) in (None, *OFFERS)


def weights() -> st.SearchStrategy[dict[Offer, int]]:
    return st.dictionaries(st.sampled_from(OFFERS), st.integers(0, 1000), min_size=1)


@given(weights())
def test_the_highest_quality_wins_in_any_order(wanted: dict[Offer, int]) -> None:
    header = ", ".join(f"{each.media_type};q={q / 1000:.3f}" for each, q in wanted.items())
    best = choose(header, OFFERS)
    highest = max(wanted.values())
    assert best is None if highest == 0 else best is not None and wanted[best] == highest


# Offers without aliases, so that what RFC 9110 says of each can be written down in a line.
PLAIN = (CSV, TSV, Offer("application/n-triples", ("nt",)), Offer("application/x", ("x",)))
RANGES = ("*/*", "text/*", "application/*", *(offer.media_type for offer in PLAIN))


def quality(offer: Offer, header: dict[str, int]) -> int:
    """Quality of an offer by the most specific range that it is in (RFC 9110, 12.5.1)."""
    kind = offer.media_type.partition("/")[0]
    for each in (offer.media_type, f"{kind}/*", "*/*"):
        if each in header:
            return header[each]
    return 0


@given(
    st.dictionaries(st.sampled_from(RANGES), st.sampled_from([0, 1, 500, 999, 1000]), min_size=1),
    st.randoms(use_true_random=False),
)
def test_the_most_specific_range_gives_the_quality(
    wanted: dict[str, int], shuffled: random.Random
) -> None:
    pieces = [f"{each};q={q / 1000:.3f}" for each, q in wanted.items()]
    shuffled.shuffle(pieces)
    best = choose(",".join(pieces), PLAIN)
    highest = max(quality(offer, wanted) for offer in PLAIN)
    if highest == 0:
        assert best is None
    else:
        assert best is not None
        assert quality(best, wanted) == highest


@given(st.lists(st.sampled_from(RANGES), min_size=1), st.sampled_from(PLAIN))
def test_an_excluded_type_is_never_sent(ranges: list[str], excluded: Offer) -> None:
    others = [each for each in ranges if each != excluded.media_type]
    header = ", ".join([*others, f"{excluded.media_type};q=0"])
    assert choose(header, PLAIN) is not excluded


@given(st.sampled_from(RANGES), st.sampled_from(["utf-16", "latin-1", "us-ascii"]))
def test_another_charset_is_never_promised(accepted: str, charset: str) -> None:
    assert choose(f"{accepted};charset={charset}", PLAIN) is None
    assert choose(f"{accepted};charset={charset};q=1, {accepted};q=0.1", PLAIN) is not None


@given(st.lists(st.sampled_from(OFFERS), unique=True, min_size=1), st.sampled_from(RANGES))
def test_what_is_refused_comes_with_what_there_is(offers: list[Offer], accepted: str) -> None:
    found = choose(accepted, offers)
    if found is not None:
        assert negotiate(accepted, None, offers) is found
        return
    with pytest.raises(NotAcceptableError) as caught:
        negotiate(accepted, None, offers)
    assert caught.value.available == tuple(offer.media_type for offer in offers)
