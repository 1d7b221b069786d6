"""Columns found by name: where the headings stand, whatever their order, capitals and place in the file."""

from __future__ import annotations

import pytest

from queries.intake.readers.named_columns import headed_sheet, name_columns
from queries.intake.reading import Refused


def test_headings_are_found_below_a_preamble(opened):
    headed = headed_sheet(
        opened("Uttag ur ett register;;\n;;\n Kod ;NAMN;Antal\n0117;Österåker;3\n"), ["kod", "namn"], 2
    )
    assert (headed.line, headed.names) == (3, ("kod", "namn", "antal"))
    assert headed.has("Kod", "namn")
    assert headed.heading("NAMN") == "NAMN"


def test_too_few_known_headings_are_none(opened):
    assert headed_sheet(opened("kod;antal\n0117;3\n"), ["kod", "namn"], 2) is None


def test_columns_get_names_of_our_own_and_those_that_are_lacking_are_empty(base, opened):
    headed = headed_sheet(opened("Antal;Kod\n3;0117\n\n4;0125\n"), ["kod", "antal"], 2)
    name_columns(
        base.connection,
        "places",
        headed,
        {"municipality_id": "kod", "n": "antal", "note": "anm", "page": None},
    )
    rows = base.connection.execute("select * from places where n is not null order by line").fetchall()
    assert rows == [(2, "0117", "3", None, None), (4, "0125", "4", None, None)]


def test_a_missing_and_a_doubled_column_are_told_in_one_error(opened):
    headed = headed_sheet(opened("kod;namn;Namn\n1;2;3\n"), ["kod", "namn"], 2)
    with pytest.raises(Refused) as refused:
        headed.demand(["kod", "antal"], ["namn"])
    (finding,) = refused.value.findings
    assert (
        finding.expected == "kolumnerna kod, antal, en gång var; antal saknas och namn finns mer än en gång"
    )
    assert (finding.found, finding.line) == ("kod, namn, Namn", 1)
