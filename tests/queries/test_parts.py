"""A large version, each municipality's own rows in files of their own: every answer is what it is in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from queries import connection
from queries.catalogue import QUESTIONS
from queries.connection import Exports, Library, of_one_municipality, table_definitions
from queries.intake import base as bases
from queries.intake import drafts, publishing, templates, worker, writing
from queries.intake.reading import Options
from queries.intake.regating import regate
from queries.permits import operator
from queries.published import published_rows
from queries.versions import EMBEDDED, PART, Manifest, Store, TableFile, with_files
from tests.benchmarks.questions import parameters_of

FEW_ROWS = 100
HOMES = ("9901", "0125")
TODAY = date(2026, 11, 22)


def write_in_parts(folder: Path, manifest: Manifest) -> None:
    """A version's content once more as version 1, its larger tables in parts."""
    made = duckdb.connect(":memory:")
    written: dict[str, dict[str, TableFile]] = {"files": {}, "private": {}}
    for kind, tables in (("files", manifest.tables), ("private", manifest.private)):
        for name, file in tables.items():
            path = str(Store((EMBEDDED,)).verified_path(file, kind))
            made.execute(f"create or replace view {name} as from read_parquet('{path}')")
            written[kind] |= writing.write_table(made, name, name, folder, kind)
    made.close()
    limits = connection.settings()["disclosure"]
    told = Manifest(1, None, "2026-01-01T00:00:00+00:00", "test", "", limits, *written.values())
    Store((folder,)).commit(told)


@pytest.fixture(scope="module")
def few_rows() -> Iterator[None]:
    """What is large begins at FEW_ROWS."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "ROWS_IN_MEMORY", FEW_ROWS)
        patch.setattr(bases, "ROWS_IN_MEMORY", FEW_ROWS)
        patch.setattr(writing, "ROWS_IN_ONE_FILE", FEW_ROWS)
        yield


@pytest.fixture(scope="module")
def in_parts(few_rows: None, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Version 0 of the project as version 1 of a store, in parts."""
    folder = tmp_path_factory.mktemp("parts")
    write_in_parts(folder, Store((EMBEDDED,)).manifest(0))
    return Store((folder,))


@pytest.fixture(scope="module", params=["in parts", "in one file a table"])
def large(request: pytest.FixtureRequest, in_parts: Store) -> Exports:
    """The same version, large, in the layout of today and in that of versions published before it."""
    return Library(in_parts if request.param == "in parts" else Store((EMBEDDED,))).open()


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.name)
def test_every_question_has_the_answer_that_it_has_in_memory(question, large: Exports, exports: Exports):
    for municipality_id in HOMES if "municipality_id" in question.parameters else [""]:
        asked = parameters_of(question, exports, municipality_id)
        if asked is not None:
            here, there = question.ask(large, **asked), question.ask(exports, **asked)
            pd.testing.assert_frame_equal(here, there)


def test_a_municipality_that_nobody_knows_has_no_rows(large: Exports):
    assert large.rows("goal_history", municipality_id="it's none").empty


def test_only_what_is_a_municipalitys_own_is_in_parts(in_parts: Store):
    manifest = in_parts.manifest(1)
    divided = {name for name in manifest.rows if manifest.parts(name)}
    assert "outcomes" in divided
    assert divided <= of_one_municipality()
    assert manifest.rows == Store((EMBEDDED,)).manifest(0).rows


def test_a_home_of_an_older_version_is_given_the_columns_that_came_later(
    few_rows: None, monkeypatch: pytest.MonkeyPatch
):
    later = dict(table_definitions())
    later["committee_items"] = later["committee_items"].replace(
        "    due_date date,", "    due_date date,\n    told_by text,"
    )
    monkeypatch.setattr(connection, "table_definitions", lambda: later)
    opened = Library(Store((EMBEDDED,))).open()
    found = opened.connection.cursor().execute(
        "select count(*), count(told_by) from query_table($table)",
        {"table": f"{opened.home('9901').database}.main.committee_items"},
    )
    assert found.fetchall() == [(14, 0)]


def test_a_home_holds_no_row_of_another_municipality(large: Exports):
    home = large.home("0125")
    for name in of_one_municipality():
        found = large.connection.cursor().execute(
            "select distinct municipality_id from query_table($table)",
            {"table": f"{home.database}.main.{name}"},
        )
        assert {row[0] for row in found.fetchall()} <= {"0125"}, name


def test_homes_that_nobody_asks_about_any_more_are_closed(in_parts: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection, "HOMES_KEPT_OPEN", 1)
    library = Library(in_parts)
    opened = library.open()
    for number in range(3):
        opened.home(f"{number:04d}")
    library.open()
    open_now = opened.connection.cursor().execute(
        "select count(*) from duckdb_databases() where starts_with(database_name, $whole || '_')",
        {"whole": opened.database},
    )
    assert open_now.fetchall() == [(1,)]


def unit_of(exports: Exports) -> str:
    return exports.rows("units", municipality_id="9901")["unit_id"][0]


