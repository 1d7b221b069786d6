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
from pages.parts.access.doors import HERE_ONLY
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


class TestUpload:
    def test_from_this_computer_passes(self):
        assert send_file(b"a" * 10, b"b" * 10, headers=LOCAL).text == "20 bytes"

    @pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
    @pytest.mark.parametrize("path", [ADDRESS, f"/underlag{ADDRESS}"])
    def test_from_elsewhere_is_refused_in_swedish(self, method: str, path: str):
        answer = send_file(b"a", method=method, path=path, client="10.1.2.3", headers=LOCAL)
        assert (answer.status, answer.text) == (403, HERE_ONLY)

    def test_through_a_proxy_is_refused(self):
        assert send_file(b"a", headers={**LOCAL, "x-forwarded-for": "10.1.2.3"}).status == 403

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


class TestRoom:
    """So much a visit and so much in all, of what lies in memory and what is on its way there."""

    @pytest.fixture
    def room(self, monkeypatch: pytest.MonkeyPatch):
        """Megabytes that may be held, and what visits hold: room(2, 3, visit=1, other=2)."""

        def change(of_visit: int, of_all: int, **held: int) -> None:
            limits = {"upload_visit_mb": of_visit, "upload_total_mb": of_all}
            told = {**settings(), "limits": {**settings()["limits"], **limits}}
            monkeypatch.setattr(guard, "settings", lambda: told)
            in_bytes = {visit: size * guard.MEGABYTE for visit, size in held.items()}
            monkeypatch.setattr(guard, "held_bytes", lambda: in_bytes)

        return change

    def test_of_a_visit_that_is_full_is_refused_unread_and_as_it_comes(self, room):
        room(2, 100, visit=2)
        announced = {"content-length": str(2 * guard.MEGABYTE)}
        answer = send_file(b"a", headers={**LOCAL, **announced})
        assert (answer.status, answer.text) == (413, guard.TOO_MANY)
        answer = send_file(*[b"a" * guard.MEGABYTE] * 3, headers=LOCAL)
        assert (answer.status, answer.text) == (413, guard.TOO_MANY)

    def test_of_one_visit_is_not_taken_by_another(self, room):
        room(2, 100, other=50)
        assert send_file(b"a" * guard.MEGABYTE, headers=LOCAL).status == 200

    def test_in_all_is_refused_with_another_answer_when_it_is_taken(self, room):
        room(2, 3, one=2, other=1)
        answer = send_file(b"a", headers=LOCAL)
        assert (answer.status, answer.text) == (503, guard.TOO_MANY_HERE)

    def test_can_be_made_also_when_nothing_more_fits(self, room):
        room(2, 3, visit=5)
        assert send_file(b"", method="DELETE", headers=LOCAL).status == 200

    def test_is_counted_while_files_are_on_their_way_and_given_back_afterwards(self, room):
        room(2, 2)
        door = guard.UploadDoor(two_at_once)
        headers = [(name.encode(), value.encode()) for name, value in LOCAL.items()]
        scope = {"type": "http", "method": "PUT", "headers": headers, "client": ("127.0.0.1", 1)}
        seen: list[int] = []

        async def receive() -> Mapping[str, Any]:
            seen.append(door.coming.total())
            return {"type": "http.request", "body": b"a" * guard.MEGABYTE, "more_body": True}

        async def send_both() -> list[Any]:
            paths = [f"/_stcore/upload_file/{visit}/file" for visit in ("one", "other")]
            visits = [door({**scope, "path": path}, receive, send_nothing) for path in paths]
            return await asyncio.gather(*visits, return_exceptions=True)

        with ThreadPoolExecutor(1) as thread:
            ends = thread.submit(asyncio.run, send_both()).result()
        assert [end.status_code for end in ends] == [503, 503]
        assert max(seen) >= 2 * guard.MEGABYTE
        assert door.coming.total() == 0


async def two_at_once(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    """Read without end, one part at a time, so that others come in between."""
    while True:
        await receive()
        await asyncio.sleep(0)


async def send_nothing(_: Mapping[str, Any]) -> None:
    """An end that nobody listens at."""


def test_streamlit_takes_files_as_large_as_settings_allow():
    config = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] == settings()["intake"]["file_mb"]
