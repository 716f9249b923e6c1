"""Prefixes that nobody declared, and names that nothing has."""

from __future__ import annotations

from collections.abc import Iterator

from ...ontology.terms import PREFIXES
from .findings import Finding, Fix
from .known import OWN, Known, namespace_of
from .spelling import near_iris, near_names
from .syntax import (
    Bind,
    Element,
    Filter,
    Group,
    Path,
    Service,
    Term,
    Token,
    Triple,
    Values,
    View,
    nested,
)

_TYPE = PREFIXES["rdf"] + "type"
# Each name is compared letter by letter with all that are known.
_MOST_COMPARED = 200


def undeclared_prefixes(view: View) -> Iterator[Finding]:
    """The first use of each prefix that is not declared, with the declaration to add."""
    seen = set(view.prefixes)
    for token in view.tokens:
        if token.kind != "name" or token.end <= view.prologue.end:
            continue
        prefix = token.text.partition(":")[0]
        if prefix in seen:
            continue
        seen.add(prefix)
        yield _undeclared(view, token, prefix)


def _undeclared(view: View, token: Token, prefix: str) -> Finding:
    end = token.start + len(prefix)
    namespace = PREFIXES.get(prefix)
    if namespace is not None:
        line = f"PREFIX {prefix}: <{namespace}>"
        fix = Fix(0, 0, f"{line}\n", f"add {line}")
        message = f"the prefix {prefix}: is not declared; put {line} at the top"
        return Finding(token.start, end, "undeclared-prefix", message, (fix,))
    near = near_names(prefix, {*view.prefixes, *PREFIXES}) if prefix else []
    fixes = tuple(Fix(token.start, end, each, f"write {each}:") for each in near)
    advice = f"; did you mean {' or '.join(f'{each}:' for each in near)}?" if near else ""
    message = f"the prefix {prefix}: is not declared{advice}"
    if not near:
        message += f"; say what it stands for, with PREFIX {prefix}: <…> at the top"
    return Finding(token.start, end, "undeclared-prefix", message, fixes)


def unknown_terms(view: View, known: Known) -> Iterator[Finding]:
    """Properties, classes and concepts that neither a vocabulary nor the graph has.

    Without a graph only names of our own namespaces count, and those that look like one that is
    known: nobody can tell what else a graph may hold.
    """
    seen: set[int] = set()
    for term, role in _named(view):
        if not term.value or term.start in seen or term.value in known:
            continue
        seen.add(term.start)
        if len(seen) > _MOST_COMPARED:
            return
        own = term.value.startswith(OWN)
        if term.value in OWN or (role == "term" and not own):
            continue
        pool = {
            "property": known.properties,
            "class": known.classes,
            "term": {**known.properties, **known.classes, **dict.fromkeys(known.others, 0)},
        }[role]
        near = near_iris(term.value, pool)
        if near or own or known.of_graph:
            yield _unknown(view, term, role, near, known)


def _unknown(view: View, term: Term, role: str, near: list[str], known: Known) -> Finding:
    names = [short(view, iri) for iri in near]
    fixes = tuple(Fix(term.start, term.end, name, f"write {name}") for name in names)
    where = "in the graph or its vocabularies" if known.of_graph else "in the vocabularies"
    kind = {"property": "no property", "class": "no class", "term": "nothing"}[role]
    advice = f"did you mean {' or '.join(names)}?" if names else "check its spelling and its prefix"
    message = f"{kind} {where} is called {_shown(term)}; {advice}"
    return Finding(term.start, term.end, "unknown-term", message, fixes, term.value)


def _shown(term: Term) -> str:
    return term.text if len(term.text) <= 100 else f"{term.text[:99]}…"


def short(view: View, iri: str) -> str:
    """An IRI as it can be written in a query: with a prefix that is declared there, else whole."""
    namespace = namespace_of(iri)
    for name, prefix in sorted(view.prefixes.items()):
        if prefix.iri == namespace:
            return f"{name}:{iri[len(namespace) :]}"
    return f"<{iri}>"


def _named(view: View) -> Iterator[tuple[Term, str]]:
    """Terms with what they must be: property, class, or any term."""
    if view.query is not None and view.query.where is not None:
        yield from _in_group(view.query.where)


def _in_group(group: Group) -> Iterator[tuple[Term, str]]:
    for element in group.elements:
        if isinstance(element, Service):
            # What others know is theirs.
            continue
        yield from _in_element(element)
        for inner in nested(element):
            yield from _in_group(inner)


def _in_element(element: Element) -> Iterator[tuple[Term, str]]:
    match element:
        case Triple():
            predicate = element.predicate
            iris = predicate.iris if isinstance(predicate, Path) else (predicate,)
            yield from ((each, "property") for each in iris if each.kind == "iri")
            typed = isinstance(predicate, Term) and predicate.value == _TYPE
            for term in (element.subject, element.object):
                if term.kind == "iri":
                    is_class = typed and term is element.object
                    yield term, "class" if is_class else "term"
        case Filter(expression=expression) | Bind(expression=expression):
            yield from ((each, "term") for each in expression.iris)
        case Values(iris=iris):
            yield from ((each, "term") for each in iris)
        case _:
            pass
