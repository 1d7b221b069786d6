"""Actions over time as tables for readers: moves, changes, what a meeting is about, contradictions, effects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from pages.parts.rows import as_records
from pages.parts.sentences import NO_EFFECT
from pages.parts.words import (
    CHANGES_OF_ACTIONS,
    EFFECT_STATES,
    KINDS,
    MOMENTS,
    OUTCOMES,
    STATUSES,
    counted,
    day,
    is_empty,
    listed,
    number,
    quantity,
    short_year,
    text,
    upper_first,
)

ARROW = " → "
WHOLE = "Hela kommunen"


def when(deadline: Any) -> str:
    """A deadline as it is read: '2026-09-30' as a day, a report point or words as they stand."""
    written = text(deadline, "Datum saknas")
    try:
        return day(date.fromisoformat(written))
    except ValueError:
        return written


def times(count: Any) -> str:
    """'1 gång', '3 gånger'."""
    return counted(int(count), "gång", "gånger")


def how_far(row: Mapping[str, Any]) -> str:
    """How far a deadline moved: days where both ends have one, else report points, else the dash."""
    for column, one, many in (
        ("days_moved", "dag", "dagar"),
        ("steps_moved", "rapporttillfälle", "rapporttillfällen"),
    ):
        if not is_empty(row[column]):
            far = int(row[column])
            return f"{counted(abs(far), one, many)} {'senare' if far >= 0 else 'tidigare'}"
    return "Går inte att räkna"


def move_rows(moves: pd.DataFrame) -> pd.DataFrame:
    """action_moves as the things to know first: one row a move, oldest first within an action."""
    rows = as_records(moves)
    return pd.DataFrame(
        {
            "Åtgärd": [text(row["title"]) for row in rows],
            "Flytt": [f"{int(row['count_moved'])}" for row in rows],
            "Klart till": [f"{when(row['deadline_before'])}{ARROW}{when(row['deadline'])}" for row in rows],
            "Hur långt": [how_far(row) for row in rows],
        }
    )


def all_move_rows(moves: pd.DataFrame) -> pd.DataFrame:
    """action_moves with everything that is known, for the download."""
    rows = as_records(moves)
    rest = pd.DataFrame(
        {
            "Id": [text(row["action_id"]) for row in rows],
            "Första tidpunkt": [when(row["first_deadline"]) for row in rows],
            "Dagar från första": [number(row["days_from_first"], 0) for row in rows],
            "Rapport": [f"{text(row['report_name'])}, {day(row['report_date'])}" for row in rows],
            "Källans ord": [text(row["status_raw"]) for row in rows],
            "Kommentar": [text(row["comment"]) for row in rows],
            "Skola": [text(row["unit_name"], WHOLE) for row in rows],
        }
    )
    return pd.concat([move_rows(moves), rest], axis=1)


def change_rows(changes: pd.DataFrame) -> pd.DataFrame:
    """action_changes as the things to know first: what it was and what it is."""
    rows = as_records(changes)
    return pd.DataFrame(
        {
            "Ändring": [CHANGES_OF_ACTIONS[row["change"]] for row in rows],
            "Åtgärd": [text(row["title"]) for row in rows],
            "Läge": [_from_to(_status(row["status_before"]), _status(row["status"])) for row in rows],
            "Klart till": [_from_to(_when(row["deadline_before"]), _when(row["deadline"])) for row in rows],
        }
    )


def all_change_rows(changes: pd.DataFrame) -> pd.DataFrame:
    """action_changes with everything that is known, for the download."""
    rows = as_records(changes)
    rest = pd.DataFrame(
        {
            "Id": [text(row["action_id"]) for row in rows],
            "Källans ord förut": [text(row["status_raw_before"]) for row in rows],
            "Källans ord nu": [text(row["status_raw"]) for row in rows],
            "Kommentar förut": [text(row["comment_before"]) for row in rows],
            "Kommentar nu": [text(row["comment"]) for row in rows],
            "Skola": [text(row["unit_name"], WHOLE) for row in rows],
        }
    )
    return pd.concat([change_rows(changes), rest], axis=1)


def meeting_rows(found: pd.DataFrame) -> pd.DataFrame:
    """meeting_actions as the things to know first: why it is here, what, how it stands, and when it is due."""
    rows = as_records(found)
    return pd.DataFrame(
        {
            "Varför": [upper_first(listed(reasons_of(row))) for row in rows],
            "Åtgärd": [text(row["title"]) for row in rows],
            "Läge": [_state(row) for row in rows],
            "Klart till": [_due(row) for row in rows],
        }
    )


def all_meeting_rows(found: pd.DataFrame) -> pd.DataFrame:
    """meeting_actions with everything that is known, for the download."""
    rows = as_records(found)
    rest = pd.DataFrame(
        {
            "Id": [text(row["action_id"]) for row in rows],
            "Typ": [KINDS[row["kind"]] for row in rows],
            "Mål": [text(row["goal_name"]) for row in rows],
            "Skola": [text(row["unit_name"], WHOLE) for row in rows],
            "Ansvarig": [text(row["owner_role"]) for row in rows],
            "Källans ord": [text(row["status_raw"]) for row in rows],
            "Första tidpunkt": [when(row["first_deadline"]) for row in rows],
            "Flyttad antal gånger": [int(row["count_moved"]) for row in rows],
            "Återrapport": [day(row["report_back_date"]) for row in rows],
            "Utvärderas": [day(row["evaluation_date"]) for row in rows],
            "Kommentar": [text(row["comment"]) for row in rows],
            "Rapporterat": [day(row["report_date"]) for row in rows],
        }
    )
    return pd.concat([meeting_rows(found), rest], axis=1)


def reasons_of(row: Mapping[str, Any]) -> list[str]:
    """Why an action is on a meeting's list, in the order of weight."""
    words = {
        "is_due": "skulle vara klar",
        "is_slipped": f"flyttad från {when(row['deadline_before'])}",
        "is_new": "ny",
        "is_report_back": "återrapport utlovad",
        "is_evaluation": "ska utvärderas",
    }
    found = [word for reason, word in words.items() if row[reason]]
    # That something due is late stands beside it, as its state.
    return found or ["försenad"]


