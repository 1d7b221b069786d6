"""Every named question through a lake on Postgres and S3, against the same version in a folder.

Both servers stand on this computer, so what is measured is what DuckLake, Postgres and S3 cost, not a network. Small
tables lie in memory either way; read at every question, as tables too large for memory are, they show the whole cost.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from queries import connection
from queries import questions as _every_question  # noqa: F401  each registers itself
from queries.catalogue import QUESTIONS
from queries.connection import Exports, Library
from queries.lake.adopting import adopt
from queries.lake.store import LakeStore
from queries.versions import EMBEDDED, Store
from tests.benchmarks.measuring import Result, Row
from tests.benchmarks.questions import MUNICIPALITIES, _main_sql, in_turn, parameters_of
from tests.queries.lake import rig
from tests.queries.lake.drill import drill
from tests.queries.lake.processes import first_version, store_of

KILLS, KILLS_WHEN_QUICK = 20, 3


def against_the_folder(quick: bool) -> Result:
    """A row for each way of reading tables, in milliseconds a question; the drill with a killed writer as a note."""
    result = Result()
    if rig.missing():
        result.notes.append(f"lake: {rig.missing()}")
        return result
    with (
        tempfile.TemporaryDirectory() as folder,
        rig.servers() as servers,
        patch.dict(os.environ, servers.environment),
    ):
        lake = LakeStore((EMBEDDED, Path(folder) / "machine"), url=servers.lake("questions"))
        adopt(lake, Store((EMBEDDED,)))
        result.rows += _rows(lake, "tables in memory", 3 if quick else 30)
        with patch.object(connection, "ROWS_IN_MEMORY", -1):
            result.rows += _rows(lake, "tables read at every question", 3 if quick else 30)
        result.notes.append(_drilled(servers, Path(folder), KILLS_WHEN_QUICK if quick else KILLS))
    return result


def _rows(lake: LakeStore, how: str, rounds: int) -> Iterator[Row]:
    """One row over all questions, by their medians, and one for the question that the lake makes slowest."""
    here, there = Library(Store((EMBEDDED,))).open(), Library(lake).open()
    medians: dict[str, tuple[float, float]] = {}
    for what, name, bound in _asked(here):
        sides = in_turn(
            lambda name=name, bound=bound: there.ask(name, bound),
            lambda name=name, bound=bound: here.ask(name, bound),
            rounds,
        )
        medians[what] = (statistics.median(sides[0]), statistics.median(sides[1]))
    own, other = zip(*medians.values(), strict=True)
    yield Row(f"{len(medians)} questions through a lake, {how}", "ms", own, other=other)
    slowest = max(medians, key=lambda what: medians[what][0] / medians[what][1])
    yield Row(
        f"the one that it slows most: {slowest}", "ms", medians[slowest][:1], other=medians[slowest][1:]
    )


def _asked(exports: Exports) -> Iterator[tuple[str, str, dict[str, object]]]:
    for question in QUESTIONS.values():
        is_general = "municipality_id" not in question.parameters
        for municipality_id in ("",) if is_general else MUNICIPALITIES:
            parameters = parameters_of(question, exports, municipality_id)
            if parameters is not None:
                yield f"{question.name} {municipality_id}".strip(), *_main_sql(question, exports, parameters)


def _drilled(servers: rig.Servers, folder: Path, kills: int) -> str:
    store = store_of(servers.lake("drill"), folder / "drill")
    adopt(store, first_version(folder / "first"))
    seen = drill(store, folder, kills=kills)
    return (
        f"lake: a writer killed {kills} times under two readers: {seen.count_published} versions published, "
        f"{seen.count_read} reads, {len(seen.torn)} torn, {len(seen.lost)} lost."
    )
