"""How the teacher is trained and how it labels."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from thinc.api import Config

from ..errors import MaterialError

TEACHER_RECIPE = Path(__file__).parent / "teacher.cfg"

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=_STRICT)
class TeacherSettings:
    """How the teacher is fine-tuned.

    Attributes:
        seed: of everything drawn by chance.
        epochs: how often each of our texts is read.
        batch_pieces: pieces in a batch, padding counted.
        learn_rate: of the encoder, at its highest.
        head_learn_rate: of what is on top.
        warm_up: share of the steps in which the rate rises; then it falls to zero.
        dropout: share of units silenced.
        public_texts: texts drawn from each public corpus; one that is not listed is not used.
    """

    seed: int
    epochs: int
    batch_pieces: int
    learn_rate: float
    head_learn_rate: float
    warm_up: float
    dropout: float
    public_texts: dict[str, int]


def read_teacher_settings(
    path: Path = TEACHER_RECIPE, *, seed: int | None = None
) -> TeacherSettings:
    """Read the section ``teacher`` of a config file; ``seed`` replaces the seed there.

    Raises:
        MaterialError: the file is missing, or the section is not as described.
    """
    if not path.is_file():
        raise MaterialError(path, "no such config file")
    try:
        section = Config().from_disk(path).get("teacher")
        settings = TypeAdapter(TeacherSettings).validate_python(section)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "section teacher"
        raise MaterialError(path, f"{where}: {first['msg']}") from error
    return settings if seed is None else replace(settings, seed=seed)
