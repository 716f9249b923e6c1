"""The terms that a query can name: of the ontology, of pinned vocabularies, and of the graph.

What the graph uses is read from its VoID description in ``graph/meta``, where the build counted
the classes and properties, and never by a scan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import pyoxigraph as ox

from ...ontology import (
    metric_vocabulary_file,
    ontology_file,
    shapes_file,
    vocabulary_file,
)
from ...ontology.external import external_terms
from ...ontology.terms import PREFIXES

# Namespaces all of whose terms we know.
OWN: Final = (PREFIXES["fp"], PREFIXES["fpv"])
_SH: Final = PREFIXES["sh"]
_RDFS: Final = PREFIXES["rdfs"]
# What the shapes leave open, and the build writes once a thing.
_ONCE: Final = frozenset({PREFIXES["prov"] + "wasGeneratedBy"})
_VOID: Final = """
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT ?kind ?term ?number ?datatype WHERE {{
  GRAPH {meta} {{
    {{ ?part void:class ?term ; void:entities ?number BIND("class" AS ?kind) }}
    UNION
    {{ ?part void:property ?term ; void:triples ?number BIND("property" AS ?kind) }}
    UNION
    {{
      ?part void:property ?term ; void-ext:datatypePartition/void-ext:datatype ?datatype
      BIND("datatype" AS ?kind)
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What can be named.

    Attributes:
        properties: how many triples each has; 0 where only a vocabulary has it.
        classes: how many members each has.
        others: further terms of our own namespaces, such as concepts.
        datatypes: of the literals of a property, where these are known.
        single: properties that a thing has once at most.
        wider: the properties of which one is a sub-property.
        of_graph: a graph was asked.
    """

    properties: Mapping[str, int]
    classes: Mapping[str, int]
    others: frozenset[str]
    datatypes: Mapping[str, frozenset[str]]
    single: frozenset[str]
    wider: Mapping[str, frozenset[str]]
    of_graph: bool = False

    def __contains__(self, iri: object) -> bool:
        return iri in self.properties or iri in self.classes or iri in self.others


def void_query(base: str) -> str:
    """A SELECT for what the graph below this base IRI uses; its rows go to `with_graph`.

    Raises:
        ValueError: the base is no IRI.
    """
    return _VOID.format(meta=ox.NamedNode(f"{base}/graph/meta"))


def occurs_query(iri: str) -> str:
    """An ASK whether a graph has an IRI as a property, class or object, which is an index look-up.

    A description that the build wrote does not know of later changes.

    Raises:
        ValueError: it is no IRI.
    """
    node = ox.NamedNode(iri)
    return f"ASK {{ {{ ?s {node} ?o }} UNION {{ ?s ?p {node} }} UNION {{ {node} ?p ?o }} }}"


def with_graph(rows: Iterable[Mapping[str, str]]) -> Known:
    """The terms of ontology, vocabularies and a graph.

    Args:
        rows: of `void_query`, the values by name of the column; what is unbound is missing.
    """
    known = defined()
    counted: dict[str, Counter[str]] = {"class": Counter(), "property": Counter()}
    datatypes: dict[str, set[str]] = {}
    for row in rows:
        if row["kind"] == "datatype":
            datatypes.setdefault(row["term"], set()).add(row["datatype"])
        else:
            counted[row["kind"]][row["term"]] += int(row["number"])
    return replace(
        known,
        properties={**known.properties, **counted["property"]},
        classes={**known.classes, **counted["class"]},
        datatypes={**known.datatypes, **{iri: frozenset(them) for iri, them in datatypes.items()}},
        of_graph=True,
    )


@cache
def defined() -> Known:
    """The terms of the ontology and of the vocabularies that are pinned, without a graph."""
    store = ox.Store()
    for path in (ontology_file(), vocabulary_file(), metric_vocabulary_file(), shapes_file()):
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    own = {
        quad.subject.value
        for quad in store.quads_for_pattern(None, ox.NamedNode(PREFIXES["rdf"] + "type"), None)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(OWN)
    }
    terms = own | external_terms()
    # In every vocabulary that we use, classes begin with a capital letter and properties do not.
    classes = {iri for iri in terms if local_of(iri)[:1].isupper()}
    return Known(
        dict.fromkeys(terms - classes, 0),
        dict.fromkeys(classes, 0),
        frozenset(own),
        _ranges(store),
        _single(store),
        _wider(store),
    )


def _pairs(store: ox.Store, predicate: str) -> list[tuple[str, str]]:
    return [
        (quad.subject.value, quad.object.value)
        for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None)
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
    ]


def _ranges(store: ox.Store) -> dict[str, frozenset[str]]:
    """Datatypes by property, as the ontology or a shape has them."""
    xsd = PREFIXES["xsd"]
    found = {
        term: {wanted} for term, wanted in _pairs(store, _RDFS + "range") if wanted.startswith(xsd)
    }
    for quad in store.quads_for_pattern(None, ox.NamedNode(_SH + "datatype"), None):
        paths = store.quads_for_pattern(quad.subject, ox.NamedNode(_SH + "path"), None)
        for each in paths:
            if isinstance(each.object, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                found.setdefault(each.object.value, set()).add(quad.object.value)
    return {term: frozenset(wanted) for term, wanted in found.items()}


def _single(store: ox.Store) -> frozenset[str]:
    """Properties whose every shape allows one value."""
    most: dict[str, list[bool]] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(_SH + "path"), None):
        if isinstance(quad.object, ox.NamedNode):
            limits = store.quads_for_pattern(quad.subject, ox.NamedNode(_SH + "maxCount"), None)
            once = any(each.object == ox.Literal(1) for each in limits)
            most.setdefault(quad.object.value, []).append(once)
    return _ONCE | {iri for iri, once in most.items() if all(once)}


def _wider(store: ox.Store) -> dict[str, frozenset[str]]:
    direct: dict[str, set[str]] = {}
    for term, wider in _pairs(store, _RDFS + "subPropertyOf"):
        direct.setdefault(term, set()).add(wider)
    found: dict[str, frozenset[str]] = {}
    for term in direct:
        above: set[str] = set()
        waiting = [term]
        while waiting:
            for each in direct.get(waiting.pop(), ()):
                if each not in above:
                    above.add(each)
                    waiting.append(each)
        found[term] = frozenset(above)
    return found


def namespace_of(iri: str) -> str:
    """An IRI up to its last ``#`` or ``/``, that included."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def local_of(iri: str) -> str:
    """What follows the namespace."""
    return iri[len(namespace_of(iri)) :]
