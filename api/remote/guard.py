"""What other servers do beyond SPARQL 1.1, and no query may ask for.

Virtuoso runs updates that come as queries, fetches what a pragma names, and calls functions of its
own and of SQL; others call Java. The check of `inspection` is for the engine that is embedded, so a
query for a server of others passes this one too. It is wider than the grammar, in which none of
these words stands outside of strings, comments, IRIs, names and variables.
"""

from __future__ import annotations

import re
from typing import Final

from ...graph.lexer import Token, tokens
from ..errors import QueryForbiddenError, QuerySyntaxError

_FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_WORDS: Final = frozenset(
    (
        *("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "MODIFY"),
        *("INTO", "WITH", "USING", "DEFINE", "OPTION", "SERVICE", "QUAD", "SQL", "SOAP", "ATTACH"),
    )
)
# Functions of Virtuoso (bif, sql, xsql) and of Jena (java), as prefixes and as schemes of IRIs.
_PREFIX: Final = re.compile(r"(?:bif|x?sql|java|virtrdf)", re.IGNORECASE)
_IRI: Final = re.compile(r"<\s*(?:[A-Za-z_]+::)?(?:bif|x?sql|java):", re.IGNORECASE)


def guard(query: str) -> None:
    """Look through a query before it leaves for a server of others.

    Raises:
        QueryForbiddenError: it may ask for something beyond SPARQL 1.1.
        QuerySyntaxError: it begins like no query.

    >>> guard("SELECT * { ?s ?p 'INSERT' } # DEFINE")
    """
    form, before = "", ""
    for token in tokens(query):
        if token.kind == "comment" or token.text.isspace():
            continue
        _check(token, before)
        word = token.text.upper()
        if not form and token.kind == "word" and word not in ("PREFIX", "BASE"):
            if word not in _FORMS:
                raise QuerySyntaxError(f"a query does not begin with {token.text[:40]}")
            form = word
        before = token.text
    if not form:
        raise QuerySyntaxError("a query has SELECT, ASK, CONSTRUCT or DESCRIBE")


def _check(token: Token, before: str) -> None:
    if token.kind == "word":
        # Behind @ stands the tag of a language.
        if token.text.upper() in _WORDS and before != "@":
            raise _forbidden(token.text.upper())
    elif token.kind == "name":
        if _PREFIX.fullmatch(token.text.partition(":")[0]):
            raise _forbidden(token.text)
    elif token.kind == "iri":
        if _IRI.match(token.text):
            raise _forbidden(token.text)
    elif token.text == "`":
        raise _forbidden("`")


def _forbidden(what: str) -> QueryForbiddenError:
    return QueryForbiddenError(
        what[:80], "this server answers queries in SPARQL 1.1 and nothing beyond it"
    )
