"""The cache: bounded by bytes, the same bytes back, packed once."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.answering.cache import AnswerCache
from fairpapers.api.answering.compression import accepts_gzip, pack

BODY = b"row\n" * 5000


@given(st.lists(st.tuples(st.integers(0, 5), st.binary(max_size=3000)), max_size=40))
def test_it_never_holds_more_than_it_may_and_gives_back_what_came_last(
    puts: list[tuple[int, bytes]],
) -> None:
    kept = AnswerCache(12_000)
    last: dict[str, bytes] = {}
    for key, body in puts:
        kept.put(str(key), body)
        if len(body) <= kept.largest:
            last[str(key)] = body
        held = 0
        for tag, expected in last.items():
            found = kept.get(tag)
            if found is not None:
                assert found.plain.body == expected
                held += len(expected)
        assert held <= kept.held_bytes <= 12_000


def test_the_least_recently_used_goes_first() -> None:
    kept = AnswerCache(10_000)
    for name in "abc":
        kept.put(name, b"x" * 1000)
    assert kept.get("a")
    for name in "defg":
        kept.put(name, b"x" * 1000)
    assert kept.get("a")
    assert kept.get("b") is None
    assert (kept.hits, kept.misses) == (2, 1)


def test_one_answer_does_not_empty_the_cache() -> None:
    kept = AnswerCache(10_000)
    kept.put("small", b"x")
    sent = kept.put("large", b"x" * 5000)
    assert sent.plain.body == b"x" * 5000
    assert kept.get("small")
    assert kept.get("large") is None


def test_a_cache_of_no_bytes_keeps_nothing() -> None:
    kept = AnswerCache(0)
    kept.put("a", b"")
    assert kept.get("a") is None
    assert kept.held_bytes == 0


def test_nothing_is_left_after_forgetting() -> None:
    kept = AnswerCache(10_000)
    kept.put("a", b"x" * 1000)
    kept.forget()
    assert (len(kept), kept.held_bytes, kept.get("a")) == (0, 0, None)


def test_an_answer_is_packed_once_for_all_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    packed: list[bytes] = []

    async def counted(body: bytes) -> bytes:
        packed.append(body)
        return await pack(body)

    monkeypatch.setattr("fairpapers.api.answering.cache.pack", counted)

    async def ask() -> list[Any]:
        kept = AnswerCache(1_000_000)
        answer = kept.put('"a"', BODY)
        before = kept.held_bytes
        made = await asyncio.gather(*(kept.variant(answer, "gzip") for _ in range(5)))
        assert kept.held_bytes == before + len(made[0].body)
        return [*made, await kept.variant(answer, "gzip")]

    variants = asyncio.run(ask())
    assert len(packed) == 1
    assert {(each.encoding, each.etag) for each in variants} == {("gzip", '"a.gzip"')}
    assert {gzip.decompress(each.body) for each in variants} == {BODY}


def test_one_client_that_leaves_does_not_spoil_the_packing() -> None:
    async def ask() -> bytes:
        kept = AnswerCache(1_000_000)
        answer = kept.put('"a"', BODY)
        leaving = asyncio.create_task(kept.variant(answer, "gzip"))
        staying = asyncio.create_task(kept.variant(answer, "gzip"))
        await asyncio.sleep(0)
        leaving.cancel()
        return (await staying).body

    assert gzip.decompress(asyncio.run(ask())) == BODY


@pytest.mark.parametrize("body", [b"x" * 1023, b""])
def test_a_short_answer_is_sent_as_it_is(body: bytes) -> None:
    async def ask() -> str:
        kept = AnswerCache(1_000_000)
        return (await kept.variant(kept.put('"a"', body), "gzip")).encoding

    assert asyncio.run(ask()) == ""


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, False),
        ("", False),
        ("identity", False),
        ("gzip", True),
        ("GZip", True),
        ("x-gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip;q=0.0, *", False),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0.2, identity;q=0.5", False),
        ("gzip;q=nonsense", False),
        ("gzip2, zip", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(header: str | None, expected: bool) -> None:
    assert accepts_gzip(header) is expected


@given(st.text())
def test_any_header_is_read(header: str) -> None:
    assert accepts_gzip(header) in (True, False)
