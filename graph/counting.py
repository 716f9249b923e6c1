"""What triples count for in statistics, in one pass over the data graphs.

A triple counts by its property, by the classes of its subject, and by the classes or the datatype
of its object. As a query this is a look-up for each object; here nodes are numbers that are looked
up in arrays.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from pyoxigraph import Literal, NamedNode, Quad, Store

from ..ontology.terms import PREFIXES

# By ("property", p), ("entities", class), ("use", class, p), ("class", class, p, class of the
# object) and ("datatype", class, p, datatype).
Counts: TypeAlias = "Counter[tuple[str, ...]]"

_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_BATCH: Final = 1 << 17
# Bits of a number for a property, and of one for classes or a datatype.
_BITS: Final = 20
_MASK: Final = (1 << _BITS) - 1

_Numbers: TypeAlias = "npt.NDArray[np.int64]"


class _Index:
    """Numbers things in the order in which they are met."""

    def __init__(self) -> None:
        self.things: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def __getitem__(self, thing: Any) -> int:
        number = self._numbers.get(thing)
        if number is None:
            number = self._numbers[thing] = len(self.things)
            if number >= _MASK:
                raise OverflowError(f"over {_MASK:,} properties, datatypes or sets of classes")
            self.things.append(thing)
        return number


class _Classes:
    """The classes of every node: sixteen bytes a node, and a number for each set of classes.

    Nodes are known by their hash of 64 bits. That two of ten million nodes share one, and one of
    them counts as the other, has a chance of three in a million.
    """

    def __init__(self, store: Store, graphs: Sequence[NamedNode]) -> None:
        # Number 0 is that of nodes without a class.
        self._sets = _Index()
        assert self._sets[()] == 0
        self.entities: Counter[str] = Counter()
        names = _Index()
        nodes, classes = array("q"), array("q")
        for quad in _quads(store, graphs, _TYPE):
            if isinstance(quad.object, NamedNode):
                nodes.append(hash(quad.subject))
                classes.append(names[quad.object.value])
        hashes, numbers = np.array(nodes, np.int64), np.array(classes, np.int64)
        for number, count in _tally(numbers):
            self.entities[names.things[number]] = count
        order = np.lexsort((numbers, hashes))
        hashes, numbers = hashes[order], numbers[order]
        self._hashes, starts, lengths = np.unique(hashes, return_index=True, return_counts=True)
        alone = np.array([self._sets[(name,)] for name in names.things], np.int64)
        self._numbers = alone[numbers[starts]] if len(starts) else starts
        for each in np.flatnonzero(lengths > 1).tolist():
            several = numbers[starts[each] : starts[each] + lengths[each]].tolist()
            self._numbers[each] = self._sets[tuple(names.things[number] for number in several)]

    def of(self, nodes: _Numbers) -> _Numbers:
        """Numbers of the sets of classes of nodes, which are given by their hashes."""
        if not len(self._hashes):
            return np.zeros(len(nodes), np.int64)
        places = np.searchsorted(self._hashes, nodes)
        places[places == len(self._hashes)] = 0
        return np.where(self._hashes[places] == nodes, self._numbers[places], 0)

    def names(self, number: int) -> tuple[str, ...]:
        """IRIs of the classes of a set."""
        found: tuple[str, ...] = self._sets.things[number]
        return found


def count_uses(store: Store, graphs: Sequence[NamedNode]) -> Counts:
    """Count the triples of graphs that have none in common.

    Args:
        store: with the graphs.
        graphs: their names.
    """
    classes = _Classes(store, graphs)
    properties, datatypes = _Index(), _Index()
    found: Counter[int] = Counter()
    quads = _quads(store, graphs)
    while batch := list(islice(quads, _BATCH)):
        subjects, objects, rest = array("q"), array("q"), array("q")
        for subject, predicate, value, _ in batch:
            subjects.append(hash(subject))
            by = properties[predicate]
            if isinstance(value, Literal):
                objects.append(0)
                # One more than its number; 0 is for what is no literal.
                rest.append((by << _BITS) + datatypes[value.datatype] + 1)
            else:
                objects.append(hash(value))
                rest.append(by << _BITS)
        of, numbers = classes.of(np.array(subjects, np.int64)), np.array(rest, np.int64)
        third = np.where(numbers & _MASK, 0, classes.of(np.array(objects, np.int64)))
        # The set of the subject's classes, the property, and a datatype or else a set of classes.
        literal = (numbers & _MASK) > 0
        key = (of << (2 * _BITS + 1)) + ((numbers >> _BITS) << (_BITS + 1))
        key += np.where(literal, ((numbers & _MASK) - 1) * 2 + 1, third * 2)
        found.update(dict(_tally(key)))
    counts: Counts = Counter({("entities", of): n for of, n in classes.entities.items()})
    for each, count in found.items():
        by = properties.things[(each >> (_BITS + 1)) & _MASK].value
        counts["property", by] += count
        for name in classes.names(each >> (2 * _BITS + 1)):
            counts["use", name, by] += count
            last = (each >> 1) & _MASK
            if each & 1:
                counts["datatype", name, by, datatypes.things[last].value] += count
            else:
                for one in classes.names(last):
                    counts["class", name, by, one] += count
    return counts


def _tally(numbers: _Numbers) -> Iterator[tuple[int, int]]:
    """Each number, and how often it is there."""
    values, counts = np.unique(numbers, return_counts=True)
    return zip(values.tolist(), counts.tolist(), strict=True)


def _quads(
    store: Store, graphs: Sequence[NamedNode], predicate: NamedNode | None = None
) -> Iterator[Quad]:
    for graph in graphs:
        yield from store.quads_for_pattern(None, predicate, None, graph)
