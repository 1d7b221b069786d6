"""The lake for real: a Postgres, an S3, and machines that are processes with a folder each."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import count
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest
from pandas.testing import assert_frame_equal

from queries import connection
from queries.catalogue import QUESTIONS
from queries.connection import Library
from queries.intake import desk, publishing, upkeep
from queries.intake.__main__ import main
from queries.intake.backups import restore_backup
from queries.intake.reading import Options
from queries.lake import objects
from queries.lake.adopting import adopt, faults
from queries.lake.store import LOOK_AGAIN_SECONDS, LakeStore
from queries.permits import Permit, operator
from queries.versions import EMBEDDED, BrokenVersion, Store, TableFile, VersionTaken
from tests.benchmarks.questions import parameters_of
from tests.queries.intake.exports import TEMPLATE
from tests.queries.intake.small_versions import flip_a_bit
from tests.queries.lake import rig
from tests.queries.lake.drill import drill, machine
from tests.queries.lake.processes import (
    MUNICIPALITIES,
    checked,
    first_version,
    next_version,
    publish,
    rows_of,
    said,
    store_of,
)

KILLS = 3
pytestmark = pytest.mark.skipif(bool(rig.missing()), reason=rig.missing() or "Nothing is missing.")


@pytest.fixture(scope="module")
def servers() -> Iterator[rig.Servers]:
    """A Postgres and an S3 for all tests of this file, with their secrets in the environment."""
    with rig.servers() as started, pytest.MonkeyPatch.context() as patch:
        for name, value in started.environment.items():
            patch.setenv(name, value)
        yield started


NUMBERS = count()


@pytest.fixture
def url(servers: rig.Servers) -> str:
    """A lake that does not exist yet."""
    return servers.lake(f"lake{next(NUMBERS)}")


@pytest.fixture
def lake(url: str, tmp_path: Path) -> LakeStore:
    """A lake with the version 0 of a folder, seen from one machine."""
    store = store_of(url, tmp_path / "machine")
    adopt(store, first_version(tmp_path / "folder"))
    return store


def place_of(lake: LakeStore, version: int, file: TableFile) -> str:
    """Where a file of a version lies in the lake."""
    found = objects.files_of(lake.address, lake.manifest(version))
    return next(each.place for each in found if each.name == file.file)


@pytest.fixture(scope="module")
def unchanged(servers: rig.Servers, tmp_path_factory: pytest.TempPathFactory) -> LakeStore:
    """As lake, one for all tests that publish nothing."""
    folder = tmp_path_factory.mktemp("unchanged")
    store = store_of(servers.lake("unchanged"), folder / "machine")
    adopt(store, first_version(folder / "folder"))
    return store


class TestAdopted:
    def test_version_answers_questions_as_in_the_folder(self, url, tmp_path, exports):
        store = LakeStore((EMBEDDED, tmp_path), url=url)
        assert adopt(store, Store((EMBEDDED,))).taken == (0,)
        in_lake = Library(store).open()
        assert in_lake.manifest == exports.manifest
        asked = [
            (question, parameters)
            for question in QUESTIONS.values()
            if (parameters := parameters_of(question, exports, "9901")) is not None
        ]
        assert len(asked) > 50
        for question, parameters in asked[::2]:
            assert_frame_equal(question.ask(in_lake, **parameters), question.ask(exports, **parameters))
        # As tables that are too large for memory are read.
        with patch.object(connection, "ROWS_IN_MEMORY", 1000):
            large = Library(store).open()
            for question, parameters in asked[::12]:
                assert_frame_equal(question.ask(large, **parameters), question.ask(exports, **parameters))

    def test_versions_keep_their_numbers_are_taken_in_once_and_left_out_when_broken(self, url, tmp_path):
        folder = first_version(tmp_path / "folder")
        for number in (1, 2, 3):
            assert next_version(folder).version == number
        flip_a_bit(folder.verified_path(folder.manifest(2).tables["goals"]))
        store = store_of(url, tmp_path / "machine")
        first, again = adopt(store, folder), adopt(store, folder)
        assert (first.taken, again.taken, again.known) == ((0, 1, 3), (), (0, 1, 3))
        for done in (first, again):
            assert "Version 2 togs inte in" in done.broken[0]
            assert "har ändrats sedan den publicerades" in done.broken[0]
        library = Library(store)
        assert [said(library, number) for number in (0, 1, 3)] == [(0, {"0"}), (1, {"1"}), (3, {"3"})]

    def test_other_version_under_a_number_that_is_taken_is_refused(self, unchanged, tmp_path):
        with pytest.raises(BrokenVersion, match="en annan version 0"):
            adopt(unchanged, first_version(tmp_path / "other", "9"))

    def test_files_in_a_folder_get_one_more_name_and_are_not_copied(self, url, tmp_path):
        folder = first_version(tmp_path / "folder")
        shared = f"{url.partition('data=')[0]}data={tmp_path}/shared"
        store = store_of(shared, tmp_path / "machine")
        adopt(store, folder)
        assert said(Library(store)) == (0, {"0"})
        for file in folder.manifest(0).tables.values():
            assert os.path.samefile(tmp_path / "shared/files" / file.file, folder.verified_path(file))

    def test_table_in_parts_is_partitioned_by_municipality(self, lake):
        in_parts = next_version(lake, in_parts=True)
        library = Library(lake)
        assert said(library) == (1, {"1"})
        cursor = library.open(1).connection.cursor()
        found = cursor.execute("select data_file from ducklake_list_files('lake', 'goals')").fetchall()
        assert {name.rsplit("/", 2)[1] for (name,) in found} == {
            f"municipality_id={each}" for each in MUNICIPALITIES
        }
        # And whole again, and in parts again with only one of them new.
        next_version(lake)
        publishing.restore(lake, 1, permit=operator("restore"))
        publish(lake, "0125", "Nytt", in_parts=True)
        assert [said(library, number)[1] for number in range(5)] == [
            {"0"},
            {"1"},
            {"2"},
            {"1"},
            {"1", "Nytt"},
        ]
        assert lake.manifest(4).tables["goals/0117"] == in_parts.tables["goals/0117"]


class TestPublished:
    def test_version_is_seen_and_changed_from_another_machine(self, lake, tmp_path):
        elsewhere = store_of(lake.url, tmp_path / "elsewhere")
        library = Library(elsewhere)
        assert said(library) == (0, {"0"})
        publish(lake, "0125", "Från den ena")
        time.sleep(LOOK_AGAIN_SECONDS)
        assert said(library) == (1, {"0", "Från den ena"})
        publish(elsewhere, "0117", "Från den andra")
        assert said(library) == (2, {"Från den ena", "Från den andra"})

    def test_version_is_undone_and_redone_without_a_new_file_and_stays_what_it_was(self, lake):
        assert next_version(lake).version == 1
        files = {file for number in (0, 1) for file in lake.manifest(number).named_files()}
        for number in (2, 3, 4):
            undone = publishing.undo(lake, permit=operator("undo"))
            assert undone.version == number
            assert set(undone.named_files()) <= files
        library = Library(lake)
        texts = [said(library, number)[1] for number in range(5)]
        assert texts == [{"0"}, {"1"}, {"0"}, {"1"}, {"0"}]
        assert [entry.restores for entry in publishing.history(lake)] == [0, 1, 0, None, None]

    def test_number_is_given_to_one_of_two(self, lake, tmp_path):
        elsewhere = store_of(lake.url, tmp_path / "elsewhere")
        base = elsewhere.newest_whole().manifest
        next_version(lake)
        with pytest.raises(VersionTaken):
            next_version(elsewhere, base)
        assert lake.numbers() == [0, 1]

    def test_uploaded_file_is_examined_against_the_lake_and_published_to_it(self, url, tmp_path):
        here = LakeStore((EMBEDDED, tmp_path / "here"), url=url)
        adopt(here, Store((EMBEDDED,)))
        there = LakeStore((EMBEDDED, tmp_path / "there"), url=url)
        content = TEMPLATE.csv()
        outcome = desk.check(
            BytesIO(content), "utfall.csv", store=there, options=Options(date(2026, 11, 22))
        ).outcome
        published = publishing.publish(
            there, outcome.draft_id, permit=operator("publish"), note="", accept_warnings=True
        )
        here.bring_all_home()
        (original,) = (tmp_path / "here" / "originals").iterdir()
        assert original.read_bytes() == content
        assert publishing.original_path(here, published.version) == original
        assert Library(here).open(1).manifest == published


class TestTwoPublishers:
    def test_of_different_municipalities_both_land(self, lake, tmp_path):
        told = [(each, tmp_path / each) for each in MUNICIPALITIES]
        with (
            machine(lake, "publish", *map(str, told[0][::-1]), "2") as one,
            machine(lake, "publish", *map(str, told[1][::-1]), "2") as other,
        ):
            numbers = [int(line) for each in (one, other) for line in each.stdout]
        assert sorted(numbers) == [1, 2, 3, 4]
        assert said(Library(lake)) == (4, {"0125 1", "0117 1"})
        assert [lake.manifest(number).parent for number in range(1, 5)] == list(range(4))

    def test_of_the_same_municipality_the_later_one_looks_again(self, lake, tmp_path):
        elsewhere = store_of(lake.url, tmp_path / "elsewhere")
        later = checked(elsewhere, "0125", "Den ena")
        publish(lake, "0125", "Den andra")
        with pytest.raises(publishing.BaseOvertaken, match="Version 1 har publicerats under tiden"):
            publishing.publish(elsewhere, later, permit=operator("publish"), note="")
        assert said(Library(lake)) == (1, {"0", "Den andra"})

    def test_keep_each_others_sources_and_hidden_values(self, lake, tmp_path):
        elsewhere = store_of(lake.url, tmp_path / "elsewhere")
        later = checked(elsewhere, "0125", "Den ena", with_more=True)
        publish(lake, "0117", "Den andra", with_more=True)
        publishing.publish(elsewhere, later, permit=operator("publish"), note="")
        newest = lake.newest_whole().manifest
        lake.bring_home(newest)
        assert {row["source_id"] for row in rows_of(lake, newest, "sources")} == set(MUNICIPALITIES)
        hidden = {row["municipality_id"]: row["value"] for row in rows_of(lake, newest, "outcomes")}
        assert hidden == {"0125": 1.0, "0117": 1.0}


class TestOneWriterAndTwoReaders:
    def test_agree_whatever_moment_the_writer_is_killed(self, lake, tmp_path):
        seen = drill(lake, tmp_path, kills=KILLS)
        assert seen.torn == []
        assert seen.lost == []
        assert seen.count_read > seen.count_published > 0


class TestPermitOfOneMunicipality:
    def test_holds_on_another_machine_than_the_one_that_published(self, lake, tmp_path):
        publish(lake, "0125", "Från den ena")
        elsewhere = store_of(lake.url, tmp_path / "elsewhere")
        assert publishing.reach_of(elsewhere, 1) == {"0125"}
        with pytest.raises(publishing.NotPermitted):
            publishing.undo(elsewhere, permit=Permit("undo", "analytiker", "", ("0117",)))
        undone = publishing.undo(elsewhere, permit=Permit("undo", "analytiker", "", ("0125",)))
        assert undone.version == 2
        assert said(Library(elsewhere)) == (2, {"0"})


class TestKept:
    @pytest.fixture
    def told(self, lake, tmp_path, monkeypatch) -> Store:
        """Another machine's own folder, which the commands work on, and the lake that it is told of."""
        elsewhere = store_of(lake.url, tmp_path / "elsewhere")
        here = Store((EMBEDDED, tmp_path / "elsewhere"))
        monkeypatch.setattr(upkeep, "chosen_store", lambda: elsewhere)
        monkeypatch.setattr(upkeep, "Store", lambda: here)
        return here

    def test_backup_holds_what_others_published_and_fills_another_lake(
        self, servers, lake, told, tmp_path, capsys
    ):
        next_version(lake)
        assert main(["backup", str(tmp_path / "kopia.tar")]) == 0
        assert "2 versioner, " in capsys.readouterr().out
        restored = Store((tmp_path / "restored",))
        restore_backup(tmp_path / "kopia.tar", restored)
        other = store_of(servers.lake(f"lake{next(NUMBERS)}"), tmp_path / "other")
        assert adopt(other, restored).taken == (0, 1)
        assert other.manifest(1) == lake.manifest(1)
        assert said(Library(other)) == (1, {"1"})

    def test_version_with_a_flipped_bit_is_found_by_the_same_command_as_in_a_folder(self, lake, told, capsys):
        assert main(["verify"]) == 0
        assert "1 version, " in capsys.readouterr().out
        with patch.object(objects, "verify", side_effect=BrokenVersion("Filen har ändrats.")):
            assert main(["verify"]) == 5
        assert "Version 0: Filen har ändrats." in capsys.readouterr().out

    def test_versions_are_not_removed_by_the_rule_for_folders(self, told, monkeypatch, capsys):
        rules = {"decision": "Plan 2026", "originals_years": 1, "versions_years": 0, "audit_years": 0}
        monkeypatch.setattr(upkeep, "settings", lambda: {"retention": rules})
        assert main(["gallra", "--genomfor"]) == 5
        assert "ligger i en sjö" in capsys.readouterr().err
        rules["originals_years"] = 0
        assert main(["gallra"]) == 0


