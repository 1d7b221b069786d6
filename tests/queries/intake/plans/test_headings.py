"""What columns hold, told by their headings."""

from __future__ import annotations

import csv

import pytest

from queries.intake.plans.headings import FIELDS, NOT_TAKEN, find_headings, guesses, normal_heading
from queries.versions import DATA
from tests.queries.intake.books import book_of


def fields(*headings: str) -> list[str]:
    return [guess.field for guess in guesses(headings).values()]


@pytest.mark.parametrize(
    ("heading", "word"),
    [
        ("Slutdatum 2020", "slutdatum"),
        ("Slutdatum (2024)", "slutdatum"),
        ("Status per den 2024-08-31", "status"),
        ("Nämndens mål 2024–2027:", "nämndens mål"),
        ("<b>Åtgärd</b>", "åtgärd"),
        (" Utfall\u00a02024 (%)", "utfall"),
        ("Kommentar [2]", "kommentar"),
    ],
)
def test_a_heading_is_looked_up_without_its_year(heading, word):
    assert normal_heading(heading) == word


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["Nämndmål", "Aktivitet", "Slutdatum", "Status"], ["goal", "title", "due", "status"]),
        (["Utvecklingsområde", "Åtgärd", "Tidsplan", "Processläge"], ["area", "title", "due", "status"]),
        (["Mål", "Bedömning", "Aktivitet", "Status"], ["goal", "verdict", "title", "status"]),
        (["Mål", "Aktivitet", "Bedömning"], ["goal", "title", "status"]),
        (["Mål", "Status", "Beskrivning"], ["goal", "verdict", "description"]),
        (["Åtgärd", "Status", "Beskrivning"], ["title", "status", "comment"]),
        (["Förbättringsområde", "Bedömning"], ["goal", "verdict"]),
        (["Åtgärd", "Status", "Kommentar", "Analys"], ["title", "status", "comment", "comment"]),
        (["Nr", "Mål", "Bedömning"], ["goal_number", "goal", "verdict"]),
    ],
)
def test_a_word_means_what_the_table_around_it_makes_of_it(headings, expected):
    assert fields(*headings) == expected
    assert {guess.confidence for guess in guesses(headings).values()} == {1.0}


@pytest.mark.parametrize(
    ("headings", "open_one"),
    [
        (["Åtgärd", "Status 2023", "Status 2024"], "Status 2024"),
        (["Nr", "Åtgärd", "Status"], "Nr"),
        (["Åtgärd", "Status", "Lokal"], "Lokal"),
    ],
)
def test_what_could_be_anything_is_not_guessed(headings, open_one):
    guess = guesses(headings)[open_one]
    assert (guess.field, guess.confidence) == ("", 0.0)


def test_a_heading_near_a_word_is_guessed_and_never_certain():
    guess = guesses(["Aktivitetens namn", "Status"])["Aktivitetens namn"]
    assert guess.field == "title" and 0.5 < guess.confidence < 1


def test_headings_are_found_below_a_title_and_not_in_wide_data():
    rows = [["Plan för 2024"], ["Läget", "i augusti"], [], ["Åtgärd", "Status"], ["Översyn", "Pågår"]]
    (row,) = find_headings(book_of(rows))
    assert (row.line, row.named) == (4, ["Åtgärd", "Status"])
    assert list(find_headings(book_of([[*map(str, range(300)), "Åtgärd", "Status"]]))) == []


def test_every_word_stands_for_a_known_field_and_in_normal_form():
    with (DATA / "heading_words.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["field"] for row in rows} <= {*FIELDS, NOT_TAKEN} - {""}
    assert [row["word"] for row in rows if normal_heading(row["word"]) != row["word"]] == []
    pairs = [(row["field"], row["word"]) for row in rows]
    assert len(set(pairs)) == len(pairs)


def test_every_synonym_that_municipalities_were_seen_to_use_is_known():
    seen = {
        "goal": "Mål|Nämndmål|Nämndens mål|Resultatmål",
        "area": "Utvecklingsområde|Förbättringsområde",
        "title": "Aktivitet|Åtgärd|Uppdrag|Insats",
        "unit": "Enhet|Skola|Verksamhet|Ansvarig enhet",
        "due": "Slutdatum|Slutdatum 2020|Klart|Tidsplan|Deadline",
        "status": "Status|Processläge|Läge|Bedömning",
        "comment": "Kommentar|Analys",
        "indicator": "Indikator|Mått|Mätetal|Nyckeltal",
        NOT_TAKEN: "Utfall|Utfall 2024|Resultat|Målvärde|Målvärde 2024|Riktvärde",
        "owner_role": "Ansvarig|Ansvarig chef",
    }
    for field, words in seen.items():
        for word in words.split("|"):
            around = [each for each in ("Åtgärd", "Slutdatum") if field not in ("title", "due")]
            assert guesses([word, *around])[word].field == field, word
