"""Publishing, history and undo: each is a new version, and who looked at something else is told."""

from __future__ import annotations

import os
import shutil
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from queries import audit, clock, durable, permits
from queries.intake import drafts, publishing
from queries.intake.drafts import DraftGone
from queries.intake.publishing import (
    BaseMoved,
    NothingToRestore,
    WarningsNotAccepted,
    history,
    original_path,
    publish,
    restore,
    undo,
)
from queries.versions import BrokenVersion, Store
from tests.queries.intake.small_versions import (
    checked,
    first_version,
    flip_a_bit,
    left_unfinished,
    published,
    said,
)

ANALYST = {"permit": permits.operator("publish")}
UNDOING = {"permit": permits.operator("undo")}
RESTORING = {"permit": permits.operator("restore")}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return first_version(tmp_path)


def every_byte(store: Store) -> dict[str, bytes]:
    """What is published, by path; drafts are not, and the log of events grows."""
    return {
        str(path): path.read_bytes()
        for folder in store.folders
        for path in folder.rglob("*")
        if path.is_file() and not {"drafts", audit.FOLDER} & set(path.parts)
    }


class TestPublish:
    def test_makes_the_draft_the_newest_version(self, store):
        manifest = publish(store, checked(store, "ett"), note="  Höstens mål ", **ANALYST)
        assert store.newest_whole().manifest == manifest
        assert (manifest.version, manifest.parent, manifest.restores) == (1, 0, None)
        assert (manifest.created_by, manifest.note) == ("analytiker", "Höstens mål")
        assert manifest.summary == ("ett är nytt.",)
        assert said(store, manifest) == {"ett"}

    def test_keeps_the_tables_that_the_draft_does_not_change(self, store):
        assert published(store, "ett").tables["units"] == store.manifest(0).tables["units"]

    def test_changes_nothing_that_was_published_before(self, store):
        published(store, "ett")
        before = every_byte(store)
        published(store, "två")
        assert {path: content for path, content in every_byte(store).items() if path in before} == before

    def test_leaves_neither_draft_nor_anything_unfinished(self, store):
        published(store, "ett")
        assert list((store.folders[-1] / "drafts").iterdir()) == []
        assert left_unfinished(store) == []

    def test_cannot_be_done_twice_with_the_same_draft(self, store):
        draft_id = checked(store, "ett")
        publish(store, draft_id, note="", **ANALYST)
        with pytest.raises(DraftGone, match="Läs in filen igen"):
            publish(store, draft_id, note="", **ANALYST)
        assert store.numbers() == [0, 1]

    def test_refuses_warnings_until_they_are_accepted(self, store):
        draft_id = checked(store, "ett", warnings=3)
        with pytest.raises(WarningsNotAccepted, match="Inget har publicerats"):
            publish(store, draft_id, note="", **ANALYST)
        assert store.numbers() == [0]
        assert publish(store, draft_id, note="", accept_warnings=True, **ANALYST).version == 1

    def test_refuses_what_was_gated_with_other_limits(self, store, monkeypatch):
        draft_id = checked(store, "ett")
        monkeypatch.setattr(publishing, "settings", lambda: {"disclosure": {"pupils_per_school": 99}})
        with pytest.raises(BaseMoved, match="Gränserna för små grupper har ändrats"):
            publish(store, draft_id, note="", **ANALYST)

    def test_refuses_a_draft_whose_files_have_changed_since_the_check(self, store):
        draft_id = checked(store, "ett")
        flip_a_bit(next((drafts.folder_of(store, draft_id) / "files").glob("goals-*")))
        with pytest.raises(DraftGone):
            publish(store, draft_id, note="", **ANALYST)
        assert store.numbers() == [0]

    def test_makes_a_version_that_stands_without_the_embedded_files(self, store, tmp_path):
        """They change with the program: what was published must not change with it."""
        manifest = published(store, "ett")
        shutil.rmtree(store.folders[0])
        assert store.newest_whole().manifest == manifest
        shutil.copytree(store.folders[-1], tmp_path / "backup")
        assert said(Store((tmp_path / "backup",)), manifest) == {"ett"}

    def test_mends_a_broken_file_that_it_has_whole(self, store):
        first = published(store, "ett")
        published(store, "två")
        flip_a_bit(store.verified_path(first.tables["goals"]))
        with pytest.raises(BrokenVersion):
            store.whole(1)
        published(store, "ett")
        assert store.whole(1).manifest == first