class TestWhatMayBeShown:
    def test_does_not_hold_what_is_hidden(self, unchanged):
        cursor = Library(unchanged).open().connection.cursor()
        (hidden,) = unchanged.manifest(0).private.values()
        place = place_of(unchanged, 0, hidden)
        with unchanged.cursor() as own:
            objects.verify(own, place, hidden.sha256)
        with pytest.raises(duckdb.PermissionException):
            cursor.execute("select content from read_blob($place)", {"place": place})
        tables = cursor.execute(
            "select table_name from duckdb_tables() where database_name = 'lake'"
        ).fetchall()
        assert {name for (name,) in tables} == {"goals", "actions", "manifests", "newest"}

    def test_cannot_be_changed_where_questions_are_answered(self, unchanged):
        cursor = Library(unchanged).open().connection.cursor()
        for statement in (
            "delete from lake.main.goals",
            "attach 'ducklake:postgres:dbname=postgres' as other",
            "set enable_external_access = true",
            "copy (select 1) to 's3://elsewhere/out.csv'",
        ):
            with pytest.raises(duckdb.Error):
                cursor.execute(statement)
        assert cursor.execute("select count(*) from lake.main.goals").fetchall() == [(2,)]

    @pytest.mark.parametrize("kind", ["files", "private"])
    def test_is_found_when_a_bit_of_it_has_flipped(self, lake, tmp_path, kind):
        manifest = lake.manifest(0)
        file = manifest.tables["goals"] if kind == "files" else manifest.private["outcomes"]
        lake.bring_home(manifest)
        harmed = tmp_path / "harmed"
        harmed.write_bytes(lake.verified_path(file, kind).read_bytes())
        flip_a_bit(harmed)
        with lake.cursor() as cursor, pytest.raises(BrokenVersion):
            objects.put(cursor, harmed, place_of(lake, 0, file), file.sha256)
        assert list(faults(lake)) == [f"Version 0: Filen {file.file} har ändrats sedan den publicerades."]
        if kind == "files":
            with pytest.raises(BrokenVersion, match="har ändrats sedan den publicerades"):
                Library(store_of(lake.url, tmp_path / "elsewhere")).open()


