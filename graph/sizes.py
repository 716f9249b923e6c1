"""From the sizes of a record to its `fp:Size` nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from ..extract.records import Label, Record, Size
from ..ontology.terms import COMPARATORS, FP
from . import terms
from .iris import Iris
from .results import entities_by_name, nearest_mention
from .terms import node, term
from .values import parse_decimal

_Triple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode | RdfLiteral]
_PARAMETERS: Final = "parameters"
# What can have a size, in the order in which a name is looked up; only models have parameters.
_BEARERS: Final[tuple[Label, ...]] = ("Dataset", "Model")


@dataclass(frozen=True, slots=True)
class MappedSize:
    """A size whose count is a number and whose data set or model is known.

    Attributes:
        iri: of the size.
        value: what the count amounts to.
        source: the size in the record.
        bearer: IRI of the data set or model.
        support: IRI of its mention that is nearest to the size.
    """

    iri: str
    value: Decimal
    source: Size
    bearer: str
    support: str

    def core(self) -> Iterator[_Triple]:
        """What the size says, and of what."""
        subject = node(self.iri)
        yield node(self.bearer), node(FP.size), subject
        yield subject, term("rdf:type"), node(FP.Size)
        yield subject, node(FP.value), terms.decimal(self.value)
        yield subject, node(FP.valueLexical), RdfLiteral(self.source.value)
        yield subject, node(FP.counted), RdfLiteral(self.source.of)
        yield subject, node(FP.comparator), node(COMPARATORS[self.source.comparator])

    def evidence(self, text: NamedNode) -> Iterator[_Triple]:
        """Where the size stands in the text, and what backs it."""
        subject = node(self.iri)
        yield subject, node(FP.inText), text
        yield subject, node(FP.start), terms.count(self.source.start)
        yield subject, node(FP.end), terms.count(self.source.end)
        yield subject, node(FP.confidence), terms.confidence(self.source.confidence)
        yield subject, node(FP.supportedBy), node(self.support)


def map_sizes(
    record: Record, bodies: Mapping[str, str], iris: Iris, minimum: float = 0.0
) -> list[MappedSize]:
    """Map the sizes of a record; those of data without a name, or of no number, give nothing.

    A size keeps its number, which is its place in the record, whether others are left out or not.

    Args:
        record: the record.
        bodies: IRI of the resource by id of each entity that is mentioned.
        iris: mints the IRIs.
        minimum: sizes with a lower confidence are left out.
    """
    by_name = entities_by_name(record, bodies)
    found: list[MappedSize] = []
    for n, size in enumerate(record.sizes, 1):
        value = parse_decimal(size.number)
        bearer = _bearer(size, by_name)
        if bearer is None or value is None or value < 0 or size.confidence < minimum:
            continue
        support = nearest_mention(record, (size.start, size.end), bearer, iris)
        iri = iris.size(record.key, n)
        found.append(MappedSize(iri, value, size, bodies[bearer], support))
    return found


def _bearer(size: Size, by_name: Mapping[tuple[str, str], str]) -> str | None:
    """Id of the entity that the size is of."""
    if size.entity is None:
        return None
    labels = _BEARERS if size.of != _PARAMETERS else _BEARERS[::-1]
    found = (by_name.get((label, size.entity)) for label in labels)
    return next((entity for entity in found if entity is not None), None)
