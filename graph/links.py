"""Links from resources to other data sets: a reviewed list, and lists that users bring.

Both are SSSOM in TSV (https://mapping-commons.github.io/sssom/). In ``graph/links`` a link is the
triple itself and, as SSSOM writes mappings in RDF, an ``owl:Axiom`` that says on what grounds.
Predicates are the mapping relations of SKOS alone: ``owl:sameAs`` would let every reasoner merge
what one mistaken row joins.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final, TypeAlias

import yaml
from pyoxigraph import Literal, NamedNode, Quad

from ..extract.records import LABELS
from ..ontology.terms import DEFAULT_BASE, PREFIXES
from . import terms
from .errors import LinksInvalid
from .iris import Iris
from .names import fold
from .resolution import Resource
from .terms import node, term

REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
PREDICATES: Final = tuple(
    f"{PREFIXES['skos']}{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")
)
_SEMAPV: Final = PREFIXES["semapv"]
_Triple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | Literal]


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a list of links.

    Attributes:
        subject: IRI of a resource of a graph, with the base of that graph or the default one.
        subject_label: its name; empty where the row has none.
        predicate: one of `PREDICATES`.
        object: IRI of what it is linked to.
        object_label: its name there; empty where the row has none.
        justification: IRI of the grounds, a term of SEMAPV.
        confidence: from 0 to 1; None where the row has none.
        comment: free text, such as where the row was verified.
    """

    subject: str
    subject_label: str
    predicate: str
    object: str
    object_label: str
    justification: str
    confidence: Decimal | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class SkippedLink:
    """A row that is no link, with its line in the file."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


def shipped_links() -> tuple[Link, ...]:
    """Read the list that comes with the package.

    Raises:
        LinksInvalid: a row of it is no link.
    """

    def refuse(skipped: SkippedLink) -> None:
        raise LinksInvalid(skipped.path, skipped.line, skipped.reason)

    with as_file(files(__package__).joinpath("links.sssom.tsv")) as path:
        return tuple(read_links(path, refuse))


def read_links(path: Path, skipped: Callable[[SkippedLink], None]) -> Iterator[Link]:
    """Read a list of links in SSSOM/TSV, whose metadata stand above the table in ``#`` lines.

    Args:
        path: the file.
        skipped: told of each row that is no link.

    Raises:
        LinksInvalid: the file is no SSSOM/TSV, or a column is missing that must be there.
        OSError: the file cannot be read.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise LinksInvalid(path, 1, f"it is not UTF-8 ({error})") from error
    above = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    prefixes = dict(PREFIXES) | _curie_map(path, lines[:above])
    rows = csv.reader(lines[above:], delimiter="\t")
    header = next(rows, [])
    if missing := [name for name in REQUIRED if name not in header]:
        fault = f"the table has no column {', '.join(missing)}, which SSSOM asks for"
        raise LinksInvalid(path, above + 1, fault)
    for row in rows:
        if not any(row):
            continue
        try:
            yield _link(dict(zip(header, row, strict=False)), prefixes)
        except ValueError as error:
            skipped(SkippedLink(path, above + rows.line_num, str(error)))


def _curie_map(path: Path, above: list[str]) -> dict[str, str]:
    try:
        metadata = yaml.safe_load("\n".join(line[1:] for line in above)) or {}
    except yaml.YAMLError as error:
        raise LinksInvalid(path, 1, f"the lines above the table are no YAML ({error})") from error
    found = metadata.get("curie_map") if isinstance(metadata, dict) else None
    return {str(name): str(iri) for name, iri in (found or {}).items()}


def _link(row: Mapping[str, str], prefixes: Mapping[str, str]) -> Link:
    """One row as a link; ValueError says why it is none."""
    subject, predicate, target, grounds = (_iri(name, row, prefixes) for name in REQUIRED)
    if predicate not in PREDICATES:
        given = row["predicate_id"]
        raise ValueError(
            f"predicate_id {given!r} is no mapping relation of SKOS, so it is left out"
        )
    if row.get("predicate_modifier", "").strip():
        raise ValueError("predicate_modifier says that this is no match")
    if not grounds.startswith(_SEMAPV):
        raise ValueError(f"mapping_justification {row[REQUIRED[3]]!r} is no term of semapv:")
    if subject == target:
        raise ValueError("it links a resource to itself")
    return Link(
        subject=subject,
        subject_label=row.get("subject_label", "").strip(),
        predicate=predicate,
        object=target,
        object_label=row.get("object_label", "").strip(),
        justification=grounds,
        confidence=_confidence(row.get("confidence", "").strip()),
        comment=row.get("comment", "").strip(),
    )


