"""Claims and results that the extraction is sure of, as nanopublications.

Without a key they are templates: their IRIs begin with the placeholder that signing replaces by a
trusty URI. Nothing is ever sent anywhere. Specification: https://nanopub.net/guidelines/
"""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final, Protocol, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from ...ontology.terms import FP, FPV, PREFIXES
from ..terms import node, term
from .release import GzipWriter, Release, ReleaseFile
from .turtle import Turtle

NANOPUBLICATIONS_FILE: Final = "nanopublications/nanopublications.trig.gz"
NP: Final = "http://www.nanopub.org/nschema#"
# Signing replaces whatever begins so.
PLACEHOLDER: Final = "http://purl.org/nanopub/temp/"
GUIDELINES: Final = "https://nanopub.net/guidelines/"
LEAST_CONFIDENCE: Final = 0.9

_EVERY: Final = 100
_TYPE: Final = PREFIXES["rdf"] + "type"
_SUBJECT, _PREDICATE, _OBJECT = (
    PREFIXES["rdf"] + each for each in ("subject", "predicate", "object")
)
_DATE_TIME: Final = node(PREFIXES["xsd"] + "dateTime")
# What backs a statement, which goes into its provenance.
_MADE_BY: Final = PREFIXES["prov"] + "wasGeneratedBy"
_BACKING: Final = (FP.supportedBy, FP.inText)
_Triple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal]
_Values: TypeAlias = dict[str, list[NamedNode | Literal]]


@dataclass(frozen=True, slots=True)
class Nanopublication:
    """Four graphs; ``iri`` is what it calls itself, ``quads`` are in the order of the graphs."""

    iri: str
    quads: tuple[Quad, ...]

    def trig(self) -> bytes:
        """The graphs as TriG, with the prefixes that nanopublications usually have."""
        sub = self.iri if self.iri.endswith("#") else f"{self.iri}#"
        names = ("dcterms", "fp", "prov", "rdf", "xsd")
        prefixes = {"sub": sub, "np": NP, **{name: PREFIXES[name] for name in names}}
        out = io.BytesIO()
        turtle = Turtle(out, prefixes=prefixes)
        graphs: defaultdict[NamedNode, list[Quad]] = defaultdict(list)
        for quad in self.quads:
            assert isinstance(quad.graph_name, NamedNode)
            graphs[quad.graph_name].append(quad)
        for name, quads in graphs.items():
            out.write(f"\n{turtle.term(name)} {{".encode())
            for subject in sorted({quad.subject for quad in quads}, key=str):
                turtle.subject(subject, (quad for quad in quads if quad.subject == subject))
            out.write(b"}\n")
        return out.getvalue()


class Signer(Protocol):
    """Signs with a user's own key."""

    @property
    def orcid(self) -> str:
        """IRI of the person whose key it is."""
        ...

    def sign(self, template: Nanopublication) -> Nanopublication:
        """The same nanopublication with a signature and a trusty URI."""
        ...


class Nanopublications:
    """Every confident claim and result as a nanopublication.

    Args:
        least_confidence: of what is published, from 0 to 1.
        signer: None for templates.
    """

    name = "nanopublications"

    def __init__(
        self, least_confidence: float = LEAST_CONFIDENCE, signer: Signer | None = None
    ) -> None:
        self._least = Decimal(repr(least_confidence))
        self._signer = signer

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write them in the order of the papers; one paper's evidence is held in memory."""
        orcid = self._signer.orcid if self._signer else None
        with GzipWriter(release.path(NANOPUBLICATIONS_FILE)) as out:
            for done, each in enumerate(nanopublications(release, self._least, orcid), 1):
                signed = self._signer.sign(each) if self._signer else each
                out.write(signed.trig() + b"\n")
                if done % _EVERY == 0:
                    release.progress(self.name, done, None)
        kind = "signed" if self._signer else "unsigned templates"
        yield ReleaseFile(
            path=NANOPUBLICATIONS_FILE,
            title=f"Claims and results of confidence {self._least} or more as nanopublications,"
            f" {kind}",
            media_type="application/gzip",
            licence=release.licence,
            unpacked_type="application/trig",
            conforms_to=(GUIDELINES,),
        )


