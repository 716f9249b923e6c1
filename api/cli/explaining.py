"""Help with a query on the command line: the graph is asked in a process that can be killed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...graph.snapshot import Snapshot
    from ...queries.answers import Answer
    from ...queries.assistance import Explanation, Known, View


def graph_terms(snapshot: Snapshot) -> Known:
    """The terms of the vocabularies and of a graph."""
    from ...graph.store import EmbeddedStore
    from ...queries.assistance import void_query, with_graph

    with EmbeddedStore(snapshot.store) as store:
        found = store.select(void_query(snapshot.base))
    return with_graph(
        {
            name: str(getattr(term, "value", ""))
            for name, term in zip(found.variables, row, strict=True)
            if term is not None
        }
        for row in found.rows
    )


def why_empty(snapshot: Snapshot, view: View, *, steps: bool = False) -> Explanation:
    """Ask a graph why a query has no rows, within the limits of the endpoint.

    Args:
        snapshot: the graph.
        view: the query.
        steps: count the rows part by part where there are some, too.

    Raises:
        ApiError: the query is not valid, or no process can be started.
    """
    import asyncio

    from ...queries.assistance import explain_empty
    from ..probing import Prober
    from ..settings import Settings
    from ..workers.pool import StoreRef, WorkerPool

    settings = Settings(workers=1, library_workers=1, express_workers=0)

    async def ask() -> Explanation:
        async with WorkerPool(StoreRef(snapshot.id, snapshot.store), settings) as pool:
            prober = Prober(pool, settings)
            if view.fault is not None:
                await prober.refuse_if_invalid(view.text)
            return await prober.run(explain_empty(view, steps=steps), view.text)

    return asyncio.run(ask())


def say_why_empty(snapshot: Snapshot, text: str, answer: Answer) -> None:
    """Say on standard error why an answer is empty, and what else may be wrong with its query.

    An aggregate gives a row even of nothing, so an answer of one row is looked at as well.
    """
    from ...queries.answers import Table
    from ...queries.assistance import advise, explanation_text, findings_text, read
    from ...queries.defaults import is_empty
    from .messages import say

    one_row = isinstance(answer, Table) and len(answer.rows) == 1
    if not is_empty(answer) and not one_row:
        return
    view = read(text)
    found = why_empty(snapshot, view)
    if found.outcome == "rows":
        return
    say(f"Why there is nothing: {explanation_text(view, found)}")
    findings = advise(view, graph_terms(snapshot))
    if findings:
        say(f"What may be wrong with the query:\n{findings_text(view, findings)}")
