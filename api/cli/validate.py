"""``fairpapers validate``: how good a published graph is, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import click

from .messages import say
from .options import EXISTING_FOLDER


@click.command()
@click.argument("directory", type=EXISTING_FOLDER)
@click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "json", "ttl"]),
    default="table",
    show_default=True,
    help="Lines for people, JSON, or the SHACL report and the DQV measurements as Turtle.",
)
@click.option(
    "--most",
    metavar="N",
    type=click.IntRange(min=1),
    help="Apply the shapes to at most N papers; the checks see all.  [default: 100]",
)
@click.option("--text", is_flag=True, help="Below each fault, the title and the words it is about.")
def command(directory: Path, shape: str, most: int | None, text: bool) -> None:
    """Measure and validate a graph.

    DIRECTORY is what `fairpapers build` made; the shapes are those of the ontology. Every build
    does this before it publishes, and the graph holds the result; this tells it again, after an
    update by hand too.

    First the figures: how complete, connected and consistent the graph is, and how good its
    extraction. Then a line for each fault, at most 100 a check:

    \b
      RECORDS:LINE: violation: <node> what is wrong [rule and check] paper, from SOURCE:LINE

    LINE is that of the paper's record, and SOURCE what the paper was read from. A warning is worth
    a look and stops no build.

    \b
    Examples:
      fairpapers validate graph
      fairpapers validate graph --text --most 1000
      fairpapers validate graph --format json | jq '.violations[].source'
      fairpapers validate graph --format ttl > quality.ttl

    \b
    Exit codes:
      0    no violation; there may be warnings
      1    violations, or the graph cannot be read
    """
    from ...graph.inspection import inspect
    from .messages import at_work
    from .validating import as_json, as_lines, as_turtle

    with at_work("validating"):
        found = inspect(directory, most=most)
    if shape == "json":
        click.echo(as_json(found))
    elif shape == "ttl":
        click.echo(as_turtle(found), nl=False)
    else:
        for line in as_lines(found, with_words=text):
            click.echo(line)
    if found.other_version:
        say(f"built by fairpapers {found.other_version}; the shapes are those of this version")
    if found.outdated:
        say("the graph itself holds none of these figures; build it again to have them in it")
    validation = found.validation
    seen = "all" if not validation.sampled else f"{validation.shaped} of {validation.papers}"
    say(
        f"{validation.papers} papers, {len(validation.checks)} checks on all, shapes on {seen}: "
        f"{len(validation.violations)} violations, {len(validation.warnings)} warnings"
    )
    if not validation.conforms:
        raise click.ClickException(f"{len(validation.violations)} violations in {directory}")