def nanopublications(
    release: Release, least: Decimal, orcid: str | None = None
) -> Iterator[Nanopublication]:
    """Templates of what is at least so sure.

    Args:
        release: that is being written.
        least: confidence, from 0 to 1.
        orcid: IRI of who will sign; None where nobody will.
    """
    iris = release.iris

    def paper(quad: Quad) -> str | None:
        return iris.paper_key(quad.subject.value) if isinstance(quad.subject, NamedNode) else None

    for key, quads in groupby(release.quads("core", "evidence"), paper):
        if key:
            yield from _of_paper(key, quads, least, release, orcid)


def _of_paper(
    key: str, quads: Iterable[Quad], least: Decimal, release: Release, orcid: str | None
) -> Iterator[Nanopublication]:
    iris = release.iris
    core = node(iris.graph("core"))
    said: defaultdict[str, list[_Triple]] = defaultdict(list)
    backed: defaultdict[str, _Values] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        if quad.graph_name == core:
            said[quad.subject.value].append((quad.subject, quad.predicate, quad.object))
        else:
            backed[quad.subject.value][quad.predicate.value].append(quad.object)
    for iri, values in backed.items():
        sure = values.get(FP.confidence, [])
        if len(sure) != 1 or Decimal(sure[0].value) < least:
            continue
        if FPV.rejected in {status.value for status in values.get(FP.reviewStatus, ())}:
            continue
        if assertion := _assertion(iri, values, said.get(iri, []), iris.paper(key)):
            yield _template(iri, assertion, values, release, orcid)


def _assertion(iri: str, values: _Values, said: list[_Triple], paper: str) -> list[_Triple]:
    """What a claim or a result says; empty for anything else."""
    kinds = {kind.value for kind in values.get(_TYPE, ())}
    if FP.Claim in kinds:
        parts = [values.get(name, []) for name in (_SUBJECT, _PREDICATE, _OBJECT)]
        if [len(part) for part in parts] != [1, 1, 1]:
            return []
        (subject,), (predicate,), (value,) = parts
        assert isinstance(subject, NamedNode)
        assert isinstance(predicate, NamedNode)
        return [(subject, predicate, value)]
    if any(predicate.value == _TYPE and value.value == FP.Result for _, predicate, value in said):
        return [(node(paper), node(FP.reportsResult), node(iri)), *said]
    return []


def _template(
    iri: str, assertion: list[_Triple], values: _Values, release: Release, orcid: str | None
) -> Nanopublication:
    # Hexadecimal, since a name with RA in it would be taken for a trusty URI.
    this = f"{PLACEHOLDER}{hashlib.sha256(iri.encode()).hexdigest()[:32]}#"
    graphs = {each: node(this + each) for each in ("Head", "assertion", "provenance", "pubinfo")}
    head: list[_Triple] = [
        (node(this), term("rdf:type"), node(NP + "Nanopublication")),
        (node(this), node(NP + "hasAssertion"), graphs["assertion"]),
        (node(this), node(NP + "hasProvenance"), graphs["provenance"]),
        (node(this), node(NP + "hasPublicationInfo"), graphs["pubinfo"]),
    ]
    content = {
        "Head": head,
        "assertion": sorted(assertion, key=str),
        "provenance": list(_provenance(graphs["assertion"], values)),
        "pubinfo": list(_publication(node(this), iri, release, orcid)),
    }
    quads = (Quad(*triple, graphs[name]) for name, triples in content.items() for triple in triples)
    return Nanopublication(this, tuple(quads))


def _provenance(assertion: NamedNode, values: _Values) -> Iterator[_Triple]:
    yield assertion, node(FP.confidence), values[FP.confidence][0]
    for backing in _BACKING:
        for source in values.get(backing, ()):
            yield assertion, term("prov:wasDerivedFrom"), source
    for run in values.get(_MADE_BY, ()):
        yield assertion, term("prov:wasGeneratedBy"), run


def _publication(
    this: NamedNode, iri: str, release: Release, orcid: str | None
) -> Iterator[_Triple]:
    created = Literal(f"{release.issued.isoformat()}T00:00:00Z", datatype=_DATE_TIME)
    yield this, term("dcterms:created"), created
    yield this, term("dcterms:license"), node(release.licence)
    yield this, term("prov:wasDerivedFrom"), node(iri)
    yield this, term("dcterms:isPartOf"), node(release.iris.corpus())
    if orcid:
        yield this, term("dcterms:creator"), node(orcid)
