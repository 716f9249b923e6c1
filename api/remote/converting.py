"""Answers of other servers written anew in the format that the client asked for.

So every server gives the same bytes for the same answer, in formats that it may not know, and no
byte of its syntax reaches a client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import IO, Final, cast

import pyoxigraph as ox

from ...graph.dialects import GRAPHS, RESULTS_JSON
from ..errors import (
    ApiError,
    MalformedRequestError,
    ResultTooLargeError,
    StoreFailedError,
    TooManyRowsError,
)
from ..workers.answers import QueryRequest
from ..workers.rows import TooManyRows, at_most, row_counter

# What is JSON here may be shorter in other formats, such as CSV.
_EXPANSION: Final = 4
# Graphs of so many triples come in one order.
_SORTED: Final = 50_000


def accept_for(media_type: str) -> str:
    """What to ask the server for, so that it can be written as a media type."""
    return RESULTS_JSON if ox.QueryResultsFormat.from_media_type(media_type) else GRAPHS


def most_received(max_bytes: int) -> int:
    """Bytes to take from the server, where an answer of ours may have so many."""
    return _EXPANSION * max_bytes


class Limited:
    """A file that counts what is written to it, and refuses more than is allowed.

    Attributes:
        stopped: set from another thread, it ends the writing.
    """

    def __init__(self, file: IO[bytes], max_bytes: int) -> None:
        self._file = file
        self._limit = max_bytes
        self._written = 0
        self.count: Callable[[bytes], None] = lambda _data: None
        self.stopped = False

    def write(self, data: bytes) -> int:
        """Take some bytes.

        Raises:
            ResultTooLargeError: together with what came before they exceed the limit.
            TooManyRows: ``count`` says so.
        """
        if self.stopped:
            raise StoreFailedError("nobody waits for its answer")
        self._written += len(data)
        if self._written > self._limit:
            raise ResultTooLargeError(self._limit)
        self.count(data)
        return self._file.write(data)

    def flush(self) -> None:
        """Do nothing: the file is read when it is complete."""


def convert(
    received: IO[bytes], content_type: str, request: QueryRequest, output: Limited, most_rows: int
) -> None:
    """Write an answer in the format of a request; blocks, and stays on the thread that calls it.

    Args:
        received: the whole answer of the server.
        content_type: what the server says it is.
        request: with the media type, and prefixes for Turtle.
        output: where it goes.
        most_rows: rows or triples that it may have; 0 is any number.

    Raises:
        ApiError: it is too long, or cannot be written so.
        StoreFailedError: the server's answer is no answer.
    """
    fault = _attempt(received, content_type, request, output, most_rows)
    # Here no frame is left that holds a result of the engine, which another thread must not drop.
    if fault is not None:
        raise fault


def _attempt(
    received: IO[bytes], content_type: str, request: QueryRequest, output: Limited, most_rows: int
) -> ApiError | None:
    media_type = content_type.partition(";")[0].strip().lower()
    try:
        if ox.QueryResultsFormat.from_media_type(request.media_type) is not None:
            _table(received, media_type, request, output, most_rows)
        else:
            _graph(received, media_type, request, output, most_rows)
    except TooManyRows:
        return TooManyRowsError(most_rows)
    except ResultTooLargeError as error:
        return ResultTooLargeError(error.limit)
    except MalformedRequestError as error:
        return MalformedRequestError(str(error))
    except StoreFailedError as error:
        return StoreFailedError(error.reason)
    except (SyntaxError, ValueError, EOFError):
        return StoreFailedError("its answer cannot be read")
    return None


def _table(
    received: IO[bytes], media_type: str, request: QueryRequest, output: Limited, most_rows: int
) -> None:
    wanted = ox.QueryResultsFormat.from_media_type(request.media_type)
    given = ox.QueryResultsFormat.from_media_type(media_type)
    if ox.RdfFormat.from_media_type(media_type) is not None and given is None:
        raise MalformedRequestError(
            f"triples cannot be written as {request.media_type}; ask for another format"
        )
    assert wanted is not None
    results = ox.parse_query_results(received, given or ox.QueryResultsFormat.JSON)
    if most_rows and isinstance(results, ox.QuerySolutions):
        output.count = row_counter(request.media_type, most_rows)
    results.serialize(cast(IO[bytes], output), wanted)


def _graph(
    received: IO[bytes], media_type: str, request: QueryRequest, output: Limited, most_rows: int
) -> None:
    wanted = ox.RdfFormat.from_media_type(request.media_type)
    given = ox.RdfFormat.from_media_type(media_type)
    if wanted is None or ox.QueryResultsFormat.from_media_type(media_type) is not None:
        raise MalformedRequestError(
            f"rows cannot be written as {request.media_type}; ask for another format"
        )
    # N-Triples is Turtle, for a server that calls it text/plain.
    quads = ox.parse(received, given or ox.RdfFormat.TURTLE)
    triples = _in_order(quad.triple for quad in quads)
    ox.serialize(
        at_most(triples, most_rows) if most_rows else triples,
        cast(IO[bytes], output),
        wanted,
        prefixes=dict(request.prefixes) or None,
    )


def _in_order(triples: Iterator[ox.Triple]) -> Iterator[ox.Triple]:
    """Each triple once, sorted, as far as that fits into memory; a longer graph as it came.

    Servers give triples in an order of their own, and some give them more than once.
    """
    first = list(islice(triples, _SORTED + 1))
    if len(first) <= _SORTED:
        return iter(sorted(set(first), key=str))
    return chain(first, triples)
