"""The command line asks the same questions as the pages, through the same published tables.

    python -m queries                                              lists the questions
    python -m queries goal_tally --kommun 0125 --ar 2020           answers one, as a table
    python -m queries goal_tally --kommun 0125 --format json       {"rows": [...], "source": [...], "version": 0}

Exit status 0 with an answer, also an empty one; 2 when the question or its parameters are not understood.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any

import pandas as pd

from queries import actions, comparison, findings, goals, places  # noqa: F401  they register their questions
from queries.catalogue import QUESTIONS, Question
from queries.connection import Exports, open_exports

# Swedish flag → parameter of the question.
FLAGS = {
    "kommun": "municipality_id",
    "ar": "year",
    "skola": "unit_ids",
    "enhet": "unit_id",
    "mal": "goal_id",
    "atgard": "action_id",
    "typ": "kinds",
    "uppdelning": "by",
    "profil": "profile_id",
    "jamfor": "compare_with",
    "kon": "gender",
}
LISTS = ("unit_ids", "kinds")
NEWEST = "senaste"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    given = _parser().parse_args(arguments)
    if given.question is None:
        print(_list_of(QUESTIONS.values()))
        return 0
    chosen = QUESTIONS[given.question]
    parameters = _parameters(chosen, given)
    if isinstance(parameters, str):
        print(parameters, file=sys.stderr)
        return 2
    exports = open_exports(given.version)
    rows = chosen.ask(exports, **parameters)
    print(_written(exports, rows, given.format))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m queries", description="Nämndkollens frågor på kommandoraden.")
    parser.add_argument("question", nargs="?", choices=sorted(QUESTIONS), help="utan fråga: en lista över dem")
    for flag, parameter in FLAGS.items():
        several = {"action": "append"} if parameter in LISTS else {}
        parser.add_argument(f"--{flag}", dest=parameter, help=parameter, **several)
    parser.add_argument("--version", type=int, help="en publicerad version; annars den senaste")
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table")
    return parser


def _parameters(chosen: Question, given: argparse.Namespace) -> dict[str, Any] | str:
    named = {parameter: getattr(given, parameter) for parameter in FLAGS.values()}
    parameters = {name: value for name, value in named.items() if value is not None}
    swedish = {parameter: f"--{flag}" for flag, parameter in FLAGS.items()}
    unknown = [swedish[name] for name in parameters if name not in chosen.parameters]
    if unknown:
        return f"Frågan {chosen.name} tar inte {', '.join(unknown)}."
    if "municipality_id" in chosen.parameters and "municipality_id" not in parameters:
        return f"Frågan {chosen.name} behöver --kommun, till exempel --kommun 0125."
    year = parameters.pop("year", NEWEST)
    if year != NEWEST:
        if not year.isdigit():
            return f"--ar är ett årtal med fyra siffror eller ordet {NEWEST}, inte ”{year}”."
        parameters["year"] = int(year)
    return parameters


def _written(exports: Exports, rows: pd.DataFrame, form: str) -> str:
    if form == "csv":
        return rows.to_csv(index=False, sep=";").rstrip("\n")
    if form == "table":
        return rows.to_string(index=False) if len(rows) else "Inga rader."
    source_ids = rows["source_id"].dropna().unique() if "source_id" in rows else []
    answer = {
        "rows": _records(rows),
        "source": _records(places.sources(exports, source_ids)),
        "version": exports.version,
    }
    return json.dumps(answer, ensure_ascii=False, indent=1, default=_plain)


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{name: _plain(value) for name, value in row.items()} for row in rows.to_dict("records")]


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if value is None or value != value:
        return None
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def _list_of(questions: Iterable[Question]) -> str:
    flags = {parameter: f"--{flag}" for flag, parameter in FLAGS.items()}
    lines = []
    for item in sorted(questions, key=lambda question: question.name):
        lines.append(f"{item.name}\n    {item.grain}\n    {' '.join(flags[name] for name in item.parameters)}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
