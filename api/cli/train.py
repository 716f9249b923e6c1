"""``fairpapers train``: a span recogniser from annotated papers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .messages import say
from .options import EXISTING_FOLDER

if TYPE_CHECKING:
    from ...extract.training.loop import Progress


@click.command()
@click.option(
    "--data",
    required=True,
    type=EXISTING_FOLDER,
    help="Folder with corpus/ and gold/; extract/training/README.md says what is in it.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the trained model.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Recipe of the run  [default: the one that comes with fairpapers]",
)
@click.option(
    "--silver",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Labels of a teacher; extract/training/README.md says how to make them.",
)
def command(data: Path, output: Path, config: Path | None, silver: Path | None) -> None:
    """Train the recogniser of spans.

    It finds datasets, models, methods, metrics and tasks. The same data, recipe and library
    versions give the same model. Use the result with --model of `extract`, `build` and `evaluate`.

    \b
    Examples:
      fairpapers train --data data -o model
      fairpapers evaluate gold.jsonl --model model
    """
    from ...extract.training import train
    from ...extract.training.settings import RECIPE

    train(data, output, config=config or RECIPE, silver=silver, report=_report)
    click.echo(output)


def _report(progress: Progress) -> None:
    loss = "" if progress.loss is None else f", loss {progress.loss:.1f}"
    say(f"{progress.stage}: {progress.done} of {progress.total}{loss}")
