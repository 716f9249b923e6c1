"""Counting in one pass gives what a count by the definition gives."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from fairpapers.graph.counting import Counts, count_uses

EX = "https://example.org/"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
GRAPHS = [NamedNode(f"{EX}graph/{name}") for name in "ab"]
NODES: list[NamedNode | BlankNode] = [
    *(NamedNode(f"{EX}{number}") for number in range(4)),
    BlankNode("b"),
]
CLASSES = [NamedNode(f"{EX}Class{number}") for number in range(3)]
VALUES = [Literal("x"), Literal("x", language="en"), Literal("1", datatype=NamedNode(f"{EX}d"))]
PROPERTIES = [NamedNode(f"{EX}p"), NamedNode(f"{EX}q")]
SUBJECT, GRAPH = st.sampled_from(NODES), st.sampled_from(GRAPHS)
VALUE = st.one_of(SUBJECT, st.sampled_from(VALUES))
QUAD = st.one_of(
    st.builds(Quad, SUBJECT, st.just(TYPE), st.sampled_from(CLASSES), GRAPH),
    st.builds(Quad, SUBJECT, st.sampled_from(PROPERTIES), VALUE, GRAPH),
)


def by_definition(quads: list[Quad]) -> Counts:
    classes: dict[object, list[str]] = {}
    for quad in quads:
        if quad.predicate == TYPE and isinstance(quad.object, NamedNode):
            classes.setdefault(quad.subject, []).append(quad.object.value)
    counts: Counts = Counter()
    for quad in quads:
        by = quad.predicate.value
        counts["property", by] += 1
        if quad.predicate == TYPE and isinstance(quad.object, NamedNode):
            counts["entities", quad.object.value] += 1
        for of in classes.get(quad.subject, ()):
            counts["use", of, by] += 1
            if isinstance(quad.object, Literal):
                counts["datatype", of, by, quad.object.datatype.value] += 1
            else:
                for each in classes.get(quad.object, ()):
                    counts["class", of, by, each] += 1
    return counts


# Graphs of ours share no triple.
@given(st.lists(QUAD, max_size=20, unique_by=lambda quad: quad.triple))
def test_every_graph_is_counted_as_the_definition_says(quads: list[Quad]) -> None:
    store = Store()
    store.extend([*quads, Quad(NODES[0], PROPERTIES[0], NODES[1], NamedNode(f"{EX}graph/other"))])
    assert count_uses(store, GRAPHS) == by_definition(quads)
