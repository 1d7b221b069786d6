"""Status words: each text is read by the longest known word that it begins with, and by no other."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries.connection import SQL
from queries.intake.plans.registers import unknown_words
from queries.intake.reading import Base
from queries.versions import DATA

WORDS = DATA / "status_words.csv"


def status_of(texts: Sequence[str]) -> list[tuple[str, str | None]]:
    """Each text read through the word table by the project's own SQL: (status, reason)."""
    connection = duckdb.connect(":memory:")
    connection.execute("create schema published")
    reports = pd.DataFrame(
        {
            "municipality_id": "0001",
            "action_id": [f"{number:06}" for number in range(len(texts))],
            "report_date": pd.Timestamp(date(2020, 12, 31)),
            "status_raw": texts,
        }
    )
    for name, table in (("status_words", pd.read_csv(WORDS, dtype=str)), ("action_reports", reports)):
        connection.register("incoming", table)
        connection.execute(f"create table published.{name} as select * from incoming")
    connection.execute("create table published.added_words (kind text, word text, meaning text)")
    select = (SQL / "clean" / "action_reports.sql").read_text(encoding="utf-8")
    return connection.execute(f"select status, status_reason from ({select}) order by action_id").fetchall()


def status_twin(text: str) -> str:
    """The status by plain Python: the longest known word that the text begins with."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        words = {row["word"]: row["status"] for row in csv.DictReader(file)}
    normal = " ".join(text.split()).lower()
    fitting = [
        word for word in words if normal.startswith(word) and not normal[len(word) : len(word) + 1].isalnum()
    ]
    return words[max(fitting, key=len)] if fitting else "unknown"


@pytest.fixture(scope="module")
def words_only() -> Base:
    """A staging connection with the word tables and nothing that an analyst has added."""
    connection = duckdb.connect(":memory:")
    for name in ("status_words", "verdict_words"):
        connection.execute("create schema if not exists words")
        connection.register("incoming", pd.read_csv(DATA / f"{name}.csv", dtype=str))
        connection.execute(f"create table words.{name} as select * from incoming")
    connection.execute("create schema base")
    connection.execute("create table base.added_words (kind text, word text, meaning text)")
    return Base(connection, None)


def test_the_reason_inside_a_status_is_kept_apart_from_the_word():
    assert status_of(["Kvarstår pga Coronapandemin"]) == [("remaining", "pga Coronapandemin")]
    assert status_of(["Försenad 12 dagar"]) == [("remaining", "12 dagar")]


def test_the_longest_known_word_decides_and_leaves_no_reason():
    assert status_of(["Pågår enligt tidsplan."]) == [("ongoing", None)]
    assert status_of(["Pågår med avvikelse"]) == [("remaining", None)]
    assert status_of(["Genomfört delvis"]) == [("ongoing", None)]


@pytest.mark.parametrize("text", ["Pågår", "Pågående", "pågår.", " PÅGÅR ", "Insatsen pågår och alla deltar"])
def test_synonyms_of_ongoing_are_ongoing(text):
    assert status_of([text])[0][0] == "ongoing"


@pytest.mark.parametrize("text", ["Ej genomfört", "Ej aktuellt", "Utgår", "Avbruten"])
def test_closed_without_being_done_is_not_open(text):
    assert status_of([text])[0][0] == "closed_undone"


@pytest.mark.parametrize("text", ["Vi får se", "Klargöra roller", ""])
def test_an_unknown_word_is_unknown_and_gives_no_reason(text):
    assert status_of([text]) == [("unknown", None)]


def test_every_word_stands_once_and_in_normal_form():
    words = pd.read_csv(WORDS, dtype=str)
    assert words["word"].is_unique
    assert (words["word"] == words["word"].str.casefold().str.strip(" .")).all()
    assert set(words["status"]) == {"finished", "ongoing", "remaining", "not_started", "closed_undone"}


def test_two_reports_with_the_same_text_stay_two():
    assert len(status_of(["Pågår", "Pågår", "Pågår"])) == 3


def test_every_status_that_a_municipality_or_system_was_seen_to_use_is_known(words_only):
    seen = (
        "Genomfört|Avslutad|Pågående|Pågår|Pågår.|Pågår enligt tidsplan.|Insatsen pågår och fler deltar|Ej påbörjat."
        "|Ej påbörjat. Ny återrapport juni 2018.|Ej påbörjad|Kvarstår|Kvarstår pga Coronapandemin|Försenad"
        "|Försenad 12 dagar|Ej genomfört|Ej aktuellt|Avbruten|Utgår|Klar|Klart|Avslutat|Slutfört|Pågår med avvikelse"
        "|Pausad|Pågår enligt plan"
    ).split("|")
    assert unknown_words(words_only, "status", seen) == set()


def test_every_verdict_that_a_municipality_was_seen_to_use_is_known(words_only):
    seen = (
        "uppnåtts|delvis uppnåtts|ej uppnåtts|Uppfyllt|Delvis uppfyllt|Ej uppfyllt|uppfyllda|delvis uppfyllda"
        "|inte uppfyllda|😊|😒|Uppföljning är inte genomförd|inte helt uppnått|inga framsteg|begränsade framsteg"
        "|Mätningen är inte genomförd|grön måluppfyllelse|kan inte mätas/bedömas"
    ).split("|")
    assert unknown_words(words_only, "verdict", seen) == set()


def test_a_face_with_two_meanings_a_colour_and_a_trend_are_left_to_the_analyst(words_only):
    unclear = {"😐", "grön", "positiv"}
    assert unknown_words(words_only, "verdict", unclear) == unclear


words_in_table = pd.read_csv(WORDS, dtype=str)["word"].tolist()
some_text = st.lists(
    st.one_of(st.sampled_from(words_in_table), st.text("aåk pågr.,-\u00a0", max_size=8)),
    min_size=1,
    max_size=3,
)
some_texts = st.lists(st.tuples(some_text, st.sampled_from(["", " ", ". ", ", "])), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None)
@given(some_texts)
def test_the_word_table_reads_as_its_plain_twin(drawn):
    texts = [separator.join(parts) for parts, separator in drawn]
    assert [status for status, _ in status_of(texts)] == [status_twin(text) for text in texts]


@settings(max_examples=40, deadline=None)
@given(drawn=some_texts)
def test_an_upload_calls_unknown_what_the_pages_will(drawn, words_only):
    texts = [separator.join(parts) for parts, separator in drawn]
    unknown = {text for text, (status, _) in zip(texts, status_of(texts), strict=True) if status == "unknown"}
    assert unknown_words(words_only, "status", texts) == unknown