class TestOriginal:
    def test_is_kept_byte_for_byte_under_a_name_of_the_servers(self, store):
        manifest = published(store, "ett")
        path = original_path(store, 1)
        assert path.read_bytes() == b"uploaded, ett"
        assert path.parent == store.folders[-1] / "originals"
        assert path.name == manifest.original.sha256[:12]
        assert (manifest.original.name, manifest.original.size) == ("../ett.csv", 13)

    def test_of_a_version_that_nobody_uploaded_is_none(self, store):
        published(store, "ett")
        undo(store, **UNDOING)
        assert original_path(store, 0) is None
        assert original_path(store, 2) is None

    def test_that_has_changed_or_is_gone_is_not_handed_out(self, store):
        published(store, "ett")
        path = original_path(store, 1)
        flip_a_bit(path)
        with pytest.raises(BrokenVersion, match="har ändrats"):
            original_path(store, 1)
        path.unlink()
        with pytest.raises(BrokenVersion, match="saknas"):
            original_path(store, 1)

    @pytest.mark.skipif(os.name != "posix", reason="Windows has no such file modes.")
    def test_is_nobody_elses_to_read_and_neither_are_hidden_values(self, store):
        published(store, "ett")
        modes = {kind: (store.folders[-1] / kind).stat().st_mode & 0o077 for kind in ("originals", "private")}
        assert modes == {"originals": 0, "private": 0}


class TestSomebodyElse:
    def test_who_publishes_in_between_is_told_of_by_version_time_role_and_note(self, store):
        mine, theirs = checked(store, "mitt"), checked(store, "deras")
        manifest = publish(store, theirs, note="Betyg åk 9", **ANALYST)
        when = clock.swedish_time(manifest.created_at)
        with pytest.raises(BaseMoved) as told:
            publish(store, mine, note="", **ANALYST)
        assert str(told.value) == (
            f"Version 1 har publicerats under tiden ({when}, analytiker, ”Betyg åk 9”). Kontrollera filen igen."
        )
        assert said(store, store.newest_whole().manifest) == {"deras"}

    def test_who_takes_the_number_at_the_last_moment_is_told_of_too(self, store, monkeypatch):
        mine, theirs = checked(store, "mitt"), checked(store, "deras")
        real = durable.create
        # On a disk without locks the number alone decides.
        monkeypatch.setattr(Store, "alone", lambda _: nullcontext())

        def too_late(target: Path, content: bytes) -> None:
            monkeypatch.setattr(durable, "create", real)
            publish(store, theirs, note="", **ANALYST)
            real(target, content)

        monkeypatch.setattr(durable, "create", too_late)
        with pytest.raises(BaseMoved, match=r"Version 1 har publicerats under tiden \(.*, analytiker\)"):
            publish(store, mine, note="", **ANALYST)
        assert store.numbers() == [0, 1]
        assert said(store, store.newest_whole().manifest) == {"deras"}

    def test_who_publishes_while_one_looks_for_the_newest_keeps_what_they_published(self, store, monkeypatch):
        """Between looking and counting, the number after theirs would be free, and theirs forgotten."""
        mine, theirs = checked(store, "mitt"), checked(store, "deras")
        real = Store.newest_whole

        def looking(self: Store, known: int = -1) -> object:
            monkeypatch.setattr(Store, "newest_whole", real)
            found = real(self, known)
            publish(store, theirs, note="", **ANALYST)
            return found

        monkeypatch.setattr(Store, "newest_whole", looking)
        with pytest.raises(BaseMoved, match="Version 1 har publicerats under tiden"):
            publish(store, mine, note="", **ANALYST)
        assert store.numbers() == [0, 1]

    def test_leaves_the_draft_to_look_at_again(self, store):
        mine, theirs = checked(store, "mitt"), checked(store, "deras")
        publish(store, theirs, note="", **ANALYST)
        with pytest.raises(BaseMoved):
            publish(store, mine, note="", **ANALYST)
        assert drafts.load(store, mine).base == 0

    def test_is_not_undone_by_who_has_not_seen_it(self, store):
        published(store, "ett")
        published(store, "två")
        for change in (
            lambda current: undo(store, current=current, **UNDOING),
            lambda current: restore(store, 0, current=current, **RESTORING),
        ):
            with pytest.raises(
                BaseMoved, match="Version 2 har publicerats under tiden .* Titta på den först."
            ):
                change(current=1)
        assert store.numbers() == [0, 1, 2]
        assert undo(store, current=2, **UNDOING).restores == 1


