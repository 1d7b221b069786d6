"""How absence is told: terms and their names, what happened meanwhile, what to doubt, and what the source says instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pages.parts.empty import missing_in_words
from pages.parts.filters import Filters
from pages.parts.rows import as_records
from pages.parts.sourcing import sources_in_words
from pages.parts.words import TERMS, day, is_empty, listed, measured, quantity, short_year, text
from queries.attendance import absence, absence_events, low_registration
from queries.connection import Exports
from queries.findings import finding_list

Row = dict[str, Any]
# A school year and a term; the whole school year has no term.
Moment = tuple[int, str]
NO_DECIMALS = 0


def absence_rows(opened: Exports, chosen: Filters) -> list[Row]:
    """The rows of question absence for the choice: its units, and the whole municipality."""
    return as_records(
        absence(opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids)
    )


def by_term(rows: Iterable[Row]) -> list[Row]:
    """The rows for all stages, term by term; by school year where nobody has told the terms."""
    of_all = [row for row in rows if not row["stage"]]
    return [row for row in of_all if row["term"]] or of_all


def of_subject(rows: Iterable[Row], chosen: Filters) -> list[Row]:
    """The rows of the chosen unit, or of the whole municipality."""
    return [
        row for row in rows if (row["unit_id"] if not is_empty(row["unit_id"]) else None) == chosen.unit_id
    ]


def is_area(chosen: Filters) -> bool:
    """Whether the answer is about an area: one row a unit, and no total that nobody has counted."""
    return bool(chosen.area_unit_ids) and not chosen.unit_id


def moment_of(row: Row) -> Moment:
    """The school year and term of a row."""
    return int(row["year"]), row["term"]


def moments_of(rows: Iterable[Row]) -> list[Moment]:
    """Every term from the first to the last that the rows tell of, in order; a term between that is missing stays."""
    found = {moment_of(row) for row in rows}
    years = [year for year, _ in found]
    terms = [term for term in ("", *TERMS) if any(term == told for _, told in found)]
    every = [(year, term) for year in range(min(years), max(years) + 1) for term in terms]
    return [each for each in every if min(found) <= each <= max(found)]


def short(moment: Moment) -> str:
    """'ht 2025', 'vt 2026', and '2025/26' for the whole school year."""
    year, term = moment
    return f"{term} {year - (term == 'ht')}" if term else short_year(year, "school_year")


def spoken(moment: Moment) -> str:
    """'höstterminen 2025', 'läsåret 2025/26'."""
    year, term = moment
    return f"{TERMS[term]} {year - (term == 'ht')}" if term else f"läsåret {short(moment)}"


def cell(row: Row | None) -> str:
    """A value in words: '16,0 %', why it is not shown, or that it is missing."""
    return "Uppgift saknas" if row is None else measured(row["value"], row["marker"], "%")


def value(row: Row | None) -> float | None:
    """A value as a figure takes it."""
    return None if row is None or is_empty(row["value"]) else float(row["value"])


def first(rows: Iterable[Row], **wanted: Any) -> Row | None:
    """The row with these cells, if there is one."""
    return next((row for row in rows if all(row[name] == each for name, each in wanted.items())), None)


def at(rows: Iterable[Row], kind: str, moment: Moment) -> Row | None:
    """The row of a measure in a term."""
    return first(rows, kind=kind, year=moment[0], term=moment[1])


def marks(opened: Exports, chosen: Filters, moments: Sequence[Moment]) -> tuple[tuple[str, str], ...]:
    """What happened within the figure: the term it began in, and what."""
    return tuple(
        (short(when), event["label"]) for when, event in _events(opened, chosen, moments) if when in moments
    )


def happenings(opened: Exports, chosen: Filters, moments: Sequence[Moment]) -> Iterator[str]:
    """The same as lines, numbered as in the figure, and before them what began before its first term."""
    number = 0
    for when, event in _events(opened, chosen, moments):
        number += when in moments
        until = "" if is_empty(event["end_date"]) else f" till {day(event['end_date'])}"
        broken = " Jämför inte med tiden före." if event["kind"] == "new_method" else ""
        numbered = f"({number}) " if when in moments else ""
        yield f"{numbered}{short(when)}: {event['label'].rstrip('.')} (från {day(event['start_date'])}{until}).{broken}"


def _events(opened: Exports, chosen: Filters, moments: Sequence[Moment]) -> Iterator[tuple[Moment, Row]]:
    asked = absence_events(
        opened, municipality_id=chosen.municipality_id, unit_ids=[chosen.unit_id] if chosen.unit_id else []
    )
    for event in as_records(asked):
        when = (int(event["year"]), event["term"] if moments[0][1] else "")
        if when <= moments[-1]:
            yield when, event


def doubts(rows: Iterable[Row]) -> Iterator[str]:
    """Which terms had so little attendance registered that the absence is uncertain."""
    low = sorted({moment_of(row) for row in rows if row["is_registration_low"] is True})
    if low:
        yield (
            f"Osäkra tal {listed([short(each) for each in low])}: närvaro registrerades på färre än "
            f"{quantity(low_registration(), '%', NO_DECIMALS)} av lektionerna, så elever kan ha varit borta utan att synas."
        )


def reasons(rows: Iterable[Row]) -> Iterator[str]:
    """Why values are not shown, each reason once."""
    yield from dict.fromkeys(
        f"{text(row['note']).rstrip('.')}."
        for row in rows
        if is_empty(row["value"]) and not is_empty(row["note"])
    )


def source(opened: Exports, rows: Iterable[Row]) -> str:
    """The source line of rows and of the registration beside them."""
    rows = list(rows)
    ids = {row["source_id"] for row in rows} | {row["registration_source_id"] for row in rows}
    return sources_in_words(opened, sorted(each for each in ids if not is_empty(each)))


def nothing(opened: Exports, chosen: Filters, what: str, theme: str) -> str:
    """What is said where there are no figures: which export fills it, and what the source remarks instead of figures."""
    said = missing_in_words(f"{what} finns inte i uppgifterna för {chosen.subject(chosen.year)}.", "outcomes")
    return " ".join([said, *told_instead(opened, chosen, theme)])


def told_instead(opened: Exports, chosen: Filters, theme: str) -> list[str]:
    """The source's remarks on a theme, a sentence each, newest first."""
    found = as_records(
        finding_list(
            opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
        )
    )
    near = [row for row in found if row["theme"].casefold() == theme]
    return [f"Källan {row['year']}: {row['text']}" for row in sorted(near, key=lambda row: -row["year"])]
