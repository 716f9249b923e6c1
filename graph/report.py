"""A validation as RDF: the report of SHACL, and what the shapes were applied to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from .errors import Violation
from .iris import Iris
from .measures import Measure
from .quality import describe_measures
from .terms import node, term
from .validation import Validation

ReportTriple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | BlankNode | Literal]


def describe_validation(found: Validation, iris: Iris) -> Iterator[ReportTriple]:
    """Yield the report on the violations, and how many papers the shapes saw.

    The report conforms if and only if it has no result, as SHACL asks.
    """
    report = node(iris.part("validation", "report"))
    yield node(iris.corpus()), term("dqv:hasQualityMetadata"), report
    yield report, term("rdf:type"), term("dqv:QualityMetadata")
    yield from _report(report, found.violations, iris)
    yield from describe_measures([Measure("shaped-papers", None, found.shaped)], iris)


def describe_warnings(found: Validation, iris: Iris) -> Iterator[ReportTriple]:
    """Yield a report on the warnings alone, which is none where there are none."""
    if found.warnings:
        yield from _report(node(iris.part("validation", "warnings")), found.warnings, iris)


def _report(report: NamedNode, faults: Sequence[Violation], iris: Iris) -> Iterator[ReportTriple]:
    yield report, term("rdf:type"), term("sh:ValidationReport")
    yield report, term("sh:conforms"), Literal(not faults)
    name = report.value.rpartition("/")[2]
    for number, fault in enumerate(faults, 1):
        result = node(iris.part("validation", name, str(number)))
        yield report, term("sh:result"), result
        yield result, term("rdf:type"), term("sh:ValidationResult")
        yield result, term("sh:focusNode"), _focus(fault.focus)
        yield result, term("sh:resultMessage"), Literal(fault.message)
        severity = "sh:Violation" if fault.severity == "violation" else "sh:Warning"
        yield result, term("sh:resultSeverity"), term(severity)
        yield result, term("sh:sourceConstraintComponent"), node(fault.component)
        if fault.check.startswith("http"):
            yield result, term("sh:sourceShape"), node(fault.check)
        else:
            yield result, term("dcterms:identifier"), Literal(fault.name)


def _focus(name: str) -> NamedNode | BlankNode:
    return BlankNode(name[2:]) if name.startswith("_:") else NamedNode(name)
