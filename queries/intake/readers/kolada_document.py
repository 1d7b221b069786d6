"""A fetch of Kolada as one document: its lists and its values, each as the API answered, all pages joined.

    {"kolada_fetch": 1, "fetched": "2026-11-22", "kpi": […], "municipality": […], "municipality_groups": […],
     "ou": […], "data": […], "oudata": […]}

What is read of each list is what is read of it alone (kolada_register, kolada). A value of an indicator that neither
data/indicators.csv nor Kolada's list knows is refused: its title would be somebody's guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from queries.intake.readers import kolada, kolada_answers, kolada_register
from queries.intake.readers.kolada import HEADINGS_OF_ANSWERS, PUBLISHER, QUOTED, Told
from queries.intake.readers.kolada_register import GROUPS, INDICATORS, MUNICIPALITIES, SCHOOLS, Row
from queries.intake.reading import Base, Finding, Options, Reading, Refused, Source, Staged
from queries.intake.sheets import Book

READER = "kolada_document"
TITLE = "Hämtning från Kolada"
SHAPE = 1
REQUIRED = ("kpi", "data")
LISTS = ("kpi", "municipality", "municipality_groups", "ou", "data", "oudata")
# What is fetched, whether Kolada still has it or not.
ASKED_FOR = "select distinct indicator_id from words.profiles"


def recognise(book: Book) -> str | None:
    """A document that says itself that it is a fetch of Kolada."""
    is_fetch = isinstance(book.document, dict) and "kolada_fetch" in book.document
    return TITLE if is_fetch else None


def read(book: Book, base: Base, options: Options) -> Reading:
    """indicator_register, municipalities, municipality_groups, comparison_values of all municipalities, and outcomes of
    schools that are published already.

    Raises Refused for a document of another shape.
    """
    fetched = _checked(book.document)
    lists = {name: book.document.get(name) or [] for name in LISTS}
    source = Source(
        f"kolada-{fetched}", f"Kolada, nyckeltal hämtade {fetched}", PUBLISHER, None, fetched, QUOTED, is_official=True
    )  # fmt: skip
    indicators = kolada_register.rows_of_answer(INDICATORS, lists["kpi"], "kpi")
    register = [kolada_register.stage_indicators(base, indicators, source)] if indicators else []
    places, of_places = _stage_places(base, lists, source)
    values, of_values = _stage_values(
        base, lists, register, replace(options, today=date.fromisoformat(fetched))
    )
    findings = [*_of_indicators(base, indicators, lists["data"]), *of_places, *of_values]
    return Reading(READER, TITLE, source, [*register, *places, *values], findings)


def _checked(document: dict[str, Any]) -> str:
    """The day of the fetch. Raises Refused when the document is not of the shape that is read here."""
    faults = [name for name in REQUIRED if name not in document]
    faults += [name for name in LISTS if not isinstance(document.get(name) or [], list)]
    fetched = str(document.get("fetched"))
    if document["kolada_fetch"] != SHAPE:
        faults.append(f"kolada_fetch {str(document['kolada_fetch'])[:20]}")
    if not _is_day(fetched):
        faults.append("fetched")
    if faults:
        expected = f"en hämtning från Kolada med dag och listorna {', '.join(LISTS)}"
        raise Refused(Finding("error", "shape", expected, found=", ".join(faults)))
    return fetched


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _stage_places(
    base: Base, lists: dict[str, list[Any]], source: Source
) -> tuple[list[Staged], list[Finding]]:
    rows = kolada_register.rows_of_answer(MUNICIPALITIES, lists["municipality"], "municipality")
    members = kolada_register.rows_of_answer(GROUPS, lists["municipality_groups"], "municipality_groups")
    places, findings = kolada_register.stage_municipalities(base, rows)
    groups, of_groups = kolada_register.stage_groups(base, members, source)
    return [*places, *groups], [*findings, *of_groups]


def _of_indicators(base: Base, indicators: Sequence[Row], data: Sequence[dict[str, Any]]) -> list[Finding]:
    """What has changed in the list, if the document has one. What the rows lack has been told of already."""
    asked = {row["indicator_id"] for row in base.rows(ASKED_FOR)} | {str(row["kpi"]) for row in data}
    return kolada_register.changes(base, indicators, asked) if indicators else []


def _stage_values(
    base: Base, lists: dict[str, list[Any]], register: Sequence[Staged], options: Options
) -> tuple[Sequence[Staged], Sequence[Finding]]:
    answer = [{"name": name, "values": lists[name]} for name in ("data", "oudata")]
    base.connection.register("kolada_rows", kolada_answers.rows(answer, options.today.isoformat()))
    schools = kolada_register.rows_of_answer(SCHOOLS, lists["ou"], "ou")
    told = Told(
        HEADINGS_OF_ANSWERS,
        kolada_answers.findings(answer),
        is_fetch=True,
        listed=register[0].relation if register else "base.indicator_register",
        municipality_ids=frozenset(str(row.get("id")) for row in lists["municipality"] if isinstance(row, dict)),
        schools=[{"ou": row["id"], "name": row["title"], "municipality_id": row["municipality"]} for row in schools],
    )  # fmt: skip
    taken = kolada.take(base, told, options)
    return taken.staged, taken.findings
