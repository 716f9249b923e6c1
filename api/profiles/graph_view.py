"""The page with the picture of what stands around a paper or resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode
from starlette.responses import Response

from ...ontology.terms import FP
from ..context import Context
from ..formats import Alternate
from .neighbourhood import neighbourhood

_WHOLE: Final = "L06"


async def graph_view(
    context: Context,
    node: NamedNode,
    kinds: frozenset[str],
    formats: Sequence[Alternate],
    headers: Mapping[str, str],
) -> Response:
    """Answer with the picture.

    Raises:
        ApiError: the graph could not be asked.
    """
    paper = FP.Paper in kinds
    around = await neighbourhood(context, node, paper=paper)
    whole = f"/queries/{_WHOLE}?{urlencode({'resource': node.value})}"
    return context.pages.render(
        "profile-graph.html",
        headers=headers,
        heading=f"Around {around.name}",
        kinds=[around.columns[0][0].kind],
        formats=formats,
        around=around,
        all_of_it=whole if not paper and _WHOLE in context.library else "",
    )
