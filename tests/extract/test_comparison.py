"""The comparison of recognisers, with an encoder that knows a few words."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from spacy.language import Language

from fairpapers.extract.comparison import Row, compare, main, table
from fairpapers.extract.evaluation import Figures
from fairpapers.extract.gold import GoldEntity, GoldPaper
from fairpapers.extract.pipeline import load_pipeline

from ..toy_encoder import write_toy_encoder

# No rule knows the word; that what it names is a model, only the encoder can say.
PAPER = GoldPaper(
    id="a",
    title="Swimming with zebrafish",
    abstract="A zebrafish swims, and nobody asks why.",
    entities=(GoldEntity("Method", "zebrafish", "used", ("zebrafish",)),),
)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_encoder(tmp_path_factory.mktemp("encoder"), {"zebrafish": "Method"}, 0.9999)


@pytest.fixture
def nlp(toy: Path) -> Language:
    return load_pipeline(accurate=toy)


def test_each_recogniser_is_measured_by_itself_and_both_together(nlp: Language) -> None:
    names = nlp.pipe_names
    rows = {row.name: row for row in compare([PAPER], nlp)}
    assert list(rows) == ["CNN", "encoder", "vote"]
    assert rows["CNN"].mention.right == 0
    assert rows["encoder"].mention == Figures(2, 2, 2)
    assert rows["vote"].with_rules.right == 2
    assert all(row.papers_per_second > 0 for row in rows.values())
    assert nlp.pipe_names == names


def test_rows_are_in_percent() -> None:
    figures = Figures(1, 2, 4)
    *_, line = table([Row("vote", figures, figures, figures, figures, 12.34)])
    assert line == "| vote | 50.0 | 25.0 | 33.3 | 50.0 | 25.0 | 33.3 | 33.3 | 33.3 | 12.3 |"


def test_the_command_prints_table_sizes_and_loading_time(tmp_path: Path, toy: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        '{"id": "a", "title": "Swimming", "abstract": "A zebrafish swims.", "entities": '
        '[{"label": "Method", "canonical": "z", "role": "used", "surfaces": ["zebrafish"]}]}'
    )
    done = CliRunner().invoke(main, [str(gold), "--encoder", str(toy)])
    assert done.exit_code == 0, done.output
    assert "| encoder | 100.0 | 100.0 | 100.0 |" in done.output
    assert "1 papers; CNN" in done.output
    assert "encoder 0.0 MB" in done.output
