"""Updates through HTTP: who may, what they see, what a failure leaves."""

from __future__ import annotations

import http.client
import threading
from pathlib import Path
from typing import Any

import pytest

GRAPH = "http://example.org/g"
ONE = f"GRAPH <{GRAPH}> {{ <urn:a> <urn:b> 1 }}"
# Reads a cartesian product without end, and asks nobody for anything.
ENDLESS = """
INSERT { GRAPH <urn:out> { ?a ?b ?c } } WHERE {
  { SELECT (COUNT(*) AS ?c) (<urn:a> AS ?a) (<urn:b> AS ?b) {
    ?s1 ?p1 ?o1 . ?s2 ?p2 ?o2 . ?s3 ?p3 ?o3 . ?s4 ?p4 ?o4 . ?s5 ?p5 ?o5 . ?s6 ?p6 ?o6 .
    ?s7 ?p7 ?o7 . ?s8 ?p8 ?o8 . FILTER(STR(?o1) != STR(?o8)) } } }
"""
MANY = " ".join(f"<urn:s{number}> <urn:p> {number} ." for number in range(200))


def published(site: Any) -> tuple[str, list[str]]:
    """The published id, and what stands in the directory."""
    directory: Path = site.directory
    return (directory / "current").read_text(), sorted(each.name for each in directory.iterdir())


def test_an_update_is_there_for_the_next_query(writable: Any) -> None:
    writable.reset()
    response = writable.update(f"INSERT DATA {{ {ONE} }}")
    assert (response.status_code, response.content) == (204, b"")
    assert writable.ask(ONE)


def test_a_form_updates_too(writable: Any) -> None:
    writable.reset()
    response = writable.client.post("/sparql", data={"update": f"INSERT DATA {{ {ONE} }}"})
    assert response.status_code == 204
    assert writable.ask(ONE)


def test_each_update_publishes_a_snapshot_and_the_one_before_stays(writable: Any) -> None:
    writable.reset()
    before = (writable.directory / "current").read_text().strip()
    store = writable.directory / "snapshots" / before / "store"
    sizes = {path.name: path.stat().st_size for path in store.glob("*.sst")}
    writable.update(f"INSERT DATA {{ {ONE} }}")
    after = (writable.directory / "current").read_text().strip()
    assert after != before
    assert {path.name for path in (writable.directory / "snapshots").iterdir()} >= {before, after}
    assert {path.name: path.stat().st_size for path in store.glob("*.sst")} == sizes
    assert not list(writable.directory.glob(".building-*"))


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic YTpi", "Bearer"])
def test_without_the_token_nothing_is_changed(writable: Any, header: str | None) -> None:
    writable.reset()
    before = published(writable)
    headers = {} if header is None else {"Authorization": header}
    for body in ({"update": "CLEAR ALL"}, {"update": "not even SPARQL"}):
        request = writable.client.build_request("POST", "/sparql", data=body, headers=headers)
        if header is None:
            del request.headers["Authorization"]
        response = writable.client.send(request)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer ")
        assert response.json()["type"].endswith("/token-required")
    assert published(writable) == before


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer a token for a proxy"])
def test_a_query_may_come_with_any_authorization(writable: Any, header: str) -> None:
    headers = {"Authorization": header}
    answer = writable.client.post("/sparql", data={"query": "ASK {}"}, headers=headers)
    assert answer.json()["boolean"] is True


