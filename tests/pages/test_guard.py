"""Uploaded files come in only from this computer, without a proxy, and only as large as settings allow."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pages.parts import guard, serving
from queries.connection import settings

ADDRESS = "/_stcore/upload_file/visit/file"
LOCAL = {"host": "localhost:8501", "origin": "http://localhost:8501"}
PROJECT = Path(__file__).resolve().parents[2]


async def take(request: Request) -> PlainTextResponse:
    """What Streamlit does: read the body to its end."""
    body = await request.body()
    return PlainTextResponse(f"{len(body)} bytes")


def send_file(
    *parts: bytes,
    method: str = "PUT",
    client: str = "127.0.0.1",
    path: str = ADDRESS,
    headers: Mapping[str, str],
) -> SimpleNamespace:
    """Send a file in parts through the project's layers; the answer's status and body."""
    site = Starlette(
        routes=[Route("/{address:path}", take, methods=["PUT", "POST", "DELETE"])],
        middleware=serving.MIDDLEWARE,
    )
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "extensions": {},
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "server": ("localhost", 80), "client": (client, 1),
    }  # fmt: skip
    waiting = list(parts)
    sent: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        body = waiting.pop(0) if waiting else b""
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    # In a thread of its own: the browser tests keep an event loop open in the main one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, site(scope, receive, send)).result()
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return SimpleNamespace(status=sent[0]["status"], text=body.decode())


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch):
    """Settings with other values in the section for intake: allowed(file_mb=1)."""

    def change(**values: Any) -> None:
        told = {**settings(), "intake": {**settings()["intake"], **values}}
        monkeypatch.setattr(guard, "settings", lambda: told)

    return change


class TestThisComputer:
    @pytest.mark.parametrize("client", [None, "127.0.0.1", "127.8.8.8", "::1"])
    @pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501"])
    def test_is_known_by_its_address_and_its_name(self, client: str | None, host: str):
        assert guard.is_on_this_computer(client, {"host": host, "origin": f"http://{host}"})

    @pytest.mark.parametrize(
        "client", ["10.1.2.3", "192.168.0.7", "::ffff:10.0.0.1", "", "testclient", "127.0.0.1.evil.test"]
    )
    def test_is_no_other_address(self, client: str):
        assert not guard.is_on_this_computer(client, LOCAL)

    @pytest.mark.parametrize(
        "header",
        ["X-Forwarded-For", "x-forwarded-host", "x-forwarded-proto", "X-Real-IP", "Forwarded", "Via"],
    )
    @pytest.mark.parametrize("value", ["127.0.0.1", "", "for=127.0.0.1"])
    def test_has_no_proxy_in_between_whatever_the_proxy_says(self, header: str, value: str):
        assert not guard.is_on_this_computer("127.0.0.1", {**LOCAL, header: value})

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
        assert not guard.is_on_this_computer("127.0.0.1", headers)


class TestUpload:
    def test_from_this_computer_passes(self):
        assert send_file(b"a" * 10, b"b" * 10, headers=LOCAL).text == "20 bytes"

    @pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
    @pytest.mark.parametrize("path", [ADDRESS, f"/underlag{ADDRESS}"])
    def test_from_elsewhere_is_refused_in_swedish(self, method: str, path: str):
        answer = send_file(b"a", method=method, path=path, client="10.1.2.3", headers=LOCAL)
        assert (answer.status, answer.text) == (403, guard.CLOSED)

    def test_through_a_proxy_is_refused(self):
        assert send_file(b"a", headers={**LOCAL, "x-forwarded-for": "10.1.2.3"}).status == 403

    def test_from_elsewhere_passes_where_settings_are_open_to_everyone(self, allowed):
        allowed(open_to="everyone")
        assert send_file(b"a", client="10.1.2.3", headers=LOCAL).status == 200

    def test_that_says_it_is_too_large_is_refused_unread(self, allowed):
        allowed(file_mb=1)
        answer = send_file(b"a", headers={**LOCAL, "content-length": str(3 * guard.MEGABYTE)})
        assert (answer.status, answer.text) == (413, "Filen är för stor. Högst 1 MB tas emot.")

    @pytest.mark.parametrize("length", [{}, {"content-length": "10"}, {"content-length": "nonsense"}])
    def test_that_is_larger_than_it_says_is_stopped_on_its_way(self, allowed, length: dict[str, str]):
        allowed(file_mb=1)
        parts = [b"a" * guard.MEGABYTE] * 3
        answer = send_file(*parts, headers={**LOCAL, **length})
        assert (answer.status, answer.text) == (413, "Filen är för stor. Högst 1 MB tas emot.")

    def test_is_the_only_thing_that_is_held_up(self):
        assert send_file(b"a", path="/annat", client="10.1.2.3", headers=LOCAL).status == 200


def test_streamlit_takes_files_as_large_as_settings_allow():
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] == settings()["intake"]["file_mb"]
