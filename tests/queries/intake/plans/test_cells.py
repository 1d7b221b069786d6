"""Cells as a person reads them."""

from __future__ import annotations

import pytest

from queries.intake.plans.cells import folded, normal, paragraphs, plain_text


def test_a_lone_less_than_sign_is_not_taken_for_html():
    assert plain_text("Mål: < 5,2 barn & färre") == "Mål: < 5,2 barn & färre"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<p>Maximalt lärande</p> <p>Alla barn utmanas</p>", ["Maximalt lärande", "Alla barn utmanas"]),
        ("Maximalt lärande\nAlla barn utmanas", ["Maximalt lärande", "Alla barn utmanas"]),
        ("Likvärdiga\nmöjligheter", ["Likvärdiga möjligheter"]),
        ("<p>Likvärdiga\nmöjligheter</p>", ["Likvärdiga möjligheter"]),
        ("• Nytt system\n• Nya rutiner", ["Nytt system", "Nya rutiner"]),
        ("Klar<b>t</b>&nbsp;<br/>", ["Klart"]),
        (" \u00a0\u202f\n", []),
    ],
)
def test_paragraphs_are_kept_apart_and_broken_lines_joined(cell, expected):
    assert paragraphs(cell) == expected


def test_texts_are_compared_by_letters_and_digits():
    assert normal("Barn/elev – åk 4-6.") == normal("barnelev ÅK 4–6")
    assert normal("A\u030angra") == normal("ångra")


def test_file_names_have_no_rings_and_dots():
    assert folded("Linköping Österåker Piteå") == "linkoping osteraker pitea"
