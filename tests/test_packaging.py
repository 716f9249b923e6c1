"""What a user installs: the wheel and the sdist hold everything, and the wheel runs alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

LAYERS = ("ontology", "extract", "graph", "queries", "api")
SHIPPED = {
    ".py",
    ".rq",
    ".ttl",
    ".jsonld",
    ".json",
    ".jsonl",
    ".tsv",
    ".cfg",
    ".html",
    ".css",
    ".js",
    ".onnx",
}


def command(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


@pytest.fixture(scope="module")
def distributions(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    build = [command("pyproject-build"), "--no-isolation", "--outdir", str(folder), str(root)]
    done = subprocess.run(build, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def shipped_files(root: Path) -> set[str]:
    """Repository files that the program needs, as paths below the package."""
    if not (root / ".git").exists():
        pytest.skip("needs the git checkout to know which files belong to it")
    listed = subprocess.run(
        ["git", "ls-files", *LAYERS], cwd=root, check=True, capture_output=True, text=True
    )
    files = listed.stdout.splitlines()
    return {name for name in files if Path(name).suffix in SHIPPED or "/model/" in name}


def test_every_package_folder_is_listed(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]
    with_code = {
        ".".join(("fairpapers", *path.parent.relative_to(root).parts))
        for layer in LAYERS
        for path in (root / layer).rglob("*.py")
    }
    assert set(settings["packages"]) == with_code


def test_every_package_is_marked_as_typed(root: Path) -> None:
    folders = {path.parent for layer in LAYERS for path in (root / layer).rglob("__init__.py")}
    assert {folder for folder in folders if not (folder / "py.typed").is_file()} == set()


def test_the_wheel_holds_every_file_that_the_program_needs(root: Path, distributions: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name.removeprefix("fairpapers/") for name in archive.namelist()}
    assert shipped_files(root) - held == set()


def test_the_sdist_holds_every_file_that_the_program_needs(root: Path, distributions: Path) -> None:
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert shipped_files(root) - held == set()
    assert "LICENSE" in held


def test_the_wheel_alone_builds_the_demo_graph(
    root: Path, distributions: Path, tmp_path: Path
) -> None:
    """In an empty environment with the run-time dependencies of the lock file and nothing else."""
    (wheel,) = distributions.glob("*.whl")
    uv = command("uv")
    requirements = tmp_path / "requirements.txt"
    run_uv(
        root, uv, "export", "--frozen", "--no-dev", "--no-emit-project", "-q", "-o", requirements
    )
    environment = tmp_path / "environment"
    run_uv(tmp_path, uv, "venv", "-q", "--python", sys.executable, environment)
    python = environment / "bin/python"
    install = ("pip", "install", "-q", "--python", python, "--no-deps", "-r", requirements, wheel)
    # The lock file's wheels are in uv's cache since the set-up, so this works without network.
    try:
        run_uv(tmp_path, uv, *install, "--offline")
    except subprocess.CalledProcessError:
        run_uv(tmp_path, uv, *install)
    graph = tmp_path / "graph"
    demo = subprocess.run(
        [environment / "bin/fairpapers", "demo", "--no-serve", "--directory", graph],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )
    assert demo.returncode == 0, demo.stdout + demo.stderr
    ask: list[str | Path] = [
        environment / "bin/fairpapers",
        "query",
        "A04",
        "--graph",
        graph,
        "--format",
        "csv",
    ]
    answer = subprocess.run(ask, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert len(answer.stdout.splitlines()) > 10


def run_uv(folder: Path, *arguments: str | Path) -> None:
    subprocess.run([*map(str, arguments)], cwd=folder, check=True, capture_output=True)
