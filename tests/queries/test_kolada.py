"""Kolada's figures: which values count, ranks, spread, and RKA's 0–100 against a worked example."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from queries.intake.kolada import comparison_distributions, comparison_values
from queries.intake.kolada_facts import kolada_indicators

PROJECT = Path(__file__).parents[2]
KOLADA = PROJECT.parent / "shared" / "input" / "kolada"
REAL = KOLADA / "kolada_skola_municipality_values.parquet"
EXAMPLE = KOLADA / "example_spider_2018.csv"
with_real_data = pytest.mark.skipif(
    not REAL.exists(), reason="Kolada's real values lie beside the project, and are not here."
)


@pytest.fixture
def file_of(tmp_path):
    """Writes (municipality, value, status) as one indicator, year and gender in Kolada's form."""

    def write(*rows: tuple[str, float | None, str | None]) -> Path:
        path = tmp_path / "kolada.parquet"
        table = pd.DataFrame(rows, columns=["municipality_id", "value", "status"]).astype({"value": float})
        table.assign(kpi="N15419", year=2018, gender="T", retrieved="2024-12-12").to_parquet(path)
        return path

    return write


def by_municipality(values: pd.DataFrame) -> pd.DataFrame:
    return values.set_index("municipality_id")


def test_a_value_with_a_status_keeps_the_status_and_loses_the_value(file_of):
    values = by_municipality(
        comparison_values(file_of(("0125", 80.0, "Privacy"), ("0117", 70.0, None)), ["N15419"])
    )
    assert values.loc["0125", "status"] == "Privacy"
    assert pd.isna(values.loc["0125", "value"])
    assert values.loc["0117", "count_higher"] == 0


def test_no_value_and_no_status_is_missing(file_of):
    values = by_municipality(comparison_values(file_of(("0125", None, ""), ("0117", None, None)), ["N15419"]))
    assert values["status"].tolist() == ["Missing", "Missing"]
    assert values["count_higher"].isna().all()


def test_equal_values_share_a_place(file_of):
    values = by_municipality(
        comparison_values(
            file_of(("0114", 90.0, ""), ("0115", 80.0, ""), ("0117", 80.0, ""), ("0120", 10.0, "")),
            ["N15419"],
        )
    )
    assert values["count_higher"].tolist() == [0, 1, 1, 3]
    assert values["count_lower"].tolist() == [3, 1, 1, 0]


def test_the_country_is_neither_counted_nor_ranked(file_of):
    values = comparison_values(
        file_of(("0000", 85.0, ""), ("0114", 90.0, ""), ("0117", 80.0, "")), ["N15419"]
    )
    named = by_municipality(values)
    assert pd.isna(named.loc["0000", "count_higher"])
    assert named.loc["0117", "count_higher"] == 1
    assert comparison_distributions(values, "sverige")["n"].tolist() == [2]


def test_the_spread_is_linear_percentiles_and_an_unweighted_mean(file_of):
    numbers = [float(number) for number in range(11)]
    path = file_of(*((f"{101 + place:04}", number, "") for place, number in enumerate(numbers)))
    spread = comparison_distributions(comparison_values(path, ["N15419"]), "sverige").iloc[0]
    assert (spread["p2_5"], spread["p25"], spread["p50"], spread["p75"], spread["p97_5"]) == (
        0.25,
        2.5,
        5,
        7.5,
        9.75,
    )
    assert spread["mean"] == 5
    assert spread["register"] == "sverige"


def test_an_indicator_that_was_not_asked_for_is_left_out(file_of):
    assert comparison_values(file_of(("0125", 80.0, "")), ["N15505"]).empty


def test_a_value_told_twice_fails_loudly(file_of):
    with pytest.raises(ValueError, match="tells a value twice"):
        comparison_values(file_of(("0125", 80.0, ""), ("0125", 81.0, "")), ["N15419"])


@pytest.fixture(scope="module")
def real_values() -> pd.DataFrame:
    return comparison_values(REAL, kolada_indicators())


@with_real_data
def test_the_worked_example_is_reached_by_rank_number_and_scale(real_values):
    names = {
        "Österåker": "0117",
        "Ekerö": "0125",
        "Botkyrka": "0127",
        "Danderyd": "0162",
        "Linköping": "0580",
    }
    names["Piteå"] = "2581"
    example = pd.read_csv(EXAMPLE, dtype={"kpi": str})
    example["municipality_id"] = example["municipality"].map(names)
    spread = comparison_distributions(real_values, "sverige")
    joined = example.merge(
        real_values[real_values["gender"] == "T"],
        left_on=["kpi", "year", "municipality_id"],
        right_on=["indicator_id", "year", "municipality_id"],
        suffixes=("_example", ""),
    ).merge(spread[spread["gender"] == "T"], on=["indicator_id", "year"], suffixes=("_example", ""))
    assert len(joined) == len(example) == 36
    up = joined["direction"] == 1
    scaled = ((joined["value"] - joined["p2_5"]) / (joined["p97_5"] - joined["p2_5"]) * 100).clip(0, 100)
    scaled = scaled.where(up, 100 - scaled)
    assert (scaled - joined["rka_0_100"]).abs().max() < 0.05
    rank = joined["count_higher"].where(up, joined["count_lower"]) + 1
    assert rank.tolist() == joined["rank_best1"].tolist()
    assert joined["n"].tolist() == joined["n_example"].tolist()


@with_real_data
def test_the_real_spread_equals_a_plain_twin(real_values):
    spread = comparison_distributions(real_values, "sverige").set_index(["indicator_id", "year", "gender"])
    for key in [("N15505", 2018, "T"), ("N15488", 2019, "M"), ("N15643", 2022, "K"), ("N11821", 2019, "T")]:
        numbers = sorted(
            row.value
            for row in real_values.itertuples()
            if (row.indicator_id, row.year, row.gender) == key
            and row.status == ""
            and row.municipality_id != "0000"
        )
        assert spread.loc[key, "n"] == len(numbers) <= 290
        assert spread.loc[key, "p2_5"] == pytest.approx(np.percentile(numbers, 2.5), abs=1e-6)
        assert spread.loc[key, "p97_5"] == pytest.approx(np.percentile(numbers, 97.5), abs=1e-6)
        assert spread.loc[key, "mean"] == pytest.approx(sum(numbers) / len(numbers), abs=1e-6)
