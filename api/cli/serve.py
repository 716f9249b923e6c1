"""``fairpapers serve``: a graph as an endpoint with pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import EXISTING_FOLDER

if TYPE_CHECKING:
    from ...graph.dialects import Name
    from ..remote.source import Source


@click.command()
@click.argument("directory", type=EXISTING_FOLDER, required=False)
@click.option("--host", help="Address to listen on  [default: 127.0.0.1, this machine only]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that answer queries.")
@click.option(
    "--deadline",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="A query that runs longer is stopped.",
)
@click.option(
    "--library",
    type=EXISTING_FOLDER,
    help="Folder of your own queries, added to those of the library; see `fairpapers lint`.",
)
@click.option("--store", metavar="URL", help="Serve from this SPARQL server instead of DIRECTORY.")
@click.option("--base", metavar="IRI", help="Base of the graph on that server.")
@click.option(
    "--tag", metavar="NAME", help="Version of a graph there that `fairpapers load` did not bring."
)
@click.option(
    "--engine",
    type=click.Choice(["generic", "oxigraph", "virtuoso", "qlever", "fuseki"]),
    help="Kind of that server  [default: as it names itself]",
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File with the token that it asks for, or with the password of --user.",
)
@click.option("--user", metavar="NAME", help="Name for Basic login.")
@click.option(
    "--alone", is_flag=True, help="Nothing else is on that server: ask its own union, see below."
)
def command(
    directory: Path | None,
    host: str | None,
    port: int | None,
    workers: int | None,
    deadline: float | None,
    library: Path | None,
    store: str | None,
    base: str | None,
    tag: str | None,
    engine: Name | None,
    token_file: Path | None,
    user: str | None,
    alone: bool,
) -> None:
    """Serve a graph: SPARQL endpoint, query library, pages.

    DIRECTORY is what `fairpapers build` made. Every option has a setting beside it, read from the
    environment as FAIRPAPERS_PORT and so on; an option wins over it. The server only reads,
    unless FAIRPAPERS_UPDATE_TOKEN_FILE allows updates; stop it with Ctrl+C.

    With --store the graph stays on a SPARQL server where `fairpapers load` brought it. That server
    need not be reachable for anyone else: limits, cache, SERVICE and what a query may see are
    decided here, and nothing is changed there. No other host is asked. --alone has queries see all
    that is on the server instead of the loaded graphs by name, which many servers answer faster.

    \b
    Examples:
      fairpapers serve graph
      fairpapers serve graph --port 8080 --deadline 30
      fairpapers serve graph --library my-queries
      FAIRPAPERS_WORKERS=8 fairpapers serve graph --host 0.0.0.0
      fairpapers serve --store http://localhost:7878/query
      fairpapers serve --store http://localhost:8890/sparql --base https://example.org/papers
    """
    options = {
        "host": host,
        "port": port,
        "workers": workers,
        "deadline_seconds": deadline,
        "library": library,
    }
    given = {name: value for name, value in options.items() if value is not None}
    if store is None:
        from .serving import serve_graph

        if directory is None:
            raise click.UsageError("Missing argument 'DIRECTORY', or --store URL.")
        if base or tag or engine or token_file or user or alone:
            raise click.UsageError(
                "--base, --tag, --engine, --token-file, --user and --alone go with --store."
            )
        serve_graph(directory, given)
        return
    if directory is not None:
        raise click.UsageError("A graph comes from DIRECTORY or from --store: give one of them.")
    from .serving import serve_store

    serve_store(_source(store, base, tag, engine, token_file, user, alone), given)


def _source(
    store: str,
    base: str | None,
    tag: str | None,
    engine: Name | None,
    token_file: Path | None,
    user: str | None,
    alone: bool,
) -> Source:
    from ...graph.iris import Iris
    from ...graph.remote import parse_endpoint, read_login
    from ...ontology.terms import DEFAULT_BASE
    from ..remote.source import Source
    from .options import cache_folder

    if user and token_file is None:
        raise click.UsageError("--user needs --token-file, a file that holds the password.")
    try:
        login = read_login(token_file, user or "")
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(str(error), param_hint="--token-file") from error
    return Source(
        endpoint=parse_endpoint(store),
        base=Iris(base or DEFAULT_BASE).base,
        cache=cache_folder() / "remote",
        login=login,
        tag=tag or "",
        engine=engine,
        alone=alone,
    )
