"""Signing nanopublications with a user's own key, by the package ``nanopub``, without network."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from ..errors import KeyUnusable, NanopubMissing
from .nanopublications import Nanopublication

if TYPE_CHECKING:
    from nanopub.nanopub_conf import NanopubConf

_ORCID: Final = re.compile(r"(?:https://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_GRAPHS: Final = ("Head", "assertion", "provenance", "pubinfo")


def orcid_iri(given: str) -> str:
    """IRI of an ORCID iD, which may be given bare; its last character is a check digit.

    Raises:
        ValueError: it is none.

    >>> orcid_iri("0000-0002-1825-0097")
    'https://orcid.org/0000-0002-1825-0097'
    """
    match = _ORCID.fullmatch(given)
    if not match:
        raise ValueError(f"{given!r} is no ORCID iD such as 0000-0002-1825-0097")
    digits = match[1].replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if digits[-1] != ("X" if check == 10 else str(check)):
        raise ValueError(f"{given!r} has another check digit than an ORCID iD would have")
    return f"https://orcid.org/{match[1]}"


@contextmanager
def literals_as_written() -> Iterator[None]:
    """Give back rdflib's way with literals, which importing ``nanopub`` changes for the process.

    Within the block literals stay as written, as the digest in a trusty URI needs them.
    """
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before


class KeySigner:
    """Signs with an RSA key.

    Args:
        key: file of the private key, PEM or its lines without header, as `np setup` writes it.
        orcid: IRI of the person whose key it is.
        name: of that person.

    Raises:
        NanopubMissing: the package is not installed.
        KeyUnusable: the file holds no private RSA key.
    """

    def __init__(self, key: Path, orcid: str, name: str) -> None:
        self._orcid = orcid
        self._conf = _configuration(key, orcid, name)

    @property
    def orcid(self) -> str:
        """IRI of the person whose key it is."""
        return self._orcid

    @literals_as_written()
    def sign(self, template: Nanopublication) -> Nanopublication:
        """The same nanopublication with a signature and a trusty URI; the same one each time."""
        from nanopub.nanopub import Nanopub

        quads = serialize(template.quads, format=RdfFormat.N_QUADS)
        assert quads is not None
        with warnings.catch_warnings():
            # The package uses what rdflib has deprecated.
            warnings.simplefilter("ignore", DeprecationWarning)
            graph = rdflib.ConjunctiveGraph()
            graph.parse(data=quads.decode(), format="nquads")
            nanopub = Nanopub(rdf=graph, conf=self._conf)
            nanopub.sign()
            signed = nanopub.rdf.serialize(format="nquads")
            iri = str(nanopub.source_uri)
        found = parse(signed, format=RdfFormat.N_QUADS)
        return Nanopublication(iri, tuple(sorted(found, key=_order)))


def _order(quad: Quad) -> tuple[int, str]:
    assert isinstance(quad.graph_name, NamedNode)
    graph = quad.graph_name.value
    return next(n for n, name in enumerate(_GRAPHS) if graph.endswith(name)), str(quad)


@literals_as_written()
def _configuration(key: Path, orcid: str, name: str) -> NanopubConf:
    try:
        from nanopub.nanopub_conf import NanopubConf
        from nanopub.profile import Profile
    except ImportError as error:
        raise NanopubMissing from error
    try:
        lines = key.read_text("ascii").splitlines()
        private = "".join(line.strip() for line in lines if not line.startswith("-----"))
        return NanopubConf(profile=Profile(orcid_id=orcid, name=name, private_key=private))
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise KeyUnusable(key, str(error)) from error