def promise_rows(promises: pd.DataFrame) -> pd.DataFrame:
    """meeting_promises as a table."""
    rows = as_records(promises)
    return pd.DataFrame(
        {
            "Utlovat": [text(row["text"]) for row in rows],
            "Till": [day(row["due_date"]) for row in rows],
            "Svar": [text(row["answer"], "Inget svar i källan") for row in rows],
        }
    )


def axis_rows(timeline: pd.DataFrame) -> pd.DataFrame:
    """action_timeline as a table."""
    return pd.DataFrame(
        {
            "Tillfälle": [moment_of(row) for row in as_records(timeline)],
            "Dag": ["Anges inte" if is_empty(found) else day(found) for found in timeline["point_date"]],
        }
    )


def moment_of(row: Mapping[str, Any]) -> str:
    """What a point on the time axis is called."""
    return MOMENTS.get(row["kind"]) or text(row["label"])


def contradiction_rows(found: pd.DataFrame) -> pd.DataFrame:
    """contradictions as questions: the question, the action, what the report says, and what stands beside it."""
    rows = as_records(found)
    return pd.DataFrame(
        {
            "Fråga": [text(row["question"]) for row in rows],
            "Åtgärd": [text(row["title"]) for row in rows],
            "Rapporten säger": [_told(row) for row in rows],
            "Bredvid": [beside(row) for row in rows],
        }
    )


def all_contradiction_rows(found: pd.DataFrame) -> pd.DataFrame:
    """contradictions with everything that is known, for the download."""
    rows = as_records(found)
    rest = pd.DataFrame(
        {
            "Regel": [text(row["rule_name"]) for row in rows],
            "Vad regeln ser": [text(row["explanation"]) for row in rows],
            "Id": [text(row["action_id"]) for row in rows],
            "Område": [text(row["area"]) for row in rows],
            "Skola": [text(row["unit_name"], WHOLE) for row in rows],
            "Första tidpunkt": [when(row["first_deadline"]) for row in rows],
            "Rapporterat": [day(row["report_date"]) for row in rows],
        }
    )
    return pd.concat([contradiction_rows(found), rest], axis=1)


