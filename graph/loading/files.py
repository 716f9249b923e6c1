"""Graphs as files for the bulk loaders of servers, with the commands that load them.

A bulk loader writes its indexes once, at the end, so for many millions of triples it takes a fraction
of the time of requests. Each loader gets one file a graph; the manifest is the last of them.
"""

from __future__ import annotations

import gzip
import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pyoxigraph as ox

from ..errors import DirectoryUnusable
from ..leases import Lease
from ..snapshot import Snapshot
from .chunks import chunks, ntriples, triples_of
from .manifest import DEFAULT_GRAPH, LOADED, graph_iri, manifest, manifest_graph

EngineName = Literal["oxigraph", "virtuoso", "qlever"]
Progress = Callable[[str, int, int | None], None]
_SAFE: Final = re.compile(r"[A-Za-z0-9_-]+")
_PIECE: Final = 50_000
_LOADER: Final[Mapping[EngineName, str]] = {
    "oxigraph": "load-oxigraph.sh",
    "virtuoso": "load-virtuoso.sql",
    "qlever": "Qleverfile",
}


@dataclass(frozen=True, slots=True)
class GraphFile:
    """A file of N-Triples, packed by gzip, and the graph that it is loaded into."""

    name: str
    graph: str


def write_files(
    snapshot: Snapshot, folder: Path, engine: EngineName, progress: Progress
) -> list[str]:
    """Write the graphs of a snapshot and how an engine loads them; the same bytes each time.

    Args:
        snapshot: the graph.
        folder: made where it is not there; files of the same names in it are replaced.
        engine: whose loader is to read them.
        progress: told of stage, triples done, triples in all.

    Returns:
        Names of the files, the one with the commands last.

    Raises:
        DirectoryUnusable: the folder cannot be written.
        LoadRefused: a graph has blank nodes.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = _write_graphs(snapshot, folder, progress)
        loader = _LOADER[engine]
        (folder / loader).write_text(_WRITERS[engine](files, folder), encoding="utf-8")
    except OSError as error:
        raise DirectoryUnusable(folder, str(error), "load") from error
    return [*(file.name for file in files), loader]


def _write_graphs(snapshot: Snapshot, folder: Path, progress: Progress) -> list[GraphFile]:
    lease = Lease(snapshot.store)
    try:
        return _write_leased(snapshot, folder, progress)
    finally:
        lease.release()


def _write_leased(snapshot: Snapshot, folder: Path, progress: Progress) -> list[GraphFile]:
    store = ox.Store.read_only(str(snapshot.store))
    total, done, files = sum(snapshot.triples.values()), 0, []
    for number, name in enumerate(sorted(set(snapshot.triples) - {DEFAULT_GRAPH}), 1):
        slug = name if _SAFE.fullmatch(name) else f"graph-{number}"
        file = GraphFile(f"{slug}.nt.gz", graph_iri(snapshot.base, name))
        with _packed(folder / file.name) as packed:
            for count, data in chunks(triples_of(store, file.graph), _PIECE):
                packed.write(data)
                done += count
                progress("write", done, total)
        files.append(file)
    last = GraphFile(f"{LOADED}.nt.gz", manifest_graph(snapshot.base))
    with _packed(folder / last.name) as packed:
        packed.write(ntriples([manifest(snapshot)]))
    return [*files, last]


@contextmanager
def _packed(path: Path) -> Iterator[gzip.GzipFile]:
    # Neither name nor time of the file, so that the same graph gives the same bytes.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, 0) as packed:
        yield packed


def _oxigraph(files: list[GraphFile], _folder: Path) -> str:
    lines = [
        "#!/bin/sh",
        "# Loads the graphs into a new folder; serve it with",
        '#   oxigraph serve-read-only --location "$1" --bind 127.0.0.1:7878',
        "set -eu",
        'test $# -eq 1 && test ! -e "$1" || { echo "usage: $0 NEW_FOLDER" >&2; exit 2; }',
        'here=$(dirname "$0")',
    ]
    lines += [
        f'gzip -dc "$here"/{shlex.quote(file.name)} | '
        f'oxigraph load --location "$1" --format nt --graph {shlex.quote(file.graph)}'
        for file in files
    ]
    return "\n".join(lines) + "\n"


def _virtuoso(files: list[GraphFile], folder: Path) -> str:
    lines = [
        "-- Run by: isql-vt 127.0.0.1:1111 dba PASSWORD load-virtuoso.sql",
        "-- The server reads the files itself, so DirsAllowed in virtuoso.ini has to name this folder.",
        "-- What an earlier load left is removed first.",
        "log_enable (3, 1);",
    ]
    for file in files:
        lines.append(f"SPARQL CLEAR GRAPH <{file.graph}>;")
        path = _sql(str(folder.resolve() / file.name))
        lines.append(f"DELETE FROM DB.DBA.load_list WHERE ll_file = {path};")  # noqa: S608
        lines.append(f"ld_add ({path}, {_sql(file.graph)});")
    lines += [
        "rdf_loader_run ();",
        "checkpoint;",
        "-- No row is to be shown here: each is a file that was not loaded, with the reason.",
        "SELECT ll_file, ll_error FROM DB.DBA.load_list WHERE ll_state <> 2 OR ll_error IS NOT NULL;",
    ]
    return "\n".join(lines) + "\n"


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# Prefixes of words that collation is to keep apart stay as they are: names differ in dashes only.
SETTINGS: Final = {
    "ascii-prefixes-only": False,
    "num-triples-per-batch": 1_000_000,
    "locale": {"language": "en", "country": "US", "ignore-punctuation": False},
}


def _qlever(files: list[GraphFile], _folder: Path) -> str:
    inputs = [
        {"cmd": f"zcat {file.name}", "format": "nt", "graph": file.graph.replace("$", "$$")}
        for file in files
    ]
    listed = ",\n                    ".join(json.dumps(each, ensure_ascii=False) for each in inputs)
    return f"""# Run in this folder: qlever index && qlever start
[data]
NAME        = fairpapers
DESCRIPTION = Research resources in paper abstracts

[index]
INPUT_FILES      = *.nt.gz
MULTI_INPUT_JSON = [{listed}]
SETTINGS_JSON    = {json.dumps(SETTINGS)}

[server]
PORT               = 7019
MEMORY_FOR_QUERIES = 4G
TIMEOUT            = 30s

[runtime]
SYSTEM = docker
IMAGE  = docker.io/adfreiburg/qlever:latest
"""


_WRITERS: Final[Mapping[EngineName, Callable[[list[GraphFile], Path], str]]] = {
    "oxigraph": _oxigraph,
    "virtuoso": _virtuoso,
    "qlever": _qlever,
}
