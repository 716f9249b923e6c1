"""Log lines of a server: one a record, whatever is in it, as text or as JSON.

What clients send ends up in lines, so a line is ASCII throughout, and anything that is not a plain
word is a JSON string: no value can end its line, look like another field, or move a cursor.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO, Final

from ..errors import AnswerBrokenError
from .request import request_id

LOGGERS: Final = ("fairpapers", "uvicorn.error")
_PLAIN: Final = re.compile(r"[A-Za-z0-9._:/+@%~-]+")


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One line for a record."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, object] = {
            "time": when.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id():
            fields["request_id"] = request_id()
        fields |= getattr(record, "fields", {})
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return self.line(fields)

    def line(self, fields: Mapping[str, object]) -> str:
        """The fields as one line."""
        raise NotImplementedError


class JsonLines(_Formatter):
    """Each record as a JSON object."""

    def line(self, fields: Mapping[str, object]) -> str:
        """The fields as one line of JSON."""
        return json.dumps(fields)


class TextLines(_Formatter):
    """Time, level and message, then ``name=value`` for what else there is."""

    def line(self, fields: Mapping[str, object]) -> str:
        """The fields as one line of text; the name of the logger is left out."""
        rest = dict(fields)
        head = [str(rest.pop("time")), str(rest.pop("level")).upper()]
        rest.pop("logger")
        message = str(rest.pop("message"))
        named = [f"{name}={_value(value)}" for name, value in rest.items()]
        return " ".join((*head, _value(message), *named))


def start_logging(log_format: str, stream: IO[str] | None = None) -> None:
    """Send the log of the server to a stream, by default standard error.

    Args:
        log_format: ``json`` or ``text``.
        stream: where lines go.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if log_format == "json" else TextLines())
    handler.addFilter(_is_news)
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
    logging.getLogger("fairpapers").setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


def _is_news(record: logging.LogRecord) -> bool:
    # The server tells of every exception; this one is how a connection is cut, and is logged.
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, AnswerBrokenError)


def _value(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
