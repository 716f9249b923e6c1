"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# A deadline would fail a test because the machine is busy, which says nothing about the code.
settings.register_profile("fairpapers", deadline=None)
settings.load_profile("fairpapers")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The developers' data beside the checkout, which a user's machine does not have."""
    folder = ROOT.parent / "shared"
    if not (folder / "README.md").is_file():
        pytest.skip("needs the developers' data in ../shared")
    return folder
