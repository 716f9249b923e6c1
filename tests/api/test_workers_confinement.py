"""What a query process cannot do. Each test runs in a process of its own: there is no way back."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"),
    reason="the confinement is made of Linux system calls",
)

CONFINE = """
import ctypes, os, socket, sys, threading
from fairpapers.api.workers import confinement
before = socket.socketpair()
started, go = threading.Event(), threading.Event()
outcome = []
def attempt(make):
    try:
        make()
    except PermissionError:
        return "denied"
    return "allowed"
def other_thread():
    started.set()
    go.wait()
    outcome.append(attempt(socket.socket))
thread = threading.Thread(target=other_thread)
thread.start()
started.wait()
assert confinement.deny_sockets()
go.set()
thread.join()
"""


def outcome(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"])
def test_no_socket_of_any_family_opens(family: str) -> None:
    done = outcome(CONFINE + f"print(attempt(lambda: socket.socket(socket.{family})))")
    assert done.stdout == "denied\n", done.stderr


def test_threads_that_ran_before_are_confined_too() -> None:
    done = outcome(CONFINE + "print(outcome[0])")
    assert done.stdout == "denied\n", done.stderr


def test_io_uring_is_no_way_round() -> None:
    code = "print(ctypes.CDLL(None, use_errno=True).syscall(425, 1, 0), ctypes.get_errno())"
    assert outcome(CONFINE + code).stdout == "-1 1\n"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="x32 is a part of x86-64")
def test_the_x32_calls_are_no_way_round() -> None:
    code = "print(ctypes.CDLL(None, use_errno=True).syscall(0x40000000 + 41, 2, 1, 0), ctypes.get_errno())"
    assert outcome(CONFINE + code).stdout == "-1 1\n"


def test_open_sockets_and_files_go_on_working() -> None:
    code = "before[0].send(b'x'); print(before[1].recv(1), len(open('/proc/self/stat').read()) > 0)"
    assert outcome(CONFINE + code).stdout == "b'x' True\n"


def test_memory_is_limited_to_what_is_asked_for() -> None:
    done = outcome(
        "from fairpapers.api.workers import confinement\n"
        "assert confinement.limit_memory(64 << 20)\n"
        "half = bytearray(32 << 20)\n"
        "try:\n    bytearray(64 << 20)\nexcept MemoryError:\n    print('refused')"
    )
    assert done.stdout == "refused\n", done.stderr


def test_cpu_time_is_limited_and_can_be_renewed() -> None:
    done = outcome(
        "import resource\n"
        "from fairpapers.api.workers import confinement\n"
        "confinement.limit_cpu(100)\nfirst = resource.getrlimit(resource.RLIMIT_CPU)\n"
        "confinement.limit_cpu(200)\nsecond = resource.getrlimit(resource.RLIMIT_CPU)\n"
        "print(second[0] - first[0] in (100, 101), second[1] == first[1])"
    )
    assert done.stdout == "True True\n", done.stderr


def test_a_process_that_works_on_past_its_cpu_time_is_killed() -> None:
    done = outcome(
        "from fairpapers.api.workers import confinement\nconfinement.limit_cpu(0)\nwhile True: pass"
    )
    assert done.returncode == -24


def test_a_child_ends_with_its_parent() -> None:
    child = (
        "import os, sys, time\n"
        "from fairpapers.api.workers import confinement\n"
        "assert confinement.die_with_parent(int(sys.argv[1]))\n"
        "print(os.getpid(), flush=True)\ntime.sleep(600)"
    )
    parent = (
        "import os, subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}, str(os.getpid())],"
        " stdout=subprocess.PIPE)\n"
        "print(child.stdout.readline().decode().strip(), flush=True)\nos.kill(os.getpid(), 9)"
    )
    # The child holds the parent's output open: this returns when both are gone.
    assert outcome(parent).stdout.strip().isdecimal()


def test_a_child_whose_parent_is_gone_already_ends_at_once() -> None:
    done = outcome(
        "from fairpapers.api.workers import confinement\n"
        "confinement.die_with_parent(1 << 30)\nprint('still here')"
    )
    assert (done.returncode, done.stdout) == (0, "")
