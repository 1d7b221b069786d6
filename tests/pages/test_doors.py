"""Streamlit's own doors: files go only to those who may have them, and are logged; messages that nobody needs end here."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryFile, MemoryMediaFileStorage

from pages.parts import doors
from pages.parts.access import ANONYMOUS, EVERYWHERE, Principal
from pages.parts.handing_out import Made
from queries import audit

ADDRESS = "/media/0123abcd.csv"
POLITICIAN = Principal({"0125": "politiker"}, "0123456789ab", True)
ANALYST_EVERYWHERE = Principal({EVERYWHERE: "analytiker"}, "ba9876543210", True)


def made(what: str = "download", municipality_id: str | None = "0125", name: str = "mal.csv") -> Made:
    return Made.of(b"a;b", what, municipality_id, 3, name)


@pytest.fixture
def fetch(monkeypatch: pytest.MonkeyPatch, own_store):
    """Fetch a file as somebody: fetch(principal, content). The answer's status and text."""
    door = doors.FileDoor(PlainTextResponse("filen"))

    def ask(
        principal: Principal,
        content: bytes | None,
        *,
        kind: MediaFileKind = MediaFileKind.DOWNLOADABLE,
        path: str = ADDRESS,
        method: str = "GET",
    ) -> SimpleNamespace:
        monkeypatch.setattr(doors.access, "of_request", lambda *_: principal)
        file = None if content is None else MemoryFile(content, "text/csv", kind, "mal.csv")
        files = SimpleNamespace(read_file=lambda file_id: file)
        monkeypatch.setattr(doors.runtime, "exists", lambda: True)
        monkeypatch.setattr(doors.runtime, "get_instance", lambda: SimpleNamespace(media_file_mgr=files))
        sent: list[Mapping[str, Any]] = []

        async def send(message: Mapping[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path, "headers": [], "client": ("127.0.0.1", 1)}
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, door(scope, None, send)).result()
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return SimpleNamespace(status=sent[0]["status"], text=body.decode())

    return ask


class TestFile:
    def test_goes_to_whom_it_may_be_shown_and_is_logged(self, fetch, own_store):
        assert fetch(POLITICIAN, made()).text == "filen"
        (entry,) = audit.events(own_store)
        told = audit.Event("exported", "politiker", "0123456789ab", "download:mal.csv", "0125", 3)
        assert entry.event == told

    @pytest.mark.parametrize(
        ("principal", "content"),
        [
            (ANONYMOUS, made()),
            (POLITICIAN, made(municipality_id="0580")),
            (POLITICIAN, made("original", EVERYWHERE)),
            (POLITICIAN, made("no such thing")),
            (ANALYST_EVERYWHERE, b"not marked"),
        ],
        ids=["nobody", "another municipality", "more than the role may", "unknown", "not marked"],
    )
    def test_is_refused_to_others_in_swedish_and_not_logged_as_fetched(
        self, fetch, own_store, principal, content
    ):
        answer = fetch(principal, content)
        assert (answer.status, answer.text) == (403, doors.NOT_YOURS)
        kinds = [entry.event.kind for entry in audit.events(own_store)]
        assert kinds == (["refused"] if isinstance(content, Made) else [])

    def test_of_all_municipalities_goes_only_to_who_has_a_role_in_all(self, fetch):
        assert fetch(ANALYST_EVERYWHERE, made("original", EVERYWHERE)).status == 200
        assert fetch(Principal({"0125": "analytiker"}), made("original", EVERYWHERE)).status == 403

    def test_fetched_twice_by_one_click_is_logged_once_and_for_each_person(
        self, fetch, own_store, monkeypatch
    ):
        for _ in range(2):
            fetch(POLITICIAN, made())
        fetch(ANALYST_EVERYWHERE, made())
        assert [entry.event.role for entry in audit.events(own_store)] == ["analytiker", "politiker"]
        monkeypatch.setattr(doors, "SECONDS_OF_A_CLICK", 0.0)
        fetch(POLITICIAN, made())
        assert len(audit.events(own_store)) == 3

    def test_that_is_a_picture_of_the_page_goes_to_everybody(self, fetch, own_store):
        assert fetch(ANONYMOUS, b"<svg/>", kind=MediaFileKind.MEDIA).status == 200
        assert audit.events(own_store) == []

    def test_that_is_not_there_is_not_looked_for_further_on(self, fetch):
        assert fetch(ANALYST_EVERYWHERE, None).status == 404
        assert fetch(ANALYST_EVERYWHERE, None, path=f"/under/en/mapp{ADDRESS}").status == 404

    def test_of_streamlits_own_under_a_like_address_passes(self, fetch):
        assert fetch(ANONYMOUS, None, path="/static/media/font.woff2").status == 200

    def test_is_asked_about_without_being_logged(self, fetch, own_store):
        assert fetch(POLITICIAN, made(), method="HEAD").status == 200
        assert fetch(ANONYMOUS, made(), method="HEAD").status == 403
        assert audit.events(own_store) == []

    def test_is_not_handed_out_when_the_log_cannot_be_written(self, fetch, monkeypatch):
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(doors.audit, "written", full)
        answer = fetch(POLITICIAN, made())
        assert (answer.status, answer.text) == (503, doors.NOT_LOGGED)

    def test_keeps_its_mark_on_its_way_through_streamlit(self):
        files = MediaFileManager(MemoryMediaFileStorage("/media"))
        waiting = files.add_deferred(made, "text/csv", "1.0", "mal.csv")
        address = files.execute_deferred(waiting)
        kept = files.read_file(address.removeprefix("/media/"))
        assert isinstance(kept.content, Made)
        assert (kept.content.what, kept.content.municipality_id) == ("download", "0125")
        assert kept.kind == MediaFileKind.DOWNLOADABLE


