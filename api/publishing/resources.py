"""Pages and data of resources; those with many papers have several pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from pyoxigraph import NamedNode

from ...ontology.terms import FP
from ..cells import iri_cell
from ..entities import ROLES, Statement
from ..entity_pages import resource_values
from .asking import drive
from .building import Building
from .describing import TYPES
from .papers import ROLE_NAMES, write_list
from .paths import KINDS, page_file, page_of
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
    claims = groupby(building.claims, key=lambda row: row[0])
    waiting = next(claims, None)
    done = 0
    with Sorter() as found:
        for class_ in _CLASSES.values():
            for iri in building.asker.subjects(class_):
                found.add(iri)
        total = sum(1 for _ in found)
        with _Lists() as lists:
            for (iri,) in found:
                # Both are in the order of the IRIs.
                while waiting is not None and waiting[0] < iri:
                    waiting = next(claims, None)
                rows = waiting[1] if waiting is not None and waiting[0] == iri else iter(())
                _write_resource(building, iri, rows, lists)
                done += 1
                building.progress("resources", done, total)
            for kind, listed in lists.items():
                heading = plural(kind).capitalize()
                write_list(building, plural(kind), heading, kind, listed, _LISTED)


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


def _write_resource(building: Building, iri: str, rows: Iterable[Row], lists: _Lists) -> None:
    place = page_of(iri, building.base)
    if place is None:
        return
    stem, _ = place
    kind = stem.split("/")[1]
    node = NamedNode(iri)
    context = building.context(_ROOT)
    values = drive(resource_values(context, node))
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


def _roles(rows: Iterable[Row], links: Any) -> dict[str, list[Statement]]:
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
