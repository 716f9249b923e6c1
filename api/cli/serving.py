"""Start the server on a graph directory."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .messages import say

if TYPE_CHECKING:
    from fastapi import FastAPI


def serve_graph(directory: Path, options: Mapping[str, Any]) -> None:
    """Serve until interrupted; the address goes to standard output once it answers.

    Args:
        directory: graph directory.
        options: settings that win over the environment.

    Raises:
        NoSnapshot: no graph is published there.
        click.ClickException: the port is taken, a setting has a value that it may not have, or
            the query processes do not start.
    """
    from pydantic import ValidationError

    from ...queries import load_library
    from ..app import create_app
    from ..settings import Settings

    try:
        settings = Settings(**options)
    except ValidationError as error:
        raise click.ClickException(_settings_fault(error)) from error
    app = create_app(directory, settings, load_library())
    with closing(listen(settings.host, settings.port)) as listening:
        try:
            _run(app, listening)
        except KeyboardInterrupt:
            return
        except SystemExit as ending:
            if app.state.fault is None:
                raise
            raise click.ClickException(str(app.state.fault)) from ending


def _run(app: FastAPI, listening: socket.socket) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                _set_log_level(logging.WARNING)
                click.echo(address_of(listening))
                say("Serving; stop with Ctrl+C.")

    # Until it is started, what goes wrong is told by the caller, in one line.
    config = uvicorn.Config(app, log_level="critical", server_header=False, access_log=False)
    _set_log_level(logging.CRITICAL)
    Server(config).run(sockets=[listening])


def _set_log_level(level: int) -> None:
    for name in ("uvicorn.error", "fairpapers.api.workers"):
        logging.getLogger(name).setLevel(level)


def address_of(listening: socket.socket) -> str:
    """Address of a listening socket for people to open."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


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
    if not name:
        return str(first["msg"])
    return f"setting {name!r} (FAIRPAPERS_{name.upper()}): {first['msg']}, got {first['input']!r}"
