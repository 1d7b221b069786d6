"""Skolverket's statistics, as the page Sök statistik exports them: CSV or workbook, per skolenhet or per kommun.

What a column means stands in data/export_columns.csv. A figure is copied as it is written; Skolverket's own signs for
a figure that is not shown become markers. The year is the one in which the chosen school year ends.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from queries.intake.followed import Followed, UnitsSeen, counted, listed, notice, slug
from queries.intake.headings import Headings, Meaning, headings_of, plain
from queries.intake.reading import Base, Finding, Options, Reading, Refused, Source, stage
from queries.intake.sheets import Book
from queries.intake.skolverket_layout import Column, Table, Year, find_table

READER = "skolverket"
OPERATORS = {"samtliga": "alla", "kommunal": "kommunal", "enskild": "enskild", "fristående": "enskild"}
# Schools that are neither the municipality's nor independent: the data model has no place for them.
OTHER_OPERATORS = ("statlig", "staten", "region", "landsting", "internationella skolor")
ALL_PROGRAMMES = "nationella program"
SCHOOL_FORMS = {
    "grundskola": "grundskola",
    "gymnasieskola": "gymnasieskola",
    "förskola": "forskola",
    "vuxenutbildning": "vuxenutbildning",
    "komvux": "vuxenutbildning",
}
NOTES = {
    "..": "Visas inte av Skolverket: för litet underlag",
    ".": "Uppgift saknas hos Skolverket",
    "~100": "Nära 100 %: högst fyra elever når inte",
    "~0": "Nära 0 %: högst fyra elever når",
}
REQUIRED = {"municipality_id": "Kommun-kod"}
REQUIRED_PER_UNIT = {**REQUIRED, "unit": "Skola", "unit_id": "Skol-enhetskod"}
FIELD_HEADINGS = {
    "municipality_id": "Kommun-kod",
    "unit_id": "Skol-enhetskod",
    "name": "Skola",
    "operator": "Typ av huvudman",
}
NO_NUMBER = ("..", ".")
LONGEST_NOTE = 300


class Place(NamedTuple):
    """What a figure is about."""

    municipality_id: str
    unit_id: str
    operator: str
    gender: str
    year: int


class Figure(NamedTuple):
    """One cell with a figure."""

    place: Place
    indicator_id: str
    cell: str
    sheet: str
    line: int
    heading: str


def recognise(book: Book) -> str | None:
    """What the file is, in Swedish, when a sheet has Skolverket's headings and something that says whose they are."""
    table = next(iter(_tables(book)), None)
    if table is None:
        return None
    named = {"municipality_id", "operator"} <= table.fields.keys()
    if not (table.preamble.is_signed or table.preamble.period or named):
        return None
    about = ", ".join(part for part in (table.preamble.title, table.preamble.period) if part)
    return f"Skolverkets statistik: {about}" if about else "Skolverkets statistik"


def read(book: Book, base: Base, options: Options) -> Reading:
    """The figures as outcomes, and the schools they belong to as units that are added when they are missing.

    Raises Refused when the report, its year or a heading is not known, or when no row is about a municipality that is
    followed here. A row that cannot be placed is an error of its own, and the rest is read.
    """
    tables = _tables(book)
    title, year = _report(tables)
    headings = headings_of(base, READER, title)
    _refuse_faulty_headings(tables, headings)
    source = _source(tables[0], title, year, options)
    units = UnitsSeen(base, source.source_id, _school_form(title))
    rows = _Rows(headings, Followed.of(base), units, year)
    for table in tables:
        rows.take(table)
    outcomes = rows.outcomes(source.source_id)
    if not outcomes and not rows.findings:
        raise Refused(rows.nothing_read())
    findings = [*rows.findings, *rows.notices(), *units.renamed(), *_not_taken(tables, headings)]
    staged = [stage(base.connection, "outcomes", outcomes, FIELD_HEADINGS)] if outcomes else []
    return Reading(READER, source.title, source, [*staged, *units.staged(FIELD_HEADINGS)], findings)


