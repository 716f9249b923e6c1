"""Validating the part of a graph that a change touches.

The touched papers are mapped whole, so a store of them, with everything that they point to, can be
held against the shapes and checks like a graph. What it cannot show is how many other papers have a
resource: that is counted in the whole graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from ...ontology.terms import FP
from ..content import blank, repeated
from ..errors import Violation
from ..iris import Iris
from ..mapping import MappedPaper
from ..terms import node
from ..validation import validate

_RELATIONS = (FP.introduces, FP.uses, FP.mentions)
_BY_PAPERS = "paper-count-is-right"


def part_of(whole: Store, papers: Iterable[MappedPaper], iris: Iris) -> Store:
    """A store of some papers and of whatever they point to, step by step, but other papers.

    A data set has the sizes that all its papers give; those of other papers are not followed.
    """
    part, papers_below = Store(), f"{iris.base}/id/paper/"
    reached: list[NamedNode] = []
    met: set[NamedNode] = set()

    def take(quads: Iterable[Quad]) -> None:
        for quad in quads:
            value = quad.object
            if isinstance(value, NamedNode) and value not in met:
                met.add(value)
                if not value.value.startswith(papers_below):
                    reached.append(value)

    for mapped in papers:
        part.extend(mapped.quads)
        take(mapped.quads)
    while reached:
        found = list(whole.quads_for_pattern(reached.pop(), None, None, None))
        part.extend(found)
        take(found)
    for graph in ("ontology", "vocab"):
        part.extend(whole.quads_for_pattern(None, None, None, node(iris.graph(graph))))
    return part


def faults_of(
    whole: Store, part: Store, added: Iterable[Quad], resources: Mapping[str, int], iris: Iris
) -> list[Violation]:
    """Find what is wrong with a change.

    Args:
        whole: the graph after the change.
        part: of it, by `part_of`.
        added: quads that came.
        resources: number of papers by IRI, of the resources whose papers changed.
        iris: of the graph.
    """
    found = [each for each in validate(part, iris).violations if each.check != _BY_PAPERS]
    found += _of_quads(whole, added)
    found += _of_counts(whole, resources, iris)
    return found


def _of_quads(whole: Store, added: Iterable[Quad]) -> Iterator[Violation]:
    for quad in added:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            yield blank(quad)
        same = whole.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if sum(1 for _ in same) > 1:
            yield repeated(quad)


def _of_counts(whole: Store, resources: Mapping[str, int], iris: Iris) -> Iterator[Violation]:
    core = node(iris.graph("core"))
    for iri, count in sorted(resources.items()):
        papers = {
            quad.subject
            for relation in _RELATIONS
            for quad in whole.quads_for_pattern(None, node(relation), node(iri), core)
        }
        stated = whole.quads_for_pattern(node(iri), node(FP.paperCount), None, core)
        values = [q.object.value for q in stated if isinstance(q.object, Literal)]
        if len(papers) != count or values != [str(count)] * bool(count):
            yield Violation(
                _BY_PAPERS, iri, f"has {len(papers)} papers, and states {' and '.join(values)}"
            )
