"""One table of the lake, which consists of published files and of nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

# Place of a file → the municipality whose part of the table it holds, empty for a file that holds the whole table.
Files = Mapping[str, str]


def replace(writer: duckdb.DuckDBPyConnection, table: str, before: Files, after: Files) -> None:
    """Make the table consist of the files after instead of the files before, inside the writer's transaction."""
    if before == after:
        return
    new = [place for place in after if place not in before]
    if _is_alike(writer, table, before, after, new):
        # All rows of a file: DuckLake lets go of the file, and writes none.
        for place in (place for place in before if place not in after):
            _let_go(writer, table, before[place])
    else:
        # Older snapshots keep the table that they had.
        writer.execute(f"drop table if exists lake.main.{table}")
        new = list(after)
        if new:
            _create(writer, table, new[0], in_parts=any(after.values()))
    for place in new:
        told = {"table": table, "place": place, "in_parts": bool(after[place])}
        writer.execute(
            "call ducklake_add_data_files('lake', $table, $place, hive_partitioning => $in_parts)", told
        )


def count(cursor: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows the table has, as the cursor's transaction sees it."""
    return cursor.execute(f"select count(*) from lake.main.{table}").fetchall()[0][0]


def files_at(cursor: duckdb.DuckDBPyConnection, table: str, snapshot: int) -> set[str]:
    """The places of all files that the table consisted of at a snapshot, also of any that say what rows are gone."""
    found = cursor.execute(FILES, {"table": table, "snapshot": snapshot}).fetchall()
    return {place for row in found for place in row if place}


def _is_alike(
    writer: duckdb.DuckDBPyConnection, table: str, before: Files, after: Files, new: list[str]
) -> bool:
    """Whether files can be changed one by one: they come in parts as before, with the columns of before."""
    forms = {bool(municipality_id) for municipality_id in (*before.values(), *after.values())}
    if not (before and after) or len(forms) > 1:
        return False
    had = writer.execute(f"describe lake.main.{table}").fetchall()
    return all(
        [row[:2] for row in had] == [row[:2] for row in writer.execute(COLUMNS, {"place": place}).fetchall()]
        for place in new[:1]
    )


FILES = """
select data_file, delete_file
from ducklake_list_files('lake', $table, snapshot_version => $snapshot)
"""
COLUMNS = "describe from read_parquet($place, hive_partitioning = false)"


def _let_go(writer: duckdb.DuckDBPyConnection, table: str, municipality_id: str) -> None:
    if municipality_id:
        told = {"municipality_id": municipality_id}
        writer.execute(f"delete from lake.main.{table} where municipality_id = $municipality_id", told)
    else:
        writer.execute(f"delete from lake.main.{table}")


def _create(writer: duckdb.DuckDBPyConnection, table: str, place: str, *, in_parts: bool) -> None:
    writer.execute(
        f"create table lake.main.{table} as "
        "select * from read_parquet($place, hive_partitioning = false) limit 0",
        {"place": place},
    )
    if in_parts:
        writer.execute(f"alter table lake.main.{table} set partitioned by (municipality_id)")
