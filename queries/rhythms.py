"""How old each kind of data is, against when the next of its kind usually comes: data/rhythms.csv says when."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from queries import connection
from queries.connection import Exports
from queries.places import freshness

COLUMNS = (
    "subject", "state", "newest_year", "newest_month", "next_date", "title", "publisher", "source_date", "source_id",
)  # fmt: skip


@dataclass(frozen=True)
class Rhythm:
    """When figures of one kind come: those of a year in a month, years_after that year, and again every_years later.

    Figures of a month come the month after, and again every_months later; the years and the month are then 0.
    publisher is a part of the publisher's name, or empty for all whom no other row names.
    """

    subject: str
    publisher: str
    every_years: int
    month: int
    years_after: int
    grace_days: int
    every_months: int = 0

    def next_date(self, newest_year: int, newest_month: int = 12) -> date:
        """The first day of the month in which the figures after the newest usually come: after those of a year, or
        of a month (1–12) of it where they come by the month."""
        if self.every_months:
            return _first_day(newest_year, newest_month + self.every_months + 1)
        return date(newest_year + self.every_years + self.years_after, self.month, 1)

    def is_over(self, newest_year: int, today: date, newest_month: int = 12) -> bool:
        """Whether the next figures should have come by now, also with some grace."""
        first = self.next_date(newest_year, newest_month)
        return today >= _first_day(first.year, first.month + 1) + timedelta(days=self.grace_days)


def rhythms() -> list[Rhythm]:
    """data/rhythms.csv, as it stands now."""
    text = (connection.DATA / "rhythms.csv").read_text(encoding="utf-8-sig")
    # Swedish Excel saves with semicolons what it opened with commas.
    separator = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    numbers = ("every_years", "every_months", "month", "years_after", "grace_days")
    return [
        Rhythm(row["subject"], row["publisher"], **{name: int(row[name] or 0) for name in numbers})
        for row in rows
    ]


def ages(exports: Exports, *, municipality_id: str, today: date) -> pd.DataFrame:
    """One row per kind of data and publisher of a municipality, with its newest year and source, and the first day of
    its newest month where it comes by the month.

    state: current; old, when the next figures should have come by now; missing, for a kind that has no rows at all.
    next_date is the first day of the month in which the next usually come.
    """
    known = rhythms()
    rows = freshness(exports, municipality_id=municipality_id)
    newest = rows.drop_duplicates(["subject", "publisher"]).to_dict("records")
    return pd.DataFrame(list(_in_order(newest, known, today)), columns=list(COLUMNS), dtype=object)


def _in_order(
    newest: Sequence[Mapping[str, Any]], known: Sequence[Rhythm], today: date
) -> Iterator[dict[str, Any]]:
    for subject in dict.fromkeys(rhythm.subject for rhythm in known):
        of_subject = [row for row in newest if row["subject"] == subject]
        for row in of_subject:
            rhythm = _rhythm_of(known, subject, row["publisher"])
            year, month = int(row["newest_year"]), row["newest_month"]
            number = 12 if pd.isna(month) else month.month
            state = "old" if rhythm.is_over(year, today, number) else "current"
            yield {**row, "state": state, "next_date": rhythm.next_date(year, number)}
        if not of_subject:
            yield {"subject": subject, "state": "missing"}


def _rhythm_of(known: Sequence[Rhythm], subject: str, publisher: Any) -> Rhythm:
    """The row that names the publisher, else the one for all."""
    named = str(publisher).lower()
    fitting = [each for each in known if each.subject == subject and each.publisher.lower() in named]
    return max(fitting, key=lambda each: len(each.publisher))


def _first_day(year: int, month: int) -> date:
    """Months after December are those of the next year."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
