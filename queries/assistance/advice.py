"""All findings about a query in one call."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from .findings import Finding
from .joins import join_findings
from .known import Known, defined
from .reading import read
from .scopes import scope_findings
from .syntax import View
from .terms import undeclared_prefixes, unknown_terms
from .values import value_findings

# Who gets more reads none of them.
MOST_FINDINGS: Final = 100


def advise(query: str | View, known: Known | None = None) -> tuple[Finding, ...]:
    """What may be wrong with a query, in the order of its text; nothing is executed.

    Of a query that is not wholly understood only names and prefixes are judged.

    Args:
        query: its text, or the text as it was read.
        known: the terms that there are; by default those of the vocabularies, without a graph.

    >>> [each.kind for each in advise("SELECT ?b { ?a a ?c }")]
    ['unbound-variable']
    """
    view = read(query) if isinstance(query, str) else query
    every = _findings(view, defined() if known is None else known)
    found = sorted(
        set(islice(every, MOST_FINDINGS)),
        key=lambda each: (each.start, each.end, each.kind, each.message),
    )
    return tuple(found)


def _findings(view: View, known: Known) -> Iterator[Finding]:
    yield from undeclared_prefixes(view)
    yield from unknown_terms(view, known)
    if view.query is None or view.fault is not None:
        return
    yield from scope_findings(view)
    yield from join_findings(view, known)
    yield from value_findings(view, known)
