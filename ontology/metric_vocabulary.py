"""The SKOS concepts of the reviewed metrics, in Turtle, from ``metrics.tsv``."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from .metrics import Metric, listed_metrics
from .terms import METRIC_SCHEME, PREFIXES

_PREFIXES: Final = ("fp", "fpv", "dcterms", "rdfs", "skos", "unit")
_VOCABULARIES: Final = f"<{PREFIXES['fpv']}>"


def metric_vocabulary_text() -> str:
    """The vocabulary of metrics as it stands in ``metrics.ttl``."""
    found = sorted(listed_metrics(), key=lambda metric: metric.iri)
    prefixes = [f"@prefix {name}: <{PREFIXES[name]}> ." for name in _PREFIXES]
    blocks = [_block(_short(METRIC_SCHEME), _scheme(found))]
    blocks += [_block(_short(metric.iri), _concept(metric)) for metric in found]
    head = "\n".join((*prefixes, "", "# Generated from metrics.tsv."))
    return "\n\n".join((head, *blocks)) + "\n"


def _scheme(found: list[Metric]) -> Iterator[tuple[str, str]]:
    yield "a", "skos:ConceptScheme"
    yield "skos:prefLabel", '"Metrics"@en'
    yield (
        "skos:definition",
        '"Measures that papers state results in, each with its direction, its lowest and highest '
        'possible figure and its canonical unit, as far as there is one."@en',
    )
    yield "skos:hasTopConcept", " , ".join(_short(metric.iri) for metric in found)
    yield "dcterms:license", "<https://creativecommons.org/licenses/by/4.0/>"
    yield "rdfs:isDefinedBy", _VOCABULARIES


def _concept(metric: Metric) -> Iterator[tuple[str, str]]:
    yield "a", "skos:Concept"
    yield "skos:prefLabel", f"{_quoted(metric.name)}@en"
    for predicate, names in (("altLabel", metric.also), ("hiddenLabel", metric.variants)):
        if names:
            yield f"skos:{predicate}", " , ".join(f"{_quoted(name)}@en" for name in names)
    yield "skos:definition", f"{_quoted(metric.definition)}@en"
    yield "skos:notation", _quoted(metric.notation)
    if metric.direction:
        yield "fp:direction", _short(metric.direction)
    for predicate, bound in (("lowestValue", metric.low), ("highestValue", metric.high)):
        if bound is not None:
            yield f"fp:{predicate}", _decimal(bound)
    if metric.unit:
        yield "fp:canonicalUnit", f"unit:{metric.unit.removeprefix(PREFIXES['unit'])}"
    yield "skos:inScheme", _short(METRIC_SCHEME)
    yield "skos:topConceptOf", _short(METRIC_SCHEME)
    yield "rdfs:isDefinedBy", _VOCABULARIES


def _block(subject: str, statements: Iterator[tuple[str, str]]) -> str:
    return f"{subject} " + " ;\n    ".join(" ".join(pair) for pair in statements) + " ."


def _short(iri: str) -> str:
    return f"fpv:{iri.removeprefix(PREFIXES['fpv'])}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _decimal(value: Decimal) -> str:
    plain = format(value, "f")
    return plain if "." in plain else f"{plain}.0"
