"""Slow and obvious twins of the questions about months, results and staffing, as in twins.py."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.twins import Row, Tables, action_states

DIMENSIONS = ("prestationer", "kvalitet", "personal", "ekonomi")
FEWEST_POSTS = 11
SUMMED = ("barn", "elever", "årsarbetare", "kostnad")


def of_here(tables: Tables, name: str, municipality_id: str) -> list[Row]:
    """The rows of a table that are about one municipality."""
    return [row for row in tables[name] if row["municipality_id"] == municipality_id]


def reported_year(tables: Tables, municipality_id: str, year: int | None) -> int | None:
    """The year asked for, or the newest with an outcome."""
    told = [row for row in of_here(tables, "monthly_values", municipality_id) if row["kind"] == "outcome"]
    return year or max((row["month"].year for row in told), default=None)


def expected_months(tables: Tables, municipality_id: str, year: int | None) -> list[tuple[Row, dt.date]]:
    """Each unit with each month that it should report."""
    told = [row for row in of_here(tables, "monthly_values", municipality_id) if row["kind"] == "outcome"]
    asked = reported_year(tables, municipality_id, year)
    of_year = [row["month"] for row in told if row["month"].year == asked]
    if not of_year:
        return []
    start = min(row["month"] for row in told)
    months = [dt.date(asked, number, 1) for number in range(1, 13)]
    months = [month for month in months if start <= month <= max(of_year)]
    found = []
    for unit in of_here(tables, "units", municipality_id):
        own = [
            row["month"] for row in told if row["unit_id"] == unit["unit_id"] and row["month"].year == asked
        ]
        if unit["operator"] != "kommunal" and not own:
            continue
        for month in months:
            is_late_start = (unit["opened_year"] or 0) >= asked and (not own or month < min(own))
            is_after_end = (unit["closed_year"] or 9999) <= asked and (not own or month > max(own))
            if not is_late_start and not is_after_end:
                found.append((unit, month))
    return found


def value_of(
    tables: Tables, municipality_id: str, unit_id: str, month: dt.date, measure: str, kind: str
) -> float | None:
    """One published monthly figure."""
    for row in of_here(tables, "monthly_values", municipality_id):
        if (row["unit_id"], row["month"], row["measure"], row["kind"]) == (unit_id, month, measure, kind):
            return row["value"]
    return None


def missing_dimensions(
    tables: Tables, municipality_id: str, year: int | None
) -> dict[tuple[str, dt.date], list[str]]:
    """(unit, month) → the dimensions without an outcome."""
    told = {
        (row["unit_id"], row["month"], row["dimension"])
        for row in of_here(tables, "monthly_values", municipality_id)
        if row["kind"] == "outcome"
    }
    return {
        (unit["unit_id"], month): [one for one in DIMENSIONS if (unit["unit_id"], month, one) not in told]
        for unit, month in expected_months(tables, municipality_id, year)
    }


def month_totals(
    tables: Tables, municipality_id: str, year: int | None, unit_ids: Sequence[str]
) -> dict[tuple[str, dt.date], dict[str, Any]]:
    """(measure, month) → what the chosen units together reported, and so far."""
    asked = reported_year(tables, municipality_id, year)
    rows = [
        row
        for row in of_here(tables, "monthly_values", municipality_id)
        if row["month"].year == asked and (not unit_ids or row["unit_id"] in unit_ids)
    ]
    measures = {row["measure"]: row["dimension"] for row in rows}
    tells = {(row["unit_id"], row["measure"]) for row in rows}
    tells_part = {(row["unit_id"], row["dimension"]) for row in rows}
    expected = [
        (unit, month)
        for unit, month in expected_months(tables, municipality_id, year)
        if not unit_ids or unit["unit_id"] in unit_ids
    ]
    found: dict[tuple[str, dt.date], dict[str, Any]] = {}
    for measure, dimension in measures.items():
        so_far: list[tuple[float, float | None]] = []
        for month in sorted({month for _, month in expected}):
            units = [
                unit["unit_id"]
                for unit, when in expected
                if when == month
                and ((unit["unit_id"], measure) in tells or (unit["unit_id"], dimension) not in tells_part)
            ]
            if not units:
                continue
            if measure == "sjukfrånvaro":
                units = [one for one in units if not has_few_posts(tables, municipality_id, one, month)]
            pairs = [
                tuple(
                    value_of(tables, municipality_id, unit_id, month, measure, kind)
                    for kind in ("outcome", "budget")
                )
                for unit_id in units
            ]
            pairs = [pair for pair in pairs if pair[0] is not None]
            outcome = combined([pair[0] for pair in pairs], measure)
            budgets = [pair[1] for pair in pairs]
            budget = None if None in budgets else combined(budgets, measure)
            if outcome is not None:
                so_far.append((outcome, budget))
            found[measure, month] = {
                "count_expected": len(units),
                "count_reported": len(pairs),
                "outcome": outcome,
                "budget": budget,
                "outcome_so_far": along([pair[0] for pair in so_far], measure),
                "budget_so_far": along([pair[1] for pair in so_far], measure),
            }
    return found


def has_few_posts(tables: Tables, municipality_id: str, unit_id: str, month: dt.date) -> bool:
    """Whether the full-time posts that a unit told, or else planned, are too few for its sick leave to be shown."""
    told, planned = (
        value_of(tables, municipality_id, unit_id, month, "årsarbetare", kind)
        for kind in ("outcome", "budget")
    )
    posts = planned if told is None else told
    return posts is not None and posts < FEWEST_POSTS


def combined(values: Sequence[float], measure: str) -> float | None:
    """Several units' figures of a month as one."""
    if not values:
        return None
    return sum(values) if measure in SUMMED else sum(values) / len(values)


