"""What must hold of a query beyond its front matter, checked when it is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from textwrap import shorten

from pyoxigraph import QuerySolutions, Store

from ..graph.lexer import Token, line_of, tokens
from ..ontology.terms import DEFAULT_BASE
from .errors import Fault, ParameterError
from .federation.checks import bare, federation_faults
from .metadata import Parameter
from .parameters import term
from .parsing import QueryFile

_POSITION = re.compile(r"^error at (\d+):(\d+): ")
_LONGEST = 200
_COUNTED = {"LIMIT", "OFFSET"}


def faults(file: QueryFile) -> list[Fault]:
    """Everything wrong with one query: name, parameters, defaults, syntax and columns."""
    found = [
        *named("name", _naming(file)),
        *named("parameters", (*_repeated(file), *_tokens(file), *_defaults(file))),
        *named("service", _services(file)),
    ]
    # A query with unfit blanks would only be faulted again, less clearly, by the parser, and one
    # with SERVICE might be asked by it.
    return found or [*named("choices", _choices(file)), *_answer(file)]


def named(check: str, found: Iterable[Fault]) -> Iterator[Fault]:
    """The faults with the name of the check that found them."""
    return (replace(fault, check=check) for fault in found)


def _naming(file: QueryFile) -> Iterator[Fault]:
    query = file.query
    if not file.path.stem.startswith(f"{query.id}-") or not query.slug:
        yield file.in_front_matter(("id",), f"the file must be named {query.id}-<words>.rq")


def _repeated(file: QueryFile) -> Iterator[Fault]:
    query = file.query
    for field in ("parameters", "columns"):
        seen: set[str] = set()
        for index, part in enumerate(getattr(query, field)):
            if part.name in seen:
                yield file.in_front_matter((field, index, "name"), f"{part.name} stands twice")
            seen.add(part.name)


def _tokens(file: QueryFile) -> Iterator[Fault]:
    text = file.query.text
    declared = {each.name: each for each in file.query.parameters}
    used: set[str] = set()
    previous = ""
    for token in tokens(text):
        if token.kind == "parameter":
            used.add(token.label)
        for message in _token_faults(token, previous, declared):
            yield file.in_text(line_of(text, token.start), message)
        if token.text.strip() and token.kind != "comment":
            previous = token.text.upper()
    for index, each in enumerate(file.query.parameters):
        if each.name not in used:
            message = f"parameter {each.name} is not used in the query"
            yield file.in_front_matter(("parameters", index, "name"), message)


def _services(file: QueryFile) -> Iterator[Fault]:
    message = "SERVICE would ask another server, and a query of the library asks only its graph"
    text = file.query.text
    if file.query.federates or file.query.fixture:
        yield from federation_faults(file)
    else:
        advice = f"{message}, unless 'federates' names the server and 'fixture' has an answer of it"
        for token in _service_tokens(text):
            yield file.in_text(line_of(text, token.start), advice)
    for index, each in enumerate(file.query.parameters):
        for _ in _service_tokens(each.values if isinstance(each.values, str) else ""):
            yield file.in_front_matter(("parameters", index, "values"), message)


def _service_tokens(text: str) -> Iterator[Token]:
    return (each for each in tokens(text) if each.kind == "word" and each.text.upper() == "SERVICE")


def _token_faults(token: Token, previous: str, declared: dict[str, Parameter]) -> Iterator[str]:
    if token.kind == "variable" and token.label in declared:
        yield f"{token.text} is the parameter ${token.label}; rename one or write ${token.label}"
    if token.kind != "parameter":
        return
    parameter = declared.get(token.label)
    if parameter is None:
        yield f"{token.text} is no parameter; declare it or write ?{token.label}"
    elif previous in _COUNTED and not _counts(parameter):
        yield f"{previous} {token.text} needs a parameter of type integer with minimum 0 or more"


def _counts(parameter: Parameter) -> bool:
    return parameter.type == "integer" and float(parameter.minimum or "-1") >= 0


def _defaults(file: QueryFile) -> Iterator[Fault]:
    for index, each in enumerate(file.query.parameters):
        try:
            term(each, each.default, DEFAULT_BASE)
        except ParameterError as error:
            yield file.in_front_matter(("parameters", index, "default"), str(error))


def _choices(file: QueryFile) -> Iterator[Fault]:
    for index, each in enumerate(file.query.parameters):
        query = file.query.choices_query(each.name)
        if query is None:
            continue
        location = ("parameters", index, "values")
        try:
            answer = Store().query(query)
        except SyntaxError as error:
            yield file.in_front_matter(location, f"{each.name}.values: {_brief(error)}")
            continue
        if not isinstance(answer, QuerySolutions) or _names(answer) != ["value", "label"]:
            message = f"{each.name}.values must SELECT ?value ?label"
            yield file.in_front_matter(location, message)


def _answer(file: QueryFile) -> Iterator[Fault]:
    query = file.query
    try:
        answer = Store().query(bare(query.bind()))
    except SyntaxError as error:
        position = _POSITION.match(str(error))
        line, column = (int(position[1]), int(position[2])) if position else (1, 1)
        message = f"column {column}: {_POSITION.sub('', _brief(error))}"
        yield from named("syntax", [file.in_text(line, message)])
        return
    projected = _names(answer) if isinstance(answer, QuerySolutions) else []
    declared = [column.name for column in query.columns]
    if declared != projected:
        message = f"columns are {_listed(declared)}, the query gives {_listed(projected)}"
        yield from named("columns", [file.in_front_matter(("columns",), message)])


def _brief(error: SyntaxError) -> str:
    """One line of the parser's message, which may list half of Unicode as what it expected."""
    return shorten(str(error), _LONGEST, placeholder=" …")


def _names(answer: QuerySolutions) -> list[str]:
    return [variable.value for variable in answer.variables]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
