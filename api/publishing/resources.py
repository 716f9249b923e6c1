"""Pages and data of resources; those with many papers have several pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from pyoxigraph import NamedNode

from ...ontology.terms import FP
from ..cells import iri_cell
from ..entities import ROLES, Figure, Statement, figures
from ..entity_pages import resource_values
from ..entity_queries import SHOWN
from ..links import Links
from ..profiles.running import Drawn
from .asking import drive
from .building import Building
from .describing import TYPES
from .papers import ROLE_NAMES, write_list
from .paths import KINDS, page_file, page_of
from .profiles import panels, profiled
from .search import index
from .sorting import Row, Sorter, paged

_ROOT: Final = "../../"
# Papers on one page of a resource, and statements about it in one file of data.
PAPERS_SHOWN: Final = 1000
STATEMENTS_KEPT: Final = 10_000
_LISTED: Final = 500
_CLASSES: Final = {
    "benchmark": FP.Benchmark,
    "dataset": FP.Dataset,
    "model": FP.Model,
    "method": FP.Method,
    "metric": FP.Metric,
    "task": FP.Task,
}


def plural(kind: str) -> str:
    """Stem of the list of a kind.

    >>> plural("dataset")
    'datasets'
    """
    return f"{kind}s"


def write_resources(building: Building) -> None:
    """Write the pages and data of every resource, and the list of each kind.

    Those of papers come first: they leave the statements that are listed here.
    """
    chosen = profiled(building)
    claims, figures_ = _Groups(building.claims), _Groups(building.figures)
    done = 0
    with Sorter() as found:
        for class_ in _CLASSES.values():
            for iri in building.asker.subjects(class_):
                found.add(iri)
        total = sum(1 for _ in found)
        with _Lists() as lists:
            for (iri,) in found:
                drawn = panels(building, _ROOT, iri, _kind(building, iri)) if iri in chosen else ()
                _write_resource(building, iri, claims.of(iri), figures_.of(iri), lists, drawn)
                done += 1
                building.progress("resources", done, total)
            for kind, listed in lists.items():
                heading = plural(kind).capitalize()
                write_list(building, plural(kind), heading, kind, listed, _LISTED)


def _kind(building: Building, iri: str) -> str:
    place = page_of(iri, building.base)
    return place[0].split("/")[1] if place else ""


class _Groups:
    """Rows by their first value, asked for in its order: both sides are sorted by IRI."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._groups = groupby(rows, key=lambda row: row[0])
        self._waiting = next(self._groups, None)

    def of(self, iri: str) -> Iterator[Row]:
        """Rows of one IRI; read them before the next is asked for."""
        while self._waiting is not None and self._waiting[0] < iri:
            self._waiting = next(self._groups, None)
        found = self._waiting is not None and self._waiting[0] == iri
        return self._waiting[1] if self._waiting is not None and found else iter(())


class _Lists:
    """One sorter a kind."""

    def __init__(self) -> None:
        self._sorters = {kind: Sorter() for kind in KINDS if kind != "paper"}

    def __enter__(self) -> _Lists:
        return self

    def __exit__(self, *_: object) -> None:
        for sorter in self._sorters.values():
            sorter.__exit__(None, None, None)

    def __getitem__(self, kind: str) -> Sorter:
        return self._sorters[kind]

    def items(self) -> Iterator[tuple[str, Sorter]]:
        return iter(self._sorters.items())


def _write_resource(
    building: Building,
    iri: str,
    rows: Iterable[Row],
    found: Iterable[Row],
    lists: _Lists,
    drawn: Sequence[Drawn],
) -> None:
    place = page_of(iri, building.base)
    if place is None:
        return
    stem, _ = place
    kind = stem.split("/")[1]
    node = NamedNode(iri)
    context = building.context(_ROOT)
    values = drive(resource_values(context, node))
    values["results"] = _figures(found, context.links)
    statements, cut = building.asker.about(node, STATEMENTS_KEPT)
    building.data(stem, statements)
    name = stem.rpartition("/")[2]
    for number, (page, more) in enumerate(paged(rows, PAPERS_SHOWN), 1):
        roles = _roles(page, context.links)
        building.page(
            page_file(stem, number),
            "site-resource.html",
            about=_schema(iri, kind, values) if number == 1 else {"@type": "CollectionPage"},
            iri=iri,
            data=stem,
            kinds=[kind.capitalize()],
            section=f"{plural(kind)}.html",
            number=number,
            before=page_file(name, number - 1) if number > 1 else "",
            after=page_file(name, number + 1) if more else "",
            data_cut=STATEMENTS_KEPT if cut else 0,
            panels=drawn if number == 1 else (),
            **values
            | {
                "roles": roles,
                "cut": False,
                "why": {
                    each.claim: context.links.local(each.claim)
                    for members in roles.values()
                    for each in members
                },
            }
            | ({} if number == 1 else {"results": [], "sizes": []}),
        )
    label, count = values["heading"] or name, int(values["count"] or 0)
    building.counts[kind] = building.counts.get(kind, 0) + 1
    noted = f"{count:,} {'paper' if count == 1 else 'papers'}"
    lists[kind].add(-count, label.casefold(), label, f"{stem}.html", noted)
    index(building.words, (label, *values["names"]), kind.capitalize(), f"{stem}.html", count)


def _figures(rows: Iterable[Row], links: Links) -> list[Figure]:
    """The first results, as many as the server's page shows; the rest is passed over."""
    kept: dict[str, list[Any]] = {}
    for _, _, _, result, written in rows:
        if result in kept or len(kept) < SHOWN:
            kept.setdefault(result, []).append(json.loads(written))
    return figures((row for each in kept.values() for row in each), links)


def _roles(rows: Iterable[Row], links: Links) -> dict[str, list[Statement]]:
    grouped: dict[str, list[Statement]] = {}
    for _, role, _, title, paper, claim, confidence, year in rows:
        statement = Statement(claim, iri_cell(paper, links, title), "", confidence, year)
        grouped.setdefault(ROLE_NAMES[role], []).append(statement)
    assert set(grouped) <= set(ROLES.values())
    return grouped


def _schema(iri: str, kind: str, values: dict[str, Any]) -> dict[str, Any]:
    label, count = values["heading"], values["count"]
    return {
        "@type": TYPES[kind],
        "@id": iri,
        "name": label,
        "alternateName": list(values["names"]),
        "description": f"{kind.capitalize()} that is named in the title or abstract of "
        f"{count} {'paper' if count == '1' else 'papers'} of this graph.",
    }
