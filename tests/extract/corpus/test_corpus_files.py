"""Files that cannot be read, and gzip."""

from __future__ import annotations

import gzip
import os
import random
from pathlib import Path

import pytest

from fairpapers.extract.corpus import CorpusError, Skipped, files, read_papers
from fairpapers.extract.errors import ExtractError

from .conftest import Read

LINE = b'{"title": "Title %d", "abstract": "Words."}\n'


def fault_of(path: Path) -> str:
    with pytest.raises(CorpusError) as caught:
        list(read_papers(path, skipped=lambda _: None))
    assert isinstance(caught.value, ExtractError)
    assert caught.value.path == path
    assert str(caught.value) == f"{path}: {caught.value.fault}"
    return caught.value.fault


def test_a_missing_file(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "none.jsonl") == "no such file"


def test_a_directory(tmp_path: Path) -> None:
    assert fault_of(tmp_path) == "is a directory: name the file in it"


def test_a_name_that_no_file_can_have() -> None:
    assert "cannot be opened" in fault_of(Path("a\0b.jsonl"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.touch(0o000)
    assert fault_of(path) == "cannot be opened: Permission denied"


@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
@pytest.mark.parametrize("name", ["list.jsonl", "list.csv", "list.bib", "page.txt", "any"])
def test_an_empty_file(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert fault_of(path) == "is empty"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (random.Random(1).randbytes(5000), "is binary data or text in another encoding"),
        (b"\x7fELF\x02\x01\x01" + bytes(500), "is binary data"),
        (b"SQLite format 3\x00" + bytes(84), "is binary data"),
        ("Речные уровни\nСобраны данные".encode("cp1251"), "another encoding than UTF-8"),
        ('{"title": "T"}\n'.encode("utf-16"), "is UTF-16: save it as UTF-8"),
        (b"%PDF-1.7\n1 0 obj", "is a PDF"),
        (b"PK\x03\x04\x14\x00", "is a ZIP archive or office document"),
    ],
)
@pytest.mark.parametrize("name", ["list.jsonl", "list.csv", "list.bib", "page.txt", "a.xml"])
def test_binary_junk(tmp_path: Path, name: str, content: bytes, fault: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert fault in fault_of(path)


def test_a_byte_order_mark_is_no_text(read: Read) -> None:
    assert read(b"\xef\xbb\xbf" + LINE % 1, "list.jsonl").titles == ["Title 1"]
    assert read(b"\xef\xbb\xbftitle,abstract\nT,A\n", "list.csv").titles == ["T"]


def test_gzip_is_read_whatever_the_name(read: Read) -> None:
    data = gzip.compress(b"".join(LINE % number for number in range(2000)))
    for name in ("list.jsonl.gz", "list.jsonl", "list.gz", "LIST.JSONL.GZ"):
        result = read(data, name)
        assert len(result.papers) == 2000
        assert result.papers[-1].source.line == 2000


def test_an_empty_gzip_file(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl.gz"
    path.write_bytes(gzip.compress(b""))
    assert fault_of(path) == "is empty"


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_damaged_gzip_gives_what_came_before_the_damage(tmp_path: Path, damage: str) -> None:
    rng = random.Random(2)
    whole = b"".join(LINE % rng.randrange(10**12) for _ in range(5_000))
    data = bytearray(gzip.compress(whole))
    middle = len(data) // 2
    data[middle:] = b"" if damage == "cut" else bytes(byte ^ 0xFF for byte in data[middle:])
    path = tmp_path / "list.jsonl.gz"
    path.write_bytes(data)
    papers = read_papers(path, skipped=lambda _: None)
    assert next(papers).title == whole.split(b'"')[3].decode()
    with pytest.raises(CorpusError, match="the gzip data is damaged"):
        list(papers)


def test_what_only_starts_as_gzip(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_bytes(b"\x1f\x8bnothing of the kind")
    assert "the gzip data is damaged" in fault_of(path)


def test_gzip_is_unpacked_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_UNPACKED", 10 * len(LINE % 1))
    path = tmp_path / "list.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(LINE % number for number in range(1, 100))))
    papers = read_papers(path, skipped=lambda _: None)
    titles = [next(papers).title for _ in range(9)]
    assert titles == [f"Title {number}" for number in range(1, 10)]
    with pytest.raises(CorpusError, match="unpacks to more than"):
        list(papers)


def test_a_pipe_is_read(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, LINE % 1 + LINE % 2)
    os.close(writing)
    skipped: list[Skipped] = []
    papers = list(read_papers(Path(f"/dev/fd/{reading}"), skipped=skipped.append))
    os.close(reading)
    assert [paper.title for paper in papers] == ["Title 1", "Title 2"]
