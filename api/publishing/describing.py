"""What machines read of a page: schema.org in it, typed links in its head, a linkset beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

_SCHEMA: Final = "https://schema.org/"
LINKSET: Final = "application/linkset+json"
# Characters that could end a script element, or a line of JavaScript, as escapes of JSON.
_ESCAPES: Final = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
# What schema.org calls the kinds of the ontology.
TYPES: Final[Mapping[str, str]] = {
    "paper": "ScholarlyArticle",
    "benchmark": "Dataset",
    "dataset": "Dataset",
    "model": "SoftwareApplication",
    "method": "DefinedTerm",
    "metric": "DefinedTerm",
    "task": "DefinedTerm",
}


@dataclass(frozen=True, slots=True)
class Signpost:
    """One typed link of a page (FAIR Signposting; RFC 8288, RFC 9264)."""

    rel: str
    href: str
    type: str = ""


def schema_json(document: Mapping[str, Any]) -> Markup:
    r"""A schema.org description as the text of a script element, which no value can end.

    >>> print(schema_json({"name": "</script>"}))
    {"@context": "https://schema.org", "name": "\u003c/script\u003e"}
    """
    filled = {name: value for name, value in document.items() if value not in (None, "", [], {})}
    text = json.dumps({"@context": "https://schema.org", **filled}, ensure_ascii=False)
    # Marked as safe only after everything that HTML could read as markup is an escape.
    return Markup(text.translate(_ESCAPES))  # noqa: S704


def signposts(
    *,
    kind: str,
    licence: str,
    home: str,
    data: Sequence[tuple[str, str]] = (),
    cite_as: str = "",
    items: Iterable[tuple[str, str]] = (),
    linkset: str = "",
) -> list[Signpost]:
    """Typed links of one page.

    Args:
        kind: type at schema.org of what the page is about.
        licence: IRI of the licence of the data.
        home: address of the start page; empty on the start page itself.
        data: address and media type of each description in RDF.
        cite_as: persistent IRI, where there is one.
        items: address and media type of each file that the page stands for.
        linkset: address of the linkset.
    """
    links = [Signpost("type", f"{_SCHEMA}AboutPage"), Signpost("type", _SCHEMA + kind)]
    if cite_as:
        links.append(Signpost("cite-as", cite_as))
    links += [Signpost("describedby", href, type_) for href, type_ in data]
    links += [Signpost("item", href, type_) for href, type_ in items]
    links.append(Signpost("license", licence))
    if home:
        links.append(Signpost("collection", home))
    if linkset:
        links.append(Signpost("linkset", linkset, LINKSET))
    return links


def linkset_json(page: str, links: Iterable[Signpost]) -> bytes:
    """The links of a page and those back to it, as a linkset (RFC 9264, section 4.2).

    Addresses are relative to the linkset's own, so it is true wherever the site lies.

    Args:
        page: address of the page.
        links: of the page.
    """
    kept = [link for link in links if link.rel != "linkset"]
    contexts = [_context(page, kept)]
    for link in kept:
        if link.rel in ("describedby", "item"):
            back = "describes" if link.rel == "describedby" else "collection"
            contexts.append(_context(link.href, [Signpost(back, page, "text/html")]))
    return json.dumps({"linkset": contexts}, ensure_ascii=False, indent=1).encode() + b"\n"


def _context(anchor: str, links: Iterable[Signpost]) -> dict[str, Any]:
    made: dict[str, Any] = {"anchor": anchor}
    for link in links:
        target = {"href": link.href} | ({"type": link.type} if link.type else {})
        made.setdefault(link.rel, []).append(target)
    return made
