"""A graph loaded into servers of others: whole, once, resumed where it was stopped."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from fairpapers.graph.build import build_graph
from fairpapers.graph.errors import LoadRefused
from fairpapers.graph.loading import graph_iri, manifest_graph, read_manifest, write_files
from fairpapers.graph.loading.manifest import manifest
from fairpapers.graph.loading.sending import count
from fairpapers.graph.loading.state import held_state, state_file
from fairpapers.graph.recordfile import read_records
from fairpapers.graph.remote import Login, RemoteStore, parse_endpoint
from fairpapers.graph.snapshot import Snapshot, current_snapshot
from fairpapers.graph.store import EmbeddedStore

from ...engines import PASSWORD, Engine, isql_file, oxigraph, oxigraph_command
from .conftest import Run, needs_oxigraph

COMMAND = [sys.executable, "-c", "from fairpapers.api.cli import main; main()"]


def asked(engine: Engine, *graphs: str) -> RemoteStore:
    return RemoteStore(parse_endpoint(engine.query), graphs=graphs)


def triples(engine: Engine, graph: str) -> set[ox.Triple]:
    with asked(engine) as store:
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        return set(store.construct(text))


def expected(snapshot: Snapshot, name: str) -> set[ox.Triple]:
    graph = graph_iri(snapshot.base, name)
    with EmbeddedStore(snapshot.store) as store:
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        return set(store.construct(text))


def counts(engine: Engine, snapshot: Snapshot) -> dict[str, int]:
    with asked(engine) as store:
        return {name: count(store, graph_iri(snapshot.base, name)) for name in snapshot.triples}


@pytest.mark.parametrize("method", ["gsp", "update"])
def test_each_graph_is_there_triple_by_triple(
    run: Run, engine: Engine, small_graph: Path, method: str
) -> None:
    snapshot = current_snapshot(small_graph)
    more = ("--method", method, "--chunk", 500, "--again")
    done = run("load", small_graph, "--endpoint", engine.query, *more)
    assert done.exit_code == 0, done.stderr
    assert f"{sum(snapshot.triples.values()):,} triples sent" in done.stderr
    assert done.stdout == ""
    assert counts(engine, snapshot) == snapshot.triples
    for name in ("core", "evidence", "vocab"):
        assert triples(engine, graph_iri(snapshot.base, name)) == expected(snapshot, name)
    assert not list(small_graph.glob("load-*"))


def test_a_second_load_sends_nothing_and_counts_again(
    run: Run, an_oxigraph: Engine, small_graph: Path
) -> None:
    snapshot = current_snapshot(small_graph)
    arguments = ("load", small_graph, "--endpoint", an_oxigraph.query)
    run(*arguments)
    again = run(*arguments)
    assert "nothing was sent" in again.stderr
    core = graph_iri(snapshot.base, "core")
    httpx.post(
        an_oxigraph.update,
        content=f"INSERT DATA {{ GRAPH <{core}> {{ <urn:a> <urn:b> 1 }} }}",
        headers={"Content-Type": "application/sparql-update"},
    )
    spoilt = run(*arguments)
    assert spoilt.exit_code == 1
    number = snapshot.triples["core"]
    assert f"core: {number + 1:,} instead of {number:,}" in spoilt.stderr
    assert "--again" in spoilt.stderr
    assert run(*arguments, "--again").exit_code == 0
    assert counts(an_oxigraph, snapshot) == snapshot.triples


def test_what_was_loaded_says_which_snapshot_it_is(
    run: Run, engine: Engine, small_graph: Path
) -> None:
    snapshot = current_snapshot(small_graph)
    assert run("load", small_graph, "--endpoint", engine.query).exit_code == 0
    with asked(engine) as store:
        found = read_manifest(store, snapshot.base, snapshot.path)
        assert found == snapshot
        assert read_manifest(store, "https://example.org/other") is None


def test_graphs_of_an_earlier_snapshot_go(run: Run, an_oxigraph: Engine, small_graph: Path) -> None:
    snapshot = current_snapshot(small_graph)
    old = replace(snapshot, id="0" * 16, triples={**snapshot.triples, "http://example.org/old": 1})
    for graph, body in (
        ("http://example.org/old", "<urn:a> <urn:b> <urn:c> ."),
        (manifest_graph(snapshot.base), f"{manifest(old)} ."),
    ):
        httpx.put(
            an_oxigraph.store,
            params={"graph": graph},
            content=body,
            headers={"Content-Type": "text/turtle"},
        ).raise_for_status()
    assert run("load", small_graph, "--endpoint", an_oxigraph.query).exit_code == 0
    assert triples(an_oxigraph, "http://example.org/old") == set()


def test_a_load_that_was_killed_goes_on(
    run: Run, engine: Engine, demo_graph: Path, tmp_path: Path
) -> None:
    snapshot, state = current_snapshot(demo_graph), tmp_path / "state.json"
    arguments = ["load", str(demo_graph), "--endpoint", engine.query, "--state", str(state)]
    process = subprocess.Popen([*COMMAND, *arguments, "--chunk", "50", "--again"])
    try:
        until = time.monotonic() + 120
        while process.poll() is None and _sent(state) < 2000:
            assert time.monotonic() < until
            time.sleep(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    sent = _sent(state)
    total = sum(snapshot.triples.values())
    assert 2000 <= sent < total, "it was killed in the middle"
    with asked(engine) as store:
        assert read_manifest(store, snapshot.base) is None, "half a graph is no snapshot"
    done = run(*arguments)
    assert done.exit_code == 0, done.stderr
    assert f"{sent:,} triples were sent before" in done.stderr
    assert f"{total - sent:,} triples sent" in done.stderr
    assert counts(engine, snapshot) == snapshot.triples
    assert not state.exists()


def _sent(state: Path) -> int:
    with contextlib.suppress(OSError, ValueError):
        return sum(json.loads(state.read_text())["sent"].values())
    return 0


def test_two_loads_to_one_server_are_refused(
    run: Run, an_oxigraph: Engine, small_graph: Path
) -> None:
    state = state_file(small_graph, an_oxigraph.query)
    with held_state(state, "0" * 16):
        refused = run("load", small_graph, "--endpoint", an_oxigraph.query)
    assert refused.exit_code == 1
    assert "another load to this server is at work" in refused.stderr


def test_virtuoso_takes_a_password_by_digest(
    run: Run, a_virtuoso: Engine, small_graph: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n")
    guarded = a_virtuoso.store + "-auth"
    arguments = ("load", small_graph, "--endpoint", a_virtuoso.query, "--graph-store", guarded)
    without = run(*arguments, "--again")
    assert without.exit_code == 1
    assert "answered 401" in without.stderr
    assert "--token-file" in without.stderr
    done = run(*arguments, "--again", "--user", "dba", "--token-file", secret)
    assert done.exit_code == 0, done.stderr
    secret.write_text("wrong")
    wrong = run(*arguments, "--again", "--user", "dba", "--token-file", secret)
    assert wrong.exit_code == 1
    assert "wrong" not in wrong.stderr


def test_a_login_shows_no_secret() -> None:
    login = Login("s3cret", "name")
    assert "s3cret" not in repr(login)
    answer = login.answer('Digest realm="r", nonce="n", qop="auth", opaque="o"', "PUT", "/p?g=1")
    assert answer is not None
    assert "s3cret" not in answer
    assert login.first() is None, "a password waits until it is asked for"
    assert login.answer("Negotiate", "PUT", "/") is None
    assert Login("p", "n").answer("Basic realm=x", "PUT", "/") == "Basic bjpw"
    assert Login("t").first() == "Bearer t"
    assert Login("t").answer("Basic realm=x", "PUT", "/") is None


@pytest.fixture
def own_server(small_graph: Path, tmp_path: Path) -> Iterator[str]:
    """Our own server with updates allowed, on a graph of one triple."""
    directory = tmp_path / "served"
    shutil.copytree(small_graph, directory)
    token = tmp_path / "token"
    token.write_text("t" * 32)
    process = subprocess.Popen(
        [*COMMAND, "serve", str(directory), "--port", "0", "--workers", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"PATH": "/usr/bin:/bin", "FAIRPAPERS_UPDATE_TOKEN_FILE": str(token)},
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def test_our_own_server_takes_a_graph_by_its_token(
    run: Run, own_server: str, small_graph: Path, tmp_path: Path
) -> None:
    arguments = (
        *("load", small_graph, "--endpoint", f"{own_server}sparql"),
        *("--graph-store", f"{own_server}store", "--again"),
    )
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert "answered 401" in refused.stderr
    done = run(*arguments, "--token-file", tmp_path / "token")
    assert done.exit_code == 0, done.stderr


def test_a_server_of_unknown_kind_needs_the_address_of_its_graph_store(
    run: Run, own_server: str, small_graph: Path
) -> None:
    done = run("load", small_graph, "--endpoint", f"{own_server}sparql")
    assert done.exit_code == 2
    assert "--graph-store" in done.stderr


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ftp://localhost/query", "is no address of a server"),
        ("http://user:pw@localhost/query", "without user and password"),
        ("http://localhost:1/query", "cannot be reached"),
    ],
)
def test_an_address_where_nothing_can_be_is_told(
    run: Run, small_graph: Path, url: str, told: str
) -> None:
    done = run("load", small_graph, "--endpoint", url)
    assert done.exit_code == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_path_is_told(run: Run, an_oxigraph: Engine, small_graph: Path) -> None:
    nowhere = an_oxigraph.query.replace("/query", "/nowhere")
    done = run("load", small_graph, "--endpoint", nowhere)
    assert done.exit_code == 1
    assert "answered 404" in done.stderr


def test_blank_nodes_are_not_sent_in_pieces(tmp_path: Path) -> None:
    place = tmp_path / "snapshot" / "store"
    place.parent.mkdir()
    store = ox.Store(str(place))
    graph = ox.NamedNode("https://example.org/graph/core")
    store.add(ox.Quad(ox.BlankNode(), ox.NamedNode("urn:p"), ox.Literal("a"), graph))
    store.flush()
    del store
    snapshot = Snapshot(
        "0" * 16, place.parent, "https://example.org", "2026-01-01", "0", 0, {"core": 1}
    )
    with pytest.raises(LoadRefused, match="blank nodes"):
        write_files(snapshot, tmp_path / "files", "oxigraph", lambda *_: None)


def test_files_that_are_being_read_are_kept(
    run: Run, small_graph: Path, root: Path, tmp_path: Path
) -> None:
    """A build may be published at any time, and takes away what nobody has a lease on."""
    directory = tmp_path / "graph"
    shutil.copytree(small_graph, directory)
    snapshot = current_snapshot(directory)
    records = list(read_records(root / "tests/graph/sample_records.jsonl"))
    stages: list[tuple[str, int]] = []

    def publish_twice(stage: str, done: int, _total: int | None) -> None:
        if not stages:
            build_graph(records[:4], directory)
            build_graph(records[:3], directory)
        stages.append((stage, done))

    write_files(snapshot, tmp_path / "files", "qlever", publish_twice)
    assert stages[-1] == ("write", sum(snapshot.triples.values()))
    assert snapshot.store.exists()
    build_graph(records[:4], directory)
    assert not snapshot.store.exists()


def test_files_for_oxigraph_load_to_the_same_graphs(
    run: Run, demo_graph: Path, tmp_path: Path
) -> None:
    needs_oxigraph()
    snapshot, bulk = current_snapshot(demo_graph), tmp_path / "bulk"
    assert (
        run("load", demo_graph, "--method", "files", "--engine", "oxigraph", "-o", bulk).exit_code
        == 0
    )
    command = Path(oxigraph_command() or "")
    place = tmp_path / "loaded"
    subprocess.run(
        ["/bin/sh", bulk / "load-oxigraph.sh", place],
        check=True,
        capture_output=True,
        env={"PATH": f"{command.parent}:/usr/bin:/bin"},
    )
    with oxigraph(place, read_only=True) as engine:
        assert counts(engine, snapshot) == snapshot.triples
        with asked(engine) as store:
            assert read_manifest(store, snapshot.base, snapshot.path) == snapshot


def test_files_for_virtuoso_load_to_the_same_graphs(
    run: Run, a_virtuoso: Engine, demo_graph: Path, virtuoso_files: Path
) -> None:
    snapshot = current_snapshot(demo_graph)
    arguments = ("load", demo_graph, "--method", "files", "--engine", "virtuoso")
    assert run(*arguments, "-o", virtuoso_files).exit_code == 0
    said = isql_file(a_virtuoso, virtuoso_files / "load-virtuoso.sql")
    assert said.rstrip().splitlines()[-1].startswith("0 Rows."), said
    assert counts(a_virtuoso, snapshot) == snapshot.triples
    with asked(a_virtuoso) as store:
        assert read_manifest(store, snapshot.base, snapshot.path) == snapshot


def test_the_same_graph_gives_the_same_files(run: Run, small_graph: Path, tmp_path: Path) -> None:
    arguments = ("load", small_graph, "--method", "files", "--engine", "qlever", "-o")
    for name in ("one", "two"):
        assert run(*arguments, tmp_path / name).exit_code == 0
    one = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert one == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    text = one["Qleverfile"].decode()
    listed = text.partition("MULTI_INPUT_JSON = ")[2].partition("SETTINGS_JSON")[0]
    inputs = json.loads(listed)
    assert {f"{each['cmd'].split()[1]}" for each in inputs} == set(one) - {"Qleverfile"}
    snapshot = current_snapshot(small_graph)
    assert {each["graph"] for each in inputs} == {
        *(graph_iri(snapshot.base, name) for name in snapshot.triples),
        manifest_graph(snapshot.base),
    }


def test_files_need_an_engine_and_a_folder(run: Run, small_graph: Path) -> None:
    done = run("load", small_graph, "--method", "files")
    assert done.exit_code == 2
    assert "--engine and --output" in done.stderr
