"""What a part of a release is given, and what it says of each file that it wrote."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import IO, Final, Protocol, cast
from urllib.parse import quote

from pyoxigraph import Quad, RdfFormat, parse

from ...ontology.terms import DEFAULT_BASE
from ..iris import Iris
from ..licences import CC0
from ..snapshot import Snapshot
from ..store import Store

# Where the sorted N-Quads of the whole graph are; every other part may read them.
QUADS_FILE: Final = "data/graph.nq.gz"


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One file of a release.

    Attributes:
        path: below the release's folder, with forward slashes.
        title: what it holds, in a few words.
        media_type: of the file as it lies there; ``application/gzip`` for anything compressed.
        licence: IRI of its licence.
        unpacked_type: media type of what a compressed file holds; None for any other.
        conforms_to: IRIs of the specifications or profiles that it follows.
        size: in bytes.
        sha256: of its bytes, hexadecimal, lower case.
    """

    path: str
    title: str
    media_type: str
    licence: str
    unpacked_type: str | None = None
    conforms_to: tuple[str, ...] = ()
    size: int = 0
    sha256: str = ""


class Progress(Protocol):
    """Told of each part and how far it is."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take note; ``total`` is None where the end is not known."""
        ...


def silent(stage: str, done: int, total: int | None) -> None:
    """Take no note of progress."""
    del stage, done, total


@dataclass(frozen=True, slots=True)
class Release:
    """A release that is being written.

    Nothing in it depends on the clock or the machine: the same snapshot, version and date give
    the same bytes.

    Attributes:
        snapshot: the published graph.
        store: the same graph, for SPARQL; answers are held in memory, so ask only what is bounded.
        records: the records that it was built from, JSON Lines in the order of the papers' keys.
        folder: where the files go; exists.
        version: of the release.
        issued: date of the release.
        previous: folder of the release before; None where there is none.
        creator: who publishes the release, a name.
        homepage: address where the release will be found; None where it is not known.
        licence: IRI of the licence of the data.
        progress: told how far it is.
        files: of the parts that were written before, in their order.
    """

    snapshot: Snapshot
    store: Store
    records: Path
    folder: Path
    version: str
    issued: date
    previous: Path | None = None
    creator: str = "fairpapers"
    homepage: str | None = None
    licence: str = CC0
    progress: Progress = silent
    files: list[ReleaseFile] = field(default_factory=list)

    @property
    def iris(self) -> Iris:
        """The IRIs of the graph."""
        return Iris(self.snapshot.base)

    @property
    def example(self) -> bool:
        """Whether the IRIs are those of nobody in particular, which do not resolve."""
        return self.snapshot.base == DEFAULT_BASE

    @property
    def iri(self) -> str:
        """IRI of this version of the graph as a data set.

        Raises:
            IriError: the version is no letters and digits with single ``.``, ``_`` or ``-``.
        """
        return self.iris.part("release", self.version)

    def address(self, path: str = "") -> str | None:
        """Address of a file of the release; None where the release has no homepage."""
        return None if self.homepage is None else f"{self.homepage.rstrip('/')}/{quote(path)}"

    def triples(self, *graphs: str) -> int:
        """Triples in some of the named graphs, or in all of them."""
        counts = self.snapshot.triples
        return sum(counts[name] for name in graphs or counts if name in counts)

    def quads(self, *graphs: str) -> Iterator[Quad]:
        """Stream the quads in the order of their N-Quads lines, so a subject's stand together.

        Memory does not grow with the graph. Use it on the thread that asked.

        Args:
            graphs: names such as ``core``, to leave out the others.
        """
        wanted = {self.iris.graph(name) for name in graphs}
        with gzip.open(self.folder / QUADS_FILE, "rb") as lines:
            for quad in parse(cast("IO[bytes]", lines), format=RdfFormat.N_QUADS):
                if not wanted or quad.graph_name.value in wanted:
                    yield quad

    def path(self, name: str) -> Path:
        """Path of a file of the release, whose folder is made."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def build_day(snapshot: Snapshot) -> date:
    """The day on which a graph was built, in UTC."""
    return date.fromisoformat(snapshot.created[:10])


def calendar_version(day: date) -> str:
    """A version from a day, in the form of Semantic Versioning that readers of releases ask for.

    >>> calendar_version(date(2026, 1, 31))
    '2026.1.31'
    """
    return f"{day.year}.{day.month}.{day.day}"


class Part(Protocol):
    """One part of a release."""

    @property
    def name(self) -> str:
        """Short name, for progress and ``--only``: a word or two with hyphens."""
        ...

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write the files, naming each once it is complete; size and digest are filled in."""
        ...


class GzipWriter:
    """A gzip file whose bytes depend on what is written alone: no name, no time in its header.

    Args:
        path: file to make.
    """

    def __init__(self, path: Path) -> None:
        self._raw = path.open("wb")
        # Level 9 takes more than twice as long and saves next to nothing.
        self._zipped = gzip.GzipFile(
            filename="", mode="wb", compresslevel=6, fileobj=self._raw, mtime=0
        )

    def __enter__(self) -> IO[bytes]:
        return cast("IO[bytes]", self._zipped)

    def __exit__(self, *_: object) -> None:
        self._zipped.close()
        self._raw.close()


def sealed(file: ReleaseFile, folder: Path) -> ReleaseFile:
    """The same file with its size and digest, read from disk in pieces."""
    path = folder / file.path
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return replace(file, size=path.stat().st_size, sha256=digest)
