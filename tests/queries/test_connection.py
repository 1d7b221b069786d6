"""The connection that serves: everybody gets their own answer, and nobody reaches anything but what is published."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from queries import actions, comparison, connection, findings, goals, places
from queries.catalogue import QUESTIONS
from queries.connection import Exports, Library
from queries.versions import EMBEDDED, Store

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


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_gives_the_same_rows_in_the_same_order_each_time(exports, monkeypatch, name):
    monkeypatch.setattr(
        connection, "_remembered", lambda asked, asked_name, given: asked.ask(asked_name, dict(given))
    )
    listed = actions.action_list(exports, municipality_id="9901")
    known = {
        "municipality_id": "9901",
        "goal_id": goals.goal_history(exports, municipality_id="9901")["goal_id"].iloc[0],
        "action_id": listed.loc[listed["count_reports"].idxmax(), "action_id"],
    }
    given = {parameter: known[parameter] for parameter in QUESTIONS[name].required}
    first = QUESTIONS[name].ask(exports, **given)
    assert len(first) > 0
    for _ in range(5):
        pd.testing.assert_frame_equal(QUESTIONS[name].ask(exports, **given), first)


def test_a_version_opened_by_two_threads_at_once_is_opened_once():
    library = Library(Store((EMBEDDED,)))
    with ThreadPoolExecutor(THREADS) as threads:
        opened = list(threads.map(lambda _: library.open(0), range(THREADS)))
    assert len({id(exports) for exports in opened}) == 1


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
