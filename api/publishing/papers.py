"""Pages and data of papers."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pyoxigraph import NamedNode, Triple

from ...ontology.terms import FP
from .. import entity_queries as ask
from ..cells import Cell, cell, iri_cell
from ..entities import ROLES, text
from ..entity_pages import paper_values
from ..links import Links
from .asking import drive, json_term
from .building import Building
from .describing import TYPES
from .paths import page_file, page_of
from .search import index
from .sorting import Sorter, paged

ROLE_NAMES: Final = tuple(ROLES.values())
_ROOT: Final = "../../"
# Papers on a page of the list.
_LISTED: Final = 200
_NUMBERS: Final = re.compile(r"[0-9]+")


def write_papers(building: Building) -> None:
    """Write the page of every paper, its data, and the list of papers."""
    with Sorter() as found, Sorter() as listed:
        for iri in building.asker.subjects(FP.Paper):
            found.add(iri)
        total = building.snapshot.papers
        for done, (iri,) in enumerate(found, 1):
            _write_paper(building, iri, listed)
            building.counts["paper"] = done
            building.progress("papers", done, total)
        write_list(building, "papers", "Papers", "paper", listed, _LISTED)


def _write_paper(building: Building, iri: str, listed: Sorter) -> None:
    place = page_of(iri, building.base)
    if place is None:
        return
    stem, _ = place
    node = NamedNode(iri)
    context = building.context(_ROOT)
    values = drive(paper_values(context, node))
    statements = building.asker.about_paper(node)
    paper, title = values["paper"], values["heading"]
    _leave_claims(building, iri, title, paper["year"], values["roles"])
    _leave_figures(building, node, title)
    values["why"] = {
        claim: f"#{below(claim, iri)}"
        for members in values["roles"].values()
        for claim in (statement.claim for statement in members)
    }
    building.data(stem, statements)
    building.page(
        f"{stem}.html",
        "site-paper.html",
        about=_schema(iri, values),
        iri=iri,
        data=stem,
        kinds=["Paper"],
        section="papers.html",
        evidence=evidence(statements, iri, context.links),
        **values,
    )
    year = _year(paper["year"])
    venue = " ".join(filter(None, (paper["venue"], paper["year"])))
    listed.add(-year, title.casefold(), title, f"{stem}.html", venue)
    index(building.words, (title,), "Paper", f"{stem}.html", year)


def _leave_claims(
    building: Building, iri: str, title: str, year: str, roles: Mapping[str, Iterable[Any]]
) -> None:
    for role, members in roles.items():
        for each in members:
            building.claims.add(
                each.thing.title,
                ROLE_NAMES.index(role),
                -_year(year),
                title,
                iri,
                each.claim,
                each.confidence,
                year,
            )


def _leave_figures(building: Building, paper: NamedNode, title: str) -> None:
    asker = building.context(_ROOT).asker
    for row in drive(asker.rows(ask.PAPER_RESULTS, paper)):
        whole = {
            **row,
            "paper": {"type": "uri", "value": paper.value},
            "title": {"type": "literal", "value": title},
        }
        written = json.dumps(whole, ensure_ascii=False, sort_keys=True)
        of = {text(row, name) for name in ("metric", "subject", "dataset", "task")} - {""}
        metric, result = text(row, "metricLabel"), text(row, "result")
        for resource in of:
            building.figures.add(resource, metric, -_number(text(row, "value")), result, written)


def _number(lexical: str) -> float:
    try:
        return float(lexical)
    except ValueError:
        return 0.0


def _year(written: str) -> int:
    found = _NUMBERS.match(written)
    return int(found[0][:4]) if found else 0


def below(iri: str, paper: str) -> str:
    """Place on the page of a paper of something that hangs below it, such as ``m-3-9``."""
    return iri.removeprefix(f"{paper}/").replace("/", "-")


def evidence(
    triples: Iterable[Triple], paper: str, links: Links
) -> list[tuple[str, str, list[tuple[Cell, list[Cell]]]]]:
    """What is said of each thing below a paper: its place on the page, its name, its statements."""
    found: defaultdict[str, defaultdict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for triple in sorted(triples, key=str):
        subject = triple.subject
        if isinstance(subject, NamedNode) and subject.value.startswith(f"{paper}/"):
            made = cell(json_term(triple.object), links)
            found[subject.value][triple.predicate.value].append(made)
    ordered = sorted(found, key=_reading_order)
    return [
        (
            below(iri, paper),
            iri.removeprefix(f"{paper}/"),
            [(iri_cell(name, links), values) for name, values in found[iri].items()],
        )
        for iri in ordered
    ]


def _reading_order(iri: str) -> tuple[str, list[int]]:
    kind, _, rest = iri.rpartition("/")
    return kind, [int(number) for number in _NUMBERS.findall(rest)]


def _schema(iri: str, values: Mapping[str, Any]) -> dict[str, Any]:
    paper = values["paper"]
    mentioned = {
        statement.thing.title: {
            "@type": TYPES.get(statement.kind.lower(), "Thing"),
            "@id": statement.thing.title,
            "name": statement.thing.text,
        }
        for members in values["roles"].values()
        for statement in members
    }
    return {
        "@type": TYPES["paper"],
        "@id": iri,
        "name": values["heading"],
        "author": [{"@type": "Person", "name": name} for name in values["authors"]],
        "datePublished": paper["year"],
        "identifier": paper["identifier"],
        "sameAs": values["source"],
        "mentions": list(mentioned.values()),
    }


def write_list(
    building: Building, stem: str, heading: str, kind: str, listed: Sorter, size: int
) -> None:
    """Write the pages of a list.

    Args:
        building: the site.
        stem: of its first page.
        heading: of the pages.
        kind: of the members.
        listed: rows of a number and a text to sort by, a name, a path and a note.
        size: rows a page.
    """
    for number, (rows, more) in enumerate(paged(listed, size), 1):
        building.page(
            page_file(stem, number),
            "site-list.html",
            about={"@type": "CollectionPage", "name": heading},
            heading=heading,
            section=f"{stem}.html",
            kind=kind,
            rows=[row[2:] for row in rows],
            number=number,
            total=building.counts.get(kind, 0),
            before=page_file(stem, number - 1) if number > 1 else "",
            after=page_file(stem, number + 1) if more else "",
            first=(number - 1) * size + 1,
        )
