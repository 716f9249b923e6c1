"""On the executors: from papers to records, with one pipeline for the life of a Python process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..errors import OtherModelError
from ..pipeline import PipelineChoice, extract_records, generator, load_pipeline
from ..records import Generator
from .parsing import read_paper

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from spacy.language import Language

SCHEMA: Final = "key string, record string"
_ROWS: Final = 256
_LOADED: Final[dict[str, Language]] = {}


@dataclass(frozen=True, slots=True)
class Shipped:
    """Which pipeline the executors load.

    Attributes:
        made_by: what the driver's pipeline writes into records; that of an executor must be equal.
        choice: what to load; folders in it are those of the driver.
        model: name under which Spark brings the folder of a model; None for the shipped model.
        encoder: the same for an encoder.
    """

    made_by: Generator
    choice: PipelineChoice
    model: str | None = None
    encoder: str | None = None


def extract_batches(batches: Iterable[RecordBatch], *, shipped: Shipped) -> Iterator[RecordBatch]:
    """Extract the papers of one partition, a few hundred at a time."""
    import pyarrow as pa

    papers = (read_paper(data) for batch in batches for data in batch.column("paper").to_pylist())
    # An empty partition must not cost the time to load a model.
    first = next(papers, None)
    if first is None:
        return
    records = extract_records(chain((first,), papers), pipeline(shipped))
    while part := list(islice(records, _ROWS)):
        yield pa.RecordBatch.from_pydict(
            {"key": [each.key for each in part], "record": [each.to_json() for each in part]}
        )


def pipeline(shipped: Shipped) -> Language:
    """The pipeline of this process, loaded when it is first asked for.

    Raises:
        OtherModelError: this machine has another version of fairpapers or of the model.
    """
    digest = f"{shipped.made_by.version} {shipped.made_by.model_sha256}"
    if digest not in _LOADED:
        nlp = load_pipeline(
            _folder(shipped.model),
            rules_only=shipped.choice.rules_only,
            accurate=_folder(shipped.encoder) or bool(shipped.choice.accurate),
        )
        if (found := generator(nlp)) != shipped.made_by:
            raise OtherModelError(f"{shipped.made_by}", f"{found}")
        _LOADED[digest] = nlp
    return _LOADED[digest]


def _folder(name: str | None) -> Path | None:
    from pyspark import SparkFiles

    return Path(SparkFiles.get(name)) if name else None
