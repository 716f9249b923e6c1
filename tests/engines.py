"""SPARQL servers of others on loopback, each with a folder of its own, for tests and benchmarks.

Oxigraph's comes with the validators (``make .validators/bin/python``) or is on the PATH; Virtuoso is
Debian's package virtuoso-opensource, or another that has ``virtuoso-t``.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "dba"
_START_SECONDS = 120
_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
MaxClientConnections = 40
CaseMode = 2
DirsAllowed = {folder}, {files}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
MaxQueryMem = 2G
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
MaxClientConnections = 40
ServerThreads = 40
Charset = UTF-8
[AutoRepair]
BadParentLinks = 0
[SPARQL]
{limit}
[Zero Config]
ServerName = fairpapers
"""


@dataclass(frozen=True)
class Engine:
    """A running server.

    Attributes:
        name: of its dialect.
        query: address of queries.
        store: address of its graph store.
        update: address of updates.
        pid: its process.
        sql: host and port for ``isql``, Virtuoso only.
    """

    name: str
    query: str
    store: str
    update: str
    pid: int
    sql: str = ""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def oxigraph_command() -> str | None:
    """Path of Oxigraph's server."""
    beside = ROOT / ".validators" / "bin" / "oxigraph"
    return str(beside) if beside.is_file() else shutil.which("oxigraph")


def virtuoso_command() -> str | None:
    """Path of Virtuoso's server."""
    return shutil.which("virtuoso-t")


def isql(engine: Engine, statement: str) -> str:
    """Run a statement of SQL on Virtuoso as its administrator."""
    return _isql(engine, f"exec={statement}")


def isql_file(engine: Engine, path: Path) -> str:
    """Run a file of statements."""
    return _isql(engine, str(path))


def _isql(engine: Engine, what: str) -> str:
    program = shutil.which("isql-vt") or shutil.which("isql-v") or "isql"
    done = subprocess.run(
        [program, engine.sql, "dba", PASSWORD, what, "ERRORS=STDOUT"],
        capture_output=True,
        text=True,
        check=True,
        timeout=3600,
    )
    return done.stdout


@contextmanager
def oxigraph(folder: Path | None, *options: str, read_only: bool = False) -> Iterator[Engine]:
    """Oxigraph's server, in memory without a folder."""
    command = oxigraph_command()
    assert command is not None
    place = [] if folder is None else ["--location", str(folder)]
    port = free_port()
    verb = "serve-read-only" if read_only else "serve"
    arguments = [command, verb, *place, "--bind", f"127.0.0.1:{port}", *options]
    with _running(arguments, f"http://127.0.0.1:{port}/query?query=ASK%7B%7D") as pid:
        address = f"http://127.0.0.1:{port}"
        yield Engine("oxigraph", f"{address}/query", f"{address}/store", f"{address}/update", pid)


@contextmanager
def virtuoso(
    folder: Path, *, files: Path | None = None, most_rows: int = 0, buffers: int = 20_000
) -> Iterator[Engine]:
    """Virtuoso with an empty database, to which anybody who reaches the port may write.

    Args:
        folder: for its files.
        files: folder that its bulk loader may read.
        most_rows: where it cuts answers; 0 is nowhere.
        buffers: pages of 8 KiB that it keeps in memory.
    """
    command = virtuoso_command()
    assert command is not None
    http, sql = free_port(), free_port()
    text = _INI.format(
        folder=folder,
        files=files or folder,
        http=http,
        sql=sql,
        buffers=buffers,
        dirty=buffers * 3 // 4,
        limit=f"ResultSetMaxRows = {most_rows}" if most_rows else "",
    )
    (folder / "virtuoso.ini").write_text(text)
    arguments = [command, "-f", "-c", str(folder / "virtuoso.ini")]
    with _running(arguments, f"http://127.0.0.1:{http}/sparql?query=ASK%7B%7D") as pid:
        address = f"http://127.0.0.1:{http}"
        engine = Engine(
            "virtuoso",
            f"{address}/sparql",
            f"{address}/sparql-graph-crud",
            f"{address}/sparql",
            pid,
            f"127.0.0.1:{sql}",
        )
        isql(engine, 'GRANT SPARQL_UPDATE TO "SPARQL";')
        yield engine


@contextmanager
def _running(arguments: list[str], asked: str) -> Iterator[int]:
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        _wait(process, asked)
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def _wait(process: subprocess.Popen[bytes], asked: str) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None:
                said = process.stdout.read() if process.stdout else b""
                raise RuntimeError(f"{process.args!r} ended: {said[-2000:]!r}") from None
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
