"""SERVICE for hosts that the operator allows: two endpoints of ours on this machine."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from fairpapers.api.errors import QueryForbiddenError
from fairpapers.api.federation.asking import target_of
from fairpapers.api.workers.pool import StoreRef
from fairpapers.queries.federation import find_clauses

EX = "PREFIX ex: <http://example.org/> "


@pytest.fixture(scope="module")
def remote_store(tmp_path_factory: pytest.TempPathFactory) -> StoreRef:
    folder = tmp_path_factory.mktemp("remote") / "store"
    store = ox.Store(folder)
    store.load(
        """@prefix ex: <http://example.org/> .
        ex:squad ex:homepage "https://squad.example/ \\"}\\" \\u00e9"@en ; ex:size 100 .
        ex:other ex:homepage "x" . ex:blank ex:near [ ex:label "nameless" ] .""",
        ox.RdfFormat.TURTLE,
    )
    store.flush()
    return StoreRef("remote", folder)


@contextlib.contextmanager
def canned(answer: bytes | None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that gives one answer, or none at all."""
    received: list[bytes] = []
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)

        def run() -> None:
            while not stop.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                with connection:
                    received.append(connection.recv(65536))
                    if answer is None:
                        stop.wait()
                    else:
                        connection.sendall(answer)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}", received
        finally:
            stop.set()
            thread.join()


@contextlib.contextmanager
def pair(serve: Any, local: Any, remote: Any, **options: Any) -> Iterator[tuple[Any, str]]:
    with serve(remote) as other:
        host = f"{other.address[0]}:{other.address[1]}"
        with serve(local, federation_hosts=host, **options) as server:
            yield server, other.url


def test_two_endpoints_are_joined(serve: Any, small_store: Any, remote_store: Any) -> None:
    with pair(serve, small_store, remote_store) as (server, url):
        response = server.ask(
            EX + f"PREFIX far: <{url}> SELECT ?label ?page ?size {{\n"
            f"  SERVICE <{url}> {{ ?x ex:homepage ?page }}\n"
            "  ?x ex:label ?label . OPTIONAL { SERVICE far: { ?x ex:size ?size } } }",
        )
        assert response.status_code == 200, response.text
        (row,) = response.json()["results"]["bindings"]
        assert row["label"]["value"] == 'SQuAD, "v1"\n2'
        assert row["page"] == {
            "type": "literal", "xml:lang": "en", "value": 'https://squad.example/ "}" é',
        }  # fmt: skip
        assert row["size"]["value"] == "100"
        assert "ETag" not in response.headers


def test_a_table_with_unbound_cells_joins(serve: Any, small_store: Any, remote_store: Any) -> None:
    with pair(serve, small_store, remote_store) as (server, url):
        inner = "?x ex:homepage ?p OPTIONAL { ?x ex:size ?n }"
        query = EX + f"SELECT ?x ?n {{ SERVICE <{url}> {{ {inner} }} }} ORDER BY ?x"
        rows = server.ask(query, "text/csv").text.split()
        assert rows == ["x,n", "http://example.org/other,", "http://example.org/squad,100"]


def test_query_processes_have_no_sockets_with_federation_on(
    serve: Any, small_store: Any, remote_store: Any
) -> None:
    with pair(serve, small_store, remote_store) as (server, _):
        assert server.pool.confined


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://HOST@127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <https://HOST.example.org/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
        "SELECT * { SERVICE <ftp://HOST/> { ?s ?p ?o } }",
        "SELECT * { VALUES ?g { <http://HOST/> } SERVICE ?g { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://HOST/> { SERVICE <http://HOST/> { ?s ?p ?o } } }",
        "SELECT * { SERVICE <http://HOST/> { ?s ?p ?o } SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * {SERVICE<http://HOST/>{?s ?p ?o}SERVICEex:{?s ?p ?o}}",
        "SELECT * { SERVICE undeclared: { ?s ?p ?o } }",
        "SELECT * { SERVICE </relative> { ?s ?p ?o } }",
        "SELECT * { SERVICE<http://HOST/>{} ?s ?p 1SERVICE<http://127.0.0.1:9/>{} }",
        "LOAD <http://HOST/>",
    ],
)
def test_nobody_is_asked_whom_the_list_does_not_name(
    serve: Any, small_store: Any, query: str
) -> None:
    with canned(None) as (host, received), serve(small_store, federation_hosts=host) as server:
        response = server.ask(query.replace("HOST", host))
        assert response.status_code == 403, response.text
        assert received == []


