"""Figures per school from Skolverket's API: an answer of planned-educations v4 as JSON, or many as a long table.

What a variable means stands in data/export_columns.csv (source skolverket-api; its report is the school form: gr, gy
or fsk, förskoleklass). Of a whole county, the schools of the municipalities that are followed here are taken.

A school year stands as 2024/25 in an answer. The long table says only 2023, which is the school year 2023/24: merit
values of ”2023” are those that SALSA gives for 2024 (391 of 392 schools), and the numbers of pupils of ”2023” are
those of Skolverket's statistics for 2023/24 (30 of 30 schools).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from queries.connection import sql_text
from queries.intake.followed import Followed, UnitsSeen, counted, listed, notice
from queries.intake.readers.named_columns import Headed, headed_sheet, name_columns, stage_query
from queries.intake.readers.skolverket import NOTES
from queries.intake.reading import Base, Finding, Options, Reading, Refused, Source, Staged, stage
from queries.intake.sheets import Book

READER = "skolverket_api"
COLUMNS = {
    "municipality_id": "Kommunkod",
    "organisation": "PeOrgNr",
    "unit_id": "Skolenhetskod",
    "unit_name": "Skolenhetsnamn",
    "school_form": "type",
    "variable": "variable",
    "time_period": "timePeriod",
    "value": "value",
    "value_type": "valueType",
}
MUNICIPALITY_NAME = "Kommunnamn"
HEADINGS = {
    "municipality_id": "Kommunkod",
    "unit_id": "Skolenhetskod",
    "indicator_id": "variable",
    "year": "timePeriod",
    "operator": "PeOrgNr",
    "value": "value",
    "marker": "valueType",
}
# Kind of value → marker, and why there is no value.
VALUE_TYPES = {
    "OMITTED_DUE_TO_BASED_ON_FEW_PUPILS": ("..", NOTES[".."]),
    "MISSING": (".", NOTES["."]),
    "ROUNDED_OFF_DUE_TO_FEW_PUPILS_NOT_ELIGIBLE": ("~100", NOTES["~100"]),
    "TEACHERS_EXCLUDED_DUE_TO_NO_REQUIRED_LEGITIMATION": (
        ".",
        "Visas inte av Skolverket: lärarna omfattas inte av kravet på legitimation",
    ),
}
STATISTICS = re.compile(r"/school-units/(?P<unit_id>\d{8})/statistics/(?P<school_form>\w+)")
NOT_FOLLOWED = """
select coalesce(municipality_name, municipality_id, 'skolan ' || unit_id) as name, count(*) as count_rows
from api_fates
where fate = 'not_followed'
group by all
order by name
"""


def recognise(book: Book) -> str | None:
    """An answer of the API, or a table of its values."""
    if book.container == "json":
        return "Svar från Skolverkets API" if _answers(book.document) else None
    return "Skolverkets API, uppgifter per skolenhet" if _headed(book) else None


def read(book: Book, base: Base, options: Options) -> Reading:
    """outcomes of schools, and the schools themselves where they are missing.

    An answer about one school says neither its municipality nor its name, so the school must be published already.
    Raises Refused when no school of a followed municipality is there, or a column is missing.
    """
    day, sheet, headings = options.today.isoformat(), "", HEADINGS
    if book.container == "json":
        day, headings = _take_answers(book, base) or day, {}
    else:
        sheet = _take_table(book, base)
    title = f"Skolverkets API, uppgifter per skolenhet hämtade {day}"
    source = Source(f"skolverket-api-{day}", title, "Skolverket", retrieved_date=day, is_official=True)
    _decide(base, {"source_id": source.source_id, "sheet": sheet})
    fates = {row["fate"]: row for row in base.rows(sql_text("intake/skolverket_api_tally"))}
    if "outcome" not in fates:
        raise Refused(_nothing_taken(book, base, fates))
    units = _units(base, source)
    outcomes = stage_query(base.connection, "outcomes", sql_text("intake/skolverket_api_outcomes"), headings)
    staged = [*_stage_units(base, units), outcomes]
    findings = [*_left_out(base, fates), *units.renamed()]
    return Reading(READER, recognise(book) or "", source, staged, findings)


def _headed(book: Book) -> Headed | None:
    known = [COLUMNS[name] for name in ("unit_id", "variable", "time_period", "value_type")]
    return headed_sheet(book, known, least=3)


def _take_table(book: Book, base: Base) -> str:
    """Make api_rows, a view of the sheet; the sheet's name."""
    headed = _headed(book)
    if headed is None:
        raise ValueError("The book is not a table from Skolverket's API.")
    headed.demand(list(COLUMNS.values()), [MUNICIPALITY_NAME])
    columns = {**COLUMNS, "municipality_name": MUNICIPALITY_NAME, "heading": None}
    name_columns(base.connection, "api_rows", headed, columns)
    return headed.sheet.name


