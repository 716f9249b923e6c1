"""Values of parameters as RDF terms, put into a query at its tokens and never into its text.

A value becomes one SPARQL token: an IRI, a literal or a number. It cannot end the token it stands
in, so no value changes the structure of a query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from ..graph.lexer import tokens
from ..ontology.terms import PREFIXES
from .errors import ParameterError
from .metadata import Parameter

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_PATH = re.compile(r"[a-z]+(?:/[^/\s]+)+")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
# Engines agree on decimals up to this size; Oxigraph keeps 18 digits behind the point.
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")
_YEAR = re.compile(r"[0-9]{4}")
_ESCAPE = re.compile(r"\\\\([uU])?|\\u([0-9A-F]{4})|\\.")
_SPACE = re.compile(r"\s+")


def term(parameter: Parameter, value: str, base: str) -> str:
    r"""Write a value as the SPARQL token that stands for it.

    Args:
        parameter: what the value must be.
        value: as the user gave it.
        base: base IRI of the graph, below which short forms of resources are read.

    Raises:
        ParameterError: the value is not valid; the message says what would be.

    >>> number = Parameter(name="n", type="integer", label="n", description="n", default="5")
    >>> term(number, "010", "https://example.org")
    '10'
    >>> word = Parameter(name="w", type="string", label="w", description="w", default="")
    >>> print(term(word, 'say "hi" }', "https://example.org"))
    "say \"hi\" }"
    """
    listed = parameter.values
    if isinstance(listed, tuple) and value not in listed:
        raise ParameterError(parameter.name, value, f"one of {', '.join(listed)}")
    match parameter.type:
        case "iri":
            return _iri(parameter, value, "an absolute IRI")
        case "resource":
            path = f"{base.rstrip('/')}/id/"
            wanted = f"an absolute IRI, or a path below {path} such as dataset/squad"
            short = not _SCHEME.match(value) and _PATH.fullmatch(value)
            return _iri(parameter, path + value if short else value, wanted, given=value)
        case "label":
            return _string(parameter, _label(parameter, value))
        case "string":
            return _string(parameter, value)
        case "integer":
            return _integer(parameter, value)
        case "decimal":
            return _decimal(parameter, value)
        case "year":
            return _year(parameter, value)


def bind(text: str, parameters: Iterable[Parameter], values: Mapping[str, str], base: str) -> str:
    """Replace every ``$name`` of a parameter by its value, else by its default.

    A ``$name`` that is no parameter stays the variable that it is in SPARQL.

    Raises:
        ParameterError: a value is not valid.
    """
    bound = {
        each.name: term(each, values.get(each.name, each.default), base) for each in parameters
    }
    return "".join(
        bound.get(token.label, token.text) if token.kind == "parameter" else token.text
        for token in tokens(text)
    )


def _iri(parameter: Parameter, iri: str, expected: str, *, given: str | None = None) -> str:
    try:
        return str(NamedNode(iri))
    except ValueError as error:
        raise ParameterError(parameter.name, iri if given is None else given, expected) from error


def _label(parameter: Parameter, value: str) -> str:
    label = _SPACE.sub(" ", value).strip()
    if not label:
        raise ParameterError(parameter.name, value, "a name of at least one character")
    return label


def _string(parameter: Parameter, value: str) -> str:
    try:
        written = str(Literal(value))
    except ValueError as error:
        raise ParameterError(parameter.name, value, "text without lone surrogates") from error
    return _ESCAPE.sub(_guard, written)


def _guard(match: re.Match[str]) -> str:
    r"""Write code point escapes so that every reading of SPARQL 19.2 gives the same string.

    There they are replaced before strings are read. rdflib does so without looking whether the
    backslash is itself escaped, and takes up to eight digits behind ``\u``: so a letter u behind an
    escaped backslash is written as an escape too, and all escapes have eight digits.
    """
    letter, digits = match.groups()
    if letter:
        return rf"\\\U{ord(letter):08X}"
    return rf"\U0000{digits}" if digits else match[0]


def _integer(parameter: Parameter, value: str) -> str:
    if not _INTEGER.fullmatch(value) or not _within(parameter, value):
        raise ParameterError(parameter.name, value, f"a whole number{_bounds(parameter)}")
    # Bare digits: LIMIT and OFFSET take no typed literal.
    return str(int(value))


def _decimal(parameter: Parameter, value: str) -> str:
    if not _DECIMAL.fullmatch(value) or not _within(parameter, value):
        raise ParameterError(
            parameter.name, value, f"a decimal number such as 0.75{_bounds(parameter)}"
        )
    return str(Literal(f"{Decimal(value):f}", datatype=NamedNode(PREFIXES["xsd"] + "decimal")))


def _year(parameter: Parameter, value: str) -> str:
    if not _YEAR.fullmatch(value) or not _within(parameter, value):
        raise ParameterError(parameter.name, value, f"a year of four digits{_bounds(parameter)}")
    return str(Literal(value, datatype=NamedNode(PREFIXES["xsd"] + "gYear")))


def _within(parameter: Parameter, value: str) -> bool:
    number = Decimal(value)
    least, most = parameter.minimum, parameter.maximum
    above = least is None or number >= Decimal(least)
    return above and (most is None or number <= Decimal(most))


def _bounds(parameter: Parameter) -> str:
    least, most = parameter.minimum, parameter.maximum
    if least is not None and most is not None:
        return f" from {least} to {most}"
    if least is not None:
        return f", {least} or more"
    return "" if most is None else f", {most} or less"
