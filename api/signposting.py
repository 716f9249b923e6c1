"""Typed links of a page about a thing (FAIR Signposting, level 1).

Specification: https://signposting.org/FAIR/ and the relations of RFC 8288, 6573, 6596 and 8574.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..ontology.terms import PREFIXES
from .formats import Alternate, link_header

ABOUT_PAGE: Final = PREFIXES["schema"] + "AboutPage"
# A thing has one or two classes; whoever builds a graph elsewhere may have more.
_MOST_TYPES: Final = 8


@dataclass(frozen=True, slots=True)
class Signposts:
    """Where the links of one page lead; each may be empty.

    Attributes:
        cite_as: the IRI to cite.
        formats: the same description in RDF.
        types: classes of the thing.
        licence: IRI of the licence of what is described.
        collection: what the thing belongs to.
        items: addresses of the data, where the thing is a data set.
        author: who is responsible.
    """

    cite_as: str
    formats: Sequence[Alternate] = ()
    types: Iterable[str] = ()
    licence: str = ""
    collection: str = ""
    items: Sequence[Alternate] = ()
    author: str = ""

    def header(self) -> str:
        """The value of the Link header."""
        links = [f'<{self.cite_as}>; rel="cite-as"']
        if self.formats:
            links.append(link_header(self.formats))
        links += [f'<{each.href}>; rel="describedby"; type="{each.type}"' for each in self.formats]
        types = (ABOUT_PAGE, *sorted(self.types)[:_MOST_TYPES])
        links += [f'<{iri}>; rel="type"' for iri in types]
        for relation, target in (
            ("license", self.licence),
            ("author", self.author),
            ("collection", self.collection),
        ):
            if target:
                links.append(f'<{target}>; rel="{relation}"')
        links += [f'<{each.href}>; rel="item"; type="{each.type}"' for each in self.items]
        return ", ".join(links)
