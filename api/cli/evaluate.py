"""``fairpapers evaluate``: how well extraction agrees with people."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .options import confidence_option, model_options


@click.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--records",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Score these records; without it the texts in GOLD are extracted first.",
)
@model_options
@confidence_option
@click.option(
    "--calibration",
    is_flag=True,
    help="Print how often each confidence is right, and the figures by threshold.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(
    gold: Path,
    records: Path | None,
    model: Path | None,
    rules_only: bool,
    accurate: Path | bool,
    min_confidence: float,
    calibration: bool,
    as_json: bool,
) -> None:
    """Score extraction against annotations by people.

    Prints precision, recall and F1 by task and label: spans exactly (mention) and loosely
    (overlap), things within a paper (entity), their roles, and reported figures (result); of the
    matched figures, how many are of the right thing on the right data. The expected calibration
    error (ECE) says how far confidences are from being probabilities, in ten bins of equal width.

    \b
    Examples:
      fairpapers evaluate gold.jsonl
      fairpapers evaluate gold.jsonl --rules-only --json
      fairpapers evaluate gold.jsonl --records records.jsonl
      fairpapers evaluate gold.jsonl --calibration
      fairpapers evaluate gold.jsonl --min-confidence 0.7
    """
    from ...extract.calibration import calibrations
    from ...extract.evaluation import evaluate
    from ...extract.gold import load_gold
    from ...extract.thresholds import sure_record
    from .recording import Reading
    from .scoring import calibration_tables, extracted, lines, recorded

    try:
        papers = load_gold(gold)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{gold}: not UTF-8 at byte {error.start}") from error
    if records:
        found = recorded(records)
    else:
        found = extracted(papers, Reading(model=model, rules_only=rules_only, accurate=accurate))
    sure = [sure_record(record, min_confidence) for record in found]
    scores, judged = evaluate(papers, sure), calibrations(papers, sure)
    if as_json:
        about = {kind: items.to_json() for kind, items in judged.items()}
        click.echo(json.dumps(scores.to_json() | {"calibration": about}, indent=2))
        return
    for line in lines(scores, judged):
        click.echo(line)
    if calibration:
        for line in calibration_tables(judged):
            click.echo(line)
