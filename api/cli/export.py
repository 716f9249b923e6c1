"""``fairpapers export``: a published graph in, a release for others out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .messages import say
from .options import EXISTING_FOLDER

if TYPE_CHECKING:
    from ...graph.export import Part


@click.command()
@click.argument("directory", type=EXISTING_FOLDER)
@click.option(
    "-o",
    "--output",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write; an earlier release in it is replaced once the new one is whole.",
)
@click.option(
    "--release", "version", metavar="VERSION", help="Its version  [default: its date, as 2026.1.31]"
)
@click.option(
    "--date",
    "issued",
    type=click.DateTime(["%Y-%m-%d"]),
    help="When it is issued  [default: the day that the graph was built]",
)
@click.option(
    "--previous",
    type=EXISTING_FOLDER,
    help="The release before: what was added and removed since is written to CHANGES.",
)
@click.option("--creator", default="fairpapers", show_default=True, help="Who publishes it.")
@click.option("--homepage", metavar="IRI", help="Address where it will be found.")
@click.option(
    "--without",
    "left_out",
    metavar="PART",
    multiple=True,
    help="Leave out a form of the data, such as tables or json-ld; may be given again.",
)
@click.option("--nanopubs", is_flag=True, help="Add confident claims and results, see below.")
@click.option(
    "--nanopub-confidence",
    type=click.FloatRange(0.0, 1.0),
    default=0.9,
    show_default=True,
    metavar="SHARE",
    help="Least confidence of a nanopublication.",
)
@click.option(
    "--sign-with",
    "key",
    metavar="KEYFILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your private RSA key; needs --orcid and fairpapers[nanopub].",
)
@click.option("--orcid", metavar="ID", help="ORCID iD of who signs; --creator is the name.")
def command(
    directory: Path,
    folder: Path,
    version: str | None,
    issued: datetime | None,
    previous: Path | None,
    creator: str,
    homepage: str | None,
    left_out: tuple[str, ...],
    nanopubs: bool,
    nanopub_confidence: float,
    key: Path | None,
    orcid: str | None,
) -> None:
    """Export a graph as a release that describes itself.

    DIRECTORY is what `fairpapers build` made. The same graph, version and date give the same bytes.

    With --nanopubs it holds a nanopublication of each claim and result that the extraction is sure
    of: templates, or signed with your key. Nothing is sent anywhere; publishing them is up to you.

    \b
    Examples:
      fairpapers export graph -o release
      fairpapers export graph -o release-2 --release 2.0 --previous release
      fairpapers export graph -o small --without tables --without json-ld
      fairpapers export graph -o release --nanopubs --sign-with id_rsa --orcid 0000-0002-1825-0097
    """
    from ...graph.export import Release, build_day, calendar_version, export_release
    from ...graph.iris import Iris
    from ...graph.kept import kept_settings
    from ...graph.snapshot import current_snapshot, records_file
    from ...graph.store import EmbeddedStore
    from .exporting import bar

    more = (_nanopubs(nanopub_confidence, key, orcid, creator),) if nanopubs else ()
    if not nanopubs and (key or orcid):
        raise click.UsageError("--sign-with and --orcid go with --nanopubs.")
    parts = _without(release_parts(more), left_out)
    snapshot = current_snapshot(directory)
    day = issued.date() if issued else build_day(snapshot)
    with EmbeddedStore(snapshot.store) as store, bar() as progress:
        release = Release(
            snapshot=snapshot,
            store=store,
            records=records_file(directory),
            folder=folder,
            version=version or calendar_version(day),
            issued=day,
            previous=previous,
            creator=creator,
            homepage=homepage,
            licence=kept_settings(store, Iris(snapshot.base)).licence,
            progress=progress,
        )
        files = export_release(release, parts)
    say(f"{len(files)} files, {sum(file.size for file in files) / 1e6:.1f} MB in {folder}")


def _without(parts: tuple[Part, ...], left_out: tuple[str, ...]) -> tuple[Part, ...]:
    """The parts less some that no other part needs.

    Raises:
        click.UsageError: there is no such part, or others need it.
    """
    names = [part.name for part in parts]
    forms = [name for name in names[1 : names.index("changes")] if name not in _NEEDED]
    for name in left_out:
        if name not in forms:
            why = "cannot be left out" if name in names else f"is none: there is no part {name!r}"
            raise click.UsageError(f"part {name!r} {why}; choose from {', '.join(forms)}")
    return tuple(part for part in parts if part.name not in left_out)


# TriG and the README's examples are made from the Turtle, the description of tables from these.
_NEEDED = frozenset({"turtle"})


def _nanopubs(least: float, key: Path | None, orcid: str | None, name: str) -> Part:
    from ...graph.export.nanopublications import Nanopublications
    from ...graph.export.signing import KeySigner, orcid_iri

    if (key is None) != (orcid is None):
        raise click.UsageError("--sign-with and --orcid go together.")
    if key is None or orcid is None:
        return Nanopublications(least)
    try:
        person = orcid_iri(orcid)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--orcid") from error
    return Nanopublications(least, KeySigner(key, person, name))


def release_parts(more: tuple[Part, ...] = ()) -> tuple[Part, ...]:
    """Every part in the order in which they are written: quads first, descriptions last.

    Args:
        more: forms of the data that a release has only where they are asked for.
    """
    from ...graph.export.annotations import Annotations
    from ...graph.export.changes import Changes
    from ...graph.export.checksums import Checksums
    from ...graph.export.citation import Citation
    from ...graph.export.croissant import Croissant
    from ...graph.export.datacite import DataCite
    from ...graph.export.jsonld import JsonLdFile
    from ...graph.export.links import Links
    from ...graph.export.metadata import Metadata
    from ...graph.export.nif import Nif
    from ...graph.export.ontology import OntologyFiles
    from ...graph.export.quads import Quads
    from ...graph.export.readme import Readme
    from ...graph.export.rocrate import RoCrate
    from ...graph.export.skgif import SkgIf
    from ...graph.export.tables import Tables
    from ...graph.export.trig import Trig
    from ...graph.export.turtle import TurtleFiles
    from ...queries.export import QueryLibrary

    return (
        # Every part may read the quads.
        Quads(),
        # The data in other forms: a new part has its line here.
        TurtleFiles(),
        Trig(),
        JsonLdFile(),
        OntologyFiles(),
        Annotations(),
        Nif(),
        Links(),
        QueryLibrary(),
        *more,
        Tables(),
        Croissant(),
        SkgIf(),
        # What describes the files that were written before.
        Changes(),
        DataCite(),
        Citation(),
        Metadata(),
        Readme(),
        RoCrate(),
        Checksums(),
    )
