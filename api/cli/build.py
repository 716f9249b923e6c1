"""``fairpapers build``: papers or records in, a graph directory out."""

from __future__ import annotations

from pathlib import Path

import click

from .group import SKIPPED_SOME
from .options import (
    confidence_option,
    engine_options,
    model_options,
    papers_format,
    workers_option,
)

_GRAPH_DIRECTORY = click.Path(path_type=Path, file_okay=False)


# Addresses such as hdfs://host/path are no paths of this machine: Path would drop a slash.
@click.command()
@click.argument("source", metavar="INPUT", type=click.Path())
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(),
    help="Graph directory to make or to renew; with Spark, a folder to make for N-Quads.",
)
@click.option("--base", metavar="IRI", help="What the IRIs of papers and resources start with.")
@papers_format
@model_options
@workers_option
@click.option(
    "--links",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Links of resources to other data sets, SSSOM in TSV, beside those that come with it.",
)
@click.option(
    "--decisions",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Decisions by `fairpapers review --export`, beside those that DIRECTORY keeps.",
)
@click.option(
    "--license",
    "licence",
    type=click.Choice(["cc0", "cc-by"]),
    default="cc0",
    show_default=True,
    help="Licence of the data; ontology and vocabularies are CC BY 4.0 either way.",
)
@confidence_option
@engine_options
@click.option(
    "--snapshot",
    type=_GRAPH_DIRECTORY,
    metavar="DIRECTORY",
    help="With Spark: load the quads into this graph directory, on this machine.",
)
@click.option("--restart", is_flag=True, help="With Spark: replace what OUTPUT holds.")
@click.pass_context
def command(
    ctx: click.Context,
    source: str,
    output: str,
    base: str | None,
    papers_format: str | None,
    model: Path | None,
    rules_only: bool,
    accurate: Path | bool,
    workers: int,
    links: Path | None,
    decisions: Path | None,
    licence: str,
    min_confidence: float,
    engine: str,
    master: str | None,
    partitions: int | None,
    spark_conf: dict[str, str],
    snapshot: Path | None,
    restart: bool,
) -> None:
    """Make a graph directory from papers or records.

    INPUT is a file of papers, or of records by `fairpapers extract`. Papers are extracted first,
    into DIRECTORY/records; a build that was stopped goes on there. The graph is validated by the
    shapes of the ontology and published at once when it is complete, so a server on the same
    directory never sees half of it. A report goes to standard output.

    The graph says what --min-confidence was; the records keep everything. Decisions by
    `fairpapers review` are kept in DIRECTORY/review and win over what was extracted.

    A record that cannot be read is named on standard error and skipped, and so is a row of --links
    that is no link; the exit code is then 3. A link says SKOS's exactMatch, closeMatch, broadMatch,
    narrowMatch or relatedMatch, and on what grounds; owl:sameAs is not taken.

    With --engine spark INPUT is records, a file or a folder on any file system that Spark reads, and
    OUTPUT gets quads/, sorted N-Quads in parts, and records/. --snapshot makes a graph directory of
    them; where OUTPUT is complete already, this is all that is done. Decisions are not applied.

    \b
    Examples:
      fairpapers build papers.jsonl -o graph
      fairpapers build records.jsonl -o graph
      fairpapers build papers.bib -o graph --base https://example.org/papers
      fairpapers build anthology.xml -o graph --workers 4
      fairpapers build records.jsonl -o graph --min-confidence 0.7
      fairpapers build records.jsonl -o graph --links links.sssom.tsv
      fairpapers build hdfs:///out/records -o hdfs:///quads --engine spark --master yarn
      fairpapers build hdfs:///out/records -o hdfs:///quads --engine spark --snapshot graph
    """
    from ...graph.licences import CC0, CC_BY
    from ...graph.reviewing import read_decisions
    from .building import build_from
    from .messages import SkippedRecords
    from .recording import Reading

    skipped = SkippedRecords()
    licence_iri = {"cc0": CC0, "cc-by": CC_BY}[licence]
    if engine == "spark":
        from .distributing import Cluster, build_on

        if decisions:
            raise click.UsageError("--decisions: only with --engine local.")
        lines = build_on(
            Cluster(master, partitions, spark_conf),
            source,
            output,
            skipped,
            base=base,
            min_confidence=min_confidence,
            licence=licence_iri,
            links=links,
            snapshot=snapshot,
            restart=restart,
        )
    else:
        if snapshot or restart:
            raise click.UsageError("--snapshot, --restart: only with --engine spark.")
        lines = build_from(
            Path(source),
            Path(_GRAPH_DIRECTORY.convert(output, None, ctx)),
            Reading(papers_format, model, rules_only, workers, accurate),
            skipped,
            base=base,
            min_confidence=min_confidence,
            licence=licence_iri,
            links=links,
            decisions=tuple(read_decisions(decisions)) if decisions else (),
        )
    for line in lines:
        click.echo(line)
    if skipped.count:
        ctx.exit(SKIPPED_SOME)
