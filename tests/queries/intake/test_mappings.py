"""How columns were explained, kept for the next file with the same headings."""

from __future__ import annotations

import json

import pytest

from queries.intake.mappings import remember, remembered

HEADINGS = ["Vad", "När 2024", "Läget 2024"]
MAPPING = {"Vad": "title", "När 2024": "due", "Läget 2024": "status"}


def only_file(folder):
    (path,) = (folder / "mappings").iterdir()
    return path


def test_nothing_is_remembered_before_it_was_said(tmp_path):
    assert remembered(tmp_path, HEADINGS) is None


def test_what_was_said_is_remembered_whatever_the_order_and_year(tmp_path):
    remember(tmp_path, HEADINGS, MAPPING)
    assert remembered(tmp_path, HEADINGS) == MAPPING
    next_year = ["Läget 2025", "vad", "När 2025"]
    assert remembered(tmp_path, next_year) == {"Läget 2025": "status", "vad": "title", "När 2025": "due"}


def test_other_headings_are_another_kind_of_table(tmp_path):
    remember(tmp_path, HEADINGS, MAPPING)
    assert remembered(tmp_path, [*HEADINGS, "Var"]) is None
    assert remembered(tmp_path, HEADINGS[:2]) is None


def test_what_is_said_later_takes_its_place(tmp_path):
    remember(tmp_path, HEADINGS, MAPPING)
    remember(tmp_path, HEADINGS, {**MAPPING, "Vad": ""})
    assert remembered(tmp_path, HEADINGS)["Vad"] == ""
    assert only_file(tmp_path).suffix == ".json"


def test_two_headings_of_one_word_are_kept_apart(tmp_path):
    headings = ["Status 2023", "Status 2024", "Åtgärd"]
    remember(tmp_path, headings, dict(zip(headings, ("", "status", "title"), strict=True)))
    assert remembered(tmp_path, ["Status 2024", "Status 2025", "Åtgärd"]) == {
        "Status 2024": "",
        "Status 2025": "status",
        "Åtgärd": "title",
    }


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"columns": []}', '{"columns": {"vad 1": "title"}}', "\xff"]
)
def test_a_broken_file_is_as_none(tmp_path, content):
    remember(tmp_path, HEADINGS, MAPPING)
    only_file(tmp_path).write_bytes(content.encode("latin-1"))
    assert remembered(tmp_path, HEADINGS) is None


def test_a_field_that_is_no_longer_known_is_asked_about_again(tmp_path):
    remember(tmp_path, HEADINGS, MAPPING)
    path = only_file(tmp_path)
    content = json.loads(path.read_text("utf-8"))
    content["columns"]["vad 1"] = "no_longer_known"
    path.write_text(json.dumps(content), "utf-8")
    assert remembered(tmp_path, HEADINGS) is None


def test_a_heading_that_looks_like_a_path_stays_inside_the_folder(tmp_path):
    headings = ["../../x", "/etc/passwd\x00", "Åtgärd"]
    remember(tmp_path / "exports", headings, dict.fromkeys(headings, ""))
    assert [path.name for path in tmp_path.iterdir()] == ["exports"]
    assert remembered(tmp_path / "exports", headings) == dict.fromkeys(headings, "")


def test_a_failed_write_leaves_what_was_there(tmp_path, monkeypatch):
    remember(tmp_path, HEADINGS, MAPPING)

    def fail(*given):
        raise OSError("full")

    monkeypatch.setattr("queries.durable.os.fsync", fail)
    with pytest.raises(OSError, match="full"):
        remember(tmp_path, HEADINGS, {**MAPPING, "Vad": ""})
    assert remembered(tmp_path, HEADINGS) == MAPPING
    assert only_file(tmp_path).suffix == ".json"
