"""Each question against its slow plain-Python twin: on everything embedded, and on small made-up tables.

The made-up tables hold what real exports hold now and then: a goal with two verdicts, a verdict without a goal, years
with gaps, ties, report points that no calendar names, and status words that nobody has seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from queries import actions, comparison, findings, goals, places
from queries.connection import LIVE_TABLES, Exports
from tests import twins

HOME = "0125"
ANY_YEAR = st.integers(2018, 2021)
# Each example is two municipalities and goes through files, so a few of them already take seconds.
# Searching for a smaller failing example would take minutes: the rows are few enough to be read as they are.
MADE_UP = settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
NEIGHBOUR = "0580"


def tables_of(exports: Exports) -> dict[str, list[dict[str, Any]]]:
    """Every published table and word table as lists of rows."""
    cursor = exports.connection.cursor()
    cursor.execute(f"use {exports.database}")
    tables = {}
    for name in (*exports.manifest.tables, *LIVE_TABLES):
        columns = cursor.execute(f"from published.{name}").description
        names = [column[0] for column in columns]
        tables[name] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return tables


def only(tables: twins.Tables, municipality_id: str) -> dict[str, list[twins.Row]]:
    """The tables without the rows of other municipalities, so that slow twins read less."""
    return {
        name: [row for row in rows if row.get("municipality_id", municipality_id) == municipality_id]
        for name, rows in tables.items()
    }


def rows_of(answer: pd.DataFrame) -> list[dict[str, Any]]:
    """An answer as rows with None for every empty cell."""
    records = answer.astype(object).to_dict("records")
    return [{name: plain(value) for name, value in row.items()} for row in records]


def plain(value: Any) -> Any:
    """A cell as Python has it: a list for an array, None for not-a-number."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return None if value is None or value != value else value


def by_group(answer: pd.DataFrame, names: Iterable[str]) -> dict[str, dict[str, int]]:
    """An answer with one row per group as group → column → number."""
    return {row["group_name"]: {name: row[name] for name in names} for row in rows_of(answer)}


@pytest.fixture(scope="module")
def embedded(exports: Exports) -> dict[str, dict[str, list[twins.Row]]]:
    """Municipality → its rows of every table, for the five with data of their own."""
    everything = tables_of(exports)
    own = places.municipalities(exports)["municipality_id"]
    return {municipality_id: only(everything, municipality_id) for municipality_id in own}


@pytest.fixture(scope="module")
def everything(exports: Exports) -> dict[str, list[twins.Row]]:
    """All embedded rows, for questions that look at other municipalities too."""
    tables = tables_of(exports)
    spread = ("comparison_values", "comparison_distributions")
    return {**tables, **{name: [row for row in tables[name] if row["year"] > 2012] for name in spread}}


def choices(tables: twins.Tables, table: str) -> Iterable[tuple[int, list[str]]]:
    """Years of a table, each with all units, one unit and two units."""
    units = sorted(row["unit_id"] for row in tables["units"])
    for year in sorted({row["year"] for row in tables[table]}):
        for unit_ids in ([], units[:1], units[3:5]):
            if not unit_ids or units:
                yield year, unit_ids


def same_goal_tally(exports: Exports, tables: twins.Tables, *choice: Any) -> None:
    municipality_id, year, unit_ids, by = choice
    asked = goals.goal_tally(exports, municipality_id=municipality_id, year=year, unit_ids=unit_ids, by=by)
    twin = twins.goal_tally(tables, municipality_id, year, unit_ids, by)
    assert by_group(asked, (*twins.VERDICTS, "total")) == twin, choice


def same_computed_verdicts(exports: Exports, tables: twins.Tables, *choice: Any) -> None:
    municipality_id, year, unit_id = choice
    asked = goals.goal_list(exports, municipality_id=municipality_id, year=year, unit_id=unit_id)
    found = {
        row["goal_id"]: (
            row["count_indicators"],
            row["count_with_answer"],
            row["count_reached"],
            row["computed"],
        )
        for row in rows_of(asked)
        if row["goal_id"] is not None
    }
    assert found == twins.computed_verdicts(tables, municipality_id, year, unit_id), choice


