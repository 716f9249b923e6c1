"""Silver labels: what a teacher is sure of, and where it is not sure.

What it is not sure of is neither a mention nor none: the student does not learn from it. The labels
are stand-off like our annotations; a text is found by its digest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from .annotations import Offsets
from .errors import MaterialError
from .texts import LabelledSpan, LabelledText, read_lines, text_digest


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Silver:
    """Labels of one text.

    Attributes:
        text_sha256: of the text.
        spans: sorted; none overlap.
        unsure: what lies there is not known; outside the spans.
    """

    text_sha256: str
    spans: tuple[LabelledSpan, ...]
    unsure: tuple[Offsets, ...]

    def to_json(self) -> str:
        """One line of JSON, without the line end."""
        return _SILVER.dump_json(self).decode()


def read_silver(path: Path) -> Iterator[Silver]:
    """Read silver labels.

    Raises:
        MaterialError: the file is missing or a line is something else.
    """
    if not path.is_file():
        raise MaterialError(path, "no such file of silver labels")
    for number, line in enumerate(read_lines(path), start=1):
        try:
            yield _SILVER.validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise MaterialError(path, f"label {number}: {where}: {first['msg']}") from error


def recipe_file(path: Path) -> Path:
    """Where it stands how a file of silver labels was made."""
    return path.with_suffix(".json")


def read_recipe_beside(path: Path) -> dict[str, Any]:
    """Read how a file of silver labels was made; nothing where that is not told."""
    file = recipe_file(path)
    recipe: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return recipe


def join_silver(path: Path, texts: Iterable[str]) -> tuple[LabelledText, ...]:
    """Put silver labels on the texts that may be trained on without annotations.

    Raises:
        MaterialError: as `read_silver`, or a label is of another text: one that is annotated,
            kept for checking, or changed since.
    """
    by_digest = {text_digest(text): text for text in texts}
    joined = []
    for number, silver in enumerate(read_silver(path), start=1):
        text = by_digest.get(silver.text_sha256)
        if text is None:
            raise MaterialError(path, f"label {number} is of no text that may be trained on")
        joined.append(LabelledText(silver.text_sha256, text, silver.spans, silver.unsure))
    return tuple(joined)


_SILVER = TypeAdapter(Silver)
