"""Federated queries of the library: stored answers come over HTTP, through the real SERVICE path."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from fairpapers.api.app import create_app
from fairpapers.api.cli import main as cli
from fairpapers.api.federation import record
from fairpapers.api.settings import Settings
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore
from fairpapers.queries import Library, load_library, run
from fairpapers.queries.answers import Table
from fairpapers.queries.federation import load_fixture
from fairpapers.queries.rendering import render

Endpoints = Any
Running = Callable[[Any], AbstractContextManager[tuple[str, int]]]
BROWSER = "text/html,application/xhtml+xml"
FEDERATED = [query.id for query in load_library().values() if query.federates]
each_federated = pytest.mark.parametrize("id_", FEDERATED)


@pytest.fixture(scope="module")
def moved(shared_endpoints: Endpoints) -> Library:
    """The library, with other endpoints on this machine."""
    made: Library = shared_endpoints.library()
    return made


@pytest.fixture(scope="module")
def open_site(
    far_graph: Path, moved: Library, shared_endpoints: Endpoints, running: Running
) -> Iterator[httpx.Client]:
    """A site whose operator allows the host."""
    settings = Settings(workers=1, federation_hosts=(shared_endpoints.host,))
    with (
        running(create_app(far_graph, settings, moved)) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", timeout=30) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def closed_site(far_graph: Path, moved: Library, running: Running) -> Iterator[httpx.Client]:
    """A site as it is by default."""
    with (
        running(create_app(far_graph, Settings(workers=1), moved)) as (host, port),
        httpx.Client(base_url=f"http://{host}:{port}", timeout=30) as client,
    ):
        yield client


def replayed_rows(far_graph: Path, id_: str) -> str:
    query = load_library()[id_]
    snapshot = current_snapshot(far_graph)
    with EmbeddedStore(snapshot.store) as store:
        answer = run(store, query, base=snapshot.base, stored=load_fixture(query))
    assert isinstance(answer, Table)
    assert answer.rows
    return render(answer, "csv")


@each_federated
def test_an_answer_over_http_is_the_one_that_is_replayed(
    open_site: httpx.Client, endpoints: Endpoints, far_graph: Path, id_: str
) -> None:
    answer = open_site.get(f"/queries/{id_}?format=csv")
    assert answer.status_code == 200, answer.text
    assert answer.text == replayed_rows(far_graph, id_)
    assert len(endpoints.asked[f"/{id_}"]) == 1


@each_federated
def test_nothing_of_it_is_kept(open_site: httpx.Client, endpoints: Endpoints, id_: str) -> None:
    for _ in range(2):
        answer = open_site.get(f"/queries/{id_}")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
    assert len(endpoints.asked[f"/{id_}"]) == 2


@pytest.mark.parametrize(
    ("id_", "given"),
    [
        ("K01", 'VALUES (?label) { ("ImageNet"@en) ("A dataset of our own"@en) }'),
        # In upper case: Wikidata finds no other spelling.
        ("K02", '("10.18653/V1/D16-1264")'),
        ("K03", "VALUES (?item) { (<http://www.wikidata.org/entity/Q816826>)"),
        ("K04", '("https://doi.org/10.4018/jswis.2009081901")'),
        (
            "K05",
            "(<https://doi.org/10.18653/V1/D16-1264>) (<https://doi.org/10.18653/v1/d16-1264>)",
        ),
        ("K06", 'VALUES (?dataName ?folded) { ("ImageNet" "clip") ("ImageNet" "ourown") }'),
    ],
)
def test_an_endpoint_is_asked_for_what_the_graph_has_and_no_more(
    open_site: httpx.Client, endpoints: Endpoints, id_: str, given: str
) -> None:
    open_site.get(f"/queries/{id_}")
    (question,) = endpoints.asked[f"/{id_}"]
    assert given in question
    assert "SELECT *" not in question
    ox.Store().query(question)


def test_the_page_shows_the_answer_and_whom_it_asked(
    open_site: httpx.Client, endpoints: Endpoints
) -> None:
    page = open_site.get("/queries/K04", headers={"Accept": BROWSER})
    assert page.status_code == 200
    assert "Christian Bizer" in page.text
    assert f"<code>{endpoints.host}</code>" in page.text


def test_a_parameter_goes_along(open_site: httpx.Client, endpoints: Endpoints) -> None:
    open_site.get("/queries/K03", params={"language": 'f"r'})
    (question,) = endpoints.asked["/K03"]
    assert r'LANG(?translated) = "f\"r"' in question


@each_federated
def test_an_endpoint_that_fails_is_told_but_where_the_query_is_silent(
    open_site: httpx.Client, endpoints: Endpoints, id_: str
) -> None:
    endpoints.status = 503
    answer = open_site.get(f"/queries/{id_}")
    if id_ != "K06":
        assert answer.status_code == 502
        assert answer.json()["type"].endswith("/service-failed")
        assert "it answered 503" in answer.json()["detail"]
        return
    rows = answer.json()["results"]["bindings"]
    assert [row["system"]["value"] for row in rows] == ["CLIP", "OurOwn"]
    assert not any("theirFigure" in row for row in rows)


def test_text_that_is_no_number_leaves_a_figure_without_one(
    open_site: httpx.Client, endpoints: Endpoints
) -> None:
    names = ("dataName", "folded", "theirMetric", "written")
    texts = [
        ("ImageNet", "clip", "Top 1", "about 70"),
        ("ImageNet", "clip", "Top 5", "1,068.5 %"),
        ("ImageNet", "somebody else", "Top 1", "1"),
    ]
    cells = [
        {name: {"type": "literal", "value": text} for name, text in zip(names, row, strict=True)}
        for row in texts
    ]
    endpoints.bodies["/K06"] = json.dumps(
        {"head": {"vars": names}, "results": {"bindings": cells}}
    ).encode()
    lines = open_site.get("/queries/K06?format=csv").text.splitlines()
    assert [line.rpartition(",")[0] for line in lines[1:]] == [
        "CLIP,accuracy,68.3,Top 1,,",
        "CLIP,accuracy,68.3,Top 5,1068.5,1000.2",
        "OurOwn,accuracy,1.5,,,",
    ]


# Without leave, which is the default


@each_federated
def test_without_leave_the_answer_says_whom_to_allow(
    closed_site: httpx.Client, endpoints: Endpoints, id_: str
) -> None:
    answer = closed_site.get(f"/queries/{id_}")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/query-forbidden")
    assert f"FAIRPAPERS_FEDERATION_HOSTS={endpoints.host}" in answer.json()["detail"]
    assert endpoints.asked == {}


@each_federated
def test_without_leave_the_page_explains_and_links_to_no_answer(
    closed_site: httpx.Client, endpoints: Endpoints, id_: str
) -> None:
    page = closed_site.get(f"/queries/{id_}", headers={"Accept": BROWSER})
    assert page.status_code == 200
    assert f"This server does not ask {endpoints.host}" in page.text
    assert "FAIRPAPERS_FEDERATION_HOSTS" in page.text
    assert "format=csv" not in page.text
    assert "Link" not in page.headers
    assert endpoints.asked == {}


def test_a_host_that_is_not_listed_is_not_asked_beside_one_that_is(
    far_graph: Path, moved: Library, endpoints: Endpoints, running: Running
) -> None:
    settings = Settings(workers=1, federation_hosts=("query.wikidata.org",))
    with running(create_app(far_graph, settings, moved)) as (host, port):
        answer = httpx.get(f"http://{host}:{port}/queries/K01", timeout=30)
    assert answer.status_code == 403
    wanted = f"FAIRPAPERS_FEDERATION_HOSTS=query.wikidata.org,{endpoints.host}"
    assert wanted in answer.json()["detail"]
    assert endpoints.asked == {}


# The command line


@pytest.fixture
def ask(far_graph: Path, moved: Library, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    monkeypatch.delenv("FAIRPAPERS_FEDERATION_HOSTS", raising=False)
    monkeypatch.setattr("fairpapers.queries.load_library", lambda **_: moved)

    def asked(*arguments: str, **env: str) -> Any:
        return CliRunner().invoke(cli, [*arguments, "--graph", str(far_graph)], env=env)

    return asked


def test_the_command_refuses_and_says_how(ask: Any, endpoints: Endpoints) -> None:
    done = ask("query", "K01")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert f"asks {endpoints.host}" in done.stderr
    assert f"FAIRPAPERS_FEDERATION_HOSTS={endpoints.host}" in done.stderr
    assert "--stored" in done.stderr
    assert endpoints.asked == {}


@each_federated
def test_the_command_asks_where_it_may(
    ask: Any, endpoints: Endpoints, far_graph: Path, id_: str
) -> None:
    done = ask("query", id_, "--format", "csv", FAIRPAPERS_FEDERATION_HOSTS=endpoints.host)
    assert done.exit_code == 0, done.stderr
    assert done.stdout_bytes.decode() == replayed_rows(far_graph, id_)
    assert f"Asking {endpoints.host}" in done.stderr


def test_the_command_tells_of_an_endpoint_that_fails(ask: Any, endpoints: Endpoints) -> None:
    endpoints.status = 500
    done = ask("query", "K01", FAIRPAPERS_FEDERATION_HOSTS=endpoints.host)
    assert done.exit_code == 1
    assert "it answered 500" in done.stderr


def test_stored_answers_ask_nobody_and_say_what_they_are(
    far_graph: Path, endpoints: Endpoints
) -> None:
    done = CliRunner().invoke(
        cli, ["query", "K04", "--stored", "--format", "csv", "--graph", str(far_graph)]
    )
    assert done.exit_code == 0
    assert done.stdout_bytes.decode() == replayed_rows(far_graph, "K04")
    assert "Nobody was asked; semopenalex.org: never recorded. Written by hand" in done.stderr
    assert endpoints.asked == {}


def test_a_query_of_ones_own_is_checked_and_answered_with_its_own_fixture(
    far_graph: Path, endpoints: Endpoints, tmp_path: Path
) -> None:
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "Z01-far.rq").write_text(OWN, "utf-8")
    fixture = load_fixture(load_library()["K01"])
    assert fixture is not None
    own = fixture.model_copy(update={"query": "Z01"})
    (tmp_path / "fixtures/Z01.json").write_text(own.text(), "utf-8")
    done = CliRunner().invoke(cli, ["lint", str(tmp_path), "--graph", str(far_graph)])
    assert done.exit_code == 0, done.output
    options = ["--library", str(tmp_path), "--stored", "--format", "csv", "--graph", str(far_graph)]
    done = CliRunner().invoke(cli, ["query", "Z01", *options])
    assert done.stdout.split() == ["item", "http://www.wikidata.org/entity/Q24901201"]
    (tmp_path / "fixtures/Z01.json").unlink()
    done = CliRunner().invoke(cli, ["lint", str(tmp_path)])
    assert done.exit_code == 1
    assert "Z01.json: cannot be read" in done.output


OWN = """\
#+ id: Z01
#+ title: Far things
#+ question: What is far?
#+ description: Asks another endpoint.
#+ group: Our own
#+ level: 4
#+ teaches: [SERVICE]
#+ columns:
#+   - {name: item, type: iri, description: the thing}
#+ federates: ["https://query.wikidata.org/sparql"]
#+ fixture: Z01.json
#+ licence: CC0-1.0

