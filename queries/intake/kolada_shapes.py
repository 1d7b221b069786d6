"""What Kolada's API v3 answers, as it has been seen to: a page of rows, and the columns of each kind of row.

An answer of another shape is never guessed at. It is refused with what was found and what was expected.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

Row = Mapping[str, Any]

LIST, TEXT, MAYBE_TEXT, YES_OR_NO = "en lista", "en text", "en text eller null", "true eller false"
NUMBER, PERIOD = "ett tal eller null", "ett årtal"
# Kind of question → column → what it holds. Further columns may come and go.
COLUMNS = {
    "kpi": {
        "id": TEXT,
        "title": TEXT,
        "description": MAYBE_TEXT,
        "is_divided_by_gender": YES_OR_NO,
        "has_ou_data": YES_OR_NO,
        "publication_date": MAYBE_TEXT,
        "prel_publication_date": MAYBE_TEXT,
        "publ_period": MAYBE_TEXT,
    },
    "municipality": {"id": TEXT, "title": TEXT, "type": TEXT},
    "municipality_groups": {"id": TEXT, "title": TEXT},
    "ou": {"id": TEXT, "title": TEXT, "municipality": TEXT},
    "data": {"kpi": TEXT, "municipality": TEXT, "period": PERIOD, "values": LIST},
    "oudata": {"kpi": TEXT, "ou": TEXT, "period": PERIOD, "values": LIST},
}
KINDS = tuple(COLUMNS)
IN_VALUE = {"gender": TEXT, "value": NUMBER, "status": MAYBE_TEXT}
GENDERS = ("T", "K", "M")
LONGEST_QUOTED = 80


class FetchFailed(Exception):
    """The fetch ended without an answer. The text is Swedish and says why."""


class ChangedAnswer(FetchFailed):
    """Kolada answered in another shape than it used to, or told of what nobody asked for. The text is Swedish."""


@dataclass(frozen=True)
class Question:
    """One question to Kolada. kind is one of KINDS, path what stands after the API's address.

    asked: column → the only values that it may have in the answer.
    """

    kind: str
    path: str
    asked: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """A page of an answer, and where the next one is."""

    rows: list[Row]
    next_url: str | None


def page_of(body: bytes, question: Question, most: int) -> Page:
    """The page that a body holds, every row of it checked.

    most is how many rows a page was asked to have. Raises ValueError for what is no JSON, ChangedAnswer for another
    shape.
    """
    answer = json.loads(body, parse_constant=_refuse_constant)
    if not isinstance(answer, dict) or not isinstance(answer.get("values"), list):
        _refuse(question, "", answer, "en sida med listan values")
    rows, next_url = answer["values"], answer.get("next_url")
    if next_url is not None and not isinstance(next_url, str):
        _refuse(question, "", next_url, "en adress eller null i next_url")
    # A page that says by another name where the next one is would otherwise look like the last.
    if "next_url" not in answer and (len(rows) >= most or "next_page" in answer):
        _refuse(question, "", sorted(answer), "sidan har next_url")
    for line, row in enumerate(rows, 1):
        _check(question, line, row)
    return Page(rows, next_url)


def _check(question: Question, line: int, row: Any) -> None:
    where = f"rad {line}"
    _check_columns(question, where, row, COLUMNS[question.kind])
    for column, allowed in question.asked.items():
        if str(row[column]) not in allowed:
            _refuse(question, where, row[column], f"{column} bland det som frågades efter")
    for value in row["values"] if question.kind in ("data", "oudata") else ():
        _check_columns(question, where, value, IN_VALUE)
        if value["gender"] not in GENDERS:
            _refuse(question, where, value["gender"], f"kön {', '.join(GENDERS)}")
        if not isinstance(value.get("isdeleted", False), bool):
            _refuse(question, where, value["isdeleted"], f"{YES_OR_NO} i isdeleted")


def _check_columns(question: Question, where: str, row: Any, columns: Mapping[str, str]) -> None:
    if not isinstance(row, dict):
        _refuse(question, where, row, f"en rad med {', '.join(columns)}")
    for column, expected in columns.items():
        if column not in row:
            _refuse(question, where, sorted(row), f"kolumnen {column}")
        if not _is(expected, row[column]):
            _refuse(question, where, row[column], f"{expected} i {column}")


def _is(expected: str, cell: Any) -> bool:
    if expected == TEXT:
        return isinstance(cell, str) and cell != ""
    if expected == MAYBE_TEXT:
        return cell is None or isinstance(cell, str)
    if expected == NUMBER:
        return cell is None or (isinstance(cell, (int, float)) and not isinstance(cell, bool))
    if expected == PERIOD:
        return str(cell).isdecimal() and len(str(cell)) == 4
    return isinstance(cell, bool if expected == YES_OR_NO else list)


def _refuse(question: Question, where: str, found: Any, expected: str) -> NoReturn:
    shown = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    cut = shown if len(shown) <= LONGEST_QUOTED else f"{shown[:LONGEST_QUOTED]}…"
    place = f", {where}" if where else ""
    raise ChangedAnswer(
        f"Kolada svarar på ett nytt sätt, och svaret läses därför inte ({question.kind}{place}). "
        f"Hittade ”{cut}”. Här väntades {expected}."
    )


def _refuse_constant(constant: str) -> NoReturn:
    raise ChangedAnswer(
        f"Kolada svarar på ett nytt sätt, och svaret läses därför inte. Hittade ”{constant}”. Här väntades ett tal."
    )
