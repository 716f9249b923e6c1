"""Check an answer to an exercise and say what is wrong with it, and what the reason may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, RdfFormat, Triple, parse

from ...graph.errors import QueryError, QuerySyntaxError
from ...graph.lexer import tokens
from ..answers import Answer, Table, Triples, Truth
from ..rendering import compact
from .causes import turned_round, why_empty
from .comparing import Difference, compare_tables, term_key
from .data import COURSE_PREFIXES, CourseStore
from .units import Cause, Course, Exercise, Key

# Longer than any answer; what is sent to the server is bounded by its own limit too.
MOST_CHARACTERS: Final = 20_000
_ALTERNATIVE: Final = re.compile(r'"[^"]+"|\b[A-Z]{2,}\b')
_MOST_ALTERNATIVES: Final = 8
_LONGEST: Final = 160


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker found.

    Attributes:
        right: whether the answer is right.
        cause: the kind of mistake, else None.
        message: for the learner.
        line: of a fault of syntax, from 1.
        column: of it, from 1.
        answer: what the learner's query answered, where it answered.
    """

    right: bool
    message: str
    cause: Cause | None = None
    line: int | None = None
    column: int | None = None
    answer: Answer | None = None

    def __str__(self) -> str:
        return f"{'Right' if self.right else 'Not yet'}: {self.message}"


def check(course: Course, exercise: Exercise, text: str) -> Verdict:
    """Check what a learner wrote.

    Args:
        course: it holds the key.
        exercise: which one.
        text: SPARQL or Turtle, as the exercise asks.
    """
    key = course.keys[exercise.id]
    if all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines()):
        return Verdict(False, "there is nothing to check yet", "empty")
    if len(text) > MOST_CHARACTERS:
        return Verdict(False, f"an answer has at most {MOST_CHARACTERS:,} characters", "syntax")
    if key.kind == "turtle":
        return _check_turtle(key, text)
    store = CourseStore.of(exercise.data)
    try:
        return _check_query(store, key, text)
    finally:
        store.close()


def _check_query(store: CourseStore, key: Key, text: str) -> Verdict:
    try:
        given = store.answer(text)
    except QuerySyntaxError as error:
        return _syntax(str(error), error.line, error.column, _seen_before(key, text))
    except QueryError as error:
        return Verdict(False, str(error), "syntax")
    right = store.answer(key.answer)
    ordered = _has(key.answer, "ORDER")
    difference = _difference(given, right, ordered=ordered)
    if difference is None:
        return Verdict(True, _praise(given), answer=given)
    difference = _reason(store, key, text, given, difference)
    return Verdict(False, difference.message, difference.cause, answer=given)


def _difference(given: Answer, right: Answer, *, ordered: bool) -> Difference | None:
    if type(given) is not type(right):
        wanted = {Table: "SELECT", Truth: "ASK", Triples: "CONSTRUCT"}[type(right)]
        return Difference("form", f"this exercise asks for a {wanted} query")
    if isinstance(given, Truth) and isinstance(right, Truth):
        if given == right:
            return None
        return Difference("different", f"the answer is {'no' if given.value else 'yes'}")
    if isinstance(given, Triples) and isinstance(right, Triples):
        return _compare_triples(given.triples, right.triples)
    assert isinstance(given, Table)
    assert isinstance(right, Table)
    return compare_tables(given, right, ordered=ordered)


def _reason(
    store: CourseStore, key: Key, text: str, given: Answer, difference: Difference
) -> Difference:
    """Put the likely mistake in place of the mere difference, where one can be told."""
    cause, message = difference.cause, difference.message
    if (cause == "empty" and (found := why_empty(store, text))) or (
        cause in ("missing", "different", "required") and (found := turned_round(store, text))
    ):
        cause, message = found.cause, f"{message}. {found.message}"
    elif cause in ("missing", "extra") and _has(text, "LIMIT") != _has(key.answer, "LIMIT"):
        word = "takes rows away" if _has(text, "LIMIT") else "is missing"
        cause, message = "limit", f"{message}. LIMIT {word}"
    elif cause == "count" and not _has(key.answer, "COUNT"):
        cause = "different"
    elif cause == "count":
        message = (
            f"{message}. Rows are counted, and a join repeats them: COUNT(DISTINCT …)? "
            "Look at what is counted, and in which groups"
        )
    if said := _seen_before(key, text):
        return Difference(cause, f"{message}. {said}")
    for mistake in key.mistakes:
        # Whoever wrote the exercise has seen exactly this answer before.
        try:
            same = _difference(given, store.answer(mistake.answer), ordered=True) is None
        except QueryError:
            continue
        if same and mistake.cause == cause:
            return Difference(cause, f"{message}. {mistake.says}")
    return Difference(cause, message)


