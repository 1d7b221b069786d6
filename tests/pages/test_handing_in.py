"""What a second click may not do: publish or undo twice, or publish what the page no longer shows."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from pages.parts import access, handing_in
from pages.parts.handing_in import HandedIn, Tray
from queries.intake import publishing
from queries.intake.desk import Checked
from queries.intake.outcome import Outcome
from queries.intake.publishing import BaseMoved, PublishingFailed
from queries.intake.reading import Options
from queries.versions import Manifest
from tests.pages.conftest import Become

DRAFT = "0" * 32


@pytest.fixture
def tray(monkeypatch: pytest.MonkeyPatch) -> Tray:
    """A visit that looks at a file which may be published."""
    checked = Checked(Outcome("accepted", "mål.csv", draft_id=DRAFT))
    held = Tray(HandedIn(io.BytesIO(b"x"), "mål.csv", Options(date(2026, 11, 22)), checked))
    monkeypatch.setattr(handing_in, "st", SimpleNamespace(session_state={"bricka-fil": held}))
    return held


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Publishing and undoing that only count; the number of the version that each call made."""
    made: list[int] = []

    def make(*_: Any, **__: Any) -> Manifest:
        made.append(len(made) + 1)
        return Manifest(made[-1], made[-1] - 1, "2026-11-22T12:00:00+00:00", "analytiker", "", {}, {})

    for name in ("publish", "undo", "restore"):
        monkeypatch.setattr(publishing, name, make)
    return made


def at_once(act: Callable[[], None]) -> None:
    """Do something in two threads at the same moment."""
    start = Barrier(2)

    def run() -> None:
        start.wait()
        act()

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(run), threads.submit(run)]:
            done.result()


def test_two_clicks_at_once_publish_once(tray: Tray, calls: list[int]):
    at_once(lambda: handing_in.publish("fil", DRAFT, "note", "accepted"))
    assert calls == [1]
    assert tray.handed is None
    assert tray.done is not None and tray.done.said == "Version 1 är publicerad."


@pytest.mark.parametrize(
    "act", [lambda: handing_in.undo("fil", 0), lambda: handing_in.restore("fil", 3, current=0)]
)
def test_two_clicks_at_once_undo_or_restore_once(tray: Tray, calls: list[int], act: Callable[[], None]):
    at_once(act)
    assert calls == [1]


def test_a_click_on_a_page_that_another_file_has_replaced_publishes_nothing(tray: Tray, calls: list[int]):
    handing_in.publish("fil", "1" * 32, "note", "accepted")
    assert calls == []
    assert tray.handed is not None


def test_a_file_that_could_not_be_published_stays_to_be_tried_again(tray: Tray, monkeypatch):
    refuse(monkeypatch, PublishingFailed("Disken är full. Inget har publicerats."))
    handing_in.publish("fil", DRAFT, "note", "accepted")
    assert tray.handed is not None
    assert tray.handed.outcome.draft_id == DRAFT
    assert tray.handed.said == "Disken är full. Inget har publicerats."


def test_a_file_that_somebody_else_was_before_is_to_be_checked_again(tray: Tray, monkeypatch):
    refuse(monkeypatch, BaseMoved("Version 5 har publicerats under tiden."))
    handing_in.publish("fil", DRAFT, "note", "accepted")
    assert tray.handed is not None
    assert tray.handed.checked is None
    assert tray.handed.said.startswith("Version 5 har publicerats under tiden. Filen är nu kontrollerad igen")


def test_nothing_is_changed_by_who_has_lost_the_role(tray: Tray, calls: list[int], become: Become):
    become(access.Principal({"*": "ledning"}, is_signed_in=True))
    handing_in.publish("fil", DRAFT, "note", "accepted")
    handing_in.undo("fil", 0)
    handing_in.restore("fil", 3, current=0)
    assert calls == []
    assert tray.handed is not None and tray.handed.said.startswith("Du får inte publicera.")
    assert tray.done is not None and tray.done.said.startswith("Du får inte återgå till tidigare versioner.")


def test_streamlit_keeps_no_copy_of_a_file_that_was_taken(monkeypatch: pytest.MonkeyPatch):
    kept = MemoryUploadedFileManager("/_stcore/upload_file")
    record = UploadedFileRec("file", "mål.csv", "text/csv", b"x")
    kept.add_file("visit", record)
    context = SimpleNamespace(session_id="visit", uploaded_file_mgr=kept)
    monkeypatch.setattr(handing_in, "get_script_run_ctx", lambda: context)
    given = UploadedFile(record, FileURLs())
    handing_in._let_go(given)
    assert kept.get_files("visit", ["file"]) == []
    assert given.read() == b"x"


def refuse(monkeypatch: pytest.MonkeyPatch, reason: Exception) -> None:
    """Let publishing fail for a reason."""

    def fail(*_: Any, **__: Any) -> Manifest:
        raise reason

    monkeypatch.setattr(publishing, "publish", fail)
