"""The public corpora: read, detokenise, and keep their labels apart from ours.

Their labels mean something else than ours (SciREX's Method covers our Model and Method, Heddes
includes the noun "dataset" in the span), so each keeps its own label set and trains its own head
on the shared embedding. What a corpus does not label is thereby masked: it is evidence neither
for nor against one of our labels.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .texts import LabelledSpan, LabelledText, read_lines, without_overlaps

# The white space that tokenisation put where a writer puts none; each match is removed.
_INSERTED = re.compile(
    r"(?<=\w) (?=[-/] \w)|(?<=\w [-/]) (?=\w)"
    r"|(?<=\S) (?=[,.;:!?%)\]}](?:\s|$))"
    r"|(?<=[(\[{]) (?=\S)"
    r"|(?<=``) (?=\S)|(?<=\S) (?='')"
    r"|(?<=\w) (?=(?:['’](?:s|re|ve|ll|d|m)|n['’]t)(?:\s|$))"
)


@dataclass(frozen=True, slots=True)
class PublicCorpus:
    """A corpus under ``gold/public``.

    Attributes:
        name: names the corpus and its head.
        file: path below the data folder.
        licence: terms of the texts and annotations.
        labels: label in the file to label of the head; spans with other labels are dropped.
        tokenised: whether white space around punctuation must be undone.
    """

    name: str
    file: str
    licence: str
    labels: dict[str, str]
    tokenised: bool = False


CORPORA: tuple[PublicCorpus, ...] = (
    PublicCorpus(
        "tdmsci",
        "gold/public/tdmsci/train.jsonl",
        "Apache-2.0",
        {"TASK": "Task", "DATASET": "Dataset", "METRIC": "Metric"},
    ),
    PublicCorpus(
        "scirex",
        "gold/public/scirex/train.jsonl.gz",
        "Apache-2.0",
        {"Method": "Method", "Task": "Task", "Metric": "Metric", "Material": "Dataset"},
        tokenised=True,
    ),
    # "Geen Dataset" marks what only looks like the name of a data set; "Datatset" is a misspelling.
    PublicCorpus(
        "heddes",
        "gold/public/heddes/train.jsonl",
        "CC-BY-4.0",
        {"Dataset": "Dataset", "Datatset": "Dataset"},
    ),
)


def read_public(corpus: PublicCorpus, data: Path) -> tuple[LabelledText, ...]:
    """Read a corpus below the data folder; a text without letters is left out."""
    texts = (_parse(corpus, line) for line in read_lines(data / corpus.file))
    return tuple(text for text in texts if any(char.isalpha() for char in text.text))


def detokenise(text: str, spans: Iterable[LabelledSpan]) -> tuple[str, tuple[LabelledSpan, ...]]:
    """Remove the white space that a tokeniser inserted, and move the spans along.

    Nothing but white space is removed, so each span covers the same characters as before.

    >>> detokenise("state - of - the - art ( SOTA ) .", [LabelledSpan(25, 29, "Metric")])
    ('state-of-the-art (SOTA).', (LabelledSpan(start=18, end=22, label='Metric'),))
    """
    removed = [match.start() for match in _INSERTED.finditer(text)]
    drop = set(removed)
    place = [0]
    for index in range(len(text)):
        place.append(place[-1] + (index not in drop))
    moved = tuple(LabelledSpan(place[start], place[end], label) for start, end, label in spans)
    return "".join(char for index, char in enumerate(text) if index not in drop), moved


def _parse(corpus: PublicCorpus, line: str) -> LabelledText:
    row = json.loads(line)
    text: str = row["text"]
    spans: tuple[LabelledSpan, ...] = tuple(
        LabelledSpan(span["start"], span["end"], corpus.labels[span["label"]])
        for span in row["spans"]
        if span["label"] in corpus.labels
    )
    if corpus.tokenised:
        text, spans = detokenise(text, spans)
    return LabelledText(f"{corpus.name}:{row['id']}", text, without_overlaps(spans))
