"""The questions that entity pages ask, with ``$entity`` where the page's IRI goes.

``$text`` is the text of a paper, whose IRI is one step below that of the paper.
"""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import NamedNode

from ..ontology.terms import PREFIXES

_GIVEN: Final = re.compile(r"\$(entity|text)\b")

# Rows of one list on a page; the data formats and the library hold the rest.
SHOWN: Final = 200

_PROLOGUE: Final = "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n"
    for prefix in ("fp", "dcterms", "oa", "prov", "rdf", "schema", "skos")
)

EXISTS: Final = "ASK { $entity ?p ?o }"

TYPES: Final = "SELECT DISTINCT ?type WHERE { $entity rdf:type ?type }"

LICENCE: Final = "SELECT ?licence WHERE { $entity dcterms:license ?licence } ORDER BY ?licence"

STATEMENTS: Final = "SELECT ?property ?value WHERE { $entity ?property ?value } ORDER BY ?property"

INBOUND: Final = f"""
SELECT ?thing ?property WHERE {{ ?thing ?property $entity }} LIMIT {SHOWN}
"""

PAPER: Final = """
SELECT ?title ?identifier ?year ?venue ?source ?url WHERE {
  $entity dcterms:title ?title ; dcterms:identifier ?identifier .
  OPTIONAL { $entity schema:datePublished ?year }
  OPTIONAL { $entity fp:venueName ?venue }
  OPTIONAL { $entity dcterms:source ?source }
  OPTIONAL { $entity schema:url ?url }
}
"""

AUTHORS: Final = "SELECT ?name WHERE { $entity fp:authorName ?name } ORDER BY ?name"

PAPER_CLAIMS: Final = """
SELECT ?claim ?role ?resource ?label ?confidence ?mention ?start ?end ?form WHERE {
  ?claim rdf:subject $entity ; rdf:predicate ?role ; rdf:object ?resource ;
    fp:confidence ?confidence ; fp:supportedBy ?mention .
  ?resource skos:prefLabel ?label .
  ?mention fp:start ?start ; fp:end ?end ; fp:surfaceForm ?form .
  FILTER NOT EXISTS { ?claim prov:invalidatedAtTime ?rejected }
} ORDER BY ?label ?start
"""

# Each branch of the UNION is whole in itself, so that it is looked up for each result. The engine
# computes a path of alternatives, with the label behind it, for all results of the graph.
_RESULT_PARTS: Final = """
  ?result fp:valueLexical ?value ; fp:byMetric ?metric ; fp:valueKind ?kind ;
    fp:comparator ?comparator ; fp:confidence ?confidence ; fp:start ?start ; fp:end ?end .
  ?metric skos:prefLabel ?metricLabel .
  OPTIONAL { ?comparator skos:notation ?sign }
  OPTIONAL { ?kind skos:prefLabel ?kindLabel }
  OPTIONAL { ?result fp:unit ?unit }
  OPTIONAL {
    { ?result fp:ofModel ?subject . ?subject skos:prefLabel ?subjectLabel }
    UNION { ?result fp:ofMethod ?subject . ?subject skos:prefLabel ?subjectLabel }
    UNION { ?result fp:ofDataset ?subject . ?subject skos:prefLabel ?subjectLabel }
  }
  OPTIONAL { ?result fp:onDataset ?dataset . ?dataset skos:prefLabel ?datasetLabel }
  OPTIONAL { ?result fp:forTask ?task . ?task skos:prefLabel ?taskLabel }
"""

PAPER_RESULTS: Final = f"""
SELECT * WHERE {{ $entity fp:reportsResult ?result . {_RESULT_PARTS} }}
ORDER BY ?start LIMIT {SHOWN}
"""

_SIZE_PARTS: Final = """
  ?size fp:valueLexical ?value ; fp:counted ?counted ; fp:comparator ?comparator ;
    fp:confidence ?confidence ; fp:start ?start .
  OPTIONAL { ?comparator skos:notation ?sign }
"""

PAPER_SIZES: Final = f"""
SELECT * WHERE {{
  $entity fp:reportsSize ?size . ?thing fp:size ?size ; skos:prefLabel ?label . {_SIZE_PARTS}
}} ORDER BY ?start LIMIT {SHOWN}
"""

RESOURCE_SIZES: Final = f"""
SELECT * WHERE {{
  $entity fp:size ?size . ?thing fp:reportsSize ?size ; dcterms:title ?label . {_SIZE_PARTS}
}} ORDER BY ?label ?start LIMIT {SHOWN}
"""

