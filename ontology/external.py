"""The terms of other vocabularies that we use, pinned: a slip of the pen is none of them."""

from __future__ import annotations

from ._files import external_terms_file
from .terms import PREFIXES


def external_terms() -> frozenset[str]:
    """IRIs of the classes and properties of others that graph, shapes and queries may use.

    >>> "http://purl.org/dc/terms/title" in external_terms()
    True
    """
    lines = external_terms_file().read_text(encoding="utf-8").splitlines()
    names = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return frozenset(PREFIXES[prefix] + local for prefix, _, local in names)
