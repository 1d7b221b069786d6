"""Changed limits for small groups: one command makes everything published hold them."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries import permits
from queries.connection import Library
from queries.intake import base, publishing
from queries.intake.regating import regate
from queries.versions import EMBEDDED, BrokenVersion, Store


def hidden(library: Library) -> int:
    exports = library.open()
    cursor = exports.connection.cursor()
    cursor.execute(f"use {exports.database}")
    return cursor.execute("select count(*) from outcomes where marker = '..'").fetchall()[0][0]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store((EMBEDDED, tmp_path / "exports"))


def test_stricter_limits_hide_more_once_they_are_applied(store: Store, data_copy: Path) -> None:
    before = hidden(Library(store))
    settings = data_copy / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("pupils_per_school = 10", "pupils_per_school = 15"), encoding="utf-8")
    with pytest.raises(BrokenVersion, match="regate"):
        Library(store).open()
    manifest = regate(store, permit=permits.operator("publish"))
    assert (manifest.version, manifest.parent, manifest.limits["pupils_per_school"]) == (1, 0, 15)
    assert hidden(Library(store)) > before


def test_nothing_is_published_while_the_limits_are_the_same(store: Store) -> None:
    with pytest.raises(publishing.NothingToRestore):
        regate(store, permit=permits.operator("publish"))
    assert store.numbers() == [0]


def test_a_measure_that_becomes_a_stage_is_hidden_for_units_once_it_is_applied(
    store: Store, data_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "DATA", data_copy)
    measures = data_copy / "absence_measures.csv"
    text = measures.read_text(encoding="utf-8")
    measures.write_text(text.replace("L24,over_20,,vt", "L24,over_20,f-3,vt"), encoding="utf-8")
    assert regate(store, permit=permits.operator("publish")).version == 1
    exports = Library(store).open()
    told = exports.connection.cursor().execute(
        "select unit_id is null, count(value) from query_table($table) where indicator_id = 'L24' group by all order by all",
        {"table": f"{exports.database}.main.outcomes"},
    )
    assert told.fetchall() == [(False, 0), (True, 6)]
