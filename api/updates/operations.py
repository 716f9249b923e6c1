"""An update request as the list of its operations, as far as its tokens tell.

Grammar: SPARQL 1.1, productions 29 to 42. The engine takes neither a dataset for an update nor a
prologue between two operations, both of which the standards have, so operations are run one by
one, each after the prologue that holds for it, and with USING clauses where a dataset is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...graph.lexer import Token, tokens
from ..errors import MalformedRequestError, QueryForbiddenError
from ..inspection import inspect_update

_PROLOGUE: Final = ("PREFIX", "BASE", "VERSION")
_MODIFY: Final = ("WITH", "INSERT", "DELETE")
_OPEN, _CLOSE = frozenset("({["), frozenset(")}]")


@dataclass(frozen=True, slots=True)
class Operation:
    """A piece of an update request that the engine runs at once.

    Attributes:
        start: offset of its own prologue, or of its first word, in the request.
        text: as written, from ``start`` on.
        before: the prologue of earlier operations, which holds here too.
        declares: it has a prologue of its own.
        dataset_at: offset in ``text`` where USING clauses may stand; None where the operation
            reads nothing, or says itself what it reads.
        names_dataset: it has a WITH or USING clause.
        template_at: for DELETE WHERE, the offset in ``text`` of its braces.
    """

    start: int
    text: str
    before: str
    declares: bool = False
    dataset_at: int | None = None
    names_dataset: bool = False
    template_at: int | None = None

    def engine_text(self, using: str = "") -> str:
        """What the engine is given; ``using`` are the clauses that say what WHERE reads."""
        text = self.text
        if using and self.dataset_at is not None:
            at = self.dataset_at
            if self.template_at is not None:
                # DELETE WHERE { … } has no place for USING; its long form has.
                template = text[self.template_at :]
                text = f"{text[:at]} {template} {using} WHERE {template}"
            else:
                text = f"{text[:at]} {using} {text[at:]}"
        return f"{self.before}\n{text}" if self.before else text

    def position(self, request: str, line: int, column: int) -> tuple[int, int]:
        """Where in the request an error is that the engine reports for the bare operation."""
        skipped = self.before.count("\n") + 1 if self.before else 0
        line -= skipped
        above = request.count("\n", 0, self.start)
        if line <= 1:
            column += self.start - (request.rfind("\n", 0, self.start) + 1)
        return above + max(line, 1), column


def operations(request: str, *, max_depth: int) -> list[Operation]:
    """Split an update request into what is run one after the other.

    Operations that read nothing and follow each other are one piece, so that ten thousand lines
    of INSERT DATA are one call of the engine.

    Raises:
        QueryForbiddenError: it has a LOAD, or a SERVICE clause at whatever depth.
        QueryTooDeepError: brackets nest deeper than ``max_depth``.

    >>> [each.text for each in operations("CLEAR ALL; DROP ALL; DELETE WHERE { ?s ?p ?o }", max_depth=9)]
    ['CLEAR ALL; DROP ALL', 'DELETE WHERE { ?s ?p ?o }']
    """
    inspect_update(request, max_depth=max_depth)
    return list(_joined(request, _split(request)))


def with_dataset(pieces: Sequence[Operation], default: Sequence[str], named: Sequence[str]) -> str:
    """The USING clauses that stand for the dataset of the protocol; empty where it gives none.

    Raises:
        MalformedRequestError: an operation says itself what it reads (SPARQL 1.1 Protocol,
            section 2.2.3).
    """
    if not default and not named:
        return ""
    if any(piece.names_dataset for piece in pieces):
        raise MalformedRequestError(
            "using-graph-uri and using-named-graph-uri exclude USING and WITH in the update"
        )
    return using(default, named)


def using(default: Iterable[str], named: Iterable[str]) -> str:
    """USING clauses; every IRI must be valid."""
    return " ".join(
        (*(f"USING <{iri}>" for iri in default), *(f"USING NAMED <{iri}>" for iri in named))
    )


def _split(request: str) -> Iterator[Operation]:
    before: list[str] = []
    for piece in _pieces(request):
        operation = _read(request, piece, "\n".join(before))
        if operation is not None:
            yield operation
        declared = piece[: _prologue_end(piece)]
        if declared:
            before.append(request[piece[0].start : _end(declared)])


def _pieces(request: str) -> Iterator[list[Token]]:
    """The tokens between semicolons outside of brackets, without blanks and comments."""
    piece: list[Token] = []
    depth = 0
    for token in tokens(request):
        if token.kind == "comment" or token.text.isspace():
            continue
        if token.kind == "other":
            depth += (token.text in _OPEN) - (token.text in _CLOSE)
            if token.text == ";" and depth <= 0:
                yield piece
                piece = []
                continue
        piece.append(token)
    yield piece


def _prologue_end(piece: Sequence[Token]) -> int:
    """Index of the first token that is no part of PREFIX, BASE and VERSION declarations."""
    place = 0
    while place < len(piece) and _starts(piece[place], _PROLOGUE):
        while place < len(piece) and piece[place].kind not in ("iri", "string"):
            place += 1
        place += 1
    return min(place, len(piece))


def _read(request: str, piece: Sequence[Token], before: str) -> Operation | None:
    """One operation; None for a piece that has none, such as the end after the last semicolon.

    Raises:
        QueryForbiddenError: it is a LOAD.
    """
    if not piece:
        return None
    prologue = _prologue_end(piece)
    body, start = piece[prologue:], piece[0].start
    plain = Operation(start, request[start : _end(piece)], before, declares=prologue > 0)
    if not body:
        return plain
    if _starts(body[0], ("LOAD",)):
        raise QueryForbiddenError("LOAD", "updates fetch nothing; send the data itself")
    words = _leading_words(body)
    if words.startswith("DELETEWHERE"):
        braces = next((each.start for each in body if each.text == "{"), None)
        if braces is None:
            return plain
        at = body[0].start + len("DELETE") - start
        return replace(plain, dataset_at=at, template_at=braces - start)
    if words.startswith(("INSERTDATA", "DELETEDATA")):
        return plain
    return _modify(plain, body) if _starts(body[0], _MODIFY) else plain


def _modify(plain: Operation, body: Sequence[Token]) -> Operation:
    """WITH … DELETE … INSERT … USING … WHERE …; outside of brackets."""
    depth, where, names = 0, None, _starts(body[0], ("WITH",))
    for token in body:
        if token.kind == "other":
            depth += (token.text in _OPEN) - (token.text in _CLOSE)
        elif depth == 0 and _starts(token, ("USING",)):
            names = True
        elif depth == 0 and where is None and _starts(token, ("WHERE",)):
            where = token.start - plain.start
    return replace(plain, dataset_at=None if names else where, names_dataset=names)


def _end(piece: Sequence[Token]) -> int:
    return piece[-1].start + len(piece[-1].text)


def _leading_words(body: Sequence[Token]) -> str:
    """The words before anything else, in one, since the engine needs no space between them."""
    words = []
    for token in body:
        if token.kind != "word":
            break
        words.append(token.text.upper())
    return "".join(words)


def _starts(token: Token, keywords: tuple[str, ...]) -> bool:
    # A keyword may run into a prefixed name: LOADex:g is LOAD ex:g to the engine.
    return token.kind in ("word", "name") and token.text.upper().startswith(keywords)


def _joined(request: str, pieces: Iterable[Operation]) -> Iterator[Operation]:
    """Make one of neighbours that read nothing; the engine takes a prologue at the start alone."""
    held: Operation | None = None
    for piece in pieces:
        plain = piece.dataset_at is None and not piece.names_dataset
        if held is not None and plain and not piece.declares:
            end = piece.start + len(piece.text)
            held = replace(held, text=request[held.start : end])
            continue
        if held is not None:
            yield held
        held = piece if plain else None
        if not plain:
            yield piece
    if held is not None:
        yield held
