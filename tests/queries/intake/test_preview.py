"""What an upload changes, said as a politician would say it, from the same questions as the pages."""

from __future__ import annotations

import pytest

from queries.intake import preview
from queries.intake.outcome import NO_CHANGES, Outcome, TableChange, from_json, sentence
from queries.intake.reading import Finding, Need
from tests.conftest import Publish

PLACE = {
    "municipality_id": "9901", "name": "Exempelkommunen", "kind": "municipality", "register": "exempel",
    "has_own_data": True,
}  # fmt: skip
OTHER = {**PLACE, "municipality_id": "9902", "name": "Grannkommunen"}
GOAL = {
    "municipality_id": "9901", "year": 2026, "level": "committee", "is_priority": False, "source_id": "k",
}  # fmt: skip
ACTION = {"municipality_id": "9901", "year": 2026, "kind": "activity", "source_id": "k"}


def goal(goal_id: str, name: str) -> dict:
    return {**GOAL, "goal_id": goal_id, "name": name}


def verdict(goal_id: str, word: str) -> dict:
    return {
        "municipality_id": "9901", "verdict_id": goal_id, "year": 2026, "goal_id": goal_id, "verdict_raw": word,
        "source_id": "k",
    }  # fmt: skip


def action(action_id: str) -> dict:
    return {**ACTION, "action_id": action_id, "title": f"Åtgärd {action_id}"}


def report(action_id: str, day: str, word: str) -> dict:
    return {
        "municipality_id": "9901", "action_id": action_id, "report_date": day, "year": 2026, "report_name": "R",
        "status_raw": word, "source_id": "k",
    }  # fmt: skip


def changed(*names: str) -> list[TableChange]:
    return [TableChange(name, 0, 1, 0) for name in names]


def test_goals_that_change_verdict_are_counted_by_turn(publish: Publish) -> None:
    goals = [goal(each, f"Mål {each}") for each in "abcd"]
    before = publish(
        municipalities=[PLACE],
        goals=goals,
        goal_verdicts=[verdict(each, "delvis uppnått") for each in "abcd"],
    )
    after = publish(
        municipalities=[PLACE],
        goals=goals,
        goal_verdicts=[*(verdict(each, "uppnått") for each in "abc"), verdict("d", "delvis uppnått")],
    )
    told = preview.sentences(before, after, changed("goal_verdicts"), [])
    assert told[0] == "3 mål går från delvis uppnått till uppnått."


def test_new_and_vanished_goals_are_named(publish: Publish) -> None:
    before = publish(municipalities=[PLACE], goals=[goal("a", "Trygghet"), goal("b", "Studiero")])
    after = publish(municipalities=[PLACE], goals=[goal("a", "Trygghet"), goal("c", "Närvaro")])
    told = preview.sentences(before, after, changed("goals"), [])
    assert told[:2] == ["1 nytt mål: ”Närvaro”.", "1 mål har försvunnit: ”Studiero”."]


def test_a_goal_with_a_new_name_and_the_same_id_has_not_vanished(publish: Publish) -> None:
    before = publish(municipalities=[PLACE], goals=[goal("a", "Hållbar ekonomi")])
    after = publish(municipalities=[PLACE], goals=[goal("a", "Hållbar lokal och ekonomi")])
    told = preview.sentences(before, after, changed("goals"), [])
    assert not [line for line in told if "försvunnit" in line or "nytt mål" in line]


def test_actions_that_the_newest_report_does_not_mention_have_vanished(publish: Publish) -> None:
    first = [report(each, "2026-03-31", "Pågår") for each in "abc"]
    actions = [action(each) for each in "abc"]
    before = publish(municipalities=[PLACE], actions=actions, action_reports=first)
    later = [report("a", "2026-09-30", "Genomfört"), report("b", "2026-09-30", "Pågår")]
    after = publish(municipalities=[PLACE], actions=actions, action_reports=[*first, *later])
    told = preview.sentences(before, after, changed("action_reports"), [])
    assert told[:2] == ["1 åtgärd går från öppen till klar.", "1 åtgärd har försvunnit: ”Åtgärd c”."]


def test_a_finished_action_need_not_be_mentioned_again(publish: Publish) -> None:
    first = [report("a", "2026-03-31", "Pågår"), report("b", "2026-03-31", "Genomfört")]
    actions = [action("a"), action("b")]
    before = publish(municipalities=[PLACE], actions=actions, action_reports=first)
    after = publish(
        municipalities=[PLACE], actions=actions, action_reports=[*first, report("a", "2026-09-30", "Pågår")]
    )
    told = preview.sentences(before, after, changed("action_reports"), [])
    assert not [line for line in told if "försvunnit" in line]


def test_the_same_news_of_several_municipalities_is_one_sentence(publish: Publish) -> None:
    before = publish(municipalities=[PLACE, OTHER])
    outcome = {
        "indicator_id": "L13", "year": 2025, "gender": "T", "operator": "alla", "value": 4.0, "marker": "",
        "source_id": "k",
    }  # fmt: skip
    rows = [{**outcome, "municipality_id": each} for each in ("9901", "9902")]
    after = publish(municipalities=[PLACE, OTHER], outcomes=rows)
    told = preview.sentences(
        before, after, [TableChange("outcomes", 2, 0, 0)], ["Munsö skola saknas i filen."]
    )
    assert told == [
        "Exempelkommunen och Grannkommunen: 1 nytt år med utfall: 2025.",
        "Munsö skola saknas i filen.",
        "Utfall: 2 nya.",
    ]


def test_nothing_new_is_said_in_one_sentence(publish: Publish) -> None:
    exports = publish(municipalities=[PLACE])
    assert preview.sentences(exports, exports, [], []) == [NO_CHANGES]


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (
            Finding("error", "type", "ett tal, t.ex. 81,5", "Data", 12, "Utfall", "abc"),
            "Blad ”Data”, rad 12, kolumn ”Utfall”: ”abc”. Här väntades ett tal, t.ex. 81,5.",
        ),
        (
            Finding("error", "empty", "ett tal", "", 3, "År"),
            "Rad 3, kolumn ”År”: Cellen är tom. Här väntades ett tal.",
        ),
        (Finding("error", "x", "Filen är tom."), "Filen är tom."),
        (Finding("notice", "x", "3 rader gäller Ljungby"), "3 rader gäller Ljungby."),
        (
            Finding("error", "x", "en kommun som följs här", found="Ale"),
            "”Ale”. Här väntades en kommun som följs här.",
        ),
    ],
)
def test_a_finding_is_a_sentence_with_place_found_and_expected(finding: Finding, said: str) -> None:
    assert sentence(finding) == said


def test_an_outcome_comes_back_from_json_as_it_was() -> None:
    outcome = Outcome(
        "needs",
        "fil.csv",
        counts={"error": 0},
        findings=(Finding("notice", "x", "Y"),),
        needs=(Need("columns", "Vad?", {"a": "A"}, {"Rubrik": "a"}),),
        changes=(TableChange("goals", 1, 2, 3),),
        sentences=("En mening.",),
    )
    again = from_json(outcome.as_json())
    assert (again.needs, again.findings, again.changes) == (outcome.needs, outcome.findings, outcome.changes)
