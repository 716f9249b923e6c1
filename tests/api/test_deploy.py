"""The files for operators name what the program has."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fairpapers.api.observing.metrics import Metrics
from fairpapers.api.observing.outcomes import Outcome
from fairpapers.api.settings import Settings


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "api" / "deploy"


def test_every_setting_that_is_named_exists(folder: Path) -> None:
    known = {f"FAIRPAPERS_{name.upper()}" for name in Settings.model_fields}
    for path in folder.iterdir():
        named = set(re.findall(r"FAIRPAPERS_[A-Z_]+[A-Z]", path.read_text("utf-8")))
        assert named <= known, path.name


def test_every_metric_and_outcome_is_documented(folder: Path) -> None:
    document = (folder / "README.md").read_text("utf-8")
    text = Metrics().text(None)[0].decode()
    names = set(re.findall(r"^# TYPE (fairpapers_\w+)", text, re.M))
    assert len(names) >= 5
    for name in names:
        assert f"`{name}`" in document
    for outcome in Outcome:
        assert f"`{outcome.value}`" in document


def test_the_image_copies_what_is_built_and_no_more(root: Path, folder: Path) -> None:
    dockerfile = (folder / "Dockerfile").read_text("utf-8")
    ignored = (folder / "Dockerfile.dockerignore").read_text("utf-8")
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.M)
        for name in line.split()[:-1]
    }
    assert copied == set(re.findall(r"^!(\S+)$", ignored, re.M))
    for name in copied:
        assert (root / name).exists(), name
    pinned = re.search(r"uv==(\S+)", dockerfile)
    assert pinned is not None
    assert f"UV_VERSION := {pinned[1]}\n" in (root / "Makefile").read_text("utf-8")


def test_systemd_accepts_the_unit(folder: Path, tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("needs systemd-analyze")
    command = Path(sys.executable).with_name("fairpapers")
    unit = (folder / "fairpapers.service").read_text("utf-8")
    assert "/opt/fairpapers/bin/fairpapers " in unit
    tried = tmp_path / "fairpapers.service"
    tried.write_text(unit.replace("/opt/fairpapers/bin/fairpapers", str(command)), "utf-8")
    done = subprocess.run(
        [verify, "verify", "--man=no", str(tried)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_waits_longer_than_the_server(folder: Path) -> None:
    unit = (folder / "fairpapers.service").read_text("utf-8")
    limit = re.search(r"^TimeoutStopSec=(\d+)$", unit, re.M)
    assert limit is not None
    assert int(limit[1]) > Settings.model_fields["shutdown_seconds"].default + 5