def _check_turtle(key: Key, text: str) -> Verdict:
    try:
        given = _triples(text)
    except SyntaxError as error:
        line = error.lineno - 1 if error.lineno else None
        return _syntax(str(error.msg), line, error.offset, _seen_before(key, text))
    difference = _compare_triples(given, _triples(key.answer))
    answer = Triples(given)
    if difference is None:
        return Verdict(
            True, f"{_number(len(given), 'triple')}, all as they should be", answer=answer
        )
    for mistake in key.mistakes:
        try:
            same = _compare_triples(given, _triples(mistake.answer)) is None
        except SyntaxError:
            continue
        if same:
            difference = Difference(difference.cause, f"{difference.message}. {mistake.says}")
            break
    return Verdict(False, difference.message, difference.cause, answer=answer)


def _triples(text: str) -> tuple[Triple, ...]:
    """Triples of Turtle; the prefixes of the course need not be declared."""
    # On one line, so that what the learner wrote starts on the second.
    head = " ".join(f"@prefix {name}: <{iri}> ." for name, iri in COURSE_PREFIXES.items())
    quads = parse(f"{head}\n{text}".encode(), format=RdfFormat.TURTLE)
    return tuple(sorted({quad.triple for quad in quads}, key=str))


def _compare_triples(given: tuple[Triple, ...], right: tuple[Triple, ...]) -> Difference | None:
    """Compare sets of triples; all blank nodes count as one, which is enough for exercises."""
    mine = {_key(each): each for each in given}
    theirs = {_key(each): each for each in right}
    missing = [theirs[key] for key in sorted(theirs.keys() - mine.keys())]
    extra = [mine[key] for key in sorted(mine.keys() - theirs.keys())]
    if not missing and not extra:
        return None
    sizes = f"{_number(len(given), 'triple')} instead of {len(right)}"
    if not given:
        return Difference("empty", "there is no triple in it")
    for one in extra:
        for other in missing:
            if one.subject == other.object and one.object == other.subject:
                return Difference("direction", f"{_show(one)} stands the wrong way round")
            alike = (one.subject, one.predicate) == (other.subject, other.predicate)
            if alike and getattr(one.object, "value", 0) == getattr(other.object, "value", 1):
                return Difference(
                    "type", f"{one.object} is not {other.object}: look at its datatype or quotes"
                )
    if missing and not extra:
        return Difference("missing", f"{sizes}: missing is {_show(missing[0])}")
    if extra and not missing:
        return Difference("extra", f"{sizes}: too much is {_show(extra[0])}")
    return Difference(
        "different", f"{sizes}: too much is {_show(extra[0])}; missing is {_show(missing[0])}"
    )


def _key(triple: Triple) -> tuple[str, ...]:
    terms = (triple.subject, triple.predicate, triple.object)
    return tuple(
        "_:" if isinstance(each, BlankNode) else " ".join(term_key(each)) for each in terms
    )


def _show(triple: Triple) -> str:
    return " ".join(map(compact, (triple.subject, triple.predicate, triple.object)))


def _seen_before(key: Key, text: str) -> str:
    """What to say of a mistake that is written just like a known one; else nothing."""
    folded = text.split()
    return next((each.says for each in key.mistakes if each.answer.split() == folded), "")


def _syntax(fault: str, line: int | None, column: int | None, said: str = "") -> Verdict:
    where = f"line {line}, column {column}: " if line and column else ""
    told = " ".join((fault.partition(": ")[2] or fault).split())
    if told.startswith("expected one of"):
        # The engine lists every character that could begin a token.
        words = [word.strip('"') for word in _ALTERNATIVE.findall(told)]
        listed = ", ".join(words[:_MOST_ALTERNATIVES])
        told = f"this does not fit here. Expected {'one of ' if len(words) > 1 else ''}{listed}"
        told += ", or something is missing before it"
    elif len(told) > _LONGEST:
        told = f"{told[: _LONGEST - 1]}…"
    return Verdict(False, f"{where}{told}{f'. {said}' if said else ''}", "syntax", line, column)


def _has(query: str, word: str) -> bool:
    return any(token.kind == "word" and token.text.upper() == word for token in tokens(query))


def _praise(answer: Answer) -> str:
    if isinstance(answer, Table):
        return f"{_number(len(answer.rows), 'row')}, as it should be"
    if isinstance(answer, Triples):
        return f"{_number(len(answer.triples), 'triple')}, as it should be"
    return "yes" if answer.value else "no"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
