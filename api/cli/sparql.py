"""``fairpapers sparql``: any query, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import answer_format, chosen_graph, explain_option, graph_option

if TYPE_CHECKING:
    from ...graph.errors import QuerySyntaxError


@click.command()
@click.argument("query", metavar="QUERY|@FILE|-")
@graph_option
@answer_format
@explain_option
def command(query: str, directory: Path | None, answer_format: str, *, explain_empty: bool) -> None:
    """Answer any SPARQL query, without a server.

    Give its text, @FILE to read it from a file, or - for standard input. The default graph is the
    union of all named graphs, as at the endpoint. Without a server there is no time limit; stop a
    query with Ctrl+C.

    \b
    Examples:
      fairpapers sparql 'SELECT * WHERE { ?s ?p ?o } LIMIT 5' --graph graph
      fairpapers sparql @question.rq --format csv
      echo 'ASK { ?s ?p ?o }' | fairpapers sparql -
      fairpapers sparql @question.rq --explain-empty
    """
    from ...graph.errors import QuerySyntaxError
    from ...graph.snapshot import current_snapshot
    from ...graph.store import EmbeddedStore
    from ..inspection import inspect
    from ..settings import Settings
    from .answers import ask, print_answer

    text = read_query(query)
    # As at the endpoint: no query opens a connection or changes anything.
    inspect(text, max_depth=Settings().max_query_depth)
    snapshot = current_snapshot(chosen_graph(directory))
    with EmbeddedStore(snapshot.store) as store:
        try:
            answer = ask(store, text)
        except QuerySyntaxError as error:
            raise click.ClickException(_explain(error, text)) from error
    print_answer(answer, answer_format, snapshot.base)
    if explain_empty:
        from .explaining import say_why_empty

        say_why_empty(snapshot, text, answer)


def read_query(query: str) -> str:
    """The text of a query that is given as text, as ``@FILE`` or as ``-``.

    Raises:
        click.ClickException: the file is not UTF-8.
    """
    if query != "-" and not query.startswith("@"):
        return query
    name = query.removeprefix("@")
    try:
        with click.open_file(name, encoding="utf-8") as file:
            return str(file.read())
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{name}: not UTF-8 at byte {error.start}") from error


def _explain(error: QuerySyntaxError, text: str) -> str:
    """The fault, the line that it is in, and a mark below its place."""
    from ..problems import syntax_problem

    fault = syntax_problem(str(error))
    lines = text.splitlines()
    if fault.line is None or fault.column is None or fault.line > len(lines):
        return str(fault)
    return f"{fault}\n  {lines[fault.line - 1]}\n  {' ' * (fault.column - 1)}^"
