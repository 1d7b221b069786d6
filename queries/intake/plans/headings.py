"""What the columns of a plan hold, told by their headings: data/heading_words.csv, and how sure that is."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from queries.intake.plans.cells import plain_text
from queries.intake.sheets import Book, Sheet
from queries.versions import DATA

# What a column may hold → how it is put to the analyst.
FIELDS = {
    "": "Läses inte",
    "perspective": "Perspektiv",
    "kind": "Slag: aktivitet, uppdrag eller område",
    "goal": "Mål",
    "goal_number": "Målets nummer",
    "level": "Målets nivå",
    "description": "Målets beskrivning",
    "is_priority": "Prioriterat mål (ja eller nej)",
    "verdict": "Bedömning av målet",
    "area": "Utvecklingsområde",
    "title": "Åtgärd",
    "unit": "Skola eller enhet",
    "owner_role": "Ansvarig roll (aldrig namn)",
    "given_by": "Uppdragsgivare",
    "due": "Slutdatum",
    "status": "Status",
    "comment": "Kommentar",
    "effect": "Effekt",
    "indicator": "Nyckeltal",
    "report_back": "Återrapport",
}
# Words of the file that are known and have no place in the data model.
NOT_TAKEN = "not_taken"
# Such a column may hold names of persons: it is read only when the analyst says that it has roles.
ONLY_WHEN_TOLD = ("owner_role",)
# Several columns may go on one comment; of anything else there is one.
MANY = ("comment", NOT_TAKEN)
# What a column is called that has cells and no heading.
UNNAMED = "Kolumn {} utan rubrik"
CERTAIN = 1.0
LIKELY = 0.75
# Wider rows, and longer cells, are data of another kind.
MOST_COLUMNS = 40
LONGEST_HEADING = 60
# A word this long that a heading has within it tells something: "Aktivitetens namn".
SHORTEST_PART = 5
Words = Mapping[str, tuple[str, ...]]
YEARS = re.compile(r"(?:19|20)\d{2}(?:\s*[-–/]\s*(?:20)?\d{2})?\b")
DAYS = re.compile(r"\b(?:per\s+(?:den\s+)?)?(?:19|20)\d{2}-\d{2}-\d{2}\b")
# What tells two columns of the same name apart.
NUMBERED = re.compile(r" \[\d+\]$")


@dataclass(frozen=True)
class Guess:
    """What a column seems to hold, '' where nothing is near; confidence is 1 for a known word, else below."""

    field: str
    confidence: float


@dataclass(frozen=True)
class Headings:
    """A row of headings: its sheet, Excel's row number (0 where the container keeps them apart), and by column the
    heading, '' where there is none."""

    sheet: Sheet
    line: int
    names: tuple[str, ...]

    @property
    def named(self) -> list[str]:
        """The headings, left to right."""
        return [name for name in self.names if name]

    @property
    def signature(self) -> frozenset[str]:
        """What makes two sheets the same table: their headings, whatever the order."""
        return frozenset(map(normal_heading, self.named))


def normal_heading(heading: str) -> str:
    """A heading as it is looked up: without the year or day it is about, "Slutdatum 2020" being "slutdatum"."""
    text = YEARS.sub(" ", DAYS.sub(" ", NUMBERED.sub("", plain_text(heading))))
    return " ".join(re.sub(r"[()%]", " ", text).casefold().split()).strip(" .:*?–-")


def heading_words() -> Words:
    """Word → the fields it may stand for, in the order of data/heading_words.csv."""
    path = DATA / "heading_words.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        # Swedish Excel saves with semicolons what it opened with commas.
        separator = ";" if ";" in file.readline() else ","
        file.seek(0)
        fields: dict[str, tuple[str, ...]] = {}
        for row in csv.DictReader(file, delimiter=separator):
            word = " ".join(row["word"].casefold().split())
            if row["field"] in (*FIELDS, NOT_TAKEN):
                fields[word] = (*fields.get(word, ()), row["field"])
    return fields


def guesses(headings: Sequence[str], words: Words | None = None) -> dict[str, Guess]:
    """Heading → what it seems to hold, for all headings of a row together.

    A word with two meanings takes the one that is free: "Bedömning" is a goal's verdict beside "Status", and an
    action's status alone.
    """
    words = heading_words() if words is None else words
    found = _known(headings, words)
    for heading in headings:
        if heading not in found:
            is_word = normal_heading(heading) in words
            found[heading] = Guess("", 0.0) if is_word else _nearest(heading, found, words)
    return {heading: found[heading] for heading in headings}


def columns_of(row: Headings, told: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What is read from each column, heading → field, and the headings nobody has explained, with the best guess.

    What the analyst has told goes first, also when it was told of the same heading with another year in it.
    """
    by_word = {normal_heading(heading): field for heading, field in told.items()}
    said = {heading: told.get(heading, by_word.get(normal_heading(heading))) for heading in row.named}
    read: dict[str, str] = {}
    open_ones: dict[str, str] = {}
    for heading, guess in guesses(row.named).items():
        answer = said[heading]
        is_free = guess.field in MANY or guess.field not in said.values()
        if answer is not None:
            read[heading] = answer
        elif guess.confidence == CERTAIN and is_free:
            read[heading] = "" if guess.field in (NOT_TAKEN, *ONLY_WHEN_TOLD) else guess.field
        else:
            open_ones[heading] = guess.field if is_free and guess.field not in ONLY_WHEN_TOLD else ""
    return read, open_ones


def with_titles(columns: Mapping[str, str]) -> dict[str, str]:
    """The same columns; where areas are followed up as actions themselves, they are the titles."""
    fields = set(columns.values())
    if "title" in fields or not is_of_actions(fields):
        return dict(columns)
    return {heading: "title" if field == "area" else field for heading, field in columns.items()}


