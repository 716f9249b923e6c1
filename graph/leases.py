"""Who reads a snapshot's files, so that no publication removes them underfoot.

A lease is a shared lock (flock) on the folder of the store. It leaves no file and ends with its
process, however that ends.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from .errors import SnapshotDamaged


class Lease:
    """Keeps a store's files, whatever is published meanwhile, until `release`."""

    def __init__(self, store: Path) -> None:
        """Take it.

        Raises:
            SnapshotDamaged: the files are gone, or about to be.
        """
        self._handle: int | None = None
        try:
            handle = os.open(store, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
                # They may have been moved away before the lock was there.
                if not os.path.samestat(os.fstat(handle), store.stat()):
                    raise FileNotFoundError("other files stand there now")
            except OSError:
                os.close(handle)
                raise
        except OSError as error:
            raise SnapshotDamaged(store, f"it cannot be kept from removal ({error})") from error
        self._handle = handle

    def release(self) -> None:
        """Let the files go; a second call does nothing."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def move_unless_leased(snapshot: Path, target: Path) -> bool:
    """Move a snapshot's folder, in one rename, unless somebody has a lease on its store."""
    try:
        handle = os.open(snapshot / "store", os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        # A snapshot without a store is damaged, and nobody can have it open.
        snapshot.rename(target)
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        snapshot.rename(target)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
