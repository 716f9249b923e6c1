"""Records as lines of JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.extract.records import (
    LABELS,
    ROLES,
    Entity,
    Generator,
    Mention,
    Record,
    RecordError,
    Result,
    Size,
    SourceInfo,
)

words = st.text(max_size=12)
offsets = st.integers(0, 10**6)
confidences = st.floats(0, 1)
labels = st.sampled_from(LABELS)
mentions = st.builds(Mention, offsets, offsets, words, labels, confidences, words)
entities = st.builds(
    Entity,
    words,
    labels,
    words,
    st.lists(words, max_size=3).map(tuple),
    st.sampled_from(ROLES),
    confidences,
)
results = st.builds(
    Result,
    words,
    words,
    st.none() | words,
    st.sampled_from(["absolute", "improvement", "relative-improvement", "ratio", "range", "bound"]),
    st.sampled_from("=≈>≥<≤"),
    st.none() | words,
    st.none() | words,
    st.none() | words,
    offsets,
    offsets,
    confidences,
)
sizes = st.builds(
    Size,
    st.none() | words,
    words,
    words,
    words,
    st.sampled_from("=≈>≥<≤"),
    offsets,
    offsets,
    confidences,
)
records = st.builds(
    Record,
    id=words,
    key=words,
    title=words,
    source=st.builds(SourceInfo, words, st.none() | offsets, words),
    text_sha256=words,
    text_length=offsets,
    mentions=st.lists(mentions, max_size=2).map(tuple),
    entities=st.lists(entities, max_size=2).map(tuple),
    results=st.lists(results, max_size=2).map(tuple),
    generator=st.builds(Generator, words, words, words, words),
    sizes=st.lists(sizes, max_size=2).map(tuple),
)


@given(records)
def test_a_record_survives_its_line(record: Record) -> None:
    line = record.to_json()
    assert "\n" not in line
    assert Record.from_json(line) == record


@given(st.text() | st.binary())
def test_anything_else_is_refused_with_a_field_and_a_fault(line: str | bytes) -> None:
    with pytest.raises(RecordError) as caught:
        Record.from_json(line)
    assert caught.value.field
    assert caught.value.fault


@given(records, st.sampled_from(["mentions", "title", "generator"]))
def test_the_missing_field_is_named(record: Record, field: str) -> None:
    fields = json.loads(record.to_json())
    del fields[field]
    with pytest.raises(RecordError) as caught:
        Record.from_json(json.dumps(fields))
    assert caught.value.field == field


def test_a_confidence_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="less than or equal to 1"):
        Mention(0, 1, "x", "Model", 1.5, "e1")


@given(records)
def test_a_line_from_before_there_were_sizes_is_a_record_without_any(record: Record) -> None:
    fields = json.loads(record.to_json())
    del fields["sizes"]
    assert Record.from_json(json.dumps(fields)) == replace(record, sizes=())
