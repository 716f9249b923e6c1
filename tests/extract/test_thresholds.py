"""A higher threshold leaves less, and never something that hangs in the air."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.records import (
    Entity,
    Generator,
    Label,
    Mention,
    Record,
    Result,
    Size,
    SourceInfo,
)
from fairpapers.extract.thresholds import sure_mentions, sure_record

NAMES: tuple[tuple[Label, str], ...] = (
    ("Model", "FooNet"),
    ("Dataset", "BarSet"),
    ("Metric", "F1"),
    ("Task", "parsing"),
)
SHARES = st.floats(0, 1)


def record(
    mentions: list[tuple[int, float]], entities: list[float], result: float = 1.0, size: float = 1.0
) -> Record:
    """A record with the four entities above; ``mentions`` are indexes into them."""
    return Record(
        id="p",
        key="title:p",
        title="p",
        source=SourceInfo("f", None, "jsonl"),
        text_sha256="0" * 64,
        text_length=1000,
        mentions=tuple(
            Mention(n * 10, n * 10 + len(NAMES[k][1]), NAMES[k][1], NAMES[k][0], c, f"e{k}")
            for n, (k, c) in enumerate(mentions)
        ),
        entities=tuple(
            Entity(f"e{k}", label, name, (name,), "used", entities[k])
            for k, (label, name) in enumerate(NAMES)
        ),
        results=(
            Result(
                "F1", "9", "%", "absolute", "=", "FooNet", "BarSet", "parsing", 900, 901, result
            ),
        ),
        sizes=(Size("BarSet", "10", "10", "texts", "=", 910, 920, size),),
        generator=Generator("test", "0", "none", "0" * 64),
    )


ALL = [(0, 0.9), (1, 0.5), (2, 0.8), (3, 0.3)]
records = st.builds(
    record,
    st.lists(st.tuples(st.integers(0, 3), SHARES), max_size=8),
    st.lists(SHARES, min_size=4, max_size=4),
    SHARES,
    SHARES,
)


def test_what_is_not_sure_goes_with_what_rests_on_it() -> None:
    left = sure_record(record(ALL, [0.9, 0.5, 0.8, 0.3]), 0.6)
    assert [m.text for m in left.mentions] == ["FooNet", "F1"]
    assert [e.canonical for e in left.entities] == ["FooNet", "F1"]
    (result,) = left.results
    assert (result.subject, result.dataset, result.task) == ("FooNet", None, None)
    assert [size.entity for size in left.sizes] == [None]
    assert sure_record(record(ALL, [0.9, 0.5, 0.8, 0.3]), 0.85).results == ()


def test_an_unsure_entity_takes_its_mentions_along() -> None:
    left = sure_mentions(record([(0, 0.9)], [0.4, 1.0, 1.0, 1.0]), 0.5)
    assert (left.mentions, left.entities) == ((), ())


def test_an_unsure_result_or_size_goes() -> None:
    left = sure_record(record([(2, 1.0)], [1.0] * 4, result=0.4, size=0.4), 0.5)
    assert (left.results, left.sizes) == ((), ())


@given(records)
def test_nothing_is_dropped_without_a_threshold(whole: Record) -> None:
    assert sure_record(whole, 0.0) == sure_mentions(whole, 0.0) == whole


@given(records, SHARES, SHARES)
def test_a_higher_threshold_never_leaves_more(whole: Record, one: float, other: float) -> None:
    low, high = sorted((one, other))
    more, less = sure_record(whole, low), sure_record(whole, high)
    assert set(less.mentions) <= set(more.mentions)
    assert set(less.entities) <= set(more.entities)
    assert {r.start for r in less.results} <= {r.start for r in more.results}
    assert sure_record(more, high) == less


@given(records, SHARES)
def test_what_is_left_holds_together(whole: Record, minimum: float) -> None:
    left = sure_record(whole, minimum)
    ids = {entity.id for entity in left.entities}
    assert all(mention.entity in ids for mention in left.mentions)
    found = (left.mentions, left.entities, left.results, left.sizes)
    everything: list[Mention | Entity | Result | Size] = [each for kind in found for each in kind]
    assert all(item.confidence >= minimum for item in everything)
    assert sure_mentions(whole, minimum).results == whole.results
