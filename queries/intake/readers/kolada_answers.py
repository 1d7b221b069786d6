"""Answers of Kolada's API v3: JSON with pages of rows, each row with a value for all, for women and for men.

A row is {"kpi": …, "municipality": … or "ou": …, "period": …, "values": [{"gender", "value", "status", "isdeleted"}]},
the genders in any order. What is told as deleted has been withdrawn by Kolada.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pyarrow as pa

from queries.intake.followed import notice
from queries.intake.reading import Finding, Refused

Page = Mapping[str, Any]
COLUMNS = ("page", "line", "kpi", "municipality_id", "municipality", "municipality_type", "ou", "year", "gender",
           "value", "status", "retrieved")  # fmt: skip
# What stands in the place of values when Kolada refuses a question.
FAILURES = ("error", "detail")
OLD_PAGING = ("next_page", "previous_page")
LONGEST_QUOTED = 80
FETCH_ANEW = "Hämta samma nyckeltal från Koladas API v3 (https://api.kolada.se/v3)."


def pages(document: Any) -> list[Page]:
    """The pages of an answer, also where several answers or only the rows were saved; none when it is something else."""
    found = document if isinstance(document, list) else [document]
    if found and all(_is_row(each) for each in found):
        return [{"values": found}]
    return found if all(_is_page(each) for each in found) else []


def rows(answer: Sequence[Page]) -> pa.Table:
    """One row per value: COLUMNS, all text but line, which counts the rows of the page.

    A value told as deleted loses its number and is missing, unless the answer gives it anew. Raises Refused for an
    error message, an answer of the closed API v2, and rows of another shape.
    """
    for page in answer:
        _refuse_failure(page)
    told = list(_values(answer))
    living = {_key(row) for row in told if not row["is_deleted"]}
    kept = [row for row in told if not row["is_deleted"] or _key(row) not in living]
    columns = {name: [_text(row.get(name)) for row in kept] for name in COLUMNS if name != "line"}
    lines = pa.array([row["line"] for row in kept], pa.int64())
    return pa.table(
        {**{name: pa.array(cells, pa.string()) for name, cells in columns.items()}, "line": lines}
    )


def findings(answer: Sequence[Page]) -> list[Finding]:
    """What the analyst should know of an answer that can be read: a part only, or withdrawn values."""
    found = []
    if _is_part(answer):
        found.append(
            Finding(
                "warning",
                "part",
                "Filen är bara en del av svaret: Kolada säger att det finns fler sidor. Hämta dem också, annars "
                "saknas värden.",
            )
        )
    deleted = sum(row["is_deleted"] for row in _values(answer))
    if deleted:
        text = f"Värden som Kolada har tagit tillbaka blir bortfall här: {deleted} i filen."
        found.append(notice("deleted", text))
    return found


def _is_row(each: Any) -> bool:
    return isinstance(each, dict) and "kpi" in each and "values" in each


def _is_page(each: Any) -> bool:
    if not isinstance(each, dict):
        return False
    values = each.get("values")
    if isinstance(values, list):
        return not values or any(_is_row(row) for row in values)
    return len(each) <= 2 and any(name in each for name in FAILURES)


def _refuse_failure(page: Page) -> None:
    failure = next((page[name] for name in FAILURES if name in page), None)
    if failure is not None:
        said = str(failure)[:LONGEST_QUOTED]
        text = f"Filen har inga värden utan ett felmeddelande från Kolada: ”{said}”. {FETCH_ANEW}"
        raise Refused(Finding("error", "failure", text))
    if any(name in page for name in OLD_PAGING):
        text = f"Svaret kommer från Koladas gamla API v2, som är stängt. {FETCH_ANEW}"
        raise Refused(Finding("error", "old_version", text))


def _values(answer: Sequence[Page]) -> Iterator[dict[str, Any]]:
    for number, page in enumerate(answer, 1):
        for line, row in enumerate(page["values"], 1):
            place = {"page": f"sida {number}" if len(answer) > 1 else None, "line": line}
            try:
                told = {"kpi": row["kpi"], "municipality_id": row.get("municipality"), "ou": row.get("ou"),
                        "year": row.get("period")}  # fmt: skip
                yield from ({**place, **told, **_value(measured)} for measured in row["values"])
            except (AttributeError, KeyError, TypeError) as error:
                expected = "en rad med kpi, municipality eller ou, period och values"
                raise Refused(
                    Finding(
                        "error", "shape", expected, place["page"] or "", line, found=str(row)[:LONGEST_QUOTED]
                    )
                ) from error


def _value(measured: Mapping[str, Any]) -> dict[str, Any]:
    is_deleted = measured.get("isdeleted") is True
    return {
        "gender": measured.get("gender"),
        "value": None if is_deleted else measured.get("value"),
        "status": "Missing" if is_deleted else measured.get("status"),
        "is_deleted": is_deleted,
    }


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(str(row[name]) for name in ("kpi", "municipality_id", "ou", "year", "gender"))


def _is_part(answer: Sequence[Page]) -> bool:
    """Whether a page tells of another one that does not stand beside it."""
    ends: Page = {"next_url": None, "previous_url": None}
    return any(
        bool(page.get("next_url")) != bool(following.get("previous_url", page.get("next_url")))
        for page, following in pairwise([ends, *answer, ends])
    )


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)
