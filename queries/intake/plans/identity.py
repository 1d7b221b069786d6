"""Which published goal or action a row of a plan is about, so that its history goes on.

Goals are told apart by name within their perspective, actions by title within goal, area, unit and kind. What is worded
anew is never taken for the same by itself, with one exception: a report that is published already, read once more.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from queries.intake.plans.cells import normal
from queries.intake.plans.likeness import likeness, ratio
from queries.intake.plans.rows import Goal
from queries.intake.reading import Need

# From here on two names are near enough to be asked about as one that was worded anew.
NEAR_GOAL = 0.6
NEAR_ACTION = 0.5
# The same report again: with the same deadline too, a title may be worded quite differently.
NEAR_IN_SAME_REPORT = 0.2
# Comparing texts takes a fraction of a millisecond; beyond this many pairs only equal ones are found.
MOST_PAIRS = 20_000
CHOICES = 8
NEW_GOAL = "Nej, det är ett nytt mål"
NEW_ACTION = "Nej, det är en ny åtgärd"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class KnownGoal:
    """A goal of the file: its id, its name, and what its cell says beyond the name."""

    goal_id: str
    name: str
    description: str
    published: Row | None


@dataclass(frozen=True)
class ToldAction:
    """What tells an action of the file apart, '' where the file does not say."""

    title: str
    kind: str
    goal_id: str
    area: str
    unit_id: str
    perspective: str
    due_text: str
    status_raw: str

    @property
    def place(self) -> str:
        """Under what the action stands."""
        return self.goal_id or self.area or self.perspective


@dataclass
class Actions:
    """action_id of each action of the file, in their order; questions about those not found; how many were found in
    a published report by their place although their titles differ."""

    ids: list[str]
    asks: list[Need] = field(default_factory=list)
    worded_anew: int = 0


def new_id(prefix: str, *key: str) -> str:
    """An id made from content: the same words give the same id."""
    digest = hashlib.sha256("|".join(map(normal, key)).encode()).hexdigest()
    return f"{prefix}-{digest[:8]}"


def known_goals(
    goals: Sequence[Goal], published: Sequence[Row], same_as: Mapping[str, str]
) -> tuple[list[KnownGoal], list[Need]]:
    """The goals of the file in their order, and a question for each that is not published under its name.

    published: rows of goals of the municipality, of all years, oldest first.
    """
    told: dict[tuple[str, str], Goal] = {}
    for goal in goals:
        told.setdefault(_place_of(goal), goal)
    keys = _keys_of_goals(told)
    latest = {row["goal_id"]: row for row in published}
    known: dict[tuple[str, str], KnownGoal] = {}
    # Those with a perspective first, so that a name without one never takes what another has in full.
    for place, goal in sorted(told.items(), key=lambda each: not each[0][0]):
        elsewhere = {each.goal_id for where, each in known.items() if where[0] != place[0]}
        free = [row for row in published if row["goal_id"] not in elsewhere]
        known[place] = _known_goal(goal, same_as.get(keys[place]), free, latest)
    found = {each.goal_id for each in known.values()}
    lacking = {goal_id: row for goal_id, row in latest.items() if goal_id not in found}
    asks = [
        _ask_of_goal(goal, keys[place], lacking)
        for place, goal in told.items()
        if lacking and known[place].published is None and keys[place] not in same_as
    ]
    return [known[_place_of(goal)] for goal in goals], asks


def known_actions(
    actions: Sequence[ToldAction],
    published: Sequence[Row],
    same_report: Collection[str],
    year: int,
    same_as: Mapping[str, str],
) -> Actions:
    """The ids of the actions of a report.

    published: rows of actions of the municipality, with due_text and status_raw of their last report. same_report: the
    ids of those in the report with this date and name, when it is published already.
    """
    rows = {row["action_id"]: row for row in published}
    keys = _keys_of_actions(actions)
    ids = _told_ids(keys, same_as, rows)
    _find_equal(actions, ids, rows, year)
    worded_anew = _find_in_same_report(actions, ids, [rows[each] for each in same_report if each in rows])
    asks = _asks_of_actions(actions, keys, ids, rows, same_as)
    taken = {*rows, *filter(None, ids)}
    for place, action in enumerate(actions):
        if ids[place] is None:
            ids[place] = _free_id(action, year, taken)
            taken.add(ids[place])
    return Actions([each or "" for each in ids], asks, worded_anew)


def _place_of(goal: Goal) -> tuple[str, str]:
    return normal(goal.perspective), normal(goal.text)


def _known_goal(
    goal: Goal, told_id: str | None, published: Sequence[Row], latest: Mapping[str, Row]
) -> KnownGoal:
    name, rest = goal.paragraphs[0], " ".join(goal.paragraphs[1:])
    if told_id in latest:
        return KnownGoal(told_id, name, rest, latest[told_id])
    fitting = [
        ((bool(goal.perspective and row["perspective"]), len(row["name"])), row["goal_id"], told)
        for row in published
        if _agree(goal.perspective, row["perspective"]) and (told := _name_within(goal, row["name"]))
    ]
    best = max((rank for rank, _, _ in fitting), default=None)
    found = {goal_id: told for rank, goal_id, told in fitting if rank == best}
    if len(found) == 1:
        ((goal_id, (own_name, description)),) = found.items()
        return KnownGoal(goal_id, own_name, description, latest[goal_id])
    return KnownGoal(new_id("mal", goal.perspective, name), name, rest, None)


def _name_within(goal: Goal, published_name: str) -> tuple[str, str] | None:
    """The goal's name and what stands after it, when the published name is how its text begins.

    A name and its explanation in one line are told apart by the capital letter that the explanation begins with:
    "Avtalstrohet Inköp ska följa …" is the goal Avtalstrohet, and "Ekonomi och lokaler" is not the goal Ekonomi.
    """
    wanted = normal(published_name)
    if normal(goal.text) == wanted:
        return goal.text, ""
    if normal(goal.paragraphs[0]) == wanted:
        return goal.paragraphs[0], " ".join(goal.paragraphs[1:])
    for word in re.finditer(r"\w+\W*", goal.text):
        rest = goal.text[word.end() :]
        if normal(goal.text[: word.end()]) == wanted and rest[:1].isupper() and len(rest.split()) > 1:
            return published_name, rest
    return None


def _keys_of_goals(told: Mapping[tuple[str, str], Goal]) -> dict[tuple[str, str], str]:
    """What the analyst is asked about: the name, with its perspective where the file has it under several."""
    names = {place: goal.paragraphs[0] for place, goal in told.items()}
    times = Counter(map(normal, names.values()))
    return {
        place: f"{goal.perspective}: {names[place]}"
        if times[normal(names[place])] > 1 and goal.perspective
        else names[place]
        for place, goal in told.items()
    }


def _ask_of_goal(goal: Goal, key: str, lacking: Mapping[str, Row]) -> Need:
    near = {goal_id: ratio(goal.paragraphs[0], row["name"]) for goal_id, row in lacking.items()}
    best = max(near, key=lambda goal_id: near[goal_id])
    labels = {goal_id: _labelled(row["name"], row["perspective"]) for goal_id, row in lacking.items()}
    return Need(
        "same_as",
        f"Är ”{key}” ett nytt namn på ett mål som redan finns?",
        choices={"": NEW_GOAL, **dict(sorted(labels.items(), key=lambda each: -near[each[0]]))},
        suggested=best if near[best] >= NEAR_GOAL else "",
        is_required=False,
    )


def _labelled(name: str, within: str | None) -> str:
    return f"{name} ({within})" if within else name


def _told_ids(keys: Sequence[str], same_as: Mapping[str, str], rows: Mapping[str, Row]) -> list[str | None]:
    """The published ids that the analyst has named, each for the first action it was named for."""
    ids: list[str | None] = []
    taken: set[str] = set()
    for told in (same_as.get(key, "") for key in keys):
        ids.append(told if told in rows and told not in taken else None)
        taken.add(told)
    return ids


def _keys_of_actions(actions: Sequence[ToldAction]) -> list[str]:
    """What the analyst is asked about: the title, with its area or perspective where the file has it twice."""
    times = Counter(normal(action.title) for action in actions)
    within = [action.area or action.perspective for action in actions]
    return [
        f"{place}: {action.title}" if place and times[normal(action.title)] > 1 else action.title
        for action, place in zip(actions, within, strict=True)
    ]


def _find_equal(
    actions: Sequence[ToldAction], ids: list[str | None], rows: Mapping[str, Row], year: int
) -> None:
    """Give the id of the published action with the same title that agrees best: this year's first, then the latest."""
    by_title: dict[str, list[Row]] = {}
    for row in rows.values():
        by_title.setdefault(normal(row["title"]), []).append(row)
    pairs = [
        (_closeness(action, row, year), -place, row["action_id"])
        for place, action in enumerate(actions)
        for row in by_title.get(normal(action.title), [])
        if ids[place] is None and _is_same_place(action, row)
    ]
    taken = set(ids)
    for _, place, action_id in sorted(pairs, reverse=True):
        if ids[-place] is None and action_id not in taken:
            ids[-place] = action_id
            taken.add(action_id)


