"""Start the server on a graph directory."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from .messages import say


def serve_graph(directory: Path, options: Mapping[str, Any]) -> None:
    """Serve until interrupted; the address goes to standard output.

    Args:
        directory: graph directory.
        options: settings that win over the environment.

    Raises:
        click.ClickException: the port is taken, or a setting has a value that it may not have.
    """
    import uvicorn
    from pydantic import ValidationError

    from ...queries import load_library
    from ..app import create_app
    from ..settings import Settings

    try:
        settings = Settings(**options)
    except ValidationError as error:
        raise click.ClickException(_settings_fault(error)) from error
    listening = listen(settings.host, settings.port)
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{port}/")
    say("Serving; stop with Ctrl+C.")
    app = create_app(directory, settings, load_library())
    config = uvicorn.Config(app, log_level="warning", server_header=False, access_log=False)
    uvicorn.Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """Open the port before anything else, so that a taken one is told in one line.

    Raises:
        click.ClickException: nothing can listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise click.ClickException(
            f"cannot listen on {host} port {port}: {error.strerror or error}; "
            "choose another with --port (0 takes a free one)"
        ) from error
    return listening


def _settings_fault(error: Any) -> str:
    first = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    return f"setting {name!r} (FAIRPAPERS_{name.upper()}): {first['msg']}, got {first['input']!r}"
