"""Values that cannot be equal, and properties that imply each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ...ontology.terms import FP, PREFIXES
from .findings import Finding, Fix
from .known import Known
from .literals import XSD, content, number_type
from .syntax import (
    Bind,
    Element,
    Exists,
    Filter,
    Group,
    Minus,
    Path,
    Term,
    Token,
    Triple,
    View,
    groups,
)

_NUMBERS: Final = frozenset(
    XSD + each
    for each in (
        "integer", "decimal", "double", "float", "int", "long", "short", "byte",
        "nonNegativeInteger", "positiveInteger", "unsignedInt", "unsignedLong",
    )
)  # fmt: skip
# What stands in VoID for literals with a language tag.
_TAGGED: Final = PREFIXES["rdf"] + "langString"
_WORDS: Final = {"number": "a number", "string": "a string", "year": "a year (xsd:gYear)"}
_STRINGS: Final = frozenset(
    {"STR", "LCASE", "UCASE", "CONCAT", "SUBSTR", "STRBEFORE", "STRAFTER", "REPLACE", "LANG"}
)
_COUNTS: Final = frozenset({"STRLEN", "ABS", "ROUND", "CEIL", "FLOOR", "YEAR", "MONTH", "DAY"})
_ENDS: Final = frozenset({"(", ")", "&", "|", ",", "!"})


def value_findings(view: View, known: Known) -> Iterator[Finding]:
    """Comparisons that never hold, literals of another type, and patterns that say nothing new."""
    assert view.query is not None
    if view.query.where is None:
        return
    kinds = _variable_kinds(view.query.where, known)
    for group in groups(view.query.where):
        yield from _mentions(group, known)
        for element in group.elements:
            match element:
                case Filter(expression=expression) | Bind(expression=expression):
                    yield from _compared(view, expression.tokens, kinds)
                case Triple():
                    yield from _literal(view, element, known)
                case _:
                    pass


def kind_of(datatype: str) -> str:
    """What a datatype is to a comparison; empty where that is not looked at."""
    if datatype in _NUMBERS:
        return "number"
    return {XSD + "string": "string", XSD + "gYear": "year"}.get(datatype, "")


def _variable_kinds(group: Group, known: Known) -> Mapping[str, str]:
    """Kind of the values of each variable, where all of its patterns agree on one."""
    found: dict[str, set[str]] = {}
    for inner in groups(group):
        for element in inner.elements:
            name, kind = _said(element, known)
            if name:
                found.setdefault(name, set()).add(kind)
    return {
        name: next(iter(kinds))
        for name, kinds in found.items()
        if len(kinds) == 1 and "" not in kinds
    }


def _said(element: Element, known: Known) -> tuple[str, str]:
    if isinstance(element, Triple) and element.object.kind == "variable":
        predicate = element.predicate
        if isinstance(predicate, Path):
            return element.object.value, ""
        kinds = {kind_of(each) for each in known.datatypes.get(predicate.value, ())}
        return element.object.value, kinds.pop() if len(kinds) == 1 else ""
    if isinstance(element, Bind):
        return element.variable.value, _operand(element.expression.tokens, {})
    return "", ""


def _compared(view: View, tokens: tuple[Token, ...], kinds: Mapping[str, str]) -> Iterator[Finding]:
    for place, token in enumerate(tokens):
        if token.kind != "mark" or token.text not in "=<>":
            continue
        last = tokens[place - 1] if place else None
        if last is not None and last.text in ("<", ">", "!") and last.end == token.start:
            continue
        after = place + 1
        if after < len(tokens) and tokens[after].text == "=":
            after += 1
        left, right = _left(tokens, place), _right(tokens, after)
        first, second = _operand(left, kinds), _operand(right, kinds)
        if first and second and first != second:
            yield _mismatch(view, left, right, first, second)


def _left(tokens: tuple[Token, ...], end: int) -> tuple[Token, ...]:
    depth, start = 0, end
    while start > 0:
        token = tokens[start - 1]
        if token.kind == "mark":
            depth += (token.text == ")") - (token.text == "(")
            if depth < 0 or (not depth and token.text in _ENDS - {"(", ")"}):
                break
        start -= 1
    return tokens[start:end]


def _right(tokens: tuple[Token, ...], start: int) -> tuple[Token, ...]:
    depth, end = 0, start
    while end < len(tokens):
        token = tokens[end]
        if token.kind == "mark":
            depth += (token.text == "(") - (token.text == ")")
            if depth < 0 or (not depth and token.text in _ENDS - {"(", ")"}):
                break
        end += 1
    return tokens[start:end]


def _operand(tokens: tuple[Token, ...], kinds: Mapping[str, str]) -> str:
    """Kind of one side of a comparison; empty where it cannot be told."""
    if not tokens:
        return ""
    first = tokens[0]
    if len(tokens) == 1:
        match first.kind:
            case "variable":
                return kinds.get(first.text[1:], "")
            case "number":
                return kind_of(number_type(first))
            case "string":
                return "string"
            case _:
                return ""
    if first.kind == "string" and [each.text for each in tokens[1:3]] == ["^", "^"]:
        local = tokens[3].text.rpartition(":")[2] if len(tokens) == 4 else ""
        return kind_of(XSD + local) if tokens[-1].text.startswith("xsd:") else ""
    if tokens[1].text != "(" or tokens[-1].text != ")" or not _is_one_call(tokens):
        return ""
    if first.kind == "word" and first.upper in _STRINGS:
        return "string"
    if first.kind == "word" and first.upper in _COUNTS:
        return "number"
    if first.kind == "name" and first.text.startswith("xsd:"):
        return kind_of(XSD + first.text[4:])
    return ""


def _is_one_call(tokens: tuple[Token, ...]) -> bool:
    depth = 0
    for place, token in enumerate(tokens[1:], 1):
        if token.kind == "mark":
            depth += (token.text == "(") - (token.text == ")")
        if not depth and place < len(tokens) - 1:
            return False
    return depth == 0


def _mismatch(
    view: View, left: tuple[Token, ...], right: tuple[Token, ...], first: str, second: str
) -> Finding:
    start, end = left[0].start, right[-1].end
    fixes: tuple[Fix, ...] = ()
    advice = "convert one of them, with STR(…) or xsd:decimal(…)"
    for side, other in ((left, right), (right, left)):
        kind = second if side is left else first
        mine = first if side is left else second
        if mine == "year" and len(side) == 1 and len(other) == 1 and kind in ("number", "string"):
            text = other[0].text if kind == "number" else content(other[0].text)
            name = side[0].text
            if other[0].kind in ("number", "string") and text.isdecimal():
                written: dict[tuple[Token, ...], str] = {side: f"STR({name})", other: f'"{text}"'}
                between = view.text[left[-1].end : right[0].start]
                whole = f"{written[left]}{between}{written[right]}"
                fixes = (Fix(start, end, whole, f"write {whole}"),)
                advice = f"write {whole}"
    message = f"{_WORDS[first]} is compared with {_WORDS[second]}, which never holds; {advice}"
    return Finding(start, end, "compared-types", message, fixes)


def _literal(view: View, triple: Triple, known: Known) -> Iterator[Finding]:
    value = triple.object
    if value.kind != "literal" or isinstance(triple.predicate, Path):
        return
    datatypes = known.datatypes.get(triple.predicate.value)
    if not datatypes or (value.datatype or _TAGGED) in datatypes:
        return
    if not value.datatype and not value.language:
        # A prefix that is not declared hides the datatype.
        return
    wanted = sorted(datatypes)
    fixes: tuple[Fix, ...] = ()
    if wanted != [_TAGGED] and len(wanted) == 1:
        text = _written(view, value, wanted[0])
        fixes = (Fix(value.start, value.end, text, f"write {text}"),)
    shown = " or ".join(
        "tagged with a language" if each == _TAGGED else each.replace(XSD, "xsd:")
        for each in wanted
    )
    given = f"tagged @{value.language}" if value.language else value.datatype.replace(XSD, "xsd:")
    advice = f"; {fixes[0].label}" if fixes else ""
    message = f"values of {triple.predicate.text} are {shown}, and this one is {given}{advice}"
    yield Finding(value.start, value.end, "literal-type", message, fixes)


def _written(view: View, value: Term, datatype: str) -> str:
    plain = value.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    plain = plain.replace("\r", "\\r")
    if datatype == XSD + "string":
        return f'"{plain}"'
    name = next(
        (f"{each}:" for each, prefix in sorted(view.prefixes.items()) if prefix.iri == XSD), ""
    )
    local = datatype.replace(XSD, "")
    return f'"{plain}"^^{name}{local}' if name else f'"{plain}"^^<{datatype}>'


def _mentions(group: Group, known: Known) -> Iterator[Finding]:
    plain = [
        each
        for each in group.elements
        if isinstance(each, Triple) and isinstance(each.predicate, Term)
    ]
    negated = any(
        isinstance(each, Minus) or (isinstance(each, Filter) and _negates(each.expression.exists))
        for each in group.elements
    )
    between: dict[tuple[str, str, str, str], list[Triple]] = {}
    for each in plain:
        between.setdefault(_ends_of(each), []).append(each)
    for wide in plain:
        assert isinstance(wide.predicate, Term)
        same = between[_ends_of(wide)]
        narrower = next((each for each in same if _implies(each, wide, known)), None)
        if narrower is not None:
            assert isinstance(narrower.predicate, Term)
            message = (
                f"{narrower.predicate.text} is a sub-property of {wide.predicate.text}, so this "
                "pattern adds nothing; drop it, or the other one"
            )
            yield Finding(wide.start, wide.end, "implied-pattern", message)
        elif wide.predicate.value == FP.mentions and not negated:
            name = wide.predicate.text
            message = (
                f"{name} holds for all that a paper introduces or uses too; for mere mentions add "
                f"FILTER NOT EXISTS {{ {_node(wide.subject)} fp:introduces|fp:uses "
                f"{_node(wide.object)} }}"
            )
            at = wide.predicate
            yield Finding(at.start, at.end, "mentions-includes-uses", message)


def _node(term: Term) -> str:
    return term.text if len(term.text) <= 60 else "…"


def _negates(found: tuple[Exists, ...]) -> bool:
    return any(each.negated for each in found)


def _implies(narrow: Triple, wide: Triple, known: Known) -> bool:
    assert isinstance(narrow.predicate, Term)
    assert isinstance(wide.predicate, Term)
    return wide.predicate.value in known.wider.get(narrow.predicate.value, ())


def _ends_of(triple: Triple) -> tuple[str, str, str, str]:
    first, last = triple.subject, triple.object
    return first.kind, first.value, last.kind, last.value
