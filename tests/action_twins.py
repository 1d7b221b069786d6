"""Slow and obvious twins of the questions about actions over time, contradictions and effects.

As tests/twins.py: lists, dicts and loops over the published rows, and nothing of the SQL.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.twins import CLOSED, Row, Tables, _goes_on, deadline, is_overdue, read_word

Day = dt.date | None
Story = list[dict[str, Any]]


def stories(tables: Tables, municipality_id: str) -> dict[str, Story]:
    """action_id → its reports, oldest first, each with what its place among the others tells."""
    words = [(row["word"], row["status"]) for row in tables["status_words"]]
    calendar = calendar_of(tables, municipality_id)
    last_positions: dict[int, int] = {}
    for (year, _), row in calendar.items():
        last_positions[year] = max(last_positions.get(year, 0), row["position"])
    told: dict[str, Story] = {}
    of_here = [row for row in tables["action_reports"] if row["municipality_id"] == municipality_id]
    for report in sorted(of_here, key=lambda row: row["report_date"]):
        due = calendar.get((report["year"], report["due_report_point"]))
        own = calendar.get((report["year"], report["report_point"]))
        comment = (report["comment"] or "").strip()
        same = comment.strip(" .").lower() in ("", report["status_raw"].strip(" .").lower())
        place = (due["position"], own["position"]) if due and own else None
        told.setdefault(report["action_id"], []).append(
            {
                **report,
                "status": read_word(report["status_raw"], words, "unknown"),
                "status_reason": reason_after(report["status_raw"], [word for word, _ in words]),
                "deadline": deadline(report),
                "deadline_day": report["due_date"] or (due["point_date"] if due else None),
                "due_position": due["position"] if due else None,
                "remark": None if same else comment,
                "is_reached": is_overdue(report, calendar),
                "is_passed": is_overdue(report, calendar)
                and not (
                    report["due_date"] is None
                    and place is not None
                    and place[0] == place[1] < last_positions[report["year"]]
                ),
            }
        )
    for story in told.values():
        moved = 0
        for position, report in enumerate(story):
            before = story[position - 1] if position else None
            report["before"] = before
            report["is_moved"] = bool(
                before
                and before["deadline"]
                and report["deadline"]
                and before["deadline"] != report["deadline"]
            )
            moved += report["is_moved"]
            report["count_moved"] = moved
            remarks = [
                each["remark"]
                for each in story[: position + 1]
                if each["status"] == report["status"] and each["remark"]
            ]
            report["told_remark"] = remarks[-1] if remarks else None
    return told


def reason_after(text: str, words: Sequence[str]) -> str:
    """What stands after the longest known word that a source's text begins with; nothing where none does."""
    shown = " ".join(text.split())
    known = [
        word
        for word in (each.strip().lower() for each in words)
        if shown.lower().startswith(word) and not _goes_on(shown, len(word))
    ]
    return shown[len(max(known, key=len)) :].strip(" .,;:–-") if known else ""


def calendar_of(tables: Tables, municipality_id: str) -> dict[tuple[int, str], Row]:
    """(year, report point) → its row."""
    return {
        (row["year"], row["report_point"]): row
        for row in tables["report_points"]
        if row["municipality_id"] == municipality_id
    }


def known_actions(tables: Tables, municipality_id: str) -> dict[str, Row]:
    """action_id → its row of the plan; reports of anything else are not told of."""
    return {row["action_id"]: row for row in tables["actions"] if row["municipality_id"] == municipality_id}


def action_moves(tables: Tables, municipality_id: str, year: int) -> dict[tuple[str, dt.date], tuple]:
    """(action_id, report_date) → first, before and after, count so far, days and steps moved."""
    found = {}
    for action_id, story in stories(tables, municipality_id).items():
        if action_id not in known_actions(tables, municipality_id):
            continue
        if not any(report["year"] == year for report in story):
            continue
        for report in story:
            if not report["is_moved"] or report["year"] > year:
                continue
            before = report["before"]
            days = _apart(before["deadline_day"], report["deadline_day"])
            steps = None
            both_points = report["due_date"] is None and before["due_date"] is None
            if both_points and report["year"] == before["year"]:
                places = (before["due_position"], report["due_position"])
                steps = places[1] - places[0] if None not in places else None
            found[action_id, report["report_date"]] = (
                story[0]["deadline"], before["deadline"], report["deadline"], report["count_moved"], days, steps,
            )  # fmt: skip
    return found


def _apart(first: Day, last: Day) -> int | None:
    return (last - first).days if first and last else None


def compared_days(tables: Tables, municipality_id: str, year: int) -> tuple[Day, Day]:
    """The newest report up to a year, and the one before."""
    days = sorted(
        {
            row["report_date"]
            for row in tables["action_reports"]
            if row["municipality_id"] == municipality_id and row["year"] <= year
        }
    )
    return (days[-1] if days else None), (days[-2] if len(days) > 1 else None)


