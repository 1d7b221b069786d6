"""Personal data in a file that must not have any: found without being repeated.

Personal identity numbers (also samordningsnummer, where 60 is added to the day), e-mail addresses, telephone
numbers, columns about persons, and tables with one row per pupil. Names in running text are not looked for: a name
cannot be told from other words, and a guess would refuse good files.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from personnummer.personnummer import valid
from xlsxwriter.utility import xl_col_to_name

from queries.intake.reading import Finding, Severity
from queries.intake.sheets import BATCH, Book, Sheet

# Findings that are told one by one; the rest are counted.
TOLD = 200
# Cells of a column that are figures and nothing else, by which the rest of them are judged.
SAMPLE = 20_000
# One in 140 numbers of ten digits is a valid personnummer by chance: one valid number among so many figures is none.
MANY_FIGURES = 10

DAY = "(?:[0-2][0-9]|3[01]|[6-8][0-9]|9[01])"
MONTH = "(?:0[1-9]|1[0-2])"
# What a cell must hold for Python to look at it at all, as DuckDB writes regular expressions.
CANDIDATE = "|".join(
    (
        rf"(?:^|[^0-9.,])[.,]*(?:18|19|20)?[0-9]{{2}}[-./]?{MONTH}[-./]?{DAY}"
        r"[\s\x{a0}]?[-+\p{Pd}\x{2212}]?[\s\x{a0}]?[0-9]{4}(?:$|[^0-9])",
        rf"^[1-9]{MONTH}{DAY}[0-9]{{4}}(?:[.,]0+)?$",
        r"[@\x{ff20}][^\s@]+\.",
        r"(?:\+|00)46|\b07[02369]|\b0[1-9][0-9]{0,2}[\s\x{a0}]?[-)\p{Pd}\x{2212}]|\b08[\s\x{a0}]",
        # Digits with something invisible between them, and the wide digits of East Asian fonts.
        r"[0-9]\p{Cf}|[\x{ff10}-\x{ff19}]{4}",
    )
)
FIGURES = r"[-+0-9., ]+"
# a@b.se
SHORTEST = 6

DASH = r"[-\u2010-\u2015\u2212]"
PERSON_NUMBER = re.compile(
    rf"""
    (?<![0-9]) (?<![0-9][.,])
    (?P<century>18|19|20)? (?P<year>[0-9]{{2}}) (?P<inner>[-./]?) (?P<month>{MONTH}) (?P=inner) (?P<day>{DAY})
    (?P<mark>\s?(?:{DASH}|\+)\s?|\s)? (?P<last>[0-9]{{4}})
    (?![0-9]) (?![.,][0-9])
    """,
    re.VERBOSE,
)
# A spreadsheet drops the zero of those born 2001–2009.
LOST_ZERO = re.compile("[1-9][0-9]{8}")
# An authority's own address in the notes of its export is nobody's: no dot parts a first name from a last.
OF_PUBLISHER = r"[\w-]{1,64}@(?:skolinspektionen|skolverket|kolada|rka|scb)\.(?:se|nu)(?![\w.-]*\w)"
E_MAIL = re.compile(
    rf"(?<![\w.+-])(?!{OF_PUBLISHER})[\w.+-]{{1,64}}@(?:[\w-]{{1,63}}\.){{1,8}}[^\W\d_]{{2,}}"
)
TELEPHONE = re.compile(
    rf"""
    (?<![\w+.,-])
    (?: (?:\+|00)46 [\s-]? (?:\(0\))? [\s-]? [1-9] (?:[\s-]?[0-9]){{6,9}}
      | 07[02369] (?:[\s-]?[0-9]){{7}}
      | 08 (?:\s?{DASH}\s?|\)?\s) [1-9][0-9]{{2}} (?:\s?[0-9]{{2,3}}){{2}}
      | 0[1-9][0-9] (?:\s?{DASH}\s?|\)\s) [1-9] (?:\s?[0-9]){{4,7}}
      | 0[1-9][0-9]{{2}} (?:\s?{DASH}\s?|\)\s) [1-9] (?:\s?[0-9]){{4,5}}
    )
    (?!\w|[-.,][0-9])
    """,
    re.VERBOSE,
)

# Words of a heading over what belongs to a person; whose it is; and words that may stand beside.
DETAILS = set(
    "personnummer personnr pnr persnr samordningsnummer födelsenummer födelsedatum "
    "förnamn efternamn tilltalsnamn elevnamn rektorsnamn lärarnamn kontaktperson "
    "epost epostadress email emailadress mejl mejladress mail mailadress "
    "telefon telefonnummer telefonnr tel telnr mobil mobilnummer mobilnr mobiltelefon "
    "adress hemadress bostadsadress gatuadress folkbokföringsadress".split()
)
PEOPLE = set(
    "elev elevs elevens barn barnets rektor rektors lärare lärares lärarens "
    "vårdnadshavare vårdnadshavares målsman".split()
)
BESIDE = set("namn på till för och hem arbete arbetet privat".split())
LONGEST_HEADING = 60
PUPIL = {"elevid", "elevnr", "elevnummer", "elevkod", "elevnamn", "personnummer", "personnr", "pnr"}
IN_A_CLASS = {"klass", "betyg", "årskurs"}
GRADES = set("ABCDEF")

NOT_ALLOWED = "Filer med personuppgifter tas inte emot: ta bort dem och ladda upp filen igen."
SAID = {
    "personal_number": f"Här står ett personnummer (visas inte här). {NOT_ALLOWED}",
    "e_mail": f"Här står en e-postadress (visas inte här). {NOT_ALLOWED}",
    "telephone": f"Här står ett telefonnummer (visas inte här). {NOT_ALLOWED}",
    "personal_column": f"Rubriken säger att kolumnen har personuppgifter. {NOT_ALLOWED}",
    "one_row_per_pupil": f"Tabellen har en rad per elev. Bara uppgifter om grupper tas emot. {NOT_ALLOWED}",
    "personal_name": f"Filens eller bladets namn innehåller en personuppgift (visas inte här). {NOT_ALLOWED}",
    "maybe_personal_number": "Ett av talen i kolumnen skulle kunna vara ett personnummer (visas inte här). "
    "Kontrollera att det är något annat.",
}


@dataclass
class _Column:
    """One column and what has been seen in it.

    plausible counts the cells that are nothing but a number beginning with a possible date: of random ones every
    tenth is valid. The lines are those of valid ones: with a dash or plus, bare, and short of a first zero.
    """

    sheet: str
    heading: str
    plausible: int = 0
    marked: list[int | None] = field(default_factory=list)
    bare: list[int | None] = field(default_factory=list)
    short: list[int | None] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)

    def add(self, rule: str, line: int | None, severity: Severity = "error") -> None:
        self.found.append(_finding(rule, self.sheet, line, self.heading, severity))

    def is_of_persons(self, figures: int) -> bool:
        """Whether the valid numbers are personnummer: running numbers and amounts are valid by chance, orgnr never
        have a possible date, and of real personnummer nearly all are valid."""
        valid_ones = len(self.marked) + len(self.bare)
        is_more_than_chance = bool(self.marked) or valid_ones >= 2 or figures < MANY_FIGURES
        return valid_ones > 0 and 2 * valid_ones >= self.plausible and is_more_than_chance


def personal_data(book: Book) -> list[Finding]:
    """One finding per cell, heading or table with personal data in a file, errors first.

    At most TOLD of them, and one that counts the rest. An error means that the file must not be kept; a warning
    that one of many figures may be a personnummer by chance. No finding repeats what was found: column is the
    heading, or the column's letter in Excel.
    """
    names = (book.name, *(sheet.name for sheet in book.sheets))
    found = [_finding("personal_name") for name in names if _kinds(name)]
    uncounted = 0
    for number, sheet in enumerate(book.sheets, 1):
        label = f"blad {number}" if _kinds(sheet.name) else sheet.name
        in_sheet, more = _in_sheet(sheet, label)
        found += in_sheet
        uncounted += more
    if book.document is not None:
        found += _in_document(book.document)
    found.sort(key=lambda finding: finding.severity)
    rest = len(found[TOLD:]) + uncounted
    return found[:TOLD] + ([_counted(found[0].severity, rest)] if rest else [])


def _finding(
    rule: str, sheet: str = "", line: int | None = None, column: str = "", severity: Severity = "error"
) -> Finding:
    return Finding(severity, rule, SAID[rule], sheet, line, column)


def _counted(severity: Severity, rest: int) -> Finding:
    return Finding(severity, "personal_rest", f"{rest} ställen till ser likadana ut. {NOT_ALLOWED}")


def _in_sheet(sheet: Sheet, label: str) -> tuple[list[Finding], int]:
    """The findings of a sheet, and how many more cells of the same columns look the same."""
    rows = sheet.head()
    if sheet.headings:
        rows = [(0, list(sheet.headings)), *rows]
    top = _heading_rows([cells for _, cells in rows])
    found, uncounted = _in_headings(sheet, label, rows, top), 0
    for place, name in enumerate(_column_names([cells for _, cells in rows[:top]], sheet.columns), 1):
        if count := _count_candidates(sheet, f"c{place}"):
            column = _Column(label, name)
            figures = _candidates(sheet, f"c{place}", are_figures=True)
            looked_at = _look_through(column, islice(figures, SAMPLE))
            looked_at += _look_through(column, _candidates(sheet, f"c{place}", are_figures=False))
            _judge(column, _count(sheet, f"regexp_full_match(c{place}, $pattern)", FIGURES))
            found += column.found
            if any(finding.severity == "error" for finding in column.found):
                uncounted += count - looked_at
    return found, uncounted


def _candidates(sheet: Sheet, column: str, *, are_figures: bool) -> Iterator[tuple[int, str]]:
    """Excel's row number and text of the cells that are worth a look, in the order of the file."""
    cursor = sheet.connection.cursor()
    cursor.execute(
        f"select line, {column} from {sheet.table} "
        f"where strlen({column}) >= {SHORTEST} and regexp_matches({column}, $candidate) "
        f"and regexp_full_match({column}, $figures) = $are_figures order by line",
        {"candidate": CANDIDATE, "figures": FIGURES, "are_figures": are_figures},
    )
    while batch := cursor.fetchmany(BATCH):
        yield from batch


