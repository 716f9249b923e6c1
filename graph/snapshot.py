"""The graph directory: where snapshots lie, which one is published, who may write.

::

    DIR/records/records.jsonl       the records that the published graph was built from
    DIR/snapshots/<id>/store/       an Oxigraph store, never written again
    DIR/snapshots/<id>/snapshot.json
    DIR/current                     the id of the published snapshot
    DIR/.building-<pid>-<random>/   a build at work, or what a killed one left
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from .errors import BuildInProgress, DirectoryUnusable, NoSnapshot, SnapshotDamaged
from .leases import move_unless_leased

BUILDING: Final = ".building-"
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published graph.

    Attributes:
        id: first 16 hexadecimal digits of the sum over its quads (`content`).
        path: its directory.
        base: the base of its IRIs.
        created: when it was first built, ISO 8601 in UTC.
        version: of fairpapers, which built it.
        papers: number of papers.
        triples: number of triples by name of graph.
    """

    id: str
    path: Path
    base: str
    created: str
    version: str
    papers: int
    triples: Mapping[str, int]

    @property
    def store(self) -> Path:
        """Directory of the Oxigraph store."""
        return self.path / "store"

    def write(self) -> None:
        """Write ``snapshot.json`` beside the store."""
        content = {name: value for name, value in asdict(self).items() if name != "path"}
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        (self.path / "snapshot.json").write_text(text, encoding="utf-8")


def records_file(directory: Path) -> Path:
    """Where a graph directory keeps its records."""
    return directory / "records" / "records.jsonl"


def current_snapshot(directory: Path) -> Snapshot:
    """Find the published graph of a directory.

    Raises:
        NoSnapshot: nothing is published there.
        SnapshotDamaged: what is published is incomplete.
    """
    identity = current_id(directory)
    if identity is None:
        raise NoSnapshot(directory)
    return read_snapshot(directory / "snapshots" / identity)


def current_id(directory: Path) -> str | None:
    """Id of the published snapshot; None where nothing is published.

    Raises:
        SnapshotDamaged: the file ``current`` holds no id.
    """
    path = directory / "current"
    try:
        identity = path.read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotDamaged(path, str(error)) from error
    if not _ID.fullmatch(identity):
        raise SnapshotDamaged(path, f"it holds {identity[:40]!r}, which is no snapshot id")
    return identity


def read_snapshot(path: Path) -> Snapshot:
    """Read the description of a snapshot.

    Raises:
        SnapshotDamaged: it is missing or malformed, or the store is missing.
    """
    try:
        content = json.loads((path / "snapshot.json").read_text(encoding="utf-8"))
        snapshot = Snapshot(path=path, **content)
    except (OSError, ValueError, TypeError) as error:
        raise SnapshotDamaged(path, f"its snapshot.json cannot be read ({error})") from error
    if not (snapshot.store / "CURRENT").is_file():
        raise SnapshotDamaged(path, "its store is missing")
    return snapshot


@contextmanager
def building(directory: Path) -> Iterator[Path]:
    """Hold a graph directory for writing and give a fresh work directory inside it.

    The lock is on the directory itself, so it leaves no file and ends with its process. Whoever
    holds it knows that every other work directory is of a dead build, and removes it.

    Raises:
        BuildInProgress: another process, or another build in this one, holds the directory.
        DirectoryUnusable: the directory cannot be made or written.
    """
    with _locked(directory):
        try:
            for left in directory.glob(f"{BUILDING}*"):
                shutil.rmtree(left)
            work = directory / f"{BUILDING}{os.getpid()}-{os.urandom(4).hex()}"
            work.mkdir()
        except OSError as error:
            raise DirectoryUnusable(directory, str(error)) from error
        try:
            yield work
        finally:
            # What cannot be removed now is left to the next build: it must not hide an error.
            shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise DirectoryUnusable(directory, str(error)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BuildInProgress(directory) from error
    finally:
        os.close(handle)


def publish(
    directory: Path, work: Path, snapshot: Snapshot, *, keep_replaced: bool = True
) -> tuple[Snapshot, bool]:
    """Make a finished snapshot the published one.

    ``work`` holds it and, unless the records stay as they are, ``records.jsonl``.

    Each step is one atomic rename after the files are on disk, ``current`` last: killed between
    any two, the directory serves the old graph or the new one. A snapshot of the same id that
    stands already is kept if it is whole. The snapshot replaced now stays unless ``keep_replaced``
    is off, and so does whichever somebody has a lease on; the others go.

    Returns:
        The published snapshot, and whether it was the published one before.
    """
    before = _published(directory)
    kept = _keep(directory / "snapshots", work, snapshot)
    if (work / "records.jsonl").exists():
        records = records_file(directory)
        records.parent.mkdir(exist_ok=True)
        _replace(work / "records.jsonl", records)
    (work / "current").write_text(snapshot.id + "\n", encoding="ascii")
    _replace(work / "current", directory / "current")
    for old in (directory / "snapshots").iterdir():
        stays = {snapshot.id, before} if keep_replaced else {snapshot.id}
        if _ID.fullmatch(old.name) and old.name not in stays:
            # Renamed away first, so that no half-removed snapshot ever stands under its id.
            move_unless_leased(old, work / f"old-{old.name}")
    return kept, before == snapshot.id


def _keep(snapshots: Path, work: Path, snapshot: Snapshot) -> Snapshot:
    """Move a snapshot to its place, unless the same one stands there whole."""
    snapshots.mkdir(exist_ok=True)
    target = snapshots / snapshot.id
    if target.exists():
        try:
            return read_snapshot(target)
        except SnapshotDamaged:
            target.rename(work / f"damaged-{snapshot.id}")
    _sync_tree(snapshot.path)
    snapshot.path.rename(target)
    _sync(snapshots)
    return read_snapshot(target)


def _published(directory: Path) -> str | None:
    try:
        return current_id(directory)
    except SnapshotDamaged:
        return None


def _replace(source: Path, target: Path) -> None:
    _sync(source)
    source.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_tree(path: Path) -> None:
    for inner in path.rglob("*"):
        _sync(inner)
    _sync(path)