class TestUndo:
    def test_gives_a_new_version_with_the_content_before(self, store):
        first = published(store, "ett")
        published(store, "två")
        manifest = undo(store, note="Fel fil", **UNDOING)
        assert (manifest.version, manifest.parent, manifest.restores) == (3, 2, 1)
        assert (manifest.tables, manifest.private) == (first.tables, first.private)
        assert (manifest.note, manifest.original) == ("Fel fil", None)
        assert manifest.summary == ("Version 2 är ångrad.", "Innehållet är åter det i version 1.")

    def test_twice_is_redo_and_tells_the_first_version_with_the_content(self, store):
        for text in ("ett", "två"):
            published(store, text)
        told = [undo(store, **UNDOING) for _ in range(3)]
        assert [said(store, manifest) for manifest in told] == [{"ett"}, {"två"}, {"ett"}]
        assert [manifest.restores for manifest in told] == [1, 2, 1]
        assert [manifest.parent for manifest in told] == [2, 3, 4]

    def test_of_the_first_version_is_refused(self, store):
        with pytest.raises(NothingToRestore, match="Version 0 är den första"):
            undo(store, **UNDOING)

    def test_reaches_the_embedded_version(self, store):
        published(store, "ett")
        assert said(store, undo(store, **UNDOING)) == {"the first"}

    def test_never_makes_a_broken_version_current(self, store):
        first = published(store, "ett")
        published(store, "två")
        flip_a_bit(store.verified_path(first.tables["goals"]))
        with pytest.raises(BrokenVersion, match="har ändrats"):
            undo(store, **UNDOING)
        assert store.numbers() == [0, 1, 2]


class TestRestore:
    def test_brings_back_any_version_each_with_its_own_bytes(self, store):
        manifests = [store.manifest(0), *(published(store, str(number)) for number in range(1, 21))]
        for earlier in manifests[:-1]:
            restored = restore(store, earlier.version, **RESTORING)
            assert restored.restores == earlier.version
            assert (restored.tables, restored.private) == (earlier.tables, earlier.private)
            assert store.newest_whole().manifest == restored
        assert store.numbers() == list(range(41))

    def test_of_what_is_shown_already_is_refused(self, store):
        published(store, "ett")
        with pytest.raises(NothingToRestore, match="Version 1 har samma innehåll som den som visas"):
            restore(store, 1, **RESTORING)

    def test_of_a_version_with_other_limits_is_refused(self, store):
        manifest = published(store, "ett")
        other = {**manifest.limits, "pupils_per_school": 5}
        store.commit(replace(store.manifest(0), version=2, parent=1, limits=other))
        store.commit(replace(manifest, version=3, parent=2))
        with pytest.raises(NothingToRestore, match="Version 2 gjordes med andra gränser för små grupper"):
            restore(store, 2, **RESTORING)

    def test_of_a_version_that_never_was_is_refused(self, store):
        with pytest.raises(BrokenVersion, match="Version 9 finns inte"):
            restore(store, 9, **RESTORING)