class TestWithoutAnAnswer:
    def test_from_the_database_a_sentence_is_said(self, unchanged, tmp_path, monkeypatch):
        monkeypatch.setenv("PGPASSWORD", "fel")
        with pytest.raises(BrokenVersion, match="svarar inte eller släpper inte in"):
            Library(store_of(unchanged.url, tmp_path / "elsewhere")).open()

    def test_on_any_port_a_sentence_is_said(self, unchanged, tmp_path):
        port = unchanged.url.partition("@127.0.0.1:")[2].partition("/")[0]
        closed = store_of(unchanged.url.replace(f":{port}/", ":9/"), tmp_path)
        with pytest.raises(BrokenVersion, match="svarar inte eller släpper inte in"):
            Library(closed).open()

    def test_in_a_lake_without_versions_the_command_is_told_that_fills_it(self, url, tmp_path):
        with pytest.raises(BrokenVersion, match="python -m queries.lake adopt"):
            Library(store_of(url, tmp_path)).open()

    def test_from_an_extension_that_is_missing_the_command_is_told_that_installs_it(
        self, unchanged, tmp_path, monkeypatch
    ):
        monkeypatch.setattr("queries.lake.opening.find_spec", lambda name: None)
        with pytest.raises(BrokenVersion, match="pip install -r queries/lake/requirements.txt"):
            Library(store_of(unchanged.url, tmp_path / "elsewhere")).open()

    def test_from_s3_nothing_is_published(self, lake, monkeypatch):
        draft = checked(lake, "0125", "Nytt")
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        elsewhere = store_of(lake.url, lake.folders[-1])
        with pytest.raises(BrokenVersion, match="i sjön"):
            publishing.publish(elsewhere, draft, permit=operator("publish"), note="")
        assert lake.numbers() == [0]
