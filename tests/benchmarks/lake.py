"""Every named question through a lake on Postgres and S3, against the same version in a folder.

Asked of version 0, which lies in memory either way, and of the whole country (national.py), whose large tables are read
from S3 when a municipality is opened and when something is asked of all. Both servers stand on this computer, so what is
measured is what DuckLake, Postgres and S3 cost, not a network.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from unittest.mock import patch

from queries import questions as _every_question  # noqa: F401  each registers itself
from queries.catalogue import QUESTIONS
from queries.connection import Library
from queries.lake.adopting import adopt
from queries.lake.store import LakeStore
from queries.places import municipalities
from queries.versions import EMBEDDED, Store
from tests.benchmarks.country import MUNICIPALITIES, publish_country
from tests.benchmarks.measuring import Result, Row
from tests.benchmarks.national import FEW
from tests.benchmarks.questions import _main_sql, in_turn, parameters_of
from tests.benchmarks.recording import CACHE
from tests.queries.lake import rig
from tests.queries.lake.drill import drill
from tests.queries.lake.processes import first_version, store_of

OPENED = 12
INVENTED = "9901"
KILLS, KILLS_WHEN_QUICK = 20, 3


def against_the_folder(quick: bool) -> Result:
    """Three rows a version, in milliseconds: all questions, the one that a lake slows most, a municipality opened; and
    the drill with a killed writer as a note."""
    result = Result()
    if rig.missing():
        result.notes.append(f"lake: {rig.missing()}")
        return result
    count = FEW if quick else MUNICIPALITIES
    country = CACHE / f"country-{count}-published"
    if not (country / "manifests").is_dir():
        publish_country(country, count)
    with (
        tempfile.TemporaryDirectory() as folder,
        rig.servers() as servers,
        patch.dict(os.environ, servers.environment),
    ):
        for name, published in {"sample": EMBEDDED, "country": country}.items():
            lake = LakeStore((Path(folder) / name,), url=servers.lake(name))
            start = time.perf_counter()
            adopt(lake, Store((published,)))
            result.notes.append(f"lake: {name} taken in within {time.perf_counter() - start:.0f} s.")
            result.rows += _rows(lake, Store((published,)), name, 3 if quick else 7)
        result.notes.append(_drilled(servers, Path(folder), KILLS_WHEN_QUICK if quick else KILLS))
    return result


def _rows(lake: LakeStore, folder: Store, what: str, rounds: int) -> Iterator[Row]:
    here, there = Library(folder).open(), Library(lake).open()
    own: dict[str, float] = {}
    other: dict[str, float] = {}
    municipality_id, *more = (each for each in municipalities(here)["municipality_id"] if each != INVENTED)
    for question in QUESTIONS.values():
        parameters = parameters_of(question, here, municipality_id)
        if parameters is not None:
            name, bound = _main_sql(question, here, parameters)
            sides = in_turn(lambda: there.ask(name, bound), lambda: here.ask(name, bound), rounds)  # noqa: B023
            own[question.name], other[question.name] = map(statistics.median, sides)
    yield Row(f"{what}, {len(own)} questions", "ms", [*own.values()], other=[*other.values()])
    slowest = max(own, key=lambda name: own[name] / other[name])
    yield Row(f"{what}, {slowest}: the one it slows most", "ms", [own[slowest]], other=[other[slowest]])
    if here.home and there.home:
        opened = [
            [_milliseconds(partial(side.home, each)) for each in more[:OPENED]] for side in (there, here)
        ]
        yield Row(f"{what}, a municipality opened", "ms", opened[0], other=opened[1])


def _milliseconds(done: Callable[[], object]) -> float:
    start = time.perf_counter()
    done()
    return 1000 * (time.perf_counter() - start)


def _drilled(servers: rig.Servers, folder: Path, kills: int) -> str:
    store = store_of(servers.lake("drill"), folder / "drill")
    adopt(store, first_version(folder / "first"))
    seen = drill(store, folder, kills=kills)
    return (
        f"lake: a writer killed {kills} times under two readers: {seen.count_published} versions published, "
        f"{seen.count_read} reads, {len(seen.torn)} torn, {len(seen.lost)} lost."
    )
