"""A whole country as a published version: 290 municipalities × 20 units × 300 indicators × 12 years × 3 genders.

    python -m tests.benchmarks.country FOLDER [--municipalities 20] [--raw]

Everything but figures is Exempelkommunen's, once for each municipality, so that every page has something to show. All
of it is made up, and the same at every run. Groups are so large that the privacy gate hides next to nothing (national.py
holds a municipality against it), so the rows are written as they are, in the project's own layout; with --raw in one file
a table and in no order, as a floor to measure against.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import duckdb

from queries.connection import DATA, settings, table_definitions
from queries.intake.writing import write_table
from queries.versions import EMBEDDED, Manifest, Store, TableFile

MUNICIPALITIES, UNITS, INDICATORS, FIRST_YEAR, LAST_YEAR = 290, 20, 300, 2015, 2026
TEMPLATE = "9901"
MADE_AT = "2026-11-22T00:00:00+00:00"
PLAN = Path(__file__).with_suffix(".sql")


def publish_country(folder: Path, municipalities: int = MUNICIPALITIES, is_raw: bool = False) -> Manifest:
    """Make version 1 of a folder a country with so many municipalities, and return its manifest."""
    connection = duckdb.connect(":memory:")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set memory_limit = '4GB'")
    connection.execute("set temp_directory = $folder", {"folder": str(folder / "spill")})
    folder.mkdir(parents=True, exist_ok=True)
    _take_template(connection)
    _plan(connection, municipalities)
    write = _as_it_comes if is_raw else write_table
    tables: dict[str, TableFile] = {}
    for name in table_definitions():
        tables |= write(connection, name, name, folder)
        print(
            f"{name}: {sum(file.rows for key, file in tables.items() if key.split('/')[0] == name):,} rows",
            flush=True,
        )
    limits = settings()["disclosure"]
    note = f"Påhittade uppgifter om {municipalities} påhittade kommuner."
    manifest = Manifest(1, None, MADE_AT, "prov", note, limits, tables)
    Store((folder,)).commit(manifest)
    return manifest


def _take_template(connection: duckdb.DuckDBPyConnection) -> None:
    """template.<table>: what the embedded version has of one municipality, and of none."""
    store = Store((EMBEDDED,))
    connection.execute("create schema template")
    for name, file in store.manifest(0).tables.items():
        path = store.verified_path(file)
        connection.execute(
            f"create table template.{name} as select * from read_parquet($path)", {"path": str(path)}
        )
        if "municipality_id" in _columns(connection, name):
            connection.execute(f"delete from template.{name} where municipality_id <> '{TEMPLATE}'")
    connection.execute(
        "create table template.indicators as select indicator_id, title from read_csv($path, all_varchar = true)",
        {"path": str(DATA / "indicators.csv")},
    )


def _plan(connection: duckdb.DuckDBPyConnection, municipalities: int) -> None:
    """A view or table for every table of the data model."""
    numbers = {
        "municipalities": municipalities, "units": UNITS, "indicators": INDICATORS, "first_year": FIRST_YEAR,
        "last_year": LAST_YEAR,
    }  # fmt: skip
    plan = PLAN.read_text(encoding="utf-8")
    for name, number in numbers.items():
        plan = plan.replace(f"${name}", str(number))
    connection.execute(plan)
    made = {
        row[0]
        for row in connection.execute("select view_name from duckdb_views() where not internal").fetchall()
    }
    for name in table_definitions().keys() - made:
        columns = ", ".join(_copied(column) for column in _columns(connection, name))
        homes = "cross join homes" if "municipality_id" in _columns(connection, name) else ""
        connection.execute(f"create view {name} as select {columns} from template.{name} as template {homes}")


def _copied(column: str) -> str:
    if column == "municipality_id":
        return "homes.municipality_id"
    # A unit is known by its own code in the whole country.
    if column in ("unit_id", "successor_unit_id"):
        return f"homes.municipality_id || template.{column} as {column}"
    return f"template.{column}"


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [row[0] for row in connection.execute(f"describe template.{table}").fetchall()]


def _as_it_comes(
    connection: duckdb.DuckDBPyConnection, relation: str, name: str, folder: Path
) -> Mapping[str, TableFile]:
    """A table as one file, its rows in an order that helps nobody."""
    path = folder / f"{name}.unfinished"
    connection.execute("set threads = 2")
    connection.execute(
        f"copy (select * from {relation} order by hash({relation})) to '{path}' (format parquet, compression zstd)"
    )
    rows = connection.execute("select count(*) from read_parquet($path)", {"path": str(path)}).fetchall()[0][
        0
    ]
    return {name: Store((folder,)).place(path, name, rows)}


def main() -> None:
    """Make the country that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.country", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--municipalities", type=int, default=MUNICIPALITIES)
    parser.add_argument("--raw", action="store_true", help="one file a table, in no order")
    chosen = parser.parse_args()
    made = publish_country(chosen.folder, chosen.municipalities, chosen.raw)
    print(f"{sum(file.rows for file in made.tables.values()):,} rows in {len(made.tables)} files")


if __name__ == "__main__":
    main()
