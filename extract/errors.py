"""Errors of this layer. Each carries the values that its message is made of.

::

    ExtractError
    ├── CorpusError          a file of papers cannot be read at all
    │   └── FormatError      no reader of that name, or the file shows no known format
    ├── ModelError           a folder that holds no spaCy pipeline
    ├── EncoderError         a folder that holds no encoder for the accurate backend
    ├── MarksError           a page without the marks between which tables belong
    ├── MissingExtraError    a package that an optional part needs is not installed
    ├── OtherModelError      a machine of a cluster has another model than the one that asks it
    ├── OutputExistsError    a folder that is to be written is there already
    ├── SparkFailedError     Spark does not start, or gave up a job
    └── WorkerEndedError     a process that extracts was killed or could not start

One bad record raises none of these: it is reported as `corpus.Skipped` and the rest is read.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path


class ExtractError(Exception):
    """Anything that can go wrong between a file of papers and a record."""


class CorpusError(ExtractError):
    """A file that cannot be read, or not to its end.

    Attributes:
        path: the file as the user gave it.
        fault: what is wrong with it and, where there is one, the remedy.
    """

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: {fault}")
        self.path = path
        self.fault = fault


class FormatError(CorpusError):
    """No reader for a file: an unknown name was asked for, or the content fits none.

    Attributes:
        known: the names of the readers there are.
    """

    def __init__(self, path: Path, fault: str, known: Sequence[str]) -> None:
        super().__init__(path, f"{fault}; known formats: {', '.join(known)}")
        self.known = tuple(known)


class ModelError(ExtractError):
    """A model that cannot be loaded.

    Attributes:
        path: the folder that was to hold it.
        fault: what spaCy says of it.
    """

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: no spaCy pipeline can be loaded from here: {fault}")
        self.path = path
        self.fault = fault


class EncoderError(ExtractError):
    """The encoder of the accurate backend cannot be loaded.

    Attributes:
        path: the folder that was to hold it.
        fault: what is wrong with it.
    """

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(
            f"{path}: no encoder can be loaded from here: {fault}; give a folder that "
            "`python -m fairpapers.extract.training.teacher export` wrote, or do without the "
            "accurate backend"
        )
        self.path = path
        self.fault = fault


class MarksError(ExtractError):
    """A page that is to hold generated tables, and does not say where.

    Attributes:
        path: the page.
    """

    def __init__(self, path: Path, begin: str, end: str) -> None:
        super().__init__(f"{path}: no lines {begin} and {end}; put them where the tables belong")
        self.path = path


class MissingExtraError(ExtractError):
    """An optional part was asked for and a package that it needs is not installed.

    Attributes:
        extra: the extra of this package that brings it.
        package: what could not be imported.
    """

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(
            f"the {extra} backend needs the package {package}: pip install 'fairpapers[{extra}]'"
        )
        self.extra = extra
        self.package = package


class OtherModelError(ExtractError):
    """A machine of a cluster whose records would be made by something else.

    Attributes:
        wanted: what the driver's records are made by.
        found: what this machine's would be.
    """

    def __init__(self, wanted: str, found: str) -> None:
        super().__init__(
            f"an executor has {found}, the driver {wanted}; give both the same environment"
        )
        self.wanted = wanted
        self.found = found


class OutputExistsError(ExtractError):
    """A folder that is to be written is there already.

    Attributes:
        path: as the user gave it.
    """

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path}: is there already; give another --output, or --restart to replace it"
        )
        self.path = path


class SparkFailedError(ExtractError):
    """Spark does not start, or gave up a job after its attempts.

    Attributes:
        fault: what went wrong, as far as Spark tells.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(f"Spark: {fault}")
        self.fault = fault


class WorkerEndedError(ExtractError):
    """A worker process ended while papers were still to be extracted.

    Attributes:
        code: its exit code, as of `subprocess.Popen`; negative for a signal.
    """

    def __init__(self, code: int | None) -> None:
        super().__init__(
            f"a worker process ended unexpectedly ({_how_ended(code)}); what was extracted before "
            "is kept: run again to go on, with fewer workers if memory is short"
        )
        self.code = code


def _how_ended(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return f"killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"killed by signal {-code}"
    return f"exit code {code}"
