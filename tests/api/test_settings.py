"""What an operator can set."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from fairpapers.api.settings import Settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"FAIRPAPERS_{name.upper()}", raising=False)


def test_defaults_serve_this_machine_only() -> None:
    settings = Settings()
    assert settings.listens_locally
    assert settings.workers >= 2
    assert settings.deadline_seconds == 10
    assert not settings.cors_origins


def test_the_environment_sets_and_arguments_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPAPERS_PORT", "9000")
    monkeypatch.setenv("FAIRPAPERS_DEADLINE_SECONDS", "2.5")
    settings = Settings(port=9001)
    assert (settings.port, settings.deadline_seconds) == (9001, 2.5)


def test_origins_come_as_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRPAPERS_CORS_ORIGINS", "https://a.example, http://localhost:3000")
    assert Settings().cors_origins == ("https://a.example", "http://localhost:3000")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("example.org", False),
    ],
)
def test_confinement_is_required_when_others_can_reach_the_server(host: str, local: bool) -> None:
    settings = Settings(host=host)
    assert settings.listens_locally is local
    assert settings.confinement_required is not local
    assert Settings(host=host, require_confinement=True).confinement_required


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"host": "0.0.0.0", "require_confinement": False}, "require_confinement"),
        ({"cors_origins": "*,https://a.example"}, "'*'"),
        ({"cors_origins": "a.example"}, "https://example.org"),
        ({"cors_origins": "https://a.example/path"}, "https://example.org"),
        ({"public_url": "a.example"}, "https://example.org"),
        ({"deadline_seconds": 0}, "greater than 0"),
        ({"workers": 0}, "greater than or equal to 1"),
        ({"port": 65_536}, "less than or equal to 65535"),
        ({"unknown": 1}, "not permitted"),
    ],
)
def test_what_is_unsafe_or_senseless_is_refused_with_advice(
    values: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError, match=told.replace("*", r"\*")):
        Settings(**values)


def test_the_public_address_has_no_slash_at_its_end() -> None:
    assert Settings(public_url="https://a.example/kg/").public_url == "https://a.example/kg"


def test_every_setting_says_what_it_does() -> None:
    assert [name for name, each in Settings.model_fields.items() if not each.description] == []
