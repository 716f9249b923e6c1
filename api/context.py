"""What the routes are made of; one value, made once for each application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi.routing import APIRoute

from ..queries import Library, Query
from .administering.consistency import Memory
from .asking import Asker
from .errors import ApiError
from .federation.service import Federation
from .links import Links
from .settings import Settings
from .templating import Pages, Site

# Rows and lines that a page draws; the data formats hold all.
SHOWN_ROWS = 1000

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything that a route may need.

    Attributes:
        asker: asks the graph.
        library: the curated queries.
        links: from IRIs to addresses.
        pages: renders templates.
        settings: what the operator set.
        site: what every page shows.
        route_class: of the routes, so that each is answered from one snapshot.
        federation: asks other endpoints for queries of the library; without it none does.
        choices: values that fields of the library offer, by query and parameter, once asked for;
            a snapshot never changes, so they stay true as long as it is served.
    """

    asker: Asker
    library: Library
    links: Links
    pages: Pages
    settings: Settings
    site: Site
    route_class: type[APIRoute] = APIRoute
    federation: Federation | None = None
    choices: Memory[tuple[str, str], list[Choice]] = field(default_factory=Memory)

    async def offered(self, query: Query) -> Mapping[str, list[Choice]]:
        """Values and labels that the parameters of a query offer, by parameter.

        A form works without them, so a query that fails offers nothing this time.
        """
        known = self.choices.now
        for parameter in query.parameters:
            if (query.id, parameter.name) in known:
                continue
            try:
                found = await self._choices(query, parameter.name)
            except ApiError:
                continue
            known[query.id, parameter.name] = found
        return {
            parameter.name: known.get((query.id, parameter.name), [])
            for parameter in query.parameters
        }

    async def _choices(self, query: Query, name: str) -> list[Choice]:
        listed = query.parameter(name).values
        if isinstance(listed, tuple):
            return [(value, value) for value in listed]
        question = query.choices_query(name)
        if question is None:
            return []
        answer = await self.asker.answer(question)
        # Resources are offered in the short form, which is valid as a value too.
        instances = f"{self.links.base}/id/"
        return [
            (
                str(row["value"]["value"]).removeprefix(instances),
                str(row["label"]["value"]) if "label" in row else "",
            )
            for row in answer.rows
            if "value" in row
        ]