def _source(table: Table, title: str, year: Year, options: Options) -> Source:
    level = "skolenhet" if table.is_per_unit else "kommun"
    return Source(
        source_id=f"skolverket-{slug(title)}-{slug(year.label)}-{level}",
        title=f"{title}, {year.label}, per {level}",
        publisher="Skolverket",
        published_date=table.preamble.chosen.get("valt uttag") or None,
        retrieved_date=options.today.isoformat(),
        note=table.preamble.prose[:LONGEST_NOTE].strip() or None,
        is_official=True,
    )


@dataclass
class _Rows:
    """The rows of the tables as they are taken: figures, numbers of pupils, and what was left out and why."""

    headings: Headings
    followed: Followed
    units: UnitsSeen
    year: Year
    findings: list[Finding] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    counts: dict[tuple[Place, str], str] = field(default_factory=dict)
    without_code: Counter[str] = field(default_factory=Counter)
    other_operators: Counter[str] = field(default_factory=Counter)
    other_programmes: int = 0
    empty_cells: int = 0
    unknown: set[str] = field(default_factory=set)

    def take(self, table: Table) -> None:
        """Read a table. Cells beyond the headings, and rows below a gap, are errors: something has slipped."""
        last_heading = max([*table.fields.values(), *(column.place for column in table.columns)])
        for line, cells in table.rows():
            if beyond := [cell for cell in cells[last_heading + 1 :] if cell]:
                expected = "ingen cell utanför rubrikerna; ett semikolon i ett namn delar cellen"
                where = (table.sheet.name, line)
                self.findings.append(Finding("error", "extra_cell", expected, *where, found=beyond[0]))
            else:
                self._take_row(table, line, cells)
        if (line := table.line_after_a_gap()) is not None:
            expected = "en tabell utan tomma rader; raden står efter en tom rad och läses inte"
            self.findings.append(Finding("error", "gap", expected, table.sheet.name, line))

    def _take_row(self, table: Table, line: int, cells: Sequence[str]) -> None:
        row = _Row(table, line, cells)
        municipality_id = self._municipality(row)
        if municipality_id is None:
            return
        if "programme" in table.fields and plain(row["programme"]) != ALL_PROGRAMMES:
            self.other_programmes += 1
            return
        operator = self._operator(row)
        unit_id = self._unit_id(row) if table.is_per_unit else ""
        gender = self._gender(row)
        if operator is None or unit_id is None or gender is None:
            return
        if unit_id:
            self.units.see(table.sheet.name, line, municipality_id, unit_id, row["unit"], operator)
        place = Place(municipality_id, unit_id, operator, gender, self.year.number)
        labels = _labels(table, self.headings)
        for column in table.columns:
            if column not in labels:
                self._take_cell(row, column, [cells[each.place] for each in labels], place)

    def _take_cell(self, row: _Row, column: Column, labels: Sequence[str], place: Place) -> None:
        """A figure or a number of pupils. labels: what the row's own cells say that it measures."""
        cell = row.cells[column.place]
        parts = (*(() if column.year else column.parts), *labels)
        meaning, gender = self.headings.meaning(parts)
        if meaning is None:
            self._unknown(row, parts)
            return
        if not cell:
            self.empty_cells += bool(meaning.value_of)
            return
        year = column.year.number if column.year else place.year
        place = place._replace(gender=gender or place.gender, year=year)
        for indicator_id in meaning.count_of:
            self.counts[place, indicator_id] = cell
        if meaning.value_of:
            heading = " | ".join((*column.parts, *labels))
            self.figures.append(
                Figure(place, meaning.value_of, cell, row.table.sheet.name, row.line, heading)
            )

    def _municipality(self, row: _Row) -> str | None:
        """The row's municipality when it is followed; else why not, as an error or in a count."""
        code, name = row["municipality_id"], row["municipality"]
        own = self.followed.id_of(name)
        if not code and not own:
            self.without_code[name] += 1
        elif re.fullmatch(r"\d{3}", code):
            self._error(row, "municipality_id", "lost_zero", f"0{code}: koden har tappat sin inledande nolla")
        elif not re.fullmatch(r"\d{4}", code):
            self._error(row, "municipality_id", "code", "en kommunkod med fyra siffror")
        elif code not in self.followed.names and not own:
            self.followed.others[name or code] += 1
        elif name and own != code:
            right = self.followed.names.get(code)
            expected = f"kommunen {right} vid koden {code}" if right else f"koden {own} vid kommunen {name}"
            found = f"{name} {code}"
            self._error(row, "municipality_id", "contradicting_municipality", expected, found)
        else:
            return code
        return None

    def _operator(self, row: _Row) -> str | None:
        # A workbook with a sheet for each kind says it above the table.
        written = row["operator"] or row.table.preamble.chosen.get("typ av huvudman", "")
        operator = OPERATORS.get(plain(written))
        if plain(written) in OTHER_OPERATORS:
            self.other_operators[written] += 1
        elif operator is None or (operator == "alla" and row.table.is_per_unit):
            words = "Kommunal eller Enskild" if row.table.is_per_unit else "Samtliga, Kommunal eller Enskild"
            self._error(row, "operator", "operator", words, written)
        else:
            return operator
        return None

    def _unit_id(self, row: _Row) -> str | None:
        code = row["unit_id"]
        if re.fullmatch(r"\d{8,9}", code):
            return code
        rewritten = re.search(r"\d[.,]?\d*e\+?\d", code, re.IGNORECASE)
        why = "; Excel har skrivit om den, formatera kolumnen som text" if rewritten else ""
        self._error(row, "unit_id", "unit_code", f"en skolenhetskod med åtta siffror{why}")
        return None

    def _gender(self, row: _Row) -> str | None:
        if "gender" not in row.table.fields:
            return "T"
        gender = self.headings.genders.get(plain(row["gender"]))
        if gender is None:
            self._error(row, "gender", "gender", "Flickor, Pojkar eller Samtliga")
        return gender

    def _error(self, row: _Row, name: str, rule: str, expected: str, found: str | None = None) -> None:
        heading = FIELD_HEADINGS.get(name, "Kön" if name == "gender" else name)
        told = row[name] if found is None else found
        self.findings.append(Finding("error", rule, expected, row.table.sheet.name, row.line, heading, told))

    def _unknown(self, row: _Row, parts: Sequence[str]) -> None:
        """A row label that is not known, told where it stands first."""
        name = " | ".join(parts)
        if name not in self.unknown:
            self.unknown.add(name)
            self.findings.append(_unknown_heading(row.table, self.headings, parts, row.line))

    def outcomes(self, source_id: str) -> list[dict[str, str | int]]:
        """One row per figure, as table outcomes."""
        return [
            {
                "municipality_id": figure.place.municipality_id,
                "indicator_id": figure.indicator_id,
                "unit_id": figure.place.unit_id,
                "year": figure.place.year,
                "gender": figure.place.gender,
                "operator": figure.place.operator,
                "value": "" if figure.cell in NOTES else figure.cell,
                "marker": figure.cell if figure.cell in NOTES else "",
                "note": NOTES.get(figure.cell, ""),
                "n": self._number_behind(figure),
                "source_id": source_id,
                "_sheet": figure.sheet,
                "_line": figure.line,
                "_heading": figure.heading,
            }
            for figure in self.figures
        ]

    def _number_behind(self, figure: Figure) -> str:
        own = self.counts.get((figure.place, figure.indicator_id))
        number = self.counts.get((figure.place, ""), "") if own is None else own
        return "" if number in NO_NUMBER else number

    def notices(self) -> Iterator[Finding]:
        """What was left out, each kind in one sentence."""
        yield from self.followed.left_out()
        if self.without_code:
            rows = counted(self.without_code.total(), "rad", "rader")
            names = listed(self.without_code)
            yield notice("no_code", f"{rows} utan kommunkod, som kommunalförbund, läses inte: {names}.")
        if self.other_operators:
            rows = counted(self.other_operators.total(), "rad", "rader")
            kinds = f"typ av huvudman {listed(self.other_operators)}"
            known = "här finns bara kommunal och enskild"
            yield notice("other_operators", f"{rows} med {kinds} läses inte: {known}.")
        if self.other_programmes:
            rows = counted(self.other_programmes, "rad", "rader")
            read = "Bara raden Nationella program läses."
            yield notice("other_programmes", f"{rows} gäller enskilda program. {read}")
        if self.empty_cells:
            cells = counted(self.empty_cells, "tom cell", "tomma celler")
            yield notice("empty_cells", f"{cells} ger inget värde.")

    def nothing_read(self) -> Finding:
        """Why there is nothing to take."""
        if self.units.rows or self.other_programmes or self.other_operators or self.empty_cells:
            return Finding("error", "no_values", "minst ett värde för en kommun som följs här")
        return self.followed.nothing_left()