def action_changes(
    tables: Tables, municipality_id: str, told: Day, since: Day
) -> dict[str, tuple[str, bool, bool, bool]]:
    """action_id → new, vanished or changed, and whether status, deadline and comment differ."""
    found: dict[str, tuple[str, bool, bool, bool]] = {}
    if told is None or since is None:
        return found
    of_all = stories(tables, municipality_id)
    for action_id in known_actions(tables, municipality_id):
        story = of_all.get(action_id, [])
        now = next((report for report in story if report["report_date"] == told), None)
        earlier = [report for report in story if report["report_date"] <= since]
        if now and not earlier:
            found[action_id] = ("new", False, False, False)
        elif not now and earlier and earlier[-1]["report_date"] == since:
            found[action_id] = ("vanished", False, False, False)
        elif now and earlier:
            before = earlier[-1]
            both = before["deadline"] is not None and now["deadline"] is not None
            flags = (
                before["status"] != now["status"],
                both and before["deadline"] != now["deadline"],
                now["comment"] is not None and now["comment"] != before["comment"],
            )
            if any(flags):
                found[action_id] = ("changed", *flags)
    return found


REASONS = ("is_due", "is_late", "is_slipped", "is_new", "is_report_back", "is_evaluation")


def meeting_actions(
    tables: Tables, municipality_id: str, year: int, meeting: str
) -> dict[str, tuple[bool, ...]]:
    """action_id → REASONS, for the actions that a meeting should look at."""
    calendar = calendar_of(tables, municipality_id)
    point = calendar.get((year, meeting))
    day = point["point_date"] if point and point["point_date"] else None
    if day is None and re.fullmatch(r"\d{4}-\d\d-\d\d", meeting):
        day = dt.date.fromisoformat(meeting)
    dated = [row["point_date"] for row in calendar.values() if row["point_date"]]
    opens = max((each for each in dated if day and each < day), default=dt.date(year - 1, 12, 31))
    told = stories(tables, municipality_id)
    reports = [report for story in told.values() for report in story]
    readable = [
        report for report in reports if (report["report_date"] <= day if day else report["year"] == year)
    ]
    if not readable:
        return {}
    newest = max(readable, key=lambda report: report["report_date"])
    first_of_all = min(report["report_date"] for report in reports)
    of_year = newest["year"] == year

    def within(when: Day) -> bool:
        return bool(when and day and opens < when <= day)

    found = {}
    for action_id in known_actions(tables, municipality_id):
        known = [
            report
            for report in told.get(action_id, [])
            if report["year"] == newest["year"] and report["report_date"] <= newest["report_date"]
        ]
        if not known:
            continue
        last = known[-1]
        is_open = last["status"] not in CLOSED
        is_newest = last["report_date"] == newest["report_date"]
        slipped = is_newest and last["is_moved"]
        due = within(last["deadline_day"]) or (
            of_year and last["due_date"] is None and last["due_report_point"] == meeting
        )
        if slipped:
            due = due or within(last["before"]["deadline_day"])
            due = due or (of_year and last["before"]["deadline"] == meeting)
        if last["due_date"] is not None:
            late = last["due_date"] < (day or last["report_date"])
        elif of_year and point:
            late = last["due_position"] is not None and last["due_position"] <= point["position"]
        else:
            late = bool(last["deadline_day"] and day and last["deadline_day"] < day)
        reasons = (
            due,
            is_open and late,
            slipped,
            is_newest and last["before"] is None and newest["report_date"] > first_of_all,
            within(last["report_back_date"]),
            within(last["evaluation_date"]) and last["effect"] is None,
        )
        if any(reasons):
            found[action_id] = reasons
    return found


def plain(text: str) -> str:
    """Small letters and digits with one blank between, and one at each end."""
    return " " + " ".join("".join(each if each.isalnum() else " " for each in text.lower()).split()) + " "


def signs(tables: Tables, report: Mapping[str, Any]) -> dict[str, Any]:
    """sign → the first phrase found, and causes → their names."""
    own = plain(f"{report['status_raw']} {report['comment'] or ''}")
    told = plain(f"{report['status_raw']} {report['told_remark'] or ''}")
    day = report["report_date"]
    found: dict[str, list[str]] = {}
    causes = set()
    for row in tables["contradiction_words"]:
        phrase, meaning = plain(row["word"]).strip(), (row["meaning"] or "").strip()
        text = own if row["sign"] in ("on_schedule", "delay") else told
        if row["sign"] == "time" and meaning:
            if int(meaning) > day.month and f" {phrase} {day.year} " in text:
                found.setdefault("time", []).append(phrase)
        elif f" {phrase}" in text:
            found.setdefault(row["sign"], []).append(phrase)
            if row["sign"] == "cause":
                causes.add(meaning)
    for year in re.findall(r" (20\d\d)", told):
        if int(year) > day.year:
            found.setdefault("time", []).append(year)
    first = {sign: min(phrases) for sign, phrases in found.items()}
    if "nothing_remains" in first:
        first.pop("remains", None)
    return {**first, "causes": sorted(causes)}


