"""Slow and obvious twins of the questions about dialogue meetings; see tests/twins.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.twins import Tables, remarks

Round = tuple[int, str]


def round_of(row: Any) -> Round:
    """The year and season of a meeting, in words that sort as they come: spring before autumn."""
    return row["meeting_date"].year, {"spring": "1 spring", "autumn": "2 autumn"}[row["meeting_kind"]]


def told_of(tables: Tables, municipality_id: str) -> list[Any]:
    """The rows that tell of a municipality's meetings."""
    both = (*tables["agreements"], *tables["meeting_questions"])
    return [row for row in both if row["municipality_id"] == municipality_id]


def dialogue_meetings(tables: Tables, municipality_id: str) -> dict[Round, dict[str, Any]]:
    """Round → its first and last day, its agreements and questions, and how many of them are without answer."""
    answer: dict[Round, dict[str, Any]] = {}
    for row in told_of(tables, municipality_id):
        counts = answer.setdefault(
            round_of(row),
            {
                "first_date": row["meeting_date"],
                "last_date": row["meeting_date"],
                "count_agreements": 0,
                "count_untold": 0,
                "count_questions": 0,
                "count_open": 0,
            },
        )
        counts["first_date"] = min(counts["first_date"], row["meeting_date"])
        counts["last_date"] = max(counts["last_date"], row["meeting_date"])
        if "question_id" in row:
            counts["count_questions"] += 1
            counts["count_open"] += row["answer"] is None
        else:
            counts["count_agreements"] += 1
            counts["count_untold"] += row["outcome"] is None
    return answer


def agenda_questions(
    tables: Tables, municipality_id: str, chosen: Round | None, unit_ids: Sequence[str], area: str | None
) -> dict[str, tuple[bool, int]]:
    """Question → whether it comes from an earlier round, and for how many rounds it has waited."""
    rounds = dialogue_meetings(tables, municipality_id)
    until = chosen or max(rounds, default=None)
    answer = {}
    for row in tables["meeting_questions"]:
        if row["municipality_id"] != municipality_id:
            continue
        if unit_ids and row["unit_id"] not in unit_ids and (area is None or row["area"] != area):
            continue
        own = round_of(row)
        if chosen is not None and own > chosen:
            continue
        if chosen is not None and own < chosen and row["answer"] is not None:
            began = rounds.get(chosen, {}).get("first_date")
            if began is None or row["answered_date"] is None or row["answered_date"] < began:
                continue
        since = {each for each in (*rounds, until) if own < each <= until}
        answer[row["question_id"]] = (own < until, len(since))
    return answer


def common_themes(
    tables: Tables, municipality_id: str, year: int, unit_ids: Sequence[str] = ()
) -> dict[str, dict[str, Any]]:
    """Theme of the newest year with a weakness → how many units it is told of, and remarks without effect."""
    newest = max(
        (row["year"] for row in remarks(tables, municipality_id, year) if row["kind"] == "weakness"),
        default=None,
    )
    units: dict[str, set[str]] = {}
    answer: dict[str, dict[str, Any]] = {}
    for row in remarks(tables, municipality_id, year, unit_ids, "weakness"):
        if row["year"] != newest:
            continue
        counts = answer.setdefault(row["theme"], {"count_remarks": 0, "without_effect": 0})
        counts["count_remarks"] += 1
        counts["without_effect"] += row["effect"] is None
        units.setdefault(row["theme"], set()).update({row["now"]} - {None})
    return {theme: {**counts, "count_units": len(units[theme])} for theme, counts in answer.items()}


def common_topics(
    tables: Tables, municipality_id: str, chosen: Round | None, unit_ids: Sequence[str] = ()
) -> dict[str, dict[str, int]]:
    """Topic of a round's agreements → units, agreements, and how many nobody has told the outcome of."""
    own = [row for row in tables["agreements"] if row["municipality_id"] == municipality_id]
    asked = chosen or max(map(round_of, own), default=None)
    answer: dict[str, dict[str, int]] = {}
    units: dict[str, set[str]] = {}
    for row in own:
        if round_of(row) != asked or (unit_ids and row["unit_id"] not in unit_ids):
            continue
        counts = answer.setdefault(row["topic"], {"count_agreements": 0, "count_untold": 0})
        counts["count_agreements"] += 1
        counts["count_untold"] += row["outcome"] is None
        units.setdefault(row["topic"], set()).update({row["unit_id"]} - {None})
    return {topic: {**counts, "count_units": len(units[topic])} for topic, counts in answer.items()}
