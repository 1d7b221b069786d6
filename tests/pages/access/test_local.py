"""Without sign-in only a browser on the computer that runs the server is let in, and no proxy in between."""

from __future__ import annotations

import pytest

from pages.parts.access.local import is_on_this_computer

LOCAL = {"host": "localhost:8501", "origin": "http://localhost:8501"}


class TestThisComputer:
    @pytest.mark.parametrize("client", [None, "127.0.0.1", "127.8.8.8", "::1"])
    @pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501"])
    def test_is_known_by_its_address_and_its_name(self, client: str | None, host: str):
        assert is_on_this_computer(client, {"host": host, "origin": f"http://{host}"})

    @pytest.mark.parametrize(
        "client", ["10.1.2.3", "192.168.0.7", "::ffff:10.0.0.1", "", "testclient", "127.0.0.1.evil.test"]
    )
    def test_is_no_other_address(self, client: str):
        assert not is_on_this_computer(client, LOCAL)

    @pytest.mark.parametrize(
        "header",
        ["X-Forwarded-For", "x-forwarded-host", "x-forwarded-proto", "X-Real-IP", "Forwarded", "Via"],
    )
    @pytest.mark.parametrize("value", ["127.0.0.1", "", "for=127.0.0.1"])
    def test_has_no_proxy_in_between_whatever_the_proxy_says(self, header: str, value: str):
        assert not is_on_this_computer("127.0.0.1", {**LOCAL, header: value})

    @pytest.mark.parametrize(
        "headers",
        [
            {"host": "namndkollen.kommun.test"},
            {"host": "localhost:8501", "origin": "https://namndkollen.kommun.test"},
            {"host": "localhost:8501", "origin": "null"},
            {"host": "localhost.evil.test"},
            {"host": "[::1"},
        ],
    )
    def test_is_not_what_a_browser_elsewhere_asked_for(self, headers: dict[str, str]):
        """A proxy without headers of its own hands on the public name, in Host or in Origin."""
        assert not is_on_this_computer("127.0.0.1", headers)
