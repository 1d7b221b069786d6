"""What reports say against themselves: every planted case and nothing else, and the numbers of real documents."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries import contradictions
from queries.connection import Exports
from queries.intake.base import open_base
from queries.intake.example import PLANTED, example_tables
from queries.intake.readers import plans
from queries.intake.reading import PLACE, Options
from queries.places import years
from queries.versions import DATA, EMBEDDED, Store
from tests import action_twins
from tests.queries.intake.books import book_of_file
from tests.queries.test_twins import HOME, MADE_UP, action_tables, of_two_municipalities, only, tables_of

EXAMPLE, LINKOPING, PITEA = "9901", "0580", "2581"
RULES = [
    "on_schedule_but_moved",
    "done_but_remains",
    "open_without_new_date",
    "reason_missing",
    "closed_by_decision",
    "same_text_two_areas",
    "status_and_date_disagree",
]
DAY = {"action_id": "a", "municipality_id": HOME, "report_name": "Rapport", "source_id": "k"}


def found_in(exports: Exports, municipality_id: str, of_years: Iterable[int]) -> set[tuple[str, str]]:
    """(action_id, rule_id) over several years."""
    found = [
        contradictions.contradictions(exports, municipality_id=municipality_id, year=year)
        for year in of_years
    ]
    return {pair for rows in found for pair in zip(rows["action_id"], rows["rule_id"], strict=True)}


@pytest.fixture(scope="module", params=[2026, 7])
def example(request: pytest.FixtureRequest, publish) -> Exports:
    """The invented municipality from two seeds: the contradictions are the same, all else is drawn anew."""
    return publish(**example_tables(request.param))


class TestPlanted:
    def test_are_all_found_and_nothing_else(self, example, capsys):
        found = found_in(example, EXAMPLE, range(2022, 2027))
        planted = set(PLANTED)
        precision = len(found & planted) / len(found)
        recall = len(found & planted) / len(planted)
        with capsys.disabled():
            print(
                f"\ncontradictions: precision {precision:.3f}, recall {recall:.3f} of {len(planted)} planted"
            )
        assert (precision, recall) == (1.0, 1.0), (planted - found, found - planted)

    @pytest.mark.parametrize("rule_id", RULES)
    def test_of_a_rule_are_found_by_it_alone(self, exports, rule_id):
        found = found_in(exports, EXAMPLE, range(2022, 2027))
        planted = {action_id for action_id, rule in PLANTED if rule == rule_id}
        assert planted == {action_id for action_id, rule in found if rule == rule_id}
        assert planted

    def test_stand_with_the_words_that_they_are_about(self, exports):
        rows = contradictions.contradictions(exports, municipality_id=EXAMPLE, year=2026)
        remains = rows[rows["rule_id"] == "done_but_remains"].iloc[0]
        assert remains["status_raw"] == "Genomfört"
        assert remains["quote"] == "Planen är skriven, förankring i elevråden kvarstår."
        assert remains["quoted_word"] == "kvarstår"
        moved = rows[rows["action_id"] == "2026-71"].iloc[0]
        assert (moved["status_raw"], moved["count_moved"]) == ("Pågår enligt tidsplan", 1)
        assert (moved["first_deadline"], moved["deadline"]) == ("2026-06-15", "2026-12-15")

    def test_are_questions_that_end_with_a_question_mark(self):
        with (DATA / "contradiction_rules.csv").open(encoding="utf-8", newline="") as file:
            rules = list(csv.DictReader(file))
        assert [row["rule_id"] for row in rules] == RULES
        assert [int(row["position"]) for row in rules] == list(range(1, len(rules) + 1))
        assert all(row["question"].endswith("?") and row["name"] and row["explanation"] for row in rules)


def reported(publish, *reports: dict, actions: list[dict] | None = None) -> set[tuple[str, str]]:
    """The rules that one action's reports meet; each report is in 2020 and names its day."""
    plan = actions or [{"action_id": "a", "title": "Pröva", "kind": "activity"}]
    exports = publish(
        actions=[{"municipality_id": HOME, "year": 2020, "source_id": "k", **row} for row in plan],
        action_reports=[{**DAY, "year": report["report_date"].year, **report} for report in reports],
        report_points=[
            {"municipality_id": HOME, "year": 2020, "report_point": name, "position": place, "source_id": "k"}
            for place, name in enumerate(("Delrapport 1", "Delrapport 2", "Verksamhetsberättelse"), start=1)
        ],
    )
    return {rule_id for _, rule_id in found_in(exports, HOME, [2020])}


