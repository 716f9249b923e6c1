"""Checks of a query's text: by its tokens, and by what a second engine reads in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

from ...graph.known_terms import is_defined
from ...graph.lexer import Token, line_of, tokens
from ...ontology import metric_vocabulary_file, ontology_file, vocabulary_file
from ...ontology.external import external_terms
from ...ontology.terms import PREFIXES
from ..assistance import advise
from ..checks import named
from ..errors import Fault
from ..parsing import QueryFile
from .algebra import Algebra, UnreadableError, read_algebra

WIDEST: Final = 110
_OWN: Final = (PREFIXES["fp"], PREFIXES["fpv"])
_ELSEWHERE: Final[Mapping[str, str]] = MappingProxyType(
    {
        word: f"{word} reads one named graph where the query would read all; if that is its lesson, "
        "name 'named graphs' in teaches"
        for word in ("GRAPH", "FROM")
    }
)
# What other checks tell.
_TOLD: Final = frozenset(("unbound-variable", "undeclared-prefix", "unknown-term"))
_ESCAPED: Final = re.compile(r"\\(.)")


def text_faults(file: QueryFile) -> list[Fault]:
    """What can be told by the tokens of a query, even where it does not parse."""
    return [
        *named("prefixes", _prefixes(file)),
        *named("terms", _terms(file)),
        *named("union", _union(file)),
        *named("offers", _offers(file)),
        *named("width", _width(file)),
    ]


def query_faults(file: QueryFile) -> list[Fault]:
    """What can be told of a query that Oxigraph parses."""
    try:
        algebra = read_algebra(file.query.bind())
    except UnreadableError as error:
        message = f"rdflib does not parse this, though Oxigraph does: {error}"
        return list(named("second-engine", [file.in_text(error.line, message)]))
    return [
        *named("unbound", _unbound(file, algebra)),
        *named("order", _order(file, algebra)),
        *named("advice", _advice(file)),
    ]


def declared_prefixes(text: str) -> dict[str, str]:
    """The namespaces that a query declares, by prefix."""
    return {name.text.removesuffix(":"): iri.text[1:-1] for name, iri in _declarations(text)}


def used_terms(text: str, prefixes: Mapping[str, str]) -> Iterator[tuple[Token, str]]:
    """Each name and IRI of a query, declarations apart, with the IRI that it stands for."""
    declaring = {token.start for pair in _declarations(text) for token in pair}
    for token in tokens(text):
        if token.start in declaring:
            continue
        if token.kind == "iri":
            yield token, token.text[1:-1]
        elif token.kind == "name":
            prefix, _, local = token.text.partition(":")
            # A prefix that is not declared is a fault of syntax, which the parser tells.
            if prefix in prefixes:
                yield token, prefixes[prefix] + _ESCAPED.sub(r"\1", local)


def undefined(iri: str) -> str | None:
    """Why an IRI is no term, with what was perhaps meant; None where it is one.

    An IRI of a namespace that is not known defines itself.

    >>> undefined("https://w3id.org/fairpapers/ontology#use")
    'fp:use is not defined; did you mean fp:uses?'
    >>> undefined("https://example.org/use")
    """
    # A namespace by itself is compared with, and names no term.
    own = iri.startswith(_OWN) and iri not in _OWN
    if iri in own_terms() if own else is_defined(iri):
        return None
    prefix, namespace = _split(iri)
    local = iri.removeprefix(namespace)
    defined = own_terms() if own else external_terms()
    known = [term.removeprefix(namespace) for term in defined if term.startswith(namespace)]
    near = get_close_matches(local, sorted(known), n=2, cutoff=0.6)
    advice = " or ".join(f"{prefix}:{name}" for name in near)
    shown = f"{prefix}:{local}" if prefix else f"<{iri}>"
    return f"{shown} is not defined; " + (
        f"did you mean {advice}?" if near else f"look for it at {namespace}"
    )


@cache
def own_terms() -> frozenset[str]:
    """Every term that the ontology and its vocabularies define."""
    defined_by = NamedNode(PREFIXES["rdfs"] + "isDefinedBy")
    return frozenset(
        quad.subject.value
        for path in (ontology_file(), vocabulary_file(), metric_vocabulary_file())
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
        if quad.predicate == defined_by and isinstance(quad.subject, NamedNode)
    )


def _split(iri: str) -> tuple[str, str]:
    """Prefix and namespace of an IRI; the longest that fits."""
    fitting = [(name, space) for name, space in PREFIXES.items() if iri.startswith(space)]
    return max(fitting, key=lambda pair: len(pair[1]), default=("", ""))


def _declarations(text: str) -> Iterator[tuple[Token, Token]]:
    found = [token for token in tokens(text) if token.text.strip() and token.kind != "comment"]
    for keyword, name, iri in zip(found, found[1:], found[2:], strict=False):
        if keyword.text.upper() == "PREFIX" and name.kind == "name" and iri.kind == "iri":
            yield name, iri


def _prefixes(file: QueryFile) -> Iterator[Fault]:
    text = file.query.text
    used = {
        token.text.partition(":")[0]
        for token, _ in used_terms(text, declared_prefixes(text))
        if token.kind == "name"
    }
    names = {namespace: name for name, namespace in PREFIXES.items()}
    for name, iri in _declarations(text):
        prefix, namespace = name.text.removesuffix(":"), iri.text[1:-1]
        line = line_of(text, name.start)
        if prefix not in used:
            yield file.in_text(line, f"prefix {prefix}: is not used; remove it")
        usual = PREFIXES.get(prefix, namespace)
        if usual != namespace:
            message = (
                f"prefix {prefix}: stands for <{usual}> in this graph; write that, or take another "
                f"prefix for <{namespace}>"
            )
            yield file.in_text(line, message)
        elif names.get(namespace, prefix) != prefix:
            message = f"the library writes {names[namespace]}: for <{namespace}>, not {prefix}:"
            yield file.in_text(line, message)


def _terms(file: QueryFile) -> Iterator[Fault]:
    text = file.query.text
    for token, iri in used_terms(text, declared_prefixes(text)):
        if message := undefined(iri):
            yield file.in_text(line_of(text, token.start), message)
    for index, each in enumerate(file.query.parameters):
        offering = each.values if isinstance(each.values, str) else ""
        for message in dict.fromkeys(
            fault for _, iri in used_terms(offering, PREFIXES) if (fault := undefined(iri))
        ):
            location = ("parameters", index, "values")
            yield file.in_front_matter(location, f"{each.name}.values: {message}")


def _union(file: QueryFile) -> Iterator[Fault]:
    if any("named graph" in each for each in file.query.teaches):
        return
    text = file.query.text
    for token in tokens(text):
        if token.kind == "word" and (message := _ELSEWHERE.get(token.text.upper())):
            yield file.in_text(line_of(text, token.start), message)


def _offers(file: QueryFile) -> Iterator[Fault]:
    for index, each in enumerate(file.query.parameters):
        if each.type == "resource" and each.values is None:
            message = f"parameter {each.name} offers no values; add a SELECT of ?value and ?label"
            yield file.in_front_matter(("parameters", index, "name"), message)


def _width(file: QueryFile) -> Iterator[Fault]:
    for number, line in enumerate(file.query.text.splitlines(), 1):
        if len(line) > WIDEST:
            message = f"{len(line)} characters in this line; break it, {WIDEST} fit a page"
            yield file.in_text(number, message)


def _unbound(file: QueryFile, algebra: Algebra) -> Iterator[Fault]:
    text = file.query.text
    shown = {column.name for column in file.query.columns}
    # Of SELECT *, rdflib takes more variables for columns than there are.
    unbound = (name for name in algebra.unbound if file.query.form != "SELECT" or name in shown)
    for name in dict.fromkeys((*unbound, *algebra.uncounted)):
        # Where it is written first is where it is shown.
        places = (
            token.start
            for token in tokens(text)
            if token.kind in ("variable", "parameter") and token.label == name
        )
        line = line_of(text, next(places, 0))
        message = f"?{name} never gets a value; check its spelling, or bind it in the pattern"
        yield file.in_text(line, message)


def _advice(file: QueryFile) -> Iterator[Fault]:
    # Values take no lines of their own, so lines are those of the file.
    text = file.query.bind()
    for each in advise(text):
        if each.kind not in _TOLD:
            yield file.in_text(line_of(text, each.start), f"{each.message} ({each.kind})")


def _order(file: QueryFile, algebra: Algebra) -> Iterator[Fault]:
    if file.query.form != "SELECT" or algebra.ordered or algebra.single or file.query.sampled:
        return
    message = "no ORDER BY: engines give the rows in different orders; end it with an IRI"
    yield file.in_text(len(file.query.text.splitlines()), message)
