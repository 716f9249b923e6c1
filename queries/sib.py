"""The library as RDF in the form that SPARQL editors list examples from.

Each query is a ``sh:SPARQLExecutable`` with its text, filled with the defaults of its parameters so
that it runs as it is, its question, keywords and the endpoint that it is for; the form is that of
https://github.com/sib-swiss/sparql-examples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad, Triple

from ..graph.iris import Iris
from ..graph.terms import any_uri, count, node, term
from ..ontology.terms import PREFIXES
from .library import Library
from .metadata import Form
from .query import Query

# A class besides the common one, and the property that holds the text.
_FORMS: Final[Mapping[Form, tuple[str, str]]] = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
    "DESCRIBE": ("spex:SPARQLDescribeExecutable", "spex:describe"),
}
_LANGUAGE: Final = "en"
_Triple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal]


def query_iri(query: Query, iris: Iris) -> str:
    """IRI of a query of the library in a graph.

    >>> from fairpapers.queries import load_library
    >>> query_iri(load_library()["A01"], Iris("https://example.org"))
    'https://example.org/id/corpus/query/A01'
    """
    return iris.part("query", query.id)


def library_quads(library: Library, iris: Iris) -> Iterator[Quad]:
    """The library, and the course, in their named graph; ``graph/meta`` declares the prefixes."""
    # Whoever only asks a graph needs no course.
    from .course.metadata import course_quads

    graph = node(iris.graph("queries"))
    for query in library.values():
        for triple in _query(query, iris):
            yield Quad(*triple, graph)
    yield from course_quads(iris)


def library_triples(library: Library, iris: Iris) -> Iterator[Triple]:
    """The library with the prefixes that its queries share, for a file that stands alone."""
    for query in library.values():
        for triple in _query(query, iris):
            yield Triple(*triple)
    for prefix, namespace in PREFIXES.items():
        declaration = node(iris.part("prefix", prefix))
        yield Triple(node(iris.corpus()), term("sh:declare"), declaration)
        yield Triple(declaration, term("rdf:type"), term("sh:PrefixDeclaration"))
        yield Triple(declaration, term("sh:prefix"), Literal(prefix))
        yield Triple(declaration, term("sh:namespace"), any_uri(namespace))


def _query(query: Query, iris: Iris) -> Iterator[_Triple]:
    subject = node(query_iri(query, iris))
    kind, holds = _FORMS[query.form]
    yield subject, term("rdf:type"), term("sh:SPARQLExecutable")
    yield subject, term("rdf:type"), term(kind)
    yield subject, term("dcterms:identifier"), Literal(query.id)
    yield subject, term("dcterms:title"), Literal(query.title, language=_LANGUAGE)
    yield subject, term("rdfs:comment"), Literal(query.question, language=_LANGUAGE)
    yield subject, term("dcterms:description"), Literal(query.description, language=_LANGUAGE)
    yield subject, term("schema:educationalLevel"), count(query.level)
    yield subject, term("dcterms:license"), node(f"https://spdx.org/licenses/{query.licence}")
    for keyword in dict.fromkeys((query.group, *query.teaches)):
        yield subject, term("schema:keywords"), Literal(keyword, language=_LANGUAGE)
    yield subject, term("schema:target"), node(f"{iris.base}/sparql")
    for service in query.federates:
        yield subject, term("spex:federatesWith"), node(service)
    yield subject, term("sh:prefixes"), node(iris.corpus())
    yield subject, term(holds), Literal(query.bind(base=iris.base))
