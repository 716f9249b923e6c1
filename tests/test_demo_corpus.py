"""The demo corpus is in our own words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

RUN = 7


def words(text: str) -> list[str]:
    """Words as white space divides them, without punctuation at their ends."""
    bare = (re.sub(r"^\W+|\W+$", "", word) for word in text.casefold().split())
    return [word for word in bare if word]


def runs(text: str) -> Iterator[tuple[str, ...]]:
    tokens = words(text)
    return zip(*(tokens[start:] for start in range(RUN)), strict=False)


def demo_papers(root: Path) -> list[dict[str, str]]:
    lines = (root / "extract/demo/papers.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def shared_runs(paper: dict[str, str], source: set[tuple[str, ...]]) -> list[str]:
    return [" ".join(run) for run in runs(paper["summary"]) if run in source]


def test_there_are_84_papers_with_distinct_ids_and_titles(root: Path) -> None:
    papers = demo_papers(root)
    assert len(papers) == 84
    assert len({paper["id"] for paper in papers}) == 84
    assert len({paper["title"] for paper in papers}) == 84
    assert all(len(words(paper["summary"])) >= 60 for paper in papers)


def test_no_seven_words_run_as_in_the_abstracts_of_the_page(root: Path, shared: Path) -> None:
    papers = demo_papers(root)
    titles = {tuple(words(paper["title"])) for paper in papers}
    page = (shared / "corpus/papers-page.txt").read_text()
    source = {
        run for line in page.splitlines() if tuple(words(line)) not in titles for run in runs(line)
    }
    copied = {paper["id"]: found for paper in papers if (found := shared_runs(paper, source))}
    assert copied == {}


def test_the_check_sees_a_copied_run() -> None:
    source = set(runs("the quick brown fox jumps over the lazy dog"))
    copied = {"summary": "There, a brown fox jumps over the lazy dog, it says."}
    assert shared_runs(copied, source) == ["brown fox jumps over the lazy dog"]
    assert shared_runs({"summary": "A brown fox jumps over a lazy dog."}, source) == []
