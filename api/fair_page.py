"""``/fair``: how far the data and this server meet the FAIR metrics and the W3C's practices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .context import Context
from .fair_items import BEST_PRACTICES, F_UJI, Item, Verdict
from .formats import HTML, JSON
from .negotiation import negotiate
from .templating import web_folder

_LISTS = (
    ("f-uji", "FAIR metrics (F-UJI 0.8)", F_UJI),
    ("best-practices", "Data on the Web Best Practices (W3C)", BEST_PRACTICES),
)
_SAID: Final[Mapping[Verdict, str]] = {
    "met": "met",
    "partly": "partly met",
    "not": "not met",
    "n/a": "does not apply",
}


def fair_fragment(address: Callable[[str], str] = str) -> Markup:
    """Write the assessment as HTML, from its ``h1`` on, for a page of the server or of a site.

    Args:
        address: of what the server has at a path; empty where there is nothing, which makes text
            of the link.
    """
    lists = [
        {"anchor": anchor, "title": title, "items": items, "counts": list(_counts(items))}
        for anchor, title, items in _LISTS
    ]
    template = _environment().get_template("_fair.html")
    return Markup(template.render(lists=lists, said=_SAID, address=address))  # noqa: S704


def fair_document() -> Mapping[str, Sequence[Mapping[str, object]]]:
    """The same for programs."""
    return {
        anchor: [
            {
                "id": item.id,
                "title": item.title,
                "verdict": item.verdict,
                "how": item.how,
                "links": list(item.links),
                "tests": list(item.tests),
            }
            for item in items
        ]
        for anchor, _, items in _LISTS
    }


def fair_router(context: Context) -> APIRouter:
    """The route of the page."""
    router = APIRouter(tags=["Server"])

    @router.get("/fair", summary="Assess the data: FAIR metrics, Data on the Web Best Practices")
    async def fair(request: Request) -> Response:
        asked = request.query_params.get("format")
        offer = negotiate(request.headers.get("accept"), asked, (JSON, HTML))
        headers = {"Vary": "Accept"}
        if offer is not HTML:
            return JSONResponse(fair_document(), headers=headers)
        return context.pages.render(
            "fair.html", headers=headers, heading="FAIR assessment", fragment=fair_fragment()
        )

    return router


def _counts(items: Sequence[Item]) -> Iterator[tuple[str, int]]:
    counted = Counter(item.verdict for item in items)
    for verdict, words in _SAID.items():
        if verdict in counted:
            yield words, counted[verdict]


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(web_folder() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
