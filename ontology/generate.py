"""What is derived: JSON-LD context, tables of the README, vocabulary of metrics, alignments.

``python -m fairpapers.ontology.generate ontology`` writes all again; a test holds them current.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, URIRef

from ._files import ontology_file, vocabulary_file
from .alignments import alignments_text
from .metric_vocabulary import metric_vocabulary_text
from .terms import PREFIXES

JsonTerm = dict[str, str]

# Properties of other vocabularies that our data use: the type of their values, @id for resources.
_BORROWED: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "dcterms:title": None,
        "dcterms:identifier": None,
        "dcterms:source": "@id",
        "dcterms:language": None,
        "dqv:computedOn": "@id",
        "dqv:hasQualityMeasurement": "@id",
        "dqv:inDimension": "@id",
        "dqv:isMeasurementOf": "@id",
        "dqv:value": "xsd:decimal",
        "oa:hasBody": "@id",
        "prov:endedAtTime": "xsd:dateTime",
        "prov:invalidatedAtTime": "xsd:dateTime",
        "owl:annotatedProperty": "@id",
        "owl:annotatedSource": "@id",
        "owl:annotatedTarget": "@id",
        "prov:used": "@id",
        "prov:wasAssociatedWith": "@id",
        "prov:wasGeneratedBy": "@id",
        "prov:wasRevisionOf": "@id",
        "rdf:subject": "@id",
        "rdf:predicate": "@id",
        "rdf:object": "@id",
        "rdfs:comment": None,
        "schema:datePublished": "xsd:gYear",
        "schema:name": None,
        "schema:sameAs": "@id",
        "schema:softwareVersion": None,
        "schema:url": "@id",
        "skos:altLabel": None,
        "skos:broadMatch": "@id",
        "skos:closeMatch": "@id",
        "skos:exactMatch": "@id",
        "skos:narrowMatch": "@id",
        "skos:prefLabel": None,
        "skos:relatedMatch": "@id",
        "sssom:confidence": "xsd:decimal",
        "sssom:mapping_justification": "@id",
        "sssom:object_label": None,
        "sssom:subject_label": None,
    }
)
_BORROWED_CLASSES: Final = (
    "dqv:QualityMeasurement",
    "owl:Axiom",
    "prov:Person",
    "prov:SoftwareAgent",
)
# Where one of our own has the local name.
_RENAMED: Final[Mapping[str, str]] = MappingProxyType(
    {"dqv:value": "measuredValue", "sssom:confidence": "mappingConfidence"}
)
_TABLES = re.compile(r"(<!-- terms: begin -->\n).*(<!-- terms: end -->\n)", re.DOTALL)


def context() -> dict[str, object]:
    """The JSON-LD 1.1 context: every prefix, class and property under its local name.

    Where a property has the name of a prefix (``unit``), the property has it in JSON.
    """
    graph = Graph().parse(ontology_file())
    entries = dict(sorted((*_class_entries(graph), *_property_entries(graph))))
    prefixes = {prefix: iri for prefix, iri in PREFIXES.items() if prefix not in entries}
    keywords = {"@version": 1.1, "id": "@id", "type": "@type"}
    return {"@context": {**keywords, **prefixes, **entries}}


def context_text() -> str:
    """The context as it stands in ``context.jsonld``."""
    return json.dumps(context(), indent=2, ensure_ascii=False) + "\n"


def term_tables() -> str:
    """Markdown tables of classes, properties and lists of concepts, by name."""
    ontology = Graph().parse(ontology_file())
    vocabularies = Graph().parse(vocabulary_file())
    tables = (_class_table(ontology), _property_table(ontology), _scheme_table(vocabularies))
    return "\n".join(tables)


def with_tables(readme: str) -> str:
    """The text of the README with the tables between its two marks renewed."""
    return _TABLES.sub(lambda match: f"{match[1]}{term_tables()}{match[2]}", readme)


def main() -> None:
    """Write what is derived in the folder that the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder ontology/ of a checkout")
    folder: Path = parser.parse_args().folder
    (folder / "metrics.ttl").write_text(metric_vocabulary_text(), encoding="utf-8")
    (folder / "alignments.ttl").write_text(alignments_text(), encoding="utf-8")
    (folder / "context.jsonld").write_text(context_text(), encoding="utf-8")
    readme = folder / "README.md"
    readme.write_text(with_tables(readme.read_text(encoding="utf-8")), encoding="utf-8")


def _class_entries(graph: Graph) -> Iterator[tuple[str, JsonTerm]]:
    own = (_short(graph, term) for term in _named(graph, OWL.Class))
    for name in (*own, *_BORROWED_CLASSES):
        yield name.partition(":")[2], {"@id": name}


def _property_entries(graph: Graph) -> Iterator[tuple[str, JsonTerm]]:
    typed: dict[str, str | None] = dict(_BORROWED)
    for term in _named(graph, OWL.ObjectProperty):
        typed[_short(graph, term)] = "@id"
    for term in _named(graph, OWL.DatatypeProperty):
        datatype = graph.value(term, RDFS.range)
        plain = datatype in (None, XSD.string)
        typed[_short(graph, term)] = None if plain else _short(graph, URIRef(str(datatype)))
    for name, kind in typed.items():
        yield (
            _RENAMED.get(name, name.partition(":")[2]),
            {"@id": name} if kind is None else {"@id": name, "@type": kind},
        )


def _class_table(graph: Graph) -> str:
    rows = ["| class | below | definition |", "|---|---|---|"]
    for term in _named(graph, OWL.Class):
        above = _shorts(graph, term, RDFS.subClassOf)
        rows.append(f"| `{_short(graph, term)}` | {above} | {graph.value(term, RDFS.comment)} |")
    return "\n".join(rows) + "\n"


def _property_table(graph: Graph) -> str:
    rows = ["| property | of | value | below | definition |", "|---|---|---|---|---|"]
    several = URIRef(PREFIXES["schema"] + "domainIncludes")
    for term in _named(graph, OWL.ObjectProperty, OWL.DatatypeProperty):
        cells = (
            f"`{_short(graph, term)}`",
            _shorts(graph, term, RDFS.domain) or _shorts(graph, term, several),
            _shorts(graph, term, RDFS.range),
            _shorts(graph, term, RDFS.subPropertyOf),
            str(graph.value(term, RDFS.comment)),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _scheme_table(graph: Graph) -> str:
    rows = ["| list | concepts |", "|---|---|"]
    for scheme in _named(graph, SKOS.ConceptScheme):
        concepts = _shorts(graph, scheme, SKOS.hasTopConcept)
        rows.append(f"| `{_short(graph, scheme)}` | {concepts} |")
    return "\n".join(rows) + "\n"


def _named(graph: Graph, *types: URIRef) -> list[URIRef]:
    found = {term for kind in types for term in graph.subjects(RDF.type, kind)}
    return sorted(term for term in found if isinstance(term, URIRef))


def _shorts(graph: Graph, term: URIRef, predicate: URIRef) -> str:
    names = sorted(_short(graph, URIRef(str(value))) for value in graph.objects(term, predicate))
    return ", ".join(f"`{name}`" for name in names)


def _short(graph: Graph, term: URIRef) -> str:
    return graph.namespace_manager.curie(term)


if __name__ == "__main__":
    main()