class TestHistory:
    def test_tells_of_every_version_newest_first(self, store):
        published(store, "ett", note="Höst")
        undo(store, **UNDOING)
        entries = history(store)
        assert [(entry.version, entry.parent, entry.restores) for entry in entries] == [
            (2, 1, 0),
            (1, 0, None),
            (0, None, None),
        ]
        assert [entry.is_current for entry in entries] == [True, False, False]
        assert [entry.created_by for entry in entries] == ["analytiker", "analytiker", "projektet"]
        assert (entries[1].note, entries[1].summary) == ("Höst", ("ett är nytt.",))
        assert (entries[1].original.name, entries[1].original.title) == ("../ett.csv", "Mål")
        assert [entry.broken for entry in entries] == [""] * 3

    def test_says_what_is_broken_with_a_version_and_which_one_is_shown(self, store):
        for text in ("ett", "två", "tre"):
            published(store, text)
        flip_a_bit(store.folders[-1] / "manifests" / "000003.json")
        goals = store.manifest(2).tables["goals"].file
        (store.folders[-1] / "files" / goals).unlink()
        entries = history(store)
        assert [entry.version for entry in entries if entry.is_current] == [1]
        assert [entry.broken for entry in entries] == [
            "Filen 000003.json har ändrats sedan den publicerades.",
            f"Filen {goals} saknas.",
            "",
            "",
        ]
        assert (entries[0].created_at, entries[1].note, entries[1].summary) == ("", "", ("två är nytt.",))

    def test_tells_of_a_version_that_others_build_on_though_its_manifest_is_gone(self, store):
        for text in ("ett", "två"):
            published(store, text)
        (store.folders[-1] / "manifests" / "000001.json").unlink()
        assert [(entry.version, entry.broken) for entry in history(store)] == [
            (2, ""),
            (1, "Version 1 finns inte."),
            (0, ""),
        ]


class TestBrokenNewest:
    @pytest.fixture
    def broken(self, store: Store) -> Store:
        """Versions 0 to 2, the last one with a broken file."""
        for text in ("ett", "två"):
            published(store, text)
        flip_a_bit(store.verified_path(store.manifest(2).tables["goals"]))
        return store

    def test_is_passed_over_and_its_number_never_used_again(self, broken):
        manifest = published(broken, "tre")
        assert (manifest.version, manifest.parent) == (3, 1)
        assert broken.newest_whole().broken == ()
        assert [bool(entry.broken) for entry in history(broken)] == [False, True, False, False]

    def test_is_told_of_to_who_had_checked_against_it(self, broken):
        draft_id = checked(broken, "tre", base=2)
        with pytest.raises(BaseMoved) as told:
            publish(broken, draft_id, note="", **ANALYST)
        goals = broken.manifest(2).tables["goals"].file
        assert str(told.value) == (
            f"Version 2 kan inte läsas: filen {goals} har ändrats sedan den publicerades. Version 1 visas. "
            "Kontrollera filen igen."
        )

    def test_is_not_what_is_undone(self, broken):
        manifest = undo(broken, **UNDOING)
        assert (manifest.version, manifest.parent, manifest.restores) == (3, 1, 0)

    def test_manifest_does_not_stop_the_next_one(self, store):
        published(store, "ett")
        (store.folders[-1] / "manifests" / "000002.json").write_text("{", encoding="utf-8")
        assert published(store, "två").version == 3

    def test_of_all_versions_is_said_of_each(self, store):
        published(store, "ett")
        for folder in store.folders:
            for path in (folder / "manifests").iterdir():
                flip_a_bit(path)
        with pytest.raises(
            BrokenVersion, match="Version 1 kan inte läsas: filen .* Version 0 kan inte läsas: filen"
        ):
            store.newest_whole()


class TestLog:
    """What is published, undone and restored stands in the log of events, with whose permit it was done."""

    def test_tells_what_was_done_in_which_version_by_which_role(self, store):
        published(store, "ett")
        undo(store, **UNDOING)
        restore(store, 1, **RESTORING)
        told = [(each.event.kind, each.event.what, each.event.version) for each in audit.events(store)]
        assert told == [("restored", "restore", 3), ("undone", "undo", 2), ("published", "publish", 1)]
        assert {each.event.role for each in audit.events(store)} == {permits.OPERATOR}

    def test_tells_nothing_of_what_was_not_published(self, store):
        with pytest.raises(NothingToRestore):
            undo(store, **UNDOING)
        assert audit.events(store) == []

    def test_that_cannot_be_written_does_not_take_back_what_is_published(self, store, monkeypatch, caplog):
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(audit, "_append", full)
        assert published(store, "ett").version == 1
        assert "is not in the log" in caplog.text
