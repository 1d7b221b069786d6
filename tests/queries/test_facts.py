"""The facts of the four real municipalities: the numbers of their documents, read through the word tables."""

from __future__ import annotations

import csv
import datetime as dt
import re
from itertools import groupby
from pathlib import Path

import duckdb
import pandas as pd
import pytest

PROJECT = Path(__file__).parents[2]
FACTS = PROJECT / "data" / "sample" / "facts"
SQL = PROJECT / "queries" / "sql"
FILES = sorted(FACTS.glob("*/*.csv"))
# A table may say "no marker" and "no status" with an empty text that is not null.
EMPTY_TEXTS = ("status", "marker")


@pytest.fixture(scope="module")
def facts() -> duckdb.DuckDBPyConnection:
    """Every fact in the tables of the data model, with the word tables and the two readings made of them."""
    connection = duckdb.connect(":memory:")
    connection.execute("create schema published")
    connection.execute("use memory.published")
    for statement in (SQL / "tables.sql").read_text(encoding="utf-8").split(";\n"):
        if "create table" in statement:
            connection.execute(statement)
    for path in FILES:
        rows = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
        rows = rows.assign(**{name: rows[name].fillna("") for name in EMPTY_TEXTS if name in rows})
        connection.register("incoming", rows)
        connection.execute(f"insert into {path.stem} by name select * from incoming")
        connection.unregister("incoming")
    for name in ("status_words", "verdict_words"):
        connection.register("incoming", pd.read_csv(PROJECT / "data" / f"{name}.csv", dtype=str))
        connection.execute(f"create table {name} as select * from incoming")
        connection.unregister("incoming")
    for name in ("action_reports", "goal_verdicts"):
        select = (SQL / "clean" / f"{name}.sql").read_text(encoding="utf-8")
        connection.execute(f"create table main.{name} as {select}")
    connection.execute("set search_path = 'memory.main,memory.published'")
    return connection


