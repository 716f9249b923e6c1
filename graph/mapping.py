"""From records to quads: pure, deterministic, without blank nodes, each quad once.

`map_paper` gives what hangs below one paper, `map_shared` what papers share. What people query is
in ``graph/core``, what backs it in ``graph/evidence``, what follows from it in ``graph/inferred``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad

from ..extract.records import Generator, Record
from ..ontology import Metric, fold_metric
from ..ontology.terms import FP, FPV, PREFIXES
from . import terms
from .claims import Relation, relations_of
from .figures import MappedFigures, map_figures
from .iris import Iris
from .links import Link, link_quad
from .resolution import Resolution, Resource, supported
from .results import MappedResult, Skipped
from .reviewing.amending import Amended, amend
from .reviewing.decisions import Decision
from .reviewing.judging import Judged, judge
from .reviewing.stating import origin_triples, review_triples
from .sizes import MappedSize
from .terms import node, term

_DOI = re.compile(r"10\.[0-9.]+/[^A-Z\s]+")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_LONGEST_QUOTE: Final = 80


@dataclass(frozen=True, slots=True)
class Context:
    """What the mapping of every paper needs.

    Attributes:
        iris: mints the IRIs.
        resolution: tells which resource an entity is.
        materialize_mentions: state ``fp:mentions`` in ``graph/inferred`` for whatever a paper
            introduces or uses.
        min_confidence: leave out results that are less sure; mentions were left out before.
    """

    iris: Iris
    resolution: Resolution
    materialize_mentions: bool = True
    min_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class MappedPaper:
    """What one record gave.

    Attributes:
        quads: everything below the paper.
        resources: IRI of each resource that the paper is related to, and the resource.
        evaluated: IRIs of models and the datasets they have an absolute result on.
        generator: what made the record.
        results: number of results.
        skipped: figures that gave no result, by reason.
        unsupported: entities without a mention, which gave nothing.
        used: decisions of reviewers that confirmed or changed something.
        unmatched: decisions that are about nothing in the record.
    """

    quads: Sequence[Quad]
    resources: Mapping[str, Resource]
    evaluated: frozenset[tuple[str, str]]
    generator: Generator
    results: int
    skipped: Counter[Skipped]
    unsupported: int
    used: tuple[Decision, ...] = ()
    unmatched: tuple[Decision, ...] = ()


def map_paper(record: Record, context: Context, decisions: Sequence[Decision] = ()) -> MappedPaper:
    """Map one record, which `checked` has passed.

    Args:
        record: the record.
        context: what the mapping of every paper needs.
        decisions: of reviewers on this paper, which win over what the record says; the resolution
            must have seen the record that `amend` makes of both.
    """
    return map_amended(amend(record, decisions), context)


def map_amended(amended: Amended, context: Context) -> MappedPaper:
    """Map one record with what reviewers decided."""
    iris, record = context.iris, amended.record
    entities = supported(record)
    resources = {
        entity.id: (iris.resource(entity.label, found.slug), found)
        for entity in entities
        for found in [context.resolution[entity]]
    }
    extracted = [entity for entity in entities if entity.id not in amended.taken]
    relations = relations_of(record, extracted, resources, iris)
    judged = judge(amended, relations, resources, iris)
    bodies = {
        identity: body
        for identity, (iri, _) in resources.items()
        if (body := judged.body(iri)) is not None
    }
    figures = map_figures(amended, bodies, judged, context)
    core = [
        *_paper(record, judged, figures.stated, iris),
        *figures.core(),
    ]
    quads = [
        *_in(iris.graph("core"), core),
        *_in(iris.graph("evidence"), _evidence(record, bodies, judged, figures, iris)),
    ]
    if context.materialize_mentions:
        quads += _in(iris.graph("inferred"), _mentions(record, judged.relations, iris))
    used = (*judged.used, *figures.used)
    quads += _in(iris.graph("evidence"), review_triples(used, iris))
    return MappedPaper(
        quads=quads,
        resources={iri: relation.resource for iri, relation in judged.relations.items()},
        evaluated=frozenset(pair for each in figures.results for pair in each.evaluated()),
        generator=record.generator,
        results=len(figures.results),
        skipped=figures.skipped,
        unsupported=len(record.entities) - len(entities),
        used=used,
        unmatched=(*judged.unmatched, *figures.unmatched),
    )


_Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]


def _in(graph: str, triples: Iterable[_Triple]) -> Iterator[Quad]:
    name = node(graph)
    return (Quad(subject, predicate, value, name) for subject, predicate, value in triples)


def _paper(
    record: Record,
    judged: Judged,
    figures: Iterable[MappedResult | MappedSize],
    iris: Iris,
) -> Iterator[_Triple]:
    paper = node(iris.paper(record.key))
    source = record.source
    yield paper, term("rdf:type"), node(FP.Paper)
    yield paper, term("dcterms:title"), Literal(record.title)
    yield paper, term("dcterms:identifier"), Literal(record.key)
    if source.year is not None and 0 < source.year <= 9999:
        yield paper, term("schema:datePublished"), terms.year(source.year)
    for author in dict.fromkeys(filter(None, source.authors)):
        yield paper, node(FP.authorName), Literal(author)
    if source.venue:
        yield paper, node(FP.venueName), Literal(source.venue)
    if doi := _doi(record):
        yield paper, node(FP.doi), Literal(doi)
        yield paper, term("dcterms:source"), node(f"https://doi.org/{quote(doi, safe='/:;()')}")
    if address := terms.web_address(source.url):
        yield paper, term("schema:url"), address
    for claim in judged.claims:
        if claim.stated:
            yield paper, node(claim.predicate), node(claim.resource)
    for figure in figures:
        reports = FP.reportsSize if isinstance(figure, MappedSize) else FP.reportsResult
        yield paper, node(reports), node(figure.iri)


def _doi(record: Record) -> str | None:
    scheme, _, value = record.key.partition(":")
    doi = (record.source.doi or (value if scheme == "doi" else "")).lower()
    return doi if _DOI.fullmatch(doi) else None


def _evidence(
    record: Record,
    bodies: Mapping[str, str],
    judged: Judged,
    figures: MappedFigures,
    iris: Iris,
) -> Iterator[_Triple]:
    paper, text = node(iris.paper(record.key)), node(iris.text(record.key))
    run = node(activity(record.generator, iris))
    yield paper, node(FP.hasText), text
    yield text, term("rdf:type"), node(FP.SourceText)
    yield text, node(FP.textSha256), terms.digest(record.text_sha256)
    yield text, node(FP.textLength), terms.count(record.text_length)
    yield text, node(FP.normalization), node(FPV.nfcSingleSpace)
    resting = {mention for claim in judged.claims for mention in claim.mentions}
    yield from _mention_triples(record, bodies, resting, text, iris)
    for claim in judged.claims:
        subject = node(claim.iri)
        yield subject, term("rdf:type"), node(FP.Claim)
        yield subject, term("rdf:subject"), paper
        yield subject, term("rdf:predicate"), node(claim.predicate)
        yield subject, term("rdf:object"), node(claim.resource)
        yield subject, node(FP.confidence), terms.confidence(claim.confidence)
        yield from origin_triples(claim.iri, claim.verdict, run, found=claim.found)
        for mention in sorted(claim.mentions):
            yield subject, node(FP.supportedBy), node(mention)
    yield from figures.evidence(text, run)


def _mention_triples(
    record: Record, bodies: Mapping[str, str], resting: Set[str], text: NamedNode, iris: Iris
) -> Iterator[_Triple]:
    """One node a span; a span with two labels has two bodies and the higher confidence.

    A span that names nothing after a review stays where a claim rests on it.
    """
    spans: dict[tuple[int, int], tuple[str, float, set[str]]] = {}
    for each in record.mentions:
        words, sure, found = spans.get((each.start, each.end), (each.text, 0.0, set()))
        if each.entity in bodies:
            found.add(bodies[each.entity])
        spans[each.start, each.end] = words, max(sure, each.confidence), found
    for (start, end), (words, sure, found) in sorted(spans.items()):
        mention = node(iris.mention(record.key, start, end))
        if not found and mention.value not in resting:
            continue
        yield mention, term("rdf:type"), node(FP.Mention)
        yield mention, node(FP.inText), text
        yield mention, node(FP.start), terms.count(start)
        yield mention, node(FP.end), terms.count(end)
        yield mention, node(FP.surfaceForm), Literal(words[:_LONGEST_QUOTE])
        yield mention, node(FP.confidence), terms.confidence(sure)
        for body in sorted(found):
            yield mention, term("oa:hasBody"), node(body)


def _mentions(record: Record, relations: Mapping[str, Relation], iris: Iris) -> Iterator[_Triple]:
    paper = node(iris.paper(record.key))
    for iri, relation in relations.items():
        if relation.role != "mentioned":
            yield paper, node(FP.mentions), node(iri)


def activity(generator: Generator, iris: Iris) -> str:
    """IRI of the runs of one program, version and model."""
    return iris.activity(generator.name, generator.version, generator.model, generator.model_sha256)


def map_shared(
    papers: Mapping[str, int],
    resources: Mapping[str, Resource],
    evaluated: Iterable[tuple[str, str]],
    generators: Iterable[Generator],
    metrics: Mapping[str, Metric],
    iris: Iris,
    only: Set[str] | None = None,
) -> Iterator[Quad]:
    """Map what papers share.

    Args:
        papers: number of papers by IRI of resource.
        resources: resource by IRI.
        evaluated: IRIs of models and of the datasets they were evaluated on.
        generators: everything that made a record.
        metrics: what is known of metrics, by folded name.
        iris: mints the IRIs.
        only: IRIs of the resources to describe; None for all.
    """
    described = resources if only is None else {iri: resources[iri] for iri in only}
    yield from _in(iris.graph("core"), _resource_triples(papers, described, metrics))
    for link in metric_links(described, metrics):
        yield link_quad(link, iris)
    yield from _in(iris.graph("evidence"), _activity_triples(generators, iris))
    yield from _in(iris.graph("inferred"), _derived_triples(resources, evaluated, iris))


def _resource_triples(
    papers: Mapping[str, int], resources: Mapping[str, Resource], metrics: Mapping[str, Metric]
) -> Iterator[_Triple]:
    for iri, resource in sorted(resources.items()):
        subject = node(iri)
        yield subject, term("rdf:type"), node(getattr(FP, resource.label))
        yield subject, term("skos:prefLabel"), Literal(resource.name)
        for other in resource.others:
            yield subject, term("skos:altLabel"), Literal(other)
        yield subject, node(FP.paperCount), terms.count(papers[iri])
        if resource.label == "Metric":
            for predicate, value in _measure(_known(resource, metrics)):
                yield subject, node(predicate), value


def _known(resource: Resource, metrics: Mapping[str, Metric]) -> set[Metric]:
    """The metrics that its names mean: several where papers confuse them."""
    folded = map(fold_metric, (resource.name, *resource.others))
    return {metrics[name] for name in folded if name in metrics}


def _measure(known: set[Metric]) -> Iterator[tuple[str, NamedNode | Literal]]:
    """Direction, range and unit on which the metrics agree."""
    directions, lows = {each.direction for each in known}, {each.low for each in known}
    highs, units = {each.high for each in known}, {each.unit for each in known}
    if len(directions) == 1 and (direction := directions.pop()):
        yield FP.direction, node(direction)
    if len(lows) == 1 and (low := lows.pop()) is not None:
        yield FP.lowestValue, terms.decimal(low)
    if len(highs) == 1 and (high := highs.pop()) is not None:
        yield FP.highestValue, terms.decimal(high)
    if len(units) == 1 and (unit := units.pop()):
        yield FP.canonicalUnit, node(unit)


def metric_links(
    resources: Mapping[str, Resource], metrics: Mapping[str, Metric]
) -> Iterator[Link]:
    """From metrics of papers to the vocabulary: the same one, or one that is a variant of it.

    `map_shared` states these links; their grounds are stated with those of all others.
    """
    for iri, resource in sorted(resources.items()):
        known = _known(resource, metrics) if resource.label == "Metric" else set()
        if len(known) == 1:
            (metric,) = known
            exact = metric.is_called(resource.name)
            yield Link(
                subject=iri,
                subject_label=resource.name,
                predicate=f"{PREFIXES['skos']}{'exact' if exact else 'broad'}Match",
                object=metric.iri,
                object_label=metric.name,
                justification=PREFIXES["semapv"] + "LexicalMatching",
            )


def _activity_triples(generators: Iterable[Generator], iris: Iris) -> Iterator[_Triple]:
    agents: dict[str, Generator] = {}
    for generator in sorted(set(generators), key=lambda each: activity(each, iris)):
        run = node(activity(generator, iris))
        agent = iris.agent(generator.name, generator.version)
        agents[agent] = generator
        yield run, term("rdf:type"), node(FP.ExtractionActivity)
        yield run, term("prov:used"), node(iris.corpus())
        yield run, term("prov:wasAssociatedWith"), node(agent)
        yield run, node(FP.modelName), Literal(generator.model)
        if _SHA256.fullmatch(generator.model_sha256):
            yield run, node(FP.modelSha256), terms.digest(generator.model_sha256)
    for agent, generator in sorted(agents.items()):
        yield node(agent), term("rdf:type"), term("prov:SoftwareAgent")
        yield node(agent), term("schema:name"), Literal(generator.name)
        yield node(agent), term("schema:softwareVersion"), Literal(generator.version)


def _derived_triples(
    resources: Mapping[str, Resource], evaluated: Iterable[tuple[str, str]], iris: Iris
) -> Iterator[_Triple]:
    for model, dataset in sorted(set(evaluated)):
        yield node(model), node(FP.evaluatedOn), node(dataset)
    for iri, resource in sorted(resources.items()):
        if resource.variant_of:
            family = iris.resource(resource.label, resource.variant_of)
            if family not in resources:  # reviewers left it to no paper
                continue
            yield node(iri), node(FP.variantOf), node(family)
