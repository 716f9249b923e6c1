"""The mentions of a graph, paper after paper: what the forms of evidence are made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from ...ontology.terms import FP, PREFIXES
from ..iris import Iris
from ..store import Store
from .release import Release

_TYPE: Final = PREFIXES["rdf"] + "type"
_BODY: Final = PREFIXES["oa"] + "hasBody"
_MADE_BY: Final = PREFIXES["prov"] + "wasGeneratedBy"
_AGENTS: Final = (
    f"SELECT ?run ?agent ?name ?version WHERE {{ ?run a <{FP.ExtractionActivity}> ;"
    f" <{PREFIXES['prov']}wasAssociatedWith> ?agent ."
    f" ?agent <{PREFIXES['schema']}name> ?name ; <{PREFIXES['schema']}softwareVersion> ?version }}"
)


@dataclass(frozen=True, slots=True)
class Agent:
    """A program in one version."""

    iri: str
    name: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of a text that names resources.

    Attributes:
        iri: its IRI.
        text: IRI of the text.
        length: of the text, in code points.
        start: first code point.
        end: behind the last code point.
        words: the span; None where the graph holds no more than its beginning.
        confidence: decimal, as the graph has it.
        bodies: IRIs of the resources, sorted.
        agents: what found it, by IRI.
    """

    iri: str
    text: str
    length: int
    start: int
    end: int
    words: str | None
    confidence: str
    bodies: tuple[str, ...]
    agents: tuple[Agent, ...]


_Values = dict[str, list[NamedNode | Literal]]


def mentions(release: Release) -> Iterator[Mention]:
    """Every mention of a release; no more than the evidence of one paper is held in memory.

    Mentions that lack what an annotation needs, as SPARQL Update may leave them, are left out, and
    so they are by the queries of the library that give the same.
    """
    agents = _agents(release.store)
    iris = release.iris
    by_paper = groupby(release.quads("evidence"), lambda quad: _paper(quad, iris))
    for paper, quads in by_paper:
        if paper:
            yield from _of_paper(quads, agents)


def _agents(store: Store) -> dict[str, list[Agent]]:
    """Programs by IRI of their runs."""
    found: defaultdict[str, list[Agent]] = defaultdict(list)
    for run, agent, name, version in store.select(_AGENTS).rows:
        assert isinstance(run, NamedNode)
        assert isinstance(agent, NamedNode)
        assert isinstance(name, Literal)
        assert isinstance(version, Literal)
        found[run.value].append(Agent(agent.value, f"{name.value} {version.value}"))
    return found


def _paper(quad: Quad, iris: Iris) -> str | None:
    """Key of the paper that a subject hangs below; those of one paper stand together."""
    subject = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
    return iris.paper_key(subject)


def _of_paper(quads: Iterable[Quad], agents: dict[str, list[Agent]]) -> Iterator[Mention]:
    things: defaultdict[str, _Values] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        things[quad.subject.value][quad.predicate.value].append(quad.object)
    makers: defaultdict[str, dict[str, Agent]] = defaultdict(dict)
    for values in list(things.values()):
        for supporting in values.get(FP.supportedBy, ()):
            for run in values.get(_MADE_BY, ()):
                makers[supporting.value].update(
                    {agent.iri: agent for agent in agents.get(run.value, ())}
                )
    for iri, values in list(things.items()):
        if FP.Mention in {kind.value for kind in values.get(_TYPE, ())}:
            yield from _mention(iri, values, things, makers.get(iri, {}))


def _mention(
    iri: str, values: _Values, things: dict[str, _Values], agents: dict[str, Agent]
) -> Iterator[Mention]:
    try:
        (text,), (start,), (end,), (words,), (confidence,) = (
            values[name] for name in (FP.inText, FP.start, FP.end, FP.surfaceForm, FP.confidence)
        )
        (length,) = things.get(text.value, {})[FP.textLength]
        bodies = values[_BODY]
    except (KeyError, ValueError):
        return
    if not agents or not bodies:
        return
    whole = len(words.value) == int(end.value) - int(start.value)
    yield Mention(
        iri=iri,
        text=text.value,
        length=int(length.value),
        start=int(start.value),
        end=int(end.value),
        words=words.value if whole else None,
        confidence=confidence.value,
        bodies=tuple(sorted(body.value for body in bodies)),
        agents=tuple(agents[each] for each in sorted(agents)),
    )
