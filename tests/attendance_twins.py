"""Slow and obvious twins of the questions about absence, surveys and complaints: lists, dicts and loops, and no SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from queries.connection import settings
from tests.twins import Row, Tables

Key = tuple[Any, ...]
PAIRS = {"complaints": ("L13", "L14"), "violations": ("L49", "L50")}


def totals(tables: Tables, municipality_id: str, until: int | None) -> dict[Key, Row]:
    """(indicator, unit, year) → the outcome of all pupils, of the municipality's own schools where both are given."""
    found: dict[Key, Row] = {}
    for row in tables["outcomes"]:
        if row["municipality_id"] != municipality_id or row["gender"] != "T":
            continue
        if row["unit_id"] is None and row["operator"] == "enskild":
            continue
        if until is not None and row["year"] > until:
            continue
        key = (row["indicator_id"], row["unit_id"], row["year"])
        if key not in found or row["operator"] == "kommunal":
            found[key] = row
    return found


def measures(tables: Tables) -> dict[str, Key]:
    """Indicator → kind, stage, term."""
    return {
        row["indicator_id"]: (row["kind"], row["stage"] or "", row["term"] or "")
        for row in tables["absence_measures"]
    }


def absence(
    tables: Tables, municipality_id: str, year: int | None, unit_ids: Sequence[str]
) -> dict[Key, dict[str, Any]]:
    """(kind, stage, term, unit, year) → value, n and registration."""
    known, told = measures(tables), totals(tables, municipality_id, year)
    registration = {
        (known[indicator_id][2], unit_id, of_year): row["value"]
        for (indicator_id, unit_id, of_year), row in told.items()
        if indicator_id in known and known[indicator_id][:2] == ("registration", "")
    }
    answer = {}
    for (indicator_id, unit_id, of_year), row in told.items():
        if indicator_id not in known or known[indicator_id][0] in ("registration", "investigated"):
            continue
        kind, stage, term = known[indicator_id]
        if unit_id is not None and (stage or (unit_ids and unit_id not in unit_ids)):
            continue
        rate = registration.get((term, unit_id, of_year))
        answer[kind, stage, term, unit_id, of_year] = {
            "value": row["value"],
            "marker": row["marker"],
            "n": row["n"],
            "registration": rate,
            "is_registration_low": None
            if rate is None
            else rate < settings()["attendance"]["low_registration"],
        }
    return answer


def investigation_coverage(
    tables: Tables, municipality_id: str, year: int | None, unit_ids: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Unit → its share of investigated pupils, n where the share is shown, and whether registration is low."""
    known, told = measures(tables), totals(tables, municipality_id, None)
    years = {
        of_year for indicator_id, _, of_year in told if known.get(indicator_id, ("",))[0] == "investigated"
    }
    every = {of_year for indicator_id, _, of_year in told if indicator_id in known}
    shown = year if year is not None else max(years or every, default=None)

    def cell(kind: str, unit_id: str | None) -> Row | None:
        ids = [indicator_id for indicator_id, key in known.items() if key == (kind, "", "")]
        return next((told[each, unit_id, shown] for each in ids if (each, unit_id, shown) in told), None)

    counted = {
        unit_id
        for indicator_id, unit_id, of_year in told
        if unit_id is not None
        and of_year == shown
        and known.get(indicator_id, ("",))[0] in ("over_20", "over_40", "investigated")
        and (not unit_ids or unit_id in unit_ids)
    }
    answer = {}
    for unit_id in counted:
        share, rate, whole = (
            cell("investigated", unit_id),
            cell("registration", unit_id),
            cell("investigated", None),
        )
        value = share and share["value"]
        registered = rate and rate["value"]
        answer[unit_id] = {
            "value": value,
            "n": share["n"] if share and value is not None else None,
            "is_told": share is not None,
            "registration": registered,
            "is_registration_low": None
            if registered is None
            else registered < settings()["attendance"]["low_registration"],
            "municipality_value": whole and whole["value"],
        }
    return answer


def survey_results(
    tables: Tables, municipality_id: str, year: int | None, unit_ids: Sequence[str]
) -> dict[Key, dict[str, Any]]:
    """(survey, indicator, unit, year) → result, answers, response rate."""
    told, answer = totals(tables, municipality_id, year), {}
    for survey in tables["surveys"]:
        for (indicator_id, unit_id, of_year), row in told.items():
            if indicator_id != survey["indicator_id"] or (unit_id and unit_ids and unit_id not in unit_ids):
                continue
            rate = told.get((survey["rate_id"], unit_id, of_year), {}).get("value")
            answer[survey["survey_id"], indicator_id, unit_id, of_year] = {
                "value": row["value"],
                "n": row["n"],
                "response_rate": rate,
                "is_response_low": None if rate is None else rate < settings()["survey"]["low_response"],
            }
    return answer


def complaints_with_and_without(
    tables: Tables, municipality_id: str, year: int | None, unit_ids: Sequence[str]
) -> dict[Key, dict[str, Any]]:
    """(kind of count, unit, year) → the count with and without, and the labels of the events that are named for it."""
    told, answer = totals(tables, municipality_id, None), {}
    for count_id, pair in PAIRS.items():
        counts: dict[Key, list[float | None]] = {}
        for (indicator_id, unit_id, of_year), row in told.items():
            if indicator_id in pair and row["value"] is not None:
                counts.setdefault((unit_id, of_year), [None, None])[pair.index(indicator_id)] = row["value"]
        labels: dict[Key, set[str]] = {}
        for event in tables["events"]:
            if (
                event["municipality_id"] != municipality_id
                or event["kind"] != "excluded"
                or event["indicator_id"] not in pair
            ):
                continue
            for of_year in _years(event["start_date"], event["end_date"]):
                labels.setdefault((None, of_year), set()).add(event["label"])
                labels.setdefault((event["unit_id"], of_year), set()).add(event["label"])
                if event["unit_id"] is None:
                    for (unit_id, told_year), (first, second) in counts.items():
                        if told_year == of_year and None not in (first, second) and first != second:
                            labels.setdefault((unit_id, of_year), set()).add(event["label"])
        for unit_id, of_year in {*counts, *labels}:
            if (year is None or of_year <= year) and (unit_id is None or not unit_ids or unit_id in unit_ids):
                first, second = counts.get((unit_id, of_year), [None, None])
                named = "; ".join(sorted(labels.get((unit_id, of_year), ()))) or None
                answer[count_id, unit_id, of_year] = {
                    "count_with": first,
                    "count_without": second,
                    "event_label": named,
                }
    return answer


def _years(start: date, end: date | None) -> range:
    return range(start.year, (end or start).year + 1)
