"""The recipe: one spaCy config with our own section ``fairpapers``."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from thinc.api import Config

from .errors import MaterialError
from .vectors import VectorSettings

RECIPE = Path(__file__).parent / "recognizer.cfg"

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=_STRICT)
class TrainingSettings:
    """How the recogniser is trained.

    Attributes:
        seed: of everything drawn by chance.
        pretrain_steps: batches of unlabelled text.
        pretrain_words: tokens in such a batch.
        public_steps: batches of the public corpora alone, after that.
        steps: batches of our annotations.
        public_share: share of these batches that still come from the public corpora.
        silver_steps: batches of silver labels and annotations, the last stage, where there are
            silver labels.
        silver_share: share of these batches that are of silver labels.
        batch_words: tokens in a batch of labelled text, at least.
        dropout: share of units silenced.
        learn_rate: of Adam.
        weights: how often each public corpus is drawn; one that is not listed is not used.
        public_texts: texts of one public corpus that are used at most.
    """

    seed: int
    pretrain_steps: int
    pretrain_words: int
    public_steps: int
    steps: int
    public_share: float
    silver_steps: int
    silver_share: float
    batch_words: int
    dropout: float
    learn_rate: float
    weights: dict[str, float]
    public_texts: int


class Recipe(NamedTuple):
    """A config file and what its section ``fairpapers`` says."""

    config: Config
    vectors: VectorSettings
    training: TrainingSettings


def read_recipe(path: Path = RECIPE, overrides: dict[str, Any] | None = None) -> Recipe:
    """Read a recipe; ``overrides`` replace values by their dotted names.

    Raises:
        MaterialError: the file is missing, or the section ``fairpapers`` is not as described.
    """
    if not path.is_file():
        raise MaterialError(path, "no such config file")
    config = Config().from_disk(path, overrides=overrides or {})
    section = config.get("fairpapers", {})
    try:
        return Recipe(
            config,
            TypeAdapter(VectorSettings).validate_python(section.get("vectors")),
            TypeAdapter(TrainingSettings).validate_python(section.get("training")),
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "section fairpapers"
        raise MaterialError(path, f"{where}: {first['msg']}") from error
