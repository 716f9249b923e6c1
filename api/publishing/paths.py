"""From IRIs to files of the site, by names that every file system and web host takes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from ...ontology.terms import DEFAULT_BASE
from ..links import Links

# Kinds that have pages, as they stand in IRIs.
KINDS: Final = ("paper", "benchmark", "dataset", "model", "method", "metric", "task")
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")
# Names that Windows keeps for devices, with any suffix.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
# File systems end at 255 bytes; a suffix and the number of a page come behind the name.
LONGEST: Final = 200
_FOLLOWED: Final = ("http://", "https://")


def file_name(key: str) -> str:
    """Name of a file for one segment of an IRI; two segments never get one name.

    Lower-case letters, digits, ``-`` and ``.`` stay; a colon is ``~``, a capital has ``_`` before
    it (some file systems do not tell case), any other byte is ``=`` and two digits. A name that is
    too long is cut and ends in a digest.

    >>> [file_name(key) for key in ("llama-2", "doi:10.1:X%2F", "nul")]
    ['llama-2', 'doi~10.1~_x=252_f', '=6eul']
    """
    name = "".join(map(_escape, key))
    if _DEVICES.match(name):
        name = f"={ord(name[0]):02x}{name[1:]}"
    if len(name) <= LONGEST:
        return name
    # "==" stands in no other name.
    return f"{name[: LONGEST - 40]}=={hashlib.sha256(key.encode()).hexdigest()[:32]}"


def _escape(char: str) -> str:
    if char in _PLAIN:
        return char
    if char == ":":
        return "~"
    if "A" <= char <= "Z":
        return f"_{char.lower()}"
    return "".join(f"={byte:02x}" for byte in char.encode())


def page_of(iri: str, base: str) -> tuple[str, str] | None:
    """Path of the page of an IRI without its suffix, and the place on the page, if any.

    What hangs below a paper is a place on the paper's page; any other IRI has no page.

    >>> page_of("https://example.org/id/paper/doi:10.1:x/m/3-9", "https://example.org")
    ('id/paper/doi~10.1~x', 'm-3-9')
    >>> page_of("https://example.org/id/corpus", "https://example.org")
    """
    start = f"{base}/id/"
    if not iri.startswith(start):
        return None
    kind, _, rest = iri.removeprefix(start).partition("/")
    key, _, below = rest.partition("/")
    if kind not in KINDS or not key or (below and kind != "paper"):
        return None
    return f"id/{kind}/{file_name(key)}", below.replace("/", "-")


def page_file(stem: str, number: int) -> str:
    """Path of the n-th page of something; the first one has the plain name.

    >>> page_file("papers", 1), page_file("papers", 2)
    ('papers.html', 'papers=p2.html')
    """
    return f"{stem}.html" if number == 1 else f"{stem}=p{number}.html"


@dataclass(frozen=True, slots=True)
class SiteLinks(Links):
    """Addresses relative to a page of the site.

    Attributes:
        root: from the page to the site's start, such as ``../../``; empty for pages at the start.
        editor: whether the site has an editor, in which queries can be asked.
    """

    root: str = ""
    editor: bool = True

    def local(self, iri: str) -> str | None:
        """Relative address of an IRI's page, or None where the site has none.

        >>> links = SiteLinks("https://example.org", "../../")
        >>> links.local("https://example.org/id/dataset/squad")
        '../../id/dataset/squad.html'
        >>> links.local("https://w3id.org/fairpapers/ontology#Dataset")
        '../../ontology.html#Dataset'
        """
        found = page_of(iri, self.base)
        if found is not None:
            path, place = found
            return f"{self.root}{path}.html" + (f"#{place}" if place else "")
        if iri.startswith(f"{DEFAULT_BASE}/ontology"):
            place = iri.removeprefix(f"{DEFAULT_BASE}/ontology")
            return f"{self.root}ontology.html{place}" if place[:1] in ("", "#") else None
        if iri.startswith(f"{DEFAULT_BASE}/vocab/"):
            place = iri.removeprefix(f"{DEFAULT_BASE}/vocab/")
            return f"{self.root}vocab.html" + (f"#{place}" if place else "")
        return None

    def query(self, name: str, values: Mapping[str, str]) -> str:
        """The editor with the query and these values, else the query's page, which has its own.

        >>> SiteLinks("https://example.org", "../").query("C01", {"top": "5"})
        '../editor.html#id=C01&top=5'
        """
        if not self.editor:
            return f"{self.root}queries/{name}.html"
        return f"{self.root}editor.html#{urlencode({'id': name, **values})}"

    def address(self, iri: str) -> str | None:
        """Relative address, or that of an IRI of others; of our own without a page, none."""
        local = self.local(iri)
        if local is not None or iri.startswith((f"{self.base}/", f"{DEFAULT_BASE}/")):
            return local
        return iri if iri.startswith(_FOLLOWED) else None
