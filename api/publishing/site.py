"""The whole site: every page, file after file, into a folder that takes its place when it is whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Store

from ...graph.errors import DirectoryUnusable
from ...graph.export.release import Progress, ReleaseFile, silent
from ...graph.export.writing import take_place
from ...graph.snapshot import Snapshot
from ...ontology.terms import FP
from ...queries import Library
from ..fair_page import fair_fragment
from ..templating import Site, web_folder
from .asking import StoreAsker
from .building import Building, Options
from .course import write_course
from .describing import TYPES
from .editor import why_no_editor, write_editor
from .library_pages import write_library
from .papers import write_papers
from .paths import KINDS
from .resources import plural, write_resources
from .search import write_index
from .sitemap import Sitemap
from .sorting import Sorter
from .templates import publishing_folder
from .terms_pages import write_terms

# The file by which a later run knows a site of ours.
MARKER: Final = "site.json"
# What the assessment links to on a server, and where the site has it.
_PLACES: Final = {
    "/": "index.html",
    "/ontology": "ontology.html",
    "/vocab/": "vocab.html",
    "/shapes": "shapes.html",
    "/queries": "queries.html",
    "/robots.txt": "robots.txt",
}
# Writes the files of a release into a folder and names them.
Dumps = Callable[[Path], Sequence[ReleaseFile]]


@dataclass(frozen=True, slots=True)
class Published:
    """What was written.

    Attributes:
        pages: HTML pages.
        size: bytes of all files.
        no_editor: why queries cannot be run in the browser; empty where they can.
    """

    pages: int
    size: int
    no_editor: str


def publish_site(
    snapshot: Snapshot,
    folder: Path,
    library: Library,
    options: Options,
    *,
    dumps: Dumps | None = None,
    progress: Progress = silent,
) -> Published:
    """Write a site and put it in its place at once.

    The same graph and options give the same bytes. Memory is bounded by one page and by pieces of
    sorted rows, whatever the size of the graph. An interrupted run leaves what was there before.

    Args:
        snapshot: the published graph.
        folder: where the site goes; there may be no such folder yet, an empty one, or an earlier
            site, which is replaced.
        library: the curated queries.
        options: what the publisher chose.
        dumps: writes a release; None leaves it out.
        progress: told how far it is.

    Raises:
        DirectoryUnusable: the place holds something that is no site of ours.
        QueryFailed: the store could not answer.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).is_file():
        raise DirectoryUnusable(folder, "it holds other files", "site")
    work = folder.with_name(f".{folder.name}.publishing")
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir(parents=True)
    except OSError as error:
        raise DirectoryUnusable(folder, str(error), "site") from error
    try:
        with Sorter() as claims, Sorter() as figures, Sorter() as words:
            building = Building(
                work,
                snapshot,
                StoreAsker(Store.read_only(str(snapshot.store))),
                library,
                options,
                Site(options.title, version("fairpapers"), snapshot.id, snapshot.base),
                claims,
                figures,
                words,
                Sitemap(work, options.url),
                why_no_editor(options, sum(snapshot.triples.values())),
                progress,
            )
            _write(building, dumps)
        size = sum(path.stat().st_size for path in work.rglob("*") if path.is_file())
        take_place(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Published(building.pages_written, size, building.no_editor)


def _write(building: Building, dumps: Dumps | None) -> None:
    _write_static(building)
    files: Sequence[ReleaseFile] = ()
    if dumps is not None:
        files = dumps(building.folder / "dumps")
    write_papers(building)
    write_resources(building)
    building.progress("search", 0, None)
    shards = write_index(building)
    building.page(
        "search.html",
        "site-search.html",
        about={"@type": "SearchResultsPage", "name": "Search"},
        scripts="search",
        heading="Search",
        section="search.html",
        shards=shards,
    )
    write_library(building)
    write_course(building)
    write_terms(building)
    building.progress("editor", 0, None)
    write_editor(building)
    _write_start(building, files)
    building.sitemap.close()


def _write_static(building: Building) -> None:
    for name in ("style.css", "favicon.svg"):
        building.write(f"static/{name}", (web_folder() / "static" / name).read_bytes())
    search = (publishing_folder() / "static" / "search.js").read_bytes()
    building.write("static/search.js", search)


def _write_start(building: Building, files: Sequence[ReleaseFile]) -> None:
    options = building.options
    counts = [
        (plural(kind), building.counts.get(kind, 0), f"{plural(kind)}.html") for kind in KINDS
    ]
    results = building.asker.count(f"SELECT (COUNT(*) AS ?n) {{ ?r a <{FP.Result}> }}")
    triples = sum(building.snapshot.triples.values())
    dataset: dict[str, Any] = {
        "@type": "Dataset",
        "name": options.title,
        "description": "A knowledge graph made from paper abstracts: datasets, models, methods, "
        "metrics, tasks and results, with the words behind each statement.",
        "license": options.licence,
        "url": options.url,
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.title,
                "encodingFormat": file.media_type,
                "contentUrl": f"{options.url}/dumps/{file.path}" if options.url else "",
                "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in files
            if options.url
        ],
    }
    shown: dict[str, Any] = {
        "counts": counts,
        "results": results,
        "triples": triples,
        "files": files,
        "no_editor": building.no_editor,
        "editor_triples": options.editor_triples,
    }
    items = [(f"dumps/{file.path}", file.media_type) for file in files]
    examples = [
        building.library[name] for name in ("C01", "F02", "H01") if name in building.library
    ]
    building.page(
        "index.html",
        "site-start.html",
        about=dataset,
        items=items,
        iri=f"{building.base}/id/corpus",
        heading=options.title,
        examples=examples,
        **shown,
    )
    page = {"@type": "WebPage"}
    if files:
        building.page(
            "downloads.html",
            "site-downloads.html",
            about=page | {"name": "Downloads"},
            items=items,
            heading="Downloads",
            section="downloads.html",
            **shown,
        )
    building.page(
        "about.html",
        "site-about.html",
        about=page | {"name": "About this site"},
        heading="About this site",
        section="about.html",
        types=TYPES,
        **shown,
    )
    building.page(
        "fair.html",
        "fair.html",
        about=page | {"name": "FAIR assessment"},
        heading="FAIR assessment",
        section="about.html",
        fragment=fair_fragment(lambda address: _PLACES.get(address, "")),
    )
    building.page(
        "404.html", "site-missing.html", about=page, listed=False, heading="There is no such page"
    )
    robots = "User-agent: *\nAllow: /\n"
    if options.url:
        robots += f"Sitemap: {options.url}/sitemap.xml\n"
    building.write("robots.txt", robots.encode())
    marker = {
        "generator": f"fairpapers {building.site.version}",
        "snapshot": building.snapshot.id,
        "base": building.base,
        "pages": building.pages_written,
    }
    building.write(MARKER, (json.dumps(marker, indent=1) + "\n").encode())
