"""Teach, label, export: ``python -m fairpapers.extract.training.teacher fine-tune | label | …``."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import spacy
import torch

from ...corpus import demo_corpus
from ..abstracts import fold, titles
from ..loop import Progress
from ..material import load_material
from ..scoring import compare
from ..silver import recipe_file
from ..texts import LabelledText, sha256
from .exporting import agreement, export_folder
from .labelling import smaller
from .settings import TEACHER_RECIPE, read_teacher_settings
from .sifting import sift, spans_of
from .teaching import OURS, load_teacher, new_reader, save_teacher, teach
from .vocabulary import changed_share, prune
from .voting import Voters
from .weights import DIGESTS, pretrained

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DATA = click.option("--data", type=_FOLDER, required=True, help="Folder with corpus/ and gold/.")
_ENCODER = click.option("--encoder", type=_FOLDER, required=True, help="Folder of the encoder.")
_OUTPUT = click.option("--output", type=click.Path(path_type=Path), required=True)
_STUDENT = click.option("--student", type=_FOLDER, help="A trained model that votes too.")
_EIGHT_BIT = click.option("--eight-bit", is_flag=True, help="Read faster, with rounded weights.")


@click.group()
@click.option("--threads", default=1, show_default=True, help="Processor threads.")
def main(threads: int) -> None:
    """Teach a small transformer, and let it label abstracts."""
    torch.set_num_threads(threads)


@main.command("fine-tune")
@_DATA
@_ENCODER
@_OUTPUT
@click.option("--config", type=_FILE, default=TEACHER_RECIPE, show_default=True)
@click.option("--seed", type=int, help="Instead of that of the config file.")
def fine_tune_teacher(
    data: Path, encoder: Path, output: Path, config: Path, seed: int | None
) -> None:
    """Fine-tune a teacher, and print figures on the papers held out, as JSON."""
    settings = read_teacher_settings(config, seed=seed)
    material = load_material(data, public=settings.public_texts)
    files = pretrained(encoder)
    tagger = teach(files, material.gold, material, settings, _report)
    save_teacher(tagger, output)
    _print_figures(Voters((tagger,), new_reader(files)), material.held_out, output)


@main.command()
@_DATA
@_ENCODER
@click.argument("teachers", type=_FILE, nargs=-1, required=True)
@_STUDENT
@_EIGHT_BIT
def score(
    data: Path,
    encoder: Path,
    teachers: tuple[Path, ...],
    student: Path | None,
    eight_bit: bool,
) -> None:
    """Print figures of TEACHERS, voting, on the papers held out, as JSON."""
    held_out = load_material(data, public=()).held_out
    _print_figures(_voters(teachers, encoder, student, eight_bit=eight_bit), held_out, *teachers)


@main.command()
@_DATA
@_ENCODER
@_OUTPUT
@click.argument("teachers", type=_FILE, nargs=-1, required=True)
@_STUDENT
@_EIGHT_BIT
@click.option("--papers", default=10_000, show_default=True, help="How many abstracts.")
@click.option("--skip", default=0, show_default=True, help="Draw on from this abstract.")
@click.option("--sure", default=0.55, show_default=True, help="Least probability of a label.")
@click.option("--seed", default=0, show_default=True, help="Of the draw of abstracts.")
def label(
    data: Path,
    encoder: Path,
    output: Path,
    teachers: tuple[Path, ...],
    student: Path | None,
    papers: int,
    skip: int,
    sure: float,
    seed: int,
    eight_bit: bool,
) -> None:
    """Let TEACHERS, voting, label abstracts that nobody annotated; write silver labels."""
    # The papers of the demo show what extraction does on papers that it has not seen.
    shown = {fold(title) for title in titles(demo_corpus())}
    unlabelled = load_material(data, public=()).unlabelled
    texts = [text for text in unlabelled if fold(text.split("\n")[0]) not in shown]
    random.Random(seed).shuffle(texts)  # noqa: S311 - a seeded draw is wanted
    voters = _voters(teachers, encoder, student, eight_bit=eight_bit)
    recipe = {
        "encoder": DIGESTS["model.safetensors"],
        "teachers": [sha256(path) for path in teachers],
        "student": sha256(student / "ner/model") if student else None,
        "draw": {"seed": seed, "skip": skip, "papers": papers},
        "sure": sure,
        "eight_bit": eight_bit,
    }
    recipe_file(output).write_text(json.dumps(recipe, indent=2) + "\n", encoding="utf-8")
    drawn = texts[skip : skip + papers]
    with output.open("w", encoding="utf-8") as lines:
        readings = zip(drawn, voters.read(drawn), strict=True)
        for number, (text, reading) in enumerate(readings, start=1):
            lines.write(sift(text, *reading, OURS, sure).to_json() + "\n")
            if number % 500 == 0:
                _report(Progress("labels", number, len(drawn)))


@main.command("export")
@_DATA
@_ENCODER
@_OUTPUT
@click.argument("teacher", type=_FILE)
@click.option("--least", default=15, show_default=True, help="Keep pieces that occur so often.")
@click.option("--check", default=100, show_default=True, help="Abstracts to compare on.")
def export_teacher(
    data: Path, encoder: Path, output: Path, teacher: Path, least: int, check: int
) -> None:
    """Write TEACHER as a folder for the accurate backend, which needs no torch.

    Prints, as JSON, how large it is, which share of the word pieces of the annotated texts it cuts
    further, and how far its tags agree with those of TEACHER.
    """
    tagger = load_teacher(teacher)
    reader = new_reader(pretrained(encoder))
    material = load_material(data, public=())
    pruned = prune(reader.tokenizer, material.unlabelled, least)
    texts = [text.text for text in material.gold]
    about = {
        "teacher": sha256(teacher),
        "pretrained": DIGESTS["model.safetensors"],
        "least": least,
        "pieces_cut_further": round(changed_share(reader.tokenizer, pruned.tokenizer, texts), 5),
    }
    export_folder(tagger, *pruned, about, output)
    _print(
        {
            **about,
            "pieces": len(pruned.rows),
            "bytes": sum(path.stat().st_size for path in output.iterdir()),
            "texts_compared": len(texts[:check]),
            "equal_tags": round(agreement(tagger, reader, output, texts[:check]), 4),
        }
    )


def _voters(
    teachers: Iterable[Path], encoder: Path, student: Path | None, *, eight_bit: bool
) -> Voters:
    taggers = [load_teacher(path) for path in teachers]
    return Voters(
        tuple(smaller(tagger) for tagger in taggers) if eight_bit else tuple(taggers),
        new_reader(pretrained(encoder)),
        spacy.load(student) if student else None,
    )


def _print_figures(voters: Voters, texts: Sequence[LabelledText], *teachers: Path) -> None:
    readings = voters.read([text.text for text in texts])
    rows = compare(
        (text, spans_of(*reading, OURS)) for text, reading in zip(texts, readings, strict=True)
    )
    value = {
        "teachers": {path.name: sha256(path) for path in teachers},
        "papers": len(texts),
        "mention": {label: row.to_json() for label, row in rows.items()},
    }
    _print(value)


def _print(value: Mapping[str, Any]) -> None:
    click.echo(json.dumps(value, indent=2))


def _report(progress: Progress) -> None:
    loss = "" if progress.loss is None else f", loss {progress.loss:.2f}"
    click.echo(f"{progress.stage}: {progress.done} of {progress.total}{loss}", err=True)


if __name__ == "__main__":
    main()
