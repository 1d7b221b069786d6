"""What the headings of official exports mean: data/export_columns.csv, compared by name and never by place.

Publishers rename their columns over the years. Each name is a row of the file, and a name that is not there is an
error that shows the nearest known ones: a column that was renamed or swapped is never read silently.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from queries.intake.reading import Base, Finding, Refused

FROM_YEAR = re.compile(r",?\s*\(?fr(?:\.\s?o\.\s?m\.?|om|ån och med)\s[\d/-]+\)?")
SUBJECTS = re.compile(r"\((1[67])\)")
# Between letters, where lines were broken or names are written in two ways: samhällsvetenskaps- program, Läns-kod.
HYPHEN = re.compile(r"(?<=[^\W\d_])\s*-\s*(?=[^\W\d_])")
DEFINITE = re.compile(r"^(\w*skola)n\b")
# Put last in a report's name in the file, it stands for whatever comes after.
AND_ON = "…"
SQL = """
select report, heading, indicator_id, role, gender
from words.export_columns
where source = $source
"""


def plain(text: str) -> str:
    """A heading without what differs from year to year: capitals, blanks, hyphens, (%), (17), fr.o.m. 2011."""
    text = " ".join(text.replace("\u00ad", "").replace("–", "-").casefold().split())
    text = SUBJECTS.sub(r"(\1 ämnen)", FROM_YEAR.sub("", DEFINITE.sub(r"\1", text)).replace("(%)", ""))
    return " ".join(HYPHEN.sub("", text).split()).strip(" .:#*-")


def plain_path(parts: Iterable[str]) -> str:
    """Category, heading and row label as one name, the empty ones left out."""
    return " | ".join(name for part in parts if (name := plain(part)))


@dataclass(frozen=True)
class Meaning:
    """What a heading stands for: the indicator whose value it holds ('' where it is known and not taken), and those
    whose number of pupils it holds ('' for all of the file). gender is '' where the heading does not say."""

    value_of: str = ""
    count_of: tuple[str, ...] = ()
    gender: str = ""


@dataclass(frozen=True)
class Headings:
    """The known headings of one report: plain name → meaning, and plain name → as the file of headings writes it.

    genders: plain word → T, K or M. row_labels: headings of columns whose cells say what each row measures.
    """

    meanings: Mapping[str, Meaning]
    written: Mapping[str, str]
    genders: Mapping[str, str]
    row_labels: frozenset[str]

    def meaning(self, parts: Sequence[str]) -> tuple[Meaning | None, str]:
        """What a heading's parts mean, None when unknown, and the gender that they name, '' for none."""
        name, gender = self._name_and_gender(parts)
        known = self.meanings.get(name)
        return known, (known.gender if known else "") or gender

    def nearest(self, parts: Sequence[str]) -> str:
        """The known headings most like this one, quoted."""
        return nearest(self._name_and_gender(parts)[0], self.written)

    def _name_and_gender(self, parts: Sequence[str]) -> tuple[str, str]:
        named = [self.genders[plain(part)] for part in parts if plain(part) in self.genders]
        rest = [part for part in parts if plain(part) not in self.genders]
        # A heading that is nothing but such a word is a name: what all of a school costs is called Totalt.
        return (plain_path(rest), named[0] if named else "") if any(rest) else (plain_path(parts), "")


def nearest(name: str, written: Mapping[str, str]) -> str:
    """The names most like this one, quoted."""
    found = difflib.get_close_matches(name, written, n=3, cutoff=0.3)
    return ", ".join(f"”{written[each]}”" for each in found or list(written)[:3])


def headings_of(base: Base, source: str, report: str) -> Headings:
    """What data/export_columns.csv knows of one report of a source. Raises Refused for a report that is not there."""
    rows = [{name: value or "" for name, value in row.items()} for row in base.rows(SQL, source=source)]
    reports = {plain(row["report"]): row["report"].rstrip(AND_ON) for row in rows if row["report"]}
    if reports and not any(_is_of(row["report"], report) for row in rows if row["report"]):
        known = nearest(plain(report), reports)
        expected = f"en rapport som står i data/export_columns.csv, till exempel {known}"
        raise Refused(Finding("error", "unknown_report", expected, column="rapportens titel", found=report))
    own = [row for row in rows if not row["report"] or _is_of(row["report"], report)]
    measured = [row for row in own if row["role"] not in ("gender", "rows")]
    return Headings(
        meanings=_meanings(measured),
        written={_name(row): row["heading"] for row in measured},
        genders={_name(row): row["gender"] for row in own if row["role"] == "gender"},
        row_labels=frozenset(_name(row) for row in own if row["role"] == "rows"),
    )


def _is_of(known: str, report: str) -> bool:
    """Whole names, unless the known one goes on: ”…, samtliga elever” must not read a report on some of them."""
    beginning = plain(known.rstrip(AND_ON))
    return plain(report).startswith(beginning) if known.endswith(AND_ON) else plain(report) == beginning


def _name(row: Mapping[str, str]) -> str:
    return plain_path(row["heading"].split(" | "))


def _meanings(rows: Sequence[Mapping[str, str]]) -> dict[str, Meaning]:
    """A heading may stand on several rows: a value of its own, and the number behind others."""
    found: dict[str, Meaning] = {}
    for row in rows:
        before = found.get(_name(row), Meaning())
        found[_name(row)] = Meaning(
            value_of=row["indicator_id"] if row["role"] == "value" else before.value_of,
            count_of=(*before.count_of, row["indicator_id"]) if row["role"] == "count" else before.count_of,
            gender=row["gender"] or before.gender,
        )
    return found