class TestPublishing:
    @pytest.fixture(scope="class")
    @classmethod
    def published(
        cls, in_parts: Store, exports: Exports, tmp_path_factory: pytest.TempPathFactory
    ) -> tuple[Store, Manifest, Manifest]:
        """A store, its manifests before and after a file with outcomes of one municipality, one of them for few pupils."""
        store = Store((*in_parts.folders, tmp_path_factory.mktemp("published")))
        told = {
            "municipality_id": "9901", "indicator_id": "N15419", "unit_id": unit_of(exports), "year": 2025,
            "operator": "kommunal", "marker": "", "note": None, "source_id": "exempel-elevenkat",
        }  # fmt: skip
        groups = (("T", 41.5, 60), ("K", 40.0, 57), ("M", 70.0, 3))
        outcomes = pd.DataFrame(
            [{**told, "gender": gender, "value": value, "n": n} for gender, value, n in groups]
        )
        folder = drafts.new_draft_folder(store)
        (folder / "original").write_bytes(templates.filled_csv(outcomes, "outcomes"))
        before = store.newest_whole().manifest
        request = worker.Request("utfall.csv", Options(today=TODAY), store, before.version)
        outcome = worker.examine(folder, request)
        assert outcome.draft_id, outcome.findings
        return (
            store,
            before,
            publishing.publish(
                store, outcome.draft_id, permit=operator("publish"), note="", accept_warnings=True
            ),
        )

    def test_writes_the_parts_of_the_municipality_alone(self, published: tuple[Store, Manifest, Manifest]):
        _, before, after = published
        changed = {name for name, file in after.tables.items() if before.tables.get(name) != file}
        assert {name for name in changed if PART in name} == {f"outcomes{PART}9901"}
        assert before.tables.keys() == after.tables.keys()
        hidden = {name for name, file in after.private.items() if before.private.get(name) != file}
        assert hidden == {f"outcomes{PART}9901"}
        assert before.private.keys() == after.private.keys()

    def test_hides_small_groups_and_keeps_what_is_hidden_elsewhere(
        self, published: tuple[Store, Manifest, Manifest]
    ):
        store, _, after = published
        opened = Library(store).open()
        shown = opened.connection.cursor().execute(
            "select gender, value from query_table($table) where municipality_id = '9901' and gender <> 'T' "
            "and indicator_id = 'N15419' and year = 2025 and unit_id = $unit_id",
            {"table": f"{opened.database}.published.outcomes", "unit_id": unit_of(opened)},
        )
        assert sorted(shown.fetchall()) == [("K", None), ("M", None)]
        private = store.verified_path(after.private[f"outcomes{PART}9901"], "private")
        kept = duckdb.execute(
            "select count(*) from read_parquet($path) where value = 70 and n = 3", {"path": str(private)}
        )
        assert kept.fetchall() == [(1,)]


def test_stricter_limits_hide_what_they_hide_in_one_file_a_table(
    in_parts: Store, tmp_path: Path, data_copy: Path
):
    told = data_copy / "settings.toml"
    text = told.read_text(encoding="utf-8")
    stricter = text.replace("pupils_per_school = 10", "pupils_per_school = 15")
    told.write_text(stricter.replace("employees = 11", "employees = 15"), encoding="utf-8")
    shown = []
    for number, folder in enumerate((*in_parts.folders, EMBEDDED)):
        store = Store((folder, tmp_path / f"{number}"))
        regate(store, permit=operator("publish"))
        opened = Library(store).open()
        shown.append([published_rows(opened, table) for table in ("outcomes", "monthly_values")])
        assert len(shown[-1][1]) < Store((EMBEDDED,)).manifest(0).rows["monthly_values"]
    for in_some, in_one in zip(*shown, strict=True):
        pd.testing.assert_frame_equal(in_some, in_one)


class TestFiles:
    one, other = TableFile("a", "1", 1), TableFile("b", "2", 2)

    def test_of_a_part_take_the_place_of_that_part(self):
        earlier = {"outcomes/1": self.one, "outcomes/2": self.one, "goals": self.one}
        assert with_files(earlier, {"outcomes/2": self.other}) == {**earlier, "outcomes/2": self.other}

    def test_of_a_table_that_is_divided_take_the_place_of_the_whole(self):
        assert with_files({"outcomes": self.one}, {"outcomes/1": self.other}) == {"outcomes/1": self.other}

    def test_of_a_table_that_is_whole_again_take_the_place_of_its_parts(self):
        assert with_files({"outcomes/1": self.one}, {"outcomes": self.other}) == {"outcomes": self.other}

    def test_of_a_municipality_that_has_lost_its_rows_are_there_without_rows(self, tmp_path: Path):
        made = duckdb.connect(":memory:")
        made.execute(table_definitions()["goals"])
        written = writing.write_table(made, "goals", "goals", tmp_path, parts=("0125",))
        assert {name: file.rows for name, file in written.items()} == {"goals/0125": 0}