def passed_on(*contents: bytes | None) -> list[bytes | None]:
    """What of a browser's messages comes through to Streamlit."""
    waiting = [{"type": "websocket.receive", "bytes": content} for content in contents]
    waiting.append({"type": "websocket.disconnect", "code": 1000})
    came: list[bytes | None] = []

    async def receive() -> Mapping[str, Any]:
        return waiting.pop(0)

    async def streamlit(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            came.append(message["bytes"])

    with ThreadPoolExecutor(1) as thread:
        door = doors.MessageDoor(streamlit)
        thread.submit(asyncio.run, door({"type": "websocket"}, receive, None)).result()
    return came


def message(**told: Any) -> bytes:
    return BackMsg(**told).SerializeToString()


class TestMessage:
    def test_that_a_page_needs_comes_through(self):
        needed = [
            message(rerun_script={"query_string": "ar=2020"}),
            message(stop_script=True),
            message(app_heartbeat=True),
            message(file_urls_request={"request_id": "1"}),
            message(backend_operation_request={"request_id": "1", "deferred_file": {"file_id": "a"}}),
        ]
        assert passed_on(*needed) == needed

    @pytest.mark.parametrize(
        "told",
        [
            {"clear_cache": True},
            {"load_git_info": True},
            {"set_run_on_save": True},
            {"debug_shutdown_runtime": True},
            {"debug_disconnect_websocket": True},
            {"backend_operation_request": {"install_skills": {}}},
            {"backend_operation_request": {"dismiss_skills_nudge": {}}},
            {"backend_operation_request": {}},
            {},
        ],
        ids=lambda told: "-".join(told) or "nothing",
    )
    def test_that_no_page_needs_ends_here(self, told: dict[str, Any]):
        rerun = message(rerun_script={})
        assert passed_on(message(**told), rerun) == [rerun]

    def test_hidden_behind_another_one_is_read_as_streamlit_reads_it(self):
        # Of two in one frame the last counts.
        rerun, clear = message(rerun_script={}), message(clear_cache=True)
        assert passed_on(rerun + clear, clear + rerun) == [clear + rerun]

    def test_that_is_none_is_left_to_streamlit_which_ends_the_connection(self):
        assert passed_on(b"\xff\xff", None) == [b"\xff\xff", None]

    def test_of_a_kind_that_a_new_streamlit_adds_is_noticed(self):
        known = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
        closed = {"clear_cache", "load_git_info", "set_run_on_save"}
        closed |= {"debug_disconnect_websocket", "debug_shutdown_runtime"}
        assert known == doors.PASSED_ON | closed | {"backend_operation_request"}
