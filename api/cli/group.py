"""The command group: commands imported on use, library errors as one line, clean interruption."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

SKIPPED_SOME = 3
INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own.

    The module ``<package>.<name>`` defines ``command``. Errors that the libraries below raise for
    a user to read become ``Error: <message>`` and exit code 1; anything else is a defect and keeps
    its traceback.

    Args:
        commands_in_order: names of the commands in the order of the help page.
        package: package that holds the commands' modules.
    """

    def __init__(
        self, *args: Any, commands_in_order: tuple[str, ...], package: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._names = commands_in_order
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names in the order of a user's way through them."""
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module; None for an unknown name."""
        if cmd_name not in self._names:
            return None
        command = import_module(f"{self._package}.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown name is answered with the nearest ones.

        Raises:
            click.UsageError: there is no such command.
        """
        from difflib import get_close_matches

        name = args[0]
        if name not in self._names and not name.startswith("-"):
            near = get_close_matches(name, self._names, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Commands: {', '.join(self._names)}."
            raise click.UsageError(f"No such command {name!r}. {hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn what a user can act on into one line and an exit code.

        Raises:
            click.ClickException: a library error or an operating system error.
        """
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("\nInterrupted.", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise click.ClickException(_os_message(error)) from error
        except Exception as error:
            if isinstance(error, _readable_errors()):
                raise click.ClickException(str(error)) from error
            raise


def _os_message(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}"


def _readable_errors() -> tuple[type[Exception], ...]:
    """Bases of the errors whose message is written for the user, one or two a layer."""
    from ...extract.errors import ExtractError
    from ...extract.gold import GoldError
    from ...extract.records import RecordError
    from ...graph.errors import GraphError
    from ...queries import QueriesError
    from ..errors import ApiError, WorkerStartError

    return (
        ExtractError,
        GoldError,
        RecordError,
        GraphError,
        QueriesError,
        ApiError,
        WorkerStartError,
    )
