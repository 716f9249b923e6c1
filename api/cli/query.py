"""``fairpapers query``: a question of the library."""

from __future__ import annotations

from pathlib import Path

import click

from .messages import say
from .options import answer_format, chosen_graph, explain_option, graph_option, library_option


@click.command()
@click.argument("name", metavar="NAME")
@graph_option
@library_option
@click.option(
    "-p",
    "--param",
    "assignments",
    metavar="NAME=VALUE",
    multiple=True,
    help="Value of a parameter; may be given several times.",
)
@click.option(
    "--stored",
    is_flag=True,
    help="Of a query that asks other endpoints: take stored answers, and ask nobody.",
)
@answer_format
@explain_option
def command(
    name: str,
    directory: Path | None,
    own: Path | None,
    assignments: tuple[str, ...],
    answer_format: str,
    *,
    explain_empty: bool,
    stored: bool,
) -> None:
    """Answer a query of the library, such as C01.

    `fairpapers queries` lists the names. A parameter that is not given takes its default; values
    are read by the type of the parameter and never become part of the query's text.

    Queries K01 to K06 ask other endpoints too, such as Wikidata's. They do so only where
    FAIRPAPERS_FEDERATION_HOSTS names the host.

    \b
    Examples:
      fairpapers query C01 --graph graph
      fairpapers query C01 --param top=5 --format csv
      fairpapers query A07 --format json
      fairpapers query Z01 --library my-queries
      fairpapers query K01 --stored
    """
    from ...graph.snapshot import current_snapshot
    from ...graph.store import EmbeddedStore
    from ...queries import load_library
    from ...queries.defaults import is_empty
    from ...queries.federation import load_fixture
    from ...queries.runner import run
    from .answers import print_answer
    from .federated import answer_federated

    library = load_library(own=own)
    query = library.find(name)
    values = dict(map(_assignment, assignments))
    snapshot = current_snapshot(chosen_graph(directory))
    with EmbeddedStore(snapshot.store) as store:
        if query.federates:
            fixture = load_fixture(query, library.file(query.id)) if stored else None
            answer = answer_federated(store, query, values, snapshot.base, fixture)
        else:
            answer = run(store, query, values, base=snapshot.base)
    print_answer(answer, answer_format, snapshot.base)
    if query.empty and is_empty(answer):
        say(f"No row: {query.empty}")
    if explain_empty:
        from .explaining import say_why_empty

        say_why_empty(snapshot, query.bind(values, base=snapshot.base), answer)


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--param")
    return name, value
