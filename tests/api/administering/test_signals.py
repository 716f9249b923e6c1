"""Stopping and reloading a real server process, under load, by real signals and real builds."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

import httpx
import pytest

from fairpapers.graph.build import build_graph
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.snapshot import current_snapshot

Eventually = Callable[[Callable[[], bool]], bool]
COMMAND = [sys.executable, "-c", "from fairpapers.api.cli import main; main()"]
TOKEN = "operator-0123456789abcdef"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
# It takes a second or so, and its answer is known.
PAIRS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
KILLER = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PAPERS = """
SELECT (COUNT(*) AS ?papers) { ?p a <https://w3id.org/fairpapers/ontology#Paper> }
"""


@dataclass
class Running:
    """A server process; ``messages`` is what it wrote to standard error, once it has ended."""

    process: subprocess.Popen[str]
    client: httpx.Client
    address: tuple[str, int]
    log: IO[str]
    messages: str = ""

    def busy(self, queries: int = 1) -> bool:
        """Whether so many queries are there, and one of them has a process."""
        listed = self.client.get("/admin/queries", headers=BEARER).json()["queries"]
        return len(listed) >= queries and any(each["state"] == "running" for each in listed)

    def ended(self) -> int:
        """Wait for the end and return the exit code."""
        self.process.communicate(timeout=120)
        self.log.seek(0)
        self.messages = self.log.read()
        return self.process.returncode

    def children(self) -> set[int]:
        """Its query processes."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in path.read_text().split()}


@contextmanager
def server(directory: Path, **settings: object) -> Iterator[Running]:
    options = {
        "workers": 1,
        "express_workers": 0,
        "deadline_seconds": 120,
        "admin_token": TOKEN,
        **settings,
    }
    environment = {f"FAIRPAPERS_{name.upper()}": str(value) for name, value in options.items()}
    # Nobody reads while it runs, and a pipe that is full would stop it.
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [*COMMAND, "serve", str(directory), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **environment},
        )
        assert process.stdout is not None
        try:
            address = httpx.URL(process.stdout.readline().strip())
            assert address.port
            with httpx.Client(base_url=address, timeout=120) as client:
                yield Running(process, client, ("127.0.0.1", address.port), log)
        finally:
            process.kill()
            process.communicate()


@dataclass
class Asked:
    """A query in a thread, with what came of it."""

    answer: httpx.Response | None = None
    error: Exception | None = None
    _thread: threading.Thread | None = None

    @classmethod
    def of(cls, running: Running, query: str) -> Asked:
        asked = cls()

        def ask() -> None:
            try:
                asked.answer = httpx.get(
                    running.client.base_url.join("/sparql"), params={"query": query}, timeout=120
                )
            except httpx.HTTPError as error:
                asked.error = error

        asked._thread = threading.Thread(target=ask)
        asked._thread.start()
        return asked

    def ended(self) -> Asked:
        assert self._thread is not None
        self._thread.join()
        return self


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_queries_at_work_end_before_the_server_does(
    site_directory: Path, eventually: Eventually, ending: signal.Signals
) -> None:
    triples = sum(current_snapshot(site_directory).triples.values())
    with server(site_directory, shutdown_seconds=120) as running:
        asked = Asked.of(running, PAIRS)
        assert eventually(running.busy)
        children = running.children()
        assert len(children) == 3
        running.process.send_signal(ending)
        # Nobody else gets in.
        assert eventually(lambda: not connects(running.address))
        answer = asked.ended().answer
        assert answer is not None
        assert answer.status_code == 200
        assert answer.json()["results"]["bindings"][0]["n"]["value"] == str(triples**2)
        assert running.ended() == 0
        assert "Traceback" not in running.messages
        assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


def connects(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=10).close()
    except OSError:
        return False
    return True


def test_a_query_that_does_not_end_in_time_is_told_why(
    site_directory: Path, eventually: Eventually
) -> None:
    with server(site_directory, shutdown_seconds=0.5) as running:
        asked, waiting = Asked.of(running, KILLER), Asked.of(running, KILLER)
        assert eventually(lambda: running.busy(queries=2))
        children = running.children()
        running.process.terminate()
        for each in (asked, waiting):
            answer = each.ended().answer
            assert answer is not None
            assert answer.status_code == 503
            assert answer.json()["type"].endswith("/shutting-down")
            assert answer.headers["retry-after"]
        assert running.ended() == 0
        assert "outcome=shutting_down" in running.messages
        assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


def test_a_client_that_does_not_read_on_holds_nobody_up(
    site_directory: Path, eventually: Eventually
) -> None:
    target = httpx.URL("/sparql", params={"query": ENDLESS}).raw_path
    with (
        server(site_directory, shutdown_seconds=0) as running,
        socket.create_connection(running.address) as idle,
    ):
        idle.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(15) == b"HTTP/1.1 200 OK"
        # By now the server waits for the client, and nothing but the end of its patience helps.
        time.sleep(2)
        running.process.terminate()
        assert running.ended() == 0
        assert "Traceback" not in running.messages


