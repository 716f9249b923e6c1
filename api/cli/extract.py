"""``fairpapers extract``: papers in, records out."""

from __future__ import annotations

from pathlib import Path

import click

from .group import SKIPPED_SOME
from .options import engine_options, model_options, papers_format, workers_option

_RECORDS_FILE = click.Path(path_type=Path, dir_okay=False)


# Addresses such as hdfs://host/path are no paths of this machine: Path would drop a slash.
@click.command()
@click.argument("source", metavar="INPUT", type=click.Path())
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(),
    help="Records file to write or to continue; with Spark, a folder to make.",
)
@papers_format
@model_options
@workers_option
@click.option("--restart", is_flag=True, help="Replace records that INPUT would not make.")
@engine_options
@click.option(
    "--output-format",
    type=click.Choice(["jsonl", "parquet"]),
    default="jsonl",
    show_default=True,
    help="Form of the records that Spark writes: packed JSON Lines or Parquet.",
)
@click.pass_context
def command(
    ctx: click.Context,
    source: str,
    output: str,
    papers_format: str | None,
    model: Path | None,
    rules_only: bool,
    accurate: Path | bool,
    workers: int,
    restart: bool,
    engine: str,
    master: str | None,
    partitions: int | None,
    spark_conf: dict[str, str],
    output_format: str,
) -> None:
    """Turn papers into records, one line of JSON a paper.

    INPUT is a file of titles and abstracts; its format is told by its name and content. A record
    holds the datasets, models, methods, metrics and tasks of a paper, the figures it reports, and
    where in the text each was found.

    Stopped in the middle, the same command goes on where it stopped. A record that cannot be read
    is named on standard error and skipped; the exit code is then 3.

    With --engine spark INPUT is JSON Lines, OpenAlex works or Parquet, a file or a folder on any file
    system that Spark reads, and OUTPUT a folder that gets records/ and skipped/. The records are the
    same. A job that failed is started again with --restart.

    \b
    Examples:
      fairpapers extract papers.jsonl -o records.jsonl
      fairpapers extract export.txt --format csv -o records.jsonl
      fairpapers extract papers.bib -o rules.jsonl --rules-only
      fairpapers extract anthology.xml -o records.jsonl --workers 4
      fairpapers extract papers.jsonl -o records.jsonl --accurate
      fairpapers extract papers.jsonl -o out --engine spark --master 'local[4]'
      fairpapers extract s3a://bucket/works -o s3a://bucket/out --engine spark --master yarn
    """
    from .messages import SkippedRecords, say
    from .recording import Reading, extract_to

    skipped = SkippedRecords()
    reading = Reading(papers_format, model, rules_only, workers, accurate)
    if engine == "spark":
        from .distributing import Cluster, extract_on

        cluster = Cluster(master, partitions, spark_conf)
        total = extract_on(
            cluster, source, output, reading, skipped, output_format=output_format, restart=restart
        )
    else:
        if output_format != "jsonl":
            raise click.UsageError("--output-format: only with --engine spark.")
        records = Path(_RECORDS_FILE.convert(output, None, ctx))
        total = extract_to(Path(source), records, reading, skipped, restart=restart)
    say(f"{output}: {total} records" + (f", {skipped.count} skipped" if skipped.count else ""))
    if skipped.count:
        ctx.exit(SKIPPED_SOME)