def beside(row: Mapping[str, Any]) -> str:
    """What stands beside the report's words and makes a rule ask."""
    moved = int(row["count_moved"])
    due = f"Klart till: {when(row['deadline'])}"
    match row["rule_id"]:
        case "on_schedule_but_moved" if moved:
            return f"Först klart till {when(row['first_deadline'])}, nu {when(row['deadline'])}; flyttad {times(moved)}"
        case "done_but_remains":
            return f"Kommentaren säger ”{row['quoted_word']}”"
        case "open_without_new_date":
            return f"{due}. Ingen senare tid nämns"
        case "reason_missing" if row["status"] != "closed_undone":
            return f"Flyttad från {when(row['deadline_before'])} till {when(row['deadline'])}"
        case "reason_missing" | "closed_by_decision":
            return due
        case "same_text_two_areas":
            return f"Står under {text(row['area'])} och {text(row['other_area'])}"
    return due


def tally_rows(tally: pd.DataFrame) -> pd.DataFrame:
    """reporting_tally as a table."""
    words = {
        "late": "Försenade",
        "late_with_new_time": "varav ny tidpunkt nämns",
        "late_without_new_time": "varav ingen ny tidpunkt",
        "finished": "Klara",
        "finished_without_remark": "varav utan kommentar",
        "finished_with_rest": "varav något återstår",
    }
    shown = {"Typ": [KINDS[kind] for kind in tally["kind"]]}
    return pd.DataFrame(
        shown | {word: [int(count) for count in tally[column]] for column, word in words.items()}
    )


def cause_rows(causes: pd.DataFrame) -> pd.DataFrame:
    """action_causes as a table."""
    words = {
        "count_actions": "Åtgärder",
        "count_activities": "varav aktiviteter",
        "count_assignments": "varav uppdrag",
    }
    return pd.DataFrame(
        {"Skäl eller sammanhang": [text(cause) for cause in causes["cause"]]}
        | {word: [int(count) for count in causes[column]] for column, word in words.items()}
    )


def effect_rows(ledger: pd.DataFrame) -> pd.DataFrame:
    """effect_ledger as the things to know first: the action, what is told of its effect, and the outcome since."""
    rows = as_records(ledger)
    return pd.DataFrame(
        {
            "Åtgärd": [text(row["title"]) for row in rows],
            "Effekt": [told_effect(row) for row in rows],
            "Utfallet sedan dess": [outcome_since(row) for row in rows],
        }
    )


def all_effect_rows(ledger: pd.DataFrame) -> pd.DataFrame:
    """effect_ledger with everything that is known, for the download."""
    rows = as_records(ledger)
    rest = pd.DataFrame(
        {
            "Id": [text(row["action_id"]) for row in rows],
            "Skola": [text(row["unit_name"], WHOLE) for row in rows],
            "Klar": [day(row["finished_date"]) for row in rows],
            "Utvärderas": [day(row["evaluation_date"]) for row in rows],
            "Nyckeltal": [text(row["indicator_id"], "Utan indikator") for row in rows],
            "Utgångsår": [short_year(row["baseline_year"], row["period"]) for row in rows],
            "Utgångsvärde": [_value(row, "baseline_value") for row in rows],
            "Antal då": [number(row["baseline_n"], 0) for row in rows],
            "Senaste år": [short_year(row["after_year"], row["period"]) for row in rows],
            "Senaste värde": [_value(row, "after_value") for row in rows],
            "Antal nu": [number(row["after_n"], 0) for row in rows],
            "Ändring": [_difference(row, "change") for row in rows],
            "Räknas som oförändrat": [_difference(row, "band") for row in rows],
            "Ändring i jämförelsen": [_difference(row, "comparison_change") for row in rows],
        }
    )
    return pd.concat([effect_rows(ledger), rest], axis=1)


