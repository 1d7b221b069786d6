"""Deadlines in words: days where the words name one, and never a guess."""

from __future__ import annotations

from datetime import date

import pytest

from queries.intake.plans.deadlines import Deadline, days_in, deadline_of, report_back_of, report_point_of

LAST_DAY = date(2020, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2020-12-31",
        "2020-12-31 00:00:00",
        "20201231",
        "2020-12",
        "31/12 2020",
        "31/12-2020",
        "31/12/2020",
        "31.12.2020",
        "31 december 2020",
        "den 31:a december 2020",
        "31 dec. 2020",
        "DEC 2020",
        "Klart till december 2020.",
        "oktober–december 2020",
        "2020-01-01 – 2020-12-31",
        "Från mars 2020 till december 2020",
        "Påbörjas 2020-02-01. Klart 2020-12-31.",
        "Utredning klar oktober 2020. Plan klar december 2020.",
    ],
)
def test_a_day_is_read_however_it_is_spelt(text):
    assert deadline_of(text).due_date == LAST_DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Verksamhetsberättelse",
        "2020",
        "31/12",
        "december",
        "VT 2020",
        "ht20",
        "våren 2020",
        "Q4 2020",
        "30 februari 2020",
        "2020/2021",
        "löpande",
        "Påbörjas december 2020",
        "Pågår hösten 2017 – hösten 2020 och utvärderas löpande",
        "Nytt system våren 2020. Nya rutiner klara december 2020.",
    ],
)
def test_what_is_no_day_is_not_made_one(text):
    assert deadline_of(text).due_date is None


def test_a_month_in_february_ends_on_its_own_last_day():
    assert deadline_of("feb 2020").due_date == date(2020, 2, 29)
    assert deadline_of("februari 2021").due_date == date(2021, 2, 28)


@pytest.mark.parametrize(
    "text",
    [
        "Klart till mars 2018. Utvärderas oktober 2018.",
        "Mars 2018; utvärderas oktober 2018",
        "Klart mars 2018 Utvärderas oktober 2018.",
        "Utvärderas oktober 2018. Mars 2018.",
    ],
)
def test_a_deadline_and_an_evaluation_in_one_cell_are_told_apart(text):
    assert deadline_of(text) == Deadline(due_date=date(2018, 3, 31), evaluation_date=date(2018, 10, 31))


def test_a_term_for_the_evaluation_leaves_the_deadline_a_day():
    assert deadline_of("Klart 2020-06-30, utvärderas hösten 2020") == Deadline(due_date=date(2020, 6, 30))


def test_only_a_promised_report_is_read_out_of_other_texts():
    assert report_back_of("Pågår. Utredningen är klar i april 2018. Ny återrapport juni 2018.") == date(
        2018, 6, 30
    )
    assert report_back_of("Utredningen är klar i april 2018.") is None
    assert report_back_of("juni 2018", is_asked=True) == date(2018, 6, 30)


def test_of_two_promised_reports_the_first_counts():
    assert report_back_of("Återrapport september 2018. Återrapport juni 2018.") == date(2018, 6, 30)


def test_days_are_told_only_where_the_text_is_exact_to_the_day():
    assert days_in("Piteå 2018-01-10, och mars 2018, 3 maj 2019") == [date(2018, 1, 10), date(2019, 5, 3)]


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("Delrapport 2", "Delrapport 2"),
        ("delrapport 2.", "Delrapport 2"),
        ("Senast Delrapport 2", "Delrapport 2"),
        ("Delrapport 2 2020", "Delrapport 2"),
        ("Delrapport 2 (2020)", "Delrapport 2"),
        ("Delrapport 2 2021", None),
        ("Verksamhetsberättelse", "Verksamhetsberättelse"),
        ("Återrapport juni 2018", "Återrapport juni 2018"),
        ("Delrapport", None),
        ("2020-12-31", None),
    ],
)
def test_a_report_of_the_year_is_known_by_its_name(text, point):
    assert report_point_of(text, 2020, ["Återrapport juni 2018"]) == point
