"""From IRIs to addresses on this server, and to names that fit into a table cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode

from ..ontology.terms import DEFAULT_BASE, PREFIXES

# Where things and graphs of the base are, and what lies at the ontology's home.
_INSTANCES = ("/id/", "/graph/")
_TERMS = ("/ontology", "/vocab/", "/shapes", "/agent/", "/problems/", "/context")
# Where the documents about things and graphs are.
DOCUMENTS = "/doc"
# What a browser may be sent to; anything else, such as javascript:, stays text.
_FOLLOWED = ("http://", "https://")
_LOCAL_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses and short names, for one base of instance IRIs.

    Attributes:
        base: what instance IRIs start with, without a slash at its end.
    """

    base: str

    def local(self, iri: str) -> str | None:
        """Path of an IRI's page on this server, or None for an IRI of others.

        >>> links = Links("https://w3id.org/fairpapers")
        >>> links.local("https://w3id.org/fairpapers/id/dataset/squad")
        '/id/dataset/squad'
        >>> links.local("https://w3id.org/fairpapers/ontology#Dataset")
        '/ontology#Dataset'
        >>> links.local("https://example.org/id/dataset/squad")
        """
        if iri == self.base:
            return "/"
        if any(iri.startswith(self.base + place) for place in _INSTANCES):
            return iri.removeprefix(self.base)
        if any(iri.startswith(DEFAULT_BASE + place) for place in _TERMS):
            return iri.removeprefix(DEFAULT_BASE)
        return None

    def address(self, iri: str) -> str | None:
        """Where a browser may go for an IRI: here, to its own address, or nowhere."""
        return self.local(iri) or (iri if iri.startswith(_FOLLOWED) else None)

    def query(self, name: str, values: Mapping[str, str]) -> str:
        """Where a query of the library is asked with these values.

        >>> Links("https://example.org").query("C01", {"top": "5"})
        '/queries/C01?top=5'
        """
        return f"/queries/{name}" + (f"?{urlencode(values)}" if values else "")

    def instance(self, raw_path: bytes) -> str:
        """IRI whose page has this path, as the client percent-encoded it.

        Nothing is decoded, so no path can leave ``/id/`` or name another IRI than it spells;
        bytes that may not stand in an IRI are percent-encoded.

        >>> Links("https://example.org").instance(b"/id/paper/doi:10.1:x%2F..")
        'https://example.org/id/paper/doi:10.1:x%2F..'
        """
        return self._spelled(self.base, raw_path)

    def described(self, raw_path: bytes) -> str | None:
        """IRI that the document at a path is about, spelled as by `instance`.

        Agents are named in the ontology's file, whatever the base of the graph is.

        >>> Links("https://example.org").described(b"/doc/id/dataset/squad")
        'https://example.org/id/dataset/squad'
        >>> Links("https://example.org").described(b"/doc/agent/authors")
        'https://w3id.org/fairpapers/agent/authors'
        >>> Links("https://example.org").described(b"/doc/nothing")
        """
        path = raw_path.removeprefix(DOCUMENTS.encode())
        if path.startswith(tuple(place.encode() for place in _INSTANCES)):
            return self._spelled(self.base, path)
        return self._spelled(DEFAULT_BASE, path) if path.startswith(b"/agent/") else None

    def document(self, iri: str) -> str:
        """Path of the document about a thing or graph, which `described` leads back from."""
        return DOCUMENTS + iri.removeprefix(self.base).removeprefix(DEFAULT_BASE)

    @staticmethod
    def _spelled(base: str, raw_path: bytes) -> str:
        return base + quote(raw_path, safe="/%:@!$&'()*+,;=~-._")

    def short(self, iri: str) -> str:
        """Name for people: ``fp:Dataset``, ``dataset/squad``, else the IRI in full.

        >>> links = Links("https://example.org")
        >>> links.short("https://example.org/id/dataset/squad")
        'dataset/squad'
        >>> links.short("http://www.w3.org/2004/02/skos/core#prefLabel")
        'skos:prefLabel'
        """
        instances = f"{self.base}/id/"
        if iri.startswith(instances):
            return unquote(iri.removeprefix(instances))
        return prefixed(iri) or iri


def prefixed(iri: str) -> str | None:
    """Prefixed name by the longest namespace that leaves a plain local name, or None."""
    fitting = [
        (len(namespace), f"{prefix}:{iri[len(namespace) :]}")
        for prefix, namespace in PREFIXES.items()
        if iri.startswith(namespace) and _is_local_name(iri[len(namespace) :])
    ]
    return max(fitting)[1] if fitting else None


def _is_local_name(text: str) -> bool:
    return bool(text) and set(text) <= _LOCAL_NAME
