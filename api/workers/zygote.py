"""The process that loads a store into memory once and forks query processes from it.

Started by `nursery.py` as ``python -m fairpapers.api.workers.zygote ARGUMENTS``. It runs no query
and has one thread, so what it forks is whole. With the argument ``--dump`` and a folder it writes
that store as N-Quads, since the engine starts threads for a store on disk.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from . import confinement
from .main import attend, lease

_MESSAGE_BYTES: Final = 4096
_DUMP: Final = "--dump"


class Zygote:
    """Forks on demand, kills on demand, and tells how each child ended."""

    def __init__(self, control: socket.socket, store: ox.Store) -> None:
        self._control = control
        self._store = store
        self._children: set[int] = set()
        # A byte arrives here when a child has ended.
        self._woken, waking = os.pipe()
        os.set_blocking(waking, False)
        os.set_blocking(self._woken, False)
        signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Obey until the front is gone."""
        while True:
            readable, _, _ = select.select([self._control.fileno(), self._woken], [], [])
            if self._woken in readable:
                with suppress(BlockingIOError):
                    os.read(self._woken, _MESSAGE_BYTES)
                self._reap()
            if self._control.fileno() in readable:
                data, handles, _, _ = socket.recv_fds(self._control, _MESSAGE_BYTES, 2)
                if not data:
                    return
                self._obey(json.loads(data), handles)

    def _obey(self, message: dict[str, Any], handles: list[int]) -> None:
        if "kill" in message:
            if message["kill"] in self._children:
                os.kill(message["kill"], signal.SIGKILL)
            return
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_worker(parent, handles, message["memory_bytes"])
        self._children.add(pid)
        for handle in handles:
            os.close(handle)
        self._tell({"forked": message["fork"], "pid": pid})

    def _become_worker(self, parent: int, handles: list[int], memory_bytes: int) -> None:
        """Serve queries in a child; never returns."""
        try:
            confinement.die_with_parent(parent)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._control.close()
            connection, errors = handles
            os.dup2(errors, 2)
            attend(connection, lambda: self._store, memory_bytes)
        finally:
            os._exit(1)

    def _reap(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._children.discard(pid)
            self._tell({"ended": pid, "code": os.waitstatus_to_exitcode(status)})

    def _tell(self, message: dict[str, Any]) -> None:
        self._control.send(json.dumps(message).encode())


def load(folder: str) -> ox.Store:
    """The store of a folder, in memory.

    Raises:
        OSError: it could not be read.
        RuntimeError: this process has become one of several threads.
    """
    store = ox.Store()
    command = [sys.executable, "-P", "-m", __spec__.name, _DUMP, folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as dumping:  # noqa: S603
        assert dumping.stdout is not None
        store.bulk_load(dumping.stdout, ox.RdfFormat.N_QUADS, lenient=True)
    if dumping.returncode:
        raise OSError(f"the store in {folder} cannot be read")
    if len(list(Path("/proc/self/task").iterdir())) != 1:
        raise RuntimeError("loading a store has started threads, so that forking is not safe")
    return store


def dump(folder: str) -> None:
    """Write a store to standard output."""
    lease(folder)
    ox.Store.read_only(folder).dump(sys.stdout.buffer, ox.RdfFormat.N_QUADS)
    sys.stdout.flush()
    os._exit(0)


def main() -> None:
    """Load, then fork; the only argument is a JSON object, or see `dump`."""
    if sys.argv[1] == _DUMP:
        dump(sys.argv[2])
    arguments = json.loads(sys.argv[1])
    confinement.die_with_parent(arguments["parent"])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    control = socket.socket(fileno=arguments["control"])
    store = load(arguments["store"])
    # What the collector never touches stays shared with the children.
    gc.collect()
    gc.freeze()
    control.send(json.dumps({"ready": True}).encode())
    with suppress(OSError):
        Zygote(control, store).run()
    os._exit(0)


if __name__ == "__main__":
    main()