def test_a_stranger_is_refused_before_the_body_is_read(writable: Any) -> None:
    connection = http.client.HTTPConnection(*writable.address)
    try:
        connection.putrequest("POST", "/sparql")
        connection.putheader("Content-Type", "application/sparql-update")
        connection.putheader("Content-Length", "1000000")
        connection.endheaders()
        assert connection.getresponse().status == 401
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("update", "slug"),
    [
        pytest.param("INSERT DATA { <urn:a> }", "query-syntax", id="syntax"),
        pytest.param("CLEAR ALL; INSERT DATA {", "query-syntax", id="syntax after a clear"),
        pytest.param("CLEAR ALL; LOAD <http://127.0.0.1/>", "query-forbidden", id="load"),
        pytest.param("CLEAR ALL; DROP GRAPH <urn:no>", "graph-conflict", id="no such graph"),
        pytest.param(
            "CLEAR ALL; CREATE GRAPH <urn:x>; CREATE GRAPH <urn:x>", "graph-conflict", id="twice"
        ),
    ],
)
def test_a_failed_update_changes_nothing(writable: Any, update: str, slug: str) -> None:
    writable.reset(ONE)
    before = published(writable)
    response = writable.update(update)
    assert response.json()["type"].rpartition("/")[2] == slug
    assert published(writable) == before
    assert writable.ask(ONE)


def test_a_syntax_error_is_found_where_it_stands(writable: Any) -> None:
    update = "PREFIX ex: <urn:x:>\nINSERT DATA { ex:a ex:b 1 } ;\n  DELETE WHERE {\n ?s ?p }"
    problem = writable.update(update).json()
    assert (problem["status"], problem["line"]) == (400, 4)


def test_an_update_that_takes_too_long_is_stopped_and_changes_nothing(
    serve_writable: Any, child_processes: Any, eventually: Any
) -> None:
    data = f"<urn:graph> {{ {MANY} }}"
    with serve_writable(data, update_deadline_seconds=6) as site:
        before = published(site)
        running = len(child_processes())
        response = site.update(ENDLESS)
        assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (
            504,
            "deadline-exceeded",
        )
        assert eventually(lambda: len(child_processes()) == running)
        assert published(site)[0] == before[0]
        assert site.ask("GRAPH <urn:graph> { <urn:s7> <urn:p> 7 }")
        # What the killed process left is removed by the next one.
        assert site.update(f"INSERT DATA {{ {ONE} }}").status_code == 204
        assert not list(site.directory.glob(".building-*"))


def test_a_client_that_leaves_takes_its_update_back(
    serve_writable: Any, child_processes: Any, eventually: Any
) -> None:
    with serve_writable(f"<urn:graph> {{ {MANY} }}") as site:
        before = published(site)[0]
        running = len(child_processes())
        connection = http.client.HTTPConnection(*site.address)
        headers = {
            "Content-Type": "application/sparql-update",
            "Authorization": site.client.headers["Authorization"],
        }
        connection.request("POST", "/sparql", ENDLESS, headers)
        assert eventually(lambda: len(child_processes()) > running)
        connection.close()
        assert eventually(lambda: len(child_processes()) == running)
        assert published(site)[0] == before


def test_an_update_needs_no_more_memory_than_it_may(serve_writable: Any) -> None:
    huge = """
    INSERT { GRAPH <urn:out> { ?x <urn:p> ?text } } WHERE {
      ?a <urn:p> ?n1 . ?b <urn:p> ?n2 . ?c <urn:p> ?n3
      BIND(CONCAT(STR(?a), STR(?b), STR(?c), STR(RAND())) AS ?text) BIND(?a AS ?x) }
    """
    with serve_writable(f"<urn:graph> {{ {MANY} }}", worker_memory_bytes=64 * 1024 * 1024) as site:
        before = published(site)[0]
        response = site.update(huge)
        assert response.status_code == 503
        assert response.json()["type"].endswith("/memory-exceeded")
        assert published(site)[0] == before


def test_updates_sent_at_once_are_made_one_after_the_other(writable: Any) -> None:
    writable.reset("GRAPH <urn:count> { <urn:n> <urn:is> 0 }")
    add = """
    DELETE { GRAPH <urn:count> { <urn:n> <urn:is> ?n } }
    INSERT { GRAPH <urn:count> { <urn:n> <urn:is> ?m } }
    WHERE { GRAPH <urn:count> { <urn:n> <urn:is> ?n } BIND(?n + 1 AS ?m) }
    """
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(writable.update(add).status_code))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [204] * 4
    assert writable.ask("GRAPH <urn:count> { <urn:n> <urn:is> 4 }")


