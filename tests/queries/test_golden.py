"""The numbers of the four documents and of Kolada's worked example, asked as pages and command line ask them."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from queries import __main__ as command_line
from queries import actions, comparison, findings, goals
from queries.connection import SQL, Exports
from queries.intake.base import open_base
from queries.intake.kolada import COUNTRY, comparison_distributions, comparison_values
from queries.intake.kolada_facts import kolada_indicators
from queries.intake.readers import plans
from queries.intake.reading import PLACE, Options
from queries.versions import EMBEDDED, Store
from tests import twins
from tests.queries.intake.books import book_of_file

INPUT = Path(__file__).parents[3] / "shared" / "input"
LINKOPING_EXPORT = INPUT / "linkoping-verksamhetsplan-2020.csv"
KOLADA_VALUES = INPUT / "kolada" / "kolada_skola_municipality_values.parquet"
WORKED_EXAMPLE = INPUT / "kolada" / "example_spider_2018.csv"
EKERO, LINKOPING, OSTERAKER, PITEA = "0125", "0580", "0117", "2581"


def only_row(answer: pd.DataFrame) -> dict[str, Any]:
    assert len(answer) == 1
    return answer.iloc[0].to_dict()


def counts(row: dict[str, Any], *names: str) -> tuple[int, ...]:
    return tuple(int(row[name]) for name in names)


@pytest.fixture
def told(exports: Exports, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """The rows that the command line answers as JSON, after a look at what stands around them."""
    monkeypatch.setattr(command_line, "open_exports", lambda version=None: exports)

    def ask(*arguments: str) -> list[dict[str, Any]]:
        assert command_line.main([*arguments, "--format", "json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert list(answer) == ["rows", "source", "version"]
        assert answer["version"] == 0
        return answer["rows"]

    return ask


class TestEkero:
    VERDICTS = ("met", "partly", "not_met", "not_assessed", "total")

    def test_met_7_of_its_17_goals_6_in_part_and_4_not(self, exports):
        tally = only_row(goals.goal_tally(exports, municipality_id=EKERO, year=2020))
        assert counts(tally, *self.VERDICTS) == (7, 6, 4, 0, 17)

    def test_has_the_same_tally_on_the_command_line(self, told):
        (tally,) = told("goal_tally", "--kommun", EKERO, "--ar", "2020")
        assert counts(tally, *self.VERDICTS) == (7, 6, 4, 0, 17)

    def test_shows_2020_when_no_year_is_chosen_since_2021_has_no_verdict(self, exports):
        assert counts(only_row(goals.goal_tally(exports, municipality_id=EKERO)), "total") == (17,)

    def test_names_three_met_goals_and_no_goal_of_the_other_fourteen_verdicts(self, told):
        listed = told("goal_list", "--kommun", EKERO, "--ar", "2020")
        judged = [row for row in listed if row["verdict"]]
        named = {row["goal_id"]: row["verdict"] for row in judged if row["goal_id"]}
        assert named == {"mal-09": "met", "mal-14": "met", "mal-universitet": "met"}
        assert Counter(row["verdict"] for row in judged if not row["goal_id"]) == {
            "met": 4,
            "partly": 6,
            "not_met": 4,
        }

    def test_prioritises_goal_13_for_the_first_time_in_2021(self, told):
        history = told("goal_history", "--kommun", EKERO)
        prioritised = {
            year: [row["goal_number"] for row in history if row["year"] == year and row["is_priority"]]
            for year in (2020, 2021)
        }
        committee = {year: [number for number in numbers if number] for year, numbers in prioritised.items()}
        assert committee == {2020: ["1", "8", "9", "10", "14"], 2021: ["1", "8", "9", "10", "13", "14"]}

    def test_keeps_four_improvement_areas_of_which_one_is_renamed(self, told):
        history = [
            row for row in told("goal_history", "--kommun", EKERO) if row["level"] == "improvement_area"
        ]
        assert len({row["goal_id"] for row in history}) == 4
        changes = [row["change"] for row in history if row["year"] == 2021]
        assert sorted(changes) == ["kept", "kept", "kept", "renamed"]

    def test_follows_the_renamed_area_under_one_code(self, exports):
        history = goals.goal_history(exports, municipality_id=EKERO)
        renamed = only_row(history[history["change"] == "renamed"])
        assert renamed["name_before"] == "Hållbar ekonomistyrning"
        assert renamed["name"] == "Hållbar lokal- och ekonomistyrning"
        years = history.loc[history["goal_id"] == renamed["goal_id"], "year"].tolist()
        assert years == [2020, 2021]

    def test_prioritises_1_8_9_10_13_which_is_new_and_14_in_2021(self, told):
        history = told("goal_history", "--kommun", EKERO)
        prioritised = {
            row["goal_number"]: row["priority"]
            for row in history
            if row["year"] == 2021 and row["level"] == "committee" and row["is_priority"]
        }
        assert prioritised == {**dict.fromkeys(["1", "8", "9", "10", "14"], "still"), "13": "newly"}

    def test_adds_up_7_6_and_4_to_17_of_which_14_name_no_goal(self, told):
        first, second = told("goal_sums", "--kommun", EKERO)
        assert counts(first, "met", "partly", "not_met", "count_verdicts", "count_unnamed") == (
            7,
            6,
            4,
            17,
            14,
        )
        assert (second["year"], second["added"], second["dropped"]) == (2021, ["mål 13"], [])

    def test_has_no_goal_said_to_be_dropped_by_a_list_of_priorities_alone(self, told):
        history = told("goal_history", "--kommun", EKERO)
        assert {row["goal_id"]: row["afterwards"] for row in history if row["afterwards"]} == {
            "mal-universitet": "untold"
        }

    def test_holds_the_remark_that_three_areas_are_said_and_two_listed(self, told):
        (remark,) = told("contradicting_remarks", "--kommun", EKERO)
        assert (remark["year"], remark["finding_id"]) == (2020, "2020-16")

    def test_counts_no_improvement_area_as_a_goal(self, exports):
        listed = goals.goal_list(exports, municipality_id=EKERO, year=2020)
        assert "Kommunikation" not in listed["name"].tolist()


class TestLinkoping:
    OUTCOMES = ("finished", "open", "closed_undone", "total")

    def test_finished_20_of_45_with_22_open_and_3_closed_undone(self, exports):
        tally = only_row(actions.action_tally(exports, municipality_id=LINKOPING, year=2020))
        assert counts(tally, *self.OUTCOMES) == (20, 22, 3, 45)
        assert counts(tally, "ongoing", "remaining", "not_started", "unknown") == (13, 9, 0, 0)

    def test_has_the_same_tally_on_the_command_line(self, told):
        (tally,) = told("action_tally", "--kommun", LINKOPING, "--ar", "2020")
        assert counts(tally, *self.OUTCOMES, "ongoing", "remaining") == (20, 22, 3, 45, 13, 9)

    def test_keeps_37_activities_and_8_assignments_apart(self, told):
        rows = {
            row["group_name"]: row
            for row in told("action_tally", "--kommun", LINKOPING, "--uppdelning", "kind")
        }
        assert counts(rows["activity"], *self.OUTCOMES) == (17, 17, 3, 37)
        assert counts(rows["assignment"], *self.OUTCOMES) == (3, 5, 0, 8)
        assert counts(rows["activity"], "ongoing", "remaining") == (10, 7)
        assert counts(rows["assignment"], "ongoing", "remaining") == (3, 2)

    def test_spreads_its_activities_over_four_perspectives(self, told):
        asked = told(
            "action_tally", "--kommun", LINKOPING, "--typ", "activity", "--uppdelning", "perspective"
        )
        totals = {row["group_name"]: row["total"] for row in asked}
        assert totals == {"Medborgare": 9, "Ekonomi": 6, "Verksamhet": 7, "Medarbetare": 15}

    def test_had_finished_3_of_the_12_activities_due_to_delrapport_2(self, exports):
        tally = actions.action_tally(
            exports, municipality_id=LINKOPING, year=2020, kinds=["activity"], by="report_point"
        ).set_index("group_name")
        assert tally["total"].to_dict() == {
            "Delrapport 1": 1,
            "Delrapport 2": 12,
            "Verksamhetsberättelse": 24,
        }
        assert counts(tally.loc["Delrapport 2"].to_dict(), "finished", "open", "closed_undone") == (3, 9, 0)

    def test_gives_the_share_of_done_with_and_without_those_no_longer_relevant(self, exports):
        listed = actions.action_list(exports, municipality_id=LINKOPING, year=2020, kinds=["activity"])
        irrelevant = listed["status_raw"].str.startswith("Ej aktuellt").sum()
        done = (listed["status"] == "finished").sum()
        assert round(100 * done / len(listed), 1) == 45.9
        assert round(100 * done / (len(listed) - irrelevant), 1) == 48.6

    def test_counts_what_the_committee_declined_as_closed_and_not_as_failed(self, exports):
        listed = actions.action_list(exports, municipality_id=LINKOPING, year=2020)
        declined = only_row(listed[listed["status_raw"] == "Ej genomfört"])
        assert (declined["status"], declined["is_open"], declined["is_late"]) == (
            "closed_undone",
            False,
            False,
        )

    def test_reads_the_reason_beside_the_status(self, exports):
        listed = actions.action_list(exports, municipality_id=LINKOPING, year=2020)
        reasons = listed.loc[listed["status_reason"].notna(), ["status", "status_reason"]]
        assert ("remaining", "pga Coronapandemin") in list(reasons.itertuples(index=False, name=None))


@pytest.mark.skipif(
    not LINKOPING_EXPORT.exists(), reason="Linköping's own export lies beside the project, and is not here."
)
class TestLinkopingsOwnExport:
    def test_gives_the_embedded_tally(self, exports, publish):
        connection = duckdb.connect(":memory:")
        base = open_base(connection, Store((EMBEDDED,)), 0)
        said = Options(
            dt.date(2026, 11, 22), municipality_id=LINKOPING, year=2020, report_date="2020-12-31",
            report_name="Uppföljning", report_point="Verksamhetsberättelse",
        )  # fmt: skip
        reading = plans.read(book_of_file(LINKOPING_EXPORT), base, said)
        read = {
            staged.table: connection.execute(f"select * from {staged.relation}")
            .df()
            .drop(columns=list(PLACE))
            for staged in reading.staged
            if staged.table in ("actions", "action_reports")
        }
        calendar = connection.execute(
            "select * from base.report_points where municipality_id = $id", {"id": LINKOPING}
        ).df()
        from_export = publish(**read, report_points=calendar)
        for by in ("total", "kind", "perspective", "report_point"):
            asked = {"municipality_id": LINKOPING, "year": 2020, "by": by}
            pd.testing.assert_frame_equal(
                actions.action_tally(from_export, **asked), actions.action_tally(exports, **asked)
            )


class TestPitea:
    def test_has_9_areas_of_which_6_go_on_2_are_not_begun_and_1_is_finished(self, exports):
        tally = only_row(actions.action_tally(exports, municipality_id=PITEA, year=2018))
        assert counts(tally, "ongoing", "not_started", "finished", "total") == (6, 2, 1, 9)

    def test_has_the_same_tally_on_the_command_line(self, told):
        (tally,) = told("action_tally", "--kommun", PITEA)
        assert counts(tally, "ongoing", "not_started", "finished", "total", "late") == (6, 2, 1, 9, 1)

    def test_has_one_area_late_since_december_2017(self, told):
        late = [row for row in told("action_list", "--kommun", PITEA) if row["is_late"]]
        assert [(row["status"], row["due_date"]) for row in late] == [("not_started", "2017-12-31")]

    def test_reads_two_dates_out_of_one_cell(self, told):
        support = next(
            row for row in told("action_list", "--kommun", PITEA) if row["action_id"] == "ekonomistod"
        )
        assert (support["due_date"], support["evaluation_date"]) == ("2018-03-31", "2018-10-31")

    def test_promises_nine_report_backs_in_june_2018(self, exports):
        cursor = exports.connection.cursor()
        cursor.execute(f"use {exports.database}")
        promised = cursor.execute(
            "select count(*) from committee_items where municipality_id = $id and kind = 'promise'"
            " and due_date between '2018-06-01' and '2018-06-30'",
            {"id": PITEA},
        )
        assert promised.fetchone() == (9,)

    def test_dates_every_report_back_of_an_open_area_in_june_2018(self, exports):
        listed = actions.action_list(exports, municipality_id=PITEA, year=2018)
        back = listed.loc[listed["report_back_date"].notna(), "report_back_date"]
        assert {(day.year, day.month) for day in back} == {(2018, 6)}
        assert listed.loc[listed["is_open"], "report_back_date"].notna().all()


class TestOsteraker:
    THEMES = {"Lokaler", "Utemiljö", "Studiero", "Frånvaro", "Andel förskollärare", "Kompetensutveckling"}

    def test_has_six_themes_that_stand_in_both_2019_and_2020(self, told):
        themes = {row["theme"]: row for row in told("recurring_themes", "--kommun", OSTERAKER)}
        standing = {theme for theme, row in themes.items() if row["years_in_a_row"] == 2}
        assert standing == self.THEMES
        assert all(themes[theme]["years"] == [2019, 2020] for theme in standing)

    def test_tells_no_effect_of_any_of_them(self, exports):
        themes = findings.recurring_themes(exports, municipality_id=OSTERAKER)
        assert themes.loc[themes["theme"].isin(self.THEMES), "effect"].isna().all()

    def test_had_the_themes_for_one_year_when_asked_about_2019(self, exports):
        themes = findings.recurring_themes(exports, municipality_id=OSTERAKER, year=2019)
        assert set(themes.loc[themes["theme"].isin(self.THEMES), "years_in_a_row"]) == {1}

    def test_raises_the_result_requirement_by_a_point_a_year_up_to_three_percent(self, exports):
        cursor = exports.connection.cursor()
        cursor.execute(f"use {exports.database}")
        found = cursor.execute(
            "select year, requirement_percent from unit_results where municipality_id = $id order by year",
            {"id": OSTERAKER},
        ).fetchall()
        assert found == [(2019, 1.0), (2020, 2.0), (2021, 3.0)]

    def test_aims_at_5_2_children_per_employee(self, exports):
        cursor = exports.connection.cursor()
        cursor.execute(f"use {exports.database}")
        found = cursor.execute(
            "select operator, target_value from targets where municipality_id = $id", {"id": OSTERAKER}
        ).fetchall()
        assert set(found) == {("<=", 5.2)}


@pytest.fixture(scope="module")
def example() -> pd.DataFrame:
    """One row per indicator and municipality of the worked example."""
    names = {"Österåker": "0117", "Ekerö": "0125", "Botkyrka": "0127", "Danderyd": "0162"}
    names |= {"Linköping": "0580", "Piteå": "2581"}
    example = pd.read_csv(WORKED_EXAMPLE, dtype={"kpi": str})
    return example.assign(municipality_id=example["municipality"].map(names))


@pytest.fixture(scope="module")
def kolada(publish) -> Exports:
    """A version with every real value of every municipality."""
    values = comparison_values(KOLADA_VALUES, kolada_indicators())
    places = values["municipality_id"].unique()
    return publish(
        municipalities=[
            {
                "municipality_id": place, "name": place, "register": "sverige", "has_own_data": False,
                "kind": "country" if place == COUNTRY else "municipality",
            }
            for place in places
        ],
        comparison_values=values,
        comparison_distributions=comparison_distributions(values, "sverige"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def spiders(example, kolada) -> dict[tuple[str, str], dict[str, Any]]:
    """(indicator, municipality) → the municipality's own spoke, by the real question on the real values."""
    spokes = {}
    for municipality_id in example["municipality_id"].unique():
        asked = comparison.spider_values(
            kolada, municipality_id=municipality_id, year=2018, profile_id="grundskola"
        )
        for row in asked[asked["role"] == "own"].to_dict("records"):
            spokes[row["indicator_id"], municipality_id] = row
    return spokes


