"""What changed since the release before: the quads themselves, and how many of which kind."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final, cast

from ...ontology.terms import PREFIXES
from ..errors import ReleaseUnusable
from .release import QUADS_FILE, GzipWriter, Release, ReleaseFile
from .released import released_version

CHANGES_FILE: Final = "CHANGES.md"
_ADDED: Final = "changes/added.nq.gz"
_REMOVED: Final = "changes/removed.nq.gz"
_EVERY: Final = 10_000
_LINE: Final = re.compile(rb"(\S+) <([^>]*)> (.*) <([^>]*)> \.\n", re.DOTALL)
_TYPE: Final = PREFIXES["rdf"] + "type"


def differences(
    old: Iterable[bytes], new: Iterable[bytes]
) -> Iterator[tuple[bytes | None, bytes | None]]:
    """Merge two sorted streams of lines: pairs of a line and its like, None where it has none.

    Memory holds one line of each. Lines of UTF-8 sort as their code points do.

    >>> list(differences([b"a", b"b"], [b"b", b"c"]))
    [(b'a', None), (b'b', b'b'), (None, b'c')]
    """
    olds, news = iter(old), iter(new)
    left, right = next(olds, None), next(news, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left < right):
            yield left, None
            left = next(olds, None)
        elif left is None or right < left:
            yield None, right
            right = next(news, None)
        else:
            yield left, right
            left, right = next(olds, None), next(news, None)


class Changes:
    """``CHANGES.md``, and with a release before this one the quads that came and went."""

    name = "changes"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Compare the two files of sorted quads.

        Raises:
            ReleaseUnusable: the release before has no sorted quads or no version.
        """
        if release.previous is None:
            text = (
                f"# Changes\n\n{release.version} is the first release"
                f" ({release.triples():,} triples).\n"
            )
        else:
            counted = Counted()
            self._compare(release, release.previous, counted)
            for path, what in ((_ADDED, "came since"), (_REMOVED, "went since")):
                yield ReleaseFile(
                    path=path,
                    title=f"Quads that {what} the release before",
                    media_type="application/gzip",
                    licence=release.licence,
                    unpacked_type="application/n-quads",
                    conforms_to=("https://www.w3.org/TR/n-quads/",),
                )
            before = released_version(release.previous)
            text = "".join(f"{line}\n" for line in _page(release, before, counted))
        release.path(CHANGES_FILE).write_text(text, encoding="utf-8")
        yield ReleaseFile(
            CHANGES_FILE, "What changed since the release before", "text/markdown", release.licence
        )

    def _compare(self, release: Release, previous: Path, counted: Counted) -> None:
        total = release.triples()
        before = previous / QUADS_FILE
        if not before.is_file():
            raise ReleaseUnusable(previous, f"it has no {QUADS_FILE}")
        with (
            gzip.open(before) as old,
            gzip.open(release.folder / QUADS_FILE) as new,
            GzipWriter(release.path(_ADDED)) as added,
            GzipWriter(release.path(_REMOVED)) as removed,
        ):
            pairs = differences(_in_order(old, previous), cast("IO[bytes]", new))
            for done, (gone, come) in enumerate(pairs, 1):
                if come is None and gone is not None:
                    removed.write(gone)
                    if not counted.take(1, gone):
                        raise ReleaseUnusable(previous, f"{gone[:80]!r} in it is no quad")
                elif gone is None and come is not None:
                    added.write(come)
                    counted.take(0, come)
                else:
                    counted.kept += 1
                if done % _EVERY == 0:
                    release.progress(self.name, done, max(done, total))


class Counted:
    """How many quads came (0) and went (1), by graph, by class and by property."""

    def __init__(self) -> None:
        self.kept = 0
        self.graphs: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self.classes: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self.properties: tuple[Counter[str], Counter[str]] = (Counter(), Counter())

    def take(self, side: int, line: bytes) -> bool:
        """Count one line; False where it is no quad."""
        match = _LINE.fullmatch(line)
        if not match:
            return False
        predicate, value, graph = (part.decode() for part in match.groups()[1:])
        self.graphs[side][graph.rpartition("/")[2]] += 1
        if predicate == _TYPE:
            self.classes[side][_short(value.strip("<>"))] += 1
        else:
            self.properties[side][_short(predicate)] += 1
        return True


def _in_order(lines: Iterable[bytes], release: Path) -> Iterator[bytes]:
    before = b""
    try:
        for line in lines:
            if line <= before:
                raise ReleaseUnusable(release, f"its {QUADS_FILE} is not sorted")
            yield line
            before = line
    except (OSError, EOFError) as error:
        raise ReleaseUnusable(release, f"its {QUADS_FILE} cannot be read ({error})") from error


def _page(release: Release, before: str, counted: Counted) -> Iterator[str]:
    came, went = (sum(side.values()) for side in counted.graphs)
    yield "# Changes"
    yield ""
    yield f"From {before} to {release.version}: {came:,} triples came, {went:,} went,"
    yield f"{counted.kept:,} stayed. The triples themselves are in `{_ADDED}` and `{_REMOVED}`."
    for title, sides in (
        ("named graph", counted.graphs),
        ("class", counted.classes),
        ("property", counted.properties),
    ):
        names = sorted(sides[0].keys() | sides[1].keys())
        if names:
            yield ""
            yield f"| {title} | came | went |"
            yield "|---|---|---|"
            for name in names:
                yield f"| `{name}` | {sides[0][name]:,} | {sides[1][name]:,} |"


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