def _count_candidates(sheet: Sheet, column: str) -> int:
    # Most cells of most files are shorter: the length is looked up, the pattern is not.
    return _count(sheet, f"strlen({column}) >= {SHORTEST} and regexp_matches({column}, $pattern)", CANDIDATE)


def _count(sheet: Sheet, condition: str, pattern: str) -> int:
    sql = f"select count(*) from {sheet.table} where {condition}"
    (row,) = sheet.connection.execute(sql, {"pattern": pattern}).fetchall()
    return row[0]


def _look_through(column: _Column, cells: Iterable[tuple[int | None, str]]) -> int:
    """Look at the cells of a column until there is more than can be told; how many were looked at."""
    looked_at = 0
    for line, cell in cells:
        looked_at += 1
        _look(column, line, cell)
        if len(column.found) > TOLD:
            break
    return looked_at


def _look(column: _Column, line: int | None, cell: str) -> None:
    """Note what a cell holds; what is a number and nothing else is judged when the whole column is known."""
    text = _plain(cell)
    alone = re.sub(r"[.,]0+$", "", text.strip(" '\"="))
    kinds = _kinds(text)
    if number := PERSON_NUMBER.fullmatch(alone):
        column.plausible += 1
        kinds.discard("personal_number")
        if _is_valid(number):
            (column.marked if number["mark"] else column.bare).append(line)
    elif LOST_ZERO.fullmatch(alone) and valid(f"0{alone}"):
        column.short.append(line)
    for kind in sorted(kinds):
        column.add(kind, line)


