"""``/problems/``: what the ``type`` of each problem means (RFC 9457, section 3.1.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from inspect import cleandoc, getdoc

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from .context import Context
from .errors import ApiError
from .formats import HTML, JSON
from .negotiation import negotiate
from .page_errors import PageNotFoundError
from .problems import TYPE_BASE


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One ``type`` of a problem, with what it means."""

    slug: str
    status: int
    title: str
    meaning: str

    @property
    def iri(self) -> str:
        """What stands in the problem."""
        return TYPE_BASE + self.slug


def problem_types() -> list[ProblemType]:
    """Every problem that the server may answer with, by name."""
    found = {
        kind.slug: ProblemType(
            kind.slug, kind.status, kind.title, cleandoc(getdoc(kind) or "").partition("\n\n")[0]
        )
        for kind in _kinds(ApiError)
        if "slug" in vars(kind)
    }
    found.setdefault(
        "internal",
        ProblemType(
            "internal", 500, HTTPStatus(500).phrase, "The server failed; its log has the cause."
        ),
    )
    return sorted(found.values(), key=lambda each: each.slug)


def _kinds(kind: type[ApiError]) -> Iterator[type[ApiError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)


def problem_router(context: Context) -> APIRouter:
    """Routes of the list and of each problem."""
    router = APIRouter(tags=["Server"])

    @router.get("/problems/", summary="List the problems that an error answer may name")
    async def problems(request: Request) -> Response:
        asked = request.query_params.get("format")
        offer = negotiate(request.headers.get("accept"), asked, (JSON, HTML))
        types = problem_types()
        if offer is HTML:
            return context.pages.render(
                "problems.html",
                headers={"Vary": "Accept"},
                heading="Problems",
                section="/docs",
                types=types,
            )
        listed = [
            {"type": each.iri, "status": each.status, "title": each.title, "meaning": each.meaning}
            for each in types
        ]
        return JSONResponse(listed, headers={"Vary": "Accept"})

    @router.get("/problems", include_in_schema=False)
    async def find_problems() -> Response:
        return RedirectResponse("/problems/", 303)

    @router.get("/problems/{slug}", summary="Find a problem in the list")
    async def find_problem(request: Request, slug: str) -> Response:
        if slug not in {each.slug for each in problem_types()}:
            raise PageNotFoundError(request.url.path, see="/problems/")
        return RedirectResponse(f"/problems/#{slug}", 303)

    return router
