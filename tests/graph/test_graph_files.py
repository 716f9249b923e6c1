"""Records files and sorted N-Quads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from fairpapers.extract.records import Record
from fairpapers.graph.checks import faults
from fairpapers.graph.errors import RecordsDamaged
from fairpapers.graph.nquads import sorted_nquads
from fairpapers.graph.recordfile import Written, read_records, write_records

texts = st.text(max_size=5)
nodes = st.integers(0, 5).map(lambda n: NamedNode(f"https://example.org/{n}"))
literals = st.one_of(
    st.builds(Literal, texts), st.builds(lambda t: Literal(t, language="de"), texts)
)
quads = st.builds(Quad, nodes, nodes, st.one_of(nodes, literals), nodes)


@given(st.lists(quads, max_size=30), st.integers(1, 10))
def test_nquads_are_sorted_whole_and_readable(given: list[Quad], chunk: int) -> None:
    store = Store()
    store.extend(given)
    lines = list(sorted_nquads(store, chunk=chunk))
    assert lines == sorted(set(lines))
    assert set(parse("".join(lines), RdfFormat.N_QUADS)) == set(given)


def test_records_are_sorted_and_the_first_line_of_a_paper_stays(
    sample: tuple[Record, ...], tmp_path: Path
) -> None:
    twin = replace(sample[0], title="A paper")
    for n, order in enumerate([(twin, *sample), (*sample, twin), (*sample[::-1], twin, twin)]):
        written = write_records(order, tmp_path / f"{n}", tmp_path / "scratch")
        assert written == Written(papers=5, duplicates=len(order) - 5)
        assert (tmp_path / f"{n}").read_bytes() == (tmp_path / "0").read_bytes()
    keys = [record.key for record in read_records(tmp_path / "0")]
    assert keys == sorted(keys)
    assert twin in set(read_records(tmp_path / "0"))


def test_a_line_that_is_no_record_is_named(sample_file: Path, tmp_path: Path) -> None:
    lines = sample_file.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join([lines[0], "", '{"id": 1}', lines[1]]), encoding="utf-8")
    with pytest.raises(RecordsDamaged, match=r"records\.jsonl:3: ") as caught:
        list(read_records(path))
    assert caught.value.line == 3
    path.write_bytes(b"\xff\xfe\n")
    with pytest.raises(RecordsDamaged):
        list(read_records(path))


def test_faults_of_records_are_named(sample: tuple[Record, ...]) -> None:
    record = sample[0]
    assert list(faults(record)) == []
    mention, result, entity = record.mentions[0], record.results[0], record.entities[0]
    cases = {
        "no title": replace(record, title=" "),
        "64 hexadecimal": replace(record, text_sha256="abc"),
        "one id": replace(record, entities=(entity, *record.entities)),
        "no name": replace(record, entities=(replace(entity, canonical=""), *record.entities[1:])),
        "has not": replace(record, mentions=(replace(mention, entity="e0"),)),
        "a Task, its entity": replace(record, mentions=(replace(mention, label="Task"),)),
        "outside the text": replace(record, text_length=3, results=()),
        "has 9 characters": replace(record, mentions=(replace(mention, end=20),)),
        "result '93.4'": replace(record, results=(replace(result, end=result.start),)),
    }
    for fault, wrong in cases.items():
        assert any(fault in found for found in faults(wrong)), fault
