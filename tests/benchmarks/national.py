"""Every named question of a whole country: 62.6 million rows per unit, against the same SQL on files in no order.

The country is made once (country.py) and kept in .cache/benchmarks. Each question is asked of a few municipalities,
drawn by a fixed seed. Its answer must equal that of a version with nothing but that municipality's own rows. How much the
privacy gate would hide of what was made up is told, since the benchmark else would measure what nobody publishes.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

import duckdb
import pandas as pd
import pyarrow.parquet

from queries import connection
from queries.catalogue import QUESTIONS
from queries.connection import Exports, Library, TooSlow, of_one_municipality, settings, table_definitions
from queries.disclosure import gate, with_relations
from queries.places import municipalities
from queries.small_groups import Limits
from queries.versions import DATA, EMBEDDED, Store
from tests.benchmarks import processes
from tests.benchmarks.country import MUNICIPALITIES, publish_country
from tests.benchmarks.measuring import Result, Row
from tests.benchmarks.questions import _main_sql, parameters_of
from tests.benchmarks.recording import CACHE, ROOT
from tests.benchmarks.sessions import ADDRESSES, Figures, opened
from tests.conftest import commit

MOST_MILLISECONDS, MOST_TIMES_THE_MEMORY, MOST_GROWTH = 100, 1.5, 1.1
FEW = 10
# The rest of the pages with numbers of one municipality.
FURTHER_ADDRESSES = ("aterkommande", "skola", "manad", "dialogmote")
ASKED, OPENED = 3, 12
# As many as version 0 has, and so many that what a server keeps is full.
FIVE, MANY = 5, 24
SEED = 20261122


def of_the_country(is_quick: bool) -> Result:
    """Each question in processor ms by the same on the raw layout; a municipality opened; memory; notes on the answers."""
    count = FEW if is_quick else MUNICIPALITIES
    folders = {kind: CACHE / f"country-{count}-{kind}" for kind in ("published", "raw")}
    for kind, folder in folders.items():
        if not _is_made(folder):
            shutil.rmtree(folder, ignore_errors=True)
            publish_country(folder, count, is_raw=kind == "raw")
    country = Library(Store((folders["published"],))).open()
    # On the raw layout nothing is a municipality's own.
    raw = replace(Library(Store((folders["raw"],))).open(), home=None)
    ids = list(municipalities(country)["municipality_id"])
    drawn = random.Random(SEED).sample(ids, ASKED)
    rows = list(_asked(country, raw, drawn, 3 if is_quick else 7))
    opening = [_milliseconds(partial(country.home, each)) for each in ids if each not in drawn][:OPENED]
    rows += [
        Row("a municipality opened", "ms", opening),
        *_pages(folders["published"]),
        *_memory(folders["published"]),
    ]
    notes = [
        f"national: {count} municipalities, {country.manifest.rows['outcomes']:,} outcomes.",
        f"national: on the raw layout {sum(not row.other for row in rows[: len(QUESTIONS)])} questions have no answer "
        f"within the server's memory and time.",
        *(_compared(country, each) for each in drawn),
        _gated(country, drawn[0]),
    ]
    return Result(rows, notes)


def _is_made(folder: Path) -> bool:
    """Whether there is a country that this program opens: what was made under other limits is made anew."""
    store = Store((folder,))
    return any(dict(store.manifest(each).limits) == settings()["disclosure"] for each in store.numbers())


def _asked(country: Exports, raw: Exports, ids: Sequence[str], rounds: int) -> Iterator[Row]:
    """One row per question: milliseconds in the published layout, and for the first municipality in the raw one."""
    for question in QUESTIONS.values():
        own: list[float] = []
        other: list[float] = []
        for municipality_id in ids if "municipality_id" in question.parameters else [""]:
            asked = parameters_of(question, country, municipality_id)
            if asked is None:
                continue
            name, bound = _main_sql(question, country, asked)
            country.ask(name, bound)
            own += [_milliseconds(partial(country.ask, name, bound)) for _ in range(rounds)]
            # Once is enough there. Some take more room than a server gives them, or more time: nothing to hold against.
            if municipality_id in ("", ids[0]):
                with suppress(duckdb.OutOfMemoryException, TooSlow):
                    other.append(_milliseconds(partial(raw.ask, name, bound)))
        aim = f"median ≤ {MOST_MILLISECONDS}"
        yield Row(question.name, "ms", own, aim, statistics.median(own) <= MOST_MILLISECONDS, other)


def _milliseconds(ask: Callable[[], object]) -> float:
    # Of the processor: what else a computer does meanwhile disturbs it little, and an answer comes no later on a free one.
    start = time.process_time()
    ask()
    return 1000 * (time.process_time() - start)


def _pages(folder: Path) -> Iterator[Row]:
    """Every page, of municipalities that nobody has asked about and of the same ones again, against the project's own data."""
    times = {}
    for name, told in (("national", {"NAMNDKOLLEN_EXPORTS": str(folder)}), ("national_floor", {})):
        with processes.running(name, environment=told) as server:
            times[name] = asyncio.run(_walk(server))
    names = ("a page of a municipality that nobody asked about", "a page of one asked about before")
    for name, own, other in zip(names, times["national"], times["national_floor"], strict=True):
        yield Row(name, "ms", own, other=other)


