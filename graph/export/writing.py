"""Write a release: part after part into a work folder that takes its place when it is whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ..errors import DirectoryUnusable, IriError, ReleaseUnusable
from ..terms import web_address
from .release import Part, Release, ReleaseFile, sealed
from .released import released_version


def export_release(release: Release, parts: Iterable[Part]) -> tuple[ReleaseFile, ...]:
    """Write the parts of a release in their order and put it in its place at once.

    An interrupted export leaves nothing but a work folder beside the place, which the next export
    of the same release removes.

    Args:
        release: its folder is where the finished release goes; there may be no such folder yet,
            an empty one, or an earlier release, which is replaced.
        parts: the first one writes the quads, which the others read.

    Returns:
        Every file that was written.

    Raises:
        DirectoryUnusable: the place holds something that is no release.
        IriError: the version or the homepage cannot be part of an IRI.
        ReleaseUnusable: the release before is none, or of the same version.
    """
    target = release.folder
    _check(release)
    _bring_back(target)
    if target.exists() and any(target.iterdir()) and not (target / "SHA256SUMS").is_file():
        raise DirectoryUnusable(target, "it holds other files", "release")
    work = target.with_name(f".{target.name}.exporting")
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir(parents=True)
    except OSError as error:
        raise DirectoryUnusable(target, str(error), "release") from error
    try:
        current = replace(release, folder=work, files=[])
        for part in parts:
            current.progress(part.name, 0, None)
            for file in part.write(current):
                current.files.append(sealed(file, work))
        take_place(work, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return tuple(current.files)


def _check(release: Release) -> None:
    """Find what would stop the last parts before the first one is written."""
    assert release.iri
    if release.homepage is not None and web_address(release.homepage) is None:
        raise IriError("homepage", release.homepage, "wanted is an address, https://host/path")
    if release.previous is not None:
        before = released_version(release.previous)
        if before == release.version:
            raise ReleaseUnusable(release.previous, f"it has the same version, {before}")


def _old(target: Path) -> Path:
    return target.with_name(f".{target.name}.replaced")


def _bring_back(target: Path) -> None:
    """Undo what an export left that was killed between the two renames of `_take_place`."""
    old = _old(target)
    if not old.is_dir():
        return
    if target.exists():
        shutil.rmtree(old)
    else:
        old.rename(target)


def take_place(work: Path, target: Path) -> None:
    """Put a finished folder where an earlier one may be, by renaming."""
    if target.exists():
        old = _old(target)
        target.rename(old)
        work.rename(target)
        shutil.rmtree(old)
    else:
        work.rename(target)