SELECT ?item
WHERE {
  SERVICE <https://query.wikidata.org/sparql> { ?item ?p ?o }
}
ORDER BY ?item
"""


# Recording


@pytest.fixture
def recording(
    far_graph: Path,
    moved: Library,
    endpoints: Endpoints,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Callable[..., int]:
    monkeypatch.setattr("fairpapers.api.federation.record.load_library", lambda: moved)

    def recorded(*arguments: str, host: str = endpoints.host) -> int:
        options = ["--graph", str(far_graph), "--allow", host, "--fixtures", str(tmp_path)]
        return record.main([*options, "--date", "2026-01-31", *arguments])

    return recorded


def test_answers_are_stored_with_the_day_and_what_changed_is_shown(
    recording: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert recording() == 0
    assert {path.stem for path in tmp_path.iterdir()} == set(FEDERATED)
    document = json.loads((tmp_path / "K01.json").read_text("utf-8"))
    assert document["recorded"] == "2026-01-31"
    assert document["note"].startswith("Recorded from the endpoints")
    assert document["answers"][0]["results"]["bindings"][0]["item"]["value"].endswith("Q24901201")
    assert '"value": "ImageNet"' in capsys.readouterr().out
    assert recording("K01") == 0
    assert capsys.readouterr().out == "K01: nothing changed\n"


def test_only_queries_whose_hosts_are_allowed_are_recorded(
    recording: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert recording(host="query.wikidata.org") == 0
    assert list(tmp_path.iterdir()) == []
    assert recording("K01", host="query.wikidata.org") == 1
    assert "none of the hosts that may be asked" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_what_was_stored_also_of_a_silent_query(
    recording: Callable[..., int],
    endpoints: Endpoints,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert recording("K06") == 0
    before = (tmp_path / "K06.json").read_bytes()
    endpoints.status = 500
    assert recording("K06") == 1
    assert "K06: SERVICE" in capsys.readouterr().err
    assert (tmp_path / "K06.json").read_bytes() == before


def test_a_graph_with_nothing_to_ask_for_is_told(
    recording: Callable[..., int],
    moved: Library,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    query = moved["K02"]
    text = query.text.replace("fp:doi", "fp:nowhere")
    changed = Library({"K02": query.model_copy(update={"text": text})})
    monkeypatch.setattr("fairpapers.api.federation.record.load_library", lambda: changed)
    assert recording("K02") == 1
    assert "this graph has no row to ask it for" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