@pytest.mark.skipif(
    not KOLADA_VALUES.exists(), reason="Kolada's real values lie beside the project, and are not here."
)
class TestWorkedSpider:
    """The spider of 2018 for six municipalities, from every municipality's real values.

    Five of the six indicators have a good direction here as in the example. Cost per pupil has none here: whether a
    low cost is good is for the committee to say. So the question must leave it unscaled and unranked, and the recipe
    is tried by itself on the very figures that the question gives.
    """

    COST = "N15008"
    # The example is written with one more decimal than the screen; half a unit of that is the room for rounding.
    ROOM = 0.0005 + 1e-9

    def test_has_the_values_of_the_example(self, example, spiders):
        for row in example.itertuples():
            assert spiders[row.kpi, row.municipality_id]["value"] == pytest.approx(row.value, abs=self.ROOM)
            assert spiders[row.kpi, row.municipality_id]["n"] == row.n

    def test_lies_where_the_example_lies_on_the_scale_of_100(self, example, spiders):
        directed = example[example["kpi"] != self.COST]
        assert len(directed) == 30
        for row in directed.itertuples():
            assert spiders[row.kpi, row.municipality_id]["scaled"] == pytest.approx(
                row.rka_0_100, abs=self.ROOM
            )

    def test_has_the_ranks_of_the_example(self, example, spiders):
        for row in example[example["kpi"] != self.COST].itertuples():
            assert spiders[row.kpi, row.municipality_id]["rank"] == row.rank_best1

    def test_lies_where_the_example_lies_on_the_rank_scale(self, example, spiders):
        for row in example[example["kpi"] != self.COST].itertuples():
            assert spiders[row.kpi, row.municipality_id]["percentile"] == pytest.approx(
                row.pct_of_n, abs=self.ROOM
            )

    def test_places_best_quarter_middle_and_worst_quarter_as_the_example_colours_them(self, example, spiders):
        quarters = {"grön": "best_quarter", "gul": "middle", "röd": "worst_quarter"}
        for row in example[example["kpi"] != self.COST].itertuples():
            assert spiders[row.kpi, row.municipality_id]["quarter"] == quarters[row.colour_rank], row

    def test_gives_cost_no_place_since_nobody_has_said_which_way_is_good(self, example, spiders):
        for row in example[example["kpi"] == self.COST].itertuples():
            spoke = spiders[row.kpi, row.municipality_id]
            assert spoke["good_direction"] == "none"
            assert pd.isna(spoke["scaled"]) and pd.isna(spoke["rank"]) and pd.isna(spoke["quarter"])

    def test_would_place_cost_as_the_example_does_if_low_were_good(self, example, spiders):
        for row in example[example["kpi"] == self.COST].itertuples():
            spoke = spiders[row.kpi, row.municipality_id]
            low, high, value = spoke["p2_5"], spoke["p97_5"], spoke["value"]
            macro = duckdb.connect()
            macro.execute((SQL / "macros.sql").read_text(encoding="utf-8"))
            scaled = macro.execute("select scale_to_100(?, ?, ?, -1)", [value, low, high]).fetchone()[0]
            assert scaled == pytest.approx(row.rka_0_100, abs=self.ROOM)
            assert twins.scale_to_100(value, low, high, "down") == pytest.approx(row.rka_0_100, abs=self.ROOM)