def _judge(column: _Column, figures: int) -> None:
    sure = sorted(column.marked + column.bare, key=lambda line: line or 0)
    if column.is_of_persons(figures):
        for line in sure:
            column.add("personal_number", line)
    elif sure:
        column.add("maybe_personal_number", sure[0], "warning")
    if len(column.short) >= 2 and 2 * (len(column.short) + len(sure)) >= figures:
        for line in column.short:
            column.add("personal_number", line)


def _kinds(text: str) -> set[str]:
    """What a text holds: personal_number, e_mail, telephone."""
    plain = _plain(text)
    found = set()
    if any(_is_valid(number) and _stands_alone(number) for number in PERSON_NUMBER.finditer(plain)):
        found.add("personal_number")
    if E_MAIL.search(plain):
        found.add("e_mail")
    if TELEPHONE.search(plain):
        found.add("telephone")
    return found


def _plain(text: str) -> str:
    """The text as a reader sees it: wide digits as digits, without invisible signs."""
    if text.isascii():
        return text
    normal = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in normal if unicodedata.category(sign) != "Cf")


def _is_valid(number: re.Match[str]) -> bool:
    mark = (number["mark"] or "").strip()
    if number["inner"] and not mark:
        return False
    date = f"{number['century'] or ''}{number['year']}{number['month']}{number['day']}"
    return valid(f"{date}{'+' if mark == '+' else ''}{number['last']}")


def _stands_alone(number: re.Match[str]) -> bool:
    """Bare digits within a code such as V15E013601202 are no personnummer."""
    start, end = number.span()
    beside = number.string[max(start - 1, 0) : start] + number.string[end : end + 1]
    return bool(number["mark"]) or not any(sign.isalnum() for sign in beside)


def _heading_rows(rows: Sequence[list[str]]) -> int:
    """How many of the first rows are titles and headings: up to the first that is more than half as wide as the widest.

    None, when that row holds personal data: such a file begins with its data.
    """
    filled = [sum(1 for cell in cells if cell.strip()) for cells in rows]
    top = next((place for place, count in enumerate(filled) if 2 * count > max(filled)), None)
    return 0 if top is None or any(_kinds(cell) for cell in rows[top]) else top + 1


def _column_names(rows: Sequence[list[str]], columns: int) -> list[str]:
    """The lowest heading of each column, or its letter in Excel."""
    names = [xl_col_to_name(number) for number in range(columns)]
    for cells in rows:
        for number, cell in enumerate(cells):
            if cell.strip() and not _kinds(cell):
                names[number] = " ".join(cell.split())
    return names


