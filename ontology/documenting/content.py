"""What a page of documentation holds, as values that a template only writes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from .._files import (
    alignments_file,
    metric_vocabulary_file,
    ontology_file,
    shapes_file,
    vocabulary_file,
)
from ..terms import DEFAULT_BASE, ONTOLOGY_IRI, PREFIXES

ONTOLOGY: Final = "ontology"
VOCABULARIES: Final = "vocabularies"
SHAPES: Final = "shapes"
Place = Literal["ontology", "vocabularies", "shapes"]

SHAPES_IRI: Final = f"{DEFAULT_BASE}/shapes"
VOCABULARIES_IRI: Final = f"{DEFAULT_BASE}/vocab/"
IRIS: Final[Mapping[Place, str]] = {
    ONTOLOGY: ONTOLOGY_IRI,
    VOCABULARIES: VOCABULARIES_IRI,
    SHAPES: SHAPES_IRI,
}
NAMESPACES: Final[Mapping[Place, str]] = {
    ONTOLOGY: PREFIXES["fp"],
    VOCABULARIES: PREFIXES["fpv"],
    SHAPES: f"{SHAPES_IRI}#",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses of the three pages, each without fragment; relative ones will do.

    A term that is not on the page itself is linked to the page that has it.
    """

    ontology: str = "/ontology"
    vocabularies: str = "/vocab/"
    shapes: str = "/shapes"

    def of(self, place: Place) -> str:
        """Address of one page."""
        return str(getattr(self, place))


@dataclass(frozen=True, slots=True)
class Sources:
    """The files that are documented: those of the package, unless others are named.

    Attributes:
        ontology: classes and properties, in Turtle.
        vocabularies: lists of concepts, in Turtle.
        shapes: SHACL, in Turtle.
        alignments: matches with terms of others, in SSSOM/TSV; it need not be there.
        metrics: more lists of concepts, in Turtle.
    """

    ontology: Path = field(default_factory=ontology_file)
    vocabularies: Path = field(default_factory=vocabulary_file)
    shapes: Path = field(default_factory=shapes_file)
    alignments: Path = field(default_factory=alignments_file)

    metrics: Path = field(default_factory=metric_vocabulary_file)

    def files(self) -> tuple[Path, ...]:
        """The Turtle files."""
        return self.ontology, self.vocabularies, self.metrics, self.shapes


@dataclass(frozen=True, slots=True)
class Ref:
    """A term or an address in the text; ``href`` is empty where it is no link."""

    text: str
    href: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of a term: what it is, and its values."""

    name: str
    values: Sequence[Ref]


@dataclass(frozen=True, slots=True)
class Rule:
    """One constraint of SHACL.

    Attributes:
        path: the property, or the class on the page of a property; None for the thing itself.
        count: how many values there must be, such as ``exactly 1``; empty where any number may.
        values: what each must be, in words and terms.
        message: what the shape says of data that break it.
    """

    path: Ref | None
    count: str
    values: Sequence[Ref]
    message: str


@dataclass(frozen=True, slots=True)
class Term:
    """One class, property, concept or shape.

    Attributes:
        iri: in full.
        name: prefixed.
        anchor: id on the page.
        label: for people.
        definition: the same.
        deprecated: whether it is kept for old data only.
        rows: facts with links.
        rules: what SHACL asks of it.
        examples: each a piece of text, such as Turtle.
        notes: further remarks.
    """

    iri: str
    name: str
    anchor: str
    label: str
    definition: str
    deprecated: bool
    rows: Sequence[Row]
    rules: Sequence[Rule] = ()
    examples: Sequence[str] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Terms of one kind; ``column`` heads the first column of their rules."""

    anchor: str
    title: str
    terms: Sequence[Term]
    column: str = "Property"


@dataclass(frozen=True, slots=True)
class Match:
    """One row of the alignments: a term of ours, how it matches, and a term of others."""

    subject: Ref
    predicate: Ref
    object: Ref
    label: str
    justification: str
    comment: str


@dataclass(frozen=True, slots=True)
class Document:
    """All of a page."""

    iri: str
    title: str
    description: str
    abstract: str
    header: Sequence[Row]
    notes: Sequence[str]
    prefixes: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    mappings: Sequence[Match] = ()


def read_document(
    of: Place = ONTOLOGY, places: Places | None = None, sources: Sources | None = None
) -> Document:
    """Read what the page of the ontology, of the vocabularies or of the shapes holds.

    The page of the ontology has the terms of all three. An anchor is the local name of its term;
    where a concept has the local name of a property, the concept's is ``vocab-`` and the name. On
    the other two pages each anchor is the local name.

    Args:
        of: which page.
        places: addresses of the pages; those of the server where not given.
        sources: the files; those of the package where not given.

    Raises:
        SyntaxError: a file is no Turtle.
        OSError: a file cannot be read.
    """
    from .reading import Reader

    return Reader(of, places or Places(), sources or Sources()).document()
