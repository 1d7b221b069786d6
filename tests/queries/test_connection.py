"""The connection that serves: everybody gets their own answer, and nobody reaches anything but what is published."""

from __future__ import annotations

import gc
import os
import shutil
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from queries import actions, comparison, connection, durable, findings, goals, permits, places
from queries.catalogue import QUESTIONS
from queries.connection import Exports, Library, TooSlow
from queries.intake import desk, publishing
from queries.published import published_rows
from queries.versions import EMBEDDED, BrokenVersion, Store
from tests.queries.intake.small_versions import checked_goal, flip_a_bit, real_version

THREADS = 8
QUESTIONS_EACH = 40


def answers(exports: Exports, municipality_id: str, round_: int) -> pd.DataFrame:
    """One of five questions, in turn."""
    ask = (
        lambda: goals.goal_tally(exports, municipality_id=municipality_id, by="perspective"),
        lambda: actions.action_list(exports, municipality_id=municipality_id),
        lambda: findings.recurring_themes(exports, municipality_id=municipality_id),
        lambda: comparison.spider_values(exports, municipality_id=municipality_id),
        lambda: places.years(exports, municipality_id=municipality_id),
    )
    return ask[round_ % len(ask)]()


def test_eight_threads_asking_forty_questions_each_get_their_own_answers(exports, monkeypatch):
    # Every answer is worked out: remembered ones would never meet on the connection.
    monkeypatch.setattr(connection, "_remembered", lambda asked, name, given: asked.ask(name, dict(given)))
    places_asked = [("0117", "0125", "0580", "2581", "9901")[number % 5] for number in range(THREADS)]
    expected = {
        place: [answers(exports, place, number) for number in range(5)] for place in set(places_asked)
    }

    def ask_all(place: str) -> list[pd.DataFrame]:
        return [answers(exports, place, number) for number in range(QUESTIONS_EACH)]

    with ThreadPoolExecutor(THREADS) as threads:
        told = list(threads.map(ask_all, places_asked))
    for place, rows in zip(places_asked, told, strict=True):
        for number, answer in enumerate(rows):
            pd.testing.assert_frame_equal(answer, expected[place][number % 5])


# What the embedded data has no row of; other tests publish some.
EMPTY_IN_THE_EXAMPLE = (
    "explained_words",
    "contradicting_remarks",
    "meeting_promises",
    "unit_only_indicators",
)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_gives_the_same_rows_in_the_same_order_each_time(exports, monkeypatch, name):
    monkeypatch.setattr(
        connection, "_remembered", lambda asked, asked_name, given: asked.ask(asked_name, dict(given))
    )
    listed = actions.action_list(exports, municipality_id="9901")
    known = {
        "municipality_id": "9901",
        "year": 2026,
        "indicator_id": "N15505",
        "asked": "frånvaro",
        "goal_id": goals.goal_history(exports, municipality_id="9901")["goal_id"].iloc[0],
        "action_id": listed.loc[listed["count_reports"].idxmax(), "action_id"],
    }
    given = {parameter: known[parameter] for parameter in QUESTIONS[name].required}
    first = QUESTIONS[name].ask(exports, **given)
    # In version 0 nobody has explained a word, the invented sources do not contradict themselves, and no promise falls
    # due at the newest report point.
    assert len(first) > 0 or name in EMPTY_IN_THE_EXAMPLE
    for _ in range(5):
        pd.testing.assert_frame_equal(QUESTIONS[name].ask(exports, **given), first)


def test_a_version_opened_by_two_threads_at_once_is_opened_once():
    library = Library(Store((EMBEDDED,)))
    with ThreadPoolExecutor(THREADS) as threads:
        opened = list(threads.map(lambda _: library.open(0), range(THREADS)))
    assert len({id(exports) for exports in opened}) == 1


