"""``/statistics``: figures about the whole graph, each an answer of the query library."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from ..context import Context
from .panels import STATISTICS
from .running import failed, run_panels

PATH = "/statistics"


def statistics_router(context: Context) -> APIRouter:
    """The route of the page; its data are the queries that it names."""
    router = APIRouter(tags=["Server"], route_class=context.route_class)

    @router.get(PATH, summary="Show how much the graph holds, how it grew and how good it is")
    async def statistics() -> Response:
        # Figures about a whole graph take as long as a query may, and are kept for the next reader.
        seconds = context.settings.deadline_seconds
        panels = await run_panels(context, STATISTICS, seconds=seconds)
        return context.pages.render(
            "statistics.html",
            headers={"Cache-Control": "no-store"} if failed(panels) else {},
            heading="Statistics",
            section=PATH,
            panels=panels,
        )

    return router
