"""A site while it is being written: where pages go and what all of them share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pyoxigraph import RdfFormat, Triple

from ...graph.export.release import Progress, silent
from ...graph.licences import CC0
from ...graph.snapshot import Snapshot
from ...ontology.terms import DEFAULT_BASE
from ...queries import Library
from ..context import Context
from ..formats import JSON_LD, TURTLE, Alternate
from ..settings import Settings
from ..templating import Pages, Site
from .asking import StoreAsker, written
from .describing import LINKSET, linkset_json, schema_json, signposts
from .paths import SiteLinks
from .sitemap import Sitemap
from .sorting import Sorter
from .templates import SitePages

DATA: Final = ((TURTLE, "Turtle", "ttl"), (JSON_LD, "JSON-LD", "jsonld"))
# What pages may load: nothing by default, as on the server; see `Building.page`.
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
)
_SCRIPTS: Final = {
    "": _POLICY,
    "search": f"{_POLICY}; script-src 'self'",
    "editor": f"{_POLICY}; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the publisher of a site chooses.

    Attributes:
        url: address where the site will be found, without a slash at its end; empty where it is
            not known. Links within the site never depend on it.
        title: of the site.
        dumps: whether the files of a release are part of it.
        editor: whether queries can be run in the browser.
        editor_triples: a larger graph is not offered to the browser.
        profiles: how many resources, those of most papers, have panels on their pages.
        licence: IRI of the licence of the data.
        licence_name: its name.
    """

    url: str = ""
    title: str = "fairpapers"
    dumps: bool = True
    editor: bool = True
    editor_triples: int = 1_250_000
    profiles: int = 200
    licence: str = CC0
    licence_name: str = "CC0 1.0"


@dataclass(slots=True)
class Building:
    """Everything that the writers of pages need.

    Attributes:
        folder: work folder.
        snapshot: the graph.
        asker: asks it.
        library: the curated queries.
        options: what the publisher chose.
        site: what every page shows.
        no_editor: why queries cannot be run in the browser; empty where they can.
        progress: told how far it is.
        claims: rows ``(resource, role, -year, title, paper, claim, confidence, year)``, that the
            pages of papers leave for those of resources.
        figures: rows ``(resource, metric, -value, result, row)``, left likewise; the row is that of
            `entity_queries.PAPER_RESULTS` with the paper, as JSON.
        words: rows of the search index; see `search`.
        counts: members of each kind.
        sitemap: takes the address of every page.
        pages_written: so far.
        bytes_written: so far, without the files of the release.
    """

    folder: Path
    snapshot: Snapshot
    asker: StoreAsker
    library: Library
    options: Options
    site: Site
    claims: Sorter
    figures: Sorter
    words: Sorter
    sitemap: Sitemap
    no_editor: str = ""
    progress: Progress = silent
    counts: dict[str, int] = field(default_factory=dict)
    pages_written: int = 0
    bytes_written: int = 0
    _pages: SitePages | None = None
    _contexts: dict[str, Context] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """What instance IRIs start with."""
        return self.snapshot.base

    def context(self, root: str) -> Context:
        """Context of page code for pages from which ``root`` leads to the start."""
        if root not in self._contexts:
            self._contexts[root] = Context(
                self.asker,
                self.library,
                SiteLinks(self.base, root, editor=not self.no_editor),
                Pages(self.site),
                # No page code of ours reads a setting, and none must come from the environment.
                Settings.model_construct(),
                self.site,
            )
        return self._contexts[root]

    def cite_as(self, iri: str, path: str) -> str:
        """The IRI to cite: the thing's own where it resolves, else its page, where that is known.

        IRIs below the default base are nobody's and lead nowhere.
        """
        if self.base != DEFAULT_BASE:
            return iri
        return f"{self.options.url}/{path}" if self.options.url else ""

    def write(self, path: str, content: bytes) -> None:
        """Write one file."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.bytes_written += len(content)

    def data(self, stem: str, triples: Iterable[Triple]) -> None:
        """Write the Turtle and the JSON-LD of a page, beside it."""
        found = list(triples)
        self.write(f"{stem}.ttl", written(found, RdfFormat.TURTLE))
        self.write(f"{stem}.jsonld", written(found, RdfFormat.JSON_LD))

    def page(
        self,
        path: str,
        template: str,
        *,
        about: Mapping[str, Any],
        iri: str = "",
        data: str = "",
        items: Sequence[tuple[str, str]] = (),
        scripts: str = "",
        listed: bool = True,
        **values: Any,
    ) -> None:
        """Write one page, and its linkset beside it.

        Args:
            path: of the page.
            template: its name.
            about: schema.org description of what the page is about.
            iri: of the thing that it is about, if that has one.
            data: stem of the files of its data; empty where it has none.
            items: address and media type of each file that the page stands for.
            scripts: key of `_SCRIPTS`.
            listed: whether it is in the sitemap.
            values: for the template.
        """
        root = "../" * path.count("/")
        name = path.rpartition("/")[2]
        stem = name.removesuffix(".html")
        formats = [
            Alternate(f"{data.rpartition('/')[2]}.{suffix}", label, offer.media_type)
            for offer, label, suffix in DATA
            if data
        ]
        links = signposts(
            kind=str(about.get("@type", "WebPage")),
            licence=self.options.licence,
            home="" if path == "index.html" else f"{root}index.html",
            data=[(each.href, each.type) for each in formats],
            cite_as=self.cite_as(iri, path) if iri else "",
            items=items,
            linkset=f"{stem}.linkset.json" if formats or items else "",
        )
        if self._pages is None:
            self._pages = SitePages(self.site)
        html = self._pages.render(
            template,
            root=root,
            policy=_SCRIPTS[scripts],
            canonical=f"{self.options.url}/{path}" if self.options.url and listed else "",
            signposts=links,
            about=schema_json({**about, "sdLicense": self.options.licence}),
            formats=formats,
            iri=iri,
            options=self.options,
            **values,
        )
        self.write(path, html.encode())
        if any(link.type == LINKSET for link in links):
            self.write(f"{path.removesuffix('.html')}.linkset.json", linkset_json(name, links))
        if listed:
            self.sitemap.add(path)
        self.pages_written += 1