class TestSlowQuestion:
    """A question that takes longer than settings allow is stopped, and nothing else is."""

    ENDLESS = "select count(*) as rows from range(1000000000) a, range(1000000000) b where (a.range + b.range) % 7 = 1"

    @pytest.fixture
    def slow(self, monkeypatch):
        """Let one question be endless and stop it after a moment."""
        told = {**connection.settings(), "limits": {"question_seconds": 0.2}}
        monkeypatch.setattr(connection, "settings", lambda: told)
        asked = connection.sql_text
        monkeypatch.setattr(
            connection, "sql_text", lambda name: self.ENDLESS if name == "endless" else asked(name)
        )

    def test_is_stopped_and_says_so_in_swedish(self, exports, slow):
        with pytest.raises(TooSlow, match="tog för lång tid"):
            exports.rows("endless")

    def test_may_take_its_time_in_a_process_that_has_limits_of_its_own(self, exports, slow, monkeypatch):
        told = {**connection.settings(), "limits": {"question_seconds": 0}}
        monkeypatch.setattr(connection, "settings", lambda: told)
        monkeypatch.setattr(connection, "_takes_its_time", threading.Event())
        connection.take_time()
        monkeypatch.setattr(
            connection, "_remembered", lambda asked, name, given: asked.ask(name, dict(given))
        )
        assert len(places.municipalities(exports)) > 4

    def test_leaves_the_connection_and_everybody_else_alone(self, exports, slow, monkeypatch):
        monkeypatch.setattr(
            connection, "_remembered", lambda asked, name, given: asked.ask(name, dict(given))
        )
        expected = len(places.municipalities(exports))
        with ThreadPoolExecutor(2) as threads:
            stopped = threads.submit(exports.rows, "endless")
            counts = [len(places.municipalities(exports)) for _ in range(10)]
            with pytest.raises(TooSlow):
                stopped.result()
        assert [*counts, len(places.municipalities(exports))] == [expected] * 11

    def test_is_asked_again_when_somebody_asks_again(self, exports, slow, monkeypatch):
        for _ in range(2):
            with pytest.raises(TooSlow):
                exports.rows("endless")


class TestNewest:
    """Which version is served, and how often its files are read to be sure of it."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        """The real version 0, and a version 1 that has one goal in place of all."""
        store = real_version(tmp_path)
        publishing.publish(store, checked_goal(store), permit=permits.operator("publish"), note="")
        return store

    @pytest.fixture
    def hashed(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The files that are read for their checksum, in order; a file just written counts as long unchanged."""
        read: list[str] = []
        real = durable.sha256_of

        def noting(path: Path | str) -> str:
            read.append(Path(path).name)
            return real(path)

        monkeypatch.setattr(durable, "SETTLED_NS", -1)
        monkeypatch.setattr(durable, "sha256_of", noting)
        return read

    def goals_of(self, store: Store) -> Path:
        return store.verified_path(store.manifest(1).tables["goals"])

    def test_is_read_once_and_not_at_every_click(self, store, hashed):
        library = Library(store)
        opened = library.open()
        assert (opened.version, opened.broken) == (1, ())
        hashed.clear()
        assert library.open() is opened
        assert hashed == []

    def test_is_not_read_at_every_click_either_when_it_is_broken(self, store, hashed):
        library = Library(store)
        flip_a_bit(self.goals_of(store))
        opened = library.open()
        assert (opened.version, len(opened.broken)) == (0, 1)
        hashed.clear()
        assert library.open() is opened
        with pytest.raises(BrokenVersion):
            library.open(1)
        assert hashed == []

    def test_is_left_when_a_bit_has_flipped_that_no_time_tells_of_and_taken_again_when_mended(
        self, store, hashed, monkeypatch
    ):
        monkeypatch.setattr(durable, "stamp", lambda path: durable.Stamp(os.lstat(path).st_ino, 0, 0, 0))
        library = Library(store)
        path = self.goals_of(store)
        assert library.open().version == 1
        for served, broken in ((0, 1), (1, 0)):
            flip_a_bit(path)
            durable.recheck()
            opened = library.open()
            assert (opened.version, len(opened.broken)) == (served, broken)

    def test_is_looked_through_again_for_as_long_as_the_site_is_up(self, monkeypatch):
        class Over(Exception):
            """Ends what goes on for good otherwise."""

        rounds = iter([None, None])

        def recheck() -> None:
            if next(rounds, Over) is Over:
                raise Over

        monkeypatch.setattr(connection, "RECHECK_SECONDS", 0)
        monkeypatch.setattr(durable, "recheck", recheck)
        with pytest.raises(Over):
            connection._recheck_forever()
        started = threading.Event()
        monkeypatch.setattr(connection, "_recheck_forever", started.set)
        connection.library.__wrapped__()
        assert started.wait(timeout=30)

    def test_that_is_named_is_never_replaced_by_another_nor_told_of_newer_ones(self, store):
        library = Library(store)
        assert library.open(0).broken == ()
        flip_a_bit(self.goals_of(store))
        with pytest.raises(BrokenVersion, match="^Filen goals-.* har ändrats sedan den publicerades.$"):
            library.open(1)
        assert len(library.open().broken) == 1
        assert library.open(0).broken == ()

    def test_is_opened_anew_when_a_large_table_was_mended_since_answers_may_be_from_the_broken_one(
        self, store, monkeypatch
    ):
        monkeypatch.setattr(connection, "ROWS_IN_MEMORY", -1)
        library = Library(store)
        opened, path = library.open(), self.goals_of(store)
        whole = path.read_bytes()
        flip_a_bit(path)
        assert library.open().version == 0
        path.write_bytes(whole)
        mended = library.open()
        assert mended is not opened
        assert mended.manifest == opened.manifest

    def test_is_seen_at_the_next_click_by_eight_readers_none_of_whom_gets_half_of_each(self, tmp_path):
        """Every version has one goal whose name and description say the same."""
        store, seen = real_version(tmp_path), set()
        is_over = threading.Event()
        library = Library(store)

        def read() -> None:
            while not is_over.is_set():
                opened = library.open()
                cursor = opened.connection.cursor()
                cursor.execute(f"use {opened.database}")
                names = cursor.execute("select name from goals").fetchall()
                units = len(opened.rows("units", municipality_id="0125"))
                seen.add((opened.version, len(names) if opened.version == 0 else names[0][0], units))

        with ThreadPoolExecutor(THREADS) as threads:
            readers = [threads.submit(read) for _ in range(THREADS)]
            for number in range(1, 8):
                draft_id = checked_goal(store, f"Mål {number}")
                publishing.publish(store, draft_id, permit=permits.operator("publish"), note="")
                assert library.open().version == number
            is_over.set()
            assert [reader.result() for reader in readers] == [None] * THREADS
        first = library.open(0)
        units = len(first.rows("units", municipality_id="0125"))
        whole = {(number, f"Mål {number}", units) for number in range(1, 8)}
        assert seen - {(0, first.manifest.tables["goals"].rows, units)} <= whole
        assert seen


