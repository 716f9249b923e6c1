"""The servers that `endpoint.py` compares: each is started, found by its first answer, stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

JSON = "application/sparql-results+json"
_START_SECONDS = 120
# While a store is loaded, one process reads it for another.
_LOADING = 2
_TICKS = os.sysconf("SC_CLK_TCK")

# rdflib-endpoint over the same Oxigraph store, which its own command line cannot open.
_RDFLIB_ENDPOINT = """
import sys, pyoxigraph, uvicorn
from oxrdflib import OxigraphStore
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
store = OxigraphStore(store=pyoxigraph.Store.read_only(sys.argv[1]))
app = SparqlEndpoint(graph=Dataset(store=store, default_union=True), path="/")
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="critical", access_log=False)
"""


@dataclass(frozen=True)
class Server:
    """A running server; ``seconds`` passed from its start to its first answer."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]
    seconds: float

    def url(self, query: str) -> str:
        """Address that answers a query."""
        return f"http://127.0.0.1:{self.port}{self.path}?{urlencode({'query': query})}"

    def get(
        self, query: str, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Answer to a query: status, header fields, body."""
        request = urllib.request.Request(
            self.url(query), headers={"Accept": JSON, **(headers or {})}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, dict(response.headers), response.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()

    def processes(self) -> list[int]:
        """Process ids of the server and of all below it."""
        return family(self.process.pid)

    def wait_for_memory(self) -> None:
        """Wait until our own server has loaded its store and forked query processes from it."""
        until = time.monotonic() + _START_SECONDS
        while sum(_command(pid).count(b"workers.zygote") for pid in self.processes()) <= _LOADING:
            if time.monotonic() > until:
                raise SystemExit(f"{self.name} does not serve from memory")
            time.sleep(0.1)

    def memory(self) -> tuple[int, int]:
        """Memory of the server and of all processes below it, in MiB.

        Returns:
            Their own, where a shared page counts as its part (PSS), and the sum of what each holds
            (RSS).
        """
        held = memory_of(self.processes())
        return sum(share for share, _ in held) // 1024, sum(whole for _, whole in held) // 1024

    def processor_seconds(self) -> float:
        """Processor time that the server and all processes below it took until now."""
        ticks = 0
        for pid in self.processes():
            try:
                fields = _stat(pid)
            except OSError:
                continue
            # Own time, and that of children that have ended.
            ticks += sum(int(field) for field in fields[11:15])
        return ticks / _TICKS


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def family(pid: int) -> list[int]:
    """Process ids of a process and of all below it."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int(_stat(int(folder.name))[1])
        except OSError:
            continue
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def memory_of(pids: Iterable[int]) -> list[tuple[int, int]]:
    """Memory of processes that are still there, in KiB: its own (PSS), and all it holds (RSS)."""
    held = []
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
        held.append((sizes.get("Pss", 0), sizes.get("Rss", 0)))
    return held


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


@contextmanager
def serving(
    name: str, command: list[str], port: int, path: str, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run a server until the block ends."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("FAIRPAPERS_")}
    start = time.monotonic()
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=clean | dict(settings or {}),
        start_new_session=True,
    )
    try:
        probe = Server(name, port, path, process, 0.0)
        while not _answers(probe):
            if process.poll() is not None or time.monotonic() > start + _START_SECONDS:
                raise SystemExit(f"{name} does not start: {' '.join(command)[:300]}")
            time.sleep(0.005)
        yield Server(name, port, path, process, time.monotonic() - start)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(server: Server) -> bool:
    try:
        return server.get("ASK {}")[0] == 200
    except OSError:
        return False


def free_port() -> int:
    """A port on which nothing listens now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def native(peers: Path, store: Path) -> AbstractContextManager[Server]:
    """The engine's own server."""
    port = free_port()
    place = ["--location", str(store), "--bind", f"127.0.0.1:{port}"]
    command = [str(peers / "bin" / "oxigraph"), "serve-read-only", *place]
    return serving(
        "native", [*command, "--union-default-graph", "--timeout-s", "2"], port, "/query"
    )


def rdflib_endpoint(peers: Path, store: Path) -> AbstractContextManager[Server]:
    """rdflib-endpoint over the same store."""
    port = free_port()
    command = [str(peers / "bin" / "python"), "-c", _RDFLIB_ENDPOINT, str(store), str(port)]
    return serving("rdflib-endpoint", command, port, "/")


def fairpapers(
    graph: Path, name: str, settings: Mapping[str, str], deadline: str = "2"
) -> AbstractContextManager[Server]:
    """Our own server, from the environment that runs this script."""
    port = free_port()
    program = str(Path(sys.executable).with_name("fairpapers"))
    command = [program, "serve", str(graph), "--port", str(port), "--deadline", deadline]
    return serving(name, command, port, "/sparql", settings)
