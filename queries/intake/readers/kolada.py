"""Kolada's values: answers of its API v3 as JSON, and long tables as CSV, Excel or Parquet.

Values of municipalities are staged for comparison_values, values of schools (ou) for outcomes. Kolada publishes
thousands of indicators: those of data/indicators.csv are taken in, and for comparison also those that the published
list of indicators knows; the rest is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from queries.connection import sql_text
from queries.intake.followed import counted, listed, notice
from queries.intake.readers import kolada_answers
from queries.intake.readers.named_columns import Headed, headed_sheet, name_columns, stage_query
from queries.intake.reading import Base, Finding, Options, Reading, Refused, Source, Staged, stage
from queries.intake.sheets import Book

PUBLISHER = "RKA, Kolada"
QUOTED = "Källa: Kolada."
REQUIRED = ("kpi", "municipality_id", "year", "gender", "value", "status")
# Small tables made of Kolada's values name the municipality, and hold girls and boys together.
REQUIRED_BY_NAME = ("kpi", "year", "municipality", "value")
OPTIONAL = ("municipality", "municipality_type", "ou", "retrieved")
# Kolada's own columns that nothing here needs.
NOT_NEEDED = ("count", "source")
HEADINGS = {"indicator_id": "kpi", "municipality_id": "municipality_id", "unit_id": "ou", "year": "year",
            "gender": "gender", "value": "value", "status": "status", "marker": "status"}  # fmt: skip
HEADINGS_OF_ANSWERS = {**HEADINGS, "municipality_id": "municipality", "year": "period"}
REGISTER = "Koladas lista över kommuner (id, title, type)"
TAKEN = ("municipality", "unit")
# Kolada's own list of schools.
SCHOOLS = pa.schema([(name, pa.string()) for name in ("ou", "name", "municipality_id")])
# What is left out: fate → column that is counted, one, many, and what the analyst is told.
LEFT_OUT = {
    "unused_indicator": ("indicator_id", "nyckeltal", "nyckeltal", "I filen finns {} som inte används här."),
    "region": ("municipality_id", "region", "regioner", "Här jämförs kommuner: {} i filen tas inte in."),
    "group": ("municipality_id", "grupp", "grupper", "Gruppers värden räknas ut här: {} i filen tas inte in."),
    "unknown_unit": ("ou", "enhet", "enheter", "Skolor och förskolor som inte finns här tas inte in: {} i filen."),
}  # fmt: skip
DAYS = """
select distinct source_id, day
from kolada_fates
where fate in ('municipality', 'unit')
order by source_id
"""
UNKNOWN_MUNICIPALITIES = """
select distinct municipality_id
from kolada_fates
where fate = 'municipality'
    and municipality_name is null
    and municipality_id not in (select municipality_id from base.municipalities)