class TestVersionFromBeforeATable:
    @pytest.fixture
    def store(self, tmp_path):
        """Version 0 as it was before there was a register of indicators."""
        store = real_version(tmp_path)
        manifest = store.manifest(0)
        (tmp_path / "sample" / "manifests" / "000000.json").unlink()
        tables = {name: file for name, file in manifest.tables.items() if name != "indicator_register"}
        Store(store.folders[:1]).commit(replace(manifest, tables=tables))
        return store

    def test_opens_with_the_table_empty(self, store):
        opened = Library(store).open(0)
        assert published_rows(opened, "indicator_register").empty
        titles = places.indicators(opened).set_index("indicator_id")["title"]
        assert titles["N15505"].startswith("Elever i åk")

    def test_takes_a_file_that_fills_the_table(self, store, tmp_path):
        listed = tmp_path / "kpi.csv"
        listed.write_text(
            'id,title,is_divided_by_gender,has_ou_data\nN15505,"Meritvärde, genomsnitt",True,True\n'
        )
        outcome = desk.check(listed, "kpi.csv", store=store).outcome
        assert outcome.draft_id, outcome.findings
        publishing.publish(store, outcome.draft_id, permit=permits.operator("publish"), note="")
        titles = places.indicators(Library(store).open()).set_index("indicator_id")["title"]
        assert titles["N15505"] == "Meritvärde, genomsnitt"


