"""The whole graph as JSON-LD 1.1: one line a subject, so that it is written and read in a stream."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias, cast

from pyoxigraph import Literal, NamedNode, Quad, Triple

from ...ontology import context_file
from ...ontology.terms import PREFIXES
from ..errors import IriError
from .release import GzipWriter, Release, ReleaseFile
from .turtle import Term, by_subject

Json: TypeAlias = dict[str, Any]

JSONLD_FILE: Final = "data/graph.jsonld.gz"
_EVERY: Final = 10_000
_TYPE: Final = PREFIXES["rdf"] + "type"
_STRING: Final = PREFIXES["xsd"] + "string"
_INTEGER: Final = PREFIXES["xsd"] + "integer"
# Integers that every JSON reader keeps, in the one form that comes back the same.
_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
_LOCAL: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def own_context() -> Json:
    """The context that the ontology comes with: the value of its ``@context``."""
    return cast("Json", json.loads(context_file().read_text(encoding="utf-8"))["@context"])


class JsonLd:
    """Write subjects as node objects (JSON-LD 1.1, section 9.4) under one context.

    An IRI whose scheme is a prefix of the context, such as ``schema:x``, has no form in JSON-LD
    and raises `IriError`.

    Args:
        context: a context as `own_context` has: prefixes as strings, terms as objects with
            ``@id`` and, where values have one, ``@type``; ``id`` and ``type`` are aliases.
        base: IRIs below it are written relative to it; None for none.
    """

    def __init__(self, context: Json, *, base: str | None = None) -> None:
        self._base = base
        self._prefixes = {
            iri: name
            for name, iri in context.items()
            if isinstance(iri, str) and not iri.startswith("@")
        }
        named = {name: iri for iri, name in self._prefixes.items()}
        self._terms: dict[str, tuple[str, str | None]] = {}
        for name, entry in context.items():
            if isinstance(entry, dict):
                kind = entry.get("@type")
                full = kind if kind is None or kind.startswith("@") else _full(kind, named)
                self._terms.setdefault(_full(entry["@id"], named), (name, full))
        self._compact = lru_cache(maxsize=10_000)(self._compacted)

    def node(self, subject: Term, triples: Iterable[Quad | Triple]) -> Json:
        """All triples of one subject as one object, its type first."""
        of: dict[str, list[Term]] = {}
        for triple in triples:
            of.setdefault(triple.predicate.value, []).append(triple.object)
        node: Json = {"id": self._reference(subject)}
        for predicate in sorted(of, key=lambda iri: (iri != _TYPE, iri)):
            values: list[Any]
            if predicate == _TYPE:
                key = "type"
                values = [self._name(value) for value in of[predicate]]
            else:
                key, kind = self._terms.get(predicate, (self._compact(predicate), None))
                values = [self._value(value, kind) for value in of[predicate]]
            node[key] = values[0] if len(values) == 1 else values
        return node

    def _name(self, term: Term) -> str:
        """A class: by its name in the context, where it has one."""
        assert isinstance(term, NamedNode)
        name, _ = self._terms.get(term.value, (self._compact(term.value), None))
        return name

    def _reference(self, term: Term) -> str:
        return self._compact(term.value) if isinstance(term, NamedNode) else str(term)

    def _value(self, term: Term, kind: str | None) -> Any:
        """A value under a term whose values are of that kind; an object says what it is itself."""
        if not isinstance(term, Literal):
            reference = self._reference(term)
            return reference if kind == "@id" else {"@id": reference}
        if term.language:
            return {"@value": term.value, "@language": term.language}
        datatype = term.datatype.value
        if datatype == (kind or _STRING):
            exact = datatype == _INTEGER and _NUMBER.fullmatch(term.value)
            return int(term.value) if exact else term.value
        if datatype == _STRING:
            return {"@value": term.value}
        return {"@value": term.value, "@type": self._compact(datatype)}

    def _compacted(self, iri: str) -> str:
        if self._base and iri.startswith(self._base):
            return iri.removeprefix(self._base)
        for namespace, prefix in self._prefixes.items():
            local = iri.removeprefix(namespace)
            if local != iri and _LOCAL.fullmatch(local):
                return f"{prefix}:{local}"
        scheme, _, rest = iri.partition(":")
        if scheme in self._prefixes.values() and not rest.startswith("//"):
            fault = f"JSON-LD would take {scheme!r} for the prefix of that name"
            raise IriError("IRI", iri, fault)
        return iri


def _full(curie: str, prefixes: Mapping[str, str]) -> str:
    prefix, _, local = curie.partition(":")
    return prefixes[prefix] + local


class JsonLdFile:
    """JSON-LD of all named graphs, compressed, with the context inside: no reader needs a network.

    Each line between the first and the last holds one subject in one named graph.
    """

    name = "json-ld"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write it in one pass over the quads."""
        context = own_context()
        writer = JsonLd(context)
        done, total = 0, release.triples()
        with GzipWriter(release.path(JSONLD_FILE)) as out:
            out.write(f'{{"@context":{_json(context)},\n"@graph":[\n'.encode())
            comma = ""
            for subject, graphs in by_subject(release.quads()):
                for graph, quads in graphs.items():
                    part = {"id": graph, "@graph": [writer.node(subject, quads)]}
                    out.write(f"{comma}{_json(part)}".encode())
                    comma = ",\n"
                    before, done = done, done + len(quads)
                    if done // _EVERY > before // _EVERY:
                        release.progress(self.name, done, total)
            out.write(b"\n]}\n")
        yield ReleaseFile(
            path=JSONLD_FILE,
            title="The whole graph as JSON-LD, one line a subject",
            media_type="application/gzip",
            licence=release.licence,
            unpacked_type="application/ld+json",
            conforms_to=("https://www.w3.org/TR/json-ld11/",),
        )


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
