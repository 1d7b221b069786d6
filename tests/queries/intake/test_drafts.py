"""Drafts: what lies between check and publish is found by its id alone, and leaves nothing behind."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from queries import clock, permits
from queries.connection import Library
from queries.intake import drafts, publishing
from queries.intake.drafts import DraftGone
from queries.versions import Manifest, Store
from tests.queries.intake.small_versions import checked, checked_goal, first_version, published, real_version

HOUR = 3600


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return first_version(tmp_path)


def aged(path: Path, hours: float) -> Path:
    """The same file or folder, last changed so many hours ago."""
    then = time.time() - hours * HOUR
    os.utime(path, (then, then))
    return path


class TestDraft:
    def test_is_the_same_when_it_is_loaded(self, store):
        draft_id = checked(store, "ett", warnings=2)
        draft = drafts.load(store, draft_id)
        assert (draft.draft_id, draft.base, draft.warnings) == (draft_id, 0, 2)
        assert draft.summary == ("ett är nytt.",)
        assert draft.original.name == "../ett.csv"
        assert draft.tables.keys() == {"goals", "actions"}
        folder = Store((drafts.folder_of(store, draft_id),))
        assert folder.verified_path(draft.private["outcomes"], "private").is_file()

    @pytest.mark.skipif(os.name != "posix", reason="Windows has no such file modes.")
    def test_is_nobody_elses_to_read(self, store):
        folder = drafts.new_draft_folder(store)
        assert [oct(each.stat().st_mode & 0o777) for each in (folder, folder.parent)] == ["0o700", "0o700"]

    @pytest.mark.parametrize(
        "draft_id", ["", "..", "../manifests", "/etc", "A" * 32, "0" * 31, "0" * 33, "0" * 32 + "\n"]
    )
    def test_is_never_looked_for_outside_the_drafts(self, store, draft_id):
        for function in (drafts.load, drafts.discard, drafts.folder_of):
            with pytest.raises(DraftGone, match="Utkastet finns inte längre. Läs in filen igen."):
                function(store, draft_id)

    @pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"tables": 1}'])
    def test_that_was_not_saved_to_the_end_is_none(self, store, content):
        folder = drafts.folder_of(store, checked(store, "ett"))
        (folder / "draft.json").write_text(content, encoding="utf-8")
        with pytest.raises(DraftGone):
            drafts.load(store, folder.name)

    def test_whose_file_name_is_no_text_can_still_be_published(self, store):
        """Python gives bytes that are no UTF-8 in a file name as half characters, which no file can hold."""
        draft_id = checked(store, "ett")
        draft = drafts.load(store, draft_id)
        named = replace(draft, original=replace(draft.original, name="bl\udce5"))
        drafts.save(drafts.folder_of(store, draft_id), named)
        manifest = publishing.publish(store, draft_id, permit=permits.operator("publish"), note="bl\udce5")
        assert (manifest.note, manifest.original.name) == ("bl?", "bl?")
        assert store.whole(1).manifest == manifest

    def test_is_gone_when_discarded_and_can_be_discarded_again(self, store):
        draft_id = checked(store, "ett")
        drafts.discard(store, draft_id)
        drafts.discard(store, draft_id)
        assert not drafts.folder_of(store, draft_id).exists()
        with pytest.raises(DraftGone):
            drafts.load(store, draft_id)


class TestSweep:
    def test_removes_only_what_is_old(self, store):
        old, new = checked(store, "ett"), checked(store, "två")
        aged(drafts.folder_of(store, old), 25)
        drafts.sweep(store, 24)
        assert not drafts.folder_of(store, old).exists()
        assert drafts.load(store, new).draft_id == new

    def test_removes_what_a_crash_left_unfinished_and_nothing_published(self, store):
        manifest = published(store, "ett")
        left = [
            store.folders[-1] / kind / ".tmp-0" for kind in ("manifests", "files", "private", "originals")
        ]
        for path in left:
            path.write_text("half", encoding="utf-8")
            aged(path, 2)
        being_made = store.folders[-1] / "files" / ".tmp-1"
        being_made.write_text("half", encoding="utf-8")
        for path in (store.folders[-1] / "files").glob("*-*.parquet"):
            aged(path, 1000)
        drafts.sweep(store, 24)
        assert [path for path in left if path.exists()] == []
        assert being_made.exists()
        assert store.newest_whole().manifest == manifest

    def test_of_a_folder_that_is_not_there_does_nothing(self, store):
        drafts.sweep(store, 0)
        assert not store.folders[-1].exists()

    def test_goes_on_when_somebody_else_sweeps_at_the_same_time(self, store, monkeypatch):
        checked(store, "ett")
        checked(store, "två")
        folder = store.folders[-1] / "drafts"
        real = Path.stat

        def vanishing(path: Path, **given: bool) -> os.stat_result:
            if path.parent == folder and real(path):
                drafts.discard(store, path.name)
            return real(path, **given)

        monkeypatch.setattr(Path, "stat", vanishing)
        drafts.sweep(store, 0)
        assert list(folder.iterdir()) == []


class TestDraftAsIfPublished:
    """A check opens its own draft beside the published version, to say what would be different."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """A draft on version 0 with one goal in place of all, and a manifest of its own."""
        store = real_version(tmp_path)
        base = store.manifest(0)
        folder = drafts.folder_of(store, checked_goal(store))
        tables = {**base.tables, **drafts.load(store, folder.name).tables}
        Store((folder,)).commit(Manifest(1, 0, clock.now(), "utkast", "", base.limits, tables))
        return folder

    @pytest.fixture
    def store(self, folder: Path) -> Store:
        exports = folder.parents[1]
        return Store((exports.parent / "sample", exports))

    def test_answers_from_its_own_tables_and_from_the_published_ones(self, store, folder):
        library = Library(Store((*store.folders, folder)))
        coming, current = library.open(1), library.open(0)
        assert len(coming.rows("units", municipality_id="0125")) > 0
        count = "select count(*) from goals"
        counts = []
        for exports in (coming, current):
            cursor = exports.connection.cursor()
            cursor.execute(f"use {exports.database}")
            counts.append(cursor.execute(count).fetchone()[0])
        assert counts[0] == 1 < counts[1]

    def test_goes_before_what_somebody_else_has_published_under_its_number(self, store, folder):
        store.commit(Manifest(1, 0, clock.now(), "analytiker", "", {}, {}))
        assert Store((*store.folders, folder)).manifest(1).created_by == "utkast"

    def test_is_never_taken_for_a_published_version(self, store):
        assert store.numbers() == [0]
        assert store.newest_whole().manifest.version == 0
        assert Library(store).open().version == 0

    def test_never_shows_what_is_private_or_uploaded(self, store, folder):
        exports = store.folders[-1]
        kept = exports / "originals" / "0123456789ab"
        kept.parent.mkdir()
        kept.write_bytes(b"uploaded")
        forbidden = [
            folder / "private",
            folder / "original",
            folder / "draft.json",
            folder / "files" / ".." / "private",
            kept,
            exports / "private",
            store.folders[0] / "private",
        ]
        for opened in (Library(store).open(0), Library(Store((*store.folders, folder))).open(1)):
            for path in forbidden:
                with pytest.raises(duckdb.PermissionException):
                    opened.connection.cursor().execute("select * from read_blob($path)", {"path": f"{path}*"})
                with pytest.raises(duckdb.PermissionException):
                    opened.connection.cursor().execute(
                        "select * from read_blob($path)", {"path": f"{path}/*"}
                    )

    def test_is_out_of_reach_for_those_who_ask_of_what_is_published(self, store, folder):
        drafted = next((folder / "files").iterdir())
        with pytest.raises(duckdb.PermissionException):
            Library(store).open(0).connection.cursor().execute(
                "select * from read_parquet($path)", {"path": str(drafted)}
            )
