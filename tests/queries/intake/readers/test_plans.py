"""Plans of actions and goals: whatever the columns are called, each row is the action it was before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queries.intake import checking, merging
from queries.intake.plans.cells import normal, plain_text
from queries.intake.plans.questions import asked_about
from queries.intake.readers import plans
from queries.intake.reading import Base, Options, Reading, Refused
from tests.queries.intake.books import book_of
from tests.queries.intake.conftest import own_table

TODAY = date(2026, 11, 22)
HEADINGS = ["Perspektiv", "Typ", "Nämndmål", "Aktivitet", "Slutdatum 2020", "Status", "Kommentar"]
LINKOPING = {
    "municipality_id": "0580",
    "year": 2020,
    "report_date": "2020-12-31",
    "report_name": "Uppföljning av verksamhetsplan 2020",
    "report_point": "Verksamhetsberättelse",
}
PITEA = {
    "municipality_id": "2581",
    "year": 2018,
    "report_date": "2018-01-10",
    "report_name": "Återrapport 2018-01-10",
    "report_point": "Återrapport januari 2018",
}
EKERO = {
    "municipality_id": "0125",
    "year": 2021,
    "report_date": "2021-12-31",
    "report_name": "Verksamhetsuppföljning 2021",
    "report_point": "",
}
EXAMPLE = {
    "municipality_id": "9901",
    "year": 2026,
    "report_date": "2026-10-31",
    "report_name": "Extra uppföljning",
    "report_point": "",
}
# A plan that stands in no published report.
NEW = {
    **LINKOPING,
    "report_date": "2021-04-30",
    "year": 2021,
    "report_name": "Delrapport 1 2021",
    "report_point": "",
}
Row = Sequence[str]


def read(
    base: Base, *rows: Row, headings: Row = HEADINGS, said: dict[str, Any] = NEW, **more: Any
) -> Reading:
    """A sheet with these rows under the headings, read with everything said that is asked."""
    return plans.read(book_of([headings, *rows]), base, Options(TODAY, **{**said, **more}))


def rules(reading: Reading, severity: str = "") -> list[str]:
    return [each.rule for each in reading.findings if severity in ("", each.severity)]


def told(reading: Reading, rule: str) -> Any:
    return next(each for each in reading.findings if each.rule == rule)


def answers(reading: Reading) -> dict[str, Any]:
    """Question → suggested answer, for goals and actions that may be renamed."""
    return {asked_about(ask): ask.suggested for ask in reading.asks if ask.field == "same_as"}


class TestLinkopingsRealFile:
    @pytest.fixture
    def book(self, opened, shared_input):
        return opened(shared_input / "linkoping-verksamhetsplan-2020.csv")

    @pytest.fixture
    def reading(self, base, book):
        return plans.read(book, base, Options(TODAY, **LINKOPING))

    def test_is_recognised_and_asks_only_whose_plan_it_is_and_which_report(self, base, book):
        assert plans.recognise(book) == "Tabell med mål och åtgärder"
        needs = {need.field: need.suggested for need in plans.read(book, base, Options(TODAY)).needs}
        assert needs == {
            "municipality_id": "0580",
            "year": 2020,
            "report_date": None,
            "report_name": "linkoping-verksamhetsplan-2020",
            "report_point": "",
        }

    def test_gives_exactly_the_45_published_actions_in_their_order(self, base, reading, staged_rows):
        actions = staged_rows(reading, "actions")
        assert [row["action_id"] for row in actions] == [f"vp2020-{number:02}" for number in range(1, 46)]
        assert reading.source.source_id == "linkoping-uppfoljning-2020"
        assert reading.needs == ()
        assert answers(reading) == {}
        assert told(reading, "worded_anew").expected.startswith(
            "Åtgärder med annan lydelse än i den publicerade rapporten: 45."
        )

    def test_differs_from_what_is_published_only_where_that_is_worded_shortly(self, base, reading):
        checking.check(base.connection, reading, TODAY, has_typed_numbers=False)
        assert checking.counts(base.connection)["error"] == 0
        assert merging.merge(base.connection, reading.staged, replace=False) == {
            "actions",
            "action_reports",
            "goals",
        }
        for table, key, reworded in (
            ("actions", "action_id", {"title"}),
            ("action_reports", "action_id", {"comment"}),
            ("goals", "goal_id", {"description"}),
        ):
            merged = base.connection.execute(f"select * from merged.{table} order by all").df()
            before = base.connection.execute(f"select * from base.{table} order by all").df()
            order = ["municipality_id", key, "year"]
            merged, before = (
                each[each["municipality_id"] == "0580"].sort_values(order).reset_index(drop=True)
                for each in (merged, before)
            )
            different = {name for name in merged if not merged[name].equals(before[name])}
            assert different == reworded

    def test_changes_nothing_when_it_is_read_a_second_time(self, base, reading, book):
        checking.check(base.connection, reading, TODAY, has_typed_numbers=False)
        merging.merge(base.connection, reading.staged, replace=False)
        for table in ("actions", "action_reports", "goals"):
            own_table(base, f"base.{table}")
            base.connection.execute(f"create or replace table base.{table} as select * from merged.{table}")
        again = plans.read(book, base, Options(TODAY, **LINKOPING))
        checking.check(base.connection, again, TODAY, has_typed_numbers=False)
        assert merging.merge(base.connection, again.staged, replace=False) == set()
        assert "worded_anew" not in rules(again)

    def test_knows_the_rest_when_rows_are_taken_out(self, base, shared_input, staged_rows):
        lines = (shared_input / "linkoping-verksamhetsplan-2020.csv").read_text("utf-8-sig").splitlines()
        # Other statuses are no hindrance: that they change is what a report is for.
        lines = [line.replace("Pågående", "Genomfört") for line in lines]
        kept = [line.split(";") for number, line in enumerate(lines) if number not in (1, 5, 8, 20, 40)]
        reading = plans.read(book_of(kept), base, Options(TODAY, **LINKOPING))
        ids = [row["action_id"] for row in staged_rows(reading, "actions")]
        gone = {"vp2020-01", "vp2020-05", "vp2020-08", "vp2020-20", "vp2020-40"}
        assert ids == [name for number in range(1, 46) if (name := f"vp2020-{number:02}") not in gone]

    def test_has_two_goals_of_one_name_under_two_perspectives(self, reading, staged_rows):
        goals = {row["goal_id"]: row for row in staged_rows(reading, "goals")}
        assert len(goals) == 10
        pair = [goals[f"likvardiga-mojligheter-{name}"] for name in ("medborgare", "verksamhet")]
        assert [row["name"] for row in pair] == ["Likvärdiga möjligheter"] * 2
        assert ["barn/elev" in row["description"] for row in pair] == [True, False]

    def test_has_the_tally_of_the_document(self, reading, staged_rows):
        kinds = {row["action_id"]: row["kind"] for row in staged_rows(reading, "actions")}
        reports = staged_rows(reading, "action_reports")
        words = Counter(row["status_raw"] for row in reports if kinds[row["action_id"]] == "activity")
        assert words.pop("Pågående") + words.pop("Pågår") == 10
        assert words == {"Genomfört": 17, "Kvarstår": 7, "Ej genomfört": 1, "Ej aktuellt": 2}
        due = Counter(row["due_report_point"] for row in reports)
        assert due == {"Verksamhetsberättelse": 31, "Delrapport 2": 12, "Delrapport 1": 2}

    def test_pasted_from_the_document_itself_gives_the_same_actions(self, base, shared_input, staged_rows):
        document = next((shared_input.parent / "seeds").glob("004-*.txt"))
        rows = [line.split("\t") for line in document.read_text("utf-8").splitlines()]
        book = book_of(rows, "uppfoljning.xlsx", "Blad1")
        reading = plans.read(book, base, Options(TODAY, **LINKOPING))
        actions = {row["action_id"]: row for row in staged_rows(reading, "actions")}
        published = base.rows("select * from base.actions where municipality_id = '0580'")
        assert len(actions) == len(published) == 45
        for row in published:
            same = ("kind", "goal_id", "perspective")
            assert [actions[row["action_id"]][name] for name in same] == [row[name] for name in same]


class TestPiteasShape:
    HEADINGS = ["Utvecklingsområde", "Åtgärd", "Tidsplan", "Processläge"]
    REVIEW = "Förvaltningen genomför en översyn av rektorernas administrativa stöd och ansvarsområden"

    def read(self, base: Base, *rows: Row, **said: Any) -> Reading:
        return read(base, *rows, headings=self.HEADINGS, said=PITEA, **said)

    def test_two_days_in_one_cell_are_a_deadline_and_an_evaluation(self, base, staged_rows):
        due = "<p>Klart till mars 2018.</p> <p>Utvärderas oktober 2018.</p>"
        reading = self.read(
            base, ["Ekonomi", "Ett upplägg", due, "Pågår enligt tidsplan. Ny återrapport juni 2018."]
        )
        (row,) = staged_rows(reading, "action_reports")
        assert row["due_text"] == "Klart till mars 2018. Utvärderas oktober 2018."
        days = ("due_date", "evaluation_date", "report_back_date")
        assert [row[name] for name in days] == ["2018-03-31", "2018-10-31", "2018-06-30"]
        assert row["status_raw"] == "Pågår enligt tidsplan. Ny återrapport juni 2018."

    def test_the_same_action_under_two_areas_is_two(self, base, staged_rows):
        reading = self.read(
            base,
            ["Översyn av rektorers administrativa stöd", self.REVIEW, "Klart juni 2018.", "Pågår."],
            ["Översyn av rektorers ansvarsområden", self.REVIEW, "Klart juni 2018.", "Pågår."],
        )
        rows = staged_rows(reading, "actions")
        assert [row["action_id"] for row in rows] == ["administrativt-stod", "ansvarsomraden"]
        assert "same_action_twice" not in rules(reading)

    def test_an_area_with_three_timelines_stays_one_area(self, base, staged_rows):
        reading = self.read(
            base,
            ["Systematiskt kvalitetsarbete", "Nytt system", "Våren 2018", "Pågår"],
            ["", "Nya rutiner", "Januari 2018", "Klart"],
            ["", "Stöd i analys", "Hösten 2018", "Ej påbörjat"],
        )
        assert {row["area"] for row in staged_rows(reading, "actions")} == {"Systematiskt kvalitetsarbete"}
        days = [row["due_date"] for row in staged_rows(reading, "action_reports")]
        assert days == [None, "2018-01-31", None]
        assert "Slutdatum som bara är ord: 2" in told(reading, "due_in_words").expected

    def test_one_action_with_several_timelines_keeps_them_all(self, base, staged_rows):
        reading = self.read(
            base,
            ["Kvalitetsarbete", "Nytt system", "Klart januari 2018.", "Pågår"],
            ["", "", "Nya rutiner klara mars 2018.", ""],
            ["", "", "Utvärderas oktober 2018.", ""],
        )
        (row,) = staged_rows(reading, "action_reports")
        assert (row["due_date"], row["evaluation_date"]) == ("2018-03-31", "2018-10-31")
        assert row["due_text"] == "Klart januari 2018. Nya rutiner klara mars 2018. Utvärderas oktober 2018."

    def test_a_row_cut_by_a_page_break_in_the_middle_of_its_status_is_one_action(self, base, staged_rows):
        reading = self.read(
            base,
            ["Skapa rutiner som", "Nytt system", "Administrativt system", "Pågår. Vi räknar med"],
            [
                "ger rektor tid",
                "håller på att införas.",
                "implementeras våren 2018.",
                "utbildning under våren.",
            ],
        )
        (action,) = staged_rows(reading, "actions")
        (report,) = staged_rows(reading, "action_reports")
        assert (action["area"], action["title"]) == (
            "Skapa rutiner som ger rektor tid",
            "Nytt system håller på att införas.",
        )
        assert report["status_raw"] == "Pågår. Vi räknar med utbildning under våren."
        assert told(reading, "joined").expected.endswith(": 3.")

    def test_a_line_between_the_areas_is_what_the_areas_below_belong_to(self, base, staged_rows):
        reading = self.read(
            base,
            ["Ekonomi", "Upplägg", "Mars 2018", "Pågår"],
            ["Möjliga utvecklingsområden:", "", "", ""],
            ["Ledarskap", "Plan", "Mars 2018", "Pågår"],
            ["Piteå 2018-01-10", "", "", ""],
        )
        rows = staged_rows(reading, "actions")
        assert [(row["area"], row["perspective"]) for row in rows] == [
            ("Ekonomi", None),
            ("Ledarskap", "Möjliga utvecklingsområden"),
        ]
        assert told(reading, "not_read").expected == (
            "”Piteå 2018-01-10” är varken en åtgärd eller ett mål. Raden läses inte."
        )

    def test_the_published_areas_are_known_by_the_area_of_each_action(self, base, staged_rows):
        areas = {
            "ekonomistod": "Försäkra sig om att rektor får ett kvalificerat stöd i ekonomiska frågor",
            "kvalitetsarbete": "Skapa rutiner och system för det systematiska kvalitetsarbetet",
            "lokalansvar": "Klargöra ansvarsfördelningen i fastighets- och lokalfrågor",
            "ledarskap": "Utforma en plan för rektorernas ledarskapsutveckling",
            "lektor": "Tydliggöra lektors uppdrag i organisationen",
            "administrativt-stod": "Genomföra en översyn av rektorernas administrativa stöd",
            "ansvarsomraden": "Genomföra en översyn av rektorernas ansvarsområden",
            "information": "Förbättra rutinerna för informationsöverföring inom organisationen",
            "introduktion": "Förbättra introduktionen av administrativa system för rektorerna",
        }
        rows = [[area, self.REVIEW, "Klart juni 2018.", "Pågår."] for area in areas.values()]
        actions = staged_rows(self.read(base, *rows), "actions")
        assert [row["action_id"] for row in actions] == list(areas)
        assert {row["kind"] for row in actions} == {"area"}

    def test_areas_without_actions_are_followed_up_as_actions_themselves(self, base, staged_rows):
        headings = ["Utvecklingsområde", "Tidsplan", "Processläge"]
        reading = read(base, ["Översyn", "Juni 2018", "Pågår"], headings=headings, said=PITEA)
        (row,) = staged_rows(reading, "actions")
        assert (row["kind"], row["title"]) == ("area", "Översyn")

    def test_a_renamed_area_is_asked_about_and_keeps_its_history_when_told(self, base, staged_rows):
        headings = ["Utvecklingsområde", "Tidsplan", "Processläge"]
        said = {**PITEA, "report_date": "2018-06-30", "report_name": "Återrapport juni"}
        row = ["Klar ansvarsfördelning i frågor om lokaler", "Juni 2018", "Pågår"]
        reading = read(base, row, headings=headings, said=said)
        assert answers(reading) == {row[0]: "lokalansvar"}
        assert staged_rows(reading, "actions")[0]["action_id"].startswith("p2018-")
        linked = read(base, row, headings=headings, said=said, same_as={row[0]: "lokalansvar"})
        assert staged_rows(linked, "actions")[0]["action_id"] == "lokalansvar"
        assert answers(linked) == {}


class TestMergedCellsAndPageBreaks:
    def test_blank_goal_cells_take_the_goal_above(self, base, staged_rows):
        reading = read(
            base,
            ["Ekonomi", "Nämndmål", "God ekonomisk kontroll", "Översyn", "Delrapport 1", "Pågår", ""],
            ["", "", "", "Prognos", "Delrapport 2", "Pågår", ""],
        )
        rows = staged_rows(reading, "actions")
        assert [(row["goal_id"], row["perspective"], row["kind"]) for row in rows] == [
            ("god-ekonomisk-kontroll", "Ekonomi", "activity")
        ] * 2

    def test_an_assignment_gets_no_goal_and_does_not_end_the_goal_around_it(self, base, staged_rows):
        reading = read(
            base,
            ["Ekonomi", "Nämndmål", "Avtalstrohet", "Översyn", "Delrapport 1", "Pågår", ""],
            ["Ekonomi", "Strategiskt utvecklingsuppdrag", "", "Avtal", "Delrapport 1", "Pågår", ""],
            ["Ekonomi", "Nämndmål", "", "Prognos", "Delrapport 2", "Pågår", ""],
        )
        rows = staged_rows(reading, "actions")
        assert [row["goal_id"] for row in rows] == ["avtalstrohet", None, "avtalstrohet"]
        assert [row["kind"] for row in rows] == ["activity", "assignment", "activity"]

    def test_a_goal_is_not_carried_into_another_perspective(self, base, staged_rows):
        reading = read(
            base,
            ["Ekonomi", "Nämndmål", "Avtalstrohet", "Översyn", "Delrapport 1", "Pågår", ""],
            ["Verksamhet", "Strategiskt utvecklingsuppdrag", "", "Klimat", "Delrapport 1", "Pågår", ""],
            ["Verksamhet", "Nämndmål", "", "Portal", "Delrapport 2", "Pågår", ""],
        )
        assert [row["goal_id"] for row in staged_rows(reading, "actions")] == ["avtalstrohet", None, None]

    def test_a_row_split_by_a_page_break_is_one_action(self, base, staged_rows):
        reading = read(
            base,
            ["Ekonomi", "Nämndmål", "Balans", "Översyn", "Delrapport 1", "Pågår", "Försenat på grund av"],
            ["", "", "och kontroll", "av bidrag", "", "", "pandemin."],
            ["Ekonomi", "Nämndmål", "", "Prognos", "Delrapport 2", "Genomfört", ""],
        )
        assert [row["title"] for row in staged_rows(reading, "actions")] == ["Översyn av bidrag", "Prognos"]
        assert staged_rows(reading, "action_reports")[0]["comment"] == "Försenat på grund av pandemin."
        assert [row["name"] for row in staged_rows(reading, "goals")] == ["Balans och kontroll"]
        assert told(reading, "joined").expected == "Dessa rader lästes som fortsättning på raden ovanför: 3."

    def test_a_goal_repeated_after_the_page_break_is_not_doubled(self, base, staged_rows):
        reading = read(
            base,
            ["Ekonomi", "Nämndmål", "Balans", "Översyn", "Delrapport 1", "Pågår", ""],
            ["", "", "Balans", "av bidrag", "", "", ""],
        )
        assert [row["name"] for row in staged_rows(reading, "goals")] == ["Balans"]

    def test_a_whole_title_without_status_and_deadline_is_joined_with_a_warning(self, base, staged_rows):
        reading = read(
            base,
            ["Ekonomi", "Nämndmål", "Balans", "Översyn", "Delrapport 1", "Pågår", ""],
            ["", "", "", "Skolverkets bidrag", "", "", ""],
        )
        assert [row["title"] for row in staged_rows(reading, "actions")] == ["Översyn Skolverkets bidrag"]
        assert rules(reading, "warning") == ["joined_title"]

    def test_a_row_that_says_where_it_belongs_is_an_action_of_its_own(self, base, staged_rows):
        reading = read(
            base,
            ["Ekonomi", "Nämndmål", "Balans", "Översyn", "Delrapport 1", "Pågår", ""],
            ["Ekonomi", "Nämndmål", "Balans", "Ny prognos", "", "", ""],
        )
        assert [row["title"] for row in staged_rows(reading, "actions")] == ["Översyn", "Ny prognos"]
        assert rules(reading, "warning") == ["missing_status"]

    def test_an_action_with_a_deadline_but_no_status_is_kept_without_a_word_for_it(self, base, staged_rows):
        reading = read(base, ["Ekonomi", "Nämndmål", "Balans", "Översyn", "Delrapport 1", "", ""])
        (row,) = staged_rows(reading, "action_reports")
        assert row["status_raw"] is None
        assert (row["due_text"], told(reading, "missing_status").line) == ("Delrapport 1", 2)

    def test_a_dash_is_nothing(self, base, staged_rows):
        reading = read(base, ["Ekonomi", "Nämndmål", "Balans", "Översyn", "–", "Pågår", "-"])
        (row,) = staged_rows(reading, "action_reports")
        assert (row["due_text"], row["comment"]) == (None, None)

    def test_html_and_non_breaking_spaces_leave_plain_text(self, base, staged_rows):
        title = '<ul style="x"><li>Plan&nbsp;A</li><li>Plan B</li></ul>'
        reading = read(
            base,
            ["Ekonomi", "Nämndmål", "Balans", title, "Delrapport\u00a01", "Pågår", "<p>Klar<b>t</b></p>"],
        )
        (report,) = staged_rows(reading, "action_reports")
        assert staged_rows(reading, "actions")[0]["title"] == "Plan A Plan B"
        assert (report["due_text"], report["comment"]) == ("Delrapport 1", "Klart")

    @pytest.mark.parametrize(
        ("row", "rule", "column"),
        [
            (["Ekonomi", "Önskemål", "Balans", "Översyn", "Delrapport 1", "Pågår", ""], "kind", "Typ"),
            (
                ["Ekonomi", "Nämndmål", "Balans", "", "Delrapport 1", "Pågår", ""],
                "missing_title",
                "Aktivitet",
            ),
            (["", "", "", "fortsättning", "", "", ""], "nothing_above", "Status"),
        ],
    )
    def test_a_row_that_cannot_be_an_action_is_an_error(self, base, row, rule, column):
        known = ["Ekonomi", "Nämndmål", "Balans", "Prognos", "Delrapport 1", "Pågår", ""]
        found = told(read(base, row, known), rule)
        assert (found.severity, found.line, found.column) == ("error", 2, column)

    def test_an_unquoted_separator_is_an_error_with_its_row(self, base):
        row = [
            "Ekonomi",
            "Nämndmål",
            "Balans",
            "Översyn",
            "Delrapport 1",
            "Pågår",
            "Plan finns",
            " start 2021",
        ]
        found = told(read(base, row), "too_many_cells")
        assert (found.severity, found.line, found.column, found.found) == ("error", 2, "H", "start 2021")
        assert "rubrikraden, som har 7" in found.expected

    def test_a_text_beside_the_table_of_a_workbook_is_told_of(self, base):
        rows = [HEADINGS, ["Ekonomi", "Nämndmål", "Balans", "Översyn", "", "Pågår", "", "", "Se Anna"]]
        reading = plans.read(book_of(rows, "plan.xlsx", "Blad1"), base, Options(TODAY, **NEW))
        assert told(reading, "outside_table").column == "I"

    def test_a_line_break_inside_a_cell_stays_one_row(self, base, staged_rows):
        reading = read(base, ["Ekonomi", "Nämndmål", "Balans", "Översyn\nav bidrag; plan", "", "Pågår", ""])
        assert staged_rows(reading, "actions")[0]["title"] == "Översyn av bidrag; plan"


class TestColumns:
    def test_are_found_by_name_whatever_their_order_and_year_below_a_title(self, base, staged_rows):
        rows = [
            ["Uppföljning av verksamhetsplan 2024"],
            [],
            ["Status", "Aktivitet", "Perspektiv", "Typ", "Nämndmål", "Kommentar", "Slutdatum 2024"],
            ["Pågår", "Översyn", "Ekonomi", "Nämndmål", "Avtalstrohet", "", "Delrapport 1"],
        ]
        reading = plans.read(book_of(rows), base, Options(TODAY, **NEW))
        assert staged_rows(reading, "actions")[0]["title"] == "Översyn"
        assert staged_rows(reading, "action_reports")[0]["due_text"] == "Delrapport 1"

    def test_that_are_not_known_are_asked_about_with_a_guess(self, base):
        headings = ["Nämndmål", "Aktivitetens namn", "Färdigt datum", "Status", "Lokal"]
        reading = read(base, ["Avtalstrohet", "Översyn", "2021-06-30", "Pågår", "B12"], headings=headings)
        (need,) = reading.needs
        assert (
            need.suggested
            == {
                "Nämndmål": "goal",
                "Status": "status",
                "Aktivitetens namn": "title",
                "Färdigt datum": "due",
                "Lokal": "",
            }
            or need.suggested["Lokal"] == ""
        )
        assert need.choices["title"] == "Åtgärd"

    def test_are_read_as_the_analyst_explains_them(self, base, staged_rows):
        headings = ["Vad", "Hur långt", "När då"]
        said = {"Vad": "title", "Hur långt": "status", "När då": "due"}
        reading = read(base, ["Översyn", "Pågår", "2021-06-30"], headings=headings, columns=said)
        assert staged_rows(reading, "action_reports")[0]["due_date"] == "2021-06-30"
        assert reading.needs == ()

    def test_without_a_heading_are_asked_about_when_they_hold_something(self, base):
        headings = ["Aktivitet", "", "Status"]
        reading = read(base, ["Översyn", "Viktigt", "Pågår"], headings=headings)
        assert reading.needs[0].suggested["Kolumn B utan rubrik"] == ""
        said = {"Aktivitet": "title", "Kolumn B utan rubrik": "comment", "Status": "status"}
        assert read(base, ["Översyn", "Viktigt", "Pågår"], headings=headings, columns=said).needs == ()

    def test_that_have_no_place_are_told_of(self, base):
        reading = read(base, ["Översyn", "Pågår", "84 %"], headings=["Aktivitet", "Status", "Utfall 2024"])
        assert told(reading, "column_not_read").column == "Utfall 2024"

    def test_that_miss_what_is_needed_are_asked_about_even_when_mapped(self, base):
        headings = ["Vad", "Hur långt"]
        reading = read(
            base, ["Översyn", "Pågår"], headings=headings, columns={"Vad": "title", "Hur långt": ""}
        )
        assert [need.field for need in reading.needs] == ["columns"]

    def test_with_status_only_leave_published_deadlines_and_comments_alone(self, base, staged_rows):
        reading = read(base, ["Översyn", "Pågår"], headings=["Aktivitet", "Status"])
        (report,), (action,) = (staged_rows(reading, table) for table in ("action_reports", "actions"))
        assert {"due_text", "due_date", "comment", "effect", "report_back_date"} & report.keys() == set()
        assert {"goal_id", "area", "unit_id", "perspective", "owner_role"} & action.keys() == set()

    @pytest.mark.parametrize(
        "headings",
        [
            ["Skola", "Skol-enhetskod", "Skolkommun", "Antal elever", "Andel behöriga"],
            ["kpi", "municipality_id", "year", "gender", "value", "status"],
            ["Mått", "Enhet", "Utfall 2018", "Medel", "Bäst"],
            ["Aktivitet", "Ansvarig"],
            ["Mål", "Beskrivning"],
        ],
    )
    def test_of_another_kind_of_table_are_not_recognised(self, headings):
        assert plans.recognise(book_of([headings, ["a"] * len(headings)])) is None

    def test_of_stratsys_are_recognised(self):
        headings = ["Nämndmål", "Aktivitet", "Startdatum", "Slutdatum", "Status", "Ansvarig", "Kommentar"]
        assert plans.recognise(book_of([headings])) == "Tabell med mål och åtgärder"

    def test_that_are_nowhere_refuse_the_file(self, base):
        with pytest.raises(Refused, match="Ingen rad med rubriker"):
            plans.read(book_of([["Bara en cell"]]), base, Options(TODAY, **NEW))

    def test_without_rows_below_refuse_the_file(self, base):
        with pytest.raises(Refused, match="Under rubrikerna finns ingen rad"):
            read(base)


class TestDeadlinesAndReportPoints:
    @pytest.mark.parametrize(
        ("due", "point", "day"),
        [
            ("Delrapport 2", "Delrapport 2", None),
            ("Senast verksamhetsberättelse.", "Verksamhetsberättelse", None),
            ("31/12 2021", None, "2021-12-31"),
            ("dec 2021", None, "2021-12-31"),
            ("VT 2021", None, None),
        ],
    )
    def test_a_deadline_is_a_day_or_a_report_or_only_words(self, base, staged_rows, due, point, day):
        (row,) = staged_rows(
            read(base, ["Ekonomi", "Nämndmål", "Balans", "Översyn", due, "Pågår", ""]), "action_reports"
        )
        assert (row["due_text"], row["due_report_point"], row["due_date"]) == (due, point, day)

    def test_a_year_without_a_calendar_gets_the_points_that_the_plan_names(self, base, staged_rows):
        reading = read(
            base,
            ["Ekonomi", "Nämndmål", "Balans", "Översyn", "Verksamhetsberättelse", "Pågår", ""],
            ["Ekonomi", "Nämndmål", "Balans", "Prognos", "Delrapport 1", "Pågår", ""],
        )
        points = staged_rows(reading, "report_points")
        assert [(row["year"], row["report_point"], row["position"]) for row in points] == [
            ("2021", "Delrapport 1", "1"),
            ("2021", "Verksamhetsberättelse", "3"),
        ]

    def test_the_choices_are_the_calendar_of_the_municipality(self, base):
        reading = plans.read(book_of([HEADINGS]), base, Options(TODAY, municipality_id="2581", year=2018))
        need = next(need for need in reading.needs if need.field == "report_point")
        assert list(need.choices) == ["", "Återrapport januari 2018", "Återrapport juni 2018"]

    def test_a_point_of_another_calendar_is_asked_about_again(self, base):
        reading = read(base, ["", "", "", "Översyn", "", "Pågår", ""], report_point="Återrapport juni 2018")
        assert [need.field for need in reading.needs] == ["report_point"]

    def test_a_report_date_that_is_no_day_is_asked_about_again(self, base):
        reading = read(base, ["", "", "", "Översyn", "", "Pågår", ""], report_date="31 december")
        assert [need.field for need in reading.needs] == ["report_date"]


class TestIdentity:
    PLAN = ("Medborgare", "Nämndmål", "Maximalt lärande", "Pröva fritidshem för årskurs 4–6 på alla skolor")

    def test_an_action_of_last_years_plan_goes_on(self, base, staged_rows):
        reading = read(base, [*self.PLAN, "Delrapport 2", "Genomfört", ""])
        (action,), (report,) = (staged_rows(reading, table) for table in ("actions", "action_reports"))
        assert (action["action_id"], action["year"]) == ("vp2020-03", "2020")
        assert (report["action_id"], report["year"]) == ("vp2020-03", "2021")
        assert reading.source.source_id == "plan-0580-2021-04-30-delrapport-1-2021"
        assert reading.source.publisher == "Linköpings kommun"

    def test_a_new_action_has_the_same_id_every_time(self, base, staged_rows):
        ids = []
        for title in ("Översyn av avtal", "ÖVERSYN av avtal.", "Översyn av priser"):
            reading = read(base, ["Ekonomi", "Nämndmål", "Avtalstrohet", title, "", "Pågår", ""])
            ids.append(staged_rows(reading, "actions")[0]["action_id"])
        assert ids[0] == ids[1] != ids[2]
        assert ids[0].startswith("p2021-") and len(ids[0]) == len("p2021-") + 8

    def test_the_same_words_twice_in_one_place_are_two_with_a_warning(self, base, staged_rows):
        row = ["Ekonomi", "Nämndmål", "Avtalstrohet", "Utbildningsdag", "", "Pågår", ""]
        reading = read(base, row, row)
        assert len({row["action_id"] for row in staged_rows(reading, "actions")}) == 2
        assert told(reading, "same_action_twice").expected.startswith("Samma åtgärd står på rad 2.")

    def test_a_reworded_action_is_asked_about_and_not_guessed(self, base, staged_rows):
        title = "Pröva fritidshem i årskurs 4–6 på alla kommunala skolor"
        row = [*self.PLAN[:3], title, "Delrapport 2", "Pågår", ""]
        reading = read(base, row)
        assert answers(reading) == {title: "vp2020-03"}
        assert staged_rows(reading, "actions")[0]["action_id"].startswith("p2021-")
        linked = read(base, row, same_as={title: "vp2020-03"})
        assert staged_rows(linked, "actions")[0]["action_id"] == "vp2020-03"
        kept = read(base, row, same_as={title: ""})
        assert answers(kept) == {}

    def test_a_renamed_goal_is_asked_about_and_keeps_its_history_when_told(self, base, staged_rows):
        row = ["Medborgare", "Nämndmål", "Lust att lära och engagemang", "Översyn", "", "Pågår", ""]
        reading = read(base, row)
        assert answers(reading) == {"Lust att lära och engagemang": "lust-och-engagemang"}
        assert staged_rows(reading, "goals")[0]["goal_id"].startswith("mal-")
        linked = read(base, row, same_as={"Lust att lära och engagemang": "lust-och-engagemang"})
        (goal,) = staged_rows(linked, "goals")
        assert (goal["goal_id"], goal["name"]) == ("lust-och-engagemang", "Lust att lära och engagemang")
        assert staged_rows(linked, "actions")[0]["goal_id"] == "lust-och-engagemang"

    def test_a_goal_renamed_under_two_perspectives_is_asked_about_twice(self, base):
        reading = read(
            base,
            ["Medborgare", "Nämndmål", "Lika möjligheter", "Översyn", "", "Pågår", ""],
            ["Verksamhet", "Nämndmål", "Lika möjligheter", "Prognos", "", "Pågår", ""],
        )
        assert set(answers(reading)) == {"Medborgare: Lika möjligheter", "Verksamhet: Lika möjligheter"}

    def test_barnelev_and_barn_elev_are_one_spelling_within_a_perspective(self, base, staged_rows):
        reading = read(
            base,
            ["Medborgare", "Nämndmål", "Varje barn/elev lyckas", "Översyn", "", "Pågår", ""],
            ["Medborgare", "Nämndmål", "Varje barnelev lyckas", "Prognos", "", "Pågår", ""],
            ["Verksamhet", "Nämndmål", "Varje barnelev lyckas", "Portal", "", "Pågår", ""],
        )
        first, second, third = [row["goal_id"] for row in staged_rows(reading, "actions")]
        assert first == second != third

    def test_a_longer_name_is_not_taken_for_the_goal_it_begins_like(self, base, staged_rows):
        reading = read(base, ["Ekonomi", "Nämndmål", "Avtalstrohet och inköp", "Översyn", "", "Pågår", ""])
        assert staged_rows(reading, "goals")[0]["goal_id"].startswith("mal-")


class TestGoals:
    HEADINGS = ["Nr", "Mål", "Bedömning", "Kommentar", "Prioriterat"]

    def test_with_verdicts_make_goals_and_verdicts(self, base, staged_rows):
        reading = read(
            base,
            [
                "13",
                "Främja ökad fysisk aktivitet och rörelse i alla årskurser",
                "Delvis uppfyllt",
                "Pågår",
                "ja",
            ],
            ["20", "Ett nytt mål", "Ej uppfyllt", "", ""],
            headings=self.HEADINGS,
            said=EKERO,
        )
        goals, verdicts = (staged_rows(reading, table) for table in ("goals", "goal_verdicts"))
        assert goals[0] | {
            "goal_id": "mal-13", "goal_number": "13", "level": "committee", "is_priority": "ja", "year": "2021",
        } == goals[0]  # fmt: skip
        assert goals[1]["goal_id"].startswith("mal-") and goals[1]["is_priority"] == "nej"
        assert [(row["goal_id"], row["verdict_raw"], row["comment"]) for row in verdicts] == [
            ("mal-13", "Delvis uppfyllt", "Pågår"),
            (goals[1]["goal_id"], "Ej uppfyllt", None),
        ]
        assert verdicts[0]["assessed_date"] == "2021-12-31"

    def test_keep_the_published_level_and_priority_when_the_file_tells_none(self, base, staged_rows):
        reading = read(
            base, ["Kommunikation", "Uppnått"], headings=["Förbättringsområde", "Måluppfyllelse"], said=EKERO
        )
        (goal,) = staged_rows(reading, "goals")
        assert (goal["goal_id"], goal["level"], goal["is_priority"]) == (
            "omrade-kommunikation",
            "improvement_area",
            "ja",
        )

    def test_and_actions_in_one_table_make_both(self, base, staged_rows):
        reading = read(
            base,
            ["Avtalstrohet", "Uppnått", "", ""],
            ["", "", "Översyn", "Pågår"],
            ["Effektivt lokalutnyttjande", "Delvis", "Utredning", "Kvarstår"],
            headings=["Nämndmål", "Bedömning", "Aktivitet", "Status"],
        )
        assert [row["goal_id"] for row in staged_rows(reading, "actions")] == [
            "avtalstrohet",
            "effektivt-lokalutnyttjande",
        ]
        verdicts = {row["goal_id"]: row["verdict_raw"] for row in staged_rows(reading, "goal_verdicts")}
        assert verdicts == {"avtalstrohet": "Uppnått", "effektivt-lokalutnyttjande": "Delvis"}

    def test_are_not_made_of_what_stands_below_the_table(self, base, staged_rows):
        rows = [["Avtalstrohet", "Uppnått"], ["Källa: Stratsys", ""], [], ["Förvaltningschefen", ""]]
        reading = read(base, *rows, headings=["Mål", "Bedömning"])
        assert [row["goal_id"] for row in staged_rows(reading, "goals")] == ["avtalstrohet"]
        assert [each.line for each in reading.findings if each.rule == "not_read"] == [3, 5]

    def test_with_two_verdicts_are_an_error(self, base):
        rows = [["Avtalstrohet", "Uppnått"], ["Avtalstrohet", "Ej uppnått"]]
        found = told(read(base, *rows, headings=["Mål", "Bedömning"]), "two_verdicts")
        assert (found.severity, found.line, found.found) == ("error", 3, "Ej uppnått")

    def test_per_school_have_a_verdict_for_each(self, base, staged_rows):
        rows = [["N01", "Mossbrynets skola", "Uppnått"], ["", "Utskärsviksskolan", "Ej uppnått"]]
        reading = read(base, *rows, headings=["Mål", "Skola", "Bedömning"], said=EXAMPLE)
        verdicts = [(row["unit_id"], row["verdict_raw"]) for row in staged_rows(reading, "goal_verdicts")]
        assert verdicts == [("09901105", "Uppnått"), ("09901108", "Ej uppnått")]

    def test_and_indicators_are_joined_where_the_indicator_is_known(self, base, staged_rows):
        rows = [["Avtalstrohet", "Uppnått", "N15419"], ["Ett annat", "Uppnått", "Andel nöjda kunder"]]
        reading = read(base, *rows, headings=["Mål", "Bedömning", "Indikator"])
        (row,) = staged_rows(reading, "goal_indicators")
        assert (row["goal_id"], row["indicator_id"]) == ("avtalstrohet", "N15419")
        assert told(reading, "unknown_indicator").found == "Andel nöjda kunder"


class TestWordsUnitsAndNames:
    def test_an_unknown_status_is_told_once_with_its_count(self, base):
        rows = [["Översyn", "Vi får se"], ["Prognos", "Vi får se"], ["Portal", "Kvarstår pga Coronapandemin"]]
        reading = read(base, *rows, headings=["Aktivitet", "Status"])
        assert rules(reading) == ["unknown_status"]
        found = told(reading, "unknown_status")
        assert (found.severity, found.found, found.line) == ("notice", "Vi får se", 2)
        assert "(2)" in found.expected

    def test_a_word_that_an_analyst_has_explained_is_known(self, base):
        own_table(base, "base.added_words")
        base.connection.execute("insert into base.added_words values ('status', 'Vi får se', 'ongoing')")
        assert rules(read(base, ["Översyn", "Vi får se nu"], headings=["Aktivitet", "Status"])) == []

    def test_an_unknown_verdict_is_told(self, base):
        reading = read(base, ["Avtalstrohet", "Hoppfullt"], headings=["Mål", "Måluppfyllelse"])
        assert told(reading, "unknown_verdict").found == "Hoppfullt"

    def test_the_reason_inside_a_status_stays_in_its_words(self, base, staged_rows):
        reading = read(base, ["Översyn", "Kvarstår pga Coronapandemin"], headings=["Aktivitet", "Status"])
        assert staged_rows(reading, "action_reports")[0]["status_raw"] == "Kvarstår pga Coronapandemin"

    def test_a_plan_without_statuses_leaves_those_of_the_day_alone(self, base, staged_rows):
        row = ["Fortsätta Skolutveckling från mitten", "Delrapport 2"]
        reading = read(base, row, headings=["Aktivitet", "Slutdatum"], said=LINKOPING)
        (report,) = staged_rows(reading, "action_reports")
        assert (report["action_id"], report["status_raw"]) == ("vp2020-02", "Genomfört")
        assert "no_status" in rules(reading, "notice")

    def test_units_are_known_by_present_and_former_names(self, base, staged_rows):
        reading = read(
            base,
            ["A", "Pågår", "Gamla Gläntvägens skola"],
            ["B", "Pågår", "Gläntviksbackens skola"],
            ["C", "Pågår", "Hela kommunen"],
            ["D", "Pågår", "Ingen sådan skola"],
            headings=["Aktivitet", "Status", "Enhet"],
            said=EXAMPLE,
        )
        units = [row["unit_id"] for row in staged_rows(reading, "actions")]
        assert units == ["09901110", "09901110", None, "Ingen sådan skola"]

    def test_a_unit_that_nobody_knows_is_refused_by_the_checking(self, base):
        reading = read(
            base, ["A", "Pågår", "Ingen sådan skola"], headings=["Aktivitet", "Status", "Enhet"], said=EXAMPLE
        )
        checking.check(base.connection, reading, TODAY, has_typed_numbers=False)
        (error,) = [each for each in checking.first_findings(base.connection, 9) if each.column == "Enhet"]
        assert (error.severity, error.line, error.found) == ("error", 2, "Ingen sådan skola")

    def test_who_answers_is_not_read_unless_told_to_be_roles(self, base, staged_rows):
        headings = ["Aktivitet", "Status", "Ansvarig"]
        reading = read(base, ["Översyn", "Pågår", "Anna Andersson"], headings=headings)
        assert "owner_role" not in staged_rows(reading, "actions")[0]
        assert rules(reading) == ["column_of_names"]

    def test_a_name_among_roles_is_left_out_and_never_repeated(self, base, staged_rows):
        headings = ["Aktivitet", "Status", "Ansvarig"]
        reading = read(
            base,
            ["Översyn", "Pågår", "Rektor"],
            ["Prognos", "Pågår", "Anna Andersson"],
            headings=headings,
            columns=dict(zip(headings, ("title", "status", "owner_role"), strict=True)),
        )
        assert [row["owner_role"] for row in staged_rows(reading, "actions")] == ["Rektor", None]
        found = told(reading, "person_names")
        assert found.severity == "warning" and "personer: 1." in found.expected
        assert "Andersson" not in repr(reading)


class TestSheets:
    def test_with_the_same_headings_are_read_together_and_others_told_of(self, base, staged_rows):
        book = book_of(
            {
                "Norra": [["Aktivitet", "Status"], ["Översyn", "Pågår"]],
                "Södra": [["Status", "Aktivitet"], ["Klart", "Prognos"]],
                "Budget": [["Konto", "Belopp"], ["4010", "12"]],
            },
            "plan.xlsx",
        )
        reading = plans.read(book, base, Options(TODAY, **NEW))
        rows = staged_rows(reading, "actions")
        assert [(row["title"], row["_sheet"], row["_line"]) for row in rows] == [
            ("Översyn", "Norra", "2"),
            ("Prognos", "Södra", "2"),
        ]
        assert told(reading, "sheet_not_read").sheet == "Budget"

    def test_headings_that_come_back_after_a_page_break_are_no_action(self, base, staged_rows):
        reading = read(
            base,
            ["Översyn", "Pågår"],
            ["Aktivitet", "Status"],
            ["Prognos", "Klart"],
            headings=["Aktivitet", "Status"],
        )
        assert [row["title"] for row in staged_rows(reading, "actions")] == ["Översyn", "Prognos"]

    def test_every_row_tells_where_it_stood(self, base):
        reading = read(
            base, ["Ekonomi", "Nämndmål", "Avtalstrohet", "Översyn", "Delrapport 1", "Pågår", "Ja"]
        )
        headings = {staged.table: staged.headings for staged in reading.staged}
        assert headings["action_reports"]["due_date"] == "Slutdatum 2020"
        assert headings["actions"]["title"] == "Aktivitet"


class TestGuesses:
    def needs(self, base: Base, rows: Sequence[Row], name: str = "export.csv") -> dict[str, Any]:
        reading = plans.read(book_of(rows, name), base, Options(TODAY))
        return {need.field: need.suggested for need in reading.needs}

    def test_come_from_the_title_and_the_day_in_it(self, base):
        rows = [["Ekerö: åtgärdsplan"], ["Läget 2021-08-31"], ["Åtgärd", "Status"], ["Översyn", "Pågår"]]
        assert self.needs(base, rows) == {
            "municipality_id": "0125",
            "year": 2021,
            "report_date": "2021-08-31",
            "report_name": "Ekerö: åtgärdsplan",
            "report_point": "",
        }

    def test_come_from_the_name_of_the_file(self, base):
        needs = self.needs(base, [["Åtgärd", "Status"]], "Osteraker_plan 2022.xlsx")
        assert (needs["municipality_id"], needs["year"]) == ("0117", 2022)
        assert needs["report_name"] == "Osteraker_plan 2022"

    def test_of_the_municipality_are_none_when_two_are_named(self, base):
        assert self.needs(base, [["Ekerö och Piteå"], ["Åtgärd", "Status"]])["municipality_id"] is None

    def test_of_the_report_point_come_from_its_name(self, base):
        rows = [["Linköping: delrapport 2 2020"], ["Åtgärd", "Slutdatum 2020"]]
        assert self.needs(base, rows)["report_point"] == "Delrapport 2"


noise = st.text("aÅ1.<&;\n\u00a0", max_size=6)
plan_rows = st.tuples(
    st.sampled_from(["", "", "", "Ekonomi", "Verksamhet"]),
    st.sampled_from(["", "", "", "Nämndmål", "Uppdrag"]),
    st.sampled_from(["", "", "Balans", "och kontroll", "<p>Plan</p><p>B</p>"]) | noise,
    st.sampled_from(["", "Översyn", "av bidrag", "<li>Plan</li><li>B</li>"]) | noise,
    st.sampled_from(["", "", "–", "Delrapport 1", "mars 2018", "implementeras våren 2018"]) | noise,
    st.sampled_from(["", "", "–", "Pågår", "Kvarstår pga pandemin", "systemet under våren"]) | noise,
    st.sampled_from(["", "", "Försenat", "av pandemin"]) | noise,
).map(list)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(plan_rows, min_size=1, max_size=12))
def test_no_title_and_no_status_of_a_file_is_ever_lost(base, rows):
    # Numbered, so that each can be found again.
    numbered = [
        [f"{cell} nr{line}z" if cell and place in (3, 5) else cell for place, cell in enumerate(row)]
        for line, row in enumerate(rows, 2)
    ]
    try:
        reading = read(base, *numbered)
    except Refused:
        return
    kept = {
        staged.table: base.connection.execute(f"select * from {staged.relation}").df().to_dict("list")
        for staged in reading.staged
    }
    told_of = {
        each.line for each in reading.findings if each.rule in ("missing_title", "nothing_above", "not_read")
    }
    for line, row in enumerate(numbered, 2):
        for table, column, place in (("actions", "title", 3), ("action_reports", "status_raw", 5)):
            text = normal(plain_text(row[place]))
            if text and line not in told_of:
                staged = " ".join(map(str, kept.get(table, {}).get(column, [])))
                assert text in normal(staged), (line, row)
