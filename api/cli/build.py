"""``fairpapers build``: papers or records in, a graph directory out."""

from __future__ import annotations

from pathlib import Path

import click

from .group import SKIPPED_SOME
from .options import confidence_option, model_options, papers_format, workers_option


@click.command()
@click.argument("source", metavar="INPUT", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "directory",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Graph directory to make or to renew.",
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
@click.pass_context
def command(
    ctx: click.Context,
    source: Path,
    directory: Path,
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

    \b
    Examples:
      fairpapers build papers.jsonl -o graph
      fairpapers build records.jsonl -o graph
      fairpapers build papers.bib -o graph --base https://example.org/papers
      fairpapers build anthology.xml -o graph --workers 4
      fairpapers build records.jsonl -o graph --min-confidence 0.7
      fairpapers build records.jsonl -o graph --links links.sssom.tsv
    """
    from ...graph.licences import CC0, CC_BY
    from ...graph.reviewing import read_decisions
    from .building import build_from
    from .messages import SkippedRecords
    from .recording import Reading

    skipped = SkippedRecords()
    reading = Reading(papers_format, model, rules_only, workers, accurate)
    for line in build_from(
        source,
        directory,
        reading,
        skipped,
        base=base,
        min_confidence=min_confidence,
        licence={"cc0": CC0, "cc-by": CC_BY}[licence],
        links=links,
        decisions=tuple(read_decisions(decisions)) if decisions else (),
    ):
        click.echo(line)
    if skipped.count:
        ctx.exit(SKIPPED_SOME)
