"""Federated queries: each SERVICE clause is asked first, and its rows take its place.

The front asks, and only hosts of the operator's list. Query processes open no socket with
federation on either: what reaches them is a query without SERVICE, and checked to be one.
Specification: SPARQL 1.1 Federated Query, section 2; a clause is joined with the rest, so the
rows that its group has by itself are what it contributes. Where a subquery stands right before a
clause, the service is asked only for what joins with the rows of that (section 2.4).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from ...queries.federation import (
    NOTHING_KNOWN,
    Clause,
    ClauseError,
    Federated,
    Rows,
    UnusableAnswerError,
    find_clauses,
    read_rows,
)
from ..errors import (
    ApiError,
    MalformedRequestError,
    QueryForbiddenError,
    ResultTooLargeError,
    ServiceFailedError,
    TooManyRowsError,
)
from ..inspection import inspect
from ..settings import Settings
from .asking import Target, ask, target_of

# Answers a SELECT on the graph, as SPARQL JSON.
LocalRows: TypeAlias = Callable[[str], Awaitable[bytes]]
# Is told what a service answered.
Heard: TypeAlias = Callable[[Clause, bytes], None]

# More rows than these are not given to a service; it is asked for all of its own then.
MOST_GIVEN: Final = 1000
_TOO_MUCH: Final = (ResultTooLargeError, TooManyRowsError)


class Federation:
    """Resolves SERVICE clauses; ``enabled`` where the settings allow any host.

    Args:
        settings: hosts that may be asked, and limits.
        heard: called with each answer before it is used.
    """

    def __init__(self, settings: Settings, heard: Heard | None = None) -> None:
        self._settings = settings
        self._heard = heard
        # A query with a thousand clauses is no way to make a thousand connections.
        self._asking = asyncio.Semaphore(max(settings.workers, 4))

    @property
    def enabled(self) -> bool:
        """Whether any host may be asked."""
        return bool(self._settings.federation_hosts)

    async def resolve(self, query: str, base_iri: str, local: LocalRows | None = None) -> str:
        """Ask what the SERVICE clauses ask, and return the query with their rows instead.

        A clause that is not recognised stays as it is, to be refused by the check that follows.

        Args:
            query: a query.
            base_iri: of the query.
            local: answers the subqueries before clauses; without it services are asked for all.

        Raises:
            QueryForbiddenError: a host that is not allowed, or may be any.
            MalformedRequestError: the query is too deep or too complex.
            ServiceFailedError: a service failed, and its clause is not SILENT.
            ServiceTimeoutError: a service took too long, and its clause is not SILENT.
            ApiError: a subquery was not answered.
        """
        if not self.enabled or "SERVICE" not in query.upper():
            return query
        try:
            found = await asyncio.to_thread(find_clauses, query)
        except ClauseError as error:
            raise QueryForbiddenError("SERVICE", str(error)) from None
        # All is checked before anybody is asked: the clauses, and what would be left without them.
        bare = found.with_answers([NOTHING_KNOWN] * len(found.clauses))
        await asyncio.to_thread(inspect, bare, max_depth=self._settings.max_query_depth)
        allowed = self._settings.federation_hosts
        targets = [target_of(clause.service, allowed) for clause in found.clauses]
        resolved = await self._answers(found, targets, base_iri, local)
        known = [None if rows is None else rows.block() for _, rows in resolved]
        return found.with_answers([answer for answer, _ in resolved], known)

    async def _answers(
        self, found: Federated, targets: list[Target], base_iri: str, local: LocalRows | None
    ) -> tuple[tuple[str, Rows | None], ...]:
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._answer(found, clause, target, base_iri, local))
                    for clause, target in zip(found.clauses, targets, strict=True)
                ]
        except* ApiError as failed:
            raise failed.exceptions[0] from None
        return tuple(task.result() for task in tasks)

    async def _answer(
        self,
        found: Federated,
        clause: Clause,
        target: Target,
        base_iri: str,
        local: LocalRows | None,
    ) -> tuple[str, Rows | None]:
        """What takes the place of a clause, and of the subquery before it if that was answered."""
        async with self._asking:
            given = None if local is None else await self._given(found, clause, base_iri, local)
        if given is not None and not given.rows:
            # Nothing joins with no row, so there is nothing to ask.
            return NOTHING_KNOWN, given
        joining = given and given.only(clause.variables)
        known = joining.block() if joining and joining.names else ""
        question = found.question(clause, base_iri, known)
        return await self._rows(target, question, clause), given

    async def _given(
        self, found: Federated, clause: Clause, base_iri: str, local: LocalRows
    ) -> Rows | None:
        if clause.local is None:
            return None
        question = found.local_question(clause.local, base_iri, MOST_GIVEN + 1)
        try:
            rows = await asyncio.to_thread(read_rows, await local(question))
        except (MalformedRequestError, UnusableAnswerError, *_TOO_MUCH):
            # What is wrong with the subquery is told, at its place, when the whole is asked;
            # blank nodes cannot be given, and what is too much to send anybody neither.
            return None
        return rows if len(rows.rows) <= MOST_GIVEN else None

    async def _rows(self, target: Target, question: str, clause: Clause) -> str:
        try:
            async with self._asking:
                body = await ask(
                    target,
                    question,
                    seconds=self._settings.federation_seconds,
                    max_bytes=self._settings.federation_max_bytes,
                )
            rows = await asyncio.to_thread(read_rows, body)
        except UnusableAnswerError as error:
            if clause.silent:
                return NOTHING_KNOWN
            raise ServiceFailedError(target.service, str(error)) from None
        except ApiError:
            if clause.silent:
                return NOTHING_KNOWN
            raise
        if self._heard is not None:
            self._heard(clause, body)
        return rows.block()
