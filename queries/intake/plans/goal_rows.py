"""The goals of a plan as rows of goals, goal_verdicts and goal_indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queries.intake.plans import registers
from queries.intake.plans.cells import normal
from queries.intake.plans.headings import heading_words, normal_heading
from queries.intake.plans.identity import KnownGoal, known_goals
from queries.intake.plans.plan import Cells, Plan, place
from queries.intake.plans.rows import Goal

LEVELS = {
    "council": ("kf-mål", "kf", "kommunfullmäktige", "kommunfullmäktiges mål", "fullmäktigemål", "kommunmål"),
    "committee": ("nämndmål", "nämnd", "nämndens mål"),
    "improvement_area": ("förbättringsområde", "utvecklingsområde"),
}
LEVEL_OF = {normal(word): level for level, words in LEVELS.items() for word in words}
# Column → field of the file.
GOAL_FIELDS = {
    "goal_id": "goal", "name": "goal", "perspective": "perspective", "goal_number": "goal_number", "level": "level",
    "description": "description", "is_priority": "is_priority", "owner_role": "owner_role",
}  # fmt: skip
VERDICT_FIELDS = {"goal_id": "goal", "verdict_raw": "verdict", "unit_id": "unit", "comment": "comment"}


def stage_goals(plan: Plan) -> dict[Goal, str]:
    """Stage one row per goal. Returns each goal of the file with its goal_id."""
    published = registers.published_goals(plan.base, plan.municipality_id)
    known, asks = known_goals(plan.rows.goals, published, plan.options.same_as)
    plan.asks += asks
    this_year = {row["goal_id"]: row for row in published if row["year"] == plan.year}
    told: dict[str, tuple[Goal, KnownGoal]] = {}
    for goal, each in zip(plan.rows.goals, known, strict=True):
        first, _ = told.setdefault(each.goal_id, (goal, each))
        # What only a later row of the goal says is said of it all the same.
        first.texts = {**goal.texts, **first.texts}
    rows = [_goal_row(plan, goal, each, this_year.get(each.goal_id)) for goal, each in told.values()]
    if not plan.has("title"):
        lines = [(goal.line, goal.texts.get("owner_role", "")) for goal, _ in told.values()]
        rows = [{**row, "owner_role": role} for row, role in zip(rows, plan.roles(lines), strict=True)]
    always = ["goal_id", "name", "level", "is_priority"]
    if any(row["description"] for row in rows):
        always.append("description")
    plan.stage("goals", rows, GOAL_FIELDS, always=always)
    return {goal: each.goal_id for goal, each in zip(plan.rows.goals, known, strict=True)}


def stage_goal_indicators(plan: Plan, goal_ids: Mapping[Goal, str]) -> None:
    """Stage one row per goal and indicator, where a table of goals has both."""
    told = [goal for goal in plan.rows.goals if goal.texts.get("indicator")]
    found = plan.indicators([(goal.line, goal.texts["indicator"]) for goal in told])
    rows = {
        (goal_ids[goal], indicator_id): {
            "municipality_id": plan.municipality_id,
            "goal_id": goal_ids[goal],
            "indicator_id": indicator_id,
            **place(goal.line),
        }
        for goal, indicator_ids in zip(told, found, strict=True)
        for indicator_id in indicator_ids
    }
    plan.stage("goal_indicators", list(rows.values()), {"goal_id": "goal", "indicator_id": "indicator"})


def stage_verdicts(plan: Plan, goal_ids: Mapping[Goal, str]) -> None:
    """Stage one row per goal with a verdict, and unit where a table of goals has units."""
    told = [goal for goal in plan.rows.goals if goal.texts.get("verdict")]
    published = {
        (row["goal_id"], row["unit_id"] or ""): row["verdict_id"]
        for row in registers.published_verdicts(plan.base, plan.municipality_id, plan.year)
        if row["assessed_date"] is None or str(row["assessed_date"]) == plan.options.report_date
    }
    unit_id = plan.unit_lookup()
    rows: dict[tuple[str, str], Cells] = {}
    for goal in told:
        key = (goal_ids[goal], unit_id(goal.texts.get("unit", "")))
        row = _verdict_row(plan, goal, key, published.get(key))
        earlier = rows.setdefault(key, row)
        if normal(earlier["verdict_raw"]) != normal(row["verdict_raw"]):
            said = {"number": earlier["_line"], "other": earlier["verdict_raw"]}
            plan.say("two_verdicts", goal.line, "verdict", row["verdict_raw"], **said)
    kept = list(rows.values())
    if plan.has("title"):
        # Unit and comment of a table with actions are said of the actions.
        kept = [
            {name: cell for name, cell in row.items() if name not in ("unit_id", "comment")} for row in kept
        ]
    plan.stage("goal_verdicts", kept, VERDICT_FIELDS)
    plan.tell_unknown_words("verdict", [(goal.line, goal.texts["verdict"]) for goal in told])


def _goal_row(plan: Plan, goal: Goal, known: KnownGoal, this_year: Mapping[str, Any] | None) -> Cells:
    return {
        **plan.same,
        "goal_id": known.goal_id,
        "level": _level(plan, goal, known),
        "name": known.name,
        "is_priority": _priority(plan, goal, this_year),
        "perspective": goal.perspective,
        "goal_number": goal.texts.get("goal_number"),
        "description": goal.texts.get("description") or known.description,
        **place(goal.line),
    }


def _level(plan: Plan, goal: Goal, known: KnownGoal) -> str:
    """The level that the file tells, else the published one, else what the heading of the column is called."""
    told = goal.texts.get("level", "")
    if told:
        return LEVEL_OF.get(normal(told), told)
    if known.published:
        return known.published["level"]
    is_area = "area" in heading_words().get(normal_heading(plan.headings["goal"]), ())
    return "improvement_area" if is_area else "committee"


def _priority(plan: Plan, goal: Goal, this_year: Mapping[str, Any] | None) -> str:
    if plan.has("is_priority"):
        return goal.texts.get("is_priority") or "nej"
    return "ja" if this_year and this_year["is_priority"] else "nej"


def _verdict_row(plan: Plan, goal: Goal, key: tuple[str, str], published: str | None) -> Cells:
    goal_id, unit_id = key
    return {
        **plan.same,
        "verdict_id": published or "-".join(filter(None, [goal_id, plan.options.report_date, unit_id])),
        "goal_id": goal_id,
        "unit_id": unit_id,
        "verdict_raw": goal.texts["verdict"],
        "assessed_date": plan.options.report_date,
        "comment": goal.texts.get("comment"),
        **place(goal.line),
    }
