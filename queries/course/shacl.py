"""The shapes of the ontology on a few triples of Turtle, for unit 11."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import pyshacl
import rdflib
from pyoxigraph import NamedNode
from rdflib import RDF, SH

from ...ontology import ontology_file, shapes_file, vocabulary_file
from ..errors import CourseTurtleError
from ..rendering import compact


@dataclass(frozen=True, slots=True, order=True)
class ShapeFault:
    """A constraint that a node breaks; ``value`` is what stands there, empty where that is nothing."""

    focus: str
    message: str
    value: str

    def __str__(self) -> str:
        return f"{self.focus} {self.message}{f', here {self.value}' if self.value else ''}"


def faults(turtle: str) -> list[ShapeFault]:
    """Apply the shapes, and give what they report, sorted.

    Raises:
        CourseTurtleError: no Turtle.
    """
    data = rdflib.Graph()
    try:
        data.parse(data=turtle, format="turtle")
    except Exception as error:
        # rdflib raises whatever its parser meets.
        told = " ".join(str(error).split())
        raise CourseTurtleError(f"this is no Turtle: {told[:200]}") from error
    for file in (ontology_file(), vocabulary_file()):
        data.parse(file, format="turtle")
    shapes = rdflib.Graph().parse(shapes_file(), format="turtle")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    if conforms:
        return []
    assert isinstance(report, rdflib.Graph)
    found = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = report.value(result, SH.focusNode)
        value = report.value(result, SH.value)
        shown = "" if value is None or value == focus else value.n3()
        message = str(report.value(result, SH.resultMessage))
        found.append(ShapeFault(_name(focus), message, shown))
    return sorted(found)


def _name(term: object) -> str:
    return compact(NamedNode(str(term))) if isinstance(term, rdflib.URIRef) else str(term)
