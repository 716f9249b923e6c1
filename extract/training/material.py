"""Everything a training run reads, and the digests of the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import abstracts
from .annotations import join_annotations, read_annotations
from .errors import MaterialError
from .public import CORPORA, read_public
from .silver import join_silver, read_recipe_beside
from .texts import LabelledText, sha256

ANNOTATIONS = Path(__file__).parent / "annotations.jsonl"
# Some of the same papers, annotated again by somebody else; never trained on.
SECOND = Path(__file__).parent / "second.jsonl"
# Annotated papers that no model learns from: figures are measured on them.
HELD_OUT = Path(__file__).parent / "held-out.txt"
# Papers kept for checking; only their titles are read, to keep them out of the unlabelled texts.
CHECKING = "gold/seeds-dev.jsonl"


@dataclass(frozen=True, slots=True)
class Material:
    """What a run trains on.

    Attributes:
        gold: our annotations on their texts.
        public: the public corpora by name.
        unlabelled: abstracts for the word vectors.
        digests: SHA-256 by file, relative to the data folder.
        held_out: annotated texts that no model learns from.
        silver: some of these abstracts with the labels of a teacher.
        silver_recipe: how these were made, where that stands beside them.
    """

    gold: tuple[LabelledText, ...]
    public: Mapping[str, tuple[LabelledText, ...]]
    unlabelled: tuple[str, ...]
    digests: Mapping[str, str] = field(default_factory=dict)
    held_out: tuple[LabelledText, ...] = ()
    silver: tuple[LabelledText, ...] = ()
    silver_recipe: Mapping[str, Any] = field(default_factory=dict)


def load_material(
    data: Path,
    *,
    public: Iterable[str],
    annotations: Path = ANNOTATIONS,
    held_out: Path = HELD_OUT,
    silver: Path | None = None,
) -> Material:
    """Read annotations, public corpora and abstracts below a data folder, and silver labels.

    Raises:
        MaterialError: a file is missing or holds something else.
        AnnotationError: the annotations are not of the texts in the corpus file.
    """
    wanted = set(public)
    corpora = [corpus for corpus in CORPORA if corpus.name in wanted]
    files = [abstracts.CORPUS, abstracts.EXCLUDED, CHECKING, *(c.file for c in corpora)]
    for file in files:
        if not (data / file).is_file():
            raise MaterialError(data / file, "not there; give the folder that holds it as data")
    marks = read_annotations(annotations)
    papers = tuple(abstracts.read_abstracts(data / abstracts.CORPUS))
    held = abstracts.identifiers(data / abstracts.EXCLUDED)
    clash = sorted(held & {mark.id for mark in marks})
    if clash:
        raise MaterialError(annotations, f"annotates papers kept for checking: {', '.join(clash)}")
    annotated = tuple(join_annotations(marks, papers))
    kept_back = abstracts.identifiers(held_out)
    usable = abstracts.usable(
        papers,
        ids=held | {text.id for text in annotated},
        titles=[
            *(text.text.split("\n")[0] for text in annotated),
            *abstracts.titles(data / CHECKING),
        ],
    )
    unlabelled = tuple(paper.text for paper in usable)
    digests = {file: sha256(data / file) for file in sorted(files)}
    digests["annotations.jsonl"] = sha256(annotations)
    digests["held-out.txt"] = sha256(held_out)
    if silver is not None:
        digests["silver"] = sha256(silver)
    return Material(
        gold=tuple(text for text in annotated if text.id not in kept_back),
        held_out=tuple(text for text in annotated if text.id in kept_back),
        public={corpus.name: read_public(corpus, data) for corpus in corpora},
        unlabelled=unlabelled,
        digests=digests,
        silver=() if silver is None else join_silver(silver, unlabelled),
        silver_recipe={} if silver is None else read_recipe_beside(silver),
    )
