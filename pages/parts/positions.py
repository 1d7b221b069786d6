"""The comparison as sentences. Their numbers are those of the figure's own rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.rows import as_records
from pages.parts.words import (
    QUARTERS,
    STATUS_OF_MISSING,
    counted,
    is_empty,
    listed,
    number,
    quantity,
    text,
    upper_first,
    year_of,
)

# Scale → the column with a place's position on it.
COLUMNS = {"rka": "scaled", "rank": "percentile"}
# What Kolada's own words mean, said once where a gap is explained.
WHY = {
    "Missing": " (uppgiften har inte kommit in)",
    "Not applicable": " (kan inte räknas ut för kommunen)",
}


def of_position(own: pd.DataFrame) -> str:
    """How many indicators lie in the best, middle and worst quarter. own: the 'own' rows of spider_values."""
    placed = own[own["quarter"].notna()]
    if placed.empty:
        return "Inget av nyckeltalen går att placera bland andra kommuner det här året."
    best, worst = (
        int((placed["quarter"] == quarter).sum()) or "inget" for quarter in ("best_quarter", "worst_quarter")
    )
    missing = int((own["good_direction"] != "none").sum()) - len(placed)
    gap = f" {counted(missing, 'nyckeltal', 'nyckeltal')} saknar värde." if missing else ""
    return (
        f"I {best} av {counted(len(placed), 'nyckeltal', 'nyckeltal')} hör kommunen till den bästa fjärdedelen av "
        f"kommunerna, i {worst} till den sämsta.{gap}"
    )


def of_extremes(own: pd.DataFrame, other: pd.DataFrame, other_name: str, scale: str = "rka") -> str:
    """Where the municipality lies furthest above and below another place, in points of the scale."""
    column = COLUMNS[scale]
    both = own[["indicator_id", "short_name", column]].merge(
        other[["indicator_id", column]], on="indicator_id"
    )
    both = both.dropna(subset=[f"{column}_x", f"{column}_y"])
    if both.empty:
        # On the rank scale a mean may have values and still no place.
        return (
            ""
            if other["value"].notna().any()
            else f"{upper_first(other_name)} saknar värden att jämföra med."
        )
    apart = (both[f"{column}_x"] - both[f"{column}_y"]).astype(float)
    ahead, behind = both["short_name"][apart.idxmax()], both["short_name"][apart.idxmin()]
    better = f"Längst före {other_name} ligger kommunen i {ahead}." if apart.max() > 0 else ""
    worse = f"Längst efter ligger den i {behind}." if apart.min() < 0 else ""
    return f"{better} {worse}".strip() or f"Kommunen ligger lika med {other_name}."


def of_scaled(rows: pd.DataFrame, scale: str = "rka") -> str:
    """The numbers of a figure for those who do not see it."""
    column = COLUMNS[scale]
    return "; ".join(
        f"{row['short_name']} {text(row['place_name'])}: "
        f"{number(row[column], 0) if not is_empty(row[column]) else 'saknas'}"
        for row in as_records(rows)
        if row["good_direction"] != "none"
    )


def of_population(own: pd.DataFrame) -> str:
    """Whose pupils each indicator covers, and their years when they differ."""
    whose = {text(name, "annat"): rows for name, rows in own.groupby("population", sort=False, dropna=False)}
    if len(whose) == 1:
        said = f"Nyckeltalen avser {next(iter(whose))}"
    else:
        said = "Nyckeltalen avser " + "; ".join(
            f"{name}: {listed(list(rows['short_name']))}" for name, rows in whose.items()
        )
    return f"{said}. {_years(own.dropna(subset=['year']))}".strip()


def _years(own: pd.DataFrame) -> str:
    """'Året är 2019, utom för Kostnad åk 1–9 (2018).'"""
    by_year = {int(year): list(rows["short_name"]) for year, rows in own.groupby("year")}
    if not by_year:
        return ""
    usual = max(by_year, key=lambda year: (len(by_year[year]), year))
    others = [f"{listed(names)} ({year})" for year, names in by_year.items() if year != usual]
    return f"Året är {usual}" + (f", utom för {listed(others)}." if others else " för alla.")


def of_gaps(values: pd.DataFrame) -> list[str]:
    """The reason for each missing value, and the indicators that are shown without being valued."""
    missing = values[values["value"].isna() & (values["role"] != "target")]
    said = [_gap(spoke, as_records(rows)) for spoke, rows in missing.groupby("short_name", sort=False)]
    said += _partial(values)
    neutral = values.loc[values["good_direction"] == "none", "short_name"].drop_duplicates()
    return said + ([f"{listed(list(neutral))}: värderas inte, se tabellen"] if len(neutral) else [])


def of_ended(own: pd.DataFrame) -> list[str]:
    """'Behöriga yrk: serien är avslutad efter 2024.' One sentence for each indicator that Kolada has ended."""
    ended = own.dropna(subset=["ended_year"])
    return [
        f"{row['short_name']}: serien är avslutad i Kolada efter {int(row['ended_year'])}"
        for row in as_records(ended)
    ]


def of_indicator(history: pd.DataFrame, year: int) -> str:
    """'Ekerö 2019: 81,9 %, plats 47 av 289, bland de 25 % bästa. Riket: 75,1 %.' history: all rows of a year."""
    now = as_records(history[history["year"] == year])
    own = next((row for row in now if row["role"] == "own"), None)
    if own is None:
        return f"Inget värde finns för {year}."
    if is_empty(own["value"]):
        return f"{text(own['place_name'])} {year}: {reason_of(own)}."
    placed = ""
    if not is_empty(own["rank"]):
        word = QUARTERS[own["quarter"]].word
        placed = f", plats {rank_of(own)} kommuner ({word[:1].lower()}{word[1:]})"
    said = f"{text(own['place_name'])} {year_of(year, own['period'])}: {value_of(own)}{placed}."
    others = [
        f"{text(row['place_name'])}: {value_of(row) if not is_empty(row['value']) else reason_of(row)}"
        for row in now
        if row["role"] == "comparison"
    ]
    return " ".join([said, *(f"{other}." for other in others)])


def of_contrasts(positions: pd.DataFrame, other_name: str) -> str:
    """Which goals are met though others are ahead, and which are not met though others are behind."""
    if positions["position"].isna().all():
        return f"Inget av målen har ett nyckeltal att jämföra med {other_name}."
    worse, better = (
        positions.loc[positions["contrast"] == contrast, "name"].drop_duplicates().tolist()
        for contrast in ("met_but_worse", "not_met_but_better")
    )
    ahead = (
        f"{counted(len(worse), 'uppnått mål', 'uppnådda mål')} ligger sämre än {other_name} i något nyckeltal: {listed(worse)}."
        if worse
        else f"Inget uppnått mål ligger sämre än {other_name}."
    )
    behind = (
        f"{counted(len(better), 'mål', 'mål')} som inte är helt {'uppnått' if len(better) == 1 else 'uppnådda'} ligger bättre: "
        f"{listed(better)}."
        if better
        else "Inget ouppnått mål ligger bättre."
    )
    return f"{ahead} {behind}"


def reason_of(row: Mapping[str, Any]) -> str:
    """Why a value is missing, in small letters."""
    return STATUS_OF_MISSING.get(text(row["status"], ""), "saknas").lower()


def rank_of(row: Mapping[str, Any]) -> str:
    """'42 av 289'."""
    return "–" if is_empty(row["rank"]) else f"{number(row['rank'], 0)} av {number(row['n'], 0)}"


def value_of(row: Mapping[str, Any]) -> str:
    """A comparison value with unit."""
    return quantity(row["value"], row["unit"], int(row["decimals"]))


def _gap(spoke: str, rows: list[dict[str, Any]]) -> str:
    if all(row["status"] == "not_published" and is_empty(row["n"]) for row in rows):
        year = "" if is_empty(rows[0]["year"]) else f" för {int(rows[0]['year'])}"
        return f"{spoke}: inga värden finns här{year}, {text(rows[0]['publisher'])} ska leverera dem"
    if is_empty(rows[0]["n"]) and rows[0]["status"] != "not_by_gender":
        return f"{spoke}: ingen kommun har ett värde {int(rows[0]['year'])}"
    by_reason: dict[str, list[str]] = {}
    for row in rows:
        reason = reason_of(row) + WHY.get(text(row["status"], ""), "")
        by_reason.setdefault(reason, []).append(text(row["place_name"], "jämförelsen"))
    return f"{spoke}: " + "; ".join(f"{reason} för {listed(places)}" for reason, places in by_reason.items())


def _partial(values: pd.DataFrame) -> list[str]:
    """'R9 är medel av 7 av 9 kommuner i Behöriga yrk.' Groups in which not all members have a value."""
    groups = values[(values["count_of_members"] > 1) & (values["count_members"] > 0)]
    partial = groups[groups["count_members"] < groups["count_of_members"]]
    return [
        f"{text(row['place_name'])}, {row['short_name']}: medel av {int(row['count_members'])} av "
        f"{int(row['count_of_members'])} kommuner"
        for row in as_records(partial)
    ]