def _closeness(action: ToldAction, row: Row, year: int) -> tuple[int, bool, bool, int]:
    same = [
        getattr(action, name) and normal(getattr(action, name)) == normal(row[name] or "")
        for name in ("kind", "goal_id", "area", "unit_id", "perspective")
    ]
    is_same_due = normal(action.due_text) == normal(row["due_text"] or "")
    return sum(map(bool, same)), row["year"] == year, is_same_due, row["year"]


def _is_same_place(action: ToldAction, row: Row, *, has_area: bool = True) -> bool:
    """Whether nothing that both file and published row say of an action differs."""
    # Above a published area stands a group of areas, above an action of the file its own.
    has_area = has_area and row["kind"] in (action.kind, "activity", "assignment")
    names = ["kind", "goal_id", "unit_id", *(["area"] if has_area else [])]
    if not all(_agree(getattr(action, name), row[name]) for name in names):
        return False
    is_placed = any(getattr(action, name) and row[name] for name in ("goal_id", "area"))
    return is_placed or _agree(action.perspective, row["perspective"])


def _agree(told: str, published: str | None) -> bool:
    return not told or not published or normal(told) == normal(published)


def _nearness(action: ToldAction, row: Row) -> float:
    """How alike the texts are; a published area may be the area that the file has an action under."""
    titles = likeness(action.title, row["title"])
    return max(titles, likeness(action.area, row["title"])) if row["kind"] == "area" else titles


