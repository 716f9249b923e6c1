"""What a query asks for, as far as that can be told from its tokens.

The engine finds keywords without regard to word boundaries (``trueSERVICE<x>`` and
``SERVICEex:x`` both call a service), so the check is wider than the grammar. It is one of two
hands: query processes cannot open sockets either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from ..graph.lexer import Token, tokens
from .errors import QueryForbiddenError
from .protecting.weight import Weight

if TYPE_CHECKING:
    # The library is slow to import, and the processes of updates start for each.
    from ..queries import Form

_FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_PROLOGUE: Final = ("PREFIX", "BASE", "VERSION")
_UPDATES: Final = (
    "INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH",
)  # fmt: skip
# Functions, or parts of their names, that answer differently each time.
_VOLATILE: Final = ("NOW", "RAND", "UUID", "BNODE")
_GRAPH_KEYWORDS: Final = ("GRAPH", "FROM", "NAMED")
# "<" may be the comparison instead of an IRI's start; with a scheme and "//" behind it cannot.
_SURE_IRI: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
# Far below what overflows the stack of a query process, far above what people write.
MOST_TERMS: Final = 20_000
_SERVICE_REASON: Final = "queries cannot reach other endpoints from here; ask them yourself"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in a query.

    Attributes:
        form: its form, None where none was found (the engine will say what is wrong).
        has_from: FROM or FROM NAMED says what the dataset is.
        volatile: two runs on the same data may differ (NOW, RAND, new blank nodes).
    """

    form: Form | None
    has_from: bool
    volatile: bool


def inspect(query: str, *, max_depth: int, max_terms: int = MOST_TERMS) -> Inspection:
    r"""Look through a query before it runs.

    Raises:
        QueryForbiddenError: it is an update or has a SERVICE clause. The word in a string, comment,
            IRI, variable or prefixed name is none; where an ambiguous ``<`` leaves that open, the
            query is refused with advice.
        QueryTooDeepError: brackets nest deeper than ``max_depth``.
        QueryTooComplexError: longer chains than the engine can take; see `Weight`.

    >>> inspect("# SERVICE\nASK { ?service ex:service 'SERVICE' }", max_depth=9).form
    'ASK'
    """
    scan = _Scan(Weight(max_depth, max_terms))
    upper = query.upper()
    whole = len(query) > max_terms or _needs_whole_scan(upper, max_depth)
    for token in tokens(query):
        scan.take(token)
        if scan.started and not whole:
            break
    if scan.ambiguous and "SERVICE" in upper:
        raise QueryForbiddenError("SERVICE", _ambiguous(scan.ambiguous))
    return Inspection(scan.form, scan.has_from, scan.volatile)


def inspect_update(update: str, *, max_depth: int, max_terms: int = MOST_TERMS) -> None:
    """Look through an update, all of it, before it is split into operations.

    Raises:
        QueryForbiddenError: it has a SERVICE clause, or an ambiguous ``<`` may hide one or a LOAD.
        QueryTooDeepError: brackets nest deeper than ``max_depth``.
        QueryTooComplexError: longer chains than the engine can take, outside of data.
    """
    scan = _Scan(Weight(max_depth, max_terms), update=True)
    upper = update.upper()
    for token in tokens(update):
        scan.take(token)
    if scan.ambiguous:
        for operation in ("SERVICE", "LOAD"):
            if operation in upper:
                raise QueryForbiddenError(operation, _ambiguous(scan.ambiguous))


def _ambiguous(iri: str) -> str:
    return f"{iri} may hide one; write that IRI in full, or a space after <"


def _needs_whole_scan(upper: str, max_depth: int) -> bool:
    """Whether more than the form can matter; most queries are settled by their first words."""
    if sum(upper.count(bracket) for bracket in ("(", "{", "[", "<<")) > max_depth:
        return True
    if "CONSTRUCT" in upper and ("[" in upper or "_:" in upper):
        return True
    return any(part in upper for part in ("SERVICE", "FROM", *_VOLATILE))


def undeclared_prefix(query: str) -> str | None:
    """The first prefix that is used before any PREFIX declares it, with its colon.

    >>> undeclared_prefix("PREFIX a: <urn:a> ASK { a:x ex:y 'b:z' }")
    'ex:'
    """
    declared: set[str] = set()
    before = ""
    for token in tokens(query):
        if token.kind == "comment" or token.text.isspace():
            continue
        if token.kind == "name":
            prefix = token.text.partition(":")[0] + ":"
            if before == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared and before != "_":
                return prefix
        before = token.text.upper()
    return None


class _Scan:
    """State of one pass over the tokens."""

    def __init__(self, weight: Weight, *, update: bool = False) -> None:
        self._update = update
        self.form: Form | None = None
        self.has_from = False
        self.volatile = False
        self.ambiguous = ""
        self._weight = weight
        self.started = False
        self._word = ""
        self._service_name = False

    def take(self, token: Token) -> None:
        text = token.text
        if token.kind == "comment" or text.isspace():
            return
        self._weight.take(token.kind, text, token.start)
        if self._service_name and text == "{":
            raise QueryForbiddenError("SERVICE", _SERVICE_REASON)
        self._service_name = False
        if token.kind == "other":
            # A blank node in a template is a new one each time.
            self.volatile |= text == "[" and self.form == "CONSTRUCT"
        elif token.kind == "word":
            self._take_word(text.upper())
            return
        elif token.kind == "name":
            prefix = text.partition(":")[0].upper()
            self._service_name = "SERVICE" in prefix and self._word not in _GRAPH_KEYWORDS
        elif token.kind == "iri" and ("#" in text or "'" in text) and not _SURE_IRI.match(text):
            self.ambiguous = text[:80]
        self._word = ""

    def _take_word(self, word: str) -> None:
        self._word = word
        if "SERVICE" in word:
            raise QueryForbiddenError("SERVICE", _SERVICE_REASON)
        if not self.started and not self._update and not word.startswith(_PROLOGUE):
            self._start(word)
        self.has_from |= word.startswith("FROM") and self._weight.depth == 0
        self.volatile |= any(part in word for part in _VOLATILE)
        self.volatile |= word == "_" and self.form == "CONSTRUCT"

    def _start(self, word: str) -> None:
        self.started = True
        for operation in _UPDATES:
            if word.startswith(operation):
                raise QueryForbiddenError(operation, "this endpoint only reads")
        form = next((form for form in _FORMS if word.startswith(form)), None)
        self.form = cast("Form | None", form)