def test_without_a_list_nobody_is_asked(serve: Any, small_store: Any) -> None:
    with canned(None) as (host, received), serve(small_store) as server:
        assert server.ask(f"ASK {{ SERVICE <http://{host}/> {{}} }}").status_code == 403
        assert received == []


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
BLANK = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"bnode","value":"a"}}]}}'
HOSTILE = (
    b'{"head":{"vars":["x) { } SERVICE <http://127.0.0.1:9/> {} #"]},"results":{"bindings":[]}}'
)


def whole(body: bytes) -> bytes:
    return HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    "answer",
    [
        REDIRECT,
        HEAD + b"Content-Length: 100\r\n\r\n{",
        b"nonsense\r\n\r\n",
        b"",
        whole(b"<html>"),
        whole(BLANK),
        whole(HOSTILE),
        whole(b'{"head":{"vars":[]},"results":{"bindings":[]}}' + b" " * 5000),
    ],
    ids=["redirect", "cut", "nonsense", "nothing", "html", "blank node", "hostile", "too long"],
)
def test_an_answer_that_cannot_be_used_is_502_unless_silent(
    serve: Any, small_store: Any, answer: bytes
) -> None:
    with (
        canned(answer) as (host, received),
        serve(small_store, federation_hosts=host, federation_max_bytes=4096) as server,
    ):
        for silent, status in (("", 502), ("SILENT", 200)):
            response = server.ask(
                f"SELECT * {{ SERVICE {silent} <http://{host}/> {{ ?s ?p ?x }} }}"
            )
            assert response.status_code == status, response.text
        assert response.json()["results"]["bindings"] == [{}]
        assert len(received) == 2
        assert re.search(rb"\r\nUser-Agent: fairpapers/[0-9.]+ \(https://\S+\)\r\n", received[0])


def test_a_service_has_a_deadline_of_its_own(serve: Any, small_store: Any) -> None:
    with (
        canned(None) as (host, _),
        serve(small_store, federation_hosts=host, federation_seconds=0.2) as server,
    ):
        response = server.ask(f"ASK {{ SERVICE <http://{host}/> {{ ?s ?p ?x }} }}")
        assert response.status_code == 504
        assert response.json()["type"].endswith("/service-timeout")


# A subquery right before a clause

PAIRS = "SELECT ?x ?l { ?x ex:label ?l }"


def table(*values: str) -> bytes:
    rows = [{"x": {"type": "uri", "value": value}} for value in values]
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode()


@contextlib.contextmanager
def asking(serve: Any, store: Any, endpoints: Any, *values: str) -> Iterator[Any]:
    """A server beside an endpoint that answers with these values of ?x."""
    endpoints.bodies["/x"] = table(*values)
    with serve(store, federation_hosts=endpoints.host) as server:
        yield server


def given(endpoints: Any, most: int = 1) -> list[str]:
    """What stands behind the group of each question that came."""
    questions = endpoints.asked.get("/x", [])
    assert len(questions) <= most
    return [question.rpartition("}\n")[2].strip() for question in questions]


