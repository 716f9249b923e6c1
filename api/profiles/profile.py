"""The panels of one thing: leaderboards where there are any, then those of its class."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from pyoxigraph import NamedNode

from ..context import Context
from ..errors import ApiError
from . import leaderboards
from .panels import ALIASES, Panel, panels_of
from .running import Drawn, run_panels, unanswered

Run = Callable[[Context, Sequence[Panel], str], Awaitable[list[Drawn]]]


async def profile(
    context: Context, node: NamedNode, kind: str, run: Run = run_panels
) -> Sequence[Drawn]:
    """Panels of the page of a thing, asked and drawn.

    Args:
        context: of the application.
        node: the thing.
        kind: its class, such as ``Dataset``; others than those of `panels.PROFILES` have none.
        run: asks and draws the panels.
    """
    own = panels_of(kind)
    if ALIASES.get(kind, kind) != "Dataset" or leaderboards.QUERY not in context.library:
        return await run(context, own, node.value)
    try:
        boards = await leaderboards.leaderboards(context, node)
    except ApiError as error:
        query = context.library[leaderboards.QUERY]
        return [
            unanswered(context, query, "panel-0", "Leaderboards", error),
            *await run(context, own, node.value),
        ]
    return await run(context, (*boards, *own), node.value)
