"""``fairpapers publish``: a published graph in, a static site out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .messages import say
from .options import EXISTING_FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...graph.export.release import ReleaseFile

_URL = re.compile(r"https?://[^\s<>\"{}|\\^`?#]+")


def _site_url(_: click.Context, __: click.Parameter, value: str | None) -> str:
    if value is None:
        return ""
    if not _URL.fullmatch(value):
        raise click.BadParameter(
            f"{value!r} is no http or https address without query and fragment, such as "
            "https://example.org/papers"
        )
    return value.rstrip("/")


@click.command()
@click.argument("directory", type=EXISTING_FOLDER)
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write; an earlier site in it is replaced once the new one is whole.",
)
@click.option(
    "--site-url",
    metavar="URL",
    callback=_site_url,
    help="Address where it will be found, for the sitemap and canonical links. Links within the "
    "site are relative and never need it.",
)
@click.option("--title", default="fairpapers", show_default=True, help="Title of the start page.")
@click.option("--creator", default="fairpapers", show_default=True, help="Who publishes it.")
@click.option("--no-dumps", is_flag=True, help="Leave out the files of a release.")
@click.option("--no-editor", is_flag=True, help="Leave out the query editor and its data.")
@click.option(
    "--editor-triples",
    type=click.IntRange(min=0),
    default=1_250_000,
    show_default=True,
    metavar="N",
    help="No editor for a graph of more triples: a browser holds all of it in memory.",
)
@click.option(
    "--profiles",
    type=click.IntRange(min=0),
    default=200,
    show_default=True,
    metavar="N",
    help="Panels (leaderboards, uses per year, ...) on the pages of the N resources that most "
    "papers name; each looks at the whole graph.",
)
def command(
    directory: Path,
    folder: Path,
    site_url: str,
    title: str,
    creator: str,
    no_dumps: bool,
    no_editor: bool,
    editor_triples: int,
    profiles: int,
) -> None:
    """Publish a graph as a static site.

    DIRECTORY is what `fairpapers build` made. The site has a page, Turtle and JSON-LD for every
    paper and resource, lists, search, the query library with its answers, the ontology, a
    release, and an editor that runs SPARQL in the browser. Any web host takes it, in any folder,
    and so does a USB stick: open index.html. The same graph and options give the same bytes.

    \b
    Examples:
      fairpapers publish graph -o site
      fairpapers publish graph -o site --site-url https://example.org/papers
      fairpapers publish graph -o site --no-dumps --no-editor
    """
    from ...graph.export import Release, build_day, calendar_version, export_release
    from ...graph.iris import Iris
    from ...graph.kept import kept_settings
    from ...graph.licences import CC0
    from ...graph.snapshot import current_snapshot, records_file
    from ...graph.store import EmbeddedStore
    from ...queries import load_library
    from ..publishing import Options, publish_site
    from .export import release_parts
    from .exporting import bar

    snapshot = current_snapshot(directory)
    with EmbeddedStore(snapshot.store) as store:
        licence = kept_settings(store, Iris(snapshot.base)).licence
    options = Options(
        url=site_url,
        title=title,
        licence=licence,
        licence_name="CC0 1.0" if licence == CC0 else "CC BY 4.0",
        dumps=not no_dumps,
        editor=not no_editor,
        editor_triples=editor_triples,
        profiles=profiles,
    )
    with bar() as progress:

        def dumps(target: Path) -> Sequence[ReleaseFile]:
            day = build_day(snapshot)
            with EmbeddedStore(snapshot.store) as store:
                release = Release(
                    snapshot=snapshot,
                    store=store,
                    records=records_file(directory),
                    folder=target,
                    version=calendar_version(day),
                    issued=day,
                    creator=creator,
                    homepage=site_url or None,
                    licence=options.licence,
                    progress=progress,
                )
                return export_release(release, release_parts())

        made = publish_site(
            snapshot,
            folder,
            load_library(),
            options,
            dumps=dumps if options.dumps else None,
            progress=progress,
        )
    say(f"{made.pages:,} pages, {made.size / 1e6:.1f} MB in {folder}")
    if made.no_editor and options.editor:
        say(f"No query editor. {made.no_editor}")
