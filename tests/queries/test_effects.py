"""The effect ledger: states, before and after, breaks, the no-change band; golden numbers and the slow twin."""

from __future__ import annotations

import datetime as dt

import pytest

from queries import effects
from queries.connection import Exports, settings
from tests import action_twins
from tests.queries.test_twins import HOME, only, rows_of, tables_of

EXAMPLE = "9901"
NAMES = (
    "effect_state", "baseline_value", "after_year", "after_value", "break_year", "change", "is_within_band",
    "comparison_change",
)  # fmt: skip


def same_ledger(exports: Exports, tables: action_twins.Tables, municipality_id: str, year: int) -> None:
    band = effects.no_change_band()
    asked = rows_of(effects.effect_ledger(exports, municipality_id=municipality_id, year=year))
    found = {row["action_id"]: {name: row[name] for name in NAMES} for row in asked}
    twin = action_twins.effect_ledger(tables, municipality_id, year, band["share_points"], band["percent"])
    assert len(found) == len(asked)
    assert found.keys() == twin.keys()
    unlike = {
        action_id: (found[action_id], told)
        for action_id, told in twin.items()
        if found[action_id] != pytest.approx({name: told[name] for name in NAMES}, abs=1e-6)
    }
    assert unlike == {}


@pytest.mark.parametrize(
    ("municipality_id", "year"), [(EXAMPLE, 2024), (EXAMPLE, 2026), ("0580", 2020), ("2581", 2018)]
)
def test_the_ledger_equals_its_twin(exports, municipality_id, year):
    tables = only(tables_of(exports), municipality_id)
    same_ledger(exports, tables, municipality_id, year)


def test_every_action_of_the_ledger_is_in_one_state(exports):
    ledger = effects.effect_ledger(exports, municipality_id=EXAMPLE, year=2026)
    assert set(ledger["effect_state"]) == set(effects.STATES)
    assert ledger["action_id"].is_unique
    told = ledger[ledger["effect_state"] == "told"]
    assert told["effect"].notna().all() and ledger[ledger["effect_state"] != "told"]["effect"].isna().all()
    overdue = ledger[ledger["effect_state"] == "overdue"]
    assert (overdue["evaluation_date"] < overdue["told_date"]).all()


def test_nothing_is_compared_across_a_break_in_the_series(exports):
    ledger = effects.effect_ledger(exports, municipality_id=EXAMPLE, year=2026).set_index("action_id")
    absence = ledger.loc["2023-06"]
    assert (absence["baseline_year"], absence["break_year"]) == (2022, 2023)
    assert absence[["change", "comparison_change"]].isna().all()


def test_linkoping_finished_20_and_tells_no_indicator_of_any(exports):
    ledger = effects.effect_ledger(exports, municipality_id="0580", year=2020)
    assert ledger["effect_state"].tolist() == ["no_indicator"] * 20


def test_pitea_has_six_evaluations_ahead_of_its_only_report(exports):
    ledger = effects.effect_ledger(exports, municipality_id="2581", year=2018)
    assert ledger["effect_state"].value_counts().to_dict() == {"planned": 6, "no_indicator": 1}


def measured(publish, after: float, *, baseline: float = 50.0, unit: str = "N15419") -> dict:
    """One finished action with an outcome before and after, as the ledger has it."""
    exports = publish(
        municipalities=[
            {"municipality_id": HOME, "name": "Ekerö", "kind": "municipality", "register": "sverige", "has_own_data": True}
        ],
        actions=[
            {
                "municipality_id": HOME, "action_id": "a", "year": 2020, "kind": "activity", "title": "Pröva",
                "indicator_id": unit, "baseline_year": 2019, "source_id": "k",
            }
        ],
        action_reports=[
            {
                "municipality_id": HOME, "action_id": "a", "report_date": dt.date(2020, 12, 31), "year": 2020,
                "report_name": "Rapport", "status_raw": "Klart", "source_id": "k",
            }
        ],
        outcomes=[
            {
                "municipality_id": HOME, "indicator_id": unit, "year": year, "gender": "T", "operator": "kommunal",
                "value": value, "marker": "", "n": 200, "source_id": "k",
            }
            for year, value in ((2019, baseline), (2020, after))
        ],
    )  # fmt: skip
    (row,) = rows_of(effects.effect_ledger(exports, municipality_id=HOME, year=2020))
    return row


@pytest.mark.parametrize(
    ("after", "within", "better"),
    [(52.0, True, None), (52.1, False, True), (48.0, True, None), (47.9, False, False), (50.0, True, None)],
)
def test_a_change_within_the_band_is_neither_better_nor_worse(publish, after, within, better):
    row = measured(publish, after)
    assert (row["is_within_band"], row["is_for_the_better"]) == (within, better)


def test_the_band_is_published_in_the_settings(publish):
    assert settings()["effect"] == {"share_points": 2.0, "percent": 2.0}
    assert measured(publish, 60.0)["band"] == 2.0
