"""``fairpapers extract``: papers in, records out."""

from __future__ import annotations

from pathlib import Path

import click

from .group import SKIPPED_SOME
from .options import model_options, papers_format, workers_option


@click.command()
@click.argument("source", metavar="INPUT", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Records file to write or to continue.",
)
@papers_format
@model_options
@workers_option
@click.option("--restart", is_flag=True, help="Replace records that INPUT would not make.")
@click.pass_context
def command(
    ctx: click.Context,
    source: Path,
    output: Path,
    papers_format: str | None,
    model: Path | None,
    rules_only: bool,
    accurate: Path | bool,
    workers: int,
    restart: bool,
) -> None:
    """Turn papers into records, one line of JSON a paper.

    INPUT is a file of titles and abstracts; its format is told by its name and content. A record
    holds the datasets, models, methods, metrics and tasks of a paper, the figures it reports, and
    where in the text each was found.

    Stopped in the middle, the same command goes on where it stopped. A record that cannot be read
    is named on standard error and skipped; the exit code is then 3.

    \b
    Examples:
      fairpapers extract papers.jsonl -o records.jsonl
      fairpapers extract export.txt --format csv -o records.jsonl
      fairpapers extract papers.bib -o rules.jsonl --rules-only
      fairpapers extract anthology.xml -o records.jsonl --workers 4
      fairpapers extract papers.jsonl -o records.jsonl --accurate
    """
    from .messages import SkippedRecords, say
    from .recording import Reading, extract_to

    skipped = SkippedRecords()
    reading = Reading(papers_format, model, rules_only, workers, accurate)
    total = extract_to(source, output, reading, skipped, restart=restart)
    say(f"{output}: {total} records" + (f", {skipped.count} skipped" if skipped.count else ""))
    if skipped.count:
        ctx.exit(SKIPPED_SOME)
