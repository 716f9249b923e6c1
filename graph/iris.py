"""Every IRI that is minted, and the way back from a paper's IRI to its key.

A paper is ``<base>/id/paper/<key>``; its text, mentions, claims, results and sizes
hang below it. A resource is ``<base>/id/<label>/<slug>``. Within a kind two different keys never give one IRI.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from ..extract.records import LABELS
from .errors import IriError

GRAPHS: Final = (
    "core",
    "evidence",
    "inferred",
    "vocab",
    "ontology",
    "links",
    "meta",
    "queries",
)

_BASE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*")
_KEY = re.compile(r"([a-z][a-z0-9]*):(.+)", re.DOTALL)
_SLUG = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_LOCAL = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")
_KIND = {label: label.lower() for label in LABELS}


class Iris:
    """Mint the IRIs of one graph.

    Args:
        base: absolute ``http`` or ``https`` IRI without query and fragment; a slash at its end
            is dropped.

    Raises:
        IriError: the base is none.

    >>> iris = Iris("https://example.org/kg")
    >>> iris.resource("Model", "llama-2-70b")
    'https://example.org/kg/id/model/llama-2-70b'
    """

    def __init__(self, base: str) -> None:
        self.base: Final = base.rstrip("/")
        if not _BASE.fullmatch(self.base):
            raise IriError("base", base, "wanted is http(s)://host/path, ASCII, without query")
        self._papers: Final = f"{self.base}/id/paper/"

    def paper(self, key: str) -> str:
        """IRI of a paper from its key, ``<scheme>:<value>``.

        In the value ``/`` becomes ``:`` and every character but ASCII letters, digits and
        ``-._~`` is percent-encoded, ``:`` too.

        Raises:
            IriError: the key has no scheme, no value or a lone surrogate.

        >>> Iris("https://example.org").paper("doi:10.18653/v1/w19-3630")
        'https://example.org/id/paper/doi:10.18653:v1:w19-3630'
        >>> Iris("https://example.org").paper("title:a:b")
        'https://example.org/id/paper/title:a%3Ab'
        """
        match = _KEY.fullmatch(key)
        if not match:
            raise IriError("paper key", key, "wanted is <scheme>:<value>, such as doi:10.1000/x")
        scheme, value = match.groups()
        try:
            return f"{self._papers}{scheme}:{quote(value, safe='/').replace('/', ':')}"
        except UnicodeEncodeError as error:
            raise IriError("paper key", key, "it holds half of a surrogate pair") from error

    def paper_key(self, iri: str) -> str | None:
        """Key of the paper that an IRI names or hangs below; None for any other IRI.

        >>> iris = Iris("https://example.org")
        >>> iris.paper_key("https://example.org/id/paper/doi:10.1000:x%3Ay/m/3-9")
        'doi:10.1000/x:y'
        """
        if not iri.startswith(self._papers):
            return None
        scheme, _, value = iri[len(self._papers) :].partition("/")[0].partition(":")
        return f"{scheme}:{unquote(value.replace(':', '/'))}" if value else None

    def text(self, paper_key: str) -> str:
        """IRI of the text of a paper."""
        return f"{self.paper(paper_key)}/text"

    def mention(self, paper_key: str, start: int, end: int) -> str:
        """IRI of a span of the text; code points, end exclusive."""
        return f"{self.paper(paper_key)}/m/{start}-{end}"

    def claim(self, paper_key: str, n: int) -> str:
        """IRI of the n-th claim of a paper."""
        return f"{self.paper(paper_key)}/c/{n}"

    def result(self, paper_key: str, n: int) -> str:
        """IRI of the n-th result of a paper."""
        return f"{self.paper(paper_key)}/r/{n}"

    def size(self, paper_key: str, n: int) -> str:
        """IRI of the n-th size that a paper states."""
        return f"{self.paper(paper_key)}/s/{n}"

    def resource(self, label: str, slug: str) -> str:
        """IRI of a resource from its label and a slug of `assign_slugs`.

        Raises:
            IriError: no such label, or no slug.
        """
        if label not in _KIND:
            raise IriError("label", label, f"wanted is one of {', '.join(LABELS)}")
        if not _SLUG.fullmatch(slug):
            raise IriError("slug", slug, "wanted are a-z and 0-9 with single hyphens or dots")
        return f"{self.base}/id/{_KIND[label]}/{slug}"

    def activity(self, *parts: str) -> str:
        """IRI of what made records, from everything that tells one maker from another."""
        return f"{self.base}/id/activity/{_digest(parts)}"

    def agent(self, *parts: str) -> str:
        """IRI of a program in one version."""
        return f"{self.base}/id/agent/{_digest(parts)}"

    def corpus(self) -> str:
        """IRI of the corpus, which is the graph as a data set too."""
        return f"{self.base}/id/corpus"

    def part(self, kind: str, *names: str) -> str:
        """IRI of a part of the description of the corpus, such as a VoID partition.

        Raises:
            IriError: a name is not letters and digits with single ``.``, ``_`` or ``-``.

        >>> Iris("https://example.org").part("void", "core", "fp.Paper")
        'https://example.org/id/corpus/void/core/fp.Paper'
        """
        for name in (kind, *names):
            if not _LOCAL.fullmatch(name):
                raise IriError("name", name, "wanted are letters and digits with single . _ -")
        return "/".join((self.corpus(), kind, *names))

    def skolem(self, file: str, label: str) -> str:
        """IRI in place of a blank node of one of our own files."""
        return f"{self.base}/id/genid/{file}-{label}"

    def graph(self, name: str) -> str:
        """IRI of a named graph.

        Raises:
            IriError: no such graph.
        """
        if name not in GRAPHS:
            raise IriError("graph", name, f"wanted is one of {', '.join(GRAPHS)}")
        return f"{self.base}/graph/{name}"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()[:16]


_SPELLED: Final = {
    "+": " plus ",
    "#": " sharp ",
    "@": " at ",
    "&": " and ",
    "%": " percent ",
    "*": " star ",
    **{
        chr(code): f" {unicodedata.name(chr(code)).split()[-1].lower()} "
        for code in range(0x3B1, 0x3CA)
        if "FINAL" not in unicodedata.name(chr(code))
    },
}
_DOT = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
_OTHER = re.compile(r"[^a-z0-9.]+")
# A slug that ends like a digest would be taken for one; eight digits cover years and dates too.
_LIKE_DIGEST = re.compile(r"(^|-)[0-9a-f]{8}([0-9a-f]{56})?$")
_LONGEST = 80


@lru_cache(maxsize=1 << 20)
def readable_slug(name: str) -> str:
    """ASCII letters and digits of a name, joined by hyphens; empty where it has none.

    Accents are dropped, Greek letters and ``+ # @ & % *`` spelled out, dots kept between digits.

    >>> [readable_slug(name) for name in ("Llama 2 70B", "GPT-3.5", "β-VAE", "Café", "中文")]
    ['llama-2-70b', 'gpt-3.5', 'beta-vae', 'cafe', '']
    """
    folded = unicodedata.normalize("NFKD", name).casefold()
    spelled = "".join(_SPELLED.get(char, char) for char in folded)
    plain = "".join(char for char in spelled if not unicodedata.combining(char))
    return _OTHER.sub("-", _DOT.sub(" ", plain)).strip("-.")


def assign_slugs(names: Mapping[str, str]) -> dict[str, str]:
    """Slug of each resource of one label.

    A name keeps its `readable_slug` while no other name has the same; names that share one, have
    none, or have one that is too long or ends like a digest get eight hexadecimal digits of the
    SHA-256 of their folded name behind it. So a slug depends on the set of names, never on their
    order, and further names can retire a bare slug but never give it to another resource.

    Args:
        names: folded name, which is the identity, to display name.

    >>> assign_slugs({"a b": "A B", "c": "C"})
    {'a b': 'a-b', 'c': 'c'}
    >>> assign_slugs({"a b": "A B", "a/b": "A/B"})
    {'a b': 'a-b-c8687a08', 'a/b': 'a-b-c14cddc0'}
    """
    sharing: defaultdict[str, list[str]] = defaultdict(list)
    whole = {folded: readable_slug(names[folded]) for folded in sorted(names)}
    for folded, slug in whole.items():
        sharing[slug[:_LONGEST].strip("-.")].append(folded)
    slugs = {}
    for slug, group in sharing.items():
        if slug and [whole[folded] for folded in group] == [slug] and not _LIKE_DIGEST.search(slug):
            slugs[group[0]] = slug
        else:
            slugs.update(_with_digests(slug, group))
    return {folded: slugs[folded] for folded in names}


def _with_digests(slug: str, group: list[str]) -> dict[str, str]:
    digests = {folded: hashlib.sha256(folded.encode()).hexdigest() for folded in group}
    short = len({digest[:8] for digest in digests.values()}) == len(group)
    return {
        folded: "-".join(filter(None, (slug, digest[:8] if short else digest)))
        for folded, digest in digests.items()
    }