order by municipality_id
"""
UNKNOWN_INDICATORS = """
select indicator_id, any_value(_sheet) as sheet, min(_line::bigint) as line
from kolada_fates
where fate = 'unknown_indicator'
group by indicator_id
order by line
"""
UNKNOWN_NAMES = """
select municipality_name, any_value(_sheet) as sheet, min(_line::bigint) as line
from kolada_fates
where fate = 'unknown_name'
group by municipality_name
order by line
"""


def recognise(book: Book) -> str | None:
    """An answer of Kolada's API, or a table with Kolada's columns."""
    if book.container == "json":
        return "Svar från Koladas API" if kolada_answers.pages(book.document) else None
    return "Kolada, nyckeltal i lång tabell" if _headed(book) else None


def read(book: Book, base: Base, options: Options) -> Reading:
    """comparison_values of municipalities and the country, outcomes of schools that are published already, and the
    municipalities that the file names.

    Raises Refused for an error message, a table without its columns, and a file with nothing that is used here.
    """
    told = _take_answer(book, base) if book.container == "json" else _take_table(book, base)
    taken = take(base, told, options)
    if not taken.fates & set(TAKEN):
        raise Refused(*_nothing_taken(taken.fates), *taken.findings)
    return Reading("kolada", recognise(book) or "", taken.source, taken.staged, taken.findings)


@dataclass(frozen=True)
class Told:
    """What the container gave: headings by column of the data model, and findings. The rows stand in kolada_rows.

    is_fetch: the file brings Kolada's list of indicators, staged in the relation listed, and its lists of
    municipalities (their codes) and schools.
    """

    headings: Mapping[str, str]
    findings: Sequence[Finding]
    sheet: str = ""
    is_by_name: bool = False
    is_fetch: bool = False
    listed: str = "base.indicator_register"
    municipality_ids: frozenset[str] = frozenset()
    schools: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class Taken:
    """What became of the values: the newest source, what is staged, findings, and every fate that a value met."""

    source: Source | None
    staged: Sequence[Staged]
    findings: Sequence[Finding]
    fates: set[str]


def take(base: Base, told: Told, options: Options) -> Taken:
    """Stage the values of kolada_rows that are used here, and tell of the others."""
    _decide(base, told, options)
    fates = {row["fate"]: row for row in base.rows(sql_text("intake/kolada_tally"))}
    unknown = [*_unknown_indicators(base), *_unknown_municipalities(base, told.municipality_ids)]
    findings = [*told.findings, *_left_out(fates), *unknown]
    *others, newest = _sources(base, options) or [None]
    staged = [*_stage_sources(base, others), *_stage_values(base, told.headings, fates)]
    return Taken(newest, staged, findings, set(fates))


def _take_answer(book: Book, base: Base) -> Told:
    answer = kolada_answers.pages(book.document)
    base.connection.register("kolada_rows", kolada_answers.rows(answer))
    return Told(HEADINGS_OF_ANSWERS, kolada_answers.findings(answer))


def _take_table(book: Book, base: Base) -> Told:
    headed = _headed(book)
    if headed is None:
        raise ValueError("The book is not a table of Kolada's values.")
    is_by_name = headed.has("municipality") and not (headed.has("municipality_id") or headed.has("gender"))
    headed.demand(REQUIRED_BY_NAME if is_by_name else REQUIRED, OPTIONAL)
    columns = {name: name for name in kolada_answers.COLUMNS if name not in ("page", "line")}
    name_columns(base.connection, "kolada_rows", headed, {**columns, "page": None})
    named = {**HEADINGS, "municipality_id": "municipality"} if is_by_name else HEADINGS
    headings = {column: headed.heading(name) for column, name in named.items() if headed.has(name)}
    return Told(headings, [*_unread_columns(headed, is_by_name)], headed.sheet.name, is_by_name)


def _headed(book: Book) -> Headed | None:
    headed = headed_sheet(book, {*REQUIRED, "municipality"}, least=4)
    return headed if headed and (headed.has("kpi") or headed.has("municipality_id")) else None


def _unread_columns(headed: Headed, is_by_name: bool) -> Iterator[Finding]:
    known = {"", *REQUIRED, *OPTIONAL, *NOT_NEEDED}
    unread = [
        heading for heading, name in zip(headed.headings, headed.names, strict=True) if name not in known
    ]
    if unread:
        text = f"Inget läses ur {listed(unread)}: bara Koladas egna värden tas in, annat räknas ut här."
        yield notice("unread_column", text)
    if is_by_name:
        yield notice("no_gender", "Filen har ingen kolumn för kön: värdena läses som totalt.")


def _decide(base: Base, told: Told, options: Options) -> None:
    """Make kolada_fates of kolada_rows."""
    rule, fates = sql_text("intake/kolada_values"), sql_text("intake/kolada_fates")
    base.connection.execute(f"create or replace temp view kolada_values as {rule}")
    base.connection.execute(
        f"create or replace temp view kolada_listed as "
        f"select indicator_id from base.indicator_register union select indicator_id from {told.listed}"
    )
    base.connection.register("kolada_ou", pa.Table.from_pylist(list(told.schools), SCHOOLS))
    base.connection.execute(f"create or replace table kolada_units as {sql_text('intake/kolada_units')}")
    given = {
        "by_name": told.is_by_name,
        "is_fetch": told.is_fetch,
        "sheet": told.sheet,
        "today": options.today.isoformat(),
    }
    base.connection.execute(f"create or replace table kolada_fates as {fates}", given)


def _left_out(fates: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    found = [
        notice(fate, sentence.format(counted(fates[fate][column], one, many)))
        for fate, (column, one, many, sentence) in LEFT_OUT.items()
        if fate in fates
    ]
    if own := fates.get("own_indicator"):
        expected = "ett nyckeltal som Kolada har, t.ex. N15505"
        place = (own["sheet"] or "", own["line"], "kpi")
        found.append(Finding("error", "own_indicator", expected, *place, own["first_indicator_id"]))
    return found


def _unknown_indicators(base: Base) -> list[Finding]:
    """Ids that a fetch has values of without a title: a list that has lost rows, or another publisher's figures."""
    expected = "ett nyckeltal som finns i data/indicators.csv eller i Koladas lista över nyckeltal"
    return [
        Finding("error", "unknown", expected, row["sheet"] or "", row["line"], "kpi", row["indicator_id"])
        for row in base.rows(UNKNOWN_INDICATORS)
    ]