@dataclass(frozen=True)
class _Row:
    """One row of a table, its cells also by field."""

    table: Table
    line: int
    cells: Sequence[str]

    def __getitem__(self, name: str) -> str:
        place = self.table.fields.get(name)
        return "" if place is None else self.cells[place]


def _labels(table: Table, headings: Headings) -> list[Column]:
    """The columns whose cells say what the row measures: Ämne, Uppgift."""
    return [column for column in table.columns if plain(column.heading) in headings.row_labels]


def _tables(book: Book) -> list[Table]:
    found = (find_table(sheet) for sheet in book.sheets)
    return [table for table in found if table]


def _report(tables: Sequence[Table]) -> tuple[str, Year]:
    """Title and year of the report, told alike on every sheet with a table."""
    preamble = tables[0].preamble
    others = [table.sheet.name for table in tables[1:] if _told(table) != _told(tables[0])]
    faults = []
    if not preamble.title:
        expected = "rapportens titel ovanför rubrikerna, som i Skolverkets fil"
        faults.append(Finding("error", "no_title", expected))
    if preamble.year is None:
        expected = "raden ”Valt läsår: 2024/25” ovanför rubrikerna, med läsåret på det sättet"
        faults.append(Finding("error", "school_year", expected, column="Valt läsår", found=preamble.period))
    if others:
        expected = "en och samma rapport och läsår på alla blad"
        faults.append(Finding("error", "reports", expected, sheet=others[0]))
    if faults or preamble.year is None:
        raise Refused(*faults)
    return preamble.title, preamble.year


