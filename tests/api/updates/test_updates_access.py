"""Who may change the graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from fairpapers.api.errors import TokenRequiredError, UpdatesDisabledError
from fairpapers.api.settings import Settings
from fairpapers.api.updates.access import UpdateAccess

TOKEN = "0123456789abcdef"
ACCESS = UpdateAccess(SecretStr(TOKEN))


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer  {TOKEN} ", f" BEARER {TOKEN}"])
def test_the_token_opens(header: str) -> None:
    ACCESS.check(header)
    assert ACCESS.allows(header)


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        (None, False),
        ("", False),
        ("Bearer", False),
        ("Bearer ", False),
        (TOKEN, False),
        (f"Basic {TOKEN}", False),
        (f"Bearer {TOKEN[:-1]}", True),
        (f"Bearer {TOKEN}{TOKEN}", True),
        (f"Bearer {TOKEN.upper()}", True),
        ("Bearer \u00e9", True),
    ],
)
def test_anything_else_does_not(header: str | None, wrong: bool) -> None:
    with pytest.raises(TokenRequiredError) as caught:
        ACCESS.check(header)
    assert not ACCESS.allows(header)
    assert caught.value.wrong is wrong
    assert ("invalid_token" in caught.value.headers["WWW-Authenticate"]) is wrong
    assert TOKEN not in str(caught.value)


@given(st.text())
def test_no_other_text_opens(text: str) -> None:
    with pytest.raises(TokenRequiredError):
        ACCESS.check(f"Bearer {text}")


def test_without_a_token_nobody_may() -> None:
    for header in (None, "Bearer x", f"Bearer {TOKEN}"):
        with pytest.raises(UpdatesDisabledError):
            UpdateAccess(None).check(header)
        assert not UpdateAccess(None).allows(header)


def test_the_token_is_kept_nowhere() -> None:
    assert TOKEN not in repr(vars(ACCESS))
    assert TOKEN not in repr(Settings(update_token=SecretStr(TOKEN)))


def test_the_token_comes_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    monkeypatch.setenv("FAIRPAPERS_UPDATE_TOKEN_FILE", str(path))
    secret = Settings().update_secret
    assert secret is not None
    assert secret.get_secret_value() == TOKEN


def test_updates_are_off_by_default() -> None:
    assert Settings().update_secret is None


def test_a_token_that_cannot_be_had_is_told_before_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="cannot be read"):
        Settings(update_token_file=tmp_path / "none")
    path = tmp_path / "token"
    path.write_text(TOKEN)
    with pytest.raises(ValidationError, match="both set"):
        Settings(update_token_file=path, update_token=SecretStr(TOKEN))


@pytest.mark.parametrize("short", ["", " ", "fifteen letters"])
def test_a_short_token_is_refused_and_not_shown(short: str, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(short)
    with pytest.raises(ValidationError, match="16 characters") as caught:
        Settings(update_token_file=path)
    with pytest.raises(ValidationError, match="16 characters") as direct:
        Settings(update_token=SecretStr(short))
    assert not short.strip() or short not in str(caught.value) + str(direct.value)
