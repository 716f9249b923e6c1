"""What is asked of a graph for evidence: whole queries; the values that vary are bound."""

from __future__ import annotations

from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from ...ontology.terms import PREFIXES
from ..store import EmbeddedStore

Row: TypeAlias = dict[str, str]

_PROLOGUE: Final = "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n"
    for prefix in ("fp", "fpv", "dcterms", "oa", "prov", "rdf", "rdfs", "schema", "skos")
)

TYPES: Final = "SELECT ?node ?type WHERE { ?node a ?type } ORDER BY ?type"
STATED: Final = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 1"
LABEL: Final = "SELECT ?node ?label WHERE { ?node skos:prefLabel|dcterms:title ?label } LIMIT 1"

CLAIM: Final = """
SELECT ?node ?subject ?relation ?object WHERE {
  ?node rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object
}
"""
CLAIMS_OF: Final = """
SELECT ?s ?p ?o ?claim WHERE {
  ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o
} ORDER BY ?claim
"""
CLAIMS_OF_PAIR: Final = """
SELECT ?s ?o ?claim WHERE {
  ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o
  FILTER(?p IN (fp:introduces, fp:uses, fp:mentions))
  FILTER NOT EXISTS { ?claim prov:invalidatedAtTime ?time }
} ORDER BY ?claim
"""
SCORES: Final = """
SELECT ?s ?o ?result WHERE {
  ?result fp:ofModel ?s ; fp:onDataset ?o ; fp:valueKind fpv:absolute
} ORDER BY ?result
"""
RESTING_ON: Final = """
SELECT ?node ?item WHERE { ?item fp:supportedBy ?node } ORDER BY ?item
"""
SIZED: Final = "SELECT ?node ?bearer WHERE { ?bearer fp:size ?node }"
FACTS: Final = "SELECT ?node ?property ?value WHERE { ?node ?property ?value }"
MENTIONS: Final = """
SELECT ?node ?mention ?start ?end ?words ?confidence WHERE {
  ?node fp:supportedBy ?mention .
  ?mention fp:start ?start ; fp:end ?end ; fp:surfaceForm ?words ; fp:confidence ?confidence
} ORDER BY ?start ?end
"""
SPAN: Final = """
SELECT ?node ?start ?end ?words ?confidence WHERE {
  ?node fp:start ?start ; fp:end ?end
  OPTIONAL { ?node fp:surfaceForm|fp:valueLexical ?words }
  OPTIONAL { ?node fp:confidence ?confidence }
}
"""
BODIES: Final = """
SELECT ?node ?label WHERE { ?node oa:hasBody/skos:prefLabel ?label } ORDER BY ?label
"""
MAKER: Final = """
SELECT ?node ?activity ?program ?version ?model ?digest WHERE {
  ?node prov:wasGeneratedBy ?activity .
  ?activity fp:modelName ?model ; prov:wasAssociatedWith ?agent .
  ?agent schema:name ?program ; schema:softwareVersion ?version
  OPTIONAL { ?activity fp:modelSha256 ?digest }
}
"""
REVIEW: Final = """
SELECT ?node ?status ?review ?reviewer ?date ?comment ?old WHERE {
  ?node fp:reviewStatus ?concept .
  ?concept skos:notation ?status
  OPTIONAL {
    ?node fp:reviewedIn ?review .
    ?review prov:endedAtTime ?date ; prov:wasAssociatedWith/schema:name ?reviewer
    OPTIONAL { ?review rdfs:comment ?comment }
  }
  OPTIONAL { ?node prov:wasRevisionOf ?old }
}
"""
PAPER: Final = """
SELECT ?node ?key ?title ?source ?url ?digest ?length WHERE {
  ?node dcterms:identifier ?key ; dcterms:title ?title ; fp:hasText ?text .
  ?text fp:textSha256 ?digest ; fp:textLength ?length
  OPTIONAL { ?node dcterms:source ?source }
  OPTIONAL { ?node schema:url ?url }
}
"""


def ask(store: EmbeddedStore, query: str, **bound: str) -> list[Row]:
    """Rows of a query with variables bound to IRIs; what has no value is left out of a row."""
    bindings = {name: NamedNode(iri) for name, iri in bound.items()}
    found = store.select(_PROLOGUE + query, bindings)
    return [
        {
            name: str(value.value)
            for name, value in zip(found.variables, row, strict=True)
            if isinstance(value, NamedNode | Literal)
        }
        for row in found.rows
    ]
