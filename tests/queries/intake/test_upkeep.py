"""The commands that keep published versions safe: what they say, and the status that scripts go by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from queries import audit
from queries.intake import culling, upkeep
from queries.intake.__main__ import main
from queries.versions import Store
from tests.queries.intake.small_versions import first_version, flip_a_bit, published


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with one published version, which the commands work on."""
    store = first_version(tmp_path)
    published(store, "ett")
    monkeypatch.setattr(upkeep, "Store", lambda: store)
    return store


def test_verify_says_that_all_is_whole_or_what_is_not(store, capsys):
    assert main(["verify"]) == 0
    assert "Allt är som det publicerades: 2 versioner, " in capsys.readouterr().out
    flip_a_bit(next((store.folders[-1] / "originals").iterdir()))
    assert main(["verify", "--json"]) == 5
    assert "Version 1, originalet" in json.loads(capsys.readouterr().out)["faults"][0]


def test_a_backup_goes_out_and_comes_back_by_one_command_each(store, tmp_path, capsys):
    file = str(tmp_path / "kopia.tar")
    assert main(["backup", file]) == 0
    assert "1 version, " in capsys.readouterr().out
    assert main(["restore-backup", file]) == 5
    assert "inte tom" in capsys.readouterr().err
    assert main(["restore-backup", file, "--ersatt"]) == 0
    assert "Allt är som det publicerades" in capsys.readouterr().out
    assert main(["backup", file]) == 5
    assert "finns redan" in capsys.readouterr().err


def test_gallra_lists_and_only_removes_when_told_and_decided(store, monkeypatch, capsys):
    rules = {"decision": "Plan 2026", "originals_years": 1, "versions_years": 0, "audit_years": 0}
    monkeypatch.setattr(culling, "settings", lambda: {"retention": rules})
    assert main(["gallra"]) == 0
    assert "Inget att gallra." in capsys.readouterr().out
    monkeypatch.setattr(culling, "_is_over", lambda _, __, years: bool(years))
    assert main(["gallra"]) == 0
    told = capsys.readouterr().out
    assert "Originalfilen till version 1" in told and "Inget är borttaget." in told
    assert len(list((store.folders[-1] / "originals").iterdir())) == 1
    assert main(["gallra", "--genomfor"]) == 0
    assert list((store.folders[-1] / "originals").iterdir()) == []
    (event,) = audit.events(store, kinds=("culled",))
    assert event.event.what in capsys.readouterr().out
    rules["decision"] = ""
    assert main(["gallra", "--genomfor"]) == 5
    assert "Beslutet" in capsys.readouterr().err
