"""A million rows of ten columns, checked cell by cell, against DuckDB only reading the same file."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measuring import Result, compared, limited
from tests.benchmarks.recording import CACHE, ROOT

ROWS, ROWS_QUICK = 1_000_000, 100_000
PLANTED = 100
ROUNDS, ROUNDS_QUICK = 5, 1
MOST_TIMES, MOST_MEGABYTES = 5.0, 512
SEED = 20261122
# The columns of the template that are filled in; the rest of it may be left out.
COLUMNS = (
    "municipality_id", "indicator_id", "unit_id", "year", "gender", "operator", "value", "marker", "note", "n",
)  # fmt: skip


def against_reading(is_quick: bool) -> Result:
    """Time of the whole check, in its own process, by the time of DuckDB's read_csv; its peak memory; what it found."""
    result = Result()
    rows, rounds = (ROWS_QUICK, ROUNDS_QUICK) if is_quick else (ROWS, ROUNDS)
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        path = Path(folder) / "utfall.csv"
        planted = write_file(path, rows)
        own, other, memory = [], [], []
        for _ in range(rounds):
            other.append(_measured("plain", path)["seconds"])
            told = _measured("check", path)
            own.append(told["seconds"])
            memory.append(told["megabytes"])
            found = {(line, column) for line, column in told["cells"]}
            right = "all" if found == planted else f"NOT the {len(planted)}: {len(found ^ planted)} differ"
        size = path.stat().st_size / 1e6
    result.rows.append(
        compared(f"{rows:,} rows × {len(COLUMNS)} columns checked", "s", own, other, MOST_TIMES)
    )
    result.rows.append(limited("peak memory of the process that checks", "MB", memory, MOST_MEGABYTES))
    result.notes.append(
        f"intake: {size:.0f} MB; {right} of {len(planted)} planted faults found, and nothing else."
    )
    return result


def write_file(path: Path, rows: int) -> set[tuple[int, str]]:
    """Write a filled template with faults in it; returns their rows, as Excel counts, and columns."""
    from queries.connection import Library
    from queries.intake.templates import template_of
    from queries.versions import EMBEDDED, Store

    exports = Library(Store((EMBEDDED,))).open(0)
    cursor = exports.connection.cursor()
    cursor.execute(f"use {exports.database}")
    units = [
        row[0]
        for row in cursor.execute("select unit_id from units where municipality_id = '9901'").fetchall()
    ]
    kinds = cursor.execute("select indicator_id from indicators order by all").fetchall()
    named = {column.name: column.heading for column in template_of("outcomes").columns}
    randomly = random.Random(SEED)
    keys = (
        (indicator, unit, year, gender, operator)
        for year in range(2027, 1990, -1)
        for (indicator,) in kinds
        for unit in ("", *units)
        for gender in "TKM"
        for operator in ("alla", "kommunal", "enskild")
    )
    faults = dict(zip(sorted(randomly.sample(range(2, rows + 2), PLANTED)), _faults(randomly), strict=False))
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(";".join(named[column] for column in COLUMNS) + "\r\n")
        for line, (indicator, unit, year, gender, operator) in zip(range(2, rows + 2), keys, strict=False):
            value = f"{50 + randomly.random() * 5:.1f}".replace(".", ",")
            cells = [
                "9901",
                indicator,
                unit,
                str(year),
                gender,
                operator,
                value,
                "",
                "",
                str(randomly.randint(20, 900)),
            ]
            if line in faults:
                column, text = faults[line]
                cells[COLUMNS.index(column)] = text
            file.write(";".join(cells) + "\r\n")
    return {(line, named[column]) for line, (column, _) in faults.items()}


def _faults(randomly: random.Random) -> list[tuple[str, str]]:
    kinds = [
        ("year", "2O21"), ("year", "1899"), ("value", "abc"), ("n", "31,5"), ("n", "-4"),
        ("gender", "F"), ("indicator_id", "N1543"), ("unit_id", "00000000"), ("municipality_id", "991"), ("operator", "stat"),
    ]  # fmt: skip
    return [randomly.choice(kinds) for _ in range(PLANTED)]


def _measured(what: str, path: Path) -> dict:
    """What one run in a process of its own tells of itself."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.intake", what, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout.splitlines()[-1])


def _plain(path: Path) -> dict:
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute("set threads = 2")
    start = time.perf_counter()
    connection.execute(
        "create table plain as select * from read_csv($path, all_varchar = true, header = true, delim = ';')",
        {"path": str(path)},
    )
    return {"seconds": time.perf_counter() - start}


def _check(path: Path) -> dict:
    """Open, recognise, look for personal data, read and check: all that happens before the comparison."""
    import resource
    import shutil

    import duckdb  # noqa: F401  loaded before the clock starts, as for the plain reading

    from queries import clock
    from queries.intake import checking, worker
    from queries.intake.reading import Options
    from queries.versions import EMBEDDED, Store

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        shutil.copy(path, Path(folder) / "original")
        request = worker.Request(path.name, Options(clock.today()), Store((EMBEDDED,)), 0)
        start = time.perf_counter()
        connection = worker.checked(Path(folder), request).connection
        seconds = time.perf_counter() - start
        errors = [
            each for each in checking.first_findings(connection, 10 * PLANTED) if each.severity == "error"
        ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "megabytes": peak, "cells": [(each.line, each.column) for each in errors]}


if __name__ == "__main__":
    print(json.dumps({"plain": _plain, "check": _check}[sys.argv[1]](Path(sys.argv[2]))))
