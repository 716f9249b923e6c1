"""The records that the golden results rest on are what the pipeline extracts."""

from __future__ import annotations

from pathlib import Path

from fairpapers.extract import Record
from fairpapers.extract.corpus import demo_corpus, read_papers
from fairpapers.extract.pipeline import extract_records, load_pipeline

# Another processor adds floats in another order, which may turn a decision on the edge.
LEAST_AGREEMENT = 0.98


def spans(record: Record) -> set[tuple[str, int, int, str]]:
    return {(record.key, each.start, each.end, each.label) for each in record.mentions}


def test_kept_records_are_those_of_the_pipeline(root: Path) -> None:
    lines = (root / "tests/queries/demo_records.jsonl").read_text().splitlines()
    kept = {record.key: record for record in map(Record.from_json, lines)}
    papers = read_papers(demo_corpus(), skipped=lambda _: None)
    found = {record.key: record for record in extract_records(papers, load_pipeline())}
    assert kept.keys() == found.keys()
    for key, record in found.items():
        assert (record.text_sha256, record.generator) == (
            kept[key].text_sha256,
            kept[key].generator,
        ), "the text or the model is another: make golden"
    old = {span for record in kept.values() for span in spans(record)}
    new = {span for record in found.values() for span in spans(record)}
    assert len(old & new) >= LEAST_AGREEMENT * len(old | new), "if this is right: make golden"
