"""Versions: one number is taken once, no byte changes unseen, and what is private stays out of reach."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from queries import clock, connection
from queries.connection import Library
from queries.intake import embedded
from queries.versions import (
    EMBEDDED,
    BrokenVersion,
    Manifest,
    Original,
    Store,
    TableFile,
    VersionTaken,
)

PROJECT = Path(__file__).parents[2]
WRITERS = 2
EACH_WRITES = 20


@pytest.fixture
def copied(tmp_path: Path) -> Store:
    """Version 0 in a folder that a test may harm."""
    for part in ("files", "private", "manifests"):
        shutil.copytree(EMBEDDED / part, tmp_path / part)
    return Store((tmp_path,))


def manifest(number: int, note: str = "") -> Manifest:
    return Manifest(number, number - 1 if number else None, clock.now(), "test", note, {}, {})


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def publish_again_and_again(folder: Path, name: str) -> None:
    """Publish as a writer must: the number after the newest, and the next one when somebody was faster."""
    store = Store((folder,))
    for count in range(EACH_WRITES):
        while True:
            number = max(store.numbers(), default=-1) + 1
            try:
                store.commit(manifest(number, f"{name} {count}"))
            except VersionTaken:
                continue
            break


class TestCommit:
    def test_takes_a_number_once(self, tmp_path):
        store = Store((tmp_path,))
        store.commit(manifest(0, "först"))
        with pytest.raises(VersionTaken, match="Version 0 är redan publicerad"):
            store.commit(manifest(0, "sedan"))
        assert store.manifest(0).note == "först"

    def test_leaves_nothing_unfinished_behind_when_it_fails(self, tmp_path):
        store = Store((tmp_path,))
        store.commit(manifest(0))
        with pytest.raises(VersionTaken):
            store.commit(manifest(0))
        assert [path.name for path in (tmp_path / "manifests").iterdir()] == ["000000.json"]

    def test_of_two_writers_at_once_makes_one_unbroken_chain(self, tmp_path):
        # Not multiprocessing: it starts by running again whatever is the main script, which tests of pages replace.
        writing = (
            "import sys, pathlib; from tests.queries.test_versions import publish_again_and_again as write; "
            "write(pathlib.Path(sys.argv[1]), sys.argv[2])"
        )
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", writing, str(tmp_path), f"skrivare {number}"], cwd=PROJECT
            )
            for number in range(WRITERS)
        ]
        assert [writer.wait(timeout=60) for writer in writers] == [0] * WRITERS
        store = Store((tmp_path,))
        chain = [store.manifest(number) for number in store.numbers()]
        assert [link.version for link in chain] == list(range(WRITERS * EACH_WRITES))
        assert [link.parent for link in chain] == [None, *range(WRITERS * EACH_WRITES - 1)]
        assert len({link.note for link in chain}) == WRITERS * EACH_WRITES

    def test_writes_to_the_last_folder_and_reads_from_all(self, copied, tmp_path):
        store = Store((copied.folders[0], tmp_path / "exports"))
        store.commit(manifest(1))
        assert store.numbers() == [0, 1]
        assert [path.name for path in (tmp_path / "exports" / "manifests").iterdir()] == ["000001.json"]


class TestManifest:
    FULL = Manifest(
        3,
        2,
        "2026-11-22T13:05:09+00:00",
        "analytiker",
        "Rättade mål, ”på nytt”",
        {"pupils_per_school": 10},
        {"goals": TableFile("goals-0123456789ab.parquet", "0" * 64, 7)},
        {"outcomes": TableFile("outcomes-0123456789ab.parquet", "1" * 64, 8)},
        restores=1,
        original=Original("2" * 64, "../mål.csv", 9, "templates", "Mål"),
        summary=("2 mål är nya.", "Innehållet är åter det i version 1."),
    )

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        Store((tmp_path,)).commit(self.FULL)
        return tmp_path / "manifests" / "000003.json"

    def test_is_read_as_it_was_written(self, path, tmp_path):
        assert Store((tmp_path,)).manifest(3) == self.FULL
        assert "Rättade mål, ”på nytt”" in path.read_text(encoding="utf-8")

    def test_has_a_checksum_that_anybody_can_work_out(self, path):
        told = json.loads(path.read_text(encoding="utf-8"))
        checksum = told.pop("checksum")
        canonical = json.dumps(told, sort_keys=True, separators=(",", ":"))
        assert checksum == hashlib.sha256(canonical.encode()).hexdigest() == self.FULL.checksum

    @pytest.mark.parametrize(
        "change",
        [
            lambda text: "",
            lambda text: text[: len(text) // 2],
            lambda text: "[]",
            lambda text: "null",
            lambda text: text.replace("analytiker", "Analytiker"),
            lambda text: text.replace('"rows": 7', '"rows": "7"'),
            lambda text: text.replace('"restores": 1', '"restores": 2'),
            lambda text: text.replace("2 mål är nya", "3 mål är nya"),
            lambda text: text.replace('"parent"', '"Parent"'),
            lambda text: text.replace('"checksum"', '"other"'),
        ],
        ids=["empty", "cut", "list", "null", "who", "type", "restores", "summary", "name", "no checksum"],
    )
    def test_that_is_not_what_was_written_is_broken(self, path, tmp_path, change):
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        with pytest.raises(BrokenVersion, match="^Filen 000003.json har ändrats sedan den publicerades.$"):
            Store((tmp_path,)).manifest(3)

    def test_that_is_no_text_is_broken(self, path, tmp_path):
        path.write_bytes(b"\xff\xfe\x00")
        with pytest.raises(BrokenVersion, match="har ändrats"):
            Store((tmp_path,)).manifest(3)

    def test_under_another_number_is_broken(self, path, tmp_path):
        path.rename(path.with_name("000004.json"))
        with pytest.raises(BrokenVersion, match="Filen 000004.json har ändrats"):
            Store((tmp_path,)).manifest(4)

    def test_that_cannot_be_read_is_broken(self, path, tmp_path):
        path.unlink()
        path.mkdir()
        with pytest.raises(BrokenVersion, match="Filen 000003.json kan inte läsas"):
            Store((tmp_path,)).manifest(3)

    @pytest.mark.parametrize(
        "name",
        ["000004 (1).json", "4.json", "0000004.json", ".tmp-000004.json", "000004.json~", "latest.json"],
    )
    def test_is_only_what_has_the_name_of_one(self, path, tmp_path, name):
        path.with_name(name).write_text("{}", encoding="utf-8")
        assert Store((tmp_path,)).numbers() == [3]


class TestDamage:
    def test_of_one_bit_in_any_file_is_found_and_named(self, copied):
        published = copied.manifest(0)
        for kind, tables in (("files", published.tables), ("private", published.private)):
            for table in tables.values():
                flip_a_bit(copied.folders[0] / kind / table.file)
                with pytest.raises(
                    BrokenVersion, match=f"Filen {table.file} har ändrats sedan den publicerades"
                ):
                    copied.verified_path(table, kind)

    def test_stops_the_version_from_being_opened(self, copied):
        table = copied.manifest(0).tables["goals"]
        flip_a_bit(copied.folders[0] / "files" / table.file)
        with pytest.raises(BrokenVersion, match=table.file):
            Library(copied).open(0)

    def test_is_noticed_also_when_the_file_is_gone(self, copied):
        table = copied.manifest(0).tables["actions"]
        (copied.folders[0] / "files" / table.file).unlink()
        with pytest.raises(BrokenVersion, match=f"Filen {table.file} saknas"):
            Library(copied).open(0)

    def test_can_be_mended_and_the_version_opened_after_all(self, copied):
        library = Library(copied)
        table = copied.manifest(0).tables["goals"]
        flip_a_bit(copied.folders[0] / "files" / table.file)
        with pytest.raises(BrokenVersion):
            library.open(0)
        shutil.copy(EMBEDDED / "files" / table.file, copied.folders[0] / "files" / table.file)
        assert library.open(0).version == 0

    def test_is_not_confused_with_a_version_that_was_never_published(self, copied):
        with pytest.raises(BrokenVersion, match="Version 7 finns inte"):
            Library(copied).open(7)

    def test_is_not_confused_with_nothing_published_at_all(self, tmp_path):
        with pytest.raises(BrokenVersion, match="Ingen version är publicerad"):
            Library(Store((tmp_path,))).open()


class TestPrivate:
    def test_files_cannot_be_read_through_the_connection_that_serves(self, copied):
        opened = Library(copied).open(0)
        private = next((copied.folders[0] / "private").glob("outcomes-*.parquet"))
        around = copied.folders[0] / "files" / ".." / "private" / private.name
        for path in (private, around, private.parent / "*.parquet"):
            with pytest.raises(duckdb.PermissionException):
                opened.connection.cursor().execute("select * from read_parquet($path)", {"path": str(path)})

    def test_values_are_not_among_the_published_ones(self, exports):
        private = exports.manifest.private["outcomes"].file
        hidden = duckdb.execute(
            """select count(*)
            from read_parquet($private) as private
            join read_parquet($public) as public
                using (municipality_id, indicator_id, year, gender, operator)
            where private.unit_id is not distinct from public.unit_id
                and public.marker <> ''
                and public.value is not null""",
            {
                "private": str(EMBEDDED / "private" / private),
                "public": str(EMBEDDED / "files" / exports.manifest.tables["outcomes"].file),
            },
        ).fetchone()
        assert hidden == (0,)

    def test_limits_that_have_changed_since_publishing_close_the_version(self, data_copy):
        settings = data_copy / "settings.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(
            text.replace("pupils_per_school = 10", "pupils_per_school = 15"), encoding="utf-8"
        )
        with pytest.raises(BrokenVersion, match="Gränserna för små grupper"):
            Library(Store((EMBEDDED,))).open(0)

    def test_limits_that_change_while_the_site_is_up_close_it_too(self, data_copy):
        library = Library(Store((EMBEDDED,)))
        assert library.open(0).version == 0
        settings = data_copy / "settings.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("survey_answers = 5", "survey_answers = 3"), encoding="utf-8")
        with pytest.raises(BrokenVersion):
            library.open(0)


class TestVersionZero:
    def test_is_what_a_fresh_build_gives_row_for_row(self, tmp_path):
        built = embedded.build(tmp_path)
        shipped = Store((EMBEDDED,)).manifest(0)
        assert built.tables.keys() == shipped.tables.keys()
        assert built.private.keys() == shipped.private.keys()
        differing = [
            name
            for kind, fresh, published in (
                ("files", built.tables, shipped.tables),
                ("private", built.private, shipped.private),
            )
            for name in fresh
            if not same_rows(tmp_path / kind / fresh[name].file, EMBEDDED / kind / published[name].file)
        ]
        assert differing == [], "python -m queries.intake.embedded makes data/sample anew"

    def test_was_made_with_the_limits_in_force(self, exports):
        assert dict(exports.manifest.limits) == connection.settings()["disclosure"]

    def test_has_every_table_of_the_data_model(self, exports):
        assert exports.manifest.tables.keys() == embedded.table_definitions().keys()

    def test_leaves_no_file_in_its_folders_that_the_manifest_does_not_name(self):
        shipped = Store((EMBEDDED,)).manifest(0)
        for kind, tables in (("files", shipped.tables), ("private", shipped.private)):
            assert {path.name for path in (EMBEDDED / kind).iterdir()} == {
                table.file for table in tables.values()
            }


def same_rows(one: Path, other: Path) -> bool:
    """Whether two Parquet files hold the same rows in the same columns, each as many times."""
    both = {"one": str(one), "other": str(other)}
    columns = [
        duckdb.execute("describe from read_parquet($path)", {"path": path}).fetchall()
        for path in both.values()
    ]
    if columns[0] != columns[1]:
        return False
    difference = """select count(*) from (
        (select * from read_parquet($one) except all select * from read_parquet($other))
        union all
        (select * from read_parquet($other) except all select * from read_parquet($one)))"""
    return duckdb.execute(difference, both).fetchone() == (0,)
