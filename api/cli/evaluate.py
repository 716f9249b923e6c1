"""``fairpapers evaluate``: how well extraction agrees with people."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .options import model_options


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--records",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Score these records; without it the texts in GOLD are extracted first.",
)
@model_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(
    gold: Path,
    records: Path | None,
    model: Path | None,
    rules_only: bool,
    accurate: Path | bool,
    as_json: bool,
) -> None:
    """Score extraction against annotations by people.

    Prints precision, recall and F1 by task and label: spans exactly (mention) and loosely
    (overlap), things within a paper (entity), their roles, and reported figures (result).

    \b
    Examples:
      fairpapers evaluate gold.jsonl
      fairpapers evaluate gold.jsonl --rules-only --json
      fairpapers evaluate gold.jsonl --records records.jsonl
    """
    from ...extract.evaluation import evaluate
    from ...extract.gold import load_gold
    from .recording import Reading
    from .scoring import extracted, recorded, table

    try:
        papers = load_gold(gold)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{gold}: not UTF-8 at byte {error.start}") from error
    if records:
        found = recorded(records)
    else:
        found = extracted(papers, Reading(model=model, rules_only=rules_only, accurate=accurate))
    scores = evaluate(papers, found)
    if as_json:
        click.echo(json.dumps(scores.to_json(), indent=2))
        return
    click.echo(f"{scores.papers} papers")
    for line in table(scores):
        click.echo(line)
