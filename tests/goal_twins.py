"""Slow and obvious twins of the questions about the steering chain and about goals over years, as in twins.py."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.twins import Row, Tables, action_states, is_reached, verdicts

Break = tuple[str, str | None, str | None, str | None, str | None]


def goals_of(tables: Tables, municipality_id: str, year: int) -> list[Row]:
    """The council's and the committee's goals of a year."""
    return [
        row
        for row in tables["goals"]
        if row["municipality_id"] == municipality_id
        and row["year"] == year
        and row["level"] in ("council", "committee")
    ]


def council_goal_above(goal: Row, goals: Sequence[Row]) -> str | None:
    """The council goal that a committee goal serves, where that one stands in the year."""
    council = {row["goal_id"] for row in goals if row["level"] == "council"}
    return goal["parent_goal_id"] if goal["parent_goal_id"] in council else None


def followed(goals: Sequence[Row]) -> list[Row]:
    """The goals that indicators and actions should hang under: not council goals that are followed through others."""
    served = {row["parent_goal_id"] for row in goals if row["level"] == "committee"}
    return [row for row in goals if row["level"] == "committee" or row["goal_id"] not in served]


def indicators_of(tables: Tables, goal: Row) -> list[str]:
    """The indicators that are meant to measure a goal."""
    return [
        row["indicator_id"]
        for row in tables["goal_indicators"]
        if row["municipality_id"] == goal["municipality_id"] and row["goal_id"] == goal["goal_id"]
    ]


def outcome_of(
    tables: Tables, municipality_id: str, indicator_id: str, unit_id: str | None, year: int
) -> Row | None:
    """The outcome that stands for a place: all pupils, and its own schools before all schools."""
    found = [
        row
        for row in tables["outcomes"]
        if row["indicator_id"] == indicator_id
        and row["year"] == year
        and (row["municipality_id"], row["unit_id"], row["gender"]) == (municipality_id, unit_id, "T")
        and (unit_id is not None or row["operator"] != "enskild")
    ]
    return min(found, key=lambda row: row["operator"] != "kommunal", default=None)


def targets_of(
    tables: Tables, municipality_id: str, indicator_id: str, unit_id: str | None
) -> dict[int, Row]:
    """Year → decided target of a place."""
    return {
        row["year"]: row
        for row in tables["targets"]
        if (row["municipality_id"], row["indicator_id"], row["unit_id"])
        == (municipality_id, indicator_id, unit_id)
    }


def state_of(tables: Tables, municipality_id: str, indicator_id: str, unit_id: str | None, year: int) -> str:
    """What stands at an indicator: no value, no target, or whether the target is reached."""
    outcome = outcome_of(tables, municipality_id, indicator_id, unit_id, year)
    if not has_value(outcome):
        return "no_value"
    if year not in targets_of(tables, municipality_id, indicator_id, unit_id):
        return "no_target"
    reached = is_reached(tables, municipality_id, indicator_id, unit_id, year)
    return {True: "reached", False: "not_reached", None: "unsaid"}[reached]


def has_value(outcome: Row | None) -> bool:
    """Whether a place has a figure, "nära 100 %" counted as one."""
    return outcome is not None and (outcome["value"] is not None or outcome["marker"] in ("~100", "~0"))


def actions_of(tables: Tables, municipality_id: str, year: int, unit_id: str | None) -> list[dict[str, Any]]:
    """The actions reported in a year; with a unit, its own and those of the whole municipality."""
    states = action_states(tables, municipality_id, year)
    return [state for state in states if unit_id is None or state["unit_id"] in (None, unit_id)]


def steering_chain(
    tables: Tables, municipality_id: str, year: int, unit_id: str | None = None
) -> dict[str, tuple[str, str, str | None]]:
    """Lower end of a link → its upper end, its level and its state."""
    goals = goals_of(tables, municipality_id, year)
    links: dict[str, tuple[str, str, str | None]] = {}
    for goal in goals:
        node = f"goal:{goal['goal_id']}"
        if goal["level"] == "council":
            links[node] = ("", "council", None)
        else:
            above = council_goal_above(goal, goals)
            links[node] = (
                f"goal:{above}" if above else "no_council_goal",
                "committee",
                verdict_of(tables, goal, unit_id),
            )
        for indicator_id in indicators_of(tables, goal):
            measured = f"{node}/{indicator_id}"
            state = state_of(tables, municipality_id, indicator_id, None, year)
            links[measured] = (node, "indicator", state)
            for unit in tables["units"]:
                here = (municipality_id, indicator_id, unit["unit_id"])
                is_told = outcome_of(tables, *here, year) or year in targets_of(tables, *here)
                if (
                    unit["municipality_id"] == municipality_id
                    and is_told
                    and unit_id in (None, unit["unit_id"])
                ):
                    links[f"{measured}/{unit['unit_id']}"] = (
                        measured,
                        "unit",
                        state_of(tables, *here, year),
                    )
    for action in actions_of(tables, municipality_id, year, unit_id):
        ends = [
            f"goal:{action['goal_id']}/{action['indicator_id']}/{action['unit_id']}",
            f"goal:{action['goal_id']}/{action['indicator_id']}",
            f"goal:{action['goal_id']}",
        ]
        above = next((end for end in ends if end in links), "no_goal")
        state = "late" if action["is_late"] else "open" if action["is_open"] else action["status"]
        links[f"action:{action['action_id']}"] = (above, "action", state)
    for kind, goal_id, *_ in broken_links(tables, municipality_id, year, unit_id):
        if kind in ("no_indicator", "no_action"):
            links[f"goal:{goal_id}/{kind}"] = (f"goal:{goal_id}", kind.removeprefix("no_"), "missing")
    for end, level in (("no_council_goal", "council"), ("no_goal", "committee")):
        if end in {above for above, *_ in links.values()}:
            links[end] = ("", level, "missing")
    return links


def verdict_of(tables: Tables, goal: Row, unit_id: str | None) -> str:
    """The latest verdict on a goal in its year, for the whole municipality or one unit."""
    found = [
        row
        for row in verdicts(tables, goal["municipality_id"], goal["year"])
        if row["goal_id"] == goal["goal_id"] and row["unit_id"] == unit_id
    ]
    last = max(found, key=lambda row: f"{row['assessed_date'] or ''}{row['verdict_id']}", default=None)
    return last["verdict"] if last else "not_assessed"


def broken_links(tables: Tables, municipality_id: str, year: int, unit_id: str | None = None) -> set[Break]:
    """(kind, goal, indicator, action, who should deliver) of each break."""
    goals = goals_of(tables, municipality_id, year)
    acting = actions_of(tables, municipality_id, year, unit_id)
    publishers = {row["indicator_id"]: row["source"] for row in tables["indicators"]}
    breaks: set[Break] = set()
    for goal in goals:
        goal_id, owner = goal["goal_id"], goal["owner_role"]
        if goal["level"] == "committee" and council_goal_above(goal, goals) is None:
            breaks.add(("no_council_goal", goal_id, None, None, owner))
        for indicator_id in indicators_of(tables, goal):
            if not has_value(outcome_of(tables, municipality_id, indicator_id, None, year)):
                breaks.add(("no_value", goal_id, indicator_id, None, publishers.get(indicator_id)))
            if year not in targets_of(tables, municipality_id, indicator_id, None):
                breaks.add(("no_target", goal_id, indicator_id, None, owner))
    for goal in followed(goals):
        if not indicators_of(tables, goal):
            breaks.add(("no_indicator", goal["goal_id"], None, None, goal["owner_role"]))
        if goal["goal_id"] not in {action["goal_id"] for action in acting}:
            breaks.add(("no_action", goal["goal_id"], None, None, goal["owner_role"]))
    for action in acting:
        if action["goal_id"] not in {goal["goal_id"] for goal in goals}:
            breaks.add(
                ("no_goal", None, None, action["action_id"], action["owner_role"] or action["given_by"])
            )
    return breaks


def planned_path(
    tables: Tables, municipality_id: str, year: int, unit_id: str | None = None
) -> dict[str, dict[str, Any]]:
    """Indicator → the path ahead, how far the outcome lies from it, and what each year must bring."""
    decimals = {row["indicator_id"]: int(row["decimals"]) for row in tables["indicators"]}
    answer = {}
    for indicator_id in {row["indicator_id"] for row in tables["targets"]}:
        targets = targets_of(tables, municipality_id, indicator_id, unit_id)
        ahead = sorted(each for each in targets if year <= each <= year + 2)
        if not ahead:
            continue
        here = (municipality_id, indicator_id, unit_id, year)
        outcome = outcome_of(tables, *here)
        value = outcome["value"] if outcome else None
        distance = better_by(value, targets[year]) if year in targets else None
        last = targets[ahead[-1]]
        short = better_by(value, last)
        years_left = ahead[-1] - year
        answer[indicator_id] = {
            "path_years": ahead,
            "path_targets": [targets[each]["target_value"] for each in ahead],
            "last_year": ahead[-1],
            "distance": distance,
            "needed_per_year": None if short is None or not years_left else round(-short / years_left, 6) + 0,
            "standing": standing(
                has_value(outcome),
                year in targets,
                distance,
                is_reached(tables, *here),
                decimals.get(indicator_id, 1),
            ),
        }
    return answer


def better_by(value: float | None, target: Row) -> float | None:
    """How much better than a target a value is; a target of exactly a value has no better."""
    if value is None or target["operator"] == "=":
        return None
    further = value - target["target_value"]
    return round(further if target["operator"] == ">=" else -further, 6) + 0


def standing(
    has_outcome: bool, has_target: bool, distance: float | None, reached: bool | None, decimals: int
) -> str:
    """How an outcome stands to the year's step of the path."""
    if not has_outcome:
        return "no_value"
    if not has_target:
        return "no_target"
    if distance is None:
        return {True: "reached", False: "not_reached", None: "unsaid"}[reached]
    shown = Decimal(str(distance)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return "on" if shown == 0 else "before" if shown > 0 else "behind"


def unmet_goals(
    tables: Tables, municipality_id: str, year: int, unit_id: str | None = None
) -> set[tuple[str, str, str | None]]:
    """(goal, verdict, open action or None) of each committee goal that is not fully met."""
    answer = set()
    for goal in goals_of(tables, municipality_id, year):
        verdict = verdict_of(tables, goal, unit_id)
        if goal["level"] == "committee" and verdict in ("partly", "not_met"):
            planned = [
                action["action_id"]
                for action in actions_of(tables, municipality_id, year, unit_id)
                if action["goal_id"] == goal["goal_id"] and action["is_open"]
            ]
            answer |= {(goal["goal_id"], verdict, action_id) for action_id in planned or [None]}
    return answer


def goal_history(tables: Tables, municipality_id: str) -> dict[tuple[str, int], tuple[Any, ...]]:
    """(goal, year) → change, what became of it afterwards, the next plan, and its priority."""
    goals = [row for row in tables["goals"] if row["municipality_id"] == municipality_id]
    answer = {}
    for goal in goals:
        if goal["level"] == "council":
            continue
        of_level = [row for row in goals if row["level"] == goal["level"]]
        plans = sorted({row["year"] for row in of_level})
        plan_before = max((year for year in plans if year < goal["year"]), default=None)
        next_plan = min((year for year in plans if year > goal["year"]), default=None)
        same = [row for row in goals if row["goal_id"] == goal["goal_id"] and row["level"] != "council"]
        before = max((row for row in same if row["year"] < goal["year"]), key=_year, default=None)
        after = min((row for row in same if row["year"] > goal["year"]), key=_year, default=None)
        answer[goal["goal_id"], goal["year"]] = (
            _change(goal, before, plan_before),
            _afterwards(goal, after, [row for row in of_level if row["year"] == next_plan]),
            next_plan,
            _priority(goal, before, plan_before),
        )
    return answer


def _year(row: Row) -> int:
    return row["year"]


def _change(goal: Row, before: Row | None, plan_before: int | None) -> str:
    if plan_before is None:
        return "kept"
    if before is None:
        return "new"
    if before["year"] != plan_before:
        return "returned"
    return "kept" if before["name"] == goal["name"] else "renamed"


def _afterwards(goal: Row, after: Row | None, next_plan: Sequence[Row]) -> str | None:
    if not next_plan or (after is not None and after["year"] == next_plan[0]["year"]):
        return None
    only_priorities = all(row["is_priority"] for row in next_plan)
    return "untold" if only_priorities and not goal["is_priority"] else "dropped"


def _priority(goal: Row, before: Row | None, plan_before: int | None) -> str:
    was = before is not None and before["is_priority"]
    if goal["is_priority"]:
        return "newly" if plan_before is not None and not was else "still"
    return "no_longer" if was else "not"


def goal_sums(tables: Tables, municipality_id: str) -> dict[int, tuple[Any, ...]]:
    """Year → verdicts by kind, those that name no goal, goals in the plan, and new and dropped priorities."""
    goals = [
        row
        for row in tables["goals"]
        if row["municipality_id"] == municipality_id and row["level"] == "committee"
    ]
    judged = {
        row["year"]
        for row in tables["goal_verdicts"]
        if row["municipality_id"] == municipality_id and row["unit_id"] is None
    }
    plans = sorted({row["year"] for row in goals})
    answer = {}
    for year in judged | set(plans):
        told = [row for row in verdicts(tables, municipality_id, year) if row["unit_id"] is None]
        before = max((plan for plan in plans if plan < year), default=None) if year in plans else None
        now, earlier = _priorities(goals, year), _priorities(goals, before)
        answer[year] = (
            *(
                [row["verdict"] for row in told].count(code)
                for code in ("met", "partly", "not_met", "not_assessed")
            ),
            sum(1 for row in told if row["goal_id"] is None),
            sum(1 for row in goals if row["year"] == year),
            now - earlier if before is not None else set(),
            earlier - now if before is not None else set(),
        )
    return answer


def _priorities(goals: Sequence[Row], year: int | None) -> set[str]:
    prioritised = [row for row in goals if row["year"] == year and row["is_priority"]]
    return {f"mål {row['goal_number']}" if row["goal_number"] else row["name"] for row in prioritised}