async def _walk(server: processes.Running) -> tuple[list[float], list[float]]:
    """Milliseconds from choice to the whole page, the first time and the second."""
    figures, chance = Figures(), random.Random(SEED)
    first: list[float] = []
    again: list[float] = []
    for address in (*ADDRESSES, *FURTHER_ADDRESSES):
        visitor = await opened(server, address, figures, ("Kommun",))
        offered = visitor.options["Kommun"]
        drawn = chance.sample(offered, min(ASKED, len(offered)))
        for taken in (first, again):
            figures.clicks = taken
            for name in drawn:
                await visitor.choose("Kommun", name)
        await visitor.socket.close()
    if figures.errors:
        raise RuntimeError(figures.errors[0])
    return first, again


def _memory(folder: Path) -> Iterator[Row]:
    """The most memory of a process that asks everything: by one that does so of version 0, and with twice as many asked."""
    most = MOST_TIMES_THE_MEMORY
    own, other = _megabytes(folder, FIVE), _megabytes(EMBEDDED, FIVE)
    yield Row(
        f"memory, {FIVE} municipalities", "MB", [own], f"ratio ≤ {most:g}", own <= most * other, [other]
    )
    most = MOST_GROWTH
    own, other = _megabytes(folder, 2 * MANY), _megabytes(folder, MANY)
    yield Row(f"memory, {2 * MANY} by {MANY}", "MB", [own], f"ratio ≤ {most:g}", own <= most * other, [other])


def _megabytes(folder: Path, count: int) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.national", str(folder), str(count)]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def _answers(exports: Exports, municipality_id: str) -> Iterator[tuple[str, pd.DataFrame]]:
    for question in QUESTIONS.values():
        asked = "municipality_id" in question.parameters and parameters_of(question, exports, municipality_id)
        if asked:
            yield question.name, question.ask(exports, **asked)


def _compared(country: Exports, municipality_id: str) -> str:
    """How many answers about a municipality are those of a version with no other's rows, held in memory."""
    with tempfile.TemporaryDirectory() as folder, patch.object(connection, "ROWS_IN_MEMORY", 10_000_000):
        there = dict(_answers(_alone(country, municipality_id, Path(folder)), municipality_id))
    here = dict(_answers(country, municipality_id))
    wrong = sorted(name for name in there if not there[name].equals(here.get(name)))
    told = f"national: {len(there) - len(wrong)} of {len(here)} answers about {municipality_id} are those of a version"
    return f"{told} with its own rows alone. {' '.join(wrong)}".rstrip()


def _alone(country: Exports, municipality_id: str, folder: Path) -> Exports:
    """A version with one municipality's own rows, and what is shared by all."""
    store, tables = Store((folder,)), {}
    for name in table_definitions():
        where = "where municipality_id = $id" if name in of_one_municipality() else "where $id is not null"
        rows = country.connection.cursor().execute(
            f"select * from query_table($table) {where}",
            {"table": f"{country.database}.published.{name}", "id": municipality_id},
        )
        table = rows.to_arrow_table()
        pyarrow.parquet.write_table(table, folder / name)
        tables[name] = store.place(folder / name, name, table.num_rows)
    return Library(store).open(commit(store, tables))


def _gated(country: Exports, municipality_id: str) -> str:
    """How many of a municipality's outcomes the privacy gate would hide. It takes no indicators that nobody has described."""
    known = pd.read_csv(DATA / "indicators.csv", dtype=str)
    measures = pd.read_csv(DATA / "absence_measures.csv", dtype=str)
    relations = with_relations(known.assign(is_survey=known["is_survey"] == "true"), measures)
    told = country.connection.cursor().execute(
        "select * from query_table($table) where municipality_id = $id",
        {"table": f"{country.database}.published.outcomes", "id": municipality_id},
    )
    rows = told.df()
    rows = rows[rows["indicator_id"].isin(known["indicator_id"])]
    shown = gate(rows, relations, Limits.from_settings(settings()))
    lost = (
        shown["value"].isna().groupby(shown["indicator_id"]).sum()
        - rows["value"].isna().groupby(rows["indicator_id"]).sum()
    )
    hidden, where = int(lost.sum()), ", ".join(lost[lost > 0].index)
    return f"national: the privacy gate would hide {hidden:,} of {len(rows):,} outcomes of {municipality_id}: {where}."


def main(folder: Path, count: int) -> None:
    """Ask everything of a version's municipalities, and print the most memory that this process has had, in megabytes."""
    exports = Library(Store((folder,))).open()
    for municipality_id in list(municipalities(exports)["municipality_id"])[:count]:
        for _ in _answers(exports, municipality_id):
            pass
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1000)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
