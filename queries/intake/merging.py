"""Checked rows and the published version together: the tables of the version to come, and every difference.

Rows of the file take the place of published rows with the same key; columns that the file does not have keep their
published value; published rows that the file lacks stay, unless the analyst said that the file is the whole of its
scope. The privacy gate then works on the sum, so that nothing hidden can be reached by adding a file.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pandas as pd

from queries.connection import settings, sql_text
from queries.disclosure import gate, gate_comparison, looked_at_with, with_relations
from queries.intake.base import published
from queries.intake.checking import typed
from queries.intake.model import Column, Table, tables
from queries.intake.reading import Staged
from queries.intake.small_staffs import leave_out_small_staffs
from queries.small_groups import Limits

# Tables that publishers are asked for again and again → which of the published rows came that way.
FETCHED_AGAIN = {
    "comparison_values": "true",
    "indicator_register": "true",
    "municipality_groups": "true",
    "outcomes": "shown.source_id in (select source_id from base.sources where is_official)",
}


def merge(connection: duckdb.DuckDBPyConnection, staged: Sequence[Staged], *, replace: bool) -> set[str]:
    """Make merged.<table> for every table that changes, and gated ones where small groups must be hidden.

    merged.<table> is what everybody may see; private.outcomes holds the outcomes as they are. What of monthly_values was
    left out lies in small_staffs.LEFT_OUT. Returns the tables
    that differ from the published ones.
    """
    connection.execute("create schema if not exists merged")
    for name in dict.fromkeys(each.table for each in staged):
        _start(connection, tables()[name])
        for each in (each for each in staged if each.table == name):
            _take(connection, each, tables()[name], replace)
    touched = {each.table for each in staged}
    if "outcomes" in touched:
        _gate_outcomes(connection)
    if "monthly_values" in touched:
        leave_out_small_staffs(connection, "merged.monthly_values")
    changed = {name for name in touched if _differs(connection, f"base.{name}", f"merged.{name}")}
    # Outcomes are a part of the comparison only where municipalities are invented: millions of values stay as they are.
    if changed & {"comparison_values", "municipalities"} or (
        "outcomes" in changed and _has_invented(connection)
    ):
        changed |= _work_out_comparison(connection, "outcomes" in changed)
    for name in changed:
        _hold_to_the_model(connection, name)
    return changed


def _hold_to_the_model(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Raises duckdb.ConstraintException when a rule of the data model is broken that no check has found: a fault of ours."""
    connection.execute("create schema if not exists held")
    connection.execute(
        tables()[table].statement.replace(f"create table {table}", f"create table held.{table}")
    )
    connection.execute(f"insert into held.{table} by name select * from merged.{table}")
    connection.execute(f"drop table held.{table}")


