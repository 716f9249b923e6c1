"""Names of files, sorted rows, the sitemap, what is left out and what is refused."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from fairpapers.api.cli import main
from fairpapers.api.publishing import editor, resources
from fairpapers.api.publishing.paths import LONGEST, file_name
from fairpapers.api.publishing.sitemap import Sitemap
from fairpapers.api.publishing.sorting import Sorter

SEGMENTS = st.text("abAB:_~=%.-/é\u4e2d09", min_size=1, max_size=300)


@given(SEGMENTS, SEGMENTS)
def test_two_names_never_share_a_file(one: str, other: str) -> None:
    names = file_name(one), file_name(other)
    assert (names[0] == names[1]) == (one == other)
    # Some file systems do not tell case, and none takes these.
    assert names[0] == names[0].lower()
    assert not set(names[0]) & set('/\\:*?"<>|% ')
    assert len(names[0]) <= LONGEST


@given(st.lists(st.tuples(st.text("ab\né", max_size=3), st.integers(-5, 5))), st.integers(1, 4))
def test_rows_come_sorted_and_once(rows: list[tuple[str, int]], chunk: int) -> None:
    with Sorter(chunk) as sorter:
        for row in rows:
            sorter.add(*row)
        assert list(sorter) == sorted(set(rows))
        assert list(sorter) == sorted(set(rows))


@given(st.lists(st.text("abc\n\u2028", max_size=5)), st.integers(1, 9))
def test_pieces_of_the_graph_are_one_gzip_stream(lines: list[str], size: int) -> None:
    parts = list(editor.pieces(lines, size))
    assert gzip.decompress(b"".join(parts)) == "".join(lines).encode()
    assert {len(part) for part in parts[:-1]} <= {size}


def test_a_long_sitemap_is_an_index_of_parts(tmp_path: Path) -> None:
    sitemap = Sitemap(tmp_path, "https://papers.example/a&b", most=2)
    for number in range(5):
        sitemap.add(f"{number}.html")
    sitemap.close()
    index = (tmp_path / "sitemap.xml").read_text()
    assert index.count("<sitemap><loc>https://papers.example/a&amp;b/sitemap-") == 3
    parts = [path.read_text().count("<url>") for path in sorted(tmp_path.glob("sitemap-*.xml"))]
    assert parts == [2, 2, 1]


def test_a_resource_of_many_papers_has_several_pages(
    site_directory: Path,
    tmp_path: Path,
    publish: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resources, "PAPERS_SHOWN", 1)
    whole = tmp_path / "site"
    publish(site_directory, whole, "--no-dumps", "--no-editor")
    second = next(iter(sorted(whole.glob("id/*/*=p2.html"))))
    first = second.with_name(second.name.replace("=p2", ""))
    papers: list[Any] = []
    for path in (first, second):
        page: Any = lxml.html.document_fromstring(path.read_bytes())
        assert page.xpath("//nav[starts-with(@aria-label, 'Pages of')]//a/@href")
        papers.append(page.xpath("//td[@class='long']/a[contains(@href, '/paper/')]/@title"))
    assert papers[0][:1] != papers[1][:1]


def test_without_editor_the_site_says_so(
    site_directory: Path, tmp_path: Path, publish: Callable[..., str]
) -> None:
    said = publish(site_directory, tmp_path / "site", "--no-dumps", "--editor-triples", "10")
    assert "No query editor. The graph has" in said
    page = (tmp_path / "site/editor.html").read_text()
    assert "offers at most 10 to a browser" in page
    assert "<script src" not in page
    assert not (tmp_path / "site/editor").exists()


def test_without_the_engine_the_site_is_made_and_says_how_to_get_it(
    site_directory: Path,
    tmp_path: Path,
    publish: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(editor, "engine_folder", lambda: tmp_path / "none")
    said = publish(site_directory, tmp_path / "site", "--no-dumps")
    assert "make editor" in said
    assert "make editor" in (tmp_path / "site/editor.html").read_text()


def test_a_folder_of_something_else_is_left_alone(site_directory: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = CliRunner().invoke(main, ["publish", str(site_directory), "-o", str(tmp_path)])
    assert done.exit_code == 1
    assert "cannot hold a site" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("url", ["papers.example", "https://papers.example/?a", "javascript:x"])
def test_a_site_url_must_be_an_address(site_directory: Path, tmp_path: Path, url: str) -> None:
    arguments = ["publish", str(site_directory), "-o", str(tmp_path / "site"), "--site-url", url]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert "no http or https address" in done.output


def test_modules_become_statements_of_a_classic_script() -> None:
    module = 'import { a } from "./a.js";\nexport async function b() {}\nexport class C {}\nexport { b as default };\n'
    assert "import" not in editor.classic(module)
    assert "export" not in editor.classic(module)