def _in_headings(sheet: Sheet, label: str, rows: Sequence[tuple[int, list[str]]], top: int) -> list[Finding]:
    """Columns about persons, told by their headings, and tables with a row per pupil."""
    found = []
    for place, (line, headings) in enumerate(rows):
        personal = [number for number, heading in enumerate(headings) if _is_personal(heading)]
        # Below the headings a single word such as Adress may be a value; two beside each other begin a table.
        if place >= top and len(personal) < 2:
            continue
        names = _column_names([headings], len(headings))
        found += [
            _finding("personal_column", label, line or None, names[number])
            for number in personal
            if _is_filled(sheet, f"c{number + 1}", line)
        ]
        if _is_of_pupils(headings, [cells for _, cells in rows[place + 1 :]]):
            found.append(_finding("one_row_per_pupil", label, line or None))
    return found


def _is_filled(sheet: Sheet, column: str, line: int) -> bool:
    return bool(
        sheet.connection.execute(
            f"select 1 from {sheet.table} where line > $line and trim({column}) <> '' limit 1", {"line": line}
        ).fetchall()
    )


def _words(heading: str) -> frozenset[str]:
    """The words of a heading, without numbers and without what stands in brackets."""
    text = re.sub(r"\(.*?\)", " ", _plain(heading[: 2 * LONGEST_HEADING]).casefold())
    text = re.sub(r"\be[-_ ]?(post|mail)", r"e\1", text)
    text = re.sub(r"\b(person|elev|tel|telefon|mobil)[-_. ](nr|nummer|id|kod)\b", r"\1\2", text)
    return frozenset(re.findall(r"[^\W\d_]+", text))


def _is_personal(heading: str) -> bool:
    if not heading or len(heading) > LONGEST_HEADING:
        return False
    words = _words(heading)
    is_name = "namn" in words and bool(words & PEOPLE)
    return words <= DETAILS | PEOPLE | BESIDE and (is_name or bool(words & DETAILS))


def _is_of_pupils(headings: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row of headings is that of a list of pupils: by name, by number, or by their grades in a class."""
    single = {word: number for number, heading in enumerate(headings) for word in _only_word(heading)}
    if not any(any(cell.strip() for cell in cells) for cells in below):
        return False
    is_named = {"namn", "klass"} <= single.keys() or (
        bool(single.keys() & {"förnamn", "efternamn"}) and bool(single.keys() & IN_A_CLASS)
    )
    # Over figures the heading Elev may stand for a count or for what pupils have answered.
    is_listed = "elev" in single and (
        bool(single.keys() & IN_A_CLASS) or any(_is_text(cells[single["elev"]]) for cells in below)
    )
    is_graded = "klass" in single and _columns_of_grades(below) >= 2
    return bool(single.keys() & PUPIL) or is_named or is_listed or is_graded


def _only_word(heading: str) -> frozenset[str]:
    words = _words(heading) if len(heading) <= LONGEST_HEADING else frozenset()
    return words if len(words) == 1 else frozenset()


def _is_text(cell: str) -> bool:
    return bool(re.search(r"[^\W\d_]", cell))


def _columns_of_grades(rows: Sequence[Sequence[str]]) -> int:
    filled = [{cell.strip() for cell in column} - {""} for column in zip(*rows, strict=True)]
    return sum(1 for cells in filled if cells and cells <= GRADES)


def _in_document(document: Any) -> list[Finding]:
    """JSON: what stands under the same key makes a column, and so do the keys."""
    cells = _texts_by_key(document)
    found = []
    for key, texts in cells.items():
        column = _Column("", "" if _kinds(key) else key)
        if _is_personal(key) and any(text.strip() for text in texts):
            column.add("personal_column", None)
        _look_through(column, ((None, text) for text in texts if len(text) >= SHORTEST))
        _judge(column, sum(1 for text in texts if re.fullmatch(FIGURES, text)))
        found += column.found
    if _is_of_pupils(list(cells), [[next(iter(texts)) for texts in cells.values()]]):
        found.append(_finding("one_row_per_pupil"))
    return found


def _texts_by_key(document: Any) -> dict[str, dict[str, None]]:
    """Key → every value of the document that it is the nearest key above, as text, and under 'nycklar' every key.

    Each text once: an answer of a programming interface repeats its few keys and codes a million times.
    """
    cells: dict[str, dict[str, None]] = defaultdict(dict)
    waiting = [("", document)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            cells["nycklar"].update(dict.fromkeys(value))
            waiting += value.items()
        elif isinstance(value, list):
            waiting += [(key, each) for each in value]
        elif value is not None and not isinstance(value, bool):
            cells[key][str(value)] = None
    return cells
