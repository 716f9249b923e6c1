"""Log lines: one a record, whatever clients send, and nothing in them that is not theirs."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.errors import AnswerBrokenError, OverloadedError
from fairpapers.api.observing.logs import LOGGERS, JsonLines, TextLines, start_logging

HOSTILE = st.text() | st.sampled_from(
    (
        "a\nb",
        "\r\n2026-01-01 ERROR forged",
        "\x1b[2J",
        "\u2028",
        "\u202e",
        'a" status=500',
        "\ud800",
    )
)
FIELD = re.compile(r' (\w+)=("(?:[^"\\]|\\.)*"|[^ "]+)')


def record(message: str, fields: dict[str, Any], **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("fairpapers.x", logging.INFO, "x.py", 1, message, None, None)
    made.__dict__.update(fields=fields, **more)
    return made


@given(HOSTILE, HOSTILE, HOSTILE)
def test_a_line_of_json_gives_back_what_went_in(message: str, path: str, query: str) -> None:
    line = JsonLines().format(record(message, {"path": path, "query": query, "status": 200}))
    assert line.isascii()
    assert line.isprintable()
    found = json.loads(line)
    assert (found["message"], found["path"], found["query"]) == (message, path, query)
    assert found["status"] == 200
    assert found["level"] == "info"


@given(HOSTILE, HOSTILE, HOSTILE)
def test_a_line_of_text_has_the_fields_that_went_in_and_no_others(
    message: str, path: str, query: str
) -> None:
    fields = {"path": path, "query": query, "status": 200}
    line = TextLines().format(record(message, fields))
    assert line.isascii()
    assert line.isprintable()
    head = re.match(r'\S+Z INFO ("(?:[^"\\]|\\.)*"|[^ "]+)', line)
    assert head is not None
    rest = line[head.end() :]
    assert "".join(match[0] for match in FIELD.finditer(rest)) == rest
    found = {match[1]: match[2] for match in FIELD.finditer(rest)}
    assert list(found) == list(fields)
    read = {
        name: json.loads(value) if value.startswith('"') else value for name, value in found.items()
    }
    assert read == {"path": path, "query": query, "status": "200"}


@pytest.fixture
def restored() -> Iterator[None]:
    """Loggers as they were before."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(each.handlers, each.propagate, each.level) for each in loggers]
    yield
    for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_an_exception_is_one_line(restored: None, log_format: str) -> None:
    stream = io.StringIO()
    start_logging(log_format, stream)
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        logging.getLogger("fairpapers.api").exception("failed")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 1
    assert "ValueError: first" in lines[0]


def test_a_broken_answer_is_no_exception_to_tell(restored: None) -> None:
    stream = io.StringIO()
    start_logging("text", stream)
    for error in (AnswerBrokenError(OverloadedError(1)), KeyError("other")):
        logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=error)
    assert "AnswerBroken" not in stream.getvalue()
    assert "KeyError" in stream.getvalue()
