"""Opening a file of papers: plain or gzip, bounded, with every fault named.

Lines are read as bytes and decoded one by one, so that a bad byte costs one record and not the
file. Bytes that are not UTF-8 come out as lone surrogates (PEP 383); `bad_byte` finds them.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from ..errors import CorpusError

MAX_LINE: Final = 16 * 2**20
"""Bytes of one line; a longer one is reported and passed over."""
MAX_UNPACKED: Final = 8 * 2**30
"""Bytes that a gzip file may unpack to."""
BLOCK: Final = 64 * 2**10
BOM: Final = b"\xef\xbb\xbf"

Report: TypeAlias = Callable[[int | None, str], None]
"""Called with the line and the fault of a record that is left out."""

_GZIP = b"\x1f\x8b"
_SIGNATURES = {
    b"%PDF-": "is a PDF, not a list of papers",
    b"PK\x03\x04": "is a ZIP archive or office document: unpack it or save it as text",
    b"\xff\xfe": "is UTF-16: save it as UTF-8",
    b"\xfe\xff": "is UTF-16: save it as UTF-8",
}
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")
_TOLERATED = 0.3  # Latin-1 prose stays far below, random bytes and machine code far above
_BLANK = 4096  # a head shorter than this is the whole file
_ESCAPED = re.compile("[\udc80-\udcff]")


class _Bytes(Protocol):
    def peek(self, size: int, /) -> bytes: ...
    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


class CorpusFile:
    """A file that is open for reading from its start.

    Attributes:
        path: the file as the user gave it.
        head: its first bytes, unpacked, without a byte order mark; still to be read.
    """

    def __init__(self, path: Path, stream: _Bytes, *, limit: int | None = None) -> None:
        self.path = path
        self._stream = stream
        self._left = limit
        with self._faults():
            self.head = stream.peek(BLOCK)[:BLOCK].removeprefix(BOM)

    def lines(self, report: Report) -> Iterator[tuple[int, str]]:
        """Yield each line with its 1-based number and its line end.

        Raises:
            CorpusError: reading fails, or the unpacked file is too large.
        """
        number = 0
        while line := self._take(MAX_LINE, by_line=True):
            number += 1
            if len(line) == MAX_LINE and not line.endswith(b"\n"):
                self._pass_over_line()
                report(number, f"the line is longer than {MAX_LINE:,} bytes")
                continue
            if number == 1:
                line = line.removeprefix(BOM)
            yield number, line.decode("utf-8", "surrogateescape")

    def blocks(self) -> Iterator[bytes]:
        """Yield the file in blocks of at most `BLOCK` bytes.

        Raises:
            CorpusError: reading fails, or the unpacked file is too large.
        """
        while block := self._take(BLOCK, by_line=False):
            yield block

    def _pass_over_line(self) -> None:
        while (rest := self._take(BLOCK, by_line=True)) and not rest.endswith(b"\n"):
            pass

    def _take(self, size: int, *, by_line: bool) -> bytes:
        with self._faults():
            data = self._stream.readline(size) if by_line else self._stream.read(size)
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise CorpusError(self.path, f"unpacks to more than {MAX_UNPACKED:,} bytes")
        return data

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise CorpusError(self.path, f"the gzip data is damaged: {error}") from error
        except OSError as error:
            raise CorpusError(self.path, error.strerror or str(error)) from error


@contextmanager
def open_corpus(path: Path) -> Iterator[CorpusFile]:
    """Open a file of papers; gzip is recognised by its first bytes.

    Raises:
        CorpusError: it is missing, a directory, unreadable, empty or not text.
    """
    with _open(path) as raw:
        if _peek(path, raw).startswith(_GZIP):
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield _checked(CorpusFile(path, unpacked, limit=MAX_UNPACKED))
        else:
            yield _checked(CorpusFile(path, raw))


def bad_byte(text: str) -> str | None:
    r"""Say where a decoded line is not UTF-8, or None.

    >>> bad_byte(b"caf\xe9".decode("utf-8", "surrogateescape"))
    'not UTF-8: byte 0xe9 at character 4'
    """
    found = _ESCAPED.search(text)
    if not found:
        return None
    return f"not UTF-8: byte 0x{ord(found[0]) - 0xDC00:02x} at character {found.start() + 1}"


def _open(path: Path) -> io.BufferedReader:
    try:
        return io.BufferedReader(io.FileIO(path), BLOCK)
    except FileNotFoundError as error:
        raise CorpusError(path, "no such file") from error
    except IsADirectoryError as error:
        raise CorpusError(path, "is a directory: name the file in it") from error
    except OSError as error:
        raise CorpusError(path, f"cannot be opened: {error.strerror}") from error
    except ValueError as error:  # a NUL in the name
        raise CorpusError(path, f"cannot be opened: {error}") from error


def _peek(path: Path, raw: io.BufferedReader) -> bytes:
    try:
        return raw.peek(len(_GZIP))
    except OSError as error:
        raise CorpusError(path, f"cannot be read: {error.strerror}") from error


def _checked(file: CorpusFile) -> CorpusFile:
    if not file.head.strip() and len(file.head) < _BLANK:
        raise CorpusError(file.path, "is empty")
    if fault := head_fault(file.head):
        raise CorpusError(file.path, fault)
    return file


def head_fault(head: bytes) -> str | None:
    """Say why a file that starts with these bytes is no list of papers, or None.

    >>> head_fault(b"%PDF-1.7")
    'is a PDF, not a list of papers'
    """
    for signature, fault in _SIGNATURES.items():
        if head.startswith(signature):
            return fault
    text = head.decode("utf-8", "replace")
    if len(_UNREADABLE.findall(text)) > _TOLERATED * len(text):
        return "is binary data or text in another encoding than UTF-8"
    return None
