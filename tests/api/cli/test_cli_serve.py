"""Serving and the demo, as real processes."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from fairpapers.api.cli.demonstration import fingerprint
from fairpapers.graph.snapshot import current_snapshot

Run = Any
COMMAND = [sys.executable, "-c", "from fairpapers.api.cli import main; main()"]


@contextmanager
def started(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running command and the address that it printed."""
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        lines = iter(process.stdout.readline, "")
        yield process, next((line.strip() for line in lines if line.startswith("http")), "")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_address_is_printed_and_a_signal_ends_it_cleanly(
    graph_directory: Path, ending: signal.Signals
) -> None:
    with started("serve", graph_directory, "--port", 0, "--workers", 1) as (process, address):
        assert address.startswith("http://127.0.0.1:")
        assert httpx.get(f"{address}health").json()["status"] == "ok"
        assert httpx.get(f"{address}queries/C01?format=csv").text.startswith("dataset,name,papers")
        process.send_signal(ending)
        _, messages = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "Traceback" not in messages


def test_a_port_that_is_taken_is_told(run: Run, graph_directory: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", graph_directory, "--port", taken.getsockname()[1])
    assert done.exit_code == 1
    assert "cannot listen on 127.0.0.1" in done.stderr
    assert "--port" in done.stderr
    assert done.stdout == ""


def test_a_directory_without_graph_is_told_before_the_port_is_opened(
    run: Run, tmp_path: Path
) -> None:
    done = run("serve", tmp_path, "--port", 0)
    assert done.exit_code == 1
    assert str(tmp_path) in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("name", "value"), [("FAIRPAPERS_WORKERS", "many"), ("FAIRPAPERS_DEADLINE_SECONDS", "-1")]
)
def test_a_setting_that_is_not_valid_is_named(
    run: Run, graph_directory: Path, name: str, value: str
) -> None:
    done = run("serve", graph_directory, "--port", 0, env={name: value})
    assert done.exit_code == 1
    assert name in done.stderr
    assert value in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unsafe_combination_of_settings_is_refused(run: Run, graph_directory: Path) -> None:
    unsafe = {"FAIRPAPERS_REQUIRE_CONFINEMENT": "false"}
    done = run("serve", graph_directory, "--host", "0.0.0.0", "--port", 0, env=unsafe)
    assert done.exit_code == 1
    assert "require_confinement" in done.stderr


@pytest.mark.parametrize("value", ["0", "-3"])
def test_an_option_that_is_not_valid_is_wrong_usage(
    run: Run, graph_directory: Path, value: str
) -> None:
    assert run("serve", graph_directory, "--deadline", value).exit_code == 2
    assert run("serve", graph_directory, "--workers", value).exit_code == 2


def test_the_demo_is_built_once_and_asked_without_naming_it(run: Run, tmp_path: Path) -> None:
    first = run("demo", "--no-serve")
    assert first.exit_code == 0
    assert "papers                        84" in first.stdout
    again = run("demo", "--no-serve")
    assert again.exit_code == 0
    assert again.stdout == ""
    assert "The demo graph is in" in again.stderr
    assert len(run("query", "A04", "--format", "csv").stdout.splitlines()) > 10
    # What a change of the program or the corpus does.
    mark = tmp_path / "cache" / "fairpapers" / "demo" / "demo-inputs"
    assert mark.read_text() == fingerprint()
    mark.write_text("an older state")
    assert "papers " in run("demo", "--no-serve").stdout


def test_the_demo_is_served(tmp_path: Path) -> None:
    with started("demo", "--port", 0, "--directory", tmp_path / "demo") as (_, address):
        page = httpx.get(address, headers={"Accept": "text/html"}, timeout=60)
        assert page.status_code == 200
        assert "<b>84</b><span>papers</span>" in page.text


def test_a_store_that_does_not_open_is_told_in_one_line(
    run: Run, graph_directory: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "graph"
    shutil.copytree(graph_directory, damaged)
    (current_snapshot(damaged).store / "CURRENT").write_text("junk")
    with started("serve", damaged, "--port", 0, "--workers", 1) as (process, address):
        _, messages = process.communicate(timeout=60)
    assert address == ""
    assert process.returncode == 1
    assert messages.startswith("Error: cannot start a query process: ")
    assert messages.count("\n") == 1
