"""What stands around a thing, two steps far and bounded: ``/doc/…?view=graph``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from ...ontology.terms import FP
from ..cells import JsonTerm
from ..context import Context
from ..drawing.layers import BOX, Layout, Placed, layered
from ..entities import kind_of, text

# Nodes of the two columns beside the thing; the library's L06 has all of them, as RDF.
PAPERS: Final = 12
THINGS: Final = 18
WIDTHS: Final = (160.0, 310.0, 310.0)
GAP: Final = 56.0
# Letters that fit a box of a width, at 13 pixels.
_LETTER: Final = 7.6
RELATIONS: Final = {
    FP.introduces: "introduces",
    FP.uses: "uses",
    FP.addressesTask: "addresses",
}
_ANY: Final = f"VALUES ?relation {{ {' '.join(f'<{iri}>' for iri in RELATIONS)} }}"

_NAME: Final = """
SELECT ?name WHERE { $entity skos:prefLabel|dcterms:title ?name } ORDER BY ?name LIMIT 1
"""
_PAPERS_OF: Final = f"""
SELECT ?node ?name ?relation WHERE {{
  {_ANY} ?node ?relation $entity ; dcterms:title ?name .
  OPTIONAL {{ ?node schema:datePublished ?year }}
}} ORDER BY DESC(?year) ?name ?node ?relation LIMIT {PAPERS + 1}
"""
_THINGS_OF: Final = f"""
SELECT ?node ?name ?relation WHERE {{
  {_ANY} $entity ?relation ?node . ?node skos:prefLabel ?name
}} ORDER BY ?relation ?name ?node LIMIT {THINGS + 1}
"""


def _beyond(between: Sequence[str], *, papers: bool) -> str:
    """Question for what most of the nodes between are joined to, with how.

    Each node and relation is a branch of its own, which the engine looks up. VALUES of both in
    front of one pattern has it go through all statements of the relations.
    """
    way = "?node <{1}> {0}" if papers else "{0} <{1}> ?node"
    nodes = [str(NamedNode(iri)) for iri in between]
    joined = " UNION ".join(
        f"{{ {way.format(node, relation)} BIND({node} AS ?between) BIND(<{relation}> AS ?relation) }}"
        for node in nodes
        for relation in RELATIONS
    )
    name, most = ("dcterms:title", PAPERS) if papers else ("skos:prefLabel", THINGS)
    return f"""
SELECT ?between ?relation ?node ?name WHERE {{
  {{ SELECT ?node (COUNT(DISTINCT ?between) AS ?shared) WHERE {{
    {joined} FILTER(?node != $entity)
  }} GROUP BY ?node ORDER BY DESC(?shared) ?node LIMIT {most} }}
  {{ {joined} }}
  ?node {name} ?name
}} ORDER BY ?name ?node ?between ?relation
"""


@dataclass(frozen=True, slots=True)
class Node:
    """A box of the picture.

    Attributes:
        id: number within the picture, for scripts.
        name: in full.
        shown: as much of its beginning as fits.
        kind: ``Paper``, or class of a thing.
        page: path of its page.
        place: of its box.
    """

    id: int
    name: str
    shown: str
    kind: str
    page: str
    place: Placed

    @property
    def view(self) -> str:
        """Path of the picture around it."""
        return f"{self.page}?view=graph"


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two nodes: the paper introduces, uses or addresses the thing."""

    paper: Node
    thing: Node
    relation: str
    path: str


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The picture, and the same as lists.

    Attributes:
        name: of the thing it is around.
        columns: nodes from left to right, each from top to bottom.
        edges: in the order of their nodes.
        width: in pixels.
        height: in pixels.
        cut: whether there are more nodes beside the thing than are drawn.
    """

    name: str
    columns: tuple[tuple[Node, ...], ...]
    edges: tuple[Edge, ...]
    width: float
    height: float
    cut: bool
    box: int = BOX

    def joined(self, node: Node) -> list[tuple[str, Node]]:
        """What a node of the second column is joined to in the third, with how."""
        beyond = set(self.columns[2])
        return [
            (edge.relation, other)
            for edge in self.edges
            for one, other in ((edge.paper, edge.thing), (edge.thing, edge.paper))
            if one == node and other in beyond
        ]


Link = tuple[str, str, str]  # paper, relation, thing


async def neighbourhood(context: Context, node: NamedNode, *, paper: bool) -> Neighbourhood:
    """Ask for what stands around a thing, and place it.

    Args:
        context: of the application.
        node: a paper or a resource.
        paper: whether it is a paper.

    Raises:
        ApiError: the graph could not be asked.
    """
    names = await context.asker.rows(_NAME, node)
    name = text(names[0], "name") if names else context.links.short(node.value)
    rows = await context.asker.rows(_THINGS_OF if paper else _PAPERS_OF, node)
    most = THINGS if paper else PAPERS
    known = {node.value: name}
    between = dict.fromkeys(text(row, "node") for row in rows)
    shown = list(between)[:most]
    links: list[Link] = []
    for row in rows:
        if text(row, "node") in shown:
            known[text(row, "node")] = text(row, "name")
            links.append(_link(node.value, row, text(row, "node"), paper=paper))
    far: dict[str, None] = {}
    if shown:
        question = _beyond(shown, papers=paper)
        for row in await context.asker.rows(question, node):
            # A thing that stands beside it already is joined to it, not beyond.
            if text(row, "node") in between:
                continue
            far[text(row, "node")] = None
            known[text(row, "node")] = text(row, "name")
            links.append(_link(text(row, "between"), row, text(row, "node"), paper=not paper))
    columns = ([node.value], shown, list(far))
    return _placed(context, known, columns, links, cut=len(rows) > most)


def _link(one: str, row: dict[str, JsonTerm], other: str, *, paper: bool) -> Link:
    """A statement, the paper first; ``paper`` tells whether ``one`` is it."""
    relation = text(row, "relation")
    return (one, relation, other) if paper else (other, relation, one)


def _placed(
    context: Context,
    known: dict[str, str],
    columns: Sequence[Sequence[str]],
    links: Iterable[Link],
    *,
    cut: bool,
) -> Neighbourhood:
    stated = sorted(set(links))
    layout = layered(columns, [(paper, thing) for paper, _, thing in stated], WIDTHS, GAP)
    nodes = {
        iri: _node(context, number, iri, name, layout)
        for number, (iri, name) in enumerate(known.items())
    }
    edges = [
        Edge(nodes[paper], nodes[thing], RELATIONS[relation], layout.curve(paper, thing))
        for paper, relation, thing in stated
    ]
    return Neighbourhood(
        known[columns[0][0]],
        tuple(
            tuple(sorted((nodes[iri] for iri in column), key=lambda node: node.place.y))
            for column in columns
        ),
        tuple(sorted(edges, key=lambda edge: (edge.paper.id, edge.thing.id, edge.relation))),
        layout.width,
        layout.height,
        cut,
    )


def _node(context: Context, number: int, iri: str, name: str, layout: Layout) -> Node:
    place = layout.places[iri]
    most = int((place.width - 16) / _LETTER)
    # At the end of a word, so that what is shown is part of what is read out.
    shown = name if len(name) <= most else name[:most].rpartition(" ")[0] or name[: most - 1]
    page = context.links.local(iri) or "/"
    return Node(number, name, shown, kind_of(iri) or "Paper", page, place)
