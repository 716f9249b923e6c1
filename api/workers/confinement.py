"""Take from a process what a query never needs: sockets, endless memory, outliving its parent.

Linux only; each function says whether it took effect. The socket filter is a classic BPF program
for seccomp (Linux ``Documentation/userspace-api/seccomp_filter.rst``); it is irrevocable.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import sys
from pathlib import Path
from struct import pack
from typing import Final, NamedTuple

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_SET_MODE_FILTER: Final = 1
_SECCOMP_FILTER_FLAG_TSYNC: Final = 1

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JUMP_AT_LEAST: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_REFUSE: Final = 0x00050000 | 1  # SECCOMP_RET_ERRNO with EPERM

_OFFSET_NUMBER: Final = 0
_OFFSET_ARCHITECTURE: Final = 4
# Numbers from here on are the x32 calls of x86-64, a second way to the same calls.
_FIRST_X32: Final = 0x40000000


class _Machine(NamedTuple):
    audit: int
    seccomp: int
    socket: int
    io_uring_setup: int


_MACHINES: Final = {
    "x86_64": _Machine(0xC000003E, seccomp=317, socket=41, io_uring_setup=425),
    "aarch64": _Machine(0xC00000B7, seccomp=277, socket=198, io_uring_setup=425),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def die_with_parent(parent: int) -> bool:
    """Have the kernel kill this process when its parent's thread ends.

    Args:
        parent: process id that the parent has, to notice that it is gone already.
    """
    if sys.platform != "linux":
        return False
    code = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
    return bool(code == 0)


def deny_sockets() -> bool:
    """Make every later attempt to open a socket fail with EPERM, in all threads of this process.

    io_uring is denied too, since it opens sockets without the call. Sockets that are open already
    go on working.
    """
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    instructions = _filter(machine)
    program = _Program(len(instructions) // 8, instructions)
    flags = _SECCOMP_FILTER_FLAG_TSYNC
    call = libc.syscall
    call.restype = ctypes.c_long
    done = call(machine.seccomp, _SECCOMP_SET_MODE_FILTER, flags, ctypes.byref(program))
    return bool(done == 0)


def limit_memory(further_bytes: int) -> bool:
    """Let the address space grow by so much at most from what it is now."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        limit = pages * resource.getpagesize() + further_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (OSError, ValueError):
        return False
    return True


def limit_cpu(further_seconds: float) -> None:
    """Have the kernel kill this process after so much more CPU time; a later call starts anew."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + further_seconds) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


def _filter(machine: _Machine) -> bytes:
    def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return pack("=HBBI", code, if_true, if_false, value)

    return b"".join(
        (
            instruction(_LOAD, _OFFSET_ARCHITECTURE),
            instruction(_JUMP_EQUAL, machine.audit, if_true=1),
            instruction(_RETURN, _KILL),
            instruction(_LOAD, _OFFSET_NUMBER),
            instruction(_JUMP_AT_LEAST, _FIRST_X32, if_true=3),
            instruction(_JUMP_EQUAL, machine.socket, if_true=2),
            instruction(_JUMP_EQUAL, machine.io_uring_setup, if_true=1),
            instruction(_RETURN, _ALLOW),
            instruction(_RETURN, _REFUSE),
        )
    )
