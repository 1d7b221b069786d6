"""Indicators as pages see them: what is said of them here, and what their publisher's own list says."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from queries.connection import Exports
from tests.conftest import Publish

PLACE = {"municipality_id": "0125", "name": "Ekerö", "kind": "municipality", "register": "sverige", "has_own_data": True}  # fmt: skip
LISTED = {
    "title": "Ny titel, hemkommun, andel (%)",
    "is_by_gender": True,
    "has_unit_values": False,
    "source_id": "k",
}
VALUE = {"municipality_id": "0125", "year": 2024, "gender": "T", "value": 5.0, "status": "", "source_id": "k"}


def indicators(exports: Exports) -> pd.DataFrame:
    """Table indicators as questions see it, by id."""
    found = exports.connection.cursor().execute(
        "select * from query_table($table)", {"table": f"{exports.database}.main.indicators"}
    )
    return found.df().set_index("indicator_id")


def of_title(publish: Publish, title: str, **more: Any) -> dict[str, Any]:
    """The row of an indicator that only the list knows."""
    register = [{**LISTED, "indicator_id": "N00945", "title": title, **more}]
    exports = publish(
        municipalities=[PLACE],
        indicator_register=register,
        comparison_values=[{**VALUE, "indicator_id": "N00945"}],
    )
    return indicators(exports).loc["N00945"].to_dict()


def test_an_indicator_that_is_described_here_has_its_title_from_the_list(publish: Publish) -> None:
    register = [
        {**LISTED, "indicator_id": "N15428", "ended_year": 2024, "next_publication_date": "2026-12-01"}
    ]
    row = indicators(publish(indicator_register=register)).loc["N15428"]
    assert (row["title"], row["good_direction"], row["is_described"]) == (LISTED["title"], "up", True)
    assert (row["ended_year"], row["next_publication_date"]) == (2024, pd.Timestamp("2026-12-01"))
    assert (row["is_by_gender"], row["register_source_id"]) == (True, "k")


def test_an_indicator_that_no_list_knows_keeps_the_title_it_has_here(publish: Publish) -> None:
    row = indicators(publish()).loc["L01"]
    assert row["is_described"] and row["title"]
    assert pd.isna(row["is_by_gender"]) and pd.isna(row["register_source_id"])


def test_an_indicator_of_the_list_alone_is_there_once_it_has_values(publish: Publish) -> None:
    register = [{**LISTED, "indicator_id": code} for code in ("N00945", "N00946")]
    exports = publish(
        municipalities=[PLACE],
        indicator_register=register,
        comparison_values=[{**VALUE, "indicator_id": "N00945", "year": year} for year in (2023, 2024)],
    )
    found = indicators(exports)
    assert found.index.is_unique
    assert "N00946" not in found.index
    row = found.loc["N00945"]
    assert (row["short_name"], row["good_direction"], row["is_described"]) == ("N00945", "none", False)


@pytest.mark.parametrize(
    ("title", "unit", "population"),
    [
        ("Elever i åk 9, hemkommun, andel (%)", "%", "hemkommun"),
        ("Inskrivna barn per årsarbetare i förskolan, lägeskommun, antal (KKiK)", None, "lägeskommun"),
        ("Kommunens köp av förskola från privata utförare, andel (%) (-2024)", "%", None),
        ("Kostnad för kommunal grundskola åk 1-9, kr/elev", "kr/elev", "kommunala skolor"),
        ("Heltidstjänster i förskolan, kommunal regi, andel (%)", "%", "kommunala skolor"),
        ("Elever i åk 9, kommunala skolor, meritvärdespoäng", "poäng", "kommunala skolor"),
        ("Anmälda brott om skadegörelse, antal/100 000 inv", "antal/100 000 inv", None),
        ("Avvikelse från modellberäknat värde kommunala skolor, procentenheter (-2024)", "procentenheter",
         "kommunala skolor"),
        ("Kvalitetsindex förskola", None, None),
    ],
)  # fmt: skip
def test_unit_and_population_of_an_undescribed_indicator_are_read_from_its_title(
    publish: Publish, title: str, unit: str | None, population: str | None
) -> None:
    row = of_title(publish, title)
    assert [None if pd.isna(row[name]) else row[name] for name in ("unit", "population")] == [
        unit,
        population,
    ]