def on(month: int, day: int, year: int = 2020) -> pd.Timestamp:
    return pd.Timestamp(year, month, day)


class TestRules:
    @pytest.mark.parametrize(
        ("comment", "remains"),
        [
            ("Utvärdering återstår.", True),
            ("Förankring KVARSTÅR", True),
            ("Införs och utvärderas 2021.", True),
            ("Klart i oktober 2020.", True),
            ("Klart i januari 2020.", False),
            ("Inget återstår.", False),
            ("Ärendet KS2021-609 är avslutat.", False),
            ("Slutrapporten är lämnad.", False),
            ("Genomfört", False),
            (None, False),
        ],
    )
    def test_done_but_remains_goes_by_the_words(self, publish, comment, remains):
        told = {
            "report_date": on(4, 30),
            "status_raw": "Genomfört",
            "comment": comment,
            "due_date": on(4, 30),
        }
        assert ("done_but_remains" in reported(publish, told)) == remains

    @pytest.mark.parametrize(
        ("comment", "asked"),
        [
            ("Försenat; ingen ny tid.", True),
            ("Planeras till 2021.", False),
            ("Görs nästa år.", False),
            ("Klart i november 2020.", False),
            ("Skulle ha varit klart i mars 2020.", True),
            (None, True),
        ],
    )
    def test_open_past_its_time_asks_for_a_new_time_unless_one_is_named(self, publish, comment, asked):
        told = {"report_date": on(9, 30), "status_raw": "Pågår", "comment": comment, "due_date": on(6, 30)}
        assert ("open_without_new_date" in reported(publish, told)) == asked

    @pytest.mark.parametrize(
        ("point", "asked"),
        [("Delrapport 1", True), ("Delrapport 2", False), ("Verksamhetsberättelse", False)],
    )
    def test_a_report_point_has_passed_first_at_a_later_one(self, publish, point, asked):
        told = {
            "report_date": on(9, 30), "report_point": "Delrapport 2", "status_raw": "Pågår",
            "due_report_point": point,
        }  # fmt: skip
        assert ("open_without_new_date" in reported(publish, told)) == asked

    def test_at_the_last_report_point_of_the_year_none_is_left(self, publish):
        told = {
            "report_date": on(12, 31), "report_point": "Verksamhetsberättelse", "status_raw": "Kvarstår",
            "due_report_point": "Verksamhetsberättelse",
        }  # fmt: skip
        assert reported(publish, told) == {"open_without_new_date"}

    def test_no_time_at_all_is_asked_for_and_words_are_a_time(self, publish):
        told = {"report_date": on(4, 30), "status_raw": "Pågår"}
        assert reported(publish, told) == {"open_without_new_date"}
        assert reported(publish, {**told, "due_text": "Löpande"}) == set()

    def test_a_reason_given_when_an_action_was_closed_holds_in_the_reports_after_it(self, publish):
        closed = {"report_date": on(4, 30), "status_raw": "Ej aktuellt", "comment": "Ersatt av annat stöd."}
        later = {"report_date": on(9, 30), "status_raw": "Ej aktuellt"}
        assert reported(publish, closed, later) == set()
        assert reported(publish, later) == {"reason_missing"}

    def test_a_comment_that_repeats_the_status_is_no_reason(self, publish):
        told = {"report_date": on(4, 30), "status_raw": "Ej aktuellt", "comment": "Ej aktuellt."}
        assert reported(publish, told) == {"reason_missing"}

    def test_a_reason_beside_the_status_word_is_a_reason(self, publish):
        told = {"report_date": on(4, 30), "status_raw": "Ej genomfört pga vakans"}
        assert reported(publish, told) == set()

    def test_what_the_committee_declined_is_closed_by_decision_and_lacks_no_reason(self, publish):
        told = {"report_date": on(4, 30), "status_raw": "Ej genomfört", "comment": "Nämnden tackade nej."}
        assert reported(publish, told) == {"closed_by_decision"}

    def test_on_schedule_beside_words_of_delay_is_asked_about(self, publish):
        told = {
            "report_date": on(1, 10), "status_raw": "Pågår enligt tidsplan.", "due_date": on(5, 31),
            "comment": "Införandet har dragit ut på tiden.",
        }  # fmt: skip
        assert reported(publish, told) == {"on_schedule_but_moved"}
        assert reported(publish, {**told, "comment": "Utbildning hålls i mars."}) == set()

    def test_a_moved_time_under_a_schedule_that_holds_is_asked_about_once(self, publish):
        first = {"report_date": on(4, 30), "status_raw": "Pågår enligt tidsplan", "due_date": on(6, 15)}
        second = {"report_date": on(9, 30), "status_raw": "Pågår enligt tidsplan", "due_date": on(12, 15)}
        assert reported(publish, first, second) == {"on_schedule_but_moved"}
        assert reported(publish, first, {**second, "status_raw": "Pågår"}) == {"reason_missing"}

    def test_done_ahead_of_time_in_the_same_year_contradicts_nothing(self, publish):
        told = {"report_date": on(4, 30), "status_raw": "Klart", "due_date": on(12, 15)}
        assert reported(publish, told) == set()
        assert reported(publish, {**told, "due_date": on(3, 31, 2021)}) == {"status_and_date_disagree"}

    def test_the_same_text_is_asked_about_only_under_two_areas(self, publish):
        told = {"report_date": on(4, 30), "status_raw": "Klart"}
        pair = [
            {"action_id": "a", "title": "Se över  stödet.", "kind": "area", "area": "Stöd"},
            {"action_id": "b", "title": "se över stödet", "kind": "area", "area": "Ansvar"},
        ]
        both = (told, {**told, "action_id": "b"})
        assert reported(publish, *both, actions=pair) == {"same_text_two_areas"}
        same = [{**row, "area": "Stöd"} for row in pair]
        assert reported(publish, *both, actions=same) == set()


