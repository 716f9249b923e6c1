"""Paths of any Hadoop file system: whether something is there, and how a file is called to a user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class Place:
    """A path as Hadoop sees it.

    Attributes:
        given: as the user wrote it.
        uri: with scheme and without relative parts, percent-encoded.
    """

    def __init__(self, spark: SparkSession, given: str) -> None:
        context: Any = spark.sparkContext
        self._path = context._jvm.org.apache.hadoop.fs.Path(given)
        self._files = self._path.getFileSystem(context._jsc.hadoopConfiguration())
        self.given = given
        self.uri = str(self._files.makeQualified(self._path).toUri().toString())

    def exists(self) -> bool:
        """Whether there is a file or folder, or several where the path is a pattern."""
        return bool(self._files.globStatus(self._path))

    def remove(self) -> None:
        """Remove it with everything below it; nothing happens where nothing is."""
        self._files.delete(self._path, True)


@dataclass(frozen=True, slots=True)
class Naming:
    """From the address by which Spark knows a file to the names that messages and records use.

    Attributes:
        given: the input as the user wrote it.
        uri: the same as an address.
    """

    given: str
    uri: str

    def shown(self, address: str) -> str:
        """The path as the user would write it.

        >>> Naming("in", "file:/data/in").shown("file:/data/in/a%20b.jsonl")
        'in/a b.jsonl'
        """
        path, below = _plain(address), _plain(self.uri)
        if path == below:
            return self.given
        inside = path.removeprefix(f"{below.rstrip('/')}/")
        return f"{self.given.rstrip('/')}/{inside}" if inside != path else path

    def name(self, address: str) -> str:
        """The name of the file without its folder, as records have it."""
        return _plain(address).rpartition("/")[2]


def _plain(address: str) -> str:
    path = unquote(address)
    # Hadoop writes file:/a, Java's addresses file:///a.
    return "/" + path.removeprefix("file:").lstrip("/") if path.startswith("file:") else path