def test_updates_beyond_the_queue_are_turned_away(serve_writable: Any) -> None:
    options = {"update_queue_limit": 0, "update_deadline_seconds": 5}
    with serve_writable(f"<urn:graph> {{ {MANY} }}", **options) as site:
        responses = []
        threads = [
            threading.Thread(target=lambda: responses.append(site.update(ENDLESS)))
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(each.status_code for each in responses) == [503, 503, 504]
        for response in responses:
            if response.status_code == 503:
                assert int(response.headers["Retry-After"]) >= 1


def test_while_a_build_holds_the_graph_an_update_is_told_to_come_back(writable: Any) -> None:
    from fairpapers.graph.snapshot import building

    with building(writable.directory):
        response = writable.update("CLEAR ALL")
    assert (response.status_code, "Retry-After" in response.headers) == (503, True)
    assert "build" in response.json()["detail"]


def test_an_update_that_is_too_long_is_413(serve_writable: Any) -> None:
    with serve_writable(max_update_bytes=300_000) as site:
        long = "INSERT DATA { <urn:a> <urn:b> '" + "x" * 300_000 + "' }"
        assert site.update(long).status_code == 413
        fits = "INSERT DATA { <urn:a> <urn:b> '" + "x" * 290_000 + "' }"
        assert site.update(fits).status_code == 204


def test_a_long_query_stays_refused_with_a_token(serve_writable: Any) -> None:
    with serve_writable() as site:
        query = "ASK {} #" + "x" * 300_000
        assert site.client.post("/sparql", data={"query": query}).status_code == 413


def test_queries_go_on_while_an_update_is_swapped_in(writable: Any) -> None:
    writable.reset(ONE)
    stop = threading.Event()
    faults: list[object] = []
    answered = [0]

    def ask() -> None:
        while not stop.is_set():
            response = writable.get("/sparql", params={"query": f"ASK {{ {ONE} }}"})
            answered[0] += 1
            if response.status_code != 200 or response.json()["boolean"] is not True:
                faults.append((response.status_code, response.text))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for number in range(3):
        writable.update(f"INSERT DATA {{ GRAPH <urn:more> {{ <urn:n> <urn:is> {number} }} }}")
    stop.set()
    for thread in threads:
        thread.join()
    assert answered[0] > 0
    assert not faults


def test_the_etag_of_an_answer_changes_with_the_graph(writable: Any) -> None:
    writable.reset(ONE)
    query = {"query": f"SELECT * {{ {ONE} }}"}
    first = writable.get("/sparql", params=query)
    writable.update(f"DELETE DATA {{ {ONE} }}")
    headers = {"If-None-Match": first.headers["ETag"]}
    second = writable.client.get("/sparql", params=query, headers=headers)
    assert (second.status_code, second.json()["results"]["bindings"]) == (200, [])


def test_the_token_is_nowhere_in_answers_or_settings(
    serve_writable: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with serve_writable() as site:
        token = site.client.headers["Authorization"].removeprefix("Bearer ")
        texts = [
            site.update("INSERT DATA {").text,
            site.update("CLEAR ALL", headers={"Authorization": f"Bearer {token}x"}).text,
            site.update("DROP GRAPH <urn:none>").text,
        ]
    assert token not in "".join(texts) + caplog.text


def test_switched_off_every_update_is_403_and_says_how_to_allow_it(small_server: Any) -> None:
    for body in ({"update": "CLEAR ALL"}, {"update": ""}):
        headers = {"Authorization": "Bearer whatever"}
        response = small_server.client.post(small_server.url, data=body, headers=headers)
        assert response.status_code == 403
        assert "FAIRPAPERS_UPDATE_TOKEN_FILE" in response.json()["detail"]