RESOURCE: Final = """
SELECT ?label ?papers ?direction ?family ?familyLabel WHERE {
  $entity skos:prefLabel ?label ; fp:paperCount ?papers .
  OPTIONAL { $entity fp:direction ?direction }
  OPTIONAL { $entity fp:variantOf ?family . ?family skos:prefLabel ?familyLabel }
}
"""

NAMES: Final = "SELECT ?name WHERE { $entity skos:altLabel ?name } ORDER BY ?name"

# One row more than is shown, to know whether there are more. Rows are cut before the rest is fetched,
# which of common things is most of the work. Within a year the cut takes whichever come first: to order
# them by title, all titles would be read.
RESOURCE_CLAIMS: Final = f"""
SELECT ?claim ?role ?paper ?title ?year ?confidence WHERE {{
  {{ SELECT ?claim ?paper ?year WHERE {{
    ?claim rdf:object $entity ; rdf:subject ?paper .
    OPTIONAL {{ ?paper schema:datePublished ?year }}
    MINUS {{ ?claim prov:invalidatedAtTime ?rejected }}
  }} ORDER BY DESC(?year) LIMIT {SHOWN + 1} }}
  ?paper dcterms:title ?title .
  ?claim rdf:predicate ?role ; fp:confidence ?confidence .
}} ORDER BY DESC(?year) ?title ?claim
"""

# Of all results the value alone is read, to cut them. The paper stands within a second cut: behind it,
# the engine takes the rows to be so many that it computes every OPTIONAL for all results of the graph.
RESOURCE_RESULTS: Final = f"""
SELECT * WHERE {{
  {{ SELECT ?result ?paper ?title WHERE {{
    {{ SELECT ?result WHERE {{
      {{ SELECT DISTINCT ?result WHERE {{
        ?result fp:ofModel|fp:ofMethod|fp:ofDataset|fp:onDataset|fp:byMetric|fp:forTask $entity
      }} }}
      ?result fp:valueLexical ?written .
    }} ORDER BY DESC(?written) ?result LIMIT {SHOWN} }}
    ?paper fp:reportsResult ?result ; dcterms:title ?title .
  }} LIMIT {SHOWN} }}
  {_RESULT_PARTS}
}} ORDER BY ?metricLabel DESC(?value) LIMIT {SHOWN}
"""

# Where a branch names its property by BIND behind the pattern, VALUES would have the engine go through
# all triples of the property first. Two things are for Virtuoso. The text is named, since it goes through
# all triples where it is two steps to the mentions. What is said of a part is an OPTIONAL, though something
# always is: where a request names its graphs, it finds no good plan for a pattern.
PAPER_GRAPH: Final = """
CONSTRUCT { ?s ?p ?o } WHERE {
  { VALUES ?s { $entity } ?s ?p ?o }
  UNION { $entity fp:hasText|fp:reportsResult|fp:reportsSize ?s OPTIONAL { ?s ?p ?o } }
  UNION { $entity fp:reportsSize ?o . ?s fp:size ?o BIND(fp:size AS ?p) }
  UNION { ?s rdf:subject $entity OPTIONAL { ?s ?p ?o } }
  UNION { ?s fp:inText $text ; oa:hasBody ?body OPTIONAL { ?s ?p ?o } }
  UNION { ?claim rdf:subject $entity ; rdf:object ?s . ?s rdf:type ?o BIND(rdf:type AS ?p) }
  UNION {
    ?claim rdf:subject $entity ; rdf:object ?s . ?s skos:prefLabel ?o BIND(skos:prefLabel AS ?p)
  }
}
"""

THING_GRAPH: Final = """
CONSTRUCT { $entity ?out ?value . ?thing ?in $entity } WHERE {
  { $entity ?out ?value } UNION { ?thing ?in $entity }
}
"""


def about(question: str, entity: NamedNode) -> str:
    """Write a question of this module about one entity, as SPARQL text.

    Args:
        question: a constant of this module.
        entity: a valid IRI, so that it is one token wherever it is put.
    """
    given = {"entity": str(entity), "text": str(NamedNode(f"{entity.value}/text"))}
    # In one pass: an IRI may itself hold "$text".
    return _PROLOGUE + _GIVEN.sub(lambda found: given[found[1]], question)
