"""How much of each text can be read from the graph: quotation must stay within its bounds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from ..ontology.terms import FP, PREFIXES
from .iris import Iris

# Rule D7: at most a fifth of one text is quoted.
MOST_QUOTED: Final = 0.2


def quoted_shares(store: Store, iris: Iris) -> Iterator[tuple[str, float]]:
    """Yield the IRI of each text with a length, and the share of it that spans quote.

    Characters that several spans share count once; a span counts for at most the 80 characters
    that a surface form has. Only one text's spans are in memory at a time.
    """
    evidence = NamedNode(iris.graph("evidence"))
    kind = NamedNode(PREFIXES["rdf"] + "type")
    in_text = NamedNode(FP.inText)
    for text in store.quads_for_pattern(None, kind, NamedNode(FP.SourceText), evidence):
        length = _number(store, text.subject, FP.textLength, evidence)
        if not length:
            continue
        spans = []
        for quad in store.quads_for_pattern(None, in_text, text.subject, evidence):
            start = _number(store, quad.subject, FP.start, evidence)
            end = _number(store, quad.subject, FP.end, evidence)
            if start is not None and end is not None:
                spans.append((start, min(end, start + 80, length)))
        if isinstance(text.subject, NamedNode):
            yield text.subject.value, _covered(spans) / length


def _covered(spans: list[tuple[int, int]]) -> int:
    """Number of characters in at least one span."""
    count = reached = 0
    for start, end in sorted(spans):
        count += max(0, end - max(start, reached))
        reached = max(reached, end)
    return count


def _number(store: Store, subject: object, predicate: str, graph: NamedNode) -> int | None:
    assert isinstance(subject, NamedNode | BlankNode)
    for quad in store.quads_for_pattern(subject, NamedNode(predicate), None, graph):
        if isinstance(quad.object, Literal):
            try:
                return int(quad.object.value)
            except ValueError:
                return None
    return None
