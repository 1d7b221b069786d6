"""Our own templates, filled in: one CSV, or a workbook with as many of them as there are sheets.

A sheet is known by its headings, in the first row that is not empty and in any order. Cells are copied without the
blanks around them, and the Swedish words that stand for codes become those codes: a word that stands for none is left
for the checking to refuse. All rows are read by SQL, since a template may hold a million.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
from xlsxwriter.utility import xl_col_to_name

from queries.intake.model import tables
from queries.intake.reading import Base, Finding, Options, Reading, Refused, Severity, Source, Staged
from queries.intake.sheets import Book, Sheet
from queries.intake.templates import EXPLANATION, RUN_AS_FORMULA, Column, Template, plain, template_tables

READER = "templates"
FEWEST_HEADINGS = 3
BLANKS = " \t\r\n\u00a0\u2007\u2009\u202f"
# Rows with cells outside the table are told one by one up to here.
ROWS_TOLD = 200


@dataclass(frozen=True)
class Filled:
    """A sheet that holds a template. headings are the cells of row line, '' where empty, up to the last one filled."""

    sheet: Sheet
    template: Template
    line: int
    headings: Sequence[str]

    @property
    def columns(self) -> dict[str, Column]:
        """Cell of the sheet's table, such as c3 → the column of the template that stands there."""
        named = {plain(column.heading): column for column in self.template.columns}
        return {
            f"c{place}": named[plain(heading)]
            for place, heading in enumerate(self.headings, 1)
            if plain(heading) in named
        }

    @property
    def relation(self) -> str:
        """The table that its rows are staged in."""
        return f"staged_{self.template.table}_rows"


def recognise(book: Book) -> str | None:
    """'mallen Mål', when at least one sheet has the headings of one of the templates."""
    filled = _filled_sheets(book)
    return _title(filled) if filled else None


def read(book: Book, base: Base, options: Options) -> Reading:
    """The rows of every sheet that holds a template; rows like the template's own example are left out.

    Rows that name no source get the upload itself as their source. Raises Refused when the headings are not those of
    the template, when cells stand outside the table, or when no sheet has a row.
    """
    filled = _filled_sheets(book)
    faults = [*_twice(filled), *(fault for each in filled for fault in _faults(each))]
    if faults:
        raise Refused(*faults)
    examples = {each.template.table: _examples(base.connection, each) for each in filled}
    source = _source(base.connection, filled, options.today)
    with_rows = [
        each for each in filled if _stage(base.connection, each, examples[each.template.table], source)
    ]
    if not with_rows:
        raise Refused(*(_no_rows(each, "error") for each in filled))
    skipped = [
        Finding("notice", "example", "mallens exempelrad hoppades över", each.sheet.name, line)
        for each in with_rows
        for line in examples[each.template.table]
    ]
    empty = [_no_rows(each, "notice") for each in filled if each not in with_rows]
    return Reading(
        reader=READER,
        title=_title(with_rows),
        source=source,
        staged=[_staged(each) for each in with_rows],
        findings=[*_sheets_not_read(book, filled), *empty, *skipped],
    )


def _filled_sheets(book: Book) -> list[Filled]:
    templates = template_tables()
    found = []
    for sheet in book.sheets:
        line, headings = _headings(sheet)
        template = _best(templates, {plain(heading) for heading in headings if heading})
        if template is not None:
            found.append(Filled(sheet, template, line, headings))
    return found


def _headings(sheet: Sheet) -> tuple[int, list[str]]:
    """The first row that is not empty. Parquet names its columns itself, above the first row."""
    if sheet.headings:
        return 0, list(sheet.headings)
    for line, cells in sheet.head():
        headings = [" ".join(cell.split()) for cell in cells]
        while headings and not headings[-1]:
            headings.pop()
        if headings:
            return line, headings
    return 0, []


def _best(templates: Sequence[Template], headings: set[str]) -> Template | None:
    """The template that most headings are of, also when some are missing or renamed; None when none is near."""

    def likeness(template: Template) -> tuple[int, int]:
        own = {plain(column.heading) for column in template.columns}
        required = {plain(column.heading) for column in template.columns if column.is_required}
        shared = len(own & headings)
        is_near = 2 * shared >= len(own) or required <= headings
        if shared < FEWEST_HEADINGS or shared <= len(headings - own) or not is_near:
            return 0, 0
        return shared, -len(own)

    best = max(templates, key=likeness)
    return best if likeness(best) > (0, 0) else None


