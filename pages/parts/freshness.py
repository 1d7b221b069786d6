"""How fresh each kind of data is, in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.empty import EXPORTS
from pages.parts.rows import as_records
from pages.parts.words import AGES, DASH, day, is_empty, listed, month_of, text, upper_first

# Which export fills a kind of data, by the kind's name in queries/sql/freshness.sql.
FILLED_BY = {
    "mål": "goals",
    "bedömning av mål": "goals",
    "åtgärder": "actions",
    "utfall per skola": "outcomes",
    "utfall för kommunen": "outcomes",
    "påpekanden": "findings",
    "jämförelse": "comparison",
    "månadsvärden": "monthly_values",
    "resultatenheter": "unit_results",
    "frågor till dialogmöten": "meeting_questions",
}


def freshness_sentence(ages: pd.DataFrame) -> str:
    """'4 av 7 slags uppgifter är aktuella. Äldre än väntat: åtgärder från 2020. Saknas: utfall per skola.'"""
    kinds = list(dict.fromkeys(ages["subject"]))
    old = ages[ages["state"] == "old"]
    lacking = list(ages.loc[ages["state"] == "missing", "subject"])
    current = [kind for kind in kinds if kind not in {*old["subject"], *lacking}]
    if len(current) == len(kinds):
        return f"Alla {len(kinds)} slags uppgifter är aktuella."
    told = [f"{row['subject']} från {newest_in_words(row)}" for row in as_records(old)]
    parts = [
        f"{len(current)} av {len(kinds)} slags uppgifter är aktuella."
        if current
        else "Inga uppgifter är aktuella."
    ]
    parts += [f"Äldre än väntat: {listed(told)}."] if told else []
    parts += [f"Saknas: {listed(lacking)}."] if lacking else []
    return " ".join(parts)


def age_rows(ages: pd.DataFrame) -> pd.DataFrame:
    """ages as a table; a kind that is missing says which export fills it."""
    rows = as_records(ages)
    return pd.DataFrame(
        {
            "Uppgift": [upper_first(row["subject"]) for row in rows],
            "Läge": [AGES[row["state"]].shown for row in rows],
            "Senaste": [newest_in_words(row) for row in rows],
            "Källa": [
                f"Fylls av exporten {EXPORTS[FILLED_BY[row['subject']]]}"
                if row["state"] == "missing"
                else text(row["title"])
                for row in rows
            ],
            "Daterad": [day(row["source_date"]) for row in rows],
            "Nästa väntas": [_expected(row) for row in rows],
        }
    )


def newest_in_words(row: Mapping[str, Any]) -> str:
    """'2026', or 'oktober 2026' of what comes by the month."""
    return text(row["newest_year"]) if is_empty(row["newest_month"]) else month_of(row["newest_month"])


def _expected(row: Mapping[str, Any]) -> str:
    """'mars 2027', or 'väntades i mars 2026'."""
    if is_empty(row["next_date"]):
        return DASH
    month = month_of(row["next_date"])
    return f"väntades i {month}" if row["state"] == "old" else month
