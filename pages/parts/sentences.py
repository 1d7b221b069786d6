"""Answers as sentences that a politician can read aloud. Their numbers are those of the figure's own rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.words import (
    counted,
    in_a_row,
    is_empty,
    listed,
    percent,
    years_in_words,
)

NO_EFFECT = "Effekt ej redovisad"


def of_goals(tally: pd.Series, before: pd.Series | None = None, year_before: int | None = None) -> str:
    """'7 av 17 mål är uppnådda, 6 delvis och 4 inte. 2 fler än 2019.' One row of goal_tally each."""
    met, total = int(tally["met"]), int(tally["total"])
    if int(tally["not_assessed"]) == total:
        return f"Inget av {counted(total, 'mål', 'mål')} är bedömt i källan."
    reached = "uppnått" if met == 1 else "uppnådda"
    rest = [f"{int(tally['partly'])} delvis", f"{int(tally['not_met'])} inte"]
    if int(tally["not_assessed"]):
        rest.append(
            f"{int(tally['not_assessed'])} är inte {'bedömt' if int(tally['not_assessed']) == 1 else 'bedömda'}"
        )
    said = f"{met} av {total} mål är {reached}, {listed(rest)}."
    if before is None or not int(before["total"]):
        return said
    more = met - int(before["met"])
    than = "lika många som" if not more else f"{abs(more)} {'fler' if more > 0 else 'färre'} än"
    return f"{said} Det är {than} {year_before}."


def of_actions(tally: pd.Series) -> str:
    """'20 av 45 åtgärder är klara, 22 är öppna och 3 genomförs inte. 9 av de öppna är försenade.'"""
    total, late = int(tally["total"]), int(tally["late"])
    said = (
        f"{int(tally['finished'])} av {counted(total, 'åtgärd', 'åtgärder')} är klara ({percent(tally['finished'], total)}), "
        f"{int(tally['open'])} är öppna och {int(tally['closed_undone'])} genomförs inte."
    )
    if not int(tally["open"]):
        return said
    if late == int(tally["open"]):
        return f"{said} Alla öppna är försenade."
    return f"{said} {late if late else 'Ingen'} av de öppna är {'försenade' if late > 1 else 'försenad'}."


def of_themes(themes: pd.DataFrame) -> str:
    """Which remarks stand at least two years in a row, and for how many no effect is told."""
    standing = themes[themes["is_standing"] & (themes["years_in_a_row"] >= 2)]
    if standing.empty:
        return "Inget påpekande står kvar två år i rad."
    untold = int(standing["effect"].isna().sum())
    names = listed([str(theme).lower() for theme in standing["theme"]])
    one = len(standing) == 1
    said = f"{len(standing)} {'påpekande' if one else 'påpekanden'} står kvar minst två år i rad: {names}."
    if one:
        return f"{said} {'Ingen effekt är redovisad' if untold else 'En effekt är redovisad'}."
    if not untold:
        return f"{said} En effekt är redovisad för alla."
    return f"{said} För {untold} av dem är ingen effekt redovisad."


def standing(row: Mapping[str, Any]) -> str:
    """'2019 och 2020 (andra året i rad)'."""
    run = int(row["years_in_a_row"])
    return f"{years_in_words(row['years'])} ({in_a_row(run)})" if run > 1 else years_in_words(row["years"])


def of_evidence(row: Mapping[str, Any]) -> str:
    """'2 av 3 indikatorer når målvärdet', or why that cannot be said. row: one of goal_list."""
    if is_empty(row["goal_id"]):
        return "Går inte att säga: målet namnges inte"
    if not int(row["count_indicators"]):
        return "Ingen indikator är kopplad till målet"
    if not int(row["count_with_answer"]):
        return "Utfall eller målvärde saknas"
    word = "indikator" if int(row["count_with_answer"]) == 1 else "indikatorer"
    without = int(row["count_indicators"]) - int(row["count_with_answer"])
    rest = f" ({without} saknar utfall eller målvärde)" if without else ""
    return f"{int(row['count_reached'])} av {int(row['count_with_answer'])} {word} når målvärdet{rest}"