@pytest.mark.skipif(
    not KOLADA_VALUES.exists(), reason="Kolada's real values lie beside the project, and are not here."
)
class TestGapsInKolada:
    """What is missing or odd in the real values is shown as what it is."""

    def test_the_spider_of_2022_says_how_few_took_part_in_the_survey(self, kolada):
        asked = comparison.spider_values(
            kolada, municipality_id=LINKOPING, year=2022, indicator_ids=("N15613", "N15643", "N15428")
        )
        n = {row["indicator_id"]: row["n"] for row in asked[asked["role"] == "own"].to_dict("records")}
        assert n["N15613"] in range(85, 150) and n["N15643"] in range(85, 150)
        assert n["N15428"] > 280

    def test_a_municipality_that_took_no_part_is_a_gap_and_not_a_zero(self, kolada):
        spread = comparison.indicator_spread(kolada, municipality_id=EKERO, indicator_id="N15613", year=2022)
        absent = spread[spread["value"].isna()]
        assert len(absent) > 100
        place = absent["municipality_id"].iloc[0]
        spoke = only_row(
            comparison.spider_values(
                kolada, municipality_id=place, year=2022, indicator_ids=("N15613",), compare_with=()
            )
        )
        assert spoke["status"] in ("Missing", "Privacy", "Not applicable")
        assert all(pd.isna(spoke[name]) for name in ("value", "scaled", "percentile", "rank", "quarter"))

    @pytest.mark.parametrize("indicator_id", ["N15571", "N15572"])
    def test_a_year_in_which_nobody_has_a_value_has_no_distribution(self, kolada, indicator_id):
        spoke = comparison.spider_values(
            kolada, municipality_id=EKERO, year=2018, indicator_ids=(indicator_id,), compare_with=("medel",)
        )
        assert len(spoke) == 2
        assert spoke["n"].isna().all() and spoke["value"].isna().all() and spoke["p50"].isna().all()
        spread = comparison.indicator_spread(
            kolada, municipality_id=EKERO, indicator_id=indicator_id, year=2018
        )
        assert len(spread) == 290
        assert spread["value"].isna().all()

    def test_a_total_outside_girls_and_boys_is_told_as_published(self, kolada):
        ale = comparison.indicator_genders(kolada, municipality_id="1440", indicator_id="N15488")
        told = {row["gender"]: row["value"] for row in ale[ale["year"] == 2017].to_dict("records")}
        assert (told["K"], told["M"], told["T"]) == pytest.approx((95.0, 95.1, 96.2), abs=0.05)

    def test_a_missing_total_beside_girls_or_boys_stays_missing(self, kolada):
        cursor = kolada.connection.cursor()
        cursor.execute(f"use {kolada.database}")
        untold = cursor.execute(
            """
            select indicator_id, municipality_id, year
            from comparison_values
            group by all
            having count(value) filter (where gender = 'T') = 0
                and count(value) filter (where gender <> 'T') > 0
            order by all
            """
        ).fetchall()
        assert untold
        for indicator_id, municipality_id, year in untold[:5]:
            genders = comparison.indicator_genders(
                kolada, municipality_id=municipality_id, indicator_id=indicator_id
            )
            now = genders[genders["year"] == year].set_index("gender")["value"]
            assert pd.isna(now["T"])
            assert now[["K", "M"]].notna().any()
            spoke = only_row(
                comparison.spider_values(
                    kolada, municipality_id=municipality_id, year=year, indicator_ids=(indicator_id,),
                    compare_with=(),
                )
            )  # fmt: skip
            assert pd.isna(spoke["value"]) and pd.isna(spoke["scaled"])
