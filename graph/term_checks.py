"""Checks of the terms that a store uses: namespaces, definitions, datatypes, VoID figures.

The store counts its triples by graph, property and datatype once, and its instances by class; all
checks but those of single IRIs read these counts, and look for a node only where there is a fault.
Single IRIs are seen quad by quad, in a pass that a build makes anyway.
Graphs other than ours, which an update can make, are not looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store

from ..ontology.lint.own import LOOK_ALIKES
from ..ontology.terms import PREFIXES
from .errors import Severity, Violation
from .iris import GRAPHS, Iris
from .known_terms import is_defined
from .statistics import DATA_GRAPHS
from .store_checks import SHOWN, iri_of

_PREFIXES: Final = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
_XSD, _OURS = PREFIXES["xsd"], (PREFIXES["fp"], PREFIXES["fpv"])
_PINNED: Final = tuple(PREFIXES.values())
_RDF_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_URL: Final = NamedNode(PREFIXES["schema"] + "url")
_WRONG: Final = tuple(LOOK_ALIKES)
# Almost no line has one of these, so that few quads are taken apart.
_SUSPECT: Final = re.compile("/#|" + "|".join(f"<{re.escape(wrong)}" for wrong in _WRONG))
_WHY: Final = {
    "namespace-is-no-look-alike": "of a namespace that is not the one meant",
    "iri-is-well-formed": "with a slash before its fragment",
}
# Beside the ranges that the ontology states.
_DATATYPES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        PREFIXES["schema"] + "datePublished": frozenset({_XSD + "gYear"}),
        PREFIXES["dqv"] + "value": frozenset({_XSD + "decimal", _XSD + "integer"}),
    }
)
_FLOATS: Final = frozenset({_XSD + "double", _XSD + "float"})
# Check and rule of each, and how grave it is.
TERM_CHECKS: Final[Mapping[str, tuple[str, Severity]]] = MappingProxyType(
    {
        "namespace-is-pinned": ("N1", "violation"),
        "term-is-defined": ("N2", "violation"),
        "namespace-is-no-look-alike": ("N3", "violation"),
        "iri-is-well-formed": ("N4", "violation"),
        "value-has-its-datatype": ("D1", "violation"),
        "number-is-no-float": ("D2", "violation"),
        # An update by hand leaves the figures as the build wrote them.
        "void-figure-is-counted": ("V1", "warning"),
    }
)


def check_terms(store: Store, iris: Iris, watched: IriWatch | None = None) -> Iterator[Violation]:
    """Check every term of our graphs.

    Args:
        store: with every graph loaded.
        iris: of the graph.
        watched: has seen every quad of the store; None where none did.
    """
    used = _Used.of(store, iris)
    yield from _vocabulary(store, used)
    yield from _datatypes(store, used)
    if watched is None:
        watched = IriWatch(iris)
        for quad in store:
            watched(quad, str(quad))
    yield from watched.faults()
    yield from _void(store, iris, used)


def _fault(check: str, focus: str, message: str) -> Violation:
    rule, severity = TERM_CHECKS[check]
    return Violation(check, focus, message, severity, rule)


@dataclass(frozen=True, slots=True)
class _Used:
    """What is used how often, by IRI of the graph.

    Attributes:
        properties: triples by graph, property and datatype, which is empty where it is no literal.
        classes: instances by graph and class.
    """

    properties: Mapping[tuple[str, str, str], int]
    classes: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, store: Store, iris: Iris) -> _Used:
        ours = {iris.graph(name) for name in GRAPHS}
        properties: dict[tuple[str, str, str], int] = {}
        for row in _ask(
            store,
            """SELECT ?graph ?p ?d (COUNT(*) AS ?n) WHERE {
                 GRAPH ?graph { ?s ?p ?o } BIND(IF(isLITERAL(?o), DATATYPE(?o), "") AS ?d)
               } GROUP BY ?graph ?p ?d""",
        ):
            if (graph := iri_of(row["graph"])) in ours:
                kind = row["d"].value if isinstance(row["d"], NamedNode) else ""
                properties[graph, iri_of(row["p"]), kind] = _int(row["n"])
        classes: dict[tuple[str, str], int] = {}
        for row in _ask(
            store,
            """SELECT ?graph ?class (COUNT(*) AS ?n) WHERE {
                 GRAPH ?graph { ?s a ?class }
               } GROUP BY ?graph ?class""",
        ):
            if (graph := iri_of(row["graph"])) in ours and isinstance(row["class"], NamedNode):
                classes[graph, row["class"].value] = _int(row["n"])
        return cls(dict(sorted(properties.items())), dict(sorted(classes.items())))


def _vocabulary(store: Store, used: _Used) -> Iterator[Violation]:
    """N1, N2 and N3: one violation a term and graph, at the first node that has it."""
    defined = {
        iri_of(row["term"])
        for row in _ask(
            store,
            """SELECT DISTINCT ?term WHERE {
                 GRAPH ?graph { ?term a ?kind ; rdfs:isDefinedBy ?by }
               }""",
        )
    }
    properties = dict.fromkeys((graph, iri) for graph, iri, _ in used.properties)
    for graph, iri in properties:
        if found := _term_fault(iri, defined):
            quads = store.quads_for_pattern(None, NamedNode(iri), None, NamedNode(graph))
            yield _fault(found[0], _first(quads), f"has <{iri}>, which {found[1]}")
    for graph, iri in used.classes:
        if found := _term_fault(iri, defined):
            quads = store.quads_for_pattern(None, _RDF_TYPE, NamedNode(iri), NamedNode(graph))
            yield _fault(found[0], _first(quads), f"is a <{iri}>, which {found[1]}")


def _term_fault(iri: str, defined: set[str]) -> tuple[str, str] | None:
    for wrong, prefix in LOOK_ALIKES.items():
        if iri.startswith(wrong):
            return "namespace-is-no-look-alike", f"should lie in {PREFIXES[prefix]}"
    if not iri.startswith(_PINNED):
        return "namespace-is-pinned", "lies in no namespace of the ontology's list"
    if not (iri in defined if iri.startswith(_OURS) else is_defined(iri)):
        return "term-is-defined", "no vocabulary that is known here defines"
    return None


def _first(quads: Iterator[Quad]) -> str:
    return iri_of(next(quads).subject)


def _datatypes(store: Store, used: _Used) -> Iterator[Violation]:
    """D1 and D2: what is found of one property and datatype, at most `SHOWN`."""
    wanted = dict(_DATATYPES)
    for row in _ask(store, "SELECT ?p ?d WHERE { GRAPH ?graph { ?p rdfs:range ?d } }"):
        if isinstance(row["d"], NamedNode) and row["d"].value.startswith(_XSD):
            wanted[iri_of(row["p"])] = frozenset({row["d"].value})
    for graph, iri, kind in used.properties:
        if kind in _FLOATS:
            check, message = "number-is-no-float", f"has the inexact <{kind}> for <{iri}>"
        elif iri in wanted and kind not in wanted[iri]:
            types = " or ".join(sorted(f"<{each}>" for each in wanted[iri]))
            given = f"<{kind}>" if kind else "no literal"
            check, message = "value-has-its-datatype", f"has {given} for <{iri}>, not {types}"
        else:
            continue
        quads = store.quads_for_pattern(None, NamedNode(iri), None, NamedNode(graph))
        for focus in _with_datatype(quads, kind):
            yield _fault(check, focus, message)


def _with_datatype(quads: Iterator[Quad], kind: str) -> list[str]:
    found: set[str] = set()
    for quad in quads:
        value = quad.object
        if (value.datatype.value if isinstance(value, Literal) else "") == kind:
            found.add(iri_of(quad.subject))
        if len(found) == SHOWN:
            break
    return sorted(found)


class IriWatch:
    """N3 in values and N4, of quads that pass by. Addresses that sources give are theirs.

    Args:
        iris: of the graph.
    """

    def __init__(self, iris: Iris) -> None:
        self._data = {iris.graph(name) for name in (*DATA_GRAPHS, "meta")}
        self._ours = {iris.graph(name) for name in GRAPHS}
        self._found: dict[str, set[tuple[str, str]]] = {}

    def __call__(self, quad: Quad, line: str) -> None:
        """Look at a quad, which ``line`` writes in N-Quads."""
        if _SUSPECT.search(line) and quad.predicate != _URL:
            self._look(quad)

    def _look(self, quad: Quad) -> None:
        graph, value, focus = quad.graph_name, quad.object, quad.subject
        if not isinstance(graph, NamedNode) or not isinstance(focus, NamedNode | BlankNode):
            return
        iri = value.value if isinstance(value, NamedNode) else ""
        if graph.value in self._data and quad.predicate != _RDF_TYPE and iri.startswith(_WRONG):
            self._note("namespace-is-no-look-alike", iri_of(focus), iri)
        # The store refuses IRIs with characters that none may have; this one it takes.
        if graph.value in self._ours:
            for each in (iri, focus.value if isinstance(focus, NamedNode) else ""):
                if "/#" in each:
                    self._note("iri-is-well-formed", iri_of(focus), each)
                    break

    def _note(self, check: str, focus: str, iri: str) -> None:
        found = self._found.setdefault(check, set())
        if len(found) < SHOWN:
            found.add((focus, iri))

    def faults(self) -> Iterator[Violation]:
        """What was found, at most `SHOWN` a check."""
        for check, pairs in sorted(self._found.items()):
            for focus, iri in sorted(pairs):
                yield _fault(check, focus, f"has <{iri}>, {_WHY[check]}")


def _void(store: Store, iris: Iris, used: _Used) -> Iterator[Violation]:
    """V1: what the corpus says of itself, against what was counted."""
    data = {iris.graph(name) for name in DATA_GRAPHS}
    triples: Counter[str] = Counter()
    for (graph, iri, _), count in used.properties.items():
        if graph in data:
            triples.update({iri: count, graph: count, iris.corpus(): count})
    entities: Counter[str] = Counter()
    for (graph, iri), count in used.classes.items():
        if graph in data:
            entities[iri] += count
    corpus, meta = f"<{iris.corpus()}>", f"<{iris.graph('meta')}>"
    for counted, pattern in (
        (triples, f"{corpus} void:triples ?n BIND({corpus} AS ?part) BIND({corpus} AS ?of)"),
        (triples, f"{corpus} void:subset ?part . ?part void:triples ?n BIND(?part AS ?of)"),
        (
            triples,
            f"{corpus} void:propertyPartition ?part . ?part void:property ?of ; void:triples ?n",
        ),
        (
            entities,
            f"{corpus} void:classPartition ?part . ?part void:class ?of ; void:entities ?n",
        ),
    ):
        query = f"SELECT ?part ?of ?n WHERE {{ GRAPH {meta} {{ {pattern} }} }} ORDER BY ?part"
        for row in _ask(store, query):
            stated, true = _int(row["n"]), counted[iri_of(row["of"])]
            if stated != true:
                message = f"says {stated}, and there are {true} in the graph"
                yield _fault("void-figure-is-counted", iri_of(row["part"]), message)


def _ask(store: Store, query: str) -> Iterator[QuerySolution]:
    found = store.query(_PREFIXES + query)
    assert isinstance(found, QuerySolutions)
    yield from found


def _int(term: object) -> int:
    assert isinstance(term, Literal)
    return int(term.value)
