"""What papers share, as it was and as it will be, without a look at the papers that stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Store

from ...ontology.terms import FP, FPV
from ..iris import Iris
from ..links import Link
from ..mapping import MappedPaper
from ..resolution import Resolution, Resource
from ..reviewing.decisions import Decision
from ..tally import Tally
from ..terms import node
from .difference import Mapped, Names


def tallies(
    names: Names,
    mapped: Mapped,
    stores: tuple[Store, Store],
    links: tuple[Link, ...],
    decisions: Mapping[str, tuple[Decision, ...]],
    iris: Iris,
) -> tuple[Tally, Tally]:
    """Tell what papers share before and after a change.

    Args:
        names: of the corpus.
        mapped: every paper that the change touches, and every one with decisions.
        stores: the graph as it was, and with the papers as they will be.
        links: to state.
        decisions: of reviewers, by key.
        iris: of the graph.
    """
    old, new = stores
    before, after = Tally(0, links, decisions), Tally(0, links, decisions)
    before.generators, after.generators = names.old_generators, names.generators
    for tally, papers in ((before, mapped.old), (after, mapped.new)):
        for key in papers.keys() & decisions.keys():
            tally.review(key, papers[key])
    core, inferred = node(iris.graph("core")), node(iris.graph("inferred"))
    for quad in old.quads_for_pattern(None, node(FP.paperCount), None, core):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            before.papers[quad.subject.value] = int(quad.object.value)
    after.papers.update(before.papers)
    for each in mapped.old.values():
        after.papers.subtract(each.resources.keys())
    for each in mapped.new.values():
        after.papers.update(each.resources.keys())
    after.papers = +after.papers
    before.resources = _resources(names.old, before, iris)
    after.resources = _resources(names.new, after, iris)
    for quad in old.quads_for_pattern(None, node(FP.evaluatedOn), None, inferred):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            before.evaluated.add((quad.subject.value, quad.object.value))
    came = _evaluated(mapped.new.values())
    gone = _evaluated(mapped.old.values()) - came
    lost = {pair for pair in gone if not _has_result(new, pair, iris)}
    after.evaluated = (before.evaluated - lost) | came
    return before, after


def changed_resources(before: Tally, after: Tally) -> set[str]:
    """IRIs of the resources that are described otherwise, or are not there on one side."""
    return {
        iri
        for iri in before.resources.keys() | after.resources.keys()
        if before.papers[iri] != after.papers[iri]
        or before.resources.get(iri) != after.resources.get(iri)
    }


def _resources(resolution: Resolution, tally: Tally, iris: Iris) -> dict[str, Resource]:
    """The resources that papers have, by IRI."""
    found = ((iris.resource(each.label, each.slug), each) for each in resolution.resources())
    return {iri: each for iri, each in found if iri in tally.papers}


def _evaluated(papers: Iterable[MappedPaper]) -> set[tuple[str, str]]:
    return {pair for each in papers for pair in each.evaluated}


def _has_result(store: Store, pair: tuple[str, str], iris: Iris) -> bool:
    """Whether any paper has an absolute result of a model on a data set."""
    core = node(iris.graph("core"))
    model, dataset = node(pair[0]), node(pair[1])
    return any(
        next(store.quads_for_pattern(quad.subject, node(FP.onDataset), dataset, core), None)
        and next(
            store.quads_for_pattern(quad.subject, node(FP.valueKind), node(FPV.absolute), core),
            None,
        )
        for quad in store.quads_for_pattern(None, node(FP.ofModel), model, core)
    )