def data_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the CSV files in data."""
    with (PROJECT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tally(facts: duckdb.DuckDBPyConnection, question: str) -> dict:
    """A question with two columns, as name → number."""
    return dict(facts.execute(question).fetchall())


def status_tally(facts: duckdb.DuckDBPyConnection, municipality_id: str, where: str = "true") -> dict:
    """Actions of a municipality by canonical status."""
    return tally(
        facts,
        f"""select status, count(*) from action_reports
        join actions using (municipality_id, action_id)
        where municipality_id = '{municipality_id}' and {where} group by status""",
    )


def test_ekero_has_17_goals_of_which_7_are_met_6_partly_and_4_not(facts):
    counts = tally(
        facts, "select verdict, count(*) from goal_verdicts where municipality_id = '0125' group by verdict"
    )
    assert counts == {"met": 7, "partly": 6, "not_met": 4}


def test_ekero_names_three_met_goals_and_no_verdict_of_the_other_fourteen(facts):
    named = facts.execute(
        "select goal_id, verdict from goal_verdicts where goal_id is not null order by 1"
    ).fetchall()
    assert named == [("mal-09", "met"), ("mal-14", "met"), ("mal-universitet", "met")]
    assert facts.execute("select count(*) from goal_verdicts where goal_id is null").fetchone() == (14,)


def test_ekero_prioritises_goal_13_first_in_2021(facts):
    question = """select year, list(goal_number::integer order by goal_number::integer) from goals
        where municipality_id = '0125' and level = 'committee' and is_priority group by year"""
    assert tally(facts, question) == {2020: [1, 8, 9, 10, 14], 2021: [1, 8, 9, 10, 13, 14]}


def test_ekero_keeps_four_improvement_areas_and_renames_one(facts):
    areas = facts.execute(
        """select goal_id, count(*) as years, count(distinct name) as names from goals
        where municipality_id = '0125' and level = 'improvement_area'
        group by goal_id order by names desc, goal_id"""
    ).fetchall()
    assert areas[0] == ("omrade-ekonomi", 2, 2)
    assert [row[1:] for row in areas[1:]] == [(2, 1)] * 3


def test_ekero_gives_the_complaints_with_and_without_the_move(facts):
    events = facts.execute(
        "select label from events where municipality_id = '0125' and kind = 'excluded'"
    ).fetchall()
    assert len(events) == 1
    texts = facts.execute(
        "select text from findings where municipality_id = '0125' and theme = 'Klagomål'"
    ).fetchall()
    assert sum("Munsö" in text for (text,) in texts) == 2


def test_linkoping_has_45_actions_20_finished_22_open_and_3_closed_without_being_done(facts):
    assert status_tally(facts, "0580") == {"finished": 20, "ongoing": 13, "remaining": 9, "closed_undone": 3}


def test_linkoping_has_37_activities_by_the_words_of_the_document(facts):
    counts = tally(
        facts,
        """select status_raw, count(*) from action_reports join actions using (municipality_id, action_id)
        where municipality_id = '0580' and kind = 'activity' group by status_raw""",
    )
    assert counts.pop("Pågående") + counts.pop("Pågår") == 10
    assert counts == {"Genomfört": 17, "Kvarstår": 7, "Ej genomfört": 1, "Ej aktuellt": 2}


def test_linkoping_finished_share_depends_on_whether_what_lost_its_point_is_counted(facts):
    shares = facts.execute(
        """select
            round(100 * count(*) filter (where status = 'finished') / count(*), 1),
            round(100 * count(*) filter (where status = 'finished')
                / count(*) filter (where status_raw <> 'Ej aktuellt'), 1)
        from action_reports join actions using (municipality_id, action_id)
        where municipality_id = '0580' and kind = 'activity'"""
    ).fetchone()
    assert shares == (45.9, 48.6)


def test_linkoping_has_8_assignments_from_the_council(facts):
    assert status_tally(facts, "0580", "kind = 'assignment'") == {"finished": 3, "ongoing": 3, "remaining": 2}
    given = facts.execute(
        "select distinct kind from actions where municipality_id = '0580' and given_by is not null"
    )
    assert given.fetchall() == [("assignment",)]


def test_linkoping_keeps_the_reason_that_stands_inside_the_status(facts):
    reasons = facts.execute(
        """select status, status_reason from action_reports
        where municipality_id = '0580' and status_reason is not null"""
    ).fetchall()
    assert reasons == [("remaining", "pga Coronapandemin")]


def test_linkoping_activities_by_perspective(facts):
    counts = tally(
        facts,
        """select perspective, count(*) from actions
        where municipality_id = '0580' and kind = 'activity' group by 1""",
    )
    assert counts == {"Medborgare": 9, "Ekonomi": 6, "Verksamhet": 7, "Medarbetare": 15}


def test_linkoping_activities_by_the_report_they_were_due_in(facts):
    rows = facts.execute(
        """select due_report_point, count(*), count(*) filter (where status = 'finished')
        from action_reports join actions using (municipality_id, action_id)
        where municipality_id = '0580' and kind = 'activity' group by 1 order by 1"""
    ).fetchall()
    assert rows[:2] == [("Delrapport 1", 1, 1), ("Delrapport 2", 12, 3)]
    assert rows[2][:2] == ("Verksamhetsberättelse", 24)


def test_linkoping_has_the_same_goal_name_under_two_perspectives(facts):
    rows = facts.execute(
        """select perspective from goals
        where municipality_id = '0580' and name = 'Likvärdiga möjligheter' order by 1"""
    ).fetchall()
    assert rows == [("Medborgare",), ("Verksamhet",)]


def test_pitea_has_9_areas_6_ongoing_2_not_started_and_1_finished(facts):
    assert status_tally(facts, "2581") == {"ongoing": 6, "not_started": 2, "finished": 1}


def test_pitea_has_one_late_area_on_the_day_of_the_report(facts):
    late = facts.execute(
        """select action_id, due_date from action_reports where municipality_id = '2581'
        and status not in ('finished', 'closed_undone') and due_date < report_date"""
    ).fetchall()
    assert late == [("lokalansvar", dt.date(2017, 12, 31))]


def test_pitea_promises_nine_report_backs_for_eight_areas_in_june_2018(facts):
    promised = facts.execute(
        """select count(*), min(due_date), max(due_date) from committee_items
        where municipality_id = '2581' and kind = 'promise'"""
    ).fetchone()
    assert promised == (9, dt.date(2018, 6, 30), dt.date(2018, 6, 30))
    assert facts.execute("select count(report_back_date) from action_reports").fetchone() == (8,)


def test_pitea_keeps_deadline_and_evaluation_apart(facts):
    row = facts.execute(
        "select due_date, evaluation_date from action_reports where action_id = 'ekonomistod'"
    ).fetchone()
    assert row == (dt.date(2018, 3, 31), dt.date(2018, 10, 31))


def test_on_schedule_leaves_no_reason_beside_a_comment_that_tells_of_delay(facts):
    row = facts.execute(
        "select status, status_reason, comment from action_reports where action_id = 'kvalitetsarbete'"
    ).fetchone()
    assert row[:2] == ("ongoing", None)
    assert "dröjt" in row[2]


def test_osteraker_repeats_six_remarks_in_two_school_years_without_any_effect(facts):
    rows = facts.execute(
        """select theme, list(year order by year), count(effect) from findings
        where municipality_id = '0117' and kind = 'weakness' group by theme"""
    ).fetchall()
    themes = {"Lokaler", "Utemiljö", "Studiero", "Frånvaro", "Andel förskollärare", "Kompetensutveckling"}
    assert {theme for theme, _, _ in rows} == themes
    assert all(years == [2019, 2020] and effects == 0 for _, years, effects in rows)


def test_osteraker_raises_the_result_requirement_by_one_point_a_year_to_three(facts):
    question = "select year, requirement_percent from unit_results where municipality_id = '0117'"
    assert tally(facts, question) == {2019: 1, 2020: 2, 2021: 3}


def test_osteraker_aims_at_no_more_than_5_2_children_per_post(facts):
    row = facts.execute(
        "select operator, target_value, unit_id from targets where indicator_id = 'L09'"
    ).fetchone()
    assert row == ("<=", 5.2, None)


def test_osteraker_never_treated_the_quality_report_of_2018_19(facts):
    rows = facts.execute(
        """select report_id from reports where municipality_id = '0117'
        and treated_date is null and decision is null"""
    ).fetchall()
    assert rows == [("ska-2018-19",)]


def test_a_report_is_called_never_treated_in_osteraker_alone(facts):
    rows = facts.execute(
        """select municipality_id, count(*), count(*) filter (where treated_date is null and decision is null)
        from reports group by 1 order by 1"""
    ).fetchall()
    assert rows == [("0117", 3, 1), ("0125", 2, 0), ("0580", 1, 0), ("2581", 4, 0)]


def test_osteraker_names_registration_number_and_paragraph_of_all_that_was_raised(facts):
    rows = facts.execute("select reference from committee_items where municipality_id = '0117'").fetchall()
    assert rows
    assert all("Dnr PU 2020/" in reference and "§ 11:" in reference for (reference,) in rows)


def test_four_municipalities_have_documents_and_the_others_are_only_compared_with(facts):
    rows = facts.execute(
        "select municipality_id, name, kind, has_own_data from municipalities order by 1"
    ).fetchall()
    assert [name for _, name, _, has_own_data in rows if has_own_data] == [
        "Österåker",
        "Ekerö",
        "Linköping",
        "Piteå",
    ]
    assert [name for _, name, kind, _ in rows if kind == "country"] == ["Riket"]
    members = facts.execute("select distinct member_id from municipality_groups").fetchall()
    assert {code for (code,) in members} <= {code for code, _, _, _ in rows}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_row_names_a_source_that_is_described(facts, path):
    rows = pd.read_csv(path, dtype=str)
    known = {source_id for (source_id,) in facts.execute("select source_id from sources").fetchall()}
    if "source_id" in rows:
        assert set(rows["source_id"]) <= known
    else:
        assert path.stem in ("municipalities", "goal_indicators")


def test_every_reference_leads_somewhere(facts):
    for child, column, parent in [
        ("action_reports", "action_id", "actions"),
        ("actions", "goal_id", "goals"),
        ("goal_verdicts", "goal_id", "goals"),
        ("goal_indicators", "goal_id", "goals"),
        ("findings", "unit_id", "units"),
    ]:
        lost = facts.execute(
            f"""select {column} from {child} where {column} is not null
            and (municipality_id, {column}) not in (select (municipality_id, {column}) from {parent})"""
        ).fetchall()
        assert lost == [], (child, column)


def test_reading_the_words_gives_one_row_per_published_row(facts):
    for name in ("action_reports", "goal_verdicts"):
        both = facts.execute(
            f"select (select count(*) from main.{name}), (select count(*) from published.{name})"
        ).fetchone()
        assert both[0] == both[1]


def test_every_status_and_verdict_of_the_documents_is_a_known_word(facts):
    assert facts.execute("select count(*) from action_reports where status = 'unknown'").fetchone() == (0,)
    assert facts.execute("select count(*) from goal_verdicts where verdict = 'not_assessed'").fetchone() == (
        0,
    )


def test_verdict_words_stand_once_and_in_normal_form():
    words = pd.read_csv(PROJECT / "data" / "verdict_words.csv", dtype=str)
    assert words["word"].is_unique
    assert (words["word"] == words["word"].str.casefold().str.strip(" .")).all()
    assert set(words["verdict"]) == {"met", "partly", "not_met", "not_assessed"}


@pytest.mark.parametrize(
    ("raw", "verdict", "reason"),
    [
        ("Uppfyllt", "met", None),
        ("Delvis uppfyllt", "partly", None),
        ("Inte uppfyllda", "not_met", None),
        ("Ej uppnåtts.", "not_met", None),
        ("Inte helt uppnått", "partly", None),
        ("Kan inte bedömas: proven ställdes in", "not_assessed", "proven ställdes in"),
        ("Hoppfullt", "not_assessed", None),
    ],
)
def test_a_verdict_word_is_read_as_the_reader_means_it(raw, verdict, reason):
    connection = duckdb.connect(":memory:")
    connection.execute("create schema published")
    rows = pd.DataFrame(
        {"municipality_id": ["0001"], "verdict_id": ["1"], "year": [2020], "verdict_raw": [raw]}
    )
    words = pd.read_csv(PROJECT / "data" / "verdict_words.csv", dtype=str)
    added = pd.DataFrame(columns=["kind", "word", "meaning"], dtype="str")
    for name, table in (("goal_verdicts", rows), ("verdict_words", words), ("added_words", added)):
        connection.register("incoming", table)
        connection.execute(f"create table published.{name} as select * from incoming")
    select = (SQL / "clean" / "goal_verdicts.sql").read_text(encoding="utf-8")
    assert connection.execute(f"select verdict, verdict_reason from ({select})").fetchall() == [
        (verdict, reason)
    ]


def test_every_indicator_row_is_complete_and_its_short_name_fits_a_spoke():
    with (PROJECT / "data" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rates = {row["rate_id"] for row in data_rows("surveys")}
    assert len({row["indicator_id"] for row in rows}) == len({row["short_name"] for row in rows}) == len(rows)
    for row in rows:
        assert all(row.values()), row
        assert len(row["short_name"]) <= 15
        assert row["good_direction"] in ("up", "down", "none")
        assert row["value_kind"] in ("share", "mean", "amount")
        # A response rate is as old as its survey, and tells nothing of what anybody answered.
        is_answers = row["period"] == "survey" and row["indicator_id"] not in rates
        assert row["is_survey"] == ("true" if is_answers else "false"), row
        assert row["indicator_id"] not in rates or (row["period"], row["value_kind"]) == ("survey", "amount")
        assert re.fullmatch(r"[NULASE]\d+", row["indicator_id"])


def test_every_break_names_a_known_indicator_once_a_year_and_where_it_is_told():
    breaks = data_rows("series_breaks")
    known = {row["indicator_id"] for row in data_rows("indicators")}
    assert {row["indicator_id"] for row in breaks} <= known
    assert len({(row["indicator_id"], row["year"]) for row in breaks}) == len(breaks) > 0
    for row in breaks:
        assert re.fullmatch(r"20\d\d", row["year"])
        assert row["note"].endswith(".") and len(row["note"]) <= 120
        assert row["source"]


def test_no_spoke_of_a_profile_is_a_series_that_has_ended():
    titles = {row["indicator_id"]: row["title"] for row in data_rows("indicators")}
    spokes = {titles[row["indicator_id"]] for row in data_rows("profiles")}
    assert [title for title in spokes if re.search(r"\(- ?\d{4}\)", title)] == []


def test_a_profile_has_four_to_twelve_spokes_of_which_four_can_be_valued_and_each_population_stands_together():
    own = {row["indicator_id"]: row for row in data_rows("indicators")}
    profiles: dict[str, list[dict[str, str]]] = {}
    for row in data_rows("profiles"):
        profiles.setdefault(row["profile_title"], []).append(own[row["indicator_id"]])
    assert {"Grundskola", "Förskola", "Gymnasieskola", "Trygghet och studiero"} <= set(profiles)
    assert {"Personal", "KKiK Barn och unga", "Resurser", "Elever i hemkommunen"} <= set(profiles)
    for title, spokes in profiles.items():
        assert 4 <= len(spokes) <= 12, title
        assert sum(row["good_direction"] != "none" for row in spokes) >= 4, title
        populations = [name for name, _ in groupby(row["population"] for row in spokes)]
        assert len(populations) == len(set(populations)), title


def test_what_a_pupil_costs_is_never_good_or_bad():
    costs = [row for row in data_rows("indicators") if row["unit"] in ("kr/elev", "kr/barn")]
    assert {row["good_direction"] for row in costs} == {"none"}


def test_profiles_hold_known_indicators_in_unbroken_order():
    profiles = pd.read_csv(PROJECT / "data" / "profiles.csv", dtype={"indicator_id": str})
    indicators = pd.read_csv(PROJECT / "data" / "indicators.csv", dtype=str)
    assert set(profiles["indicator_id"]) <= set(indicators["indicator_id"])
    for _, group in profiles.groupby("profile_id"):
        assert group["position"].tolist() == list(range(1, len(group) + 1))
        assert group["profile_title"].nunique() == 1
