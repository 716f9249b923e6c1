"""Start the server on a graph directory, and have it obey signals.

SIGINT and SIGTERM stop it: it takes no more connections, lets queries at work end for as long as
is set, then stops them, and exits with 0. A second SIGINT ends it at once. SIGHUP has it look for
a newly published graph, unless it comes from a terminal that was closed.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .messages import say

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ...queries import Library
    from ..remote.source import Source
    from ..settings import Settings


def serve_graph(directory: Path, options: Mapping[str, Any]) -> None:
    """Serve until interrupted; the address goes to standard output once it answers.

    Args:
        directory: graph directory.
        options: settings that win over the environment.

    Raises:
        NoSnapshot: no graph is published there.
        LibraryError: one of the operator's own queries has a fault.
        click.ClickException: the port is taken, a setting has a value that it may not have, or
            the query processes do not start.
    """
    from ..app import create_app

    _serve(lambda settings, library: create_app(directory, settings, library), options)


def serve_store(source: Source, options: Mapping[str, Any]) -> None:
    """Serve a graph that is on a server of the operator's; see `serve_graph`.

    Raises:
        NothingLoaded: the server has no such graph.
        QueryError: it cannot be asked.
        click.ClickException: as above, or updates are allowed, which cannot be made here.
    """
    from ..remote.app import create_remote_app

    def create(settings: Settings, library: Library) -> FastAPI:
        if settings.update_secret is not None:
            raise click.ClickException(
                "with --store the graph is changed on that server, not here: unset "
                "FAIRPAPERS_UPDATE_TOKEN and FAIRPAPERS_UPDATE_TOKEN_FILE"
            )
        return create_remote_app(source, settings, library)

    _serve(create, options)


def _serve(create: Callable[[Settings, Library], FastAPI], options: Mapping[str, Any]) -> None:
    from pydantic import ValidationError

    from ...queries import load_library
    from ..settings import Settings

    try:
        settings = Settings(**options)
    except ValidationError as error:
        raise click.ClickException(_settings_fault(error)) from error
    app = create(settings, load_library(own=settings.library))
    with closing(listen(settings.host, settings.port)) as listening:
        try:
            # Before and after the server's own handling, to be stopped means to end well.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            _run(app, listening, settings)
        except KeyboardInterrupt:
            return
        except SystemExit as ending:
            if app.state.fault is None:
                raise
            raise click.ClickException(str(app.state.fault)) from ending


def _run(app: FastAPI, listening: socket.socket, settings: Settings) -> None:
    import uvicorn

    from ..answering.shortcut import with_shortcut
    from ..observing.logs import start_logging
    from ..protecting.transport import bounded_protocol

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                _set_log_level(logging.NOTSET)
                start_logging(settings.log_format)
                self._obey_hangups()
                click.echo(address_of(listening))
                say("Serving; stop with Ctrl+C.")

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            hurrying = asyncio.create_task(_hurry(app, settings.shutdown_seconds))
            await super().shutdown(sockets)
            hurrying.cancel()

        def _obey_hangups(self) -> None:
            on_terminal = _has_terminal()

            def obey() -> None:
                if on_terminal and not _has_terminal():
                    self.should_exit = True
                else:
                    app.state.publication.ask()

            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, obey)

    # Until it is started, what goes wrong is told by the caller, in one line.
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="critical",
        server_header=False,
        access_log=False,
        http=with_shortcut(bounded_protocol(settings), app.state.replies),
        # Who a client is, is read from headers of trusted proxies only, and by us.
        proxy_headers=False,
        # For clients that do not read on; queries are stopped before.
        timeout_graceful_shutdown=math.ceil(settings.shutdown_seconds) + 5,
    )
    _set_log_level(logging.CRITICAL)
    Server(config).run(sockets=[listening])


async def _hurry(app: FastAPI, seconds: float) -> None:
    """Stop the queries that are still at work after so long, and any that begin later."""
    from ..errors import ShuttingDownError

    await asyncio.sleep(seconds)
    while True:
        app.state.pool.running.stop_all(ShuttingDownError())
        await asyncio.sleep(0.1)


def _has_terminal() -> bool:
    """Whether this process has a controlling terminal, and that is still there."""
    with suppress(OSError):
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
        return True
    return False


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
    given = "" if "token" in name else f", got {first['input']!r}"
    return f"setting {name!r} (FAIRPAPERS_{name.upper()}): {first['msg']}{given}"
