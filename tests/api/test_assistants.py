"""The tools for assistants, by the client of the SDK, over the pipes of a real process."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph

pytest.importorskip("mcp", reason="needs the extra mcp")

from mcp import ClientSession
from mcp.client.stdio import StdioServerParameters, stdio_client

CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
Talk = Callable[[ClientSession], Awaitable[None]]


@pytest.fixture(scope="module")
def graph(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("assistants") / "graph"
    lines = (root / "tests/graph/sample_records.jsonl").read_text("utf-8").splitlines()
    build_graph([Record.from_json(line) for line in lines], directory)
    return directory


@pytest.fixture
def talk(graph: Path) -> Callable[[Talk], None]:
    """Start the command as a client does, and talk to it."""

    def run(what: Talk) -> None:
        async def within() -> None:
            program = str(Path(sys.executable).with_name("fairpapers"))
            arguments = ["mcp", "--graph", str(graph), "--deadline", "1"]
            with anyio.fail_after(60):
                async with (
                    stdio_client(StdioServerParameters(command=program, args=arguments)) as pipes,
                    ClientSession(*pipes) as session,
                ):
                    await session.initialize()
                    await what(session)

        anyio.run(within)

    return run


async def call(session: ClientSession, tool: str, **arguments: Any) -> Any:
    result = await session.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def refused(session: ClientSession, tool: str, **arguments: Any) -> str:
    result = await session.call_tool(tool, arguments)
    assert result.is_error
    return str(result.content)


def test_every_tool_only_reads_and_says_what_it_takes(talk: Callable[[Talk], None]) -> None:
    async def what(session: ClientSession) -> None:
        tools = (await session.list_tools()).tools
        assert [tool.name for tool in tools] == [
            *("list_queries", "run_query", "sparql", "describe", "evidence"),
        ]
        for tool in tools:
            assert tool.description
            assert tool.annotations
            assert tool.annotations.read_only_hint

    talk(what)


def test_the_way_from_a_question_to_its_evidence(talk: Callable[[Talk], None]) -> None:
    async def what(session: ClientSession) -> None:
        listed = await call(session, "list_queries", words="papers use dataset", level=1)
        assert "A06" in [query["id"] for query in listed["queries"]]
        used = await call(
            session, "run_query", id="A06", parameters={"dataset": "dataset/conll-2003"}
        )
        assert len(used["rows"]) == 2
        assert not used["cut"]
        described = await call(session, "describe", resource="dataset/conll-2003")
        assert any('"CoNLL-2003"' in triple for triple in described["triples"])
        shown = await call(
            session, "evidence", statement="paper/doi:10.5555:sample.2023.1 uses CoNLL-2003"
        )
        assert "CoNLL-2003" in str(shown["evidence"])

    talk(what)


def test_no_other_endpoint_is_asked(talk: Callable[[Talk], None]) -> None:
    async def what(session: ClientSession) -> None:
        answer = await refused(session, "run_query", id="K01")
        assert "K01 asks query.wikidata.org too, which is not allowed here" in answer

    talk(what)


def test_an_answer_is_cut_after_a_row_and_says_so(talk: Callable[[Talk], None]) -> None:
    async def what(session: ClientSession) -> None:
        cut = await call(session, "sparql", query="SELECT * { ?s ?p ?o }", rows=3)
        assert (len(cut["rows"]), cut["cut"]) == (3, True)
        whole = await call(session, "sparql", query="SELECT * { ?s ?p ?o } LIMIT 3", rows=3)
        assert (len(whole["rows"]), whole["cut"]) == (3, False)
        some = await call(session, "sparql", query="CONSTRUCT WHERE { ?s ?p ?o }", rows=2)
        assert (len(some["triples"]), some["cut"]) == (2, True)
        assert await call(session, "sparql", query="ASK {}") == {"answer": True}

    talk(what)


def test_an_answer_of_too_many_bytes_is_cut_after_a_whole_row(talk: Callable[[Talk], None]) -> None:
    long = "x" * 3000
    query = f'SELECT ?n ("{long}" AS ?text) {{ ?s ?p ?o . ?a ?b ?n }}'

    async def what(session: ClientSession) -> None:
        answer = await call(session, "sparql", query=query, rows=1000)
        assert answer["cut"]
        assert 300 < len(answer["rows"]) < 400
        assert {row[1] for row in answer["rows"]} == {long}

    talk(what)


def test_what_never_ends_is_stopped_and_the_next_question_answered(
    talk: Callable[[Talk], None],
) -> None:
    async def what(session: ClientSession) -> None:
        assert "stopped after 1 s" in await refused(session, "sparql", query=CARTESIAN)
        assert await call(session, "sparql", query="ASK {}") == {"answer": True}

    talk(what)


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("sparql", {"query": "INSERT DATA { <urn:a> <urn:b> 1 }"}, "only reads"),
        ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, "SERVICE"),
        ("sparql", {"query": "SELECT * { ?s ?p"}, "expected"),
        ("run_query", {"id": "Z99"}, "Z99"),
        ("run_query", {"id": "C01", "parameters": {"top": "many"}}, "top"),
        ("describe", {"resource": "dataset/a> } #"}, "no IRI"),
        ("evidence", {"statement": "nobody uses nothing"}, "nobody"),
    ],
)
def test_what_cannot_be_is_told(
    talk: Callable[[Talk], None], tool: str, arguments: dict[str, Any], says: str
) -> None:
    async def what(session: ClientSession) -> None:
        assert says in await refused(session, tool, **arguments)

    talk(what)
