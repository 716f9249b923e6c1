"""What determines an answer, as the entity tag that names it.

A snapshot never changes, so its edition, the query, the dataset, the base of relative IRIs and the media
type determine every byte. The tag is known before any work is done, and is the key of the cache.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from ..workers.answers import QueryRequest

_DIGEST_BYTES: Final = 20
# In these, or behind them, white space may mean something: strings and comments.
_LITERAL: Final = re.compile("[\"'#\\\\]")
# White space of the grammar (SPARQL 1.1, section 19.8, WS); there is more in Unicode, all of it
# syntax errors.
_SPACES: Final = re.compile("[\t\n\r ]+")


def normalise(query: str) -> str:
    r"""Fold spellings of a query that cannot have different answers.

    Runs of white space become one space, unless a string or comment may be in the query; such a
    query stays as it is.

    >>> normalise("ASK  {\n ?s a ?c }\n")
    'ASK { ?s a ?c }'
    >>> normalise("ASK { ?s ?p 'a  b' }")
    "ASK { ?s ?p 'a  b' }"
    """
    return query if _LITERAL.search(query) else _SPACES.sub(" ", query).strip(" ")


def entity_tag(edition: str, query: QueryRequest) -> str:
    """The strong entity tag of an answer (RFC 9110 section 8.8.3), in its quotes.

    Args:
        edition: of the store that answers.
        query: the question; its deadline and how it reached us play no part.
    """
    return digest_tag(
        (
            edition,
            query.media_type,
            query.base_iri or "",
            normalise(query.query),
            repr(query.default_graphs),
            repr(query.named_graphs),
            repr(sorted(query.prefixes.items())),
        )
    )


def digest_tag(parts: Iterable[str]) -> str:
    """An entity tag that differs where any part does."""
    # The text of a tuple is injective, unlike its parts joined; it also escapes lone surrogates.
    return f'"{blake2b(ascii(tuple(parts)).encode(), digest_size=_DIGEST_BYTES).hexdigest()}"'