def test_the_rows_of_a_subquery_go_along(serve: Any, small_store: Any, endpoints: Any) -> None:
    with asking(serve, small_store, endpoints, "http://example.org/squad") as server:
        response = server.ask(
            EX
            + f"SELECT ?x ?l {{ {{ {PAIRS} }} SERVICE <http://{endpoints.host}/x> {{ ?x ?p 1 }} }}",
            "text/csv",
        )
    assert response.status_code == 200, response.text
    assert response.text.splitlines()[0] == "x,l"
    assert response.text.count("http://example.org/squad") == 1
    (block,) = given(endpoints)
    assert block.startswith("VALUES (?x) { (<http://example.org/")
    assert block.count("<http://example.org/squad>") == 1


def test_where_the_subquery_has_no_row_nobody_is_asked(
    serve: Any, small_store: Any, endpoints: Any
) -> None:
    none = "SELECT ?x { ?x ex:nothing ?l }"
    with asking(serve, small_store, endpoints, "http://example.org/squad") as server:
        response = server.ask(
            EX + f"SELECT ?x {{ {{ {none} }} SERVICE <http://{endpoints.host}/x> {{ ?x ?p 1 }} }}"
        )
        assert response.json()["results"]["bindings"] == []
        optional = server.ask(
            EX + "SELECT ?s { ?s ex:label ?l OPTIONAL { "
            f"{{ {none} }} SERVICE <http://{endpoints.host}/x> {{ ?x ?p 1 }} }} }}"
        )
        assert optional.json()["results"]["bindings"]
    assert endpoints.asked == {}