def _start(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """merged.<table> as it is published, or for outcomes as it is before small groups are hidden."""
    origin = "private" if table.name == "outcomes" else "base"
    connection.execute(f"create or replace table merged.{table.name} as select * from {origin}.{table.name}")


def _take(connection: duckdb.DuckDBPyConnection, staged: Staged, table: Table, replace: bool) -> None:
    given = [name for name in _columns(connection, typed(staged)) if name in table.columns]
    told = ", ".join(
        f"coalesce({name}, '') as {name}" if table.columns[name].may_be_blank else name for name in given
    )
    connection.execute(f"create or replace table incoming as select {told} from {typed(staged)}")
    if table.name == "outcomes":
        _leave_what_is_shown(connection, table, given)
    if table.name in FETCHED_AGAIN:
        # The same figure fetched another day is no news, and keeps the day when it was first published here.
        names = [name for name in given if name != "source_id"]
        _leave_what_is_shown(connection, table, names, FETCHED_AGAIN[table.name])
    same = _same("incoming", f"merged.{table.name}", table.key)
    if staged.only_missing:
        connection.execute(
            f"delete from incoming where exists (select 1 from merged.{table.name} where {same})"
        )
    elif replace:
        _remove_what_is_lacking(connection, staged, table)
    kept = ", ".join(_kept(column, given) for column in table.columns.values())
    connection.execute(
        f"create or replace table filled as select {kept} from incoming left join merged.{table.name} as earlier "
        f"on {_same('incoming', 'earlier', table.key)}"
    )
    connection.execute(f"delete from merged.{table.name} where exists (select 1 from incoming where {same})")
    connection.execute(f"insert into merged.{table.name} by name select * from filled")


def _kept(column: Column, given: Sequence[str]) -> str:
    name = column.name
    if name in given:
        return f"incoming.{name}"
    if name in ("count_higher", "count_lower"):
        # A place among others belongs to the value that it was worked out for.
        return (
            f"case when incoming.value is not distinct from earlier.value then earlier.{name} end as {name}"
        )
    return f"coalesce(earlier.{name}, '') as {name}" if column.may_be_blank else f"earlier.{name}"


def _leave_what_is_shown(
    connection: duckdb.DuckDBPyConnection, table: Table, given: Sequence[str], which: str = "true"
) -> None:
    """Drop incoming rows that say what the published, gated row says: a hidden value is not replaced by its marker."""
    same = _same("incoming", "shown", given)
    connection.execute(
        f"delete from incoming where exists (select 1 from base.{table.name} as shown where {same} and {which})"
    )


def _remove_what_is_lacking(connection: duckdb.DuckDBPyConnection, staged: Staged, table: Table) -> None:
    """Remove published rows of the scopes that the file tells of, when the file does not have them."""
    of_scope = _same("scope", f"merged.{table.name}", table.scope)
    lacking = _same("told", f"merged.{table.name}", table.key)
    connection.execute(
        f"delete from merged.{table.name} where exists (select 1 from {typed(staged)} as scope where {of_scope}) "
        f"and not exists (select 1 from {typed(staged)} as told where {lacking})"
    )


def _same(left: str, right: str, names: Sequence[str]) -> str:
    return " and ".join(f"{left}.{name} is not distinct from {right}.{name}" for name in names)


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [row[0] for row in connection.execute(f"describe {relation}").fetchall()]


def gate_anew(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Make merged.outcomes, and what follows from it, by the limits that hold now; returns the tables that differ.

    What was hidden in the comparison stays hidden there: its own values are not kept.
    """
    connection.execute("create schema if not exists merged")
    _start(connection, tables()["outcomes"])
    connection.execute("create or replace table private_outcomes as select * from merged.outcomes")
    _hide_small_groups(connection, _all_indicators(connection))
    changed = _work_out_comparison(connection, has_new_outcomes=True) if _has_invented(connection) else set()
    return changed | ({"outcomes"} if _differs(connection, "base.outcomes", "merged.outcomes") else set())


def leave_out_anew(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Make merged.monthly_values by the limit that holds now; returns the table if it differs. What was left out before
    cannot come back: it is kept nowhere."""
    connection.execute("create schema if not exists merged")
    _start(connection, tables()["monthly_values"])
    leave_out_small_staffs(connection, "merged.monthly_values")
    return (
        {"monthly_values"} if _differs(connection, "base.monthly_values", "merged.monthly_values") else set()
    )


def _gate_outcomes(connection: duckdb.DuckDBPyConnection) -> None:
    """Hide small groups in merged.outcomes, and keep the rows as they were in private_outcomes.

    Only indicators with a row that differs are looked at, with those that the gate takes together with them.
    """
    connection.execute("create or replace table private_outcomes as select * from merged.outcomes")
    touched = connection.execute(
        """
        select distinct indicator_id from (
            (select * from private_outcomes except all select * from private.outcomes)
            union all (select * from private.outcomes except all select * from private_outcomes)
        )
        """
    ).fetchall()
    _hide_small_groups(connection, looked_at_with(_indicators(connection), {row[0] for row in touched}))


def _all_indicators(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        row[0] for row in connection.execute("select distinct indicator_id from private_outcomes").fetchall()
    ]


def _hide_small_groups(connection: duckdb.DuckDBPyConnection, touched: Sequence[str]) -> None:
    """merged.outcomes with some indicators gated and the others as they are published.

    Official statistics have been through their publisher's own rules and are public already: where all rows of an
    indicator and year are such, they pass. Where own rows stand beside them, all are looked at together.
    """
    raw = connection.execute(
        f"select outcomes.*, coalesce(sources.is_official, false) as is_official from private_outcomes as outcomes "
        f"left join {published(connection, 'sources')} as sources using (source_id) where indicator_id in $touched",
        {"touched": list(touched)},
    ).df()
    is_public = (
        raw.groupby(["municipality_id", "indicator_id", "year"])["is_official"].transform("all").astype(bool)
    )
    rows = raw.drop(columns="is_official")
    untouched = connection.execute(
        "select * from base.outcomes where indicator_id not in $touched", {"touched": list(touched)}
    ).df()
    own = gate(rows[~is_public], _indicators(connection), Limits.from_settings(settings()))
    _replace(connection, "outcomes", _together(untouched, rows[is_public], own))


def _together(*frames: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame for frame in frames if len(frame)] or [frames[0]])


def _work_out_comparison(connection: duckdb.DuckDBPyConnection, has_new_outcomes: bool) -> set[str]:
    """Places and spread among municipalities, wherever the values have changed and all those behind the published
    spread are here; returns which of the two tables differ from the published ones."""
    if published(connection, "comparison_values") == "base.comparison_values":
        _start(connection, tables()["comparison_values"])
    if has_new_outcomes:
        _gate_invented(connection)
    municipalities = published(connection, "municipalities")
    connection.execute("create or replace temp view values_to_come as select * from merged.comparison_values")
    connection.execute(
        f"create or replace temp view municipalities_to_come as select * from {municipalities}"
    )
    for name in ("spread_changed", "spread_to_come"):
        connection.execute(f"create or replace temp table {name} as {sql_text(f'intake/{name}')}")
    connection.execute(f"create or replace temp table places as {sql_text('intake/places_to_come')}")
    connection.execute("create or replace table merged.comparison_values as select * from places")
    connection.execute(
        "create or replace table merged.comparison_distributions as "
        "select * from base.comparison_distributions as earlier "
        "where not exists (select 1 from spread_to_come as later where (later.register, later.indicator_id, later.year, "
        "later.gender) = (earlier.register, earlier.indicator_id, earlier.year, earlier.gender)) "
        # What rests on values that are hidden now goes also when no value is left to work it out from.
        "and not (register = 'exempel' and (indicator_id, year, gender) in (select * from spread_changed)) "
        "union all by name select * from spread_to_come"
    )
    both = ("comparison_values", "comparison_distributions")
    return {name for name in both if _differs(connection, f"base.{name}", f"merged.{name}")}


def _has_invented(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether outcomes to come are of the invented register."""
    found = connection.execute(
        f"select count(*) from {published(connection, 'municipalities')} where register = 'exempel' "
        "and municipality_id in (select municipality_id from merged.outcomes)"
    )
    return found.fetchall()[0][0] > 0


def _gate_invented(connection: duckdb.DuckDBPyConnection) -> None:
    """Hide in the comparison what is hidden in the outcomes. All municipalities of the invented register are here; what
    Kolada publishes of real ones is public there."""
    ids = f"select municipality_id from {published(connection, 'municipalities')} where register = 'exempel'"
    invented = connection.execute(
        f"select * from merged.comparison_values where municipality_id in ({ids})"
    ).df()
    shown = connection.execute("select * from merged.outcomes").df()
    connection.execute(f"delete from merged.comparison_values where municipality_id in ({ids})")
    connection.register("incoming_frame", gate_comparison(invented, shown))
    connection.execute("insert into merged.comparison_values by name select * from incoming_frame")
    connection.unregister("incoming_frame")


def _replace(connection: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame) -> None:
    """merged.<table> with these rows, held to the data model's own keys and checks."""
    statement = tables()[table].statement.replace(
        f"create table {table}", f"create or replace table merged.{table}"
    )
    connection.execute(statement)
    connection.register("incoming_frame", rows)
    connection.execute(f"insert into merged.{table} by name select * from incoming_frame")
    connection.unregister("incoming_frame")


def _indicators(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    rows = connection.execute(
        "select indicator_id, value_kind, is_survey, dimension from words.indicators"
    ).df()
    measures = connection.execute("select * from words.absence_measures").df()
    return with_relations(rows.assign(is_survey=rows["is_survey"] == "true"), measures)


def _differs(connection: duckdb.DuckDBPyConnection, earlier: str, later: str) -> bool:
    """Whether two tables have different rows. They are compared by the sum of their rows' hashes: a million rows beside
    a million others would take more room than there is."""
    found = connection.execute(
        f"select count(*), sum(hash(told)) from {earlier} as told "
        f"union all select count(*), sum(hash(told)) from {later} as told"
    ).fetchall()
    return found[0] != found[1]
