"""The whole graph as TriG: the Turtle of each named graph inside the name of that graph."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from ..iris import GRAPHS
from .release import GzipWriter, Release, ReleaseFile
from .turtle import turtle_file

TRIG_FILE: Final = "data/graph.trig.gz"


class Trig:
    """TriG of all named graphs, compressed; made from the Turtle files, so after them."""

    name = "trig"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Copy the Turtle of one graph after the other, with the directives once in front."""
        done, total = 0, release.triples()
        with GzipWriter(release.path(TRIG_FILE)) as out:
            for name in GRAPHS:
                if (file := turtle_file(release, name)) is None:
                    continue
                path = release.folder / file
                graph = f"\n<{release.iris.graph(name)}> {{\n".encode()
                with gzip.open(path) if file.endswith(".gz") else path.open("rb") as turtle:
                    lines = iter(turtle)
                    # Every file has the same directives in front, up to the first empty line.
                    directives = list(takewhile(lambda line: line != b"\n", lines))
                    out.writelines([*directives, graph] if not done else [b"}\n", graph])
                    out.writelines(lines)
                done += release.triples(name)
                release.progress(self.name, done, total)
            out.write(b"}\n" if done else b"")
        yield ReleaseFile(
            path=TRIG_FILE,
            title="The whole graph as TriG, graph by graph",
            media_type="application/gzip",
            licence=release.licence,
            unpacked_type="application/trig",
            conforms_to=("https://www.w3.org/TR/trig/",),
        )