class TestLinkoping:
    def test_of_17_open_activities_7_name_a_new_time_and_10_do_not(self, exports):
        tally = contradictions.reporting_tally(exports, municipality_id=LINKOPING, year=2020)
        row = tally.set_index("kind").loc["activity"]
        assert (row["open"], row["late_with_new_time"], row["late_without_new_time"]) == (17, 7, 10)

    def test_of_17_done_activities_7_have_no_comment_and_3_say_that_work_remains(self, exports):
        tally = contradictions.reporting_tally(exports, municipality_id=LINKOPING, year=2020)
        row = tally.set_index("kind").loc["activity"]
        assert (row["finished"], row["finished_without_remark"], row["finished_with_rest"]) == (17, 7, 3)

    def test_the_pandemic_is_reason_or_context_in_9_activities_and_3_assignments(self, exports):
        causes = contradictions.action_causes(exports, municipality_id=LINKOPING, year=2020)
        row = causes.set_index("cause").loc["Pandemin"]
        assert (row["count_activities"], row["count_assignments"]) == (9, 3)

    def test_asks_for_a_new_time_for_ten_activities_and_names_the_decision_of_the_committee(self, exports):
        rows = contradictions.contradictions(exports, municipality_id=LINKOPING, year=2020)
        asked = rows[(rows["rule_id"] == "open_without_new_date") & (rows["kind"] == "activity")]
        assert len(asked) == 10
        declined = rows[rows["rule_id"] == "closed_by_decision"]
        assert declined["action_id"].tolist() == ["vp2020-07"]
        assert rows[rows["rule_id"] == "reason_missing"]["action_id"].tolist() == ["vp2020-42"]