def last_of_year(tables: Tables, municipality_id: str, year: int) -> dict[str, dict[str, Any]]:
    """action_id → its last report of a year with its signs, for the actions of the plan."""
    known = known_actions(tables, municipality_id)
    last = {}
    for action_id, story in stories(tables, municipality_id).items():
        of_year = [report for report in story if report["year"] == year]
        if of_year and action_id in known:
            last[action_id] = {**of_year[-1], "action": known[action_id], "signs": signs(tables, of_year[-1])}
    return last


def contradictions(tables: Tables, municipality_id: str, year: int) -> set[tuple[str, str]]:
    """(rule_id, action_id) for every rule that an action's last report of a year meets."""
    last = last_of_year(tables, municipality_id, year)
    found = {(rule_id, action_id) for action_id, report in last.items() for rule_id in _rules_met(report)}
    for action_id, report in last.items():
        for other_id, other in last.items():
            same = _title(report["action"]) == _title(other["action"])
            if other_id != action_id and same and _area(report["action"]) != _area(other["action"]):
                found.add(("same_text_two_areas", action_id))
    known = {row["rule_id"] for row in tables["contradiction_rules"]}
    return {(rule_id, action_id) for rule_id, action_id in found if rule_id in known}


def _rules_met(report: Mapping[str, Any]) -> list[str]:
    said = report["signs"]
    status, day = report["status"], report["deadline_day"]
    is_open = status not in CLOSED
    met = []
    if (
        is_open
        and "on_schedule" in said
        and (report["count_moved"] or report["is_passed"] or "delay" in said)
    ):
        met.append("on_schedule_but_moved")
    if status == "finished" and ("remains" in said or "time" in said):
        met.append("done_but_remains")
    no_new_time = "on_schedule" not in said and "time" not in said
    if is_open and no_new_time and (report["is_passed"] or report["deadline"] is None):
        met.append("open_without_new_date")
    silent = not (report["comment"] or "").strip()
    moved_silently = is_open and report["is_moved"] and "on_schedule" not in said and silent
    closed_silently = status == "closed_undone" and report["told_remark"] is None
    if not report["status_reason"] and (moved_silently or closed_silently):
        met.append("reason_missing")
    if status == "closed_undone" and "decision" in said:
        met.append("closed_by_decision")
    if status == "finished" and day and day > report["report_date"]:
        if report["is_moved"] or day.year > report["report_date"].year:
            met.append("status_and_date_disagree")
    return met


def _title(action: Row) -> str:
    return re.sub(r"\s+", " ", action["title"].strip(" .")).lower()


def _area(action: Row) -> str | None:
    return action["area"] if action["area"] is not None else action["perspective"]


def reporting_tally(tables: Tables, municipality_id: str, year: int) -> dict[str, tuple[int, ...]]:
    """kind → total, open, late, late with and without a new time, finished, without a remark, with a rest."""
    kinds: dict[str, list[int]] = {}
    for report in last_of_year(tables, municipality_id, year).values():
        is_open, is_finished = report["status"] not in CLOSED, report["status"] == "finished"
        late, said = is_open and report["is_reached"], report["signs"]
        facts = (
            True, is_open, late, late and "time" in said, late and "time" not in said, is_finished,
            is_finished and report["told_remark"] is None,
            is_finished and ("remains" in said or "time" in said),
        )  # fmt: skip
        counts = kinds.setdefault(report["action"]["kind"], [0] * len(facts))
        kinds[report["action"]["kind"]] = [count + fact for count, fact in zip(counts, facts, strict=True)]
    return {kind: tuple(counts) for kind, counts in kinds.items()}


def action_causes(tables: Tables, municipality_id: str, year: int) -> dict[str, list[str]]:
    """cause → the actions that name it."""
    named: dict[str, list[str]] = {}
    for action_id, report in last_of_year(tables, municipality_id, year).items():
        for cause in report["signs"]["causes"]:
            named.setdefault(cause, []).append(action_id)
    return {cause: sorted(action_ids) for cause, action_ids in named.items()}


