"""/halsa: yes while pages can be shown, no when they cannot, and reasons that tell strangers nothing."""

from __future__ import annotations

import json
import shutil
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from pages.parts import health, source
from queries import audit, connection
from queries.connection import Library
from queries.versions import EMBEDDED, Store
from tests.queries.intake.small_versions import flip_a_bit

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Version 0 in an exports folder of its own, opened as the server opens it."""
    exports = tmp_path / "hemligt-namn"
    for part in ("files", "private", "manifests"):
        shutil.copytree(EMBEDDED / part, exports / part)
    opened = Library(Store((exports,)))
    monkeypatch.setattr(source, "newest", opened.open)
    monkeypatch.setattr(source, "store", lambda: opened.store)
    monkeypatch.setattr(health, "is_configured", lambda: False)
    return opened.store


def asked() -> tuple[int, dict]:
    answer = health.health(Request({"type": "http", "headers": []}))
    assert answer.headers["cache-control"] == "no-store"
    assert b"hemligt" not in answer.body
    return answer.status_code, json.loads(answer.body)


def test_a_server_that_is_well_says_what_was_looked_at(store):
    status, told = asked()
    free = told.pop("disk_free_gb")
    assert status == 200
    assert free > 0
    assert told == {
        "status": "ok",
        "reasons": [],
        "version": 0,
        "newer_versions": "whole",
        "folder": "writable",
        "sign_in": "not_configured",
        "log": "whole",
    }


def test_data_that_cannot_be_read_are_an_error_with_a_reference_that_is_logged_once(store, caplog):
    flip_a_bit(next((store.folders[-1] / "files").iterdir()))
    status, told = asked()
    assert (status, told["status"]) == (503, "error")
    assert asked()[1] == told
    lines = [record for record in caplog.records if record.name == "namndkollen"]
    assert [record.reference in told["reasons"][0] for record in lines] == [True]


def test_a_newer_version_that_is_broken_is_a_warning_while_the_one_before_is_shown(store):
    shutil.copy(
        store.folders[-1] / "manifests" / "000000.json", store.folders[-1] / "manifests" / "000001.json"
    )
    status, told = asked()
    assert (status, told["status"], told["version"], told["newer_versions"]) == (200, "warning", 0, "broken")
    assert "Version 1 kan inte läsas" in told["reasons"][0]


def test_a_disk_that_is_nearly_full_is_a_warning(store, monkeypatch):
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: Usage(100, 99, 1.2e9))
    status, told = asked()
    assert (status, told["disk_free_gb"]) == (200, 1.2)
    assert told["reasons"] == ["Det är ont om plats på disken: 1,2 GB kvar."]


def test_a_folder_that_nothing_can_be_published_in_is_a_warning(store, monkeypatch):
    monkeypatch.setattr(health.os, "access", lambda *_: False)
    status, told = asked()
    assert (status, told["status"], told["folder"]) == (200, "warning", "not_writable")


def test_a_log_that_somebody_has_changed_is_a_warning(store):
    for kind in ("signed_in", "exported"):
        audit.written(store, audit.Event(kind, "politiker", "0123456789ab"))
    assert asked()[1]["log"] == "whole"
    (month,) = audit.months(store)
    month.write_bytes(month.read_bytes().replace(b"politiker", b"analytiker", 1))
    status, told = asked()
    assert (status, told["log"]) == (200, "broken")
    assert told["reasons"][0].startswith("Kedjan är bruten vid rad 1")


def test_sign_in_is_told_as_configured_or_not_and_no_more(store, monkeypatch):
    monkeypatch.setattr(health, "is_configured", lambda: True)
    assert asked()[1]["sign_in"] == "configured"


def test_a_folder_that_the_first_publication_will_make_is_looked_for_where_it_will_be(
    store, monkeypatch, tmp_path
):
    here = SimpleNamespace(folders=(tmp_path / "finns" / "inte-än",))
    monkeypatch.setattr(source, "store", lambda: here)
    monkeypatch.setattr(audit, "state", lambda _: audit.State())
    assert asked()[1]["folder"] == "writable"
    assert connection.settings()["log"]["disk_warning_gb"] > 0
