"""SHACL constraints in a few words each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from ..terms import PREFIXES
from .content import Ref, Rule
from .triples import Node, Triples, Value

_SH: Final = PREFIXES["sh"]
_COUNTS: Final = ("minCount", "maxCount")
_QUALIFIED: Final = ("qualifiedMinCount", "qualifiedMaxCount")
# Said of each value before the terms; the others are said by their terms alone.
_WORDS: Final = {
    "class": "",
    "datatype": "",
    "nodeKind": "",
    "hasValue": "",
    "node": "shape",
    "minInclusive": "from",
    "minExclusive": "above",
    "maxInclusive": "up to",
    "maxExclusive": "below",
    "minLength": "at least so many characters:",
    "maxLength": "at most so many characters:",
    "pattern": "pattern",
    "lessThan": "less than",
    "lessThanOrEquals": "at most",
    "in": "one of",
    "or": "any of",
}

Refer = Callable[[str], Ref]


def shapes_of(triples: Triples, iri: str) -> list[Node]:
    """Node shapes whose targets are the instances of a class."""
    return triples.subjects(NamedNode(iri), _SH + "targetClass")


def rules_of(triples: Triples, shape: Node, refer: Refer) -> Iterator[Rule]:
    """Constraints of a shape on its node, then on each property, by the name of the property."""
    own = tuple(_values(triples, shape, refer))
    if own:
        yield Rule(None, "", own, triples.text(shape, _SH + "message"))
    found = [
        rule
        for part in triples.values(shape, _SH + "property")
        if isinstance(part, NamedNode | BlankNode)
        for rule in property_rules(triples, part, refer)
    ]
    yield from sorted(found, key=lambda rule: (rule.path.text if rule.path else "", rule.message))


def property_rules(triples: Triples, shape: Node, refer: Refer) -> Iterator[Rule]:
    """The constraint of a property shape; none where its path is more than a property."""
    for path in triples.iris(shape, _SH + "path")[:1]:
        count = _count(triples, shape, _COUNTS) or _count(triples, shape, _QUALIFIED)
        values = tuple(_values(triples, shape, refer))
        for part in triples.values(shape, _SH + "qualifiedValueShape"):
            if isinstance(part, NamedNode | BlankNode):
                values += tuple(_values(triples, part, refer))
        yield Rule(refer(path), count, values, triples.text(shape, _SH + "message"))


def users(triples: Triples, iri: str) -> Iterator[tuple[str, Node]]:
    """Target class and property shape of each constraint on a property."""
    for part in triples.subjects(NamedNode(iri), _SH + "path"):
        for shape in triples.subjects(part, _SH + "property"):
            for target in triples.iris(shape, _SH + "targetClass"):
                yield target, part


def ends(triples: Triples, iri: str) -> Iterator[Node]:
    """Node shapes of whatever has the property or is its value."""
    yield from triples.subjects(NamedNode(iri), _SH + "targetSubjectsOf", _SH + "targetObjectsOf")


def _count(triples: Triples, shape: Node, names: tuple[str, str]) -> str:
    least, most = (triples.text(shape, _SH + name) for name in names)
    if least and least == most:
        return f"exactly {least}"
    if least in ("", "0"):
        return f"at most {most}" if most else ""
    return f"{least} to {most}" if most else f"at least {least}"


def _values(triples: Triples, shape: Node, refer: Refer) -> Iterator[Ref]:
    for name, words in _WORDS.items():
        for value in triples.values(shape, _SH + name):
            members = list(triples.members(value)) if name in ("in", "or") else [value]
            if words:
                yield Ref(words)
            yield from (_ref(member, refer) for member in members)


def _ref(value: Value, refer: Refer) -> Ref:
    if isinstance(value, NamedNode):
        return refer(value.value)
    return Ref(value.value if isinstance(value, Literal) else "…")
