"""The deadline that a client asks for: earlier than the operator's, never later."""

from __future__ import annotations

from typing import Any

import pytest

from fairpapers.api.errors import MalformedRequestError
from fairpapers.api.protecting.deadlines import shortened

CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.mark.parametrize(
    ("wishes", "seconds"),
    [
        (("5",), 5),
        (("2.5s",), 2.5),
        ((" 800 ms ",), 0.8),
        (("60",), 10),
        ((None, None), 10),
        (("7", "3"), 3),
    ],
)
def test_the_earliest_deadline_counts(wishes: tuple[str | None, ...], seconds: float) -> None:
    assert shortened(10, *wishes) == seconds


@pytest.mark.parametrize("wish", ["", "0", "-1", "nan", "inf", "1e9", "5m", "٣", "1" * 5000])
def test_a_wish_that_is_no_duration_is_refused(wish: str) -> None:
    with pytest.raises(MalformedRequestError, match="duration"):
        shortened(10, wish)


def test_a_request_shortens_its_deadline(serve: Any, big_store: Any) -> None:
    with serve(big_store, deadline_seconds=600) as server:
        for response in (
            server.ask(CARTESIAN, timeout="200ms"),
            server.client.get(server.url, params={"query": CARTESIAN, "timeout": "0.2"}),
            server.client.get(server.url, params={"query": CARTESIAN}, headers={"Timeout": "0.2"}),
        ):
            assert response.status_code == 504
            assert "after 0.2 s" in response.json()["detail"]
        assert server.ask("ASK {}", timeout="soon").status_code == 400


def test_a_request_cannot_lengthen_its_deadline(serve: Any, big_store: Any) -> None:
    with serve(big_store, deadline_seconds=0.3) as server:
        response = server.ask(CARTESIAN, timeout="60")
        assert response.status_code == 504
        assert "after 0.3 s" in response.json()["detail"]
