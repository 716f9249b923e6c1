"""A session of Spark with two cores, for all tests of a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from ...spark_cluster import SMALL, has_java

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session", autouse=True)
def java() -> None:
    """What Spark runs on."""
    if not has_java():
        pytest.skip("Spark needs Java 17, which is not installed")


@pytest.fixture(scope="module")
def spark(java: None) -> Iterator[SparkSession]:
    """A session on this machine."""
    from fairpapers.extract.spark import spark_session

    os.environ["PYSPARK_PYTHON"] = sys.executable
    with spark_session("local[2]", SMALL) as session:
        yield session