def effect_ledger(
    tables: Tables, municipality_id: str, year: int, share_points: float, percent: float
) -> dict[str, dict[str, Any]]:
    """action_id → state of the effect, years and values before and after, change, band, and the comparison."""
    register = next(
        row["register"] for row in tables["municipalities"] if row["municipality_id"] == municipality_id
    )
    indicators = {row["indicator_id"]: row for row in tables["indicators"]}
    told = {
        action_id: [report for report in story if report["year"] <= year]
        for action_id, story in stories(tables, municipality_id).items()
    }
    newest = max((report["report_date"] for story in told.values() for report in story), default=None)
    ledger = {}
    for action_id, action in known_actions(tables, municipality_id).items():
        story = told.get(action_id, [])
        if not story:
            continue
        status = story[-1]["status"]
        evaluation, effect = (
            next((report[column] for report in reversed(story) if report[column] is not None), None)
            for column in ("evaluation_date", "effect")
        )
        if status != "finished" and (evaluation is None or status == "closed_undone"):
            continue
        if effect is not None:
            state = "told"
        elif evaluation is not None:
            state = "overdue" if evaluation < newest else "planned"
        else:
            state = "untold" if action["indicator_id"] is not None else "no_indicator"
        finished = [report["report_date"].year for report in story if report["status"] == "finished"]
        earliest = finished[0] if status == "finished" else 0
        row = {"effect_state": state, "after_year": None, "change": None, "comparison_change": None}
        row |= {"baseline_value": None, "after_value": None, "break_year": None, "is_within_band": None}
        ledger[action_id] = row
        if action["indicator_id"] is None or action["baseline_year"] is None:
            continue
        indicator = indicators[action["indicator_id"]]
        earliest = max(earliest, action["baseline_year"] + 1)
        for place in dict.fromkeys((action["unit_id"], None)):
            values = outcomes(tables, municipality_id, action["indicator_id"], place)
            later = [each for each in values if earliest <= each <= year]
            if action["baseline_year"] in values and later:
                break
        else:
            continue
        first, last = action["baseline_year"], max(later)
        row |= {"after_year": last, "baseline_value": values[first], "after_value": values[last]}
        broken = [
            each for each in breaks(tables, municipality_id, register, indicator) if first < each <= last
        ]
        if broken:
            row["break_year"] = min(broken)
            continue
        change = values[last] - values[first]
        band = share_points if indicator["unit"] == "%" else abs(values[first]) * percent / 100
        if place is not None:
            others = outcomes(tables, municipality_id, action["indicator_id"], None)
        else:
            others = {
                spread["year"]: spread["mean"]
                for spread in tables["comparison_distributions"]
                if (spread["indicator_id"], spread["gender"], spread["register"])
                == (action["indicator_id"], "T", register)
            }
        row |= {"change": round(change, 6), "is_within_band": round(abs(change), 6) <= band}
        if first in others and last in others:
            row["comparison_change"] = round(others[last] - others[first], 6)
    return ledger


def outcomes(
    tables: Tables, municipality_id: str, indicator_id: str, unit_id: str | None
) -> dict[int, float]:
    """Year → outcome of a unit or of the municipality, whose own schools go before all schools."""
    chosen: dict[int, Row] = {}
    for row in tables["outcomes"]:
        if (row["municipality_id"], row["indicator_id"], row["unit_id"], row["gender"]) != (
            municipality_id, indicator_id, unit_id, "T",
        ):  # fmt: skip
            continue
        if unit_id is None and row["operator"] == "enskild":
            continue
        if row["year"] not in chosen or row["operator"] == "kommunal":
            chosen[row["year"]] = row
    return {year: row["value"] for year, row in chosen.items() if row["value"] is not None}


def breaks(tables: Tables, municipality_id: str, register: str, indicator: Row) -> list[int]:
    """The years in which a series cannot be compared with those before."""
    years = [
        int(row["year"])
        for row in tables["series_breaks"]
        if row["indicator_id"] == indicator["indicator_id"] and register == "sverige"
    ]
    for row in tables["events"]:
        here = (row["municipality_id"], row["indicator_id"], row["kind"])
        if here == (municipality_id, indicator["indicator_id"], "new_method"):
            autumn = indicator["period"] == "school_year" and row["start_date"].month > 7
            years.append(row["start_date"].year + autumn)
    return years


def vanished_actions(tables: Tables, municipality_id: str, told: Day, since: Day) -> dict[str, bool]:
    """action_id → whether it was open, for the actions of the earlier report that the later one lacks."""
    days: dict[str, dict[dt.date, Any]] = {
        action_id: {report["report_date"]: report for report in story}
        for action_id, story in stories(tables, municipality_id).items()
    }
    known: Sequence[str] = list(known_actions(tables, municipality_id))
    return {
        action_id: days[action_id][since]["status"] not in CLOSED
        for action_id in known
        if action_id in days and since in days[action_id] and told not in days[action_id]
    }
