"""The operator's routes: metrics, and the queries at work."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..errors import QueryCancelledError
from ..observing.metrics import Metrics
from ..observing.request import query_digest
from ..observing.running import RunningQueries, RunningQuery
from .access import AdminAccess, NoSuchQueryError

# Enough to know a query by; the longest one has a quarter of a megabyte.
_SHOWN_TEXT: Final = 4000
_NEVER_STORED: Final = {"Cache-Control": "no-store"}


def admin_router(access: AdminAccess, metrics: Metrics, running: RunningQueries) -> APIRouter:
    """Routes that are for the operator alone, and so not in the description of the API."""
    router = APIRouter(include_in_schema=False)

    @router.get("/metrics")
    async def figures(request: Request) -> Response:
        access.check_metrics(request)
        body, content_type = metrics.text(request.headers.get("accept"))
        return Response(body, headers={"Content-Type": content_type, **_NEVER_STORED})

    @router.get("/admin/queries")
    async def queries(request: Request) -> Response:
        access.check(request)
        listed = [_described(query) for query in running]
        return JSONResponse({"queries": listed}, headers=_NEVER_STORED)

    @router.delete("/admin/queries/{identity}")
    async def cancel(request: Request, identity: str) -> Response:
        access.check(request)
        query = running.find(identity)
        if query is None:
            raise NoSuchQueryError(identity)
        query.stop(QueryCancelledError())
        return JSONResponse({"cancelled": identity}, headers=_NEVER_STORED)

    return router


def _described(query: RunningQuery) -> dict[str, object]:
    return {
        "id": query.id,
        "request_id": query.request_id,
        "lane": query.lane,
        "state": "waiting" if query.pid is None else "running",
        "process": query.pid,
        "began": query.began.isoformat(timespec="milliseconds"),
        "seconds": round(query.seconds, 3),
        "digest": query_digest(query.text),
        "query": query.text[:_SHOWN_TEXT],
    }
