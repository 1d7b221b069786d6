"""What is published already, looked up for a plan."""

from __future__ import annotations

from datetime import date

import pytest

from queries.intake.plans.registers import indicators_by_name, publisher_of, slug, source_of, units_by_name
from queries.intake.reading import Options
from tests.queries.intake.conftest import own_table

SAID = {
    "municipality_id": "0125",
    "year": 2021,
    "report_date": "2021-12-31",
    "report_name": "Återrapport: år 2021",
}


@pytest.mark.parametrize(
    ("name", "publisher"),
    [
        ("Linköping", "Linköpings kommun"),
        ("Ekerö", "Ekerö kommun"),
        ("Piteå", "Piteå kommun"),
        ("Österåker", "Österåkers kommun"),
        ("Borås", "Borås kommun"),
        ("Exempelkommunen", "Exempelkommunen"),
    ],
)
def test_a_municipality_is_called_in_full_as_it_calls_itself(name, publisher):
    assert publisher_of(name) == publisher


def test_a_new_report_is_a_source_of_its_own(base):
    source = source_of(base, Options(date(2026, 11, 22), **SAID))
    assert source.source_id == "plan-0125-2021-12-31-aterrapport-ar-2021"
    assert (source.title, source.publisher) == ("Återrapport: år 2021", "Ekerö kommun")
    assert (source.retrieved_date, source.is_official) == ("2026-11-22", False)


def test_a_published_report_keeps_its_source_as_it_is_described(base):
    said = {"municipality_id": "2581", "report_date": "2018-01-10", "report_name": "Återrapport 2018-01-10"}
    source = source_of(base, Options(date(2026, 11, 22), **said))
    assert (source.source_id, source.published_date) == ("pitea-atgardsplan-2018", "2018-01-10")
    assert source.publisher == "Piteå kommun, utbildningsförvaltningen"


def test_a_unit_is_known_by_code_and_name_within_its_municipality(base):
    units = units_by_name(base, "0125", 2021)
    assert units["munsöskola"] == units["33159363"] == "33159363"
    assert "munsöskola" not in units_by_name(base, "9901", 2021)


def test_a_name_that_two_units_have_had_means_the_one_of_the_year(base):
    names = "insert into base.unit_names values ('9901', '09901105', 'Delad skola', 2010, 2015), ('9901', '09901108', 'Delad skola', 2016, null)"
    own_table(base, "base.unit_names")
    base.connection.execute(names)
    assert units_by_name(base, "9901", 2012)["deladskola"] == "09901105"
    assert units_by_name(base, "9901", 2020)["deladskola"] == "09901108"
    assert "deladskola" not in units_by_name(base, "9901", 2005)


def test_an_indicator_is_known_by_id_and_titles(base):
    indicators = indicators_by_name(base)
    row = base.rows("select * from words.indicators where indicator_id = 'N15419'")[0]
    assert {indicators[name] for name in ("n15419",)} == {"N15419"}
    assert "".join(filter(str.isalnum, row["title"].casefold())) in indicators


def test_a_slug_is_small_letters_digits_and_hyphens():
    assert slug("Återrapport: år 2021!") == "aterrapport-ar-2021"