class TestVersionsNobodyReads:
    @pytest.fixture
    def library(self, tmp_path: Path) -> Library:
        """Eight versions of the same tables."""
        store = real_version(tmp_path)
        first = store.manifest(0)
        for number in range(1, 8):
            store.commit(replace(first, version=number, parent=number - 1))
        return Library(store)

    def attached(self, library: Library) -> set[int]:
        """The versions that take up memory."""
        cursor = library.open(0).connection.cursor()
        names = cursor.execute("select database_name from duckdb_databases()").fetchall()
        return {int(name[1:7]) for (name,) in names if name.startswith("v0")}

    def test_are_closed_but_for_the_last_few(self, library):
        for number in (1, 2, 3, 4, 5, 6, 7):
            assert library.open(number).version == number
        assert self.attached(library) == {0, 5, 6, 7}

    def test_are_not_closed_while_a_page_holds_them(self, library):
        held = library.open(1)
        for number in range(2, 8):
            library.open(number)
        assert len(held.ask("units", {"municipality_id": "0125"})) > 0
        assert library.open(1) is held
        assert 1 in self.attached(library)

    def test_can_be_opened_again(self, library):
        before = library.open(1).rows("units", municipality_id="0125")
        for number in range(2, 8):
            library.open(number)
        pd.testing.assert_frame_equal(library.open(1).rows("units", municipality_id="0125"), before)

    def test_take_their_remembered_answers_with_them_at_once(self, library):
        gc.disable()
        try:
            answer = weakref.ref(library.open(1).answers("units", (("municipality_id", "0125"),)))
            assert answer() is not None
            for number in range(2, 8):
                library.open(number)
            assert answer() is None
        finally:
            gc.enable()

    def test_leave_nothing_behind_that_could_not_be_opened(self, library, monkeypatch):
        library.open(0)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(
                connection, "_fill", lambda cursor, found: cursor.execute("select no_such_column")
            )
            with pytest.raises(duckdb.Error):
                library.open(1)
        gc.collect()
        assert self.attached(library) == {0}
        assert library.open(1).version == 1


REFUSED = {
    "write a file": "copy goals to '{outside}/stolen.csv'",
    "write a folder": "export database '{outside}/stolen'",
    "read a folder written so": "import database '{outside}/stolen'",
    "make a database file": "attach '{outside}/stolen.db' as stolen",
    "read the users of the computer": "select * from read_csv('/etc/passwd')",
    "guess the form of a file": "select * from sniff_csv('/etc/passwd')",
    "read text": "select * from read_text('{data}/settings.toml')",
    "read bytes": "select * from read_blob('{private}/*')",
    "read hidden values": "select * from read_parquet('{private}/*.parquet')",
    "read hidden values the long way round": "select * from read_parquet('{files}/../private/*.parquet')",
    "read a file named as a table": "select * from '/etc/passwd'",
    "read a file into a table": "copy goals from '/etc/passwd'",
    "list a folder": "select * from glob('/*')",
    "fetch from the network": "select * from read_parquet('https://example.org/x.parquet')",
    "fetch an extension": "install httpfs",
    "load an extension": "load httpfs",
    "keep a secret": "create persistent secret kept (type s3)",
    "open the doors": "set enable_external_access = true",
    "unlock": "set lock_configuration = false",
    "allow another folder": "set allowed_directories = ['/']",
    "take more memory": "set memory_limit = '64GB'",
    "take more memory by forgetting": "reset memory_limit",
    "take more threads": "pragma threads = 64",
    "read a variable of the program": "select * from local_table",
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED.keys())
def test_the_connection_refuses_to(exports, tmp_path, statement):
    local_table = pd.DataFrame({"secret": [1]})
    places_named = {"outside": tmp_path, "data": EMBEDDED.parent, "private": EMBEDDED / "private"}
    cursor = exports.connection.cursor()
    cursor.execute(f"use {exports.database}")
    with pytest.raises(duckdb.Error):
        cursor.execute(statement.format(files=EMBEDDED / "files", **places_named))
    assert list(tmp_path.iterdir()) == []
    assert len(local_table) == 1


def test_the_connection_can_write_where_it_reads_which_is_why_questions_are_never_glued_together(tmp_path):
    """What the lock does not stop: DuckDB's allowed folders are allowed for writing too, and tables in memory change.

    Nothing but the files of queries/sql reaches the connection, and their parameters are bound; test_rules keeps that.
    A changed file is refused the next time it is opened.
    """
    shutil.copytree(EMBEDDED, tmp_path / "sample")
    opened = Library(Store((tmp_path / "sample",))).open(0)
    cursor = opened.connection.cursor()
    cursor.execute(f"copy (select 1) to '{tmp_path / 'sample' / 'files' / 'new.csv'}'")
    assert (tmp_path / "sample" / "files" / "new.csv").exists()