def told_effect(row: Mapping[str, Any]) -> str:
    """The state of an effect, with what the source tells or the day it should have been evaluated."""
    mark = EFFECT_STATES[row["effect_state"]].shown
    match row["effect_state"]:
        case "told":
            return text(row["effect"])
        case "overdue" | "planned":
            return f"{mark}: {day(row['evaluation_date'])}"
        case "no_indicator":
            return f"{mark}. {NO_EFFECT}"
    return mark


def outcome_since(row: Mapping[str, Any]) -> str:
    """Before and after in words, with what is counted as unchanged and the comparison; never a cause."""
    if is_empty(row["indicator_id"]):
        return "Ingen indikator är kopplad"
    name = text(row["short_name"], text(row["indicator_id"]))
    if is_empty(row["after_value"]):
        return f"{name}: värde före eller efter saknas"
    went = (
        f"{name}: från {_value(row, 'baseline_value')} ({short_year(row['baseline_year'], row['period'])}) "
        f"till {_value(row, 'after_value')} ({short_year(row['after_year'], row['period'])})"
    )
    if not is_empty(row["break_year"]):
        return f"{went}. Går inte att jämföra: serien bröts {short_year(row['break_year'], row['period'])}"
    return f"{went}, {_judged(row)}{_place(row)}{_others(row)}"


def vanished_rows(found: pd.DataFrame) -> pd.DataFrame:
    """vanished_actions as a table."""
    rows = as_records(found)
    return pd.DataFrame(
        {
            "Åtgärd": [text(row["title"]) for row in rows],
            "Läge då": [STATUSES[row["status"]].shown for row in rows],
            "Klart till": [when(row["deadline"]) for row in rows],
            "Ansvarig": [text(row["owner_role"]) for row in rows],
        }
    )


def _judged(row: Mapping[str, Any]) -> str:
    if row["is_within_band"]:
        return "oförändrat"
    if is_empty(row["is_for_the_better"]):
        return f"{'högre' if row['change'] > 0 else 'lägre'}"
    return "bättre" if row["is_for_the_better"] else "sämre"


def _place(row: Mapping[str, Any]) -> str:
    """Where it is measured and on how many, in brackets."""
    where = WHOLE.lower() if row["is_of_whole_municipality"] else text(row["unit_name"])
    known = not (is_empty(row["baseline_n"]) or is_empty(row["after_n"]))
    n = f"{number(row['baseline_n'], 0)} och {number(row['after_n'], 0)} i underlaget" if known else ""
    return f" ({', '.join(part for part in (where, n) if part)})"


def _others(row: Mapping[str, Any]) -> str:
    if is_empty(row["comparison_change"]):
        return ""
    name = "Kommunerna i medel" if row["comparison_kind"] == "mean" else "Hela kommunen"
    sign = "+" if row["comparison_change"] > 0 else ""
    return f". {name} samma år: {sign}{_difference(row, 'comparison_change')}"


def _value(row: Mapping[str, Any], column: str) -> str:
    if is_empty(row[column]):
        return "–"
    return quantity(row[column], row["unit"], int(row["decimals"]))


def _difference(row: Mapping[str, Any], column: str) -> str:
    """A difference between percentages is told in percentage points."""
    if is_empty(row[column]):
        return "–"
    unit = "procentenheter" if row["unit"] == "%" else row["unit"]
    return quantity(row[column], unit, max(1, int(row["decimals"])))


def _told(row: Mapping[str, Any]) -> str:
    said = f"”{text(row['status_raw'])}”"
    if is_empty(row["quote"]):
        return said
    return f"{said}. {row['quote']}{' (i en tidigare rapport)' if row['is_earlier_quote'] else ''}"


def _from_to(before: str, now: str) -> str:
    return now if before == now else ARROW.join(part for part in (before, now) if part)


def _status(code: Any) -> str:
    return "" if is_empty(code) else STATUSES[code].shown


def _when(deadline: Any) -> str:
    return "" if is_empty(deadline) else when(deadline)


def _state(row: Mapping[str, Any]) -> str:
    return OUTCOMES["late"].shown if row["is_late"] else STATUSES[row["status"]].shown


def _due(row: Mapping[str, Any]) -> str:
    moved = int(row["count_moved"])
    return f"{when(row['deadline'])} (flyttad {times(moved)})" if moved else when(row["deadline"])
