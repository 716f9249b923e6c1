"""Turtle that people can read: one file a named graph, written while the quads stream by.

The engine's own serializer orders prefixes anew in each process and writes a graph's name before
each subject, so a release would neither be the same twice nor be read gladly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import lru_cache
from itertools import groupby
from typing import IO, Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from ...ontology.terms import PREFIXES
from ..iris import GRAPHS
from ..licences import CC0, CC_BY
from .release import GzipWriter, Release, ReleaseFile

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

_EVERY: Final = 10_000
_TYPE: Final = PREFIXES["rdf"] + "type"
_INTEGER: Final = PREFIXES["xsd"] + "integer"
_DECIMAL: Final = PREFIXES["xsd"] + "decimal"
_STRING: Final = PREFIXES["xsd"] + "string"
_BARE: Final = {
    _INTEGER: re.compile(r"[+-]?[0-9]+"),
    _DECIMAL: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
}
# A part of what PN_LOCAL allows (Turtle 1.1, section 6.5): nothing that needs an escape.
_LOCAL: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
# What a reference relative to @base may be without a second reading (RFC 3986, section 4.2):
# no dot segments, no empty segments, no colon in front of the first slash.
_RELATIVE: Final = re.compile(r"(?![^/]*:)(?!.*(//|(^|/)\.))[^/?#<>\"{}|^`\\\x00-\x20][^?#]*")


class Turtle:
    """Turtle of subjects, each written once and whole.

    Args:
        out: takes UTF-8.
        base: IRIs below it are written relative to it; ends with a slash. None for no base.
        prefixes: namespaces by prefix.
        declare_base: whether ``@base`` is written, too. Without it the reader takes the address
            of the file, which is what links among the files of a release are meant to follow.
    """

    def __init__(
        self,
        out: IO[bytes],
        *,
        base: str | None = None,
        prefixes: Mapping[str, str] = PREFIXES,
        declare_base: bool = True,
    ) -> None:
        self._out = out
        self._base = base
        self._prefixes = sorted(prefixes.items(), key=lambda item: -len(item[1]))
        self._short = lru_cache(maxsize=10_000)(self._shortened)
        head = [f"@base <{base}> .\n"] if base and declare_base else []
        head += [f"@prefix {name}: <{prefixes[name]}> .\n" for name in sorted(prefixes)]
        self.head = "".join(head).encode()
        out.write(self.head)

    def subject(self, subject: Term, triples: Iterable[Quad | Triple]) -> None:
        """Write all triples of one subject; its type comes first."""
        of: dict[str, list[Term]] = {}
        for triple in triples:
            of.setdefault(triple.predicate.value, []).append(triple.object)
        lines = []
        for predicate in sorted(of, key=lambda iri: (iri != _TYPE, iri)):
            verb = "a" if predicate == _TYPE else self._short(predicate)
            lines.append(f"{verb} {' , '.join(map(self.term, of[predicate]))}")
        said = " ;\n    ".join(lines)
        self._out.write(f"\n{self.term(subject)} {said} .\n".encode())

    def term(self, term: Term) -> str:
        """One term as short as it can be said."""
        if isinstance(term, NamedNode):
            return self._short(term.value)
        if not isinstance(term, Literal) or term.language:
            return str(term)
        kind = term.datatype.value
        if kind == _STRING:
            return str(term)
        if kind in _BARE and _BARE[kind].fullmatch(term.value):
            return term.value
        return f"{Literal(term.value)}^^{self._short(kind)}"

    def _shortened(self, iri: str) -> str:
        for name, namespace in self._prefixes:
            local = iri.removeprefix(namespace)
            if local != iri and _LOCAL.fullmatch(local):
                return f"{name}:{local}"
        if self._base and iri.startswith(self._base):
            reference = iri.removeprefix(self._base)
            if _RELATIVE.fullmatch(reference):
                return f"<{reference}>"
        return f"<{iri}>"


def by_subject(quads: Iterable[Quad]) -> Iterator[tuple[Term, dict[str, list[Quad]]]]:
    """Group quads, of which those of a subject stand together, by subject and name of graph."""
    for subject, group in groupby(quads, key=lambda quad: quad.subject):
        graphs: dict[str, list[Quad]] = {}
        for quad in group:
            assert isinstance(quad.graph_name, NamedNode)
            graphs.setdefault(quad.graph_name.value, []).append(quad)
        yield subject, graphs


def turtle_file(release: Release, name: str) -> str | None:
    """Path of the Turtle of a named graph below the release; None where the graph is empty."""
    if not release.triples(name):
        return None
    return f"data/{name}.ttl" + (".gz" if name in _LARGE else "")


# These grow with the papers; the others stay small, and a plain file is read sooner.
_LARGE: Final = frozenset({"core", "evidence", "inferred"})
# What these state of themselves, whatever the licence of the data is.
_LICENCES: Final = {"ontology": CC_BY, "vocab": CC_BY, "queries": CC0}
_TITLES: Final = {
    "core": "Papers, resources, relations, results and sizes",
    "evidence": "Texts by digest, mentions, claims and the runs that made them",
    "inferred": "Statements derived from the core",
    "vocab": "Closed lists of values, as in the graph",
    "ontology": "The ontology, as in the graph: without blank nodes",
    "links": "Links to other data",
    "meta": "What the graph says of itself: figures, quality, prefixes",
    "queries": "The query library",
}


class TurtleFiles:
    """Turtle of each named graph; the large ones compressed."""

    name = "turtle"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write all of them in one pass over the quads."""
        files = {name: file for name in GRAPHS if (file := turtle_file(release, name))}
        total = release.triples()
        done = 0
        with ExitStack() as stack:
            writers = {}
            for name, file in files.items():
                path = release.path(file)
                opened: GzipWriter | IO[bytes] = (
                    GzipWriter(path) if file.endswith(".gz") else path.open("wb")
                )
                out = stack.enter_context(opened)
                writers[release.iris.graph(name)] = Turtle(out, base=f"{release.iris.base}/")
            for subject, graphs in by_subject(release.quads()):
                for graph, quads in graphs.items():
                    writers[graph].subject(subject, quads)
                    before, done = done, done + len(quads)
                    if done // _EVERY > before // _EVERY:
                        release.progress(self.name, done, total)
        for name, file in files.items():
            packed = file.endswith(".gz")
            yield ReleaseFile(
                path=file,
                title=_TITLES[name],
                media_type="application/gzip" if packed else "text/turtle",
                licence=_LICENCES.get(name, release.licence),
                unpacked_type="text/turtle" if packed else None,
                conforms_to=("https://www.w3.org/TR/turtle/",),
            )
