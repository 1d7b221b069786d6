"""Actions over time: moves, what differs between reports, what a meeting is about; golden numbers and twins."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries import action_times
from queries.catalogue import UnknownChoice
from queries.connection import Exports
from tests import action_twins
from tests.queries.test_twins import (
    HOME,
    MADE_UP,
    action_tables,
    of_two_municipalities,
    only,
    plain,
    rows_of,
    tables_of,
)

EXAMPLE, LINKOPING, PITEA = "9901", "0580", "2581"
PAIR = ("Delrapport 1", "Delrapport 2")


class TestLinkoping:
    def test_had_12_activities_due_at_delrapport_2_of_which_9_are_not_done(self, exports):
        found = action_times.meeting_actions(
            exports, municipality_id=LINKOPING, year=2020, meeting="Delrapport 2"
        )
        due = found[found["is_due"] & (found["kind"] == "activity")]
        assert (len(due), int(due["is_open"].sum()), int((due["status"] == "finished").sum())) == (12, 9, 3)

    def test_has_nothing_new_and_nothing_moved_since_there_is_one_report(self, exports):
        found = action_times.meeting_actions(exports, municipality_id=LINKOPING, year=2020)
        assert not found["is_new"].any() and not found["is_slipped"].any()
        for ask in (action_times.action_changes, action_times.vanished_actions, action_times.action_moves):
            assert ask(exports, municipality_id=LINKOPING, year=2020).empty

    def test_keeps_report_points_without_a_day_in_their_order(self, exports):
        axis = action_times.action_timeline(exports, municipality_id=LINKOPING, year=2020)
        assert axis["label"].tolist() == [*PAIR, "Verksamhetsberättelse"]
        assert axis["point_date"].isna().tolist() == [True, True, False]


class TestPitea:
    def test_nine_report_backs_are_promised_for_june_2018(self, exports):
        meeting = {"municipality_id": PITEA, "year": 2018, "meeting": "Återrapport juni 2018"}
        assert len(action_times.meeting_promises(exports, **meeting)) == 9
        found = action_times.meeting_actions(exports, **meeting)
        # One of the eight open areas has two promises.
        assert int(found["is_report_back"].sum()) == 8

    def test_one_action_is_past_december_2017_in_january(self, exports):
        found = action_times.meeting_actions(exports, municipality_id=PITEA, year=2018)
        assert found.loc[found["is_late"], "action_id"].tolist() == ["lokalansvar"]


class TestExample:
    def test_the_newest_report_is_compared_with_the_one_before(self, exports):
        changes = action_times.action_changes(exports, municipality_id=EXAMPLE)
        assert {str(day) for day in changes["report_date"]} == {"2026-09-30"}
        assert {str(day) for day in changes["since"]} == {"2026-04-30"}
        moved = changes[changes["action_id"] == "2026-71"].iloc[0]
        assert (moved["deadline_before"], moved["deadline"]) == ("2026-06-15", "2026-12-15")
        assert moved["is_deadline_changed"] and not moved["is_status_changed"]

    def test_no_open_action_vanishes_and_settled_ones_do(self, exports):
        found = action_times.vanished_actions(exports, municipality_id=EXAMPLE, report_date="2026-04-30")
        assert len(found) > 10
        assert not found["was_open"].any()

    def test_a_meeting_before_the_year_s_first_report_has_the_report_of_last_year(self, exports):
        found = action_times.meeting_actions(
            exports, municipality_id=EXAMPLE, year=2026, meeting="2026-03-20"
        )
        assert {str(day) for day in found["told_date"]} == {"2025-12-31"}

    def test_a_move_is_told_in_days_and_in_report_points(self, exports):
        moves = action_times.action_moves(exports, municipality_id=EXAMPLE, year=2026)
        row = moves[moves["action_id"] == "2026-72"].iloc[0]
        assert (row["days_moved"], row["steps_moved"], row["count_moved"]) == (92, 1, 1)

    def test_the_axis_holds_report_points_and_dialogue_meetings_in_order(self, exports):
        axis = action_times.action_timeline(exports, municipality_id=EXAMPLE, year=2026)
        assert axis["kind"].tolist() == [
            "dialogue_spring", "report_point", "report_point", "dialogue_autumn", "report_point",
        ]  # fmt: skip
        assert axis["point_date"].is_monotonic_increasing

    @pytest.mark.parametrize("given_day", ["igår", "2026-13-01", "2026"])
    def test_what_is_no_day_is_refused(self, exports, given_day):
        with pytest.raises(UnknownChoice, match="En dag skrivs"):
            action_times.action_changes(exports, municipality_id=EXAMPLE, since=given_day)


def day_of(value: object) -> dt.date | None:
    """A cell as a day."""
    return None if plain(value) is None else pd.Timestamp(value).date()


def same_moves(exports: Exports, tables: action_twins.Tables, municipality_id: str, year: int) -> None:
    asked = rows_of(action_times.action_moves(exports, municipality_id=municipality_id, year=year))
    names = ("first_deadline", "deadline_before", "deadline", "count_moved", "days_moved", "steps_moved")
    found = {
        (row["action_id"], day_of(row["report_date"])): tuple(row[name] for name in names) for row in asked
    }
    assert len(found) == len(asked)
    assert found == action_twins.action_moves(tables, municipality_id, year), (municipality_id, year)


def same_changes(exports: Exports, tables: action_twins.Tables, municipality_id: str, year: int) -> None:
    asked = rows_of(action_times.action_changes(exports, municipality_id=municipality_id, year=year))
    flags = ("change", "is_status_changed", "is_deadline_changed", "is_comment_changed")
    told, since = action_twins.compared_days(tables, municipality_id, year)
    found = {row["action_id"]: tuple(row[name] for name in flags) for row in asked}
    assert found == action_twins.action_changes(tables, municipality_id, told, since), (municipality_id, year)
    gone = rows_of(action_times.vanished_actions(exports, municipality_id=municipality_id, year=year))
    left = {row["action_id"]: row["was_open"] for row in gone}
    assert left == action_twins.vanished_actions(tables, municipality_id, told, since), (
        municipality_id,
        year,
    )


def same_meeting(
    exports: Exports, tables: action_twins.Tables, municipality_id: str, year: int, meeting: str
) -> None:
    asked = rows_of(
        action_times.meeting_actions(exports, municipality_id=municipality_id, year=year, meeting=meeting)
    )
    found = {row["action_id"]: tuple(row[name] for name in action_twins.REASONS) for row in asked}
    assert len(found) == len(asked)
    twin = action_twins.meeting_actions(tables, municipality_id, year, meeting)
    assert found == twin, (municipality_id, year, meeting)


@st.composite
def promised_actions(draw) -> dict[str, list[dict]]:
    """Made-up actions with promised days and comments."""
    tables = draw(action_tables())
    day = st.one_of(st.none(), st.dates(dt.date(2018, 1, 1), dt.date(2021, 12, 31)))
    for row in tables["action_reports"]:
        row |= {"report_back_date": draw(day), "evaluation_date": draw(day)}
        row |= {
            "comment": draw(st.sampled_from([None, "Ett", "Två"])),
            "effect": draw(st.sampled_from([None, "Ja"])),
        }
    return tables


class TestTwins:
    def test_give_the_same_on_everything_embedded(self, exports):
        everything = tables_of(exports)
        for municipality_id, of_years in ((EXAMPLE, range(2022, 2027)), (LINKOPING, [2020]), (PITEA, [2018])):
            tables = only(everything, municipality_id)
            for year in of_years:
                same_moves(exports, tables, municipality_id, year)
                same_changes(exports, tables, municipality_id, year)
                axis = action_times.action_timeline(exports, municipality_id=municipality_id, year=year)
                days = [str(day) for day in axis["point_date"].dropna()]
                for meeting in [*axis["label"].dropna(), *days]:
                    same_meeting(exports, tables, municipality_id, year, meeting)

    @MADE_UP
    @given(tables=of_two_municipalities(promised_actions()))
    def test_give_the_same_on_made_up_reports(self, publish, tables):
        exports = publish(**tables)
        known = tables_of(exports)
        for year in (2018, 2019, 2020, 2021):
            same_moves(exports, known, HOME, year)
            same_changes(exports, known, HOME, year)
            for meeting in ("Delrapport 1", "Verksamhetsberättelse", f"{year}-06-15"):
                same_meeting(exports, known, HOME, year, meeting)
