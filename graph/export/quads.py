"""The whole graph as sorted N-Quads: the form that every other part is made from."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Store

from ..nquads import sorted_nquads
from .release import QUADS_FILE, GzipWriter, Release, ReleaseFile

_EVERY = 10_000


class Quads:
    """Sorted N-Quads of all named graphs, compressed."""

    name = "quads"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write them; memory stays bounded however large the graph is."""
        total = release.triples()
        store = Store.read_only(str(release.snapshot.store))
        with GzipWriter(release.path(QUADS_FILE)) as out:
            for done, line in enumerate(sorted_nquads(store), 1):
                out.write(line.encode())
                if done % _EVERY == 0:
                    release.progress(self.name, done, total)
        yield ReleaseFile(
            path=QUADS_FILE,
            title="The whole graph as sorted N-Quads",
            media_type="application/gzip",
            licence=release.licence,
            unpacked_type="application/n-quads",
            conforms_to=("https://www.w3.org/TR/n-quads/",),
        )