def same_action_tally(exports: Exports, tables: twins.Tables, *choice: Any) -> None:
    municipality_id, year, unit_ids, kinds, by = choice
    asked = actions.action_tally(
        exports, municipality_id=municipality_id, year=year, unit_ids=unit_ids, kinds=kinds, by=by
    )
    twin = twins.action_tally(tables, municipality_id, year, unit_ids, kinds, by)
    names = ("finished", "open", "closed_undone", "total", *twins.STATUSES, "late")
    assert by_group(asked, names) == twin, choice


def same_action_states(exports: Exports, tables: twins.Tables, municipality_id: str, year: int) -> None:
    names = ("status", "is_open", "is_late", "first_deadline", "count_moved", "count_reports", "report_date")
    asked = rows_of(actions.action_list(exports, municipality_id=municipality_id, year=year))
    twin = twins.action_states(tables, municipality_id, year)
    found = {row["action_id"]: {name: row[name] for name in names} for row in asked}
    assert len(asked) == len(twin)
    assert found == {state["action_id"]: {name: state[name] for name in names} for state in twin}


def same_themes(exports: Exports, tables: twins.Tables, *choice: Any) -> None:
    municipality_id, year, unit_ids = choice
    asked = rows_of(
        findings.recurring_themes(exports, municipality_id=municipality_id, year=year, unit_ids=unit_ids)
    )
    twin = twins.recurring_themes(tables, municipality_id, year, unit_ids)
    names = ("years", "years_in_a_row", "newest_year", "is_standing", "count_units", "source_ids")
    found = {row["theme"]: {name: row[name] for name in names} for row in asked}
    assert found == {theme: {name: told[name] for name in names} for theme, told in twin.items()}, choice
    # Effects are joined to one text, and a theme without any keeps none.
    assert {row["theme"] for row in asked if row["effect"] is None} == {
        theme for theme, told in twin.items() if not told["effects"]
    }
    assert all(effect in row["effect"] for row in asked for effect in twin[row["theme"]]["effects"])


def same_spider(exports: Exports, tables: twins.Tables, **choice: Any) -> None:
    asked = {
        (row["indicator_id"], row["choice_id"]): row
        for row in rows_of(comparison.spider_values(exports, **choice))
    }
    assert not differences(asked, twins.spider_values(tables, **choice)), choice


def same_history(exports: Exports, tables: twins.Tables, **choice: Any) -> None:
    asked = {
        (row["year"], row["choice_id"]): row
        for row in rows_of(comparison.indicator_history(exports, **choice))
    }
    assert not differences(asked, twins.indicator_history(tables, **choice)), choice


def same_goal_positions(exports: Exports, tables: twins.Tables, **choice: Any) -> None:
    asked = {
        (row["goal_id"], row["indicator_id"]): row
        for row in rows_of(comparison.goal_positions(exports, **choice))
    }
    assert not differences(asked, twins.goal_positions(tables, **choice)), choice


def differences(asked: dict, twin: dict) -> list[Any]:
    """Rows that only one of the two has, and those whose columns differ; of the columns that the twin knows."""
    unlike = [
        (key, expected, asked[key])
        for key, expected in twin.items()
        if key in asked and {name: asked[key][name] for name in expected} != pytest.approx(expected, abs=1e-4)
    ]
    return [*(asked.keys() ^ twin.keys()), *unlike]