def _title(filled: Sequence[Filled]) -> str:
    return (
        f"{'mallen' if len(filled) == 1 else 'mallarna'} {', '.join(each.template.title for each in filled)}"
    )


def _staged(filled: Filled) -> Staged:
    headings = {column.name: column.heading for column in filled.columns.values()}
    return Staged(filled.template.table, filled.relation, headings)


def _twice(filled: Sequence[Filled]) -> Iterator[Finding]:
    """Sheets that hold a template which another sheet has too: rows of one table stand in one place."""
    first: dict[str, str] = {}
    for each in filled:
        if each.template.table in first:
            expected = f"raderna i mallen {each.template.title} på ett blad; ”{first[each.template.table]}” är samma mall"
            yield Finding("error", "template_twice", expected, each.sheet.name, each.line)
        first.setdefault(each.template.table, each.sheet.name)


def _faults(filled: Filled) -> Iterator[Finding]:
    """What is wrong with the headings and the cells outside them."""
    found = [plain(heading) for heading in filled.headings]
    lacking = [column for column in filled.template.columns if plain(column.heading) not in found]
    known = {plain(column.heading) for column in filled.template.columns}
    place = {"sheet": filled.sheet.name, "line": filled.line or None}
    for column in lacking:
        if column.is_required:
            there = ", ".join(heading for heading in filled.headings if heading)
            expected = f"en kolumn med rubriken ”{column.heading}”; rubrikerna i filen är {there}"
            yield Finding("error", "missing_column", expected, column=column.heading, **place)
    for heading in filled.headings:
        if heading and plain(heading) not in known:
            missing = ", ".join(column.heading for column in lacking)
            expected = (
                f"en rubrik ur mallen som saknas: {missing}" if lacking else "ingen mer kolumn än mallens"
            )
            yield Finding("error", "unknown_column", expected, column=heading, found=heading, **place)
    for heading, times in Counter(heading for heading in found if heading).items():
        if times > 1:
            told = filled.headings[found.index(heading)]
            yield Finding("error", "column_twice", "rubriken en gång", column=told, found=told, **place)
    yield from _outside(filled)


def _outside(filled: Filled) -> Iterator[Finding]:
    """Cells below an empty heading or to the right of the last one. What they hold is not repeated."""
    sheet, last = filled.sheet, len(filled.headings)
    places = [
        place for place in range(1, sheet.columns + 1) if place > last or not filled.headings[place - 1]
    ]
    if not places:
        return
    cells = ", ".join(f"c{place}" for place in places)
    found = sheet.connection.execute(
        f"select line, [{cells}] from {sheet.table} "
        f"where line > $headings and trim(concat({cells}), $blanks) <> '' order by line limit $told",
        {"headings": filled.line, "blanks": BLANKS, "told": ROWS_TOLD},
    ).fetchall()
    for line, held in found:
        place = next(place for place, cell in zip(places, held, strict=True) if cell and cell.strip(BLANKS))
        expected = (
            "en rubrik över cellerna i kolumnen"
            if place < last
            else "inget till höger om den sista rubriken; i CSV ska en text med semikolon stå inom citattecken"
        )
        yield Finding("error", "outside", expected, sheet.name, line, xl_col_to_name(place - 1))


def _examples(connection: duckdb.DuckDBPyConnection, filled: Filled) -> list[int]:
    """The lines that hold the template's example as it was, also when a spreadsheet has made numbers of its cells."""
    same = " and ".join(
        f"replace(lower(coalesce({_trimmed(cell)}, '')), ',', '.') = $example_{column.name}"
        for cell, column in filled.columns.items()
    )
    examples = {
        f"example_{column.name}": column.example.lower().replace(",", ".")
        for column in filled.columns.values()
    }
    found = connection.execute(
        f"select line from {filled.sheet.table} where line > $headings and {same} order by line",
        {"headings": filled.line, "blanks": BLANKS, **examples},
    ).fetchall()
    return [line for (line,) in found]


