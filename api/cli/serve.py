"""``fairpapers serve``: a graph directory as an endpoint with pages."""

from __future__ import annotations

from pathlib import Path

import click

from .options import EXISTING_FOLDER


@click.command()
@click.argument("directory", type=EXISTING_FOLDER)
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
def command(
    directory: Path,
    host: str | None,
    port: int | None,
    workers: int | None,
    deadline: float | None,
    library: Path | None,
) -> None:
    """Serve a graph: SPARQL endpoint, query library, pages.

    DIRECTORY is what `fairpapers build` made. Every option has a setting beside it, read from the
    environment as FAIRPAPERS_PORT and so on; an option wins over it. The server only reads,
    unless FAIRPAPERS_UPDATE_TOKEN_FILE allows updates; stop it with Ctrl+C.

    \b
    Examples:
      fairpapers serve graph
      fairpapers serve graph --port 8080 --deadline 30
      fairpapers serve graph --library my-queries
      FAIRPAPERS_WORKERS=8 fairpapers serve graph --host 0.0.0.0
    """
    from .serving import serve_graph

    options = {
        "host": host,
        "port": port,
        "workers": workers,
        "deadline_seconds": deadline,
        "library": library,
    }
    serve_graph(directory, {name: value for name, value in options.items() if value is not None})
