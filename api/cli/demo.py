"""``fairpapers demo``: the shipped corpus as a graph, served on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from .options import demo_directory


@click.command()
@click.option("--no-serve", is_flag=True, help="Build the graph and stop.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to serve on; 0 takes a free one.")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to keep the graph  [default: the user's cache folder]",
)
def command(no_serve: bool, port: int | None, directory: Path | None) -> None:
    """Build the demo graph from 84 papers and serve it on 127.0.0.1.

    The papers come with fairpapers; nothing is fetched. A graph that this version built before is
    taken as it is.

    \b
    Examples:
      fairpapers demo
      fairpapers demo --port 8080
      fairpapers demo --no-serve --directory graph
    """
    from .demonstration import build_demo

    place = directory or demo_directory()
    build_demo(place)
    if not no_serve:
        from .serving import serve_graph

        serve_graph(place, {} if port is None else {"port": port})
