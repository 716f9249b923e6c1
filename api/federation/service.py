"""Federated queries: each SERVICE clause is asked first, and its rows take its place.

The front asks, and only hosts of the operator's list. Query processes open no socket with
federation on either: what reaches them is a query without SERVICE, and checked to be one.
Specification: SPARQL 1.1 Federated Query, section 2; a clause is joined with the rest, so the
rows that its group has by itself are what it contributes.
"""

from __future__ import annotations

import asyncio

from ..errors import ApiError, ServiceFailedError
from ..inspection import inspect
from ..settings import Settings
from .asking import Target, ask, target_of
from .clauses import Clause, Federated, find_clauses
from .tables import NOTHING_KNOWN, UnusableAnswerError, values_block


class Federation:
    """Resolves SERVICE clauses; ``enabled`` where the settings allow any host."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # A query with a thousand clauses is no way to make a thousand connections.
        self._asking = asyncio.Semaphore(max(settings.workers, 4))

    @property
    def enabled(self) -> bool:
        """Whether any host may be asked."""
        return bool(self._settings.federation_hosts)

    async def resolve(self, query: str, base_iri: str) -> str:
        """Ask what the SERVICE clauses ask, and return the query with their rows instead.

        A clause that is not recognised stays as it is, to be refused by the check that follows.

        Raises:
            QueryForbiddenError: a host that is not allowed, or may be any.
            MalformedRequestError: the query is too deep or too complex.
            ServiceFailedError: a service failed, and its clause is not SILENT.
            ServiceTimeoutError: a service took too long, and its clause is not SILENT.
        """
        if not self.enabled or "SERVICE" not in query.upper():
            return query
        found = await asyncio.to_thread(find_clauses, query)
        # All is checked before anybody is asked: the clauses, and what would be left without them.
        bare = found.with_answers([NOTHING_KNOWN] * len(found.clauses))
        await asyncio.to_thread(inspect, bare, max_depth=self._settings.max_query_depth)
        allowed = self._settings.federation_hosts
        targets = [target_of(clause.service, allowed) for clause in found.clauses]
        answers = await self._answers(found, targets, base_iri)
        return found.with_answers(answers)

    async def _answers(
        self, found: Federated, targets: list[Target], base_iri: str
    ) -> tuple[str, ...]:
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._rows(target, found.question(clause, base_iri), clause))
                    for clause, target in zip(found.clauses, targets, strict=True)
                ]
        except* ApiError as failed:
            raise failed.exceptions[0] from None
        return tuple(task.result() for task in tasks)

    async def _rows(self, target: Target, question: str, clause: Clause) -> str:
        try:
            async with self._asking:
                body = await ask(
                    target,
                    question,
                    seconds=self._settings.federation_seconds,
                    max_bytes=self._settings.federation_max_bytes,
                )
            return await asyncio.to_thread(values_block, body)
        except UnusableAnswerError as error:
            if clause.silent:
                return NOTHING_KNOWN
            raise ServiceFailedError(target.service, str(error)) from None
        except ApiError:
            if clause.silent:
                return NOTHING_KNOWN
            raise