def along(values: Sequence[float | None], measure: str) -> float | None:
    """Several months' figures as one."""
    if not values or None in values:
        return None
    return sum(values) if measure == "kostnad" else sum(values) / len(values)


def forecasts(tables: Tables, municipality_id: str) -> dict[tuple[str, dt.date], dict[str, Any]]:
    """(unit, month) → the forecast told then, with the year's budget and outcome where all twelve months have one."""
    rows = [row for row in of_here(tables, "monthly_values", municipality_id) if row["measure"] == "kostnad"]
    found = {}
    for row in rows:
        if row["kind"] != "forecast":
            continue
        whole = {}
        for kind in ("budget", "outcome"):
            values = [
                other["value"]
                for other in rows
                if (other["unit_id"], other["month"].year, other["kind"])
                == (row["unit_id"], row["month"].year, kind)
            ]
            whole[kind] = sum(values) if len(values) == 12 else None
        outcome = whole["outcome"]
        difference = None if outcome is None else row["value"] - outcome
        found[row["unit_id"], row["month"]] = {
            "forecast": row["value"],
            "year_budget": whole["budget"],
            "year_outcome": outcome,
            "difference": difference,
            "difference_percent": 100 * difference / outcome if outcome else None,
        }
    return found


def economy(tables: Tables, municipality_id: str) -> dict[tuple[str | None, int], dict[str, Any]]:
    """(unit, year) → result against requirement, years in a row below it, and own capital."""
    rows = sorted(of_here(tables, "unit_results", municipality_id), key=lambda row: row["year"])
    found: dict[tuple[str | None, int], dict[str, Any]] = {}
    for row in rows:
        told = None not in (row["result"], row["requirement_percent"]) and bool(row["turnover"])
        over = 100 * row["result"] / row["turnover"] - row["requirement_percent"] if told else None
        kronor = None
        if None not in (row["result"], row["requirement_percent"], row["turnover"]):
            kronor = row["result"] - row["turnover"] * row["requirement_percent"] / 100
        is_below = None if kronor is None else kronor < 0
        before = found.get((row["unit_id"], row["year"] - 1), {})
        capital = [row[name] for name in ("opening_capital", "result", "disposed")]
        closing = None if None in capital else capital[0] + capital[1] - capital[2]
        found[row["unit_id"], row["year"]] = {
            "over_percent": over,
            "over_kronor": kronor,
            "is_below_requirement": is_below,
            "years_in_a_row": before.get("years_in_a_row", 0) + 1 if is_below else 0,
            "closing_capital": closing,
            "capital_state": capital_state(row["opening_capital"], closing),
        }
    return found


def capital_state(opening: float | None, closing: float | None) -> str:
    """The published rule."""
    if closing is None:
        return "unknown"
    if closing < 0:
        return "used_up"
    return "reduced" if closing < opening else "intact"


def large_deviations(
    tables: Tables, municipality_id: str, year: int, rule: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """unit → costs so far against budget, whether that or the result is far off, and its plans, newest first."""
    results = economy(tables, municipality_id)
    found = {}
    for unit in of_here(tables, "units", municipality_id):
        unit_id = unit["unit_id"]
        pairs = [
            tuple(
                value_of(tables, municipality_id, unit_id, dt.date(year, number, 1), "kostnad", kind)
                for kind in ("budget", "outcome")
            )
            for number in range(1, 13)
        ]
        pairs = [pair for pair in pairs if None not in pair]
        over = results.get((unit_id, year), {}).get("over_percent")
        if not pairs and over is None:
            continue
        budget, outcome = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
        percent = 100 * (outcome - budget) / budget if budget else None
        is_cost = (
            percent is not None
            and abs(percent) >= rule["percent"]
            and abs(outcome - budget) >= rule["kronor"]
        )
        is_result = over is not None and over <= -rule["requirement_points"]
        plans = plans_of(tables, municipality_id, unit_id, year, rule)
        found[unit_id] = {
            "count_months": len(pairs) or None,
            "deviation_percent": percent,
            "is_large_cost": is_cost,
            "is_far_below_requirement": is_result,
            "is_large": is_cost or is_result,
            "is_without_plan": (is_cost or is_result) and not plans,
            "plans": plans,
        }
    return found


def plans_of(
    tables: Tables, municipality_id: str, unit_id: str, year: int, rule: Mapping[str, Any]
) -> list[str]:
    """What a unit itself is to do about its economy, by the published words."""
    years = [row["year"] for row in of_here(tables, "action_reports", municipality_id) if row["year"] <= year]
    actions = {row["action_id"]: row for row in of_here(tables, "actions", municipality_id)}
    told = []
    for state in action_states(tables, municipality_id, max(years)) if years else []:
        action = actions[state["action_id"]]
        if state["is_open"] and action["unit_id"] == unit_id:
            spoken = " ".join(filter(None, (action["title"], action["perspective"], action["area"])))
            told.append((state["report_date"], f"Åtgärd: {action['title']}", spoken))
    for row in of_here(tables, "agreements", municipality_id):
        is_new = year - rule["plan_years"] < row["meeting_date"].year <= year
        if row["unit_id"] == unit_id and row["outcome"] is None and is_new:
            told.append(
                (row["meeting_date"], f"Överenskommelse: {row['agreed']}", f"{row['topic']} {row['agreed']}")
            )
    kept = [
        (day, plan)
        for day, plan, spoken in told
        if any(
            begun.startswith(word.lower())
            for begun in re.findall(r"[^\W_]+", spoken.lower())
            for word in rule["plan_words"]
        )
    ]
    kept.sort(key=lambda each: (-each[0].toordinal(), each[1]))
    return [f"{plan.rstrip('.')} ({day.isoformat()})" for day, plan in kept]
