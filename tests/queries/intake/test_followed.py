"""Who is followed here, and how what is left out is told."""

from __future__ import annotations

import pytest

from queries.intake.followed import Followed, counted, listed, slug


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], ""),
        (["Ale"], "Ale"),
        (["Ale", "Ale", "Borås"], "Ale och Borås"),
        (["A", "B", "C", "D", "E", "F"], "A, B, C, D, E och F"),
        (["A", "B", "C", "D", "E", "F", "G"], "A, B, C, D, E och 2 till"),
    ],
)
def test_names_are_told_once_and_only_the_first_few(names: list[str], sentence: str):
    assert listed(names) == sentence


def test_rows_are_counted_in_words_that_fit():
    assert counted(1, "rad", "rader") == "1 rad"
    assert counted(3778, "rad", "rader") == "3\u00a0778 rader"


def test_a_name_becomes_part_of_an_id():
    assert slug("Betyg årskurs 6, andel (A-E)  2024/25") == "betyg-arskurs-6-andel-a-e-2024-25"


def test_a_municipality_is_known_by_its_name_without_regard_to_capitals():
    followed = Followed({"0125": "Ekerö"})
    assert (followed.id_of(" EKERÖ "), followed.id_of("Ekerö kommun"), followed.left_out()) == (
        "0125",
        None,
        [],
    )
