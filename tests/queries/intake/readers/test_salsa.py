"""SALSA per school: two figures for each school that is here, and a word about the others."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from queries.intake.readers import salsa
from queries.intake.reading import Options, Refused
from queries.intake.sheets import Book
from tests.queries.intake.conftest import own_table

OPTIONS = Options(date(2026, 11, 22))
FIGURES = {"deviation": -9, "expected": 254, "koladaOu": "V15E012500901", "year": 2024}


def book_of(document: Any) -> Book:
    return Book("salsa.json", "json", (), document)


def test_a_mapping_of_school_codes_is_recognised():
    assert salsa.recognise(book_of({"33159363": FIGURES}))
    for other in ({}, [], None, {"33159363": {"year": 2024}}, {"values": FIGURES}):
        assert salsa.recognise(book_of(other)) is None, other


def test_a_school_gets_what_was_expected_and_how_far_from_it_it_came(base, staged_rows):
    reading = salsa.read(book_of({"33159363": FIGURES, "99999999": FIGURES}), base, OPTIONS)
    keys = ("municipality_id", "unit_id", "indicator_id", "year", "gender", "operator", "value")
    assert [tuple(r[key] for key in keys) for r in staged_rows(reading, "outcomes")] == [
        ("0125", "33159363", "U15415", "2024", "T", "kommunal", "254"),
        ("0125", "33159363", "U15416", "2024", "T", "kommunal", "-9"),
    ]
    assert "1 skola " in reading.findings[0].expected
    assert reading.source.is_official


def test_schools_must_be_published_first(base, shared_input):
    document = json.loads((shared_input / "kolada" / "salsa_2024_enheter.json").read_text(encoding="utf-8"))
    assert salsa.recognise(book_of(document))
    with pytest.raises(Refused, match="Läs först in dem"):
        salsa.read(book_of(document), base, OPTIONS)


def test_the_real_figures_are_those_of_the_schools_that_are_here(base, shared_input, staged_rows):
    own_table(base, "base.units")
    base.connection.execute(
        "insert into base.units by name select '0117' as municipality_id, '51305351' as unit_id, "
        "'Tråsättraskolan' as name, 'grundskola' as school_form, 'kommunal' as operator, 'test' as source_id"
    )
    document = json.loads((shared_input / "kolada" / "salsa_2024_enheter.json").read_text(encoding="utf-8"))
    rows = staged_rows(salsa.read(book_of(document), base, OPTIONS), "outcomes")
    assert {r["indicator_id"]: r["value"] for r in rows} == {"U15415": "239", "U15416": "15"}
