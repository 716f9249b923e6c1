"""README is a contract: every command in it runs, every output in it is what the command prints."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from fairpapers.queries import load_library
from fairpapers.queries.catalog import groups_table, replace_block

ADDRESS = "127.0.0.1:8000"
# What cannot run inside the test run itself, and what shows it instead.
ELSEWHERE = {
    "make test": "this run is it",
    "make check": "runs this test among others",
    "make demo": "started by the fixture `served`",
    "pip install .": "tests/test_packaging.py installs the wheel into an empty environment",
}


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, its first line's number and its text."""

    language: str
    line: int
    text: str

    @property
    def commands(self) -> list[tuple[str, str]]:
        """Each command of the block with the output shown below it, if any is shown."""
        if self.language == "console":
            parts = re.split(r"^\$ ", self.text, flags=re.M)[1:]
            joined = (part.replace("\\\n", "") for part in parts)
            return [(command, shown) for command, _, shown in (p.partition("\n") for p in joined)]
        lines = self.text.replace("\\\n", "").splitlines()
        return [(bare, "") for line in lines if (bare := re.sub(r"\s+#\s.*$", "", line).strip())]


def blocks(root: Path) -> list[Block]:
    text = (root / "README.md").read_text()
    return [
        Block(found[1], text[: found.start()].count("\n") + 1, found[2])
        for found in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S)
    ]


def runnable(root: Path, *languages: str) -> list[Block]:
    return [block for block in blocks(root) if block.language in languages]


@pytest.fixture(scope="module")
def environment(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A user's shell: the checkout's programs on the path, an empty folder to work in."""
    home = tmp_path_factory.mktemp("home")
    for name in ("reading-list.bib", "this-week.bib"):
        shutil.copy(root / "tests" / name, home / name)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}",
        "HOME": str(home),
        "PORT": str(free_port()),
        "COLUMNS": "100",
    }


@pytest.fixture(scope="module")
def served(root: Path, environment: dict[str, str]) -> Iterator[str]:
    """`make demo`, as the reader types it; its address."""
    address = f"127.0.0.1:{environment['PORT']}"
    log = Path(environment["HOME"], "demo.log")
    # Setting up again needs the caches of the real home; the demo itself gets the empty one.
    command = ["make", "-C", str(root), "demo", "-o", "setup"]
    with log.open("w") as output:
        demo = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            wait_for(f"http://{address}/health", demo, log)
            yield address
        finally:
            os.killpg(demo.pid, signal.SIGINT)
            demo.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(url):
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(log.read_text())


def run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, env=environment, cwd=environment["HOME"], capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_every_command_runs_and_prints_what_is_shown(
    root: Path, environment: dict[str, str], served: str
) -> None:
    for block in runnable(root, "sh", "console"):
        for command, shown in block.commands:
            if command in ELSEWHERE:
                continue
            here = command.replace(ADDRESS, served)
            printed = run(["bash", "-euo", "pipefail", "-c", here], environment)
            if shown:
                where = f"README.md:{block.line}: {command}"
                assert printed.replace(served, ADDRESS).strip() == shown.strip(), where


def test_every_python_example_runs(root: Path, environment: dict[str, str], served: str) -> None:
    for block in runnable(root, "python"):
        run([sys.executable, "-W", "error", "-c", block.text.replace(ADDRESS, served)], environment)


def test_readme_shows_commands_answers_and_python(root: Path) -> None:
    """Guards the two tests above against passing on a README without examples."""
    commands = [c for block in runnable(root, "sh", "console") for c, _ in block.commands]
    assert {"make demo", "make test"} <= set(commands)
    assert sum("curl" in command for command in commands) >= 3
    assert any(shown for block in runnable(root, "console") for _, shown in block.commands)
    assert len(runnable(root, "python")) >= 2


def test_the_table_of_the_library_is_current(root: Path) -> None:
    readme = (root / "README.md").read_text()
    assert replace_block(readme, "library", groups_table(load_library())) == readme


def test_make_targets_in_readme_exist(root: Path) -> None:
    commands = [c for block in runnable(root, "sh", "console") for c, _ in block.commands]
    for command in {c for c in commands if c.startswith("make ")}:
        subprocess.run([*command.split(), "--dry-run"], cwd=root, check=True, capture_output=True)
