"""``/editor/words``: the prefixes, classes and properties that the editor completes."""

from __future__ import annotations

from collections import Counter
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..ontology.terms import PREFIXES
from .administering.consistency import Memory
from .administering.publication import Published
from .context import Context
from .entities import text

PATH: Final = "/editor/words"
# In VoID the partitions of each graph count for themselves (VoID, section 4.2).
_USED: Final = """
PREFIX void: <http://rdfs.org/ns/void#>
SELECT ?kind ?term ?number WHERE {{
  GRAPH <{base}/graph/meta> {{
    {{ ?part void:class ?term ; void:entities ?number BIND("classes" AS ?kind) }}
    UNION
    {{ ?part void:property ?term ; void:triples ?number BIND("properties" AS ?kind) }}
  }}
}}
"""


def completion_router(context: Context, publication: Published) -> APIRouter:
    """The route; what it says is worked out once a snapshot."""
    router = APIRouter(tags=["Server"], route_class=context.route_class)
    memory: Memory[str, list[str]] = Memory()
    publication.on_change(lambda _: memory.forget())

    @router.get(PATH, summary="List the prefixes, classes and properties that queries can name")
    async def words(request: Request) -> Response:
        known = memory.now
        if not known:
            known.update(await _used(context))
        headers = {"ETag": f'"words-{publication.snapshot.id}"', "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return JSONResponse({"prefixes": dict(PREFIXES), **known}, headers=headers)

    return router


async def _used(context: Context) -> dict[str, list[str]]:
    """Classes and properties of the VoID description, those with most members first."""
    answer = await context.asker.answer(_USED.format(base=context.links.base))
    counted: dict[str, Counter[str]] = {"classes": Counter(), "properties": Counter()}
    for row in answer.rows:
        counted[text(row, "kind")][text(row, "term")] += int(text(row, "number"))
    return {
        kind: sorted(terms, key=lambda iri: (-terms[iri], iri)) for kind, terms in counted.items()
    }
