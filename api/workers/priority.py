"""Who has the processor first: a query that takes long gives way to those that do not."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

# About a tenth of the weight of a process that did not step back (sched(7), the nice value).
_STEPS: Final = 10
_LOWEST: Final = 19
BEHIND: Final = min(os.getpriority(os.PRIO_PROCESS, 0) + _STEPS, _LOWEST)


def own_nice() -> int:
    """Nice value of this process."""
    return os.getpriority(os.PRIO_PROCESS, 0)


def set_nice(pid: int, nice: int) -> bool:
    """Give a process a nice value; says False where it is gone, or the system forbids it.

    Anyone may raise the value of a process of one's own. To lower it again takes CAP_SYS_NICE or a
    limit that allows it (getrlimit(2), RLIMIT_NICE).
    """
    try:
        for thread in _threads(pid):
            os.setpriority(os.PRIO_PROCESS, thread, nice)
    except OSError:
        return False
    return True


def _threads(pid: int) -> list[int]:
    """On Linux each thread has a nice value of its own, elsewhere the process has one."""
    if sys.platform != "linux":
        return [pid]
    return [int(entry.name) for entry in Path(f"/proc/{pid}/task").iterdir()]