def _told(table: Table) -> tuple[str, str, bool]:
    return plain(table.preamble.title), table.preamble.period, table.is_per_unit


def _refuse_faulty_headings(tables: Sequence[Table], headings: Headings) -> None:
    faults = [fault for table in tables for fault in _heading_faults(table, headings)]
    if faults:
        raise Refused(*faults)


def _heading_faults(table: Table, headings: Headings) -> Iterator[Finding]:
    place = (table.sheet.name, table.line)
    for heading in table.repeated:
        expected = "en enda kolumn med samma rubrik, eller en rubrikrad ovanför som skiljer dem åt"
        yield Finding("error", "same_heading", expected, *place, column=heading, found=heading)
    required = REQUIRED_PER_UNIT if table.is_per_unit else REQUIRED
    for name, heading in required.items():
        if name not in table.fields:
            expected = f"en kolumn med rubriken {heading}; välj uttaget per skolenhet eller per kommun"
            yield Finding("error", "missing_column", expected, *place)
    if "operator" not in table.fields and "typ av huvudman" not in table.preamble.chosen:
        yield Finding("error", "missing_column", "en kolumn med rubriken Typ av huvudman", *place)
    labels = _labels(table, headings)
    for column in table.columns:
        if column not in labels and not labels and headings.meaning(column.parts)[0] is None:
            yield _unknown_heading(table, headings, column.parts, table.line)


def _unknown_heading(table: Table, headings: Headings, parts: Sequence[str], line: int) -> Finding:
    name = " | ".join(parts)
    expected = (
        f"en rubrik som står i data/export_columns.csv; de som liknar mest är {headings.nearest(parts)}"
    )
    return Finding("error", "unknown_heading", expected, table.sheet.name, line, column=name, found=name)


def _not_taken(tables: Sequence[Table], headings: Headings) -> Iterator[Finding]:
    known = [
        (column.heading, headings.meaning(column.parts)[0]) for table in tables for column in table.columns
    ]
    names = [heading for heading, meaning in known if meaning == Meaning()]
    if names:
        columns = counted(len(dict.fromkeys(names)), "kolumn", "kolumner")
        yield notice("not_taken", f"{columns} är kända men läses inte: {listed(names)}.")


def _school_form(title: str) -> str:
    beginning = plain(title.split(" - ")[0])
    return SCHOOL_FORMS.get(beginning, "annan")
