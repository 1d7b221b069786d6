"""The invented municipality: the same every time, whole in itself, with the faults it should have."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter

import duckdb
import numpy as np
import pandas as pd
import pytest

from queries.intake.example import PLANTED, PLANTED_DISAGREEMENTS, example_tables
from queries.intake.example.frames import TABLES_SQL, columns
from queries.intake.example.goals import PATHS
from queries.versions import DATA

Tables = dict[str, pd.DataFrame]
COUNTED = ("N15419", "N15436", "N15485", "N15488", "L01", "L02", "L05", "L06", "L07", "L18", "N15613")


@pytest.fixture(scope="module")
def tables() -> Tables:
    return example_tables()


@pytest.fixture(scope="module")
def database(tables: Tables) -> duckdb.DuckDBPyConnection:
    """Every frame in a table made from tables.sql; a broken key or check fails here."""
    connection = duckdb.connect(":memory:")
    for statement in TABLES_SQL.read_text(encoding="utf-8").split(";\n"):
        connection.execute(statement)
    for name, rows in tables.items():
        connection.register("incoming", rows)
        connection.execute(f"insert into {name} by name select * from incoming")
        connection.unregister("incoming")
    return connection


def one(database: duckdb.DuckDBPyConnection, question: str) -> object:
    """The single value that a question answers."""
    row = database.execute(question).fetchone()
    assert row is not None
    return row[0]


def statuses(tables: Tables, action_id: str) -> list[dict[str, object]]:
    """The reports of one action, oldest first."""
    reports = tables["action_reports"]
    return reports[reports["action_id"] == action_id].sort_values("report_date").to_dict("records")


def rule(name: str) -> list[str]:
    return [action_id for action_id, planted in PLANTED if planted == name]


def test_the_same_seed_gives_the_same_tables(tables: Tables) -> None:
    again = example_tables()
    for name, rows in tables.items():
        pd.testing.assert_frame_equal(rows, again[name])


def test_another_seed_gives_other_outcomes_and_the_same_faults(tables: Tables) -> None:
    other = example_tables(seed=7)
    assert not other["outcomes"]["value"].equals(tables["outcomes"]["value"])
    assert {action_id for action_id, _ in PLANTED} <= set(other["actions"]["action_id"])
    assert verdict_words(other, 2026) == verdict_words(tables, 2026)


def test_every_table_of_the_data_model_has_rows_and_all_its_columns(
    tables: Tables, database: duckdb.DuckDBPyConnection
) -> None:
    assert list(tables) == list(columns())
    for name, rows in tables.items():
        assert list(rows.columns) == list(columns()[name])
        assert one(database, f"select count(*) from {name}") == len(rows)
    # Words are explained by analysts, and no publisher has a list of invented indicators.
    assert [name for name, rows in tables.items() if rows.empty] == ["added_words", "indicator_register"]


@pytest.mark.parametrize(
    ("table", "column", "target", "key"),
    [
        ("unit_names", "unit_id", "units", "unit_id"),
        ("units", "successor_unit_id", "units", "unit_id"),
        ("municipality_groups", "member_id", "municipalities", "municipality_id"),
        ("comparison_values", "municipality_id", "municipalities", "municipality_id"),
        ("goals", "parent_goal_id", "goals", "goal_id"),
        ("goal_indicators", "goal_id", "goals", "goal_id"),
        ("actions", "goal_id", "goals", "goal_id"),
        ("action_reports", "action_id", "actions", "action_id"),
        ("findings", "action_id", "actions", "action_id"),
        *(
            (table, "unit_id", "units", "unit_id")
            for table in (
                "goal_verdicts", "targets", "outcomes", "actions", "findings", "events", "monthly_values",
                "unit_results", "agreements",
            )
        ),
        *(
            (table, "source_id", "sources", "source_id")
            for table, kinds in columns().items()
            if "source_id" in kinds
        ),
    ],
)  # fmt: skip
def test_every_reference_leads_somewhere(
    tables: Tables, table: str, column: str, target: str, key: str
) -> None:
    assert set(tables[table][column].dropna()) <= set(tables[target][key])


def test_every_indicator_is_in_the_register_of_indicators(tables: Tables) -> None:
    with (DATA / "indicators.csv").open(encoding="utf-8") as file:
        known = {row["indicator_id"] for row in csv.DictReader(file)}
    for name, rows in tables.items():
        if "indicator_id" in rows:
            assert set(rows["indicator_id"].dropna()) <= known, name


def test_every_row_without_key_columns_is_still_told_apart(tables: Tables) -> None:
    outcomes = tables["outcomes"]
    assert not outcomes.duplicated(["indicator_id", "unit_id", "year", "gender", "operator"]).any()
    assert not tables["targets"].duplicated(["indicator_id", "unit_id", "year"]).any()
    assert not tables["unit_results"].duplicated(["unit_id", "year"]).any()


def test_everything_says_that_it_is_invented(tables: Tables) -> None:
    sources = tables["sources"]
    assert sources["source_id"].str.startswith("exempel-").all()
    assert sources["title"].str.startswith("Påhittade uppgifter").all()
    assert set(tables["municipalities"]["register"]) == {"exempel"}


def test_units_have_the_shape_of_a_small_municipality(tables: Tables) -> None:
    units = tables["units"]
    assert Counter(units["school_form"]) == {"forskola": 18, "grundskola": 11, "gymnasieskola": 1}
    assert units["unit_id"].str.fullmatch(r"\d{8}").all()
    assert units["unit_id"].str.startswith("0").any()
    assert units["closed_year"].notna().sum() == 1
    assert Counter(tables["unit_names"]["unit_id"]).most_common(1)[0][1] == 2


def persons(tables: Tables, indicator_id: str) -> pd.DataFrame:
    rows = tables["outcomes"]
    return rows[(rows["indicator_id"] == indicator_id) & (rows["marker"] == "")]


@pytest.mark.parametrize("indicator_id", COUNTED)
def test_girls_and_boys_are_everyone(tables: Tables, indicator_id: str) -> None:
    rows = persons(tables, indicator_id).assign(unit_id=lambda found: found["unit_id"].fillna("alla"))
    by_gender = rows.pivot_table(index=["unit_id", "year"], columns="gender", values="n", aggfunc="sum")
    assert (by_gender["T"] == by_gender["K"].fillna(0) + by_gender["M"].fillna(0)).all()


@pytest.mark.parametrize("indicator_id", [*COUNTED, "L12", "L15", "N15505", "N15820"])
def test_the_municipality_is_the_sum_of_its_units(tables: Tables, indicator_id: str) -> None:
    rows = persons(tables, indicator_id)
    whole = rows[rows["unit_id"].isna()].set_index(["year", "gender"])["n"]
    units = rows[rows["unit_id"].notna()].groupby(["year", "gender"])["n"].sum()
    assert whole.sort_index().to_dict() == units.sort_index().to_dict()


@pytest.mark.parametrize("indicator_id", [*COUNTED, "L12"])
def test_shares_come_from_whole_persons_that_add_up(tables: Tables, indicator_id: str) -> None:
    rows = persons(tables, indicator_id)
    n = rows["n"].astype(float)
    counts = (rows["value"] * n / 100).round()
    units = counts[rows["unit_id"].notna()].groupby([rows["year"], rows["gender"]]).sum()
    whole = counts[rows["unit_id"].isna()].groupby([rows["year"], rows["gender"]]).sum()
    # One decimal tells the exact number of persons up to 1 000 of them, and within one up to 3 000.
    allowed = n[rows["unit_id"].isna()].groupby([rows["year"], rows["gender"]]).sum() // 1000
    assert ((units - whole).abs() <= allowed).all()
    assert np.allclose(rows["value"], 100 * counts / n, atol=0.051)


def test_sick_leave_of_the_municipality_is_that_of_its_units_weighted_by_posts(tables: Tables) -> None:
    rows = persons(tables, "L15").assign(part=lambda found: found["value"] * found["n"].astype(float))
    units = rows[rows["unit_id"].notna()].groupby("year")[["part", "n"]].sum()
    whole = rows[rows["unit_id"].isna()].set_index("year")["value"]
    assert np.allclose(whole.sort_index(), units["part"] / units["n"], atol=0.1)
    assert units["n"].min() > 400


def test_small_groups_occur_that_the_privacy_gate_must_hide(tables: Tables) -> None:
    rows = tables["outcomes"]
    small = rows[rows["unit_id"].notna() & rows["n"].between(1, 9) & (rows["marker"] == "")]
    assert len(small) > 50


def test_a_cancelled_test_has_no_value_and_says_why(tables: Tables) -> None:
    rows = tables["outcomes"]
    cancelled = rows[rows["indicator_id"].isin(["L07", "L08"]) & (rows["year"] == 2021)]
    assert set(cancelled["marker"]) == {"cancelled"}
    assert set(cancelled["note"]) == {"Nationella prov genomfördes inte 2021"}
    assert cancelled["value"].isna().all()


def test_complaints_without_the_move_are_fewer_in_the_year_of_the_move(
    database: duckdb.DuckDBPyConnection,
) -> None:
    difference = """
        select a.value - b.value
        from outcomes as a
        join outcomes as b using (year)
        where a.indicator_id = 'L13' and b.indicator_id = 'L14' and a.unit_id is null and b.unit_id is null
            and year = {year}
    """
    assert one(database, difference.format(year=2024)) > 0
    assert one(database, difference.format(year=2021)) == 0


def test_capital_passes_from_year_to_year_without_loss(tables: Tables) -> None:
    rows = tables["unit_results"].assign(unit_id=lambda found: found["unit_id"].fillna("alla"))
    for _, years in rows.sort_values("year").groupby("unit_id"):
        closing = (years["opening_capital"] + years["result"] - years["disposed"]).iloc[:-1]
        assert closing.tolist() == years["opening_capital"].iloc[1:].tolist()


def test_some_units_miss_their_result_requirement_and_some_keep_it(tables: Tables) -> None:
    rows = tables["unit_results"]
    missed = rows["result"] < rows["turnover"] * rows["requirement_percent"] / 100
    assert 0.1 < missed[rows["unit_id"].notna()].mean() < 0.7


def test_some_months_are_missing_for_some_units(tables: Tables) -> None:
    rows = tables["monthly_values"]
    rows = rows[rows["kind"] == "outcome"]
    reported = rows.groupby(["unit_id", "month"])["dimension"].nunique()
    months, units = rows["month"].nunique(), rows["unit_id"].nunique()
    assert (months, units) == (22, 29)
    assert len(reported) < months * units
    assert (reported < 4).any()


def test_a_forecast_is_of_the_whole_year_and_budgets_are_known_beforehand(tables: Tables) -> None:
    rows = tables["monthly_values"]
    costs = rows[rows["measure"] == "kostnad"].assign(
        year=[month.year for month in rows.loc[rows["measure"] == "kostnad", "month"]]
    )
    budgets = costs[costs["kind"] == "budget"].groupby(["unit_id", "year"])["value"].agg(["sum", "count"])
    assert set(budgets["count"]) == {12}
    forecasts = costs[costs["kind"] == "forecast"].join(budgets["sum"], on=["unit_id", "year"])
    assert (forecasts["value"] / forecasts["sum"]).between(0.9, 1.1).all()


def verdict_words(tables: Tables, year: int) -> Counter[str]:
    rows = tables["goal_verdicts"]
    known = {"Målet är uppfyllt": "Uppnått"}
    words = rows[(rows["year"] == year) & rows["unit_id"].isna()]["verdict_raw"]
    return Counter(known.get(word, word) for word in words)


def test_the_newest_year_has_goals_of_every_verdict(tables: Tables) -> None:
    expected = {"Uppnått": 5, "Delvis uppnått": 4, "Ej uppnått": 2, "Ej bedömt": 1}
    assert verdict_words(tables, 2026) == expected


def test_goals_are_renamed_dropped_added_and_merged_over_the_years(tables: Tables) -> None:
    goals = tables["goals"]
    committee = goals[goals["level"] == "committee"]
    assert set(committee.groupby("year").size()) == {11, 12}
    assert (committee.groupby("goal_id")["name"].nunique() == 2).sum() == 1
    years = committee.groupby("goal_id")["year"].agg(set)
    assert sum(max(found) == 2022 for found in years) == 1
    assert sum(min(found) == 2024 for found in years) == 1
    areas = goals[goals["level"] == "improvement_area"]
    assert set(areas.groupby("year").size()) == {4}
    assert goals["description"].str.contains("Slår samman", na=False).any()


def test_one_goal_has_no_indicator_and_one_an_indicator_without_values(tables: Tables) -> None:
    goals, linked = tables["goals"], tables["goal_indicators"]
    current = set(goals[(goals["level"] == "committee") & (goals["year"] == 2026)]["goal_id"])
    assert len(current - set(linked["goal_id"])) == 1
    measured = set(tables["outcomes"].dropna(subset=["value"])["indicator_id"])
    assert set(linked["indicator_id"]) - measured == {"N15644"}


def reached(tables: Tables, goal_id: str, year: int) -> list[bool]:
    """Whether each indicator of a goal with a value and a target reached it."""
    targets, outcomes = tables["targets"], tables["outcomes"]
    answers = []
    for indicator_id in tables["goal_indicators"].query("goal_id == @goal_id")["indicator_id"]:
        same = (
            (targets["indicator_id"] == indicator_id) & (targets["year"] == year) & targets["unit_id"].isna()
        )
        found = (
            (outcomes["indicator_id"] == indicator_id)
            & (outcomes["year"] == year)
            & (outcomes["gender"] == "T")
        )
        value = outcomes[found & outcomes["unit_id"].isna()]["value"].dropna()
        if len(value) and same.any():
            target = targets[same]["target_value"].item()
            answers.append(
                value.item() >= target if PATHS[indicator_id].operator == ">=" else value.item() <= target
            )
    return answers


def test_only_the_planted_verdicts_disagree_with_the_outcomes(tables: Tables) -> None:
    differing = set()
    rows = tables["goal_verdicts"]
    for goal_id, year, word in rows[rows["unit_id"].isna()][["goal_id", "year", "verdict_raw"]].itertuples(
        index=False
    ):
        answers = reached(tables, goal_id, year)
        if answers:
            computed = "Uppnått" if all(answers) else "Delvis uppnått" if any(answers) else "Ej uppnått"
            if computed != {"Målet är uppfyllt": "Uppnått"}.get(word, word):
                differing.add((goal_id, year))
    assert differing == set(PLANTED_DISAGREEMENTS)


def test_status_words_are_known_except_one(tables: Tables) -> None:
    with (DATA / "status_words.csv").open(encoding="utf-8") as file:
        known = tuple(row["word"] for row in csv.DictReader(file))
    unknown = {word for word in tables["action_reports"]["status_raw"] if not word.lower().startswith(known)}
    assert unknown == {"Parkerad"}


def test_a_schedule_that_holds_in_words_has_moved(tables: Tables) -> None:
    assert len(rule("on_schedule_but_moved")) == 3
    for action_id in rule("on_schedule_but_moved"):
        first, last = statuses(tables, action_id)
        assert "enligt tidsplan" in str(last["status_raw"])
        assert (first["due_date"], first["due_report_point"]) != (last["due_date"], last["due_report_point"])


def test_something_remains_of_what_is_called_done(tables: Tables) -> None:
    assert len(rule("done_but_remains")) == 2
    for action_id in rule("done_but_remains"):
        last = statuses(tables, action_id)[-1]
        assert last["status_raw"] == "Genomfört"
        assert any(word in str(last["comment"]) for word in ("kvarstår", "återstår"))


def test_what_is_open_past_its_time_has_no_new_time(tables: Tables) -> None:
    points = {(row.year, row.report_point): row.point_date for row in tables["report_points"].itertuples()}
    assert len(rule("open_without_new_date")) == 2
    for action_id in rule("open_without_new_date"):
        first, last = statuses(tables, action_id)
        assert first["due_date"] == last["due_date"] or pd.isna(last["due_date"])
        due = points.get((last["year"], last["due_report_point"]), last["due_date"])
        assert isinstance(due, dt.date) and isinstance(last["report_date"], dt.date)
        assert due < last["report_date"]


def test_what_remains_or_was_not_done_lacks_its_reason(tables: Tables) -> None:
    assert len(rule("reason_missing")) == 2
    for action_id in rule("reason_missing"):
        last = statuses(tables, action_id)[-1]
        assert last["status_raw"] in ("Kvarstår", "Ej genomfört")
        assert pd.isna(last["comment"])


def test_what_the_committee_declined_says_so(tables: Tables) -> None:
    (action_id,) = rule("closed_by_decision")
    last = statuses(tables, action_id)[-1]
    assert last["status_raw"] == "Ej genomfört"
    assert "Nämnden beslutade" in str(last["comment"])


def test_one_text_stands_under_two_areas(tables: Tables) -> None:
    actions = tables["actions"].set_index("action_id")
    pair = actions.loc[rule("same_text_two_areas")]
    assert pair["title"].nunique() == 1
    assert pair["area"].nunique() == 2
    assert actions["title"].duplicated().sum() == 1


def test_something_done_is_due_later(tables: Tables) -> None:
    (action_id,) = rule("status_and_date_disagree")
    last = statuses(tables, action_id)[-1]
    assert last["status_raw"] == "Genomfört"
    assert isinstance(last["due_date"], dt.date) and isinstance(last["report_date"], dt.date)
    assert last["due_date"] > last["report_date"]


@pytest.mark.parametrize("seed", [2026, 7])
def test_actions_drawn_at_random_do_not_contradict_themselves(seed: int) -> None:
    tables = example_tables(seed)
    planted = {action_id for action_id, _ in PLANTED}
    reports = tables["action_reports"].assign(
        due=lambda found: found["due_date"].astype("object").fillna(found["due_report_point"])
    )
    for action_id, rows in reports[~reports["action_id"].isin(planted)].groupby("action_id"):
        last = rows.sort_values("report_date").iloc[-1]
        is_on_schedule = rows["status_raw"].str.contains("enligt tidsplan")
        is_open = ~rows["status_raw"].str.startswith(("Genomfört", "Ej genomfört", "Ej aktuellt"))
        assert rows.loc[is_on_schedule, "due"].isin([rows["due"].iloc[0]]).all(), action_id
        assert not (is_open & (rows["due_date"].fillna(dt.date.max) < rows["report_date"])).any(), action_id
        assert last["status_raw"] not in ("Kvarstår",) or last["comment"], action_id


def test_there_are_about_forty_actions_in_each_of_the_last_three_years(tables: Tables) -> None:
    years = Counter(tables["actions"]["year"])
    assert all(38 <= years[year] <= 44 for year in (2024, 2025, 2026))
    assert all(years[year] < 30 for year in (2022, 2023))


def test_remarks_stand_in_a_row_with_and_without_a_gap(tables: Tables) -> None:
    remarks = tables["findings"].query("kind == 'weakness'").groupby("theme")["year"].agg(set)
    assert len(remarks) == 8
    assert any(years == set(range(2021, 2027)) for years in remarks)
    assert any(2024 not in years and {2023, 2025} <= years for years in remarks)
    assert 0 < tables["findings"]["effect"].notna().sum() < 0.2 * len(tables["findings"])


def test_one_report_was_never_treated_and_some_questions_never_answered(tables: Tables) -> None:
    assert tables["reports"]["treated_date"].isna().sum() == 1
    assert tables["committee_items"]["answered_date"].isna().sum() >= 3
    assert tables["agreements"]["outcome"].isna().any()


def test_the_municipality_compares_with_its_own_outcomes(tables: Tables) -> None:
    own = (
        tables["comparison_values"]
        .query("municipality_id == '9901'")
        .set_index(["indicator_id", "year", "gender"])
    )
    outcomes = tables["outcomes"]
    whole = (
        outcomes[outcomes["unit_id"].isna()].set_index(["indicator_id", "year", "gender"])["value"].dropna()
    )
    known = own["value"].dropna()
    assert len(known) > 300
    assert (whole.loc[known.index] == known).all()
    assert set(own["status"]) == {"", "Missing", "Privacy", "Not applicable"}


def test_distributions_hold_the_invented_municipalities_and_not_the_country(tables: Tables) -> None:
    values = tables["comparison_values"].query("municipality_id != '9900'").dropna(subset=["value"])
    grouped = values.groupby(["indicator_id", "year", "gender"])["value"]
    for row in tables["comparison_distributions"].itertuples():
        found = grouped.get_group((row.indicator_id, row.year, row.gender))
        assert row.n == len(found) <= 41
        assert row.p25 == pytest.approx(np.percentile(found, 25), abs=1e-3)
        assert row.p97_5 == pytest.approx(np.percentile(found, 97.5), abs=1e-3)
        assert row.mean == pytest.approx(found.mean(), abs=1e-3)


def test_ranks_count_the_municipalities_above_and_below(tables: Tables) -> None:
    rows = tables["comparison_values"].query("indicator_id == 'N15419' and year == 2026 and gender == 'T'")
    others = rows[rows["municipality_id"] != "9900"]["value"].dropna()
    for row in rows.dropna(subset=["value"]).itertuples():
        assert row.count_higher == (others > row.value).sum()
        assert row.count_lower == (others < row.value).sum()


def test_both_genders_together_lie_between_girls_and_boys(tables: Tables) -> None:
    wide = tables["comparison_values"].pivot_table(
        index=["indicator_id", "municipality_id", "year"], columns="gender", values="value"
    ).dropna()  # fmt: skip
    assert (wide["T"] <= wide[["K", "M"]].max(axis=1) + 0.1).all()
    assert (wide["T"] >= wide[["K", "M"]].min(axis=1) - 0.1).all()


def test_groups_have_seven_similar_municipalities_a_county_and_one_of_our_own(tables: Tables) -> None:
    groups = tables["municipality_groups"].groupby("kind")["member_id"].agg(set)
    assert set(groups.index) == {"similar", "county", "own"}
    assert len(groups["similar"]) == 7
    assert "9901" not in groups["similar"]


def data_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the CSV files in data."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def newest_position(tables: Tables, goal_id: str, indicator_id: str) -> tuple[str, str]:
    """The verdict on a goal in 2026, and whether the municipality lies above or below the mean of the similar ones."""
    values = tables["comparison_values"].query("indicator_id == @indicator_id and gender == 'T'")
    own = values.query("municipality_id == '9901'").dropna(subset=["value"]).nlargest(1, "year").iloc[0]
    similar = set(tables["municipality_groups"].query("kind == 'similar'")["member_id"])
    there = values[values["municipality_id"].isin(similar) & (values["year"] == own["year"])]["value"]
    verdicts = tables["goal_verdicts"].query("goal_id == @goal_id and year == 2026")
    (word,) = verdicts[verdicts["unit_id"].isna()]["verdict_raw"]
    return word, "above" if own["value"] > there.mean() else "below"


def test_every_spoke_of_every_profile_is_compared_among_all_invented_municipalities(tables: Tables) -> None:
    values = tables["comparison_values"].query("gender == 'T'")
    places = values.groupby("indicator_id")["municipality_id"].nunique()
    spokes = {row["indicator_id"] for row in data_rows("profiles")}
    assert {indicator_id: places[indicator_id] for indicator_id in spokes} == dict.fromkeys(spokes, 42)
    assert (values.groupby("indicator_id")["value"].count().loc[sorted(spokes)] > 80).all()


def test_girls_and_boys_are_compared_exactly_where_kolada_has_them(tables: Tables) -> None:
    register = data_rows("sample/facts/kolada/indicator_register")
    by_gender = {row["indicator_id"] for row in register if row["is_by_gender"] == "true"}
    values = tables["comparison_values"]
    assert set(values[values["gender"] != "T"]["indicator_id"]) == by_gender & set(values["indicator_id"])


def test_a_series_that_has_ended_is_not_invented_further(tables: Tables) -> None:
    register = data_rows("sample/facts/kolada/indicator_register")
    ended = {row["indicator_id"]: int(row["ended_year"]) for row in register if row["ended_year"]}
    values = tables["comparison_values"].dropna(subset=["value"]).groupby("indicator_id")["year"].max()
    assert {indicator_id: values[indicator_id] for indicator_id in ended} == ended


def test_a_goal_is_met_though_similar_municipalities_are_better_and_one_is_not_though_they_are_worse(
    tables: Tables,
) -> None:
    word, place = newest_position(tables, "N07", "N17461")
    assert (word in ("Uppnått", "Målet är uppfyllt"), place) == (True, "below")
    assert newest_position(tables, "N10", "U15200") == ("Ej uppnått", "above")


def test_a_missing_value_of_another_municipality_has_each_of_koladas_reasons(tables: Tables) -> None:
    others = tables["comparison_values"].query("municipality_id not in ('9900', '9901')")
    assert set(others["status"]) == {"", "Missing", "Privacy", "Not applicable"}
    without = others[others["status"] == "Not applicable"]
    assert without["municipality_id"].nunique() == 7
    costs = others.query("indicator_id == 'N15008' and year == 2025 and status == 'Missing'")
    assert costs["municipality_id"].tolist() == ["9938"]


def test_a_way_of_counting_changed_for_an_indicator_that_is_compared(tables: Tables) -> None:
    changed = set(tables["events"].query("kind == 'new_method'")["indicator_id"])
    assert changed & set(tables["comparison_values"]["indicator_id"]) == {"N15034"}


def test_most_spokes_of_compulsory_school_have_a_target(tables: Tables) -> None:
    targets = tables["targets"]
    decided = set(targets[targets["unit_id"].isna() & (targets["year"] == 2026)]["indicator_id"])
    spokes = {row["indicator_id"] for row in data_rows("profiles") if row["profile_id"] == "grundskola"}
    assert len(spokes & decided) >= 6