def _pairs(
    actions: Sequence[ToldAction], ids: Sequence[str | None], rows: Sequence[Row], *, has_area: bool
) -> list[tuple[int, Row, float]]:
    """What has no id yet paired with published actions that the file lacks so that all are as alike as can be: place
    in the file, published row, nearness. Each stands in one pair at most."""
    open_ones = [place for place, action_id in enumerate(ids) if action_id is None]
    taken = set(ids)
    left = [row for row in rows if row["action_id"] not in taken]
    if not open_ones or not left or len(open_ones) * len(left) > MOST_PAIRS:
        return []
    near = np.full((len(open_ones), len(left)), -1.0)
    for one, place in enumerate(open_ones):
        for other, row in enumerate(left):
            if _is_same_place(actions[place], row, has_area=has_area):
                near[one, other] = _nearness(actions[place], row)
    matched = zip(*linear_sum_assignment(near, maximize=True), strict=True)
    return [
        (open_ones[one], left[other], near[one, other]) for one, other in matched if near[one, other] >= 0
    ]


def _find_in_same_report(
    actions: Sequence[ToldAction], ids: list[str | None], reported: Sequence[Row]
) -> int:
    """Give what is left of the file the ids of what is left of the published report, where they are near enough.

    Tried on Linköping 2020, where all 45 published titles are worded anew: all pairs right, also with any ten rows
    taken out of the file or with other statuses.
    """
    count = 0
    for place, row, near in _pairs(actions, ids, reported, has_area=True):
        if near >= (NEAR_IN_SAME_REPORT if _is_same_deadline(actions[place], row) else NEAR_ACTION):
            ids[place] = row["action_id"]
            count += 1
    return count


def _is_same_deadline(action: ToldAction, row: Row) -> bool:
    """Whether the deadlines are the same, or the statuses in a file that tells no deadlines."""
    if action.due_text:
        return normal(action.due_text) == normal(row["due_text"] or "")
    return normal(action.status_raw) == normal(row["status_raw"] or "")


def _asks_of_actions(
    actions: Sequence[ToldAction],
    keys: Sequence[str],
    ids: Sequence[str | None],
    rows: Mapping[str, Row],
    same_as: Mapping[str, str],
) -> list[Need]:
    """A question for each action not found that is near a published one which the file lacks, and for every area."""
    pairs = _pairs(actions, ids, list(rows.values()), has_area=False)
    taken = set(ids)
    lacking = [row for action_id, row in rows.items() if action_id not in taken]
    asks = []
    for place, row, near in pairs:
        if keys[place] not in same_as and (near >= NEAR_ACTION or actions[place].kind == "area"):
            suggested = row["action_id"] if near >= NEAR_ACTION else ""
            asks.append(_ask_of_action(actions[place], keys[place], row, lacking, suggested))
    return asks


def _ask_of_action(
    action: ToldAction, key: str, nearest: Row, lacking: Sequence[Row], suggested: str
) -> Need:
    others = [row for row in lacking if row is not nearest and _is_same_place(action, row, has_area=False)]
    others.sort(key=lambda row: -_nearness(action, row))
    labels = {
        row["action_id"]: _labelled(row["title"], str(row["year"]))
        for row in (nearest, *others[: CHOICES - 1])
    }
    return Need(
        "same_as",
        f"Är ”{key}” en ny lydelse av en åtgärd som redan finns?",
        choices={"": NEW_ACTION, **labels},
        suggested=suggested,
        is_required=False,
    )


def _free_id(action: ToldAction, year: int, taken: Collection[str]) -> str:
    """A new id; the same words a second time within a plan give another."""
    key = (action.title, action.place, action.kind, action.unit_id)
    action_id, number = new_id(f"p{year}", *key), 1
    while action_id in taken:
        number += 1
        action_id = new_id(f"p{year}", *key, str(number))
    return action_id