def is_plan(fields: Collection[str]) -> bool:
    """Whether columns with these fields make a table of actions or goals."""
    return is_of_actions(fields) or ("goal" in fields and bool({"verdict", "goal_number"} & set(fields)))


def is_of_actions(fields: Collection[str]) -> bool:
    """Whether columns with these fields make a table of actions: what is to be done, and how far or by when."""
    return bool({"title", "area"} & set(fields)) and bool({"status", "due"} & set(fields))


def find_headings(book: Book) -> Iterator[Headings]:
    """The row of headings of each sheet that is a plan, the surest such row of its first ones."""
    words = heading_words()
    for sheet in book.sheets:
        if row := _surest(sheet, words):
            yield row


def told_headings(book: Book, told: Collection[str]) -> Iterator[Headings]:
    """The rows that have all the headings an analyst has mapped, whatever they are called."""
    unnamed = re.compile(UNNAMED.format("[A-Z]+"))
    wanted = {normal_heading(heading) for heading in told if not unnamed.fullmatch(heading)}
    for sheet in book.sheets:
        for row in _rows(sheet):
            if wanted and wanted <= row.signature:
                yield row
                break


def widest_row(book: Book) -> Headings | None:
    """The row most like headings in a file where no word is known: the first of those with the most texts."""
    rows = [row for sheet in book.sheets for row in _rows(sheet)]
    return max(rows, key=lambda row: len(row.named), default=None)


def unique(cells: Sequence[str]) -> tuple[str, ...]:
    """Headings as plain text; one that stands twice gets its number, so that each can be mapped."""
    texts = [plain_text(cell) for cell in cells]
    places = [texts[: place + 1].count(text) for place, text in enumerate(texts)]
    return tuple(
        f"{text} [{number}]" if text and number > 1 else text
        for text, number in zip(texts, places, strict=True)
    )


def _rows(sheet: Sheet) -> Iterator[Headings]:
    if sheet.headings:
        yield Headings(sheet, 0, unique(sheet.headings))
        return
    for line, cells in sheet.head():
        if 1 < sum(bool(cell.strip()) for cell in cells) <= MOST_COLUMNS:
            yield Headings(sheet, line, unique(cells))


def _surest(sheet: Sheet, words: Words) -> Headings | None:
    """The row whose known words make a plan; failing that, the one where words come near enough."""
    rows = list(_rows(sheet))
    sums = [_sum(_known(row.named, words)) for row in rows]
    if not any(sums):
        sums = [_sum(guesses(row.named, words)) if _known(row.named, words) else 0.0 for row in rows]
    best = max(sums, default=0.0)
    return rows[sums.index(best)] if best else None


def _sum(found: Mapping[str, Guess]) -> float:
    sure = {guess.field: guess.confidence for guess in found.values() if guess.field}
    return sum(sure.values()) if is_plan(sure) else 0.0


def _known(headings: Sequence[str], words: Words) -> dict[str, Guess]:
    """The headings that are words of the table, each with the meaning that is free.

    Of two headings for the same the one whose word stands first in the table has it: Status before Bedömning.
    """
    meanings = {heading: _meanings(heading, headings, words) for heading in headings}
    order = {word: place for place, word in enumerate(words)}
    known = [heading for heading in headings if meanings[heading]]
    found: dict[str, Guess] = {}
    for heading in sorted(known, key=lambda each: (len(meanings[each]), order[normal_heading(each)])):
        # The same word again, for another year perhaps, has no second meaning: somebody must say what it is.
        is_again = any(normal_heading(heading) == normal_heading(earlier) for earlier in found)
        free = [field for field in meanings[heading] if field in MANY or not _is_taken(field, found)]
        if free and (free[0] in MANY or not is_again):
            found[heading] = Guess(free[0], CERTAIN)
    return found


def _meanings(heading: str, headings: Sequence[str], words: Words) -> list[str]:
    """The meanings of a word, likeliest first: in a table without actions those of goals."""
    fields = words.get(normal_heading(heading), ())
    if _is_about_actions(headings, words):
        # A number in a table of actions without goals is that of the row.
        has_goals = any("goal" in words.get(normal_heading(each), ())[:1] for each in headings)
        return [field for field in fields if field != "goal_number" or has_goals]
    return sorted(fields, key=lambda field: field in ("status", "area", "comment"))


def _is_about_actions(headings: Sequence[str], words: Words) -> bool:
    first = {field for each in headings for field in words.get(normal_heading(each), ())[:1]}
    is_all_known = all(normal_heading(each) in words for each in headings)
    # A deadline beside a heading that nobody knows: that may well be the action.
    return "title" in first or ("due" in first and not (is_all_known and "goal" in first))


def _is_taken(field: str, found: Mapping[str, Guess]) -> bool:
    return any(guess.field == field for guess in found.values())


def _nearest(heading: str, found: Mapping[str, Guess], words: Words) -> Guess:
    """The field whose word is most like a heading that is not known itself."""
    text = normal_heading(heading)
    best = Guess("", 0.0)
    for word, (field, *_) in words.items() if len(text) <= LONGEST_HEADING else ():
        if field == NOT_TAKEN or (field not in MANY and _is_taken(field, found)):
            continue
        likeness = SequenceMatcher(None, text, word).ratio()
        if re.search(rf"\b{re.escape(word)}", text) and len(word) >= SHORTEST_PART:
            likeness = max(likeness, LIKELY)
        if likeness >= LIKELY and likeness > best.confidence:
            best = Guess(field, min(likeness, 0.99))
    return best
