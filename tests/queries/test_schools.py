"""One school at a time: the same charts, years and axes for every school of a form, and the lives of units."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries import places, schools
from queries.connection import DATA, Exports
from tests import school_twins, twins
from tests.conftest import Publish
from tests.queries.test_twins import HOME, MADE_UP, NEIGHBOUR, of_two_municipalities, only, rows_of, tables_of

EXAMPLE, RENAMED, CLOSED, SUCCESSOR = "9901", "09901110", "09901109", "19901106"
LONGEST_TITLE = 28
FORMS = ("forskola", "grundskola", "gymnasieskola", "vuxenutbildning")
UNITS = ("skola-1", "skola-2", "skola-3")


def charts() -> list[dict[str, str]]:
    """The rows of data/school_charts.csv."""
    with (DATA / "school_charts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same_charts(exports: Exports, tables: twins.Tables, municipality_id: str, year: int) -> None:
    asked = rows_of(schools.school_indicators(exports, municipality_id=municipality_id, year=year))
    found = {}
    for row in asked:
        target = None if row["target_value"] is None else (row["target_operator"], row["target_value"])
        found[row["unit_id"], row["position"], row["year"]] = {
            "value": row["value"],
            "marker": row["marker"] if row["value"] is not None or row["marker"] else None,
            "n": row["n"],
            "municipality_value": row["municipality_value"],
            "target": target,
            "gap": row["gap"],
            "axis": (row["axis_low"], row["axis_high"]),
            "is_broken": row["break_note"] is not None,
        }
    assert len(found) == len(asked)
    assert found == school_twins.school_indicators(tables, municipality_id, year)


def same_lives(exports: Exports, tables: twins.Tables, municipality_id: str) -> None:
    asked = rows_of(schools.school_lives(exports, municipality_id=municipality_id))
    found = {
        tuple(row[name] for name in ("unit_id", "kind", "year", "former_name", "other_id")) for row in asked
    }
    assert len(found) == len(asked)
    assert found == school_twins.school_lives(tables, municipality_id)


@st.composite
def school_tables(draw: Callable) -> dict[str, list[dict[str, Any]]]:
    """Units that close, open and go into each other; outcomes with markers, targets and requirements."""
    years = st.integers(2016, 2022)
    maybe_year = st.one_of(st.none(), st.integers(2017, 2021))
    units = [
        {
            "municipality_id": HOME,
            "unit_id": each,
            "name": each.title(),
            "school_form": draw(st.sampled_from(("grundskola", "grundskola", "vuxenutbildning"))),
            "operator": "kommunal",
            "opened_year": draw(maybe_year),
            "closed_year": draw(maybe_year),
            "successor_unit_id": draw(st.sampled_from((None, *UNITS))),
            "source_id": "k",
        }
        for each in UNITS
    ]
    # Marks of the school form's own indicators, of one that only the municipality has, and of one that no chart shows.
    indicator = st.sampled_from(["L01", "L19", "L21", "N15419", "N18946", "N15505"])
    place = st.tuples(indicator, st.sampled_from((None, *UNITS)), years)
    marker = st.sampled_from(["", "", "", "..", ".", "~100", "cancelled"])
    outcomes = [
        {
            "municipality_id": HOME,
            "indicator_id": indicator_id,
            "unit_id": unit_id,
            "year": year,
            "gender": "T",
            "operator": "kommunal",
            "value": draw(st.floats(-20, 700, width=32)) if mark == "" else None,
            "marker": mark,
            "n": draw(st.one_of(st.none(), st.integers(1, 90))),
            "source_id": "k",
        }
        for (indicator_id, unit_id, year), mark in draw(
            st.dictionaries(place, marker, min_size=1, max_size=25)
        ).items()
    ]
    targets = [
        {"municipality_id": HOME, "indicator_id": indicator_id, "unit_id": unit_id, "year": year,
         "operator": draw(st.sampled_from([">=", "<=", "="])), "target_value": value, "source_id": "k"}
        for (indicator_id, unit_id, year), value in draw(
            st.dictionaries(place, st.floats(0, 120, width=32), max_size=8)
        ).items()
    ]  # fmt: skip
    demanded = draw(st.dictionaries(st.tuples(st.sampled_from(UNITS), years), st.floats(0, 4), max_size=6))
    return {
        "units": units,
        "outcomes": outcomes,
        "targets": targets,
        "unit_results": [
            {"municipality_id": HOME, "unit_id": unit_id, "year": year, "requirement_percent": percent,
             "source_id": "k"}
            for (unit_id, year), percent in demanded.items()
        ],
        "unit_names": [
            {"municipality_id": HOME, "unit_id": "skola-1", "name": draw(st.sampled_from(["Skola-1", "Gamla"])),
             "from_year": 2010, "to_year": 2018}
        ],
    }  # fmt: skip


class TestAgainstTwins:
    @pytest.mark.parametrize("municipality_id", [EXAMPLE, "0125", "0117"])
    def test_the_embedded_charts_and_lives_equal_their_twins(self, exports: Exports, municipality_id: str):
        tables = only(tables_of(exports), municipality_id)
        for year in (2020, 2023, 2026):
            same_charts(exports, tables, municipality_id, year)
        same_lives(exports, tables, municipality_id)

    @MADE_UP
    @given(tables=of_two_municipalities(school_tables()))
    def test_units_that_close_open_and_change_code_equal_their_twins(self, publish: Publish, tables: dict):
        exports = publish(**tables)
        known = tables_of(exports)
        for municipality_id in (HOME, NEIGHBOUR):
            for year in (2018, 2022):
                same_charts(exports, known, municipality_id, year)
            same_lives(exports, known, municipality_id)


class TestAxes:
    @MADE_UP
    @given(tables=school_tables())
    def test_the_axis_of_a_chart_is_the_same_for_every_unit_and_holds_all_that_is_shown(
        self, publish: Publish, tables: dict
    ):
        exports = publish(**tables)
        years = [
            schools.school_indicators(exports, municipality_id=HOME, year=year) for year in (2018, 2020, 2022)
        ]
        rows = pd.concat([each for each in years if len(each)] or years, ignore_index=True)
        for _, own in rows.groupby(["school_form", "position"]):
            assert own[["axis_low", "axis_high"]].drop_duplicates().shape[0] == 1
        for row in rows.to_dict("records"):
            for name in ("value", "municipality_value", "target_value"):
                assert pd.isna(row[name]) or row["axis_low"] <= row[name] <= row["axis_high"], row

    def test_every_school_of_a_form_has_the_same_charts_in_the_same_order_on_the_same_axes(
        self, exports: Exports
    ):
        rows = schools.school_indicators(exports, municipality_id=EXAMPLE)
        names = ["position", "section", "indicator_id", "title", "year", "axis_low", "axis_high"]
        for form, own in rows.groupby("school_form"):
            sets = {tuple(map(tuple, unit[names].to_numpy())) for _, unit in own.groupby("unit_id")}
            assert len(sets) == 1, form
        assert rows["unit_id"].nunique() == 30

    def test_a_hidden_value_takes_no_part_in_the_ends(self, publish: Publish):
        exports = publish(
            units=[unit("skola-1"), unit("skola-2")],
            outcomes=[outcome("L01", "skola-1", 12.0), outcome("L01", "skola-2", None, marker="..")],
        )
        rows = schools.school_indicators(exports, municipality_id=HOME, year=2020)
        row = rows[(rows["indicator_id"] == "L01") & (rows["unit_id"] == "skola-2")].iloc[0]
        assert (row["axis_low"], row["axis_high"], row["marker"]) == (0, 12, "..")

    def test_one_value_alone_still_has_an_axis(self, publish: Publish):
        exports = publish(units=[unit("skola-1")], outcomes=[outcome("L16", "skola-1", 1.0)])
        rows = schools.school_indicators(exports, municipality_id=HOME, year=2020)
        row = rows[rows["indicator_id"] == "L16"].iloc[0]
        assert row["axis_low"] <= 1.0 < row["axis_high"]


def unit(unit_id: str, form: str = "grundskola", **more: Any) -> dict[str, Any]:
    shape = {"municipality_id": HOME, "operator": "kommunal", "source_id": "k", "name": unit_id.title()}
    return {**shape, "unit_id": unit_id, "school_form": form, **more}


def outcome(indicator_id: str, unit_id: str | None, value: float | None, **more: Any) -> dict[str, Any]:
    shape = {"municipality_id": HOME, "year": 2020, "gender": "T", "operator": "kommunal", "marker": ""}
    return {
        **shape,
        "indicator_id": indicator_id,
        "unit_id": unit_id,
        "value": value,
        "source_id": "k",
        **more,
    }


class TestLives:
    def test_a_school_with_a_new_code_keeps_the_values_of_its_former_code(self, publish: Publish):
        exports = publish(
            units=[
                unit("gammal", closed_year=2019, successor_unit_id="ny"),
                unit("ny", opened_year=2019),
            ],
            outcomes=[outcome("L01", "gammal", 8.0, year=2019), outcome("L01", "ny", 9.0)],
        )
        rows = schools.school_indicators(exports, municipality_id=HOME, year=2020, unit_ids=["ny"])
        assert rows[rows["indicator_id"] == "L01"]["value"].tolist() == [8.0, 9.0]
        lives = schools.school_lives(exports, municipality_id=HOME, unit_ids=["ny"])
        assert lives[["kind", "other_id"]].to_numpy().tolist() == [["new_code", "gammal"]]

    def test_a_school_that_took_over_another_keeps_to_its_own_values(self, publish: Publish):
        exports = publish(
            units=[
                unit("stängd", closed_year=2019, successor_unit_id="kvar"),
                unit("kvar", opened_year=1990),
            ],
            outcomes=[outcome("L01", "stängd", 8.0, year=2019), outcome("L01", "kvar", 9.0)],
        )
        rows = schools.school_indicators(exports, municipality_id=HOME, year=2020, unit_ids=["kvar"])
        assert rows[rows["indicator_id"] == "L01"]["value"].isna().tolist() == [True, False]
        assert schools.school_lives(exports, municipality_id=HOME)["kind"].tolist() == ["took_over", "closed"]

    def test_the_embedded_municipality_has_one_renamed_and_one_closed_school(self, exports: Exports):
        lives = schools.school_lives(exports, municipality_id=EXAMPLE)
        assert lives[["unit_id", "kind", "year"]].to_numpy().tolist() == [
            [CLOSED, "closed", 2024],
            [RENAMED, "renamed", 2023],
            [SUCCESSOR, "took_over", 2024],
        ]

    def test_two_codes_that_follow_each_other_in_a_ring_end(self, publish: Publish):
        ring = {"opened_year": 2019, "closed_year": 2019}
        exports = publish(
            units=[unit("a", successor_unit_id="b", **ring), unit("b", successor_unit_id="a", **ring)],
            outcomes=[outcome("L01", "a", 8.0, year=2019)],
        )
        rows = schools.school_indicators(exports, municipality_id=HOME, year=2019, unit_ids=["b"])
        assert rows[rows["indicator_id"] == "L01"]["value"].tolist() == [8.0]


class TestGaps:
    def gaps(self, exports: Exports, unit_id: str, indicator_id: str) -> dict[int, str]:
        rows = schools.school_indicators(exports, municipality_id=EXAMPLE, unit_ids=[unit_id])
        own = rows[rows["indicator_id"] == indicator_id]
        return dict(zip(own["year"], own["gap"], strict=True))

    def test_a_closed_school_is_told_to_be_closed_from_the_year_after(self, exports: Exports):
        assert self.gaps(exports, CLOSED, "L15") == {
            **dict.fromkeys((2021, 2022, 2023, 2024), ""),
            **dict.fromkeys((2025, 2026), "closed"),
        }

    def test_a_survey_every_other_year_has_the_municipality_s_reason(self, exports: Exports):
        found = self.gaps(exports, "19901301", "N17673")
        assert found[2022] == found[2024] == found[2021] == "as_municipality"

    def test_what_no_unit_has_is_told_apart_from_what_this_unit_lacks(self, exports: Exports):
        assert set(self.gaps(exports, "19901301", "N17826").values()) == {"not_per_unit"}
        assert set(self.gaps(exports, "19901102", "L18").values()) == {"never"}

    def test_adult_education_has_a_set_of_its_own(self, publish: Publish):
        exports = publish(
            units=[unit("vux", "vuxenutbildning")],
            outcomes=[outcome("N18946", "vux", 61.0, n=80), outcome("N18946", None, 63.0)],
        )
        rows = schools.school_indicators(exports, municipality_id=HOME, year=2020)
        assert rows["indicator_id"].tolist() == [
            row["indicator_id"] for row in charts() if row["school_form"] == "vuxenutbildning"
        ]
        told = rows[rows["indicator_id"] == "N18946"].iloc[0]
        assert (told["value"], told["municipality_value"], told["axis_low"], told["axis_high"]) == (
            61,
            63,
            0,
            100,
        )


class TestFile:
    def test_every_school_form_has_a_set_in_unbroken_order(self):
        assert {row["school_form"] for row in charts()} == set(FORMS)
        for form in FORMS:
            own = [row for row in charts() if row["school_form"] == form]
            assert [int(row["position"]) for row in own] == list(range(1, len(own) + 1))
            assert len({row["indicator_id"] for row in own}) == len(own) <= 20
            sections = [row["section"] for row in own]
            assert len(dict.fromkeys(sections)) == 1 + sum(
                one != other for one, other in zip(sections, sections[1:], strict=False)
            )

    def test_every_chart_shows_a_known_indicator_under_a_short_title(self):
        with (Path(DATA) / "indicators.csv").open(encoding="utf-8", newline="") as file:
            known = {row["indicator_id"] for row in csv.DictReader(file)}
        for row in charts():
            assert row["indicator_id"] in known
            assert 0 < len(row["title"]) <= LONGEST_TITLE
            assert row["has_municipality_line"] in ("true", "false")
            assert row["target_from"] in ("targets", "result_requirement")
            assert not row["low"] or not row["high"] or float(row["low"]) < float(row["high"])

    def test_a_number_of_pupils_is_never_held_against_the_whole_municipality_s(self, exports: Exports):
        units = places.indicators(exports).set_index("indicator_id")["unit"]
        counted = [row for row in charts() if units[row["indicator_id"]] in ("barn och elever", "klagomål")]
        assert counted and {row["has_municipality_line"] for row in counted} == {"false"}
