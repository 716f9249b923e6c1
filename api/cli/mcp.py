"""``fairpapers mcp``: the graph as tools for assistants."""

from __future__ import annotations

from pathlib import Path

import click

from .options import chosen_graph, graph_option, library_option


@click.command()
@graph_option
@library_option
@click.option(
    "--deadline",
    type=click.FloatRange(min=0.1),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="A query that takes longer is stopped.",
)
def command(directory: Path | None, own: Path | None, deadline: float) -> None:
    """Serve a graph to assistants by the Model Context Protocol.

    The program that starts it talks to it over standard input and output. Its tools list the
    queries of the library, run one of them, answer SPARQL, describe a resource, and show the
    evidence for a statement. They only read, within the limits of the endpoint, and open no
    connection. Needs `pip install 'fairpapers[mcp]'`.

    \b
    Examples:
      fairpapers mcp --graph graph
    \b
    In the settings of a client:
      {"mcpServers": {"fairpapers": {"command": "fairpapers", "args": ["mcp", "--graph", "graph"]}}}
    """
    from .assisting import serve_assistants

    serve_assistants(chosen_graph(directory), deadline, own)
