"""The server does not start with a configuration by which anybody could pose as anybody."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit import config

from pages.parts.access.starting import NotSafe, check, faults
from tests.signed import configure

EXAMPLE = Path(__file__).resolve().parents[3] / ".streamlit" / "secrets.example.toml"


def test_a_server_without_sign_in_starts():
    assert faults() == []


def test_a_server_with_a_secret_of_its_own_starts(monkeypatch: pytest.MonkeyPatch):
    configure(monkeypatch)
    assert faults() == []


@pytest.mark.parametrize(
    "secret", ["", "kort", "a" * 64, "byt ut mig" * 4, "Change me please 0123456789 abcdefg"], ids=repr
)
def test_a_secret_that_can_be_guessed_stops_it(monkeypatch: pytest.MonkeyPatch, secret: str):
    configure(monkeypatch, cookie_secret=secret)
    with pytest.raises(NotSafe, match="cookie_secret"):
        check()


def test_the_example_as_it_ships_stops_it(monkeypatch: pytest.MonkeyPatch):
    configure(monkeypatch, **tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["auth"])
    with pytest.raises(NotSafe, match="cookie_secret"):
        check()


def test_an_address_that_the_provider_would_not_come_back_to_stops_it(monkeypatch: pytest.MonkeyPatch):
    configure(monkeypatch, redirect_uri="https://namndkollen.example.se/")
    with pytest.raises(NotSafe, match="oauth2callback"):
        check()


@pytest.mark.parametrize(
    ("option", "value"),
    [("server.trustedUserHeaders", {"X-User": "email"}), ("server.enableXsrfProtection", False)],
)
def test_an_option_that_opens_a_way_around_stops_it(
    monkeypatch: pytest.MonkeyPatch, option: str, value: object
):
    configure(monkeypatch)
    real = config.get_option
    monkeypatch.setattr(config, "get_option", lambda name: value if name == option else real(name))
    with pytest.raises(NotSafe, match=option):
        check()
