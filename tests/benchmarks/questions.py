"""Every named question through the project, against the same SQL asked of the Parquet files by DuckDB alone.

Exports.rows remembers answers, and any floor would lose to that. Measured is therefore Exports.ask, which it
calls for an answer that nobody asked for before; what a remembered one costs is told in a row of its own.
"""

from __future__ import annotations

import inspect
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import duckdb

from queries import actions, comparison, connection, goals, places
from queries import questions as _every_question  # noqa: F401  each registers itself
from queries.catalogue import QUESTIONS, Question
from queries.connection import Exports, open_exports, sql_text
from tests.benchmarks.measuring import Result, Row

RATIO_AIM, MILLISECONDS_MORE = 1.5, 2.0
MUNICIPALITIES = {"9901": "Exempelkommunen", "0125": "Ekerö"}


@dataclass(frozen=True, eq=False)
class Listening(Exports):
    """Exports that note which SQL a question asks, with which parameters."""

    heard: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def rows(self, name: str, /, **parameters: Any) -> Any:
        """As in Exports, and noted."""
        self.heard.append((name, parameters))
        return super().rows(name, **parameters)


def against_duckdb(quick: bool) -> Result:
    """One row per question and municipality, in milliseconds: Exports.ask, and DuckDB to a DataFrame."""
    exports, direct = open_exports(), bare_duckdb()
    result, remembered = Result(), []
    for question in QUESTIONS.values():
        is_general = "municipality_id" not in question.parameters
        for municipality_id, municipality in {"": "all"}.items() if is_general else MUNICIPALITIES.items():
            asked = parameters_of(question, exports, municipality_id)
            if asked is None:
                result.notes.append(f"questions: {question.name} has nothing to ask about in {municipality}.")
                continue
            name, bound = _main_sql(question, exports, asked)
            own, other = in_turn(
                lambda name=name, bound=bound: exports.ask(name, bound),
                lambda name=name, bound=bound: direct.execute(sql_text(name), bound).df(),
                rounds=10 if quick else 100,
            )
            result.rows.append(row_of(f"{question.name}, {municipality}", own, other))
            remembered += in_turn(
                lambda name=name, bound=bound: exports.rows(name, **bound), lambda: None, 10
            )[0]
    result.rows.append(Row("any question, answer remembered", "ms", remembered))
    return result


def bare_duckdb() -> duckdb.DuckDBPyConnection:
    """A connection of its own on which every table is a view of its Parquet file, cleaned when asked."""
    # As the project itself opens tables too large for memory, so that this side never lacks one.
    with patch.object(connection, "ROWS_IN_MEMORY", -1):
        exports = connection.Library().open()
    cursor = exports.connection.cursor()
    cursor.execute(f"use {exports.database}")
    return cursor


def parameters_of(question: Question, exports: Exports, municipality_id: str) -> dict[str, Any] | None:
    """What a reader who just arrived would ask; None where the municipality lacks what it is about."""
    found = {
        "municipality_id": lambda: municipality_id,
        "goal_id": lambda: _first(goals.goal_list(exports, municipality_id=municipality_id), "goal_id"),
        "action_id": lambda: _first(
            actions.action_list(exports, municipality_id=municipality_id), "action_id"
        ),
        "indicator_id": lambda: _first(
            comparison.comparable_indicators(exports, municipality_id=municipality_id), "indicator_id"
        ),
        "year": lambda: places.newest_year(exports, municipality_id, "verdicts"),
        "asked": lambda: "frånvaro",
    }
    signature = inspect.signature(question.ask).parameters
    asked = {
        name: found[name]()
        for name in question.parameters
        if signature[name].default is inspect.Parameter.empty
    }
    if question.name == "spider_units":
        units = comparison.comparable_units(exports, municipality_id=municipality_id)
        asked["unit_ids"] = list(units["unit_id"].head(3))
    return None if any(value is None or value == [] for value in asked.values()) else asked


def _first(rows: Any, column: str) -> str | None:
    return next(iter(rows[column].dropna()), None)


def _main_sql(question: Question, exports: Exports, asked: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    listening = Listening(exports.manifest, exports.database, exports.connection, home=exports.home)
    question.ask(listening, **asked)
    name, parameters = listening.heard[-1]
    return name, {
        key: list(value) if isinstance(value, tuple) else value for key, value in parameters.items()
    }


def in_turn(
    one: Callable[[], object], other: Callable[[], object], rounds: int
) -> tuple[list[float], list[float]]:
    """Milliseconds that each of two takes, asked by turns so that a busy computer disturbs both alike."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 3):
        for side, ask in enumerate((one, other)):
            start = time.perf_counter()
            ask()
            # The first rounds warm the cursor and the file cache.
            if number >= 3:
                taken[side].append(1000 * (time.perf_counter() - start))
    return taken


def row_of(what: str, own: list[float], other: list[float]) -> Row:
    """A question held against DuckDB alone."""
    most = RATIO_AIM * statistics.median(other) + MILLISECONDS_MORE
    aim = f"≤ {RATIO_AIM:g} × + {MILLISECONDS_MORE:g} ms"
    return Row(what, "ms", own, aim, statistics.median(own) <= most, other)