@pytest.mark.parametrize(
    "value",
    ["0125' or '1'='1", "0125'; delete from goals; --", "%", "", "0125\x00", "➀" * 1000, "/etc/passwd"],
)
def test_a_value_from_a_link_is_never_read_as_sql(exports, value):
    assert goals.goal_tally(exports, municipality_id=value, year=2020).empty
    assert len(goals.goal_tally(exports, municipality_id="0125", year=2020)) == 1


def test_a_parameter_too_many_or_too_few_fails_loudly(exports):
    with pytest.raises(duckdb.Error):
        exports.rows("units")
    with pytest.raises(duckdb.Error):
        exports.rows("units", municipality_id="0125", year=2020)


def test_what_a_reader_does_to_an_answer_never_reaches_the_next_reader(exports):
    ask = {"municipality_id": "0117"}
    before = findings.recurring_themes(exports, **ask)
    spoilt = findings.recurring_themes(exports, **ask)
    spoilt["theme"] = "ett annat"
    spoilt.loc[0, "years_in_a_row"] = 99
    with pytest.raises(ValueError, match="read-only"):
        spoilt["years"].iloc[0][0] = 1900
    pd.testing.assert_frame_equal(findings.recurring_themes(exports, **ask), before)


def test_a_remembered_answer_belongs_to_its_version_alone(exports, publish):
    asked = {"municipality_id": "0125", "year": 2020}
    assert goals.goal_tally(exports, **asked)["total"].tolist() == [17]
    verdict = {
        "municipality_id": "0125",
        "verdict_id": "v",
        "year": 2020,
        "verdict_raw": "Uppnått",
        "source_id": "k",
    }
    assert goals.goal_tally(publish(goal_verdicts=[verdict]), **asked)["total"].tolist() == [1]


def test_whole_numbers_stay_whole_beside_empty_cells(exports):
    ranks = comparison.spider_values(exports, municipality_id="0125")["rank"]
    assert ranks.isna().any()
    assert all(isinstance(rank, int) for rank in ranks if rank is not None and rank == rank)


class TestCorrectedWord:
    def corrected(self, folder: Path, line: str, instead: str) -> None:
        path = folder / "status_words.csv"
        text = path.read_text(encoding="utf-8")
        assert text.count(f"\n{line}\n") == 1
        path.write_text(text.replace(f"\n{line}\n", f"\n{instead}\n"), encoding="utf-8")
        later = path.stat().st_mtime_ns + 2_000_000
        os.utime(path, ns=(later, later))

    def remaining(self, exports: Exports) -> int:
        return int(actions.action_tally(exports, municipality_id="0580", year=2020)["remaining"].sum())

    def test_counts_for_files_already_published(self, data_copy):
        library = Library(Store((EMBEDDED,)))
        before = library.open(0)
        assert self.remaining(before) == 9
        self.corrected(data_copy, "kvarstår,remaining", "kvarstår,ongoing")
        assert self.remaining(library.open(0)) == 0
        # Whoever is in the middle of a page keeps the words it began with.
        assert self.remaining(before) == 9

    def test_is_read_also_from_a_file_that_swedish_excel_has_saved(self, data_copy):
        path = data_copy / "status_words.csv"
        text = path.read_text(encoding="utf-8").replace("kvarstår,remaining", "kvarstår,ongoing")
        path.write_text(text.replace(",", ";"), encoding="utf-8-sig", newline="\r\n")
        assert self.remaining(Library(Store((EMBEDDED,))).open(0)) == 0

    def test_counts_also_when_an_older_file_is_put_back(self, data_copy):
        library = Library(Store((EMBEDDED,)))
        original = (data_copy / "status_words.csv").read_bytes()
        written = (data_copy / "status_words.csv").stat().st_mtime_ns
        self.corrected(data_copy, "kvarstår,remaining", "kvarstår,ongoing")
        newest = data_copy / "glossary.csv"
        later = written + 60_000_000_000
        os.utime(newest, ns=(later, later))
        assert self.remaining(library.open(0)) == 0
        (data_copy / "status_words.csv").write_bytes(original)
        os.utime(data_copy / "status_words.csv", ns=(written, written))
        assert self.remaining(library.open(0)) == 9
