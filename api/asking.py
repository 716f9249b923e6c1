"""Queries of pages and of the library, asked of the processes that are kept for them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pyoxigraph import NamedNode

from ..ontology.terms import PREFIXES
from .administering.consistency import note_store
from .cells import JsonTerm
from .entity_queries import about
from .formats import RESULTS_JSON
from .page_errors import UnreadableAnswerError
from .workers.backend import QueryPool
from .workers.lanes import Lane
from .workers.pool import QueryRequest


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a SELECT, or the truth value of an ASK."""

    columns: tuple[str, ...] = ()
    rows: tuple[dict[str, JsonTerm], ...] = ()
    boolean: bool | None = None


class Asker:
    """Asks on the library's lane, where the slow queries of the endpoint are in nobody's way."""

    def __init__(self, pool: QueryPool) -> None:
        self._pool = pool

    async def data(self, query: str, media_type: str) -> bytes:
        """Answer in a format that fits the form of the query.

        Raises:
            ApiError: the query failed, or the server is busy.
        """
        request = QueryRequest(query=query, media_type=media_type, prefixes=PREFIXES)
        async with self._pool.query(request, Lane.LIBRARY) as answer:
            note_store(answer.store.id)
            return b"".join([chunk async for chunk in answer])

    async def answer(self, query: str) -> Answer:
        """Answer to a SELECT or ASK.

        Raises:
            ApiError: see `data`.
        """
        body = await self.data(query, RESULTS_JSON.media_type)
        try:
            document = json.loads(body)
            if "boolean" in document:
                return Answer(boolean=bool(document["boolean"]))
            columns = tuple(document["head"]["vars"])
            return Answer(columns, tuple(document["results"]["bindings"]))
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableAnswerError from error

    async def rows(self, question: str, entity: NamedNode) -> tuple[dict[str, JsonTerm], ...]:
        """Rows of a question of `entity_queries` about one entity."""
        return (await self.answer(about(question, entity))).rows
