"""``fairpapers show``: one paper's text with what was found in it."""

from __future__ import annotations

from pathlib import Path

import click

from .options import model_options


@click.command()
@click.argument("source", metavar="INPUT", type=click.Path(path_type=Path))
@click.option(
    "--paper",
    "wanted",
    metavar="KEY|ID|NUMBER",
    default="1",
    show_default=True,
    help="The paper to show: its key or identifier, or its place in INPUT.",
)
@click.option(
    "--records",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Show what this records file holds; without it the paper is extracted now.",
)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["terminal", "html"]),
    default="terminal",
    show_default=True,
    help="Text with colours, or one page of HTML that loads nothing.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write  [default: standard output]",
)
@click.option("--input-format", "papers_format", metavar="NAME", help="Format of INPUT.")
@model_options
def command(
    source: Path,
    wanted: str,
    records: Path | None,
    shape: str,
    output: Path | None,
    papers_format: str | None,
    model: Path | None,
    rules_only: bool,
    accurate: Path | bool,
) -> None:
    """Show a paper's text with what was found in it.

    Datasets, models, methods, metrics, tasks, reported figures and sizes are marked in the text
    and listed below it. The text comes from INPUT, your own list of papers; records hold none. Records
    that were made from another text of the paper are refused, because their places would not fit.

    \b
    Examples:
      fairpapers show papers.bib
      fairpapers show papers.jsonl --paper 3 --records records.jsonl
      fairpapers show papers.jsonl --paper acl:2021.emnlp-main.330 --format html -o paper.html
    """
    from .messages import SkippedRecords
    from .recording import Reading
    from .showing import find_paper, made_record, shown, stored_record

    reading = Reading(papers_format, model, rules_only, accurate=accurate)
    paper = find_paper(source, reading, wanted, SkippedRecords())
    record = stored_record(records, paper) if records else made_record(paper, reading)
    view = shown(paper, record)
    if shape == "html":
        from .showing_html import page

        content = page(view)
        if output:
            output.write_text(content, encoding="utf-8")
        else:
            click.echo(content, nl=False)
    else:
        from .showing_terminal import show_in_terminal

        show_in_terminal(view, output)
