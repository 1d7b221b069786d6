"""Remarks over years and the committee's registers: against their twins, and the facts of Österåker and the example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import product
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from queries import findings, registers
from queries.catalogue import UnknownChoice
from queries.connection import Exports
from queries.intake.example.places import CLOSED_SCHOOL, RENAMED_SCHOOL, SUCCESSOR_SCHOOL
from tests import twins
from tests.queries.test_twins import (
    HOME,
    NEIGHBOUR,
    STATUS_WORDS,
    numbered,
    of_two_municipalities,
    only,
    rows,
    rows_of,
    tables_of,
)

EXAMPLE, OSTERAKER, EKERO, PITEA, LINKOPING = "9901", "0117", "0125", "2581", "0580"
MADE_UP = settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])
UNITS = ("skola-1", "skola-2", "skola-3", "skola-4")
TODAY = dt.date(2020, 6, 30)


def unlike(asked: dict, twin: dict) -> list[Any]:
    """Rows that only one of the two has, and those whose columns differ; of the columns that the twin knows."""
    different = [
        (key, expected, asked[key])
        for key, expected in twin.items()
        if key in asked and {name: asked[key][name] for name in expected} != expected
    ]
    return [*(asked.keys() ^ twin.keys()), *different]


def same_answers(
    exports: Exports, tables: twins.Tables, municipality_id: str, year: int, unit_ids: Any
) -> None:
    """Every question about remarks against its twin."""
    of = {"municipality_id": municipality_id, "year": year, "unit_ids": unit_ids}
    choice = (tables, municipality_id, year, unit_ids)
    for by in findings.GROUPINGS:
        told = {
            (row["theme"], row["unit_id"], row["year"]): row
            for row in rows_of(findings.finding_years(exports, **of, by=by))
        }
        assert not unlike(told, twins.finding_years(*choice, by)), (by, of)
    listed = rows_of(findings.finding_list(exports, **of))
    assert len(listed) == len({row["finding_id"] for row in listed})
    assert not unlike({row["finding_id"]: row for row in listed}, twins.finding_list(*choice)), of
    without = {row["theme"]: row for row in rows_of(findings.themes_without(exports, **of))}
    assert not unlike(without, twins.themes_without(*choice)), of
    balance = {
        (row["theme"], row["year"]): row for row in rows_of(findings.strengths_and_weaknesses(exports, **of))
    }
    assert not unlike(balance, twins.strengths_and_weaknesses(*choice)), of
    themes = {row["theme"]: row for row in rows_of(findings.recurring_themes(exports, **of))}
    expected = twins.recurring_themes(*choice)
    assert not unlike(
        themes, {theme: {key: row[key] for key in row if key != "effects"} for theme, row in expected.items()}
    ), of


def same_registers(exports: Exports, tables: twins.Tables, municipality_id: str, year: int | None) -> None:
    """Every register against its twin."""
    of = {"municipality_id": municipality_id, "year": year}
    reports = rows_of(registers.report_register(exports, **of))
    assert {row["report_id"]: (row["kind_now"], row["state"]) for row in reports} == twins.report_register(
        tables, municipality_id, year
    )
    items = rows_of(registers.committee_register(exports, **of, as_of=TODAY))
    assert {row["item_id"]: (row["state"], row["days_overdue"]) for row in items} == twins.committee_register(
        tables, municipality_id, year, TODAY
    )
    for unit_ids in ([], ["19901101"]):
        agreed = rows_of(registers.agreement_register(exports, **of, unit_ids=unit_ids))
        assert {
            row["agreement_id"]: (pd.Timestamp(row["meeting_date"]).date(), row["is_told"]) for row in agreed
        } == (twins.agreement_register(tables, municipality_id, year, unit_ids))
    given_ones = rows_of(registers.assignment_register(exports, **of))
    assert {row["action_id"]: (row["status"], row["is_late"]) for row in given_ones} == (
        twins.assignment_register(tables, municipality_id, year)
    )


@st.composite
def memory_tables(draw: Callable) -> dict[str, list[dict[str, Any]]]:
    """Few themes over ten years at units that merge, also in rings, with actions, reports and what the committee raised."""
    code = st.sampled_from([*UNITS, None, "okänd"])
    some = lambda *words: st.sampled_from([None, *words])  # noqa: E731  a cell that a source may leave out
    remark = st.fixed_dictionaries(
        {
            "theme": st.sampled_from(["Lokaler", "Studiero"]),
            "year": st.integers(2013, 2021),
            "unit_id": code,
            "kind": st.sampled_from(["weakness", "weakness", "strength"]),
            "text": st.sampled_from(["Trångt", "Slitet"]),
            "cause": some("Fler elever"),
            "decision": some("Utred"),
            "action_id": some("a", "b", "okänd"),
            "effort": some("Paviljong"),
            "effect": some("Färre ärenden"),
            "next_step": some("Bygg ut"),
            "owner_role": some("Rektor"),
            "due_date": some(dt.date(2021, 6, 1)),
            "source_id": st.sampled_from(["k", "l"]),
        }
    )
    remarks = [{"municipality_id": HOME, **row} for row in draw(st.lists(remark, max_size=25))]
    shape = {"municipality_id": HOME, "school_form": "grundskola", "operator": "kommunal", "source_id": "k"}
    successor = st.sampled_from([None, None, *UNITS, "okänd"])
    actions = rows(
        ("action_id",),
        action_id=st.sampled_from(["a", "b", "c"]),
        kind=st.sampled_from(["activity", "assignment"]),
        year=st.integers(2018, 2021),
        unit_id=code,
        owner_role=some("Skolchef"),
        given_by=some("Fullmäktige"),
    )
    reports = rows(
        ("action_id", "report_date"),
        action_id=st.sampled_from(["a", "b", "c"]),
        report_date=st.dates(dt.date(2018, 1, 1), dt.date(2021, 12, 31)),
        status_raw=STATUS_WORDS,
        due_text=some("våren"),
        due_date=some(dt.date(2019, 5, 1)),
        due_report_point=some("Delrapport 1"),
    )
    day = st.sampled_from([None, dt.date(2019, 5, 1), TODAY, dt.date(2020, 7, 1)])
    delivered = rows(
        ("title",),
        title=st.text("abc", min_size=1, max_size=3),
        kind=st.sampled_from(
            ["SKA", "Pedagogiskt bokslut", " ska ", "MMiS", "revision", "Delrapport", "annan"]
        ),
        year=st.integers(2018, 2021),
        treated_date=day,
        decision=some("Noterades"),
        paragraph=some("§ 3"),
    )
    raised = rows(
        ("text",),
        text=st.text("abc", min_size=1, max_size=3),
        kind=st.sampled_from(["question", "promise", "demand"]),
        raised_date=st.dates(dt.date(2018, 1, 1), dt.date(2021, 12, 31)),
        answer=some("Ja"),
        answered_date=day,
        due_date=day,
    )
    return {
        "units": [
            {**shape, "unit_id": each, "name": each.title(), "successor_unit_id": draw(successor)}
            for each in UNITS
        ],
        "unit_names": [
            # Two names at once, as a careless register may have them: no remark may be doubled by it.
            {"municipality_id": HOME, "unit_id": "skola-1", "name": name, "from_year": first, "to_year": None}
            for name, first in (("Gamla skolan", 2010), ("Nya skolan", 2015))
        ],
        "findings": numbered(remarks, "finding_id"),
        "actions": [{**row, "title": row["action_id"]} for row in draw(actions)],
        "action_reports": [
            {**row, "report_name": "Rapport", "year": row["report_date"].year} for row in draw(reports)
        ],
        "reports": numbered(draw(delivered), "report_id"),
        "committee_items": numbered(draw(raised), "item_id"),
    }


class TestAgainstTwins:
    @pytest.mark.parametrize("municipality_id", [OSTERAKER, EKERO, PITEA, LINKOPING, EXAMPLE])
    def test_the_embedded_remarks_and_registers_equal_their_twins(self, exports, municipality_id):
        tables = only(tables_of(exports), municipality_id)
        for year, unit_ids in product((2019, 2020, 2023, 2026), ([], [SUCCESSOR_SCHOOL], [CLOSED_SCHOOL])):
            same_answers(exports, tables, municipality_id, year, unit_ids)
        for year in (None, 2018, 2020, 2024):
            same_registers(exports, tables, municipality_id, year)

    @MADE_UP
    @given(tables=of_two_municipalities(memory_tables()))
    def test_islands_with_gaps_and_merged_units_equal_their_twins(self, publish, tables):
        exports = publish(**tables)
        known = tables_of(exports)
        for municipality_id, year in product((HOME, NEIGHBOUR), (2016, 2021)):
            for unit_ids in ([], ["skola-1"], ["skola-2", "okänd"]):
                same_answers(exports, known, municipality_id, year, unit_ids)
            same_registers(exports, known, municipality_id, year)

    @MADE_UP
    @given(tables=memory_tables())
    def test_the_years_of_a_theme_are_parted_into_its_islands(self, publish, tables):
        exports = publish(**tables)
        of = {"municipality_id": HOME, "year": 2021}
        themes = rows_of(findings.recurring_themes(exports, **of))
        years = rows_of(findings.finding_years(exports, **of))
        for theme in themes:
            own = [row for row in years if row["theme"] == theme["theme"]]
            assert [row["year"] for row in own] == theme["years"]
            assert own[-1]["place_in_run"] == own[-1]["run_length"] == theme["years_in_a_row"]
            lengths = {row["run_number"]: row["run_length"] for row in own}
            assert sum(lengths.values()) == len(own)


def remark(year: int, unit_id: str | None, theme: str = "Lokaler", **more: Any) -> dict[str, Any]:
    row = {"municipality_id": HOME, "finding_id": f"{theme}-{year}-{unit_id}", "year": year, "theme": theme}
    return {**row, "unit_id": unit_id, "kind": "weakness", "text": "Trångt", "source_id": "k", **more}


def unit(unit_id: str, name: str, successor: str | None = None) -> dict[str, Any]:
    shape = {"municipality_id": HOME, "school_form": "grundskola", "operator": "kommunal", "source_id": "k"}
    return {**shape, "unit_id": unit_id, "name": name, "successor_unit_id": successor}


class TestIslands:
    def test_a_year_without_a_remark_ends_the_island(self, publish):
        exports = publish(findings=[remark(year, None) for year in (2016, 2017, 2019)])
        years = findings.finding_years(exports, municipality_id=HOME, year=2019)
        found = years[["year", "run_number", "place_in_run", "run_length"]].to_numpy().tolist()
        assert found == [[2016, 1, 1, 2], [2017, 1, 2, 2], [2019, 2, 1, 1]]

    def test_a_school_that_was_merged_into_another_does_not_start_anew(self, publish):
        exports = publish(
            units=[unit("gammal", "Gamla skolan", "ny"), unit("ny", "Nya skolan")],
            findings=[remark(2018, "gammal"), remark(2019, "gammal"), remark(2020, "ny")],
        )
        years = findings.finding_years(exports, municipality_id=HOME, year=2020, by="unit")
        assert set(years["unit_name"]) == {"Nya skolan"}
        assert years["place_in_run"].tolist() == [1, 2, 3]
        of_new = findings.finding_list(exports, municipality_id=HOME, year=2020, unit_ids=["ny"])
        assert of_new["years_in_a_row"].tolist() == [3, 2, 1]
        of_old = findings.finding_list(exports, municipality_id=HOME, year=2020, unit_ids=["gammal"])
        assert of_old["year"].tolist() == [2019, 2018]

    def test_a_school_with_a_new_name_keeps_its_island_and_is_called_what_it_was_called_then(self, publish):
        exports = publish(
            units=[unit("skola", "Nya namnet")],
            unit_names=[
                {"municipality_id": HOME, "unit_id": "skola", "name": "Gamla namnet", "from_year": 2015,
                 "to_year": 2018},
                {"municipality_id": HOME, "unit_id": "skola", "name": "Nya namnet", "from_year": 2019},
            ],
            findings=[remark(2018, "skola"), remark(2019, "skola")],
        )  # fmt: skip
        listed = findings.finding_list(exports, municipality_id=HOME, year=2019)
        assert listed["unit_name_then"].tolist() == ["Nya namnet", "Gamla namnet"]
        assert set(listed["unit_name"]) == {"Nya namnet"}
        assert listed["years_in_a_row"].tolist() == [2, 1]

    def test_two_themes_are_never_taken_for_one_although_they_sound_alike(self, publish):
        exports = publish(findings=[remark(2018, None), remark(2019, None, theme="Skollokaler")])
        themes = findings.recurring_themes(exports, municipality_id=HOME, year=2019)
        assert dict(zip(themes["theme"], themes["years_in_a_row"], strict=True)) == {
            "Lokaler": 1,
            "Skollokaler": 1,
        }
        assert dict(zip(themes["theme"], themes["is_standing"], strict=True)) == {
            "Lokaler": False,
            "Skollokaler": True,
        }

    def test_a_remark_about_an_unknown_unit_is_not_said_to_be_about_the_whole_municipality(self, publish):
        exports = publish(findings=[remark(2019, "12345678")])
        themes = findings.recurring_themes(exports, municipality_id=HOME, year=2019)
        assert themes["unit_names"].tolist() == ["12345678"]


class TestChain:
    def test_an_action_s_own_owner_and_date_count_for_the_remark(self, publish):
        exports = publish(
            findings=[remark(2019, None, action_id="a"), remark(2019, None, theme="Studiero", effort="Kurs")],
            actions=[
                {"municipality_id": HOME, "action_id": "a", "year": 2019, "kind": "activity", "title": "Bygg",
                 "owner_role": "Lokalstrateg", "source_id": "k"}
            ],
            action_reports=[
                {"municipality_id": HOME, "action_id": "a", "report_date": dt.date(2019, 9, 1), "year": 2019,
                 "report_name": "r", "status_raw": "Pågår", "due_text": "våren", "source_id": "k"}
            ],
        )  # fmt: skip
        found = findings.themes_without(exports, municipality_id=HOME, year=2019).set_index("theme")
        names = ["without_action", "without_effort", "without_owner", "without_date"]
        assert found.loc["Lokaler", names].tolist() == [0, 0, 0, 0]
        assert found.loc["Studiero", names].tolist() == [1, 0, 1, 1]

    def test_only_the_chosen_themes_and_kinds_are_listed(self, exports):
        of = {"municipality_id": EXAMPLE, "themes": ["studiero"], "kinds": ["strength"]}
        listed = findings.finding_list(exports, **of)
        assert set(listed["theme"]) == {"studiero"}
        assert set(listed["kind"]) == {"strength"}

    def test_a_grouping_that_does_not_exist_is_refused(self, exports):
        with pytest.raises(UnknownChoice):
            findings.finding_years(exports, municipality_id=EXAMPLE, by="area")


class TestFacts:
    def test_osteraker_has_each_of_six_themes_for_the_second_year_in_a_row_without_effect_cause_or_action(
        self, exports
    ):
        themes = findings.recurring_themes(exports, municipality_id=OSTERAKER)
        assert len(themes) == 6
        assert set(themes["years_in_a_row"]) == {2}
        assert themes["is_standing"].all()
        assert themes["effect"].isna().all()
        without = findings.themes_without(exports, municipality_id=OSTERAKER)
        assert (without["without_cause"] == without["count_remarks"]).all()
        assert (without["without_action"] == without["count_remarks"]).all()
        assert int(without["without_effort"].sum()) == 0

    def test_osteraker_never_treated_the_report_of_2018_19_and_it_stands_first(self, exports):
        found = registers.report_register(exports, municipality_id=OSTERAKER)
        assert found.loc[found["state"] == "never", "report_id"].tolist() == ["ska-2018-19"]
        assert found["report_id"].iloc[0] == "ska-2018-19"
        treated = found[found["state"] == "treated"].iloc[0]
        assert (treated["days_to_treatment"], treated["kind_now"]) == (26, "SKA")

    def test_osteraker_has_the_demands_of_the_reservation_and_two_questions_unanswered_by_figure(
        self, exports
    ):
        found = registers.committee_register(exports, municipality_id=OSTERAKER, as_of=dt.date(2020, 12, 31))
        assert found["state"].value_counts().to_dict() == {"answered": 10, "open": 4}
        assert "effekt-franvaro" in set(found.loc[found["state"] == "open", "item_id"])
        later = registers.committee_register(exports, municipality_id=OSTERAKER, as_of="2021-06-01")
        assert later.loc[later["state"] == "overdue", "item_id"].tolist() == ["dialogmote-var-2021"]

    def test_pitea_has_nine_promises_and_none_is_overdue_before_june_2018_has_passed(self, exports):
        for day, state in (("2018-06-30", "open"), ("2018-07-01", "overdue")):
            found = registers.committee_register(exports, municipality_id=PITEA, as_of=day)
            assert found["state"].tolist() == [state] * 9

    def test_ekero_has_complaints_for_the_second_year_and_strengths_beside_weaknesses(self, exports):
        themes = findings.recurring_themes(exports, municipality_id=EKERO)
        assert themes.loc[themes["years_in_a_row"] == 2, "theme"].tolist() == ["Klagomål"]
        balance = findings.strengths_and_weaknesses(exports, municipality_id=EKERO)
        both = balance[(balance["count_strengths"] > 0) & (balance["count_weaknesses"] > 0)]
        assert set(both["theme"]) >= {"Central organisation", "Dokumentation", "Frånvaro", "Klagomål"}

    def test_linkoping_has_eight_assignments_from_the_council(self, exports):
        found = registers.assignment_register(exports, municipality_id=LINKOPING)
        assert found["status"].value_counts().to_dict() == {"finished": 3, "ongoing": 3, "remaining": 2}
        assert set(found["given_by"]) == {"Kommunfullmäktige, budget 2020"}

    def test_the_example_has_four_themes_for_the_sixth_year_and_two_that_came_back(self, exports):
        themes = findings.recurring_themes(exports, municipality_id=EXAMPLE).set_index("theme")
        assert (themes["years_in_a_row"] == 6).sum() == 4
        years = findings.finding_years(exports, municipality_id=EXAMPLE)
        back = years[(years["run_number"] == 2) & (years["place_in_run"] == 1)]
        assert set(back["theme"]) == {"språkutveckling", "kompetensutveckling", "utemiljö"}

    def test_the_example_s_renamed_and_closed_schools_keep_their_years(self, exports):
        years = findings.finding_years(exports, municipality_id=EXAMPLE, by="unit")
        yard = years[(years["unit_id"] == RENAMED_SCHOOL) & (years["theme"] == "utemiljö")]
        assert yard["year"].tolist() == [2022, 2023, 2025, 2026]
        assert yard["run_length"].tolist() == [2, 2, 2, 2]
        moved = years[(years["unit_id"] == SUCCESSOR_SCHOOL) & (years["theme"] == "frånvaro")]
        assert moved["unit_names"].tolist() == ["Kvarnlyckestigens skola"] * 2

    def test_a_day_that_is_no_day_is_refused(self, exports):
        with pytest.raises(UnknownChoice, match="igår"):
            registers.committee_register(exports, municipality_id=PITEA, as_of="igår")
