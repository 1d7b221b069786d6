"""Five exports as their systems write them, and ways to spoil them.

Skolverket's statistics per municipality and per school, our own template for outcomes, a long table from Kolada, and a
table of actions in Linköping's shape. All figures and texts are invented, and are about the invented municipality 9901
in years that have nothing published.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import xlsxwriter

from queries.intake.templates import template_csv


@dataclass(frozen=True)
class Export:
    """The rows of a file as its system writes them. headings is the line of the headings, as Excel counts."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    headings: int = 1
    newline: str = "\r\n"
    # Skolverket ends every row of the table with an empty cell, and quotes nothing.
    has_last_cell: bool = False

    @property
    def first(self) -> int:
        """The line of the first row of figures or actions."""
        return self.headings + 1

    @property
    def last(self) -> int:
        """The last line of the table."""
        widths = [len(row) for row in self.rows]
        return len(widths) - widths[::-1].index(widths[self.headings - 1])

    def place(self, heading: str) -> int:
        """Which column has a heading, counted from nought."""
        return self.rows[self.headings - 1].index(heading)

    def put(self, line: int, heading: str, text: str) -> Export:
        """With another text in one cell."""
        return self.map(heading, lambda at, cell: text if at == line else cell)

    def put_all(self, heading: str, *texts: str) -> Export:
        """With other texts in a column, over again from the first when there are more rows."""
        return self.map(heading, lambda at, cell: texts[(at - self.first) % len(texts)])

    def map(self, heading: str, change: Callable[[int, str], str]) -> Export:
        """With every cell of a column changed: change(line, cell)."""
        place = self.place(heading)
        return self.with_rows(
            (*row[:place], change(line, row[place]), *row[place + 1 :])
            if self.first <= line <= self.last and len(row) > place
            else row
            for line, row in enumerate(self.rows, 1)
        )

    def with_rows(self, rows: Iterable[Sequence[str]]) -> Export:
        """With other rows."""
        return replace(self, rows=tuple(tuple(row) for row in rows))

    def row(self, line: int) -> tuple[str, ...]:
        """The cells of a line."""
        return self.rows[line - 1]

    def with_row(self, line: int, *cells: str) -> Export:
        """With other cells in a line."""
        return self.with_rows([*self.rows[: line - 1], cells, *self.rows[line:]])

    def insert(self, line: int, *rows: Sequence[str]) -> Export:
        """With more rows, the first of which stands on a line."""
        moved = self.headings + (len(rows) if line <= self.headings else 0)
        return replace(
            self.with_rows([*self.rows[: line - 1], *rows, *self.rows[line - 1 :]]), headings=moved
        )

    def rename(self, heading: str, text: str) -> Export:
        """With another heading."""
        cells = tuple(text if cell == heading else cell for cell in self.row(self.headings))
        return self.with_row(self.headings, *cells)

    def columns(self, *headings: str) -> Export:
        """With these columns only, in this order."""
        places = [self.place(heading) for heading in headings]
        return self.with_rows(
            [row[place] for place in places] if self.headings <= line <= self.last else row
            for line, row in enumerate(self.rows, 1)
        )

    def without(self, heading: str) -> Export:
        """Without a column."""
        return self.columns(*(each for each in self.row(self.headings) if each != heading))

    def text(self, separator: str = ";", newline: str | None = None) -> str:
        """The file as text."""
        written = io.StringIO(newline="")
        ending = self.newline if newline is None else newline
        writer = csv.writer(written, delimiter=separator, lineterminator=ending)
        for row in self.rows:
            if self.has_last_cell:
                written.write(separator.join((*row, "") if len(row) > 1 else row) + ending)
            else:
                writer.writerow(row)
        return written.getvalue()

    def csv(self, separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
        """The file as bytes."""
        return self.text(separator).encode(encoding)

    def xlsx(self, *sheet_names: str, numbers: Sequence[str] = ()) -> bytes:
        """The file as a workbook of text cells; the columns named in numbers have numbers instead."""
        places = {self.place(heading) for heading in numbers}
        written = io.BytesIO()
        with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
            for name in sheet_names or ("Blad1",):
                sheet = book.add_worksheet(name)
                for line, row in enumerate(self.rows):
                    for place, cell in enumerate(row):
                        if place in places and line >= self.headings and cell:
                            sheet.write_number(line, place, float(cell.replace(",", ".").replace(" ", "")))
                        elif cell:
                            sheet.write_string(line, place, cell)
        return written.getvalue()


SCHOOLS = (
    ("Silverängsbrynets skola", "19901101", "118", "78,8", "89,0", "231,4"),
    ("Vindbrynsskolan", "19901102", "96", "71,9", "84,4", "219,6"),
    ("Ljungtjärnshöjdens skola", "19901103", "84", "83,3", "~100", "244,1"),
    ("Harstensbackens skola", "19901104", "12", "..", "..", "201,7"),
)
PER_SCHOOL = Export(
    "slutbetyg-skolenhet.csv",
    (
        ("Statistik från Skolverket, https://www.skolverket.se",),
        (),
        ("Grundskola - Slutbetyg årskurs 9, samtliga elever",),
        ("Valt läsår: 2019/20",),
        (),
        (
            "Skola",
            "Skol-enhetskod",
            "Skolkommun",
            "Kommun-kod",
            "Typ av huvudman",
            "Huvudman",
            "Huvudman orgnr",
            "Antal elever",
            "Andel (%) elever som uppnått kunskapskraven i alla ämnen",
            "Andel (%) elever behöriga till yrkesprog.",
            "Genomsnittligt meritvärde (17 ämnen)",
        ),
        *(
            (name, code, "Exempelkommunen", "9901", "Kommunal", "Exempelkommunen", "2120009901", *figures)
            for name, code, *figures in SCHOOLS
        ),
        (),
        ("Rapportbeskrivning och definitioner etc.",),
        ("Antal elever", "Elever i årskurs 9 som fått eller skulle ha fått slutbetyg.", ""),
    ),
    headings=6,
    newline="\n",
    has_last_cell=True,
)
PER_MUNICIPALITY = Export(
    "slutbetyg-kommun.csv",
    (
        *PER_SCHOOL.rows[:5],
        ("Kommun", "Kommun-kod", "Län", "Läns-kod", "Typ av huvudman", *PER_SCHOOL.rows[5][7:]),
        ("Exempelkommunen", "9901", "Exempellän", "99", "Samtliga", "1 204", "76,1", "86,9", "226,3"),
        ("Exempelkommunen", "9901", "Exempellän", "99", "Kommunal", "1 171", "75,8", "86,6", "225,8"),
        ("Exempelkommunen", "9901", "Exempellän", "99", "Enskild", "33", "~100", "..", "243,0"),
        *PER_SCHOOL.rows[-3:],
    ),
    headings=6,
    newline="\n",
    has_last_cell=True,
)
PUPILS, SHARE, MERIT = PER_SCHOOL.rows[5][7], PER_SCHOOL.rows[5][8], PER_SCHOOL.rows[5][10]

TEMPLATE_HEADINGS = tuple(template_csv("outcomes").decode("utf-8-sig").partition("\r\n")[0].split(";"))
TEMPLATE = Export(
    "utfall.csv",
    (
        TEMPLATE_HEADINGS,
        *(
            ("9901", "N15419", code, "2020", "Totalt", "Kommunal", value, "", "", number, "")
            for code, value, number in (
                ("19901101", "78,8", "118"),
                ("19901102", "71,9", "96"),
                ("19901103", "83,3", "84"),
                ("19901106", "80,2", "91"),
                ("", "77,4", "1 171"),
            )
        ),
    ),
)
KOLADA = Export(
    "kolada.csv",
    (
        ("kpi", "municipality_id", "municipality", "year", "gender", "value", "status"),
        *(
            (kpi, code, name, "2015", "T", value, "")
            for kpi, values in (("N15419", ("75,3", "71,2", "79,9")), ("N15505", ("221,4", "215,8", "230,1")))
            for (code, name), value in zip(
                (("9901", "Exempelkommunen"), ("9902", "Almvidsta"), ("9903", "Björkstenshamn")),
                values,
                strict=True,
            )
        ),
    ),
)
ACTIONS = Export(
    "verksamhetsplan.csv",
    (
        ("Perspektiv", "Typ", "Nämndmål", "Aktivitet", "Slutdatum 2021", "Status", "Kommentar"),
        (
            "Medborgare",
            "Nämndmål",
            "Alla elever når längre än i dag",
            "Läxhjälp på alla skolor",
            "Verksamhetsberättelse",
            "Genomfört",
            "Startade i mars.",
        ),
        ("Medborgare", "Nämndmål", "", "Sommarskola för årskurs 8 och 9", "Delrapport 2", "Pågående", ""),
        (
            "Verksamhet",
            "Nämndmål",
            "Trygghet och studiero i varje klassrum",
            "Gemensamma rutiner för frånvaro",
            "Verksamhetsberättelse",
            "Kvarstår pga personalbrist",
            "Fortsätter 2022.",
        ),
        (
            "Samhälle",
            "Strategiskt utvecklingsuppdrag",
            "",
            "Utred gemensam skolskjuts",
            "Verksamhetsberättelse",
            "Ej påbörjat",
            "Väntar på beslut.",
        ),
    ),
)
EXPORTS = (PER_MUNICIPALITY, PER_SCHOOL, TEMPLATE, KOLADA, ACTIONS)
