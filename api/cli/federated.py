"""Queries of the library that ask other endpoints too, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from .messages import say

if TYPE_CHECKING:
    from ...graph.store import EmbeddedStore
    from ...queries import Query
    from ...queries.answers import Answer
    from ...queries.federation import Fixture


def answer_federated(
    store: EmbeddedStore,
    query: Query,
    values: Mapping[str, str],
    base: str,
    stored: Fixture | None,
) -> Answer:
    """Answer a query that asks other endpoints: by asking them, or with these stored answers.

    Raises:
        ClickException: a host that is not allowed, or that failed.
    """
    from ...queries.federation import hosts
    from ...queries.runner import run
    from ..errors import ApiError
    from ..federation.library import not_allowed, refusal
    from ..settings import Settings
    from .answers import ask

    if stored is not None:
        when = f"recorded {stored.recorded}" if stored.recorded else "never recorded"
        say(f"Nobody was asked; {', '.join(hosts(query))}: {when}. {stored.note}")
        return run(store, query, values, base=base, stored=stored)
    settings = Settings()
    missing = not_allowed(query, settings)
    if missing:
        raise click.ClickException(
            f"{refusal(query, missing, settings)}; --stored answers with what is stored of it"
        )
    text = query.bind(values, base=base)
    say(f"Asking {', '.join(hosts(query))} …")
    try:
        return ask(store, asyncio.run(_resolved(store, text, base, settings)))
    except ApiError as error:
        raise click.ClickException(str(error)) from error


async def _resolved(store: EmbeddedStore, text: str, base: str, settings: object) -> str:
    from ...queries.answers import Table
    from ...queries.rendering import render
    from ..federation.service import Federation
    from ..settings import Settings

    assert isinstance(settings, Settings)

    async def local(part: str) -> bytes:
        # On this thread, to which the engine's results are bound.
        found = store.select(part)
        return render(Table(found.variables, tuple(found.rows)), "json").encode()

    return await Federation(settings).resolve(text, f"{base}/sparql", local)