def _stage(
    connection: duckdb.DuckDBPyConnection, filled: Filled, examples: Sequence[int], source: Source | None
) -> int:
    """Copy the rows that are not empty, with the upload as source where none is named; return how many they are."""
    columns = filled.columns
    trimmed = ", ".join(f"{_trimmed(cell)} as {column.name}" for cell, column in columns.items())
    values = {column.name: _value(column) for column in columns.values()}
    bound: dict[str, str | None] = {}
    if _must_have_source(filled.template.table):
        values["source_id"] = f"coalesce({values.get('source_id', 'null')}, $source_id)"
        bound["source_id"] = source.source_id if source else None
    told = ", ".join(f"{value} as {name}" for name, value in values.items())
    names = ", ".join(column.name for column in columns.values())
    connection.execute(
        f"create or replace table {filled.relation} as "
        f"with cells as (select line, {trimmed} from {filled.sheet.table} where line > $headings) "
        f"select $sheet as _sheet, line::text as _line, null::text as _heading, {told} from cells "
        f"where coalesce({names}) is not null and not list_contains($examples::bigint[], line)",
        {
            "sheet": filled.sheet.name,
            "headings": filled.line,
            "blanks": BLANKS,
            "examples": list(examples),
            **bound,
            **_codes(columns.values()),
        },
    )
    return connection.execute(f"select count(*) from {filled.relation}").fetchall()[0][0]


def _trimmed(cell: str) -> str:
    # Most cells are one plain word, and to see that is quicker than to cut.
    return f"if(regexp_full_match({cell}, '[!-~]+'), {cell}, nullif(trim({cell}, $blanks), ''))"


def _value(column: Column) -> str:
    """A trimmed cell as the data model writes it."""
    name = column.name
    if column.codes:
        word = rf"lower(regexp_replace({name}, '[\s\x{{00A0}}]+', ' ', 'g'))"
        known = f"coalesce($codes_{name}[list_position($words_{name}, {word})], {name})"
        return f"if(list_contains($codes_{name}, {name}), {name}, {known})"
    if column.kind == "text":
        # The apostrophe that queries/intake/templates.py gave a text, so that no spreadsheet should run it.
        as_it_was = rf"regexp_replace({name}, '^''(''*{RUN_AS_FORMULA})', '\1')"
        return f"case when starts_with({name}, '''') then {as_it_was} else {name} end"
    return name


def _codes(columns: Iterable[Column]) -> dict[str, list[str]]:
    """What _value asks for: of every column with codes the words that stand for them, and beside each its code."""
    bound: dict[str, list[str]] = {}
    for column in columns:
        pairs = [(plain(word), code) for code, words in column.codes.items() for word in (*words, code)]
        if pairs:
            bound[f"words_{column.name}"] = [word for word, _ in pairs]
            bound[f"codes_{column.name}"] = [code for _, code in pairs]
    return bound


def _must_have_source(table: str) -> bool:
    source = tables()[table].columns.get("source_id")
    return source is not None and source.is_required and table != "sources"


def _source(connection: duckdb.DuckDBPyConnection, filled: Sequence[Filled], today: date) -> Source | None:
    """The upload itself as a source, when there are rows that name none."""
    lacking = [
        each for each in filled if _must_have_source(each.template.table) and _lacks_source(connection, each)
    ]
    if not lacking:
        return None
    one = lacking[0].template if len(lacking) == 1 else None
    return Source(
        source_id=f"mall-{one.table}-{today}" if one else f"mall-{today}",
        title=f"Uppladdad mall: {one.title}" if one else "Uppladdade mallar",
        publisher="Kommunen",
        retrieved_date=str(today),
    )


def _lacks_source(connection: duckdb.DuckDBPyConnection, filled: Filled) -> bool:
    places = {column.name: cell for cell, column in filled.columns.items()}
    cells, place = ", ".join(filled.columns), places.get("source_id", "''")
    found = connection.execute(
        f"select 1 from {filled.sheet.table} where line > $headings "
        f"and coalesce(trim({place}, $blanks), '') = '' and trim(concat({cells}), $blanks) <> '' limit 1",
        {"headings": filled.line, "blanks": BLANKS},
    ).fetchall()
    return bool(found)


def _no_rows(filled: Filled, severity: Severity) -> Finding:
    expected = "minst en rad under rubrikerna, utöver exempelraden"
    if severity == "notice":
        expected = "bladet har inga rader och lästes inte"
    return Finding(severity, "no_rows", expected, filled.sheet.name, filled.line or None)


def _sheets_not_read(book: Book, filled: Sequence[Filled]) -> list[Finding]:
    known = [each.sheet for each in filled]
    return [
        Finding("warning", "sheet_not_read", "rubrikerna i en av mallarna; bladet lästes inte", sheet.name)
        for sheet in book.sheets
        if sheet not in known and sheet.name != EXPLANATION and _headings(sheet)[1]
    ]