def test_signals_for_all_processes_leave_the_queries_to_the_server(
    site_directory: Path, eventually: Eventually
) -> None:
    """What a terminal does on Ctrl+C, and some supervisors when they stop a service."""
    with server(site_directory, shutdown_seconds=120) as running:
        asked = Asked.of(running, PAIRS)
        assert eventually(running.busy)
        for number in (signal.SIGINT, signal.SIGTERM):
            for child in running.children():
                os.kill(child, number)
        running.process.terminate()
        answer = asked.ended().answer
        assert answer is not None
        assert answer.status_code == 200
        assert running.ended() == 0


def test_a_token_is_in_no_message(site_directory: Path) -> None:
    with server(site_directory) as running:
        running.client.get("/admin/queries", headers=BEARER)
        running.client.get("/sparql", params={"query": "ASK {", "token": TOKEN})
        running.process.terminate()
        assert running.ended() == 0
        assert "/admin/queries" in running.messages
        assert TOKEN not in running.messages


def published(root: Path, directory: Path, count: int) -> str:
    """Publish a graph of the first papers, with the command."""
    lines = (root / "tests/graph/sample_records.jsonl").read_text("utf-8").splitlines()[:count]
    records = directory.with_name(f"first-{count}.jsonl")
    records.write_text("\n".join(lines) + "\n", "utf-8")
    build = [*COMMAND, "build", str(records), "--output", str(directory)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return current_snapshot(directory).id


def test_a_hangup_has_it_look_for_a_new_graph(
    root: Path, tmp_path: Path, eventually: Eventually
) -> None:
    directory = tmp_path / "graph"
    build_graph(list(read_records(root / "tests/graph/sample_records.jsonl"))[:1], directory)
    with server(directory, reload_seconds=0) as running:
        fresh = published(root, directory, 2)
        assert running.client.get("/health").json()["snapshot"] != fresh
        running.process.send_signal(signal.SIGHUP)
        assert eventually(partial(serves, running, fresh))
        running.process.terminate()
        assert running.ended() == 0


def test_a_terminal_that_is_closed_stops_it(site_directory: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "serve", str(site_directory), "--port", "0", "--workers", "1"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        preexec_fn=partial(fcntl.ioctl, theirs, termios.TIOCSCTTY, 0),
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        process.send_signal(signal.SIGHUP)
        assert httpx.get(f"{address}ready").status_code == 200
        os.close(theirs)
        os.close(ours)
        assert process.wait(timeout=120) == 0
    finally:
        process.kill()
        process.communicate()


@dataclass
class Load:
    """Clients that ask until told to stop, and what they were told."""

    base: httpx.URL
    stop: threading.Event = field(default_factory=threading.Event)
    answers: dict[str, set[str]] = field(default_factory=dict)
    pages: set[tuple[str, str]] = field(default_factory=set)
    health: set[tuple[str, int]] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    asked: int = 0

    def ask(self) -> None:
        with httpx.Client(base_url=self.base, timeout=120) as client:
            while not self.stop.wait(0.01):
                try:
                    self.one(client)
                    self.asked += 1
                except (httpx.HTTPError, AssertionError, KeyError) as error:
                    self.failures.append(repr(error))

    def asked_more_than(self, number: int) -> bool:
        """Whether the clients have got so far."""
        return self.asked > number

    def one(self, client: httpx.Client) -> None:
        answer = client.get("/sparql", params={"query": PAPERS})
        answer.raise_for_status()
        count = answer.json()["results"]["bindings"][0]["papers"]["value"]
        self.answers.setdefault(answer.headers["etag"], set()).add(count)
        page = client.get("/", headers={"Accept": "text/html"})
        page.raise_for_status()
        shown = re.search(r"<b>(\d+)</b><span>papers</span>", page.text)
        snapshot = re.search(r"Snapshot <code>(\w+)</code>", page.text)
        assert shown is not None
        assert snapshot is not None
        self.pages.add((snapshot[1], shown[1]))
        health = client.get("/health")
        health.raise_for_status()
        self.health.add((health.json()["snapshot"], health.json()["papers"]))


def serves(running: Running, snapshot: str) -> bool:
    return bool(running.client.get("/health").json()["snapshot"] == snapshot)


def test_graphs_published_under_load_lose_no_request_and_mix_no_answers(
    root: Path, tmp_path: Path, eventually: Eventually
) -> None:
    directory = tmp_path / "graph"
    build_graph(list(read_records(root / "tests/graph/sample_records.jsonl"))[:1], directory)
    served: dict[str, int] = {current_snapshot(directory).id: 1}
    with server(directory, reload_seconds=0.1, workers=2, queue_wait_seconds=60) as running:
        load = Load(running.client.base_url)
        clients = [threading.Thread(target=load.ask) for _ in range(4)]
        for client in clients:
            client.start()
        try:
            for count in (3, 5, 2):
                fresh = published(root, directory, count)
                served[fresh] = count
                assert eventually(partial(serves, running, fresh))
                assert eventually(partial(load.asked_more_than, load.asked + 20))
        finally:
            load.stop.set()
            for client in clients:
                client.join()
        assert load.failures == []
        assert len(served) == 4
        assert load.health == set(served.items())
        assert load.pages == {(name, str(count)) for name, count in served.items()}
        assert len(load.answers) == 4
        assert sorted(map(sorted, load.answers.values())) == [["1"], ["2"], ["3"], ["5"]]
        assert eventually(lambda: len(running.children()) == 4)
        running.process.terminate()
        assert running.ended() == 0