@pytest.fixture(scope="module")
def own(shared_input: Path, publish) -> Exports:
    """Linköping's own words, read from its export as the intake reads any."""
    connection = duckdb.connect(":memory:")
    base = open_base(connection, Store((EMBEDDED,)), 0)
    said = Options(
        dt.date(2026, 11, 22), municipality_id=LINKOPING, year=2020, report_date="2020-12-31",
        report_name="Uppföljning", report_point="Verksamhetsberättelse",
    )  # fmt: skip
    reading = plans.read(book_of_file(shared_input / "linkoping-verksamhetsplan-2020.csv"), base, said)
    read = {
        staged.table: connection.execute(f"select * from {staged.relation}").df().drop(columns=list(PLACE))
        for staged in reading.staged
        if staged.table in ("actions", "action_reports")
    }
    calendar = connection.execute(
        "select * from base.report_points where municipality_id = $id", {"id": LINKOPING}
    ).df()
    return publish(**read, report_points=calendar)


class TestLinkopingsOwnExport:
    def test_gives_the_numbers_of_the_embedded_facts(self, own, exports):
        asked = {"municipality_id": LINKOPING, "year": 2020}
        for ask in (contradictions.reporting_tally, contradictions.action_causes):
            counts = [
                ask(version, **asked).filter(regex="kind|cause|count|late|open|finished|total")
                for version in (own, exports)
            ]
            pd.testing.assert_frame_equal(*counts)

    def test_is_asked_the_same_questions_as_the_embedded_facts(self, own, exports):
        asked = [
            Counter(contradictions.contradictions(version, municipality_id=LINKOPING, year=2020)["rule_id"])
            for version in (own, exports)
        ]
        assert asked[0] == asked[1]
        assert asked[0]["open_without_new_date"] == 13


class TestPitea:
    def test_asks_which_schedule_holds_where_the_system_took_longer(self, exports):
        rows = contradictions.contradictions(exports, municipality_id=PITEA, year=2018)
        assert Counter(zip(rows["rule_id"], rows["action_id"], strict=True)) == {
            ("on_schedule_but_moved", "kvalitetsarbete"): 1,
            ("done_but_remains", "lektor"): 1,
            ("open_without_new_date", "lokalansvar"): 1,
        }


def same_answers(exports: Exports, tables: action_twins.Tables, municipality_id: str, year: int) -> None:
    """All three questions against their twins."""
    asked = {"municipality_id": municipality_id, "year": year}
    rows = contradictions.contradictions(exports, **asked)
    pairs = list(zip(rows["rule_id"], rows["action_id"], strict=True))
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == action_twins.contradictions(tables, municipality_id, year), asked
    tally = contradictions.reporting_tally(exports, **asked).drop(columns="source_id")
    told = {row[0]: tuple(int(count) for count in row[1:]) for row in tally.itertuples(index=False)}
    assert told == action_twins.reporting_tally(tables, municipality_id, year), asked
    causes = contradictions.action_causes(exports, **asked)
    named = dict(zip(causes["cause"], map(list, causes["action_ids"]), strict=True))
    assert named == action_twins.action_causes(tables, municipality_id, year), asked


COMMENTS = st.sampled_from(
    [
        None, "", "Klart", "Pågår", "Allt återstår", "Inget återstår, men lokaler kvarstår", "Planeras till 2021",
        "Klart hösten 2020", "Nämnden tackade nej", "Enligt tidsplan", "Försenat av pandemin", "Våren 2019",
    ]
)  # fmt: skip


@st.composite
def told_actions(draw) -> dict[str, list[dict]]:
    """Made-up actions whose reports hold words that rules look for, in all combinations."""
    tables = draw(action_tables())
    for row in tables["action_reports"]:
        row["comment"] = draw(COMMENTS)
    for row in tables["actions"]:
        row["title"] = draw(st.sampled_from(["Pröva", "pröva.", "Utreda"]))
    return tables


class TestTwins:
    def test_give_the_same_on_everything_embedded(self, exports):
        everything = tables_of(exports)
        for municipality_id in (EXAMPLE, LINKOPING, PITEA):
            tables = only(everything, municipality_id)
            found = years(exports, municipality_id=municipality_id)
            for year in found.loc[found["subject"] == "actions", "year"]:
                same_answers(exports, tables, municipality_id, int(year))

    @MADE_UP
    @given(tables=of_two_municipalities(told_actions()))
    def test_give_the_same_on_made_up_reports(self, publish, tables):
        exports = publish(**tables)
        known = tables_of(exports)
        for year in (2018, 2019, 2020, 2021):
            same_answers(exports, known, HOME, year)
