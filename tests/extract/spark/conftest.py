"""A session of Spark with two cores, for all tests of a file."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session", autouse=True)
def java() -> None:
    """What Spark runs on."""
    home = os.environ.get("JAVA_HOME")
    if not (home and Path(home, "bin", "java").exists()) and shutil.which("java") is None:
        pytest.skip("Spark needs Java 17, which is not installed")


@pytest.fixture(scope="module")
def spark(java: None) -> Iterator[SparkSession]:
    """A session on this machine."""
    from fairpapers.extract.spark import spark_session

    os.environ["PYSPARK_PYTHON"] = sys.executable
    with spark_session("local[2]") as session:
        yield session
