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
from typing import Any, NoReturn

import pandas as pd

from queries import places
from queries import questions as _every_question  # noqa: F401  each registers itself
from queries.catalogue import QUESTIONS, Question, UnknownChoice
from queries.connection import Exports, TooSlow, open_exports
from queries.versions import BrokenVersion

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
    "mot": "against",
    "nyckeltal": "indicator_id",
    "valda": "indicator_ids",
    "kon": "gender",
    "mote": "meeting",
    "rapport": "report_date",
    "sedan": "since",
    "tema": "themes",
    "per": "as_of",
    "omrade": "area",
    "q": "asked",
}
LISTS = ("unit_ids", "kinds", "compare_with", "indicator_ids", "themes")
NEWEST = "senaste"
FORMATS = ("table", "json", "csv")


class NotUnderstood(Exception):
    """The question or one of its parameters is not one that can be answered. The text is Swedish."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    try:
        print(_answered(arguments))
    except (NotUnderstood, UnknownChoice, BrokenVersion, TooSlow) as reason:
        print(reason, file=sys.stderr)
        return 2
    return 0


def _answered(arguments: list[str] | None) -> str:
    given, unknown = _parser().parse_known_args(arguments)
    if unknown:
        raise NotUnderstood(
            f"Det här går inte att tolka: {' '.join(unknown)}. Hjälp: python -m queries --help"
        )
    if given.question is None:
        return _list_of(QUESTIONS.values())
    if given.question not in QUESTIONS:
        raise NotUnderstood(f"Frågan ”{given.question}” finns inte. Alla frågor: python -m queries")
    if given.format not in FORMATS:
        raise NotUnderstood(f"--format är {', '.join(FORMATS)}, inte ”{given.format}”.")
    chosen = QUESTIONS[given.question]
    parameters = _parameters(chosen, given)
    exports = open_exports(_whole_number("version", given.version))
    return _written(exports, chosen.ask(exports, **parameters), given.format)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise NotUnderstood(f"Kommandot går inte att tolka ({message}). Hjälp: python -m queries --help")


def _parser() -> argparse.ArgumentParser:
    # A shortened flag would be taken for another one the day a new flag begins alike.
    parser = _Parser(
        prog="python -m queries", description="Nämndkollens frågor på kommandoraden.", allow_abbrev=False
    )
    parser.add_argument("question", nargs="?", help="utan fråga: en lista över dem")
    for flag, parameter in FLAGS.items():
        several = {"action": "append"} if parameter in LISTS else {}
        parser.add_argument(f"--{flag}", dest=parameter, help=parameter, **several)
    parser.add_argument("--version", help="en publicerad version; annars den senaste")
    parser.add_argument("--format", default="table", help=", ".join(FORMATS))
    return parser


def _parameters(chosen: Question, given: argparse.Namespace) -> dict[str, Any]:
    named = {parameter: getattr(given, parameter) for parameter in FLAGS.values()}
    parameters = {name: value for name, value in named.items() if value is not None}
    swedish = {parameter: f"--{flag}" for flag, parameter in FLAGS.items()}
    unknown = [swedish[name] for name in parameters if name not in chosen.parameters]
    if unknown:
        raise NotUnderstood(f"Frågan {chosen.name} tar inte {', '.join(unknown)}.")
    missing = [swedish[name] for name in chosen.required if name not in parameters]
    if missing:
        raise NotUnderstood(f"Frågan {chosen.name} behöver {', '.join(missing)}. Exempel: --kommun 0125")
    year = parameters.pop("year", NEWEST)
    if year != NEWEST:
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise NotUnderstood(f"--ar är ett årtal med fyra siffror eller ordet {NEWEST}, inte ”{year}”.")
        parameters["year"] = int(year)
    return parameters


def _whole_number(flag: str, text: str | None) -> int | None:
    if text is not None and not (text.isascii() and text.isdigit()):
        raise NotUnderstood(f"--{flag} är ett heltal, inte ”{text}”.")
    return None if text is None else int(text)


def _written(exports: Exports, rows: pd.DataFrame, form: str) -> str:
    if form == "csv":
        return rows.to_csv(index=False, sep=";").rstrip("\n")
    if form == "table":
        return rows.to_string(index=False) if len(rows) else "Inga rader."
    answer = {
        "rows": _records(rows),
        "source": _records(places.sources(exports, _source_ids(rows))),
        "version": exports.version,
    }
    return json.dumps(answer, ensure_ascii=False, indent=1, default=_plain)


def _source_ids(rows: pd.DataFrame) -> list[str]:
    single = list(rows["source_id"].dropna()) if "source_id" in rows else []
    several = [source_id for row in rows.get("source_ids", ()) for source_id in row]
    return [*single, *several]


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
        lines.append(
            f"{item.name}\n    {item.grain}\n    {' '.join(flags[name] for name in item.parameters)}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
