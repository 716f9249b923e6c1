"""From the Turtle files to the content of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from ..terms import PREFIXES
from .alignments import read_alignments
from .constraints import ends, property_rules, rules_of, shapes_of, users
from .content import (
    IRIS,
    NAMESPACES,
    ONTOLOGY,
    SHAPES,
    VOCABULARIES,
    Document,
    Match,
    Place,
    Places,
    Ref,
    Row,
    Rule,
    Section,
    Sources,
    Term,
)
from .triples import Triples

_P: Final = PREFIXES
_TYPE: Final = _P["rdf"] + "type"
_LABEL: Final = (_P["rdfs"] + "label", _P["skos"] + "prefLabel", _P["dcterms"] + "title")
_DEFINITION: Final = (
    _P["rdfs"] + "comment", _P["skos"] + "definition", _P["dcterms"] + "description",
    _P["sh"] + "message",
)  # fmt: skip
_DOMAIN: Final = (_P["rdfs"] + "domain", _P["schema"] + "domainIncludes")
_RANGE: Final = (_P["rdfs"] + "range", _P["schema"] + "rangeIncludes")
_NOTES: Final = tuple(
    _P["skos"] + name for name in ("note", "scopeNote", "editorialNote", "historyNote")
)
_EXAMPLES: Final = (_P["skos"] + "example", _P["vann"] + "example")
# Outgoing and incoming statements of a term, as they are called on the page.
_OUT: Final = {
    "Below": (_P["rdfs"] + "subClassOf", _P["rdfs"] + "subPropertyOf", _P["skos"] + "broader"),
    "Of": _DOMAIN,
    "Value": _RANGE,
    "Same as": (_P["owl"] + "equivalentClass", _P["owl"] + "equivalentProperty"),
    "In list": (_P["skos"] + "inScheme",),
    "Dimension": (_P["dqv"] + "inDimension",),
    "Value type": (_P["dqv"] + "expectedDataType",),
    "Replaced by": (_P["dcterms"] + "isReplacedBy",),
    "Targets": tuple(
        _P["sh"] + name for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf")
    ),
    "Property": (_P["sh"] + "path",),
    "See also": (_P["rdfs"] + "seeAlso",),
}
_IN: Final = {
    "Above": (_P["rdfs"] + "subClassOf", _P["rdfs"] + "subPropertyOf", _P["skos"] + "broader"),
    "Properties": _DOMAIN,
    "Is the value of": _RANGE,
    "Concepts": (_P["skos"] + "inScheme",),
    "Checked by": tuple(
        _P["sh"] + name for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "path")
    ),
}
_HEADER: Final = {
    "Version": ("owl:versionIRI", "owl:versionInfo"),
    "Earlier version": ("owl:priorVersion",),
    "Licence": ("dcterms:license",),
    "Creator": ("dcterms:creator",),
    "Contributor": ("dcterms:contributor",),
    "Publisher": ("dcterms:publisher",),
    "Created": ("dcterms:created",),
    "Issued": ("dcterms:issued",),
    "Modified": ("dcterms:modified",),
    "Status": ("bibo:status",),
    "Namespace": ("vann:preferredNamespaceUri",),
    "Prefix": ("vann:preferredNamespacePrefix",),
    "Imports": ("owl:imports",),
    "Source": ("dcterms:source",),
    "Cite as": ("dcterms:bibliographicCitation",),
    "See also": ("rdfs:seeAlso",),
}
_FOLLOWED: Final = ("http://", "https://")
_LOCAL: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
# Kind of section, its types, and which of the three files it is of.
_SECTIONS: Final[Sequence[tuple[str, str, tuple[str, ...], Place]]] = (
    ("classes", "Classes", ("owl:Class",), ONTOLOGY),
    ("object-properties", "Properties between things", ("owl:ObjectProperty",), ONTOLOGY),
    ("datatype-properties", "Properties with values", ("owl:DatatypeProperty",), ONTOLOGY),
    ("annotation-properties", "Annotations", ("owl:AnnotationProperty",), ONTOLOGY),
    ("concept-schemes", "Lists", ("skos:ConceptScheme",), VOCABULARIES),
    ("concepts", "Concepts", ("skos:Concept",), VOCABULARIES),
    ("quality-metrics", "Measures of quality", ("dqv:Metric",), VOCABULARIES),
    ("node-shapes", "Shapes of things", ("sh:NodeShape",), SHAPES),
    ("property-shapes", "Constraints that several shapes share", ("sh:PropertyShape",), SHAPES),
)


class Reader:
    """Reads one page.

    Args:
        of: which page.
        places: addresses of the pages.
        sources: the files.
    """

    def __init__(self, of: Place, places: Places, sources: Sources) -> None:
        self._of = of
        self._places = places
        self._sources = sources
        self._triples = Triples(sources.files())
        self._sections = tuple(self._plan())
        self._anchors = dict(self._name_anchors())

    def document(self) -> Document:
        """The whole page."""
        triples, node = self._triples, NamedNode(IRIS[self._of])
        sections = tuple(self._section(*each) for each in self._sections)
        return Document(
            iri=node.value,
            title=triples.text(node, *_LABEL),
            description=triples.text(node, _P["dcterms"] + "description"),
            abstract=triples.text(node, _P["dcterms"] + "abstract"),
            header=tuple(self._header(node)),
            notes=tuple(triples.texts(node, *_NOTES)),
            prefixes=tuple(self._prefixes()),
            sections=sections,
            mappings=self._matches(),
        )

    def refer(self, iri: str) -> Ref:
        """Link to a term: on this page, on one of the other two, or where it lives."""
        name = self._short(iri)
        title = "" if name == iri else iri
        if iri in self._anchors:
            return Ref(name, f"#{self._anchors[iri]}", title)
        for place, namespace in NAMESPACES.items():
            if iri.startswith(namespace):
                local = iri.removeprefix(namespace)
                return Ref(name, self._places.of(place) + (f"#{local}" if local else ""), title)
            if iri == IRIS[place]:
                return Ref(name, self._places.of(place), title)
        return Ref(name, iri if iri.startswith(_FOLLOWED) else "", title)

    def _plan(self) -> Iterator[tuple[str, str, list[str], Place]]:
        seen: set[str] = set()
        for anchor, title, types, place in _SECTIONS:
            if self._of not in (place, ONTOLOGY):
                continue
            found = self._triples.of_type(*(_iri(name) for name in types))
            own = [iri for iri in found if iri.startswith(NAMESPACES[place]) and iri not in seen]
            seen.update(own)
            if own:
                yield anchor, title, own, place

    def _name_anchors(self) -> Iterator[tuple[str, str]]:
        taken: set[str] = set()
        for _, _, iris, place in self._sections:
            for iri in iris:
                local = iri.removeprefix(NAMESPACES[place])
                prefix = "vocab" if place == VOCABULARIES else "shape"
                anchor = f"{prefix}-{local}" if local in taken else local
                taken.add(anchor)
                yield iri, anchor

    def _section(self, anchor: str, title: str, iris: Iterable[str], place: Place) -> Section:
        column = "Class" if anchor.endswith("properties") else "Property"
        # A local name may be a heading's word, such as "concepts".
        return Section(
            f"section-{anchor}", title, tuple(self._term(iri, place) for iri in iris), column
        )

    def _term(self, iri: str, place: Place) -> Term:
        triples, node = self._triples, NamedNode(iri)
        label = triples.text(node, *_LABEL)
        return Term(
            iri=iri,
            name=self._short(iri),
            anchor=self._anchors[iri],
            label=label,
            definition=triples.text(node, *_DEFINITION),
            deprecated=triples.text(node, _P["owl"] + "deprecated") in ("true", "1"),
            rows=tuple(self._rows(node)),
            rules=tuple(self._rules(node, place)),
            examples=tuple(triples.texts(node, *_EXAMPLES)),
            notes=tuple(triples.texts(node, *_NOTES)),
        )

    def _rows(self, node: NamedNode) -> Iterator[Row]:
        triples = self._triples
        notation = triples.texts(node, _P["skos"] + "notation")
        if notation:
            yield Row("Notation", tuple(map(Ref, notation)))
        for name, predicates in _OUT.items():
            yield from self._row(name, triples.iris(node, *predicates))
        yield from self._row("Disjoint with", self._disjoint(node))
        for name, predicates in _IN.items():
            yield from self._row(name, triples.subject_iris(node, *predicates))

    def _row(self, name: str, iris: Iterable[str]) -> Iterator[Row]:
        values = tuple(self.refer(iri) for iri in sorted(set(iris)))
        if values:
            yield Row(name, values)

    def _disjoint(self, node: NamedNode) -> Iterator[str]:
        triples = self._triples
        yield from triples.iris(node, _P["owl"] + "disjointWith")
        for group in triples.subjects(NamedNode(_P["owl"] + "AllDisjointClasses"), _TYPE):
            for head in triples.values(group, _P["owl"] + "members"):
                members = [
                    each.value for each in triples.members(head) if isinstance(each, NamedNode)
                ]
                if node.value in members:
                    yield from (iri for iri in members if iri != node.value)

    def _rules(self, node: NamedNode, place: Place) -> Iterator[Rule]:
        triples = self._triples
        if place == SHAPES:
            yield from rules_of(triples, node, self.refer)
            yield from property_rules(triples, node, self.refer)
            return
        for shape in shapes_of(triples, node.value):
            yield from rules_of(triples, shape, self.refer)
        for target, part in sorted(users(triples, node.value), key=lambda each: each[0]):
            for rule in property_rules(triples, part, self.refer):
                yield Rule(self.refer(target), rule.count, rule.values, rule.message)
        for shape in ends(triples, node.value):
            yield from rules_of(triples, shape, self.refer)

    def _header(self, node: NamedNode) -> Iterator[Row]:
        yield Row("IRI", (Ref(node.value, node.value),))
        for name, predicates in _HEADER.items():
            found = [
                self._agent(value.value) if isinstance(value, NamedNode) else Ref(value.value)
                for value in self._triples.values(node, *map(_iri, predicates))
                if isinstance(value, NamedNode | Literal)
            ]
            if found:
                yield Row(name, tuple(found))

    def _agent(self, iri: str) -> Ref:
        """A person or group by its name, anything else by its IRI."""
        name = self._triples.text(NamedNode(iri), _P["schema"] + "name")
        href = iri if iri.startswith(_FOLLOWED) else ""
        return Ref(name, href, iri) if name else Ref(iri, href)

    def _prefixes(self) -> Iterator[tuple[str, str]]:
        yield from PREFIXES.items()
        if "fps" not in PREFIXES:
            yield "fps", NAMESPACES[SHAPES]

    def _matches(self) -> tuple[Match, ...]:
        if not self._sources.alignments.is_file():
            return ()
        return tuple(
            Match(
                self.refer(each.subject),
                self.refer(each.predicate),
                self.refer(each.object),
                each.object_label,
                each.justification,
                each.comment,
            )
            for each in read_alignments(self._sources.alignments)
            if self._of == ONTOLOGY or each.subject.startswith(NAMESPACES[self._of])
        )

    def _short(self, iri: str) -> str:
        """Prefixed name by the longest namespace that leaves a plain local name, else the IRI."""
        fitting = [
            (len(namespace), f"{prefix}:{iri[len(namespace) :]}")
            for prefix, namespace in self._prefixes()
            if iri.startswith(namespace)
            and iri != namespace
            and set(iri[len(namespace) :]) <= _LOCAL
        ]
        return max(fitting)[1] if fitting else iri


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
