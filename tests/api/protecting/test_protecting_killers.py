"""Queries made to wear a server out: each ends at its deadline, and its process with it."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

Eventually = Callable[[Callable[[], bool]], bool]

DEADLINE = 1.0
KILLERS = {
    "cartesian": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "path": "SELECT (COUNT(*) AS ?n) { ?s (!<urn:x>)* ?o . ?o2 (!<urn:x>)* ?s2 }",
    "order by everything": "SELECT * { ?s ?p ?o . ?s2 ?p2 ?o2 } ORDER BY ?o ?o2 ?s ?s2",
    "huge construct": "CONSTRUCT { ?s ?p2 ?o } { ?s ?p ?o . ?s2 ?p2 ?o2 }",
    "huge select": "SELECT * { ?s ?p ?o . ?s2 ?p2 ?o2 }",
    "distinct": "SELECT DISTINCT ?o ?o2 { ?s ?p ?o . ?s2 ?p2 ?o2 } ORDER BY ?o",
    "group by": "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o . ?s2 ?p2 ?o2 . ?s3 ?p3 ?o3 } GROUP BY ?s",
    "regex": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?s2 ?p2 ?o2 "
    "FILTER REGEX(CONCAT(?o, REPLACE(?o2, '.', 'aaaaaaaaaaaaaaaa')), '^(a|aa|a*)*(a{1,90}){1,9}$') }",
    "deep nesting": "SELECT (COUNT(*) AS ?n) " + "{ ?s ?p ?o OPTIONAL " * 90 + "{}" + "}" * 90,
    "a hundred groups": "ASK { " + "{ ?s ?p ?o } " * 300 + "}",
    "ten thousand values": "SELECT (COUNT(*) AS ?n) { VALUES ?x { "
    + " ".join(map(str, range(10_000)))
    + " } ?s ?p ?o . ?s2 ?p2 ?o2 }",
    "a megabyte of text": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } #"
    + "x" * 10**6,
}


def cpu_seconds(pid: int) -> float | None:
    """Processor time that a process has used; None for one that is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    if fields[0] == "Z":
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def total_cpu(pids: frozenset[int]) -> float:
    return sum(cpu_seconds(pid) or 0 for pid in pids)


@pytest.mark.parametrize("killer", KILLERS)
def test_a_killer_ends_at_its_deadline_and_frees_the_processor(
    serve: Any, big_store: Any, killer: str, eventually: Eventually
) -> None:
    with serve(big_store, deadline_seconds=DEADLINE, max_query_bytes=2_000_000) as server:
        before = server.pool.pids
        try:
            response = server.ask(KILLERS[killer])
        except httpx.RemoteProtocolError:
            pass  # Broken off after its first bytes, and visibly so.
        else:
            assert response.status_code in (503, 504), response.text[:200]
            assert response.json()["type"].endswith(("/deadline-exceeded", "/memory-exceeded"))
        (victim,) = before - server.pool.pids
        # It had the processor no longer than a second beyond its deadline, if it is there at all.
        assert (cpu_seconds(victim) or 0) <= DEADLINE + 1
        assert eventually(lambda: cpu_seconds(victim) is None)
        assert server.ask("ASK { ?s ?p ?o }").json()["boolean"] is True
        assert eventually(lambda: len(server.pool.pids) == len(before))

        def idle() -> bool:
            pids, used = server.pool.pids, total_cpu(server.pool.pids)
            threading.Event().wait(0.3)
            return bool(server.pool.pids == pids and total_cpu(pids) == used)

        assert eventually(idle)


@pytest.mark.parametrize("killer", ["cartesian", "huge select"])
def test_clients_that_leave_free_the_processor(
    serve: Any, big_store: Any, killer: str, eventually: Eventually
) -> None:
    """Before the first byte, and in the middle of an answer."""
    with serve(big_store, deadline_seconds=600, workers=2, queue_wait_seconds=600) as server:
        before = server.pool.pids
        request = f"GET /sparql?query={quote(KILLERS[killer])} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        clients = [socket.create_connection(server.address, timeout=30) for _ in range(2)]
        for client in clients:
            client.sendall(request.encode())
            if killer == "huge select":
                assert client.recv(1024).startswith(b"HTTP/1.1 200")
        assert eventually(lambda: server.pool.running.at_work == 2)
        victims = [query.pid for query in server.pool.running]
        for client in clients:
            client.close()
        assert eventually(lambda: all(cpu_seconds(victim) is None for victim in victims))
        assert eventually(lambda: len(server.pool.pids) == len(before))
        assert server.ask("ASK { ?s ?p ?o }").json()["boolean"] is True


def test_a_lookup_is_answered_while_eight_killers_run_again_and_again(
    serve: Any, big_store: Any, eventually: Eventually
) -> None:
    """How fast is for the benchmark to say; here: that it is, and truly."""
    with serve(big_store, deadline_seconds=0.3, workers=2, queue_wait_seconds=60) as server:
        stop = threading.Event()
        statuses: set[int] = set()

        def attack() -> None:
            with httpx.Client(timeout=60) as client:
                while not stop.is_set():
                    answer = client.post(server.url, data={"query": KILLERS["cartesian"]})
                    statuses.add(answer.status_code)

        attackers = [threading.Thread(target=attack) for _ in range(8)]
        for attacker in attackers:
            attacker.start()
        try:
            assert eventually(lambda: server.pool.waiting >= 4)
            query = "SELECT ?o { <http://example.org/thing/%d> <http://example.org/p0> ?o }"
            for number in range(5):
                answer = server.ask(query % number, "text/csv")
                assert answer.status_code == 200
                assert answer.text.split("\r\n")[1] == f"value {number * 8 * 7919 % 50_000}"
        finally:
            stop.set()
            for attacker in attackers:
                attacker.join()
        assert statuses == {504}
