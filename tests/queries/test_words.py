"""Words that nothing explains: found in all municipalities, and gone once somebody has said what they mean."""

from __future__ import annotations

from typing import Any

import pytest

from queries import words
from queries.connection import LIVE_TABLES, Exports
from queries.intake.model import tables
from queries.published import published_rows
from tests import twins

PLACE = {
    "municipality_id": "0125",
    "name": "Ekerö",
    "kind": "municipality",
    "register": "sverige",
    "has_own_data": True,
}


def report(number: int, status: str, municipality_id: str = "0125", year: int = 2020) -> dict[str, Any]:
    return {
        "municipality_id": municipality_id, "action_id": f"a{number}", "report_date": f"{year}-12-31", "year": year,
        "report_name": "Uppföljning", "status_raw": status, "source_id": "k",
    }  # fmt: skip


def verdict(number: int, word: str) -> dict[str, Any]:
    return {
        "municipality_id": "0125", "verdict_id": f"b{number}", "year": 2020, "verdict_raw": word, "source_id": "k",
    }  # fmt: skip


def test_a_word_in_two_spellings_and_two_municipalities_is_one_row(publish):
    places = [PLACE, {**PLACE, "municipality_id": "0580", "name": "Linköping"}]
    reports = [
        report(1, "Parkerad"),
        report(2, " parkerad"),
        report(3, "Parkerad", "0580", 2022),
        report(4, "Klar"),
    ]
    found = words.unknown_words(publish(municipalities=places, action_reports=reports)).to_dict("records")
    assert [(row["kind"], row["count_rows"], row["where_used"]) for row in found] == [
        ("status", 3, "Ekerö, Linköping")
    ]
    assert (found[0]["first_year"], found[0]["last_year"]) == (2020, 2022)


def test_a_verdict_that_is_known_as_not_assessed_is_not_unknown(publish):
    verdicts = [verdict(1, "Ej bedömt - provet ställdes in"), verdict(2, "Lagom")]
    found = words.unknown_words(publish(municipalities=[PLACE], goal_verdicts=verdicts))
    assert found[["kind", "word"]].values.tolist() == [["verdict", "Lagom"]]


def test_a_word_is_gone_once_it_is_explained(publish):
    explained = [{"kind": "status", "word": "parkerad", "meaning": "ongoing"}]
    exports = publish(municipalities=[PLACE], action_reports=[report(1, "Parkerad")], added_words=explained)
    assert words.unknown_words(exports).empty
    assert words.explained_words(exports).to_dict("records") == explained


@pytest.mark.parametrize(
    ("kind", "table", "column"),
    [("status", "action_reports", "status_raw"), ("verdict", "goal_verdicts", "verdict_raw")],
)
def test_the_embedded_words_that_are_unknown_are_those_that_a_slow_reading_does_not_know(
    exports: Exports, kind: str, table: str, column: str
):
    known = [
        (row["word"], row[kind])
        for row in exports.connection.cursor()
        .execute("select * from query_table($table)", {"table": f"{exports.database}.published.{kind}_words"})
        .df()
        .to_dict("records")
    ]
    raw = published_rows(exports, table)[column]
    unknown = {" ".join(text.split()).lower() for text in raw if twins.read_word(text, known, "?") == "?"}
    found = words.unknown_words(exports)
    assert {word.lower() for word in found.loc[found["kind"] == kind, "word"]} == unknown


def test_every_row_of_a_published_table_is_given_with_its_columns(exports: Exports):
    for name in exports.manifest.tables:
        rows = published_rows(exports, name)
        assert len(rows) == exports.manifest.tables[name].rows
        assert list(rows.columns) == list(tables()[name].columns)


@pytest.mark.parametrize(
    "name", ["", "goals; drop table goals", "status_words", "main.goals", LIVE_TABLES[0]]
)
def test_only_a_published_table_is_given(exports: Exports, name: str):
    with pytest.raises(KeyError):
        published_rows(exports, name)