class TestEmbedded:
    @pytest.mark.parametrize("by", ["total", "perspective", "unit"])
    def test_goal_tallies_equal_their_twin(self, exports, embedded, by):
        for municipality_id, tables in embedded.items():
            for year, unit_ids in choices(tables, "goals"):
                same_goal_tally(exports, tables, municipality_id, year, unit_ids, by)

    def test_computed_verdicts_equal_their_twin(self, exports, embedded):
        for municipality_id, tables in embedded.items():
            for year, unit_ids in choices(tables, "goals"):
                same_computed_verdicts(
                    exports, tables, municipality_id, year, unit_ids[0] if unit_ids else None
                )

    @pytest.mark.parametrize("by", ["total", "kind", "perspective", "goal", "area", "unit", "report_point"])
    def test_action_tallies_equal_their_twin(self, exports, embedded, by):
        for municipality_id, tables in embedded.items():
            for (year, unit_ids), kinds in product(choices(tables, "action_reports"), ([], ["activity"])):
                same_action_tally(exports, tables, municipality_id, year, unit_ids, kinds, by)

    def test_lateness_and_slips_equal_their_twin(self, exports, embedded):
        for municipality_id, tables in embedded.items():
            for year in {row["year"] for row in tables["action_reports"]}:
                same_action_states(exports, tables, municipality_id, year)

    def test_themes_and_their_years_in_a_row_equal_their_twin(self, exports, embedded):
        for municipality_id, tables in embedded.items():
            for year, unit_ids in choices(tables, "findings"):
                same_themes(exports, tables, municipality_id, year, unit_ids)

    @pytest.mark.parametrize("municipality_id", ["0117", "0125", "0580", "2581", "9901"])
    def test_spiders_equal_their_twin(self, exports, everything, municipality_id):
        profiles = sorted({row["profile_id"] for row in everything["profiles"]})
        groups = sorted({row["group_id"] for row in everything["municipality_groups"]})
        for profile_id, year in product(profiles, (None, 2019)):
            same_spider(
                exports, everything, municipality_id=municipality_id, year=year, profile_id=profile_id,
                compare_with=("medel", "ar-1", "ar-5", "0580", "0000", "9902", groups[0], "okänd"), gender="T",
            )  # fmt: skip

    def test_spiders_of_girls_and_boys_equal_their_twin(self, exports, everything):
        for municipality_id, gender in product(("0125", "9901"), ("K", "M")):
            same_spider(exports, everything, municipality_id=municipality_id, gender=gender)

    def test_spiders_of_own_picks_equal_their_twin(self, exports, everything):
        picks = ("N15419", "N15034", "N17538", "N99999")
        for municipality_id in ("0125", "9901"):
            same_spider(exports, everything, municipality_id=municipality_id, indicator_ids=picks)

    @pytest.mark.parametrize("municipality_id", ["0117", "0580", "9901"])
    def test_years_of_an_indicator_equal_their_twin(self, exports, everything, municipality_id):
        for indicator_id, gender in product(("N15419", "N15034", "N15613", "N17538", "okänt"), ("T", "K")):
            same_history(
                exports, everything, municipality_id=municipality_id, indicator_id=indicator_id,
                compare_with=("medel", "0000", "9900", "ar-1", "0580"), gender=gender,
            )  # fmt: skip

    def test_verdicts_beside_positions_equal_their_twin(self, exports, everything):
        groups = sorted({row["group_id"] for row in everything["municipality_groups"]})
        for year, against in product((2023, 2026), ("medel", "9900", "9902", *groups)):
            same_goal_positions(exports, everything, municipality_id="9901", year=year, against=against)


UNITS = ("skola-1", "skola-2", None)
GOALS = ("mal-1", "mal-2", "mal-3", "mal-4")
VERDICT_WORDS = st.sampled_from(
    [
        "Uppnått", "delvis  uppnått (hösten)", "Ej uppnått", "EJ BEDÖMT", "på god väg", "Uppnåttlikt",
        "delvis\u00a0uppnått",
    ]
)  # fmt: skip
STATUS_WORDS = st.sampled_from(
    [
        "Genomfört", "Pågår enligt tidsplan.", "Pågår", "Kvarstår pga Coronapandemin", "Ej genomfört", "Ej aktuellt",
        "Ej påbörjat", "klargöra läget", "vilande tills vidare", "PÅGÅENDE – dragit ut på tiden",
    ]
)  # fmt: skip


def unit_rows() -> list[dict[str, Any]]:
    shape = {"municipality_id": HOME, "school_form": "grundskola", "operator": "kommunal", "source_id": "k"}
    return [{**shape, "unit_id": unit_id, "name": unit_id.title()} for unit_id in UNITS if unit_id]


