"""Answers of Kolada's API v3: JSON with pages of rows, each row with a value for all, for women and for men.

A row is {"kpi": …, "municipality": … or "ou": …, "period": …, "values": [{"gender", "value", "status", "isdeleted"}]},
the genders in any order. What is told as deleted has been withdrawn by Kolada.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise, repeat
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from queries.intake.followed import notice
from queries.intake.reading import Finding, Refused

Page = Mapping[str, Any]
COLUMNS = ("page", "line", "kpi", "municipality_id", "municipality", "municipality_type", "ou", "year", "gender",
           "value", "status", "retrieved")  # fmt: skip
KEY = ("kpi", "municipality_id", "ou", "year", "gender")
DELETED = "is_deleted"
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


def rows(answer: Sequence[Page], retrieved: str | None = None) -> pa.Table:
    """One row per value: COLUMNS, all text but line, which counts the rows of the page.

    A page may bear a name of its own; otherwise several are numbered. retrieved is the day they were fetched, where it
    is known. A value told as deleted loses its number and is missing, unless the answer gives it anew. Raises Refused
    for an error message, an answer of the closed API v2, and rows of another shape.
    """
    for page in answer:
        _refuse_failure(page)
    told = [_told(page, number, len(answer)) for number, page in enumerate(answer, 1)]
    columns = {name: [cell for each in told for cell in each[name]] for name in (*COLUMNS[:-1], DELETED)}
    columns["retrieved"] = [retrieved] * len(columns["line"])
    table = pa.table(
        {
            name: pa.array(
                cells, pa.int64() if name == "line" else pa.bool_() if name == DELETED else pa.string()
            )
            for name, cells in columns.items()
        }
    )
    return _without_deleted(table).select(COLUMNS)


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
    deleted = sum(
        value.get("isdeleted") is True for page in answer for row in page["values"] for value in row["values"]
    )
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


def _told(page: Page, number: int, count_pages: int) -> dict[str, list[Any]]:
    """COLUMNS without retrieved, and DELETED, as lists of cells. There may be a million values: no row is made of them."""
    name = page.get("name") or (f"sida {number}" if count_pages > 1 else None)
    answered = page["values"]
    try:
        counts = [len(row["values"]) for row in answered]
        values = [value for row in answered for value in row["values"]]
        of_rows = {
            "page": repeat(name, len(counts)),
            "line": range(1, len(counts) + 1),
            "kpi": (_text(row["kpi"]) for row in answered),
            "municipality_id": (_text(row.get("municipality")) for row in answered),
            "municipality": repeat(None, len(counts)),
            "municipality_type": repeat(None, len(counts)),
            "ou": (_text(row.get("ou")) for row in answered),
            "year": (_text(row.get("period")) for row in answered),
        }
        deleted = [value.get("isdeleted") is True for value in values]
        return {
            **{column: list(_repeated(cells, counts)) for column, cells in of_rows.items()},
            "gender": [_text(value.get("gender")) for value in values],
            "value": [_text(value.get("value")) for value in values],
            "status": [_text(value.get("status")) for value in values],
            DELETED: deleted,
        }
    except (AttributeError, KeyError, TypeError) as error:
        line, row = next((line, row) for line, row in enumerate(answered, 1) if not _is_whole(row))
        expected = "en rad med kpi, municipality eller ou, period och values"
        found = str(row)[:LONGEST_QUOTED]
        raise Refused(Finding("error", "shape", expected, name or "", line, found=found)) from error


def _repeated(cells: Iterable[Any], counts: Sequence[int]) -> Iterator[Any]:
    return chain.from_iterable(map(repeat, cells, counts))


def _is_whole(row: Any) -> bool:
    values = row.get("values") if isinstance(row, dict) and "kpi" in row else None
    return isinstance(values, list) and all(isinstance(value, dict) for value in values)


def _without_deleted(table: pa.Table) -> pa.Table:
    """Without the values that are told anew; of the others that were deleted, what Kolada says of a missing one."""
    deleted = table[DELETED]
    if not pc.any(deleted).as_py():
        return table
    keys = list(zip(*(table[name].to_pylist() for name in KEY), strict=True))
    is_deleted = deleted.to_pylist()
    living = {key for key, gone in zip(keys, is_deleted, strict=True) if not gone}
    stays = pa.array([not gone or key not in living for key, gone in zip(keys, is_deleted, strict=True)])
    told = {"value": pa.scalar(None, pa.string()), "status": pa.scalar("Missing")}
    for name, instead in told.items():
        table = table.set_column(
            table.column_names.index(name), name, pc.if_else(deleted, instead, table[name])
        )
    return table.filter(stays)


def _is_part(answer: Sequence[Page]) -> bool:
    """Whether a page tells of another one that does not stand beside it."""
    ends: Page = {"next_url": None, "previous_url": None}
    return any(
        bool(page.get("next_url")) != bool(following.get("previous_url", page.get("next_url")))
        for page, following in pairwise([ends, *answer, ends])
    )


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)