def _unknown_municipalities(base: Base, listed_here: frozenset[str]) -> list[Finding]:
    """Names that are not here, and how to make codes known that the checks are going to refuse."""
    expected = f"en kommun som finns här; läs först in {REGISTER} om namnet är rätt"
    found = []
    for row in base.rows(UNKNOWN_NAMES):
        place = (row["sheet"] or "", row["line"], "municipality")
        found.append(Finding("error", "unknown", expected, *place, row["municipality_name"] or ""))
    rows = base.rows(UNKNOWN_MUNICIPALITIES)
    if unknown := [row["municipality_id"] for row in rows if row["municipality_id"] not in listed_here]:
        count = counted(len(unknown), "kommun", "kommuner")
        text = f"Här saknas {count} som står i filen: {listed(unknown)}. Läs först in {REGISTER} om koderna är rätt."
        found.append(notice("unknown_municipality", text))
    return found


def _nothing_taken(fates: set[str]) -> list[Finding]:
    """Why nothing is left of the file, unless the rows have errors that say so themselves."""
    if fates & {"own_indicator", "unknown_name"}:
        return []
    if "unknown_unit" in fates:
        text = (
            "Ingen av skolorna i filen finns här. Läs först in dem, till exempel med Skolverkets statistik per "
            "skolenhet."
        )
    elif "unused_indicator" in fates:
        text = (
            "Inget av nyckeltalen i filen används här. De som används står i data/indicators.csv eller i Koladas lista "
            "över nyckeltal, som går att läsa in."
        )
    else:
        text = "Filen har inga värden för kommuner eller skolor."
    return [Finding("error", "nothing_taken", text)]


def _sources(base: Base, options: Options) -> list[Source]:
    """One source a day that values were fetched, the newest last."""
    sources = []
    for row in base.rows(DAYS):
        day = row["day"] or options.today.isoformat()
        whole_day = day if len(day) == len("2024-12-12") else None
        title = f"Kolada, nyckeltal hämtade {day}"
        sources.append(Source(row["source_id"], title, PUBLISHER, None, whole_day, QUOTED, is_official=True))
    return sources


def _stage_sources(base: Base, sources: Sequence[Source]) -> Iterator[Staged]:
    rows = [{**asdict(source), "is_official": "ja"} for source in sources]
    if rows:
        yield stage(base.connection, "sources", rows, only_missing=True)


def _stage_values(base: Base, headings: Mapping[str, str], fates: Mapping[str, Any]) -> Iterator[Staged]:
    connection = base.connection
    if "municipality" in fates:
        named, values = sql_text("intake/kolada_municipalities"), sql_text("intake/kolada_comparison_values")
        yield stage_query(connection, "municipalities", named, headings, only_missing=True)
        yield stage_query(connection, "comparison_values", values, headings)
    if "unit" in fates:
        yield stage_query(connection, "outcomes", sql_text("intake/kolada_outcomes"), headings)
