"""Slow and obvious twins of the search and of what falls due.

As tests/twins.py: lists, dicts and loops over the published rows, and nothing of the SQL.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from typing import Any

from tests.action_twins import known_actions, stories
from tests.twins import CLOSED, Row, Tables

Found = dict[tuple[str, str, str], tuple[bool, list[str]]]
Day = dt.date


def search_hits(
    tables: Tables, municipality_id: str, asked: Sequence[str], year: int | None, unit_ids: Sequence[str]
) -> Found:
    """(kind, id, title) → whether some word is only alike, and the words that were met."""
    things = [
        thing
        for thing in everything(tables, municipality_id)
        if (year is None or thing["years"] is None or year in thing["years"])
        and (not unit_ids or thing["unit_id"] is None or thing["unit_id"] in unit_ids)
    ]
    spoken = {id(thing): words_of(f"{thing['title']} \n {thing['body']}") for thing in things}
    every = set().union(*spoken.values()) if spoken else set()
    met = {}
    for word in asked:
        close = {other for other in every if is_close(word, other)}
        met[word] = (not close, close or {other for other in every if is_alike(word, other)})
    found: Found = {}
    for thing in things:
        per_word = [(is_near, met_ones & spoken[id(thing)]) for is_near, met_ones in met.values()]
        if asked and all(words for _, words in per_word):
            is_near = any(near for near, _ in per_word)
            words = sorted(set().union(*(words for _, words in per_word)))
            found[thing["kind"], thing["thing_id"], thing["title"]] = (is_near, words)
    return found


def everything(tables: Tables, municipality_id: str) -> list[dict[str, Any]]:
    """Each thing that can be found: kind, id, title, its other text, its years or None, its unit or None."""
    here = {
        name: [row for row in rows if row.get("municipality_id", municipality_id) == municipality_id]
        for name, rows in tables.items()
    }
    things: dict[tuple[str, str, str], dict[str, Any]] = {}

    def add(
        kind: str, thing_id: str, title: str, told: Sequence[Any], years: Any, unit_id: Any = None
    ) -> None:
        body = " ".join(str(each) for each in told if each is not None)
        thing = {"kind": kind, "thing_id": thing_id, "title": title, "unit_id": unit_id}
        things[kind, thing_id, title] = {**thing, "body": body, "years": years}

    for row in sorted(here["goals"], key=lambda row: row["year"]):
        of_name = [
            each for each in here["goals"] if (each["goal_id"], each["name"]) == (row["goal_id"], row["name"])
        ]
        told = [newest(of_name, column) for column in ("goal_number", "description", "perspective")]
        number = None if told[0] is None else f"nr {told[0]}"
        years = {each["year"] for each in of_name}
        add("goal", row["goal_id"], row["name"], [number, *told[1:]], years)
    for action_id, story in stories(tables, municipality_id).items():
        action = known_actions(tables, municipality_id).get(action_id)
        if action is None:
            continue
        last = {report["year"]: report for report in story}
        told = [newest(list(last.values()), column) for column in ("effect", "comment")]
        place = [action["area"], action["perspective"]]
        add("action", action_id, action["title"], [*place, *told], set(last), action["unit_id"])
    links = ("text", "cause", "decision", "effort", "effect", "claim", "next_step")
    for row in here["findings"]:
        told = [row[name] for name in links]
        add("finding", row["finding_id"], row["theme"], told, {row["year"]}, row["unit_id"])
    for row in here["reports"]:
        kind = None if row["kind"].lower() in row["title"].lower() else row["kind"]
        add(
            "report", row["report_id"], row["title"], [kind, row["paragraph"], row["decision"]], {row["year"]}
        )
    for row in here["committee_items"]:
        add("item", row["item_id"], row["text"], [row["reference"], row["answer"]], {row["raised_date"].year})
    for row in here["agreements"]:
        told = [row["agreed"], row["area"], row["outcome"]]
        add("agreement", row["agreement_id"], row["topic"], told, {row["meeting_date"].year}, row["unit_id"])
    for row in here["units"]:
        former = [
            each["name"]
            for each in here["unit_names"]
            if each["unit_id"] == row["unit_id"] and each["to_year"] is not None
        ]
        add("unit", row["unit_id"], row["name"], former, None, row["unit_id"])
    for row in here["glossary"]:
        add("word", row["term"], row["term"], [row["explanation"]], None)
    return list(things.values())


def newest(rows: Sequence[Row], column: str) -> Any:
    """The value of the newest year that has one."""
    told = [row for row in rows if row[column] is not None]
    return max(told, key=lambda row: row["year"])[column] if told else None


def words_of(text: str) -> set[str]:
    """The words of a text, each as it is written and without dots and accents."""
    written = unicodedata.normalize("NFC", text).lower()
    bare = "".join(
        each for each in unicodedata.normalize("NFD", written) if unicodedata.category(each) != "Mn"
    )
    return {
        word
        for form in (written, bare)
        for word in "".join(each if each.isalnum() else " " for each in form).split()
    }


def is_close(word: str, other: str) -> bool:
    """Whether a word is met whole, at the beginning of another, or inside one."""
    if word == other or (len(word) > 1 and other.startswith(word)):
        return True
    return len(word) > 3 and word in other


def is_alike(word: str, other: str) -> bool:
    """Whether a word may be a misspelling of another, or of its beginning."""
    most = 2 if len(word) > 7 else 1
    parts = {other, other[: len(word)], other[: len(word) + 1]}
    return len(word) > 4 and min(apart(part, word) for part in parts) <= most


def apart(one: str, other: str) -> int:
    """How many letters must be changed, added, taken away or swapped with the next, each part of a word once."""
    rows = [[max(i, j) if 0 in (i, j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i, letter in enumerate(one, start=1):
        for j, second in enumerate(other, start=1):
            steps = [rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (letter != second)]
            if i > 1 and j > 1 and (letter, one[i - 2]) == (other[j - 2], second):
                steps.append(rows[i - 2][j - 2] + 1)
            rows[i][j] = min(steps)
    return rows[-1][-1]


def deadlines(
    tables: Tables, municipality_id: str, unit_ids: Sequence[str], as_of: Day
) -> dict[tuple[str, str], tuple[Day, bool]]:
    """(kind, id) → its day, and whether that has passed."""
    here = {
        name: [row for row in tables[name] if row["municipality_id"] == municipality_id]
        for name in ("action_reports", "findings", "report_points", "committee_items")
    }
    told = max((row["report_date"] for row in here["action_reports"]), default=dt.date.min)
    action_year = max((row["year"] for row in here["action_reports"]), default=None)
    finding_year = max((row["year"] for row in here["findings"]), default=None)
    due: list[tuple[str, str, Day | None, str | None]] = []
    known = known_actions(tables, municipality_id)
    for action_id, story in stories(tables, municipality_id).items():
        if action_id not in known:
            continue
        last, unit_id = (
            max(story, key=lambda report: (report["year"], report["report_date"])),
            known[action_id]["unit_id"],
        )
        if last["status"] not in CLOSED and last["year"] == action_year:
            due.append(("action", action_id, last["deadline_day"], unit_id))
        if last["effect"] is None and last["status"] != "closed_undone":
            due.append(("evaluation", action_id, last["evaluation_date"], unit_id))
        if last["report_back_date"] and last["report_back_date"] > told:
            due.append(("report_back", action_id, last["report_back_date"], unit_id))
    for row in here["report_points"]:
        if row["point_date"] and row["point_date"] > told:
            due.append(("report_point", f"{row['year']} {row['report_point']}", row["point_date"], None))
    for row in here["committee_items"]:
        if row["kind"] == "promise" and row["answer"] is None and row["answered_date"] is None:
            due.append(("promise", row["item_id"], row["due_date"], None))
    for row in here["findings"]:
        if row["kind"] == "weakness" and row["year"] == finding_year and row["effect"] is None:
            due.append(("remark", row["finding_id"], row["due_date"], row["unit_id"]))
    return {
        (kind, thing_id): (day, day < as_of)
        for kind, thing_id, day, unit_id in due
        if day is not None and (not unit_ids or unit_id is None or unit_id in unit_ids)
    }
