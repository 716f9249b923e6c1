"""A standalone cluster of Spark on the loopback interface, as its own processes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_READY: Final = 400
_MASTER: Final = re.compile(r"Starting Spark master at (spark://\S+)")
_WORKER: Final = "Successfully registered with master"


class Cluster:
    """A master and its workers.

    Attributes:
        url: of the master.
        environment: for a driver that uses it.
    """

    def __init__(self, folder: Path) -> None:
        import pyspark

        home = Path(pyspark.__file__).parent
        self._class = home / "bin" / "spark-class"
        self._folder = folder
        self.environment: Mapping[str, str] = os.environ | {
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_WORKER_DIR": str(folder),
            "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        }
        self.workers: list[subprocess.Popen[bytes]] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        _, log = self._start("master.Master", "--port", "0", "--webui-port", "0")
        self.url = _waited(log, _MASTER)

    def add_worker(self) -> None:
        """Start a worker with one core and wait until the master knows it."""
        process, log = self._start(
            "worker.Worker", "--cores", "1", "--memory", "1g", "--webui-port", "0", self.url
        )
        self.workers.append(process)
        _waited(log, re.compile(f"({_WORKER})"))

    def kill_worker(self) -> None:
        """End the oldest worker as a machine ends that loses power; its executor ends with it."""
        process = self.workers.pop(0)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End every process."""
        for process in self._processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _start(self, name: str, *arguments: str) -> tuple[subprocess.Popen[bytes], Path]:
        log = self._folder / f"{len(self._processes)}.log"
        with log.open("wb") as told:
            process = subprocess.Popen(
                [self._class, f"org.apache.spark.deploy.{name}", "--host", "127.0.0.1", *arguments],
                env=self.environment,
                stdout=told,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._processes.append(process)
        return process, log


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster with workers of one core each; no process is left behind."""
    started = Cluster(folder)
    try:
        for _ in range(workers):
            started.add_worker()
        yield started
    finally:
        started.stop()


def waiting_for(what: str, seconds: float = _READY) -> Iterator[None]:
    """Give turns until the caller has seen it; fail when it takes too long."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        yield
        time.sleep(0.05)
    raise TimeoutError(f"waited {seconds:.0f} s for {what}")


def _waited(log: Path, wanted: re.Pattern[str]) -> str:
    for _ in waiting_for(f"{wanted.pattern} in {log}"):
        if found := wanted.search(log.read_text(errors="replace")):
            return found[1]
    raise AssertionError


# For a few records: no compiler that pays off over hours, and no plans that change while they run.
SMALL: Final = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
}


def has_java() -> bool:
    """Whether there is what Spark runs on."""
    home = os.environ.get("JAVA_HOME")
    return bool(home and Path(home, "bin", "java").exists()) or shutil.which("java") is not None


def small_options() -> list[str]:
    """`SMALL` for the command line."""
    return [part for name, value in SMALL.items() for part in ("--spark-conf", f"{name}={value}")]