def test_more_rows_than_a_service_takes_are_not_given(
    serve: Any, small_store: Any, endpoints: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = EX + f"SELECT ?x {{ {{ {PAIRS} }} SERVICE <http://{endpoints.host}/x> {{ ?x ?p 1 }} }}"
    with asking(serve, small_store, endpoints, "http://example.org/squad") as server:
        whole = server.ask(query).json()["results"]["bindings"]
        monkeypatch.setattr("fairpapers.api.federation.service.MOST_GIVEN", 0)
        assert server.ask(query).json()["results"]["bindings"] == whole
    assert [bool(block) for block in given(endpoints, 2)] == [True, False]


def test_more_rows_than_an_answer_may_have_are_not_given(
    serve: Any, small_store: Any, endpoints: Any
) -> None:
    endpoints.bodies["/x"] = table("http://example.org/squad")
    query = EX + f"SELECT ?x {{ {{ {PAIRS} }} SERVICE <http://{endpoints.host}/x> {{ ?x ?p 1 }} }}"
    with serve(small_store, federation_hosts=endpoints.host, max_result_rows=1) as server:
        response = server.ask(query)
    # Two things have a label, one of them joins: the answer itself is within the limit.
    assert len(response.json()["results"]["bindings"]) == 1
    assert given(endpoints) == [""]


def test_blank_nodes_of_the_graph_are_not_given(
    serve: Any, remote_store: Any, endpoints: Any
) -> None:
    with asking(serve, remote_store, endpoints, "http://example.org/blank") as server:
        response = server.ask(
            EX + "SELECT ?x ?label { { SELECT ?x ?b { ?x ex:near ?b } } "
            f"SERVICE <http://{endpoints.host}/x> {{ ?x ?p 1 }} ?b ex:label ?label }}"
        )
    (row,) = response.json()["results"]["bindings"]
    assert row["label"]["value"] == "nameless"
    assert given(endpoints) == [""]


def test_the_subquery_reads_the_graphs_of_the_request(
    serve: Any, small_store: Any, endpoints: Any
) -> None:
    query = EX + f"SELECT ?x {{ {{ {PAIRS} }} SERVICE <http://{endpoints.host}/x> {{ ?x ?p 1 }} }}"
    with asking(serve, small_store, endpoints, "http://example.org/squad") as server:
        response = server.ask(query, **{"default-graph-uri": "http://example.org/no-such-graph"})
    assert response.json()["results"]["bindings"] == []
    assert endpoints.asked == {}


def test_what_is_wrong_with_the_subquery_is_told_at_its_place(
    serve: Any, small_store: Any, endpoints: Any
) -> None:
    with asking(serve, small_store, endpoints) as server:
        response = server.ask(
            "SELECT ?x {\n {\n SELECT ?x { ?x nowhere:label ?l } }\n"
            f" SERVICE <http://{endpoints.host}/x> {{ ?x ?p 1 }} }}"
        )
    assert response.status_code == 400
    assert response.json()["line"] == 3


def test_a_subquery_is_stopped_at_the_deadline(serve: Any, big_store: Any, endpoints: Any) -> None:
    slow = "SELECT (COUNT(*) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    endpoints.bodies["/x"] = table("urn:x")
    with serve(big_store, federation_hosts=endpoints.host, deadline_seconds=0.3) as server:
        response = server.ask(
            f"SELECT ?x {{ {{ {slow} }} SERVICE <http://{endpoints.host}/x> {{ ?x ?p 1 }} }}"
        )
    assert response.status_code == 504
    assert endpoints.asked == {}


def test_a_client_that_leaves_ends_the_question(
    serve: Any, small_store: Any, eventually: Callable[[Callable[[], bool]], bool]
) -> None:
    with (
        canned(None) as (host, received),
        serve(small_store, federation_hosts=host, federation_seconds=600) as server,
    ):
        query = f"ASK%7BSERVICE%3Chttp://{host}/%3E%7B%7D%7D"
        with socket.create_connection(server.address) as connection:
            head = f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\n\r\n"
            connection.sendall(head.encode())
            assert eventually(lambda: bool(received))
        # The server could not end while the question was open.
        assert server.ask("ASK {}").status_code == 200


def test_the_question_holds_the_prologue_and_lines_stay() -> None:
    query = (
        "PREFIX ex: <http://x/>\nSELECT * {\n SERVICE ex:a {\n ?s ex:p 'SERVICE }'\n }\n nonsense }"
    )
    found = find_clauses(query)
    (clause,) = found.clauses
    assert clause.service == "http://x/a"
    question = found.question(clause, "http://here/sparql")
    assert question.startswith("BASE <http://here/sparql>\nPREFIX ex: <http://x/>")
    ox.Store().query(question)
    lines = found.with_answers(["VALUES () { () }"]).splitlines()
    assert lines[5] == " nonsense }"


@pytest.mark.parametrize(
    ("service", "authority"),
    [
        ("http://a.example/sparql?x=1", "a.example"),
        ("http://A.example:80/", "a.example"),
        ("https://a.example:443", "a.example"),
        ("http://a.example:8080/", "a.example:8080"),
        ("http://[::1]:8080/", "[::1]:8080"),
    ],
)
def test_the_host_that_is_checked_is_the_one_that_is_asked(service: str, authority: str) -> None:
    target = target_of(service, (authority,))
    assert target.authority == authority
    with pytest.raises(QueryForbiddenError):
        target_of(service, ("b.example",))


def test_no_other_module_opens_a_connection(root: Path) -> None:
    """What reaches hosts that a query names is one module, so that one list is enough.

    Two more ask the one server that the operator names on the command line. The extension for
    notebooks asks too, in the user's own process; no module loads it.
    """
    ways = (
        *("open_connection", "urlopen", "build_opener", "import httpx", "import requests"),
        *("create_connection(", "http.client"),
    )
    found = {
        str(path.relative_to(root))
        for folder in ("api", "queries", "graph", "ontology")
        for path in (root / folder).rglob("*.py")
        if any(way in path.read_text("utf-8") for way in ways)
    }
    named_by_operator = {"graph/remote.py", "api/remote/exchange.py"}
    assert found == {"api/federation/asking.py", "api/notebook.py", *named_by_operator}
    loading = re.compile(r"(from|import) [.\w]*\bnotebook\b")
    modules = [path for path in (root / "api").rglob("*.py") if path.name != "notebook.py"]
    assert [path.name for path in modules if loading.search(path.read_text("utf-8"))] == []