def _take_answers(book: Book, base: Base) -> str | None:
    """Make api_rows of the answers; the last day that one of them says it was fetched."""
    answers = _answers(book.document)
    rows = [row for answer in answers for row in _figures(answer)]
    names = ("line", "municipality_name", "heading", *COLUMNS)
    cells = {name: pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in names}
    base.connection.register("api_rows", pa.table(cells))
    days = [re.match(r"\d{4}-\d\d-\d\d", str(answer.get("generatedAt"))) for answer in answers]
    return max((day[0] for day in days if day), default=None)


def _answers(document: Any) -> list[Mapping[str, Any]]:
    """Each answer with what stood around it; none when the document is something else."""
    found = document if isinstance(document, list) else [document]
    is_answer = all(isinstance(each, dict) and _series(_body(each)) for each in found)
    return found if is_answer else []


def _body(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The figures of an answer, whether it was saved alone, as the API sends it, or with notes of its fetching."""
    for name in ("json", "body"):
        inner = answer.get(name)
        answer = inner if isinstance(inner, dict) else answer
    return answer


def _series(body: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Variable → its figures, one a school year."""
    return {
        name: figures
        for name, figures in body.items()
        if isinstance(figures, list)
        and figures
        and all(isinstance(each, dict) and "valueType" in each for each in figures)
    }


def _figures(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    body = _body(answer)
    address = STATISTICS.search(str(body.get("_links")) + str(answer.get("url")))
    if address is None:
        expected = "en adress i svaret (_links eller url) som säger vilken skola och skolform det gäller"
        raise Refused(Finding("error", "no_address", expected))
    for variable, figures in _series(body).items():
        for figure in figures:
            yield {
                **address.groupdict(),
                "variable": variable,
                "time_period": figure.get("timePeriod"),
                "value": figure.get("value"),
                "value_type": figure["valueType"],
                "heading": f"{address['unit_id']} {variable} {figure.get('timePeriod')}",
            }


def _decide(base: Base, given: Mapping[str, str]) -> None:
    """Make api_fates of api_rows."""
    kinds = [
        {"value_type": kind, "marker": marker, "note": why} for kind, (marker, why) in VALUE_TYPES.items()
    ]
    base.connection.register("value_types", pa.Table.from_pylist(kinds))
    fates = sql_text("intake/skolverket_api_fates")
    base.connection.execute(f"create or replace table api_fates as {fates}", given)


def _units(base: Base, source: Source) -> UnitsSeen:
    rows = base.rows(sql_text("intake/skolverket_api_units"))
    by_code = {(row["municipality_id"], row["unit_id"]): row for row in rows}
    return UnitsSeen(base, source.source_id, school_form="", rows=by_code)


def _stage_units(base: Base, units: UnitsSeen) -> list[Staged]:
    rows = list(units.rows.values())
    headings = {**HEADINGS, "name": COLUMNS["unit_name"]}
    return [stage(base.connection, "units", rows, headings, only_missing=True)] if rows else []


def _left_out(base: Base, fates: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    yield from _others(base).left_out()
    if unknown := fates.get("unknown_variable"):
        number = counted(len(unknown["variables"]), "uppgift", "uppgifter")
        yield notice(
            "unknown_variable",
            f"I filen finns {number} som inte används här: {listed(unknown['variables'], most=30)}.",
        )
    if operators := fates.get("other_operator"):
        number = counted(operators["count_units"], "skola", "skolor")
        yield notice(
            "other_operators", f"Skolor som drivs varken av en kommun eller enskilt tas inte in: {number}."
        )
    if without := fates.get("no_year"):
        rows = counted(without["count_rows"], "rad", "rader")
        yield notice("no_year", f"Rader utan både läsår och värde läses inte: {rows}.")


def _others(base: Base) -> Followed:
    followed = Followed.of(base)
    followed.others = Counter({row["name"]: row["count_rows"] for row in base.rows(NOT_FOLLOWED)})
    return followed


def _nothing_taken(book: Book, base: Base, fates: Mapping[str, Mapping[str, Any]]) -> Finding:
    if fates.keys() - {"not_followed"}:
        return Finding("error", "no_values", "minst en uppgift som används här (data/export_columns.csv)")
    if book.container != "json":
        return _others(base).nothing_left()
    units = base.rows("select distinct unit_id from api_fates where fate = 'not_followed' order by unit_id")
    expected = (
        "en skola som finns här; läs först in den, till exempel med Skolverkets statistik per skolenhet"
    )
    return Finding("error", "unknown_unit", expected, found=listed([row["unit_id"] for row in units]))


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)
