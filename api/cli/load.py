"""``fairpapers load``: a published graph in, the same graph on a SPARQL server out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .messages import say
from .options import EXISTING_FOLDER

if TYPE_CHECKING:
    from ...graph.loading import Plan
    from ...graph.snapshot import Snapshot


@click.command()
@click.argument("directory", type=EXISTING_FOLDER)
@click.option("--endpoint", metavar="URL", help="Where the server answers queries.")
@click.option(
    "--graph-store",
    "target",
    metavar="URL",
    help="Where it takes graphs, or updates  [default: its usual path on that host]",
)
@click.option(
    "--method",
    type=click.Choice(["gsp", "update", "files"]),
    default="gsp",
    show_default=True,
    help="Graph Store Protocol, SPARQL Update, or files for a bulk loader.",
)
@click.option(
    "--engine",
    type=click.Choice(["oxigraph", "virtuoso", "qlever"]),
    help="Whose bulk loader the files are for.",
)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the files.",
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File with the token that the server asks for, or with the password of --user.",
)
@click.option("--user", default="", metavar="NAME", help="Name for Basic or Digest login.")
@click.option(
    "--chunk",
    type=click.IntRange(1, 1_000_000),
    default=20_000,
    show_default=True,
    metavar="TRIPLES",
    help="Triples in one request.",
)
@click.option(
    "--state",
    "state",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File that says how far a load came  [default: in DIRECTORY]",
)
@click.option("--again", is_flag=True, help="Send everything, whatever the server has.")
def command(
    directory: Path,
    endpoint: str | None,
    target: str | None,
    method: str,
    engine: str | None,
    folder: Path | None,
    token_file: Path | None,
    user: str,
    chunk: int,
    state: Path | None,
    again: bool,
) -> None:
    """Load a graph into a SPARQL server.

    DIRECTORY is what `fairpapers build` made. Each named graph is sent in pieces and counted on the
    server at the end; a load that was stopped goes on where it was. What an earlier load left is
    replaced. Nothing is sent to any host but that of the URLs given here, and no redirect is
    followed. `fairpapers serve --store URL` then serves the graph from there.

    With --method files nothing is sent: the graphs are written as N-Triples, with the commands for
    the bulk loader of --engine, which is much faster for many millions of triples.

    \b
    Examples:
      fairpapers load graph --endpoint http://localhost:7878/query
      fairpapers load graph --endpoint http://localhost:8890/sparql --user dba --token-file pw \\
          --graph-store http://localhost:8890/sparql-graph-crud-auth
      fairpapers load graph --endpoint http://localhost:3030/ds/query --method update \\
          --graph-store http://localhost:3030/ds/update
      fairpapers load graph --method files --engine virtuoso -o bulk
    """
    from ...graph.snapshot import current_snapshot

    snapshot = current_snapshot(directory)
    if method == "files":
        if engine is None or folder is None:
            raise click.UsageError("--method files needs --engine and --output.")
        _write(snapshot, folder, engine)
        return
    if endpoint is None:
        raise click.UsageError("--endpoint is missing: name where the server answers queries.")
    plan = _plan(endpoint, target, method, token_file, user, chunk)
    _send(snapshot, plan, state or _default_state(directory, endpoint), again=again)


def _default_state(directory: Path, endpoint: str) -> Path:
    from ...graph.loading.state import state_file

    return state_file(directory, endpoint)


def _plan(
    endpoint: str, target: str | None, method: str, token_file: Path | None, user: str, chunk: int
) -> Plan:
    from ...graph.dialects import DIALECTS
    from ...graph.loading import Plan
    from ...graph.remote import RemoteStore, parse_endpoint, read_login

    if user and token_file is None:
        raise click.UsageError("--user needs --token-file, a file that holds the password.")
    try:
        login = read_login(token_file, user)
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(str(error), param_hint="--token-file") from error
    asked = parse_endpoint(endpoint)
    if (
        login is not None
        and not asked.secure
        and asked.host not in ("localhost", "127.0.0.1", "::1")
    ):
        say(f"warning: {asked.authority} gets the token over a connection that is not encrypted")
    if target is not None:
        taken = parse_endpoint(target)
    else:
        with RemoteStore(asked, login=login) as store:
            dialect = store.dialect
        path = dialect.update if method == "update" else dialect.graph_store
        if not path:
            known = ", ".join(each.name for each in DIALECTS.values() if each.graph_store)
            raise click.UsageError(
                f"Where {asked.authority} takes graphs is not known, as it is for {known}: name it "
                "with --graph-store (for --method update the address of updates)."
            )
        taken = asked.beside(path)
    return Plan(asked, taken, "update" if method == "update" else "gsp", login, chunk)


def _send(snapshot: Snapshot, plan: Plan, state: Path, *, again: bool) -> None:
    from ...graph.loading import load
    from ...graph.loading.state import held_state
    from .exporting import bar

    with held_state(state, snapshot.id) as held, bar() as progress:
        if again:
            held.forget()
        elif held.sent:
            say(f"{sum(held.sent.values()):,} triples were sent before; going on from there")
        report = load(snapshot, plan, held, progress, again=again)
    host = plan.endpoint.authority
    if report.already:
        say(
            f"{host} has snapshot {snapshot.id} already, {report.triples:,} triples; nothing was sent"
        )
    else:
        say(f"{report.sent:,} triples sent, {report.triples:,} counted on {host}")
    base = "" if snapshot.base == _default_base() else f" --base {snapshot.base}"
    say(f"serve it with: fairpapers serve --store {plan.endpoint.url}{base}")


def _default_base() -> str:
    from ...ontology.terms import DEFAULT_BASE

    return DEFAULT_BASE


def _write(snapshot: Snapshot, folder: Path, engine: str) -> None:
    from ...graph.loading import write_files
    from .exporting import bar

    with bar() as progress:
        names = write_files(snapshot, folder, engine, progress)  # type: ignore[arg-type]
    size = sum((folder / name).stat().st_size for name in names)
    say(f"{len(names)} files, {size / 1e6:.1f} MB in {folder}; {names[-1]} says how to load them")
