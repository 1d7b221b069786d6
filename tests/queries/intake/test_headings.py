"""Headings of official exports: compared by name, and the file of their meanings whole and true."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from queries.intake.headings import headings_of, plain, plain_path
from queries.intake.reading import Base, Refused
from queries.versions import DATA

REPORT = "Grundskola - Antal elever per årskurs"


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Läns-kod", "Länskod"),
        ("Antal elever ", "antal\u00a0 elever"),
        ("samhällsvetenskaps- program", "samhällsvetenskapsprogram"),
        ("samhälls\u00advetenskap", "samhällsvetenskap"),
        ("Modell- beräknat värde (B)", "Modellberäknat värde (B)"),
        ("Genomsnittligt meritvärde (17)", "Genomsnittligt meritvärde (17 ämnen)"),
        ("Andel (%) elever behöriga", "Andel elever (%) behöriga"),
        ("Behörighet till gymnasieskolan, fr.o.m. 2011", "Behörighet till gymnasieskolan"),
        ("nationella program (fr.o.m. 2013/14)", "nationella program"),
        ("Grundskolan - Slutbetyg", "Grundskola - Slutbetyg"),
        ("Elever, årskurs 1–9", "Elever, årskurs 1-9"),
        ("#Heltidstjänster", "Heltidstjänster"),
    ],
)
def test_what_differs_from_year_to_year_makes_no_difference(one: str, other: str):
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Elever, årskurs 1", "Elever, årskurs 1-9"),
        ("Genomsnittligt meritvärde (16)", "Genomsnittligt meritvärde (17)"),
        ("Andel (%) elever", "Antal elever"),
    ],
)
def test_what_is_another_measure_stays_another(one: str, other: str):
    assert plain(one) != plain(other)


def test_a_heading_may_hold_a_value_and_the_number_behind_others(base: Base):
    meaning, gender = headings_of(base, "skolverket", REPORT).meaning(["Elever, årskurs 1-9"])
    assert meaning is not None
    assert (meaning.value_of, meaning.count_of, gender) == ("S410", ("S412", "S413", "S414"), "")


def test_words_for_gender_are_told_apart_from_what_is_measured(base: Base):
    headings = headings_of(base, "skolverket", REPORT)
    assert headings.meaning(["Flickor", "Elever, årskurs 3"])[1] == "K"
    assert headings.meaning(["Elever, årskurs 3", "Pojkar"])[1] == "M"
    assert headings.meaning(["Flickor"]) == (None, "")


def test_a_report_that_is_not_known_is_refused_with_those_most_like_it(base: Base):
    with pytest.raises(Refused) as caught:
        headings_of(base, "skolverket", "Grundskola - Antal elever per årskurs och kön")
    assert REPORT in caught.value.findings[0].expected


class TestFile:
    ROWS = rows_of("export_columns")

    def test_names_only_indicators_that_exist(self):
        known = {row["indicator_id"] for row in rows_of("indicators")}
        assert {row["indicator_id"] for row in self.ROWS} - known == {""}

    def test_has_an_indicator_for_each_value_and_none_where_nothing_is_taken(self):
        for row in self.ROWS:
            assert row["role"] in ("value", "count", "ignore", "gender", "rows"), row
            if row["role"] != "count":
                assert bool(row["indicator_id"]) == (row["role"] == "value"), row

    def test_gives_each_heading_one_value_at_most(self):
        values = Counter(
            (row["source"], plain(row["report"]), plain_path(row["heading"].split(" | ")))
            for row in self.ROWS
            if row["role"] in ("value", "ignore")
        )
        assert [key for key, times in values.items() if times > 1] == []

    def test_names_a_gender_by_its_code(self):
        assert {row["gender"] for row in self.ROWS} <= {"", "T", "K", "M"}
        assert all(row["gender"] for row in self.ROWS if row["role"] == "gender")

    def test_uses_every_indicator_that_is_known_only_from_an_export(self):
        own = {row["indicator_id"] for row in rows_of("indicators") if row["indicator_id"][0] in "SE"}
        assert own - {row["indicator_id"] for row in self.ROWS} == set()
