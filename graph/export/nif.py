"""Mentions in the NLP Interchange Format 2.0, as N-Triples.

A mention is a ``nif:Phrase`` whose IRI is its text's with the fragment of RFC 5147,
``#char=<start>,<end>``; its context is the text, without ``nif:isString``, since texts are not
given away. Query L03 of the library gives the same triples for one paper.
Specification: https://persistence.uni-leipzig.org/nlp2rdf/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from ...ontology.terms import PREFIXES
from ..terms import count, node, term
from .mentions import Mention, mentions
from .release import GzipWriter, Release, ReleaseFile

NIF_FILE: Final = "evidence/nif.nt.gz"

_EVERY: Final = 1000
_DECIMAL: Final = node(PREFIXES["xsd"] + "decimal")


def context_triples(mention: Mention) -> Iterator[Triple]:
    """The text of a mention as the context of its phrases."""
    context = _string(mention.text, 0, mention.length)
    yield Triple(context, term("rdf:type"), term("nif:Context"))
    yield Triple(context, term("nif:sourceUrl"), node(mention.text))
    yield from _span(context, 0, mention.length)


def phrase_triples(mention: Mention) -> Iterator[Triple]:
    """A mention as a phrase; without ``nif:anchorOf`` where its words are not whole."""
    phrase = _string(mention.text, mention.start, mention.end)
    yield Triple(phrase, term("rdf:type"), term("nif:Phrase"))
    yield from _span(phrase, mention.start, mention.end)
    if mention.words is not None:
        yield Triple(phrase, term("nif:anchorOf"), Literal(mention.words))
    context = _string(mention.text, 0, mention.length)
    yield Triple(phrase, term("nif:referenceContext"), context)
    for body in mention.bodies:
        yield Triple(phrase, term("itsrdf:taIdentRef"), node(body))
    confidence = Literal(mention.confidence, datatype=_DECIMAL)
    yield Triple(phrase, term("itsrdf:taConfidence"), confidence)
    for agent in mention.agents:
        yield Triple(phrase, term("itsrdf:taAnnotatorsRef"), node(agent.iri))


def _string(text: str, start: int, end: int) -> NamedNode:
    return NamedNode(f"{text}#char={start},{end}")


def _span(string: NamedNode, start: int, end: int) -> Iterator[Triple]:
    yield Triple(string, term("rdf:type"), term("nif:RFC5147String"))
    yield Triple(string, term("nif:beginIndex"), count(start))
    yield Triple(string, term("nif:endIndex"), count(end))


def _lines(triples: Iterable[Triple]) -> Iterator[bytes]:
    for triple in triples:
        yield f"{triple.subject} {triple.predicate} {triple.object} .\n".encode()


class Nif:
    """Every mention in the NLP Interchange Format."""

    name = "nif"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write the phrases of each text behind its context, in the order of the papers."""
        text = None
        with GzipWriter(release.path(NIF_FILE)) as out:
            for done, mention in enumerate(mentions(release), 1):
                if mention.text != text:
                    text = mention.text
                    out.writelines(_lines(context_triples(mention)))
                out.writelines(_lines(phrase_triples(mention)))
                if done % _EVERY == 0:
                    release.progress(self.name, done, None)
        yield ReleaseFile(
            path=NIF_FILE,
            title="Every mention in the NLP Interchange Format 2.0, without the texts",
            media_type="application/gzip",
            licence=release.licence,
            unpacked_type="application/n-triples",
            conforms_to=(PREFIXES["nif"],),
        )