def _iri(name: str, row: Mapping[str, str], prefixes: Mapping[str, str]) -> str:
    given = row.get(name, "").strip()
    if not given:
        raise ValueError(f"{name} is empty")
    prefix, colon, local = given.partition(":")
    if colon and prefix in prefixes:
        given = prefixes[prefix] + local
    elif prefix not in ("http", "https"):
        raise ValueError(f"{name} {given!r} has a prefix that curie_map does not declare")
    try:
        return NamedNode(given).value
    except ValueError as error:
        raise ValueError(f"{name} {given!r} is no IRI ({error})") from error


def _confidence(given: str) -> Decimal | None:
    if not given:
        return None
    try:
        value = Decimal(given)
    except InvalidOperation as error:
        raise ValueError(f"confidence {given!r} is no number") from error
    if not value.is_finite() or not 0 <= value <= 1:
        raise ValueError(f"confidence {given} is not between 0 and 1")
    return value


def linked(links: Iterable[Link], resources: Mapping[str, Resource], iris: Iris) -> list[Link]:
    """The links whose resource a graph holds, with its IRI and name there, each once and in order.

    A row names its resource by IRI; where the graph has no such IRI, by kind and name, since the
    last part of an IRI depends on the names that a corpus uses.

    Args:
        links: of two with the same triple the first one counts.
        resources: resource by IRI.
        iris: of the graph.
    """
    names = _names(resources)
    found: dict[tuple[str, str, str], Link] = {}
    for link in links:
        for base in (iris.base, DEFAULT_BASE):
            iri = _resource(link, f"{base}/id/", resources, names, iris)
            if iri is not None:
                here = Link(
                    subject=iri,
                    subject_label=resources[iri].name,
                    predicate=link.predicate,
                    object=link.object,
                    object_label=link.object_label,
                    justification=link.justification,
                    confidence=link.confidence,
                    comment=link.comment,
                )
                found.setdefault((iri, link.predicate, link.object), here)
                break
    return [found[key] for key in sorted(found)]


def count_linked(links: Iterable[Link], resources: Mapping[str, Resource]) -> dict[str, int]:
    """Number of resources that have a link of `linked`, by label."""
    counts = Counter(resources[iri].label for iri in {link.subject for link in links})
    return {label: counts[label] for label in LABELS}


def _names(resources: Mapping[str, Resource]) -> dict[tuple[str, str], list[str]]:
    """IRIs by kind, in small letters as in IRIs, and folded name."""
    names: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for iri, resource in resources.items():
        for name in {fold(each) for each in (resource.name, *resource.others)}:
            names[resource.label.lower(), name].append(iri)
    return names


def _resource(
    link: Link,
    below: str,
    resources: Mapping[str, Resource],
    names: Mapping[tuple[str, str], list[str]],
    iris: Iris,
) -> str | None:
    path = link.subject.removeprefix(below)
    if path == link.subject:
        return None
    if (iri := f"{iris.base}/id/{path}") in resources:
        return iri
    same = names.get((path.partition("/")[0], fold(link.subject_label)), [])
    return same[0] if len(same) == 1 else None


def link_quad(link: Link, iris: Iris) -> Quad:
    """The link itself, in ``graph/links``."""
    graph = node(iris.graph("links"))
    return Quad(node(link.subject), node(link.predicate), node(link.object), graph)


def grounds_quads(links: Iterable[Link], iris: Iris) -> Iterator[Quad]:
    """On what grounds each link stands and how sure it is, in ``graph/links``."""
    graph = node(iris.graph("links"))
    for link in links:
        for triple in _grounds(link, iris):
            yield Quad(*triple, graph)


def _grounds(link: Link, iris: Iris) -> Iterator[_Triple]:
    joined = "\n".join((link.subject, link.predicate, link.object))
    mapping = node(iris.part("link", hashlib.sha256(joined.encode()).hexdigest()[:16]))
    yield mapping, term("rdf:type"), term("owl:Axiom")
    yield mapping, term("owl:annotatedSource"), node(link.subject)
    yield mapping, term("owl:annotatedProperty"), node(link.predicate)
    yield mapping, term("owl:annotatedTarget"), node(link.object)
    yield mapping, term("sssom:mapping_justification"), node(link.justification)
    yield mapping, term("sssom:subject_label"), Literal(link.subject_label)
    if link.object_label:
        yield mapping, term("sssom:object_label"), Literal(link.object_label)
    if link.confidence is not None:
        yield mapping, term("sssom:confidence"), terms.decimal(link.confidence)
    if link.comment:
        yield mapping, term("rdfs:comment"), Literal(link.comment)
