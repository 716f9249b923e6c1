"""A Spark session for one command: started where there is none, and stopped again."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..errors import MissingExtraError, SparkFailedError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOCAL: Final = "local[*]"
# No page on a port that nobody asked for, and a driver that only this machine can reach.
_QUIET: Final[Mapping[str, str]] = MappingProxyType(
    {
        "spark.app.name": "fairpapers",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
)
_ALONE: Final[Mapping[str, str]] = MappingProxyType(
    {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
)
# What the plans below rely on: files are cut the same way each time they are read, partitions of a
# shuffle stay as many as were asked for, and a batch for Python is small.
_PLANS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "spark.sql.adaptive.coalescePartitions.enabled": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
        "spark.sql.files.ignoreCorruptFiles": "false",
        "spark.sql.files.ignoreMissingFiles": "false",
        "spark.sql.files.minPartitionNum": "64",
        "spark.sql.session.timeZone": "UTC",
    }
)
_CAUSE = re.compile(r"^(?:.*: )?(?:[\w.$]+(?:Error|Exception)): (?P<fault>.+)$", re.MULTILINE)


@contextmanager
def spark_session(
    master: str | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[SparkSession]:
    """Give a Spark session; one that is active already is used as it is and stays.

    Args:
        master: URL of the cluster, such as ``spark://host:7077``, ``yarn`` or ``local[4]``; None
            for what Spark's own configuration says, else all cores of this machine.
        settings: further properties of Spark, which win over ours.

    Raises:
        MissingExtraError: PySpark is not installed, or pandas, without which it passes no Arrow.
        SparkFailedError: there is no Java, Spark does not start, or it fails in the block.
    """
    if find_spec("pandas") is None:  # PySpark asks for it before it passes Arrow data
        raise MissingExtraError("spark", "pandas")
    try:
        with _without_remarks():
            import pyspark.testing.utils  # noqa: F401 - some functions import it, which remarks
            from py4j.protocol import Py4JError
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtraError("spark", error.name or "pyspark") from error
    try:
        active = SparkSession.getActiveSession()
        session = active or _start(SparkSession.builder, master, dict(settings or {}))
        before = {name: session.conf.get(name, None) for name in _PLANS}
        for name, wanted in _PLANS.items():
            session.conf.set(name, wanted)
        try:
            yield session
        finally:
            if active is None:
                session.stop()
            else:
                _restore(session, before)
    except (PySparkException, Py4JError) as error:
        raise SparkFailedError(cause(error)) from error


@contextmanager
def shuffled(spark: SparkSession, partitions: int) -> Iterator[None]:
    """Shuffle into so many partitions within the block."""
    name = "spark.sql.shuffle.partitions"
    before = str(spark.conf.get(name))
    spark.conf.set(name, str(partitions))
    try:
        yield
    finally:
        spark.conf.set(name, before)


def mapped(rows: DataFrame, function: Callable[..., Iterator[object]], schema: str) -> DataFrame:
    """Let a function turn the Arrow batches of each partition into others, of that schema."""
    with _without_remarks():
        return rows.mapInArrow(function, schema)


@contextmanager
def _without_remarks() -> Iterator[None]:
    """Keep to ourselves what PySpark thinks of the version of pandas: no data frame is passed."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*pandas", category=FutureWarning)
        yield


def cause(error: Exception) -> str:
    r"""What went wrong, in one line: the fault in Python on an executor where there is one.

    >>> cause(ValueError("Job aborted\nTraceback:\npkg.ModelError: no model\n\tat java"))
    'no model'
    """
    text = str(error)
    if "JAVA_GATEWAY_EXITED" in text:
        return "no Java was found: install Java 17 or later, or let JAVA_HOME name it"
    found = _CAUSE.findall(text)
    # The first line is Spark's own "Job aborted due to stage failure"; the last is the root.
    told = next((each for each in reversed(found) if "stage failure" not in each), None)
    return (told or next(iter(text.splitlines()), type(error).__name__)).strip()[:500]


def _start(
    builder: SparkSession.Builder, master: str | None, settings: dict[str, str]
) -> SparkSession:
    chosen = master or settings.pop("spark.master", None) or os.environ.get("MASTER") or LOCAL
    ours = dict(_QUIET)
    if chosen.startswith("local"):
        # Executors are threads of the driver here, and Python is the one that runs this.
        ours |= _ALONE
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if "SPARK_CONF_DIR" not in os.environ:
        logging = Path(__file__).with_name("log4j2.properties").as_uri()
        name = "spark.driver.extraJavaOptions"
        settings[name] = f"-Dlog4j2.configurationFile={logging} {settings.get(name, '')}".strip()
    builder = builder.master(chosen)
    for name, value in (ours | settings).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _restore(session: SparkSession, before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            session.conf.unset(name)
        else:
            session.conf.set(name, value)
