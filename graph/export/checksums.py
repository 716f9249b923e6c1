"""``SHA256SUMS``: the digest of every file of a release, for ``sha256sum --check``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..licences import CC0
from .release import Release, ReleaseFile

CHECKSUMS_FILE: Final = "SHA256SUMS"


class Checksums:
    """The last part; a folder that holds its file is a release that was written to its end."""

    name = "checksums"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write it.

        Raises:
            RuntimeError: a part wrote a file that it did not name, or one twice.
        """
        named = sorted(file.path for file in release.files)
        there = sorted(
            path.relative_to(release.folder).as_posix()
            for path in release.folder.rglob("*")
            if not path.is_dir()
        )
        if named != there:
            wrong = sorted(set(named) ^ set(there)) or named
            raise RuntimeError(f"files of the release and files that parts named differ: {wrong}")
        lines = sorted((file.path, file.sha256) for file in release.files)
        text = "".join(f"{digest}  {path}\n" for path, digest in lines)
        release.path(CHECKSUMS_FILE).write_text(text, encoding="utf-8")
        yield ReleaseFile(CHECKSUMS_FILE, "SHA-256 of every other file", "text/plain", CC0)
