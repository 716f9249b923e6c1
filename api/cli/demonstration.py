"""The demo graph: built once for each state of the program and its corpus."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import click

from .building import build_from
from .messages import SkippedRecords, say
from .recording import Reading

# Beside ``current``; holds the fingerprint of what the graph was built from.
_MARK = "demo-inputs"


def build_demo(directory: Path) -> None:
    """Build the demo graph in ``directory`` unless it is there, built from the same inputs."""
    from ...extract.corpus import demo_corpus

    wanted = fingerprint()
    mark = directory / _MARK
    if mark.is_file() and mark.read_text() == wanted and (directory / "current").exists():
        say(f"The demo graph is in {directory}.")
        return
    say("Building the demo graph from the corpus that comes with fairpapers.")
    for line in build_from(demo_corpus(), directory, Reading(), SkippedRecords()):
        click.echo(line)
    mark.write_text(wanted)


def fingerprint() -> str:
    """Digest of everything that decides what the demo graph holds: code, model, corpus, terms, queries.

    The version alone would not do: a checkout changes without it.
    """
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(f"{path.parent.name}/{path.name}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    from ... import extract, graph, ontology, queries

    for package in (ontology, extract, graph, queries):
        assert package.__file__ is not None
        files = Path(package.__file__).parent.rglob("*")
        yield from sorted(
            path for path in files if path.is_file() and "__pycache__" not in path.parts
        )