def rows(key: tuple[str, ...], **columns: st.SearchStrategy) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows with a unique key, all from one municipality and source."""
    whole = st.fixed_dictionaries(columns).map(lambda row: {"municipality_id": HOME, "source_id": "k", **row})
    return st.lists(whole, max_size=9, unique_by=lambda row: tuple(row[name] for name in key))


def of_two_municipalities(
    tables: st.SearchStrategy[dict[str, list[dict[str, Any]]]],
) -> st.SearchStrategy[dict[str, list[dict[str, Any]]]]:
    """Tables of two municipalities that use the same codes for different things."""

    def together(both: tuple[dict, dict]) -> dict[str, list[dict[str, Any]]]:
        home, neighbour = both
        return {
            name: home[name] + [{**row, "municipality_id": NEIGHBOUR} for row in neighbour[name]]
            for name in home
        }

    return st.tuples(tables, tables).map(together)


def numbered(made: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [{**row, name: f"{name}-{place}"} for place, row in enumerate(made)]


@st.composite
def goal_tables(draw: Callable) -> dict[str, list[dict[str, Any]]]:
    """Goals, verdicts (several a goal, or of no goal), indicators, targets and outcomes."""
    perspective = st.sampled_from(["Medborgare", "Ekonomi", None])
    indicator = st.sampled_from(["N15419", "N15505", "okänd"])
    level = st.sampled_from(["committee", "committee", "council", "improvement_area"])
    place = {"indicator_id": indicator, "unit_id": st.sampled_from(UNITS), "year": ANY_YEAR}
    measured = draw(
        rows(
            ("indicator_id", "unit_id", "year"),
            **place,
            value=st.integers(40, 60).map(float),
            marker=st.sampled_from(["", "", "", "..", "~100", "~0", "cancelled"]),
            n=st.sampled_from([None, 5, 20, 400]),
            operator=st.sampled_from(["alla", "kommunal", "enskild"]),
            gender=st.sampled_from(["T", "T", "T", "K"]),
        )
    )
    goal_id = st.sampled_from(GOALS)
    planned = rows(("goal_id", "year"), goal_id=goal_id, year=ANY_YEAR, level=level, perspective=perspective)
    judged = st.fixed_dictionaries(
        {
            "goal_id": st.sampled_from([*GOALS, None, None]),
            "unit_id": st.sampled_from(UNITS),
            "year": ANY_YEAR,
            "verdict_raw": VERDICT_WORDS,
        }
    )
    verdicts = [
        {"municipality_id": HOME, "source_id": "k", **row} for row in draw(st.lists(judged, max_size=12))
    ]
    linked = draw(rows(("goal_id", "indicator_id"), goal_id=st.sampled_from(GOALS), indicator_id=indicator))
    targets = rows(
        ("indicator_id", "unit_id", "year"),
        **place,
        operator=st.sampled_from([">=", "<=", "="]),
        target_value=st.sampled_from([45.0, 50.0, 55.0, 98.0, 2.0]),
    )
    return {
        "units": unit_rows(),
        "goals": [{**row, "name": row["goal_id"], "is_priority": False} for row in draw(planned)],
        "goal_verdicts": numbered(verdicts, "verdict_id"),
        "goal_indicators": [{name: row[name] for name in row if name != "source_id"} for row in linked],
        "targets": draw(targets),
        "outcomes": [{**row, "value": None if row["marker"] else row["value"]} for row in measured],
    }


@st.composite
def action_tables(draw: Callable) -> dict[str, list[dict[str, Any]]]:
    """Actions with several reports, deadlines of all three kinds, and report points that are not in the calendar."""
    point = st.sampled_from(["Delrapport 1", "Delrapport 2", "Verksamhetsberättelse", "Bokslut", None])
    day = st.dates(dt.date(2018, 1, 1), dt.date(2021, 12, 31))
    action_id = st.sampled_from(["a", "b", "c", "utan rapport"])
    made = draw(
        rows(
            ("action_id",),
            action_id=action_id,
            kind=st.sampled_from(["activity", "assignment", "area"]),
            goal_id=st.sampled_from([*GOALS, None]),
            perspective=st.sampled_from(["Medborgare", None]),
            area=st.sampled_from(["Studiero", None]),
            unit_id=st.sampled_from(UNITS),
        )
    )
    # A date decides which year a report belongs to, except where the plan is of the year before.
    reports = draw(
        rows(
            ("action_id", "report_date"),
            action_id=st.sampled_from(["a", "b", "c", "okänd åtgärd"]),
            report_date=day,
            plan_year=st.integers(-1, 0),
            report_point=point,
            status_raw=STATUS_WORDS,
            due_text=st.sampled_from(["våren", "hösten", None]),
            due_date=st.one_of(st.none(), day),
            due_report_point=point,
        )
    )
    for report in reports:
        report["year"] = report["report_date"].year + report.pop("plan_year")
    goals_of_plan = rows(("goal_id", "year"), goal_id=st.sampled_from(GOALS), year=ANY_YEAR)
    calendar = rows(
        ("year", "report_point"),
        year=ANY_YEAR,
        report_point=st.sampled_from(["Delrapport 1", "Delrapport 2", "Verksamhetsberättelse"]),
        position=st.integers(1, 3),
    )
    return {
        "units": unit_rows(),
        "goals": [
            {**row, "name": row["goal_id"], "is_priority": False, "level": "committee"}
            for row in draw(goals_of_plan)
        ],
        "actions": [{**row, "title": row["action_id"], "year": 2020} for row in made],
        "action_reports": [{**row, "report_name": "Rapport"} for row in reports],
        # A report point without a day: with a day, a deadline becomes a date as well, which test_golden looks at.
        "report_points": draw(calendar),
    }


@st.composite
def finding_tables(draw: Callable) -> dict[str, list[dict[str, Any]]]:
    """Remarks of few themes over ten years, so that years in a row have gaps between them."""
    remark = st.fixed_dictionaries(
        {
            "theme": st.sampled_from(["Lokaler", "Studiero", "Frånvaro"]),
            "year": st.integers(2012, 2021),
            "unit_id": st.sampled_from(UNITS),
            "kind": st.sampled_from(["weakness", "weakness", "weakness", "strength"]),
            "effect": st.sampled_from([None, None, "Färre ärenden", "Ingen ändring"]),
            "source_id": st.sampled_from(["k", "l"]),
        }
    )
    made = [
        {"municipality_id": HOME, "text": "Påpekas", **row} for row in draw(st.lists(remark, max_size=20))
    ]
    return {"units": unit_rows(), "findings": numbered(made, "finding_id")}


@st.composite
def comparison_tables(draw: Callable) -> dict[str, list[dict[str, Any]]]:
    """Values of five municipalities and the country, with ties, gaps and scales that have collapsed to a point."""
    members = [HOME, "0580", "0117", "2581", "0162"]
    indicators, years = ("N15419", "N15034", "N15008"), (2019, 2020)
    number = st.integers(40, 46).map(float)
    status = st.sampled_from(["", "", "", "Missing", "Privacy"])
    shape = {"gender": "T", "source_id": "k"}
    values, spreads = [], []
    for indicator_id, year in product(indicators, years):
        told = {place: draw(st.tuples(number, status)) for place in [*members, "0000"] if draw(st.booleans())}
        shown = {place: value for place, (value, why) in told.items() if why == "" and place != "0000"}
        for place, (value, why) in told.items():
            is_ranked = place in shown
            values.append(
                {
                    **shape, "indicator_id": indicator_id, "municipality_id": place, "year": year,
                    "value": None if why else value, "status": why,
                    "count_higher": sum(other > value for other in shown.values()) if is_ranked else None,
                    "count_lower": sum(other < value for other in shown.values()) if is_ranked else None,
                }
            )  # fmt: skip
        if shown:
            low, high = min(shown.values()), max(shown.values())
            spreads.append(
                {
                    **shape, "register": "sverige", "indicator_id": indicator_id, "year": year, "n": len(shown),
                    "p2_5": low, "p25": low, "p50": (low + high) / 2, "p75": high, "p97_5": high,
                    "mean": sum(shown.values()) / len(shown),
                }
            )  # fmt: skip
    named = {"register": "sverige", "has_own_data": True}
    return {
        "municipalities": [
            *(
                {**named, "municipality_id": place, "name": place, "kind": "municipality"}
                for place in members
            ),
            {**named, "municipality_id": "0000", "name": "Riket", "kind": "country"},
        ],
        "municipality_groups": [
            {"group_id": "granner", "title": "Grannar", "kind": "own", "member_id": place}
            for place in ("0117", "0162")
        ],
        "comparison_values": values,
        "comparison_distributions": spreads,
    }


class TestMadeUp:
    @MADE_UP
    @given(tables=of_two_municipalities(goal_tables()))
    def test_goal_tallies_equal_their_twin(self, publish, tables):
        exports = publish(**tables)
        known = tables_of(exports)
        ways = product((HOME, NEIGHBOUR), (2018, 2020), ([], ["skola-1"]), ("total", "perspective", "unit"))
        for municipality_id, year, unit_ids, by in ways:
            same_goal_tally(exports, known, municipality_id, year, unit_ids, by)

    @MADE_UP
    @given(tables=of_two_municipalities(goal_tables()))
    def test_computed_verdicts_equal_their_twin(self, publish, tables):
        exports = publish(**tables)
        known = tables_of(exports)
        for municipality_id, year, unit_id in product((HOME, NEIGHBOUR), (2018, 2019, 2020), UNITS):
            same_computed_verdicts(exports, known, municipality_id, year, unit_id)

    @MADE_UP
    @given(tables=of_two_municipalities(goal_tables()))
    def test_every_verdict_of_the_year_is_listed_once(self, publish, tables):
        exports = publish(**tables)
        known = tables_of(exports)
        planned = twins.committee_goals(known, HOME, 2020)
        reported = [row for row in twins.verdicts(known, HOME, 2020) if row["unit_id"] is None]
        listed = rows_of(goals.goal_list(exports, municipality_id=HOME, year=2020))
        expected = [row["verdict"] for row in reported if row["goal_id"] is None or row["goal_id"] in planned]
        assert sorted(row["verdict"] for row in listed if row["verdict"] is not None) == sorted(expected)
        assert planned.keys() == {row["goal_id"] for row in listed if row["goal_id"] is not None}

    @MADE_UP
    @given(tables=of_two_municipalities(action_tables()))
    def test_action_tallies_equal_their_twin(self, publish, tables):
        exports = publish(**tables)
        known = tables_of(exports)
        ways = product((HOME, NEIGHBOUR), (2018, 2020), ("total", "goal", "unit", "report_point"))
        for municipality_id, year, by in ways:
            same_action_tally(exports, known, municipality_id, year, [], [], by)
        same_action_tally(exports, known, HOME, 2020, ["skola-1"], ["activity", "area"], "area")

    @MADE_UP
    @given(tables=of_two_municipalities(action_tables()))
    def test_lateness_and_slips_equal_their_twin(self, publish, tables):
        exports = publish(**tables)
        known = tables_of(exports)
        for municipality_id, year in product((HOME, NEIGHBOUR), (2017, 2018, 2019, 2020, 2021)):
            same_action_states(exports, known, municipality_id, year)

    @MADE_UP
    @given(tables=of_two_municipalities(finding_tables()))
    def test_themes_and_their_years_in_a_row_equal_their_twin(self, publish, tables):
        exports = publish(**tables)
        known = tables_of(exports)
        for year, unit_ids in product((2015, 2021), ([], ["skola-1"], ["skola-1", "skola-2"])):
            same_themes(exports, known, HOME, year, unit_ids)

    @settings(MADE_UP, max_examples=10)
    @given(tables=comparison_tables())
    def test_spiders_equal_their_twin(self, publish, tables):
        exports = publish(**tables)
        known = tables_of(exports)
        every = ("medel", "ar-1", "0580", "0000", "granner", "okänd")
        for year in (None, 2020):
            same_spider(exports, known, municipality_id=HOME, year=year, compare_with=every)
        for indicator_id in {row["indicator_id"] for row in known["comparison_values"]}:
            same_history(exports, known, municipality_id=HOME, indicator_id=indicator_id, compare_with=every)
