"""A permit for one municipality publishes, undoes and restores that municipality's rows and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from queries.connection import Exports, settings
from queries.intake import drafts, publishing
from queries.intake.drafts import Draft
from queries.intake.publishing import NotPermitted
from queries.permits import Permit, operator
from queries.published import published_rows
from queries.versions import EMBEDDED, Manifest, Store
from tests.conftest import write_table

HERE, ELSEWHERE, INVENTED = "0125", "0580", "9901"
Change = Mapping[str, pd.DataFrame]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store((EMBEDDED, tmp_path / "exports"))


def permit(what: str = "publish", *municipality_ids: str) -> Permit:
    return Permit(what, "analytiker", "0123456789ab", municipality_ids or (HERE,))


def checked(store: Store, public: Change, private: Change | None = None) -> str:
    """The id of a draft with some tables in place of the published ones."""
    folder = drafts.new_draft_folder(store)
    own = Store((folder,))
    files = {name: write_table(own, name, rows) for name, rows in public.items()}
    kept = {}
    for name, rows in (private or {}).items():
        file = write_table(own, name, rows)
        (folder / "private").mkdir(exist_ok=True)
        (folder / "files" / file.file).rename(folder / "private" / file.file)
        kept[name] = file
    base = store.newest_whole().manifest.version
    drafts.save(folder, Draft(folder.name, base, files, kept, settings()["disclosure"], None, (), 0))
    return folder.name


def published(store: Store, public: Change, by: Permit, private: Change | None = None) -> Manifest:
    return publishing.publish(store, checked(store, public, private), permit=by, note="")


def renamed(exports: Exports, table: str, column: str, *municipality_ids: str) -> pd.DataFrame:
    """A published table with one cell changed for each municipality."""
    rows = published_rows(exports, table).copy()
    for each in municipality_ids:
        rows.loc[rows.index[rows["municipality_id"] == each][0], column] = "Ett annat"
    return rows


class TestPermit:
    def test_of_one_municipality_publishes_its_rows(self, store: Store, exports: Exports):
        manifest = published(store, {"goals": renamed(exports, "goals", "name", HERE)}, permit())
        assert (manifest.version, manifest.created_by) == (1, "analytiker")
        assert publishing.reach_of(store, 1) == {HERE}

    @pytest.mark.parametrize("whose", [(ELSEWHERE,), (HERE, ELSEWHERE)])
    def test_of_one_municipality_leaves_others_alone(
        self, store: Store, exports: Exports, whose: tuple[str, ...]
    ):
        change = {"goals": renamed(exports, "goals", "name", *whose)}
        with pytest.raises(NotPermitted, match="mer än uppgifterna om den kommun"):
            published(store, change, permit())
        assert store.numbers() == [0]
        assert published(store, change, permit("publish", HERE, ELSEWHERE)).version == 1

    def test_of_one_municipality_may_not_take_away_rows_of_others(self, store: Store, exports: Exports):
        rows = published_rows(exports, "goals")
        with pytest.raises(NotPermitted):
            published(store, {"goals": rows[rows["municipality_id"] == HERE]}, permit())

    def test_of_one_municipality_may_not_repeat_or_reorder_its_way_around(
        self, store: Store, exports: Exports
    ):
        rows = published_rows(exports, "goals")
        turned = pd.concat([rows.iloc[1:], rows.iloc[:1]], ignore_index=True)
        assert published(store, {"goals": turned}, permit()).version == 1
        assert publishing.reach_of(store, 1) == frozenset(), "the same rows in another order change nothing"

    @pytest.mark.parametrize(
        ("table", "row"),
        [
            ("added_words", {"kind": "status", "word": "klart nu", "meaning": "finished"}),
            ("municipality_groups", {"group_id": "g", "title": "G", "kind": "own", "member_id": HERE}),
        ],
    )
    def test_of_one_municipality_is_none_for_what_is_everybodys(
        self, store: Store, exports: Exports, table: str, row: dict[str, Any]
    ):
        rows = pd.concat([published_rows(exports, table), pd.DataFrame([row])])
        with pytest.raises(NotPermitted):
            published(store, {table: rows}, permit())
        assert published(store, {table: rows}, operator("publish")).version == 1

    def test_may_add_a_source_and_change_none(self, store: Store, exports: Exports):
        rows = published_rows(exports, "sources")
        new = {"source_id": "ny", "title": "Ny", "publisher": "Ekerö", "is_official": False}
        changed = rows.copy()
        changed.loc[changed.index[0], "title"] = "Ett annat"
        with pytest.raises(NotPermitted):
            published(store, {"sources": changed}, permit())
        assert published(store, {"sources": pd.concat([rows, pd.DataFrame([new])])}, permit()).version == 1

    def test_counts_hidden_values_too(self, store: Store, exports: Exports):
        """A hidden value can change without anything that is shown: it is somebody's all the same."""
        rows = published_rows(exports, "outcomes").copy()
        rows.loc[rows.index[rows["municipality_id"] == INVENTED][0], "note"] = "Ett annat"
        with pytest.raises(NotPermitted):
            published(store, {}, permit(), {"outcomes": rows})

    def test_is_for_one_thing(self, store: Store, exports: Exports):
        change = {"goals": renamed(exports, "goals", "name", HERE)}
        for what in ("undo", "restore", "note", "group", "word", "download", ""):
            with pytest.raises(NotPermitted, match="gäller något annat"):
                published(store, change, replace(operator("publish"), what=what))
        for what in ("publish", "note"):
            with pytest.raises(NotPermitted):
                publishing.undo(store, permit=operator(what))
            with pytest.raises(NotPermitted):
                publishing.restore(store, 0, permit=operator(what))

    def test_to_note_is_enough_for_what_is_written_at_a_meeting(self, store: Store, exports: Exports):
        row = {
            "municipality_id": HERE, "agreement_id": "a1", "meeting_kind": "autumn",
            "meeting_date": "2026-11-22", "topic": "Ämne", "agreed": "Text", "source_id": "ekero",
        }  # fmt: skip
        rows = pd.concat([published_rows(exports, "agreements"), pd.DataFrame([row])])
        assert published(store, {"agreements": rows}, permit("note")).version == 1


class TestWayBack:
    @pytest.fixture
    def two_versions(self, store: Store, exports: Exports) -> Store:
        """Version 1 changes one municipality, version 2 another."""
        published(store, {"goals": renamed(exports, "goals", "name", ELSEWHERE)}, operator("publish"))
        published(store, {"goals": renamed(exports, "goals", "name", ELSEWHERE, HERE)}, operator("publish"))
        return store

    def test_is_open_for_ones_own_change(self, two_versions: Store):
        assert publishing.undo(two_versions, permit=permit("undo")).version == 3
        assert publishing.restore(two_versions, 2, permit=permit("restore")).version == 4

    def test_is_closed_where_it_would_take_back_somebody_elses(self, two_versions: Store):
        with pytest.raises(NotPermitted):
            publishing.restore(two_versions, 0, permit=permit("restore"))
        with pytest.raises(NotPermitted):
            publishing.undo(two_versions, permit=permit("undo", ELSEWHERE))
        assert two_versions.numbers() == [0, 1, 2]
