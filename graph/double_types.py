"""Names that resources of several kinds have, as BERT the model and BERT the method."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from ..extract.records import LABELS
from ..ontology.terms import FP, PREFIXES
from .iris import Iris
from .names import fold


@dataclass(frozen=True, slots=True)
class DoubleType:
    """One name with the resources of several kinds that have it.

    Attributes:
        name: as one of them is called.
        resources: IRI of each by its kind, in the order of the kinds.
    """

    name: str
    resources: tuple[tuple[str, str], ...]


def double_types(store: Store, iris: Iris) -> Iterator[DoubleType]:
    """Find names, folded, that are the preferred name of resources of two kinds or more.

    Two passes over the names: what stays in memory is eight bytes a name and a bit a kind, and the
    names that are found.

    Yields:
        One a folded name, in the order of the folded names.
    """
    kinds: dict[bytes, int] = {}
    for bit, label in enumerate(LABELS):
        for _, name in _named(store, iris, label):
            key = _key(name)
            kinds[key] = kinds.get(key, 0) | 1 << bit
    several = {key for key, found in kinds.items() if found & (found - 1)}
    members: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for label in LABELS:
        for resource, name in _named(store, iris, label):
            if _key(name) in several:
                members[fold(name)].append((label, resource, name))
    for _, found in sorted(members.items()):
        found.sort(key=lambda each: (LABELS.index(each[0]), each[1]))
        yield DoubleType(found[0][2], tuple((label, resource) for label, resource, _ in found))


def _key(name: str) -> bytes:
    return blake2b(fold(name).encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _named(store: Store, iris: Iris, label: str) -> Iterator[tuple[str, str]]:
    """IRI and preferred name of each resource of one kind."""
    found = store.query(
        f"SELECT ?resource ?name WHERE {{ GRAPH <{iris.graph('core')}> {{"
        f" ?resource a <{getattr(FP, label)}> ; <{PREFIXES['skos']}prefLabel> ?name }} }}"
    )
    assert isinstance(found, QuerySolutions)
    for resource, name in found:
        if isinstance(name, Literal) and isinstance(resource, NamedNode):
            yield resource.value, name.value
