"""What a new fetch changes among the values for comparison: publishers revise without notice.

Told by indicator: how many values are new, changed and gone, and where a followed municipality goes from one quarter
of the municipalities to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from queries.connection import sql_text
from queries.intake.base import published
from queries.intake.followed import counted, listed
from queries.intake.outcome import IndicatorChange

# Indicators named in a sentence; the table of changes by indicator has all.
NAMED = 6
# Places of a municipality that are told one by one.
QUARTERS_TOLD = 8
LONGEST_NAME = 60
QUARTERS = {
    "best_quarter": "den bästa fjärdedelen",
    "middle": "mitten",
    "worst_quarter": "den sämsta fjärdedelen",
}
GENDERS = {"T": "", "K": ", flickor", "M": ", pojkar"}
# Values of the file that are published already: those that could have changed.
COMPARED = """
select count(*)
from rows_of_file
semi join base.comparison_values using (indicator_id, municipality_id, year, gender)
"""
# Decimals that tell two values apart.
MOST_DECIMALS = 6

Row = Mapping[str, Any]


def value_changes(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """One row per indicator whose values for comparison change, the most changed first.

    merging.merge has been there before, and comparison_values is among what it changed.
    """
    register = published(connection, "indicator_register")
    connection.execute(f"create or replace temp view register_to_come as select * from {register}")
    cursor = connection.execute(sql_text("intake/value_changes"))
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def by_indicator(rows: Sequence[Row]) -> list[IndicatorChange]:
    """The same as the analyst reads it."""
    return [
        IndicatorChange(
            f"{row['title']} ({row['indicator_id']})",
            row["count_new"],
            row["count_changed"],
            row["count_removed"],
            _largest(row),
        )
        for row in rows
    ]


def sentences(
    connection: duckdb.DuckDBPyConnection, rows: Sequence[Row], relation: str | None = None
) -> list[str]:
    """'7 760 av 127 600 värden har ändrats, i 3 nyckeltal: …', and where a followed municipality changes quarter.

    rows is what value_changes gave; relation holds the typed rows of the file, where the file itself has such values.
    """
    told = []
    if changed := _total(rows, "count_changed"):
        compared = f" av {_number(_compared(connection, relation))}" if relation else ""
        told.append(f"{_number(changed)}{compared} värden har ändrats, i {_named(rows, 'count_changed')}.")
    if lost := _total(rows, "count_lost"):
        told.append(
            f"{_number(lost)} av de ändrade värdena har tagits tillbaka, i {_named(rows, 'count_lost')}."
        )
    if found := _total(rows, "count_found"):
        told.append(f"{_number(found)} av de ändrade värdena saknades förut.")
    if reasons := _total(rows, "count_other_reason"):
        why = "bortfall, ej tillämplig eller sekretess"
        told.append(f"{counted(reasons, 'värde', 'värden')} saknas som förut, men av ett annat skäl ({why}).")
    if new := _total(rows, "count_new"):
        places = counted(sum(row["count_new"] > 0 for row in rows), "nyckeltal", "nyckeltal")
        told.append(f"{counted(new, 'nytt värde', 'nya värden')} för jämförelse, i {places}.")
    if removed := _total(rows, "count_removed"):
        told.append(f"{counted(removed, 'värde', 'värden')} tas bort, i {_named(rows, 'count_removed')}.")
    return [*_quarters(connection, {row["indicator_id"]: _name(row) for row in rows}), *told]


def _compared(connection: duckdb.DuckDBPyConnection, relation: str | None) -> int:
    connection.execute(f"create or replace temp view rows_of_file as select * from {relation}")
    return int(connection.execute(COMPARED).fetchall()[0][0])


def _quarters(connection: duckdb.DuckDBPyConnection, names: Mapping[str, str]) -> list[str]:
    """'Ekerö går från mitten till den bästa fjärdedelen i N15419 Elever … 2023.'"""
    found = connection.execute(sql_text("intake/quarter_changes")).fetchall()
    told = [
        f"{municipality} går från {QUARTERS[before]} till {QUARTERS[after]} i {names.get(code, code)} {year}."
        for municipality, code, year, before, after in found[:QUARTERS_TOLD]
    ]
    if rest := len(found) - len(told):
        told.append(f"{counted(rest, 'plats', 'platser')} till bland kommunerna ändras.")
    return told


def _named(rows: Sequence[Row], name: str) -> str:
    """'3 nyckeltal: N17813 Unga som … (220), …', the most first."""
    found = sorted((row for row in rows if row[name]), key=lambda row: -row[name])
    told = listed((f"{_name(row)} ({_number(row[name])})" for row in found[:NAMED]), NAMED)
    most = ", mest i " if len(found) > NAMED else ": "
    return f"{counted(len(found), 'nyckeltal', 'nyckeltal')}{most}{told}"


def _name(row: Row) -> str:
    """The id, and the title without its unit, cut where it is long."""
    title = row["title"].rpartition(", ")[0] or row["title"]
    if len(title) > LONGEST_NAME:
        title = f"{title[: LONGEST_NAME - 1].rstrip(' ,')}…"
    return row["indicator_id"] if title == row["indicator_id"] else f"{row['indicator_id']} {title}"


def _largest(row: Row) -> str:
    """'Ekerö 2023, flickor: 81,5 → 79,2'; empty where no number has become another."""
    before, after = row["value_before"], row["value_after"]
    if before is None or after is None:
        return ""
    decimals = next(
        (each for each in range(1, MOST_DECIMALS) if round(before, each) != round(after, each)), MOST_DECIMALS
    )
    place = f"{row['municipality']} {row['year']}{GENDERS[row['gender']]}"
    return f"{place}: {_number(before, decimals)} → {_number(after, decimals)}"


def _total(rows: Sequence[Row], name: str) -> int:
    return sum(row[name] for row in rows)


def _number(value: float, decimals: int = 0) -> str:
    return f"{value:,.{decimals}f}".replace(",", "\u00a0").replace(".", ",").replace("-", "−")
