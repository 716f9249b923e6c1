"""A release as a whole: what the command writes, and what its README promises."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from fairpapers.api.cli.export import release_parts
from fairpapers.graph.errors import GraphError, IriError, ReleaseUnusable
from fairpapers.graph.export import Release, ReleaseFile
from fairpapers.graph.export.readme import Readme

from .conftest import Export


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_twice_the_same_graph_gives_the_same_bytes_in_another_process(
    demo_graph: Path, whole: Path, tmp_path: Path
) -> None:
    command = [str(Path(sys.executable).with_name("fairpapers")), "export", str(demo_graph)]
    options = ["-o", str(tmp_path / "again"), "--release", "1.0", "--date", "2026-01-31"]
    subprocess.run([*command, *options], check=True, capture_output=True)
    again, before = files(tmp_path / "again"), files(whole)
    assert again.keys() == before.keys()
    assert [name for name in again if again[name] != before[name]] == []


def test_a_release_verifies_with_the_usual_tool(whole: Path) -> None:
    check = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    subprocess.run(check, cwd=whole, check=True)


def test_every_form_has_as_many_statements(whole: Path) -> None:
    def count(file: str, form: RdfFormat) -> int:
        content = (whole / file).read_bytes()
        content = gzip.decompress(content) if file.endswith(".gz") else content
        return sum(1 for _ in parse(content, format=form))

    quads = count("data/graph.nq.gz", RdfFormat.N_QUADS)
    assert count("data/graph.trig.gz", RdfFormat.TRIG) == quads
    assert count("data/graph.jsonld.gz", RdfFormat.JSON_LD) == quads
    turtle = [path.relative_to(whole).as_posix() for path in (whole / "data").glob("*.ttl*")]
    assert sum(count(file, RdfFormat.TURTLE) for file in turtle) == quads
    assert f"| all | {quads:,} | |" in (whole / "README.md").read_text()


def test_parts_have_names_of_their_own() -> None:
    names = [part.name for part in release_parts()]
    assert len(names) == len(set(names))
    assert names[0] == "quads"
    assert names[-1] == "checksums"


def examples(whole: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (whole / "README.md").read_text(), re.DOTALL)


def test_what_the_readme_shows_runs(whole: Path) -> None:
    found = [code for code in examples(whole) if "import pandas" not in code]
    assert len(found) == 2
    printed = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=whole, check=True, capture_output=True, text=True
        ).stdout
        for code in found
    ]
    assert len(printed[0].splitlines()) == 10
    assert printed[0] == printed[1]


def test_pandas_reads_what_the_readme_shows(whole: Path) -> None:
    pytest.importorskip("pandas", reason="needs pandas")
    (code,) = (code for code in examples(whole) if "import pandas" in code)
    subprocess.run([sys.executable, "-c", code], cwd=whole, check=True, capture_output=True)


def test_the_readme_names_every_file_and_its_links_lead_somewhere(whole: Path) -> None:
    text = (whole / "README.md").read_text()
    for file in files(whole).keys() - {"README.md"}:
        assert f"`{file}`" in text or f"`{file.rpartition('/')[0]}/`" in text, file
    for link in re.findall(r"\]\(([^)]+)\)", text):
        assert (whole / link).is_file()


def test_every_file_has_a_licence(whole: Path) -> None:
    text = (whole / "LICENSES.md").read_text()
    for file in files(whole):
        assert f"`{file}`" in text or f"`{file.rpartition('/')[0]}/`" in text, file


class _Pages:
    """One small file a paper, as parts for the Web write."""

    name = "pages"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        for number in range(100):
            release.path(f"site/paper/{number}.html").write_text("page")
            yield ReleaseFile(f"site/paper/{number}.html", "A page", "text/html", release.licence)


def test_a_folder_of_many_files_is_one_line_of_the_readme(export: Export, tmp_path: Path) -> None:
    export(tmp_path / "release", (_Pages(), Readme()))
    text = (tmp_path / "release" / "README.md").read_text()
    assert "| `site/paper/` (100 files) | 400 | A page |" in text
    assert "- `site/paper/`\n" in (tmp_path / "release" / "LICENSES.md").read_text()


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"version": "1.0 beta"}, IriError, "'1.0 beta'"),
        ({"homepage": "example.org"}, IriError, "homepage 'example.org'"),
        ({"homepage": "https://example.org/a b"}, IriError, "homepage"),
        ({"previous": Path("/nowhere")}, ReleaseUnusable, "version cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    changed: dict[str, Any],
    error: type[GraphError],
    message: str,
    export: Export,
    tmp_path: Path,
) -> None:
    with pytest.raises(error, match=message):
        export(tmp_path / "release", (), **changed)
    assert list(tmp_path.iterdir()) == []


def test_two_releases_in_a_row_have_two_versions(
    whole: Path, export: Export, tmp_path: Path
) -> None:
    with pytest.raises(ReleaseUnusable, match=r"the same version, 1\.0"):
        export(tmp_path / "release", (), previous=whole)


def test_parts_may_be_left_out_and_the_description_knows(demo_graph: Path, tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("fairpapers")), "export", str(demo_graph)]
    options = ["-o", str(tmp_path / "few"), "--without", "json-ld", "--without", "tables"]
    subprocess.run([*command, *options], check=True, capture_output=True)
    assert not (tmp_path / "few" / "data" / "graph.jsonld.gz").exists()
    assert not (tmp_path / "few" / "tables").exists()
    for described in ("metadata.ttl", "README.md", "ro-crate-metadata.json"):
        assert "graph.jsonld" not in (tmp_path / "few" / described).read_text()
    for name, message in (("quads", "cannot be left out"), ("hdt", "no part 'hdt'")):
        options = ["-o", str(tmp_path / "none"), "--without", name]
        done = subprocess.run([*command, *options], check=False, capture_output=True, text=True)
        assert done.returncode == 2
        assert message in " ".join(done.stderr.split())
