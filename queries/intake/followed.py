"""The municipalities and units that are followed here, as a file of official statistics names them.

A file of the whole country is taken for the municipalities that have data of their own here; what is left out is
told in one sentence, never dropped in silence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from queries.intake.reading import Base, Finding, Staged, stage

FEW = 5
FOLLOWED = "select municipality_id, name from base.municipalities where has_own_data order by name"
UNITS = "select municipality_id, unit_id, name, operator from base.units"


@dataclass
class Followed:
    """Who is followed: municipality_id → name. others counts the rows of each municipality that is not."""

    names: Mapping[str, str]
    others: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, base: Base) -> Followed:
        """As the published version says."""
        return cls({row["municipality_id"]: row["name"] for row in base.rows(FOLLOWED)})

    def id_of(self, name: str) -> str | None:
        """The code of a followed municipality by its name, without regard to capitals and blanks."""
        return self._ids.get(same(name))

    @cached_property
    def _ids(self) -> dict[str, str]:
        return {same(name): municipality_id for municipality_id, name in self.names.items()}

    def left_out(self) -> list[Finding]:
        """One notice for all rows of municipalities that are not followed."""
        if not self.others:
            return []
        rows = counted(self.others.total(), "rad", "rader")
        return [notice("not_followed", f"{rows} gäller {listed(self.others)}, som inte följs här.")]

    def nothing_left(self) -> Finding:
        """The error for a file without a row of a followed municipality."""
        found = listed(self.others) or "ingen kommun"
        return Finding(
            "error", "no_followed", f"en kommun som följs här: {listed(self.names.values())}", found=found
        )


@dataclass
class UnitsSeen:
    """The units that a file names, as rows of table units, and where each name stood."""

    base: Base
    source_id: str
    school_form: str
    rows: dict[tuple[str, str], dict[str, str | int]] = field(default_factory=dict)

    def see(
        self, sheet: str, line: int, municipality_id: str, unit_id: str, name: str, operator: str
    ) -> None:
        """Note a unit the first time it stands in the file."""
        row: dict[str, str | int] = {"municipality_id": municipality_id, "unit_id": unit_id, "name": name}
        row |= {"school_form": self.school_form, "operator": operator, "source_id": self.source_id}
        self.rows.setdefault((municipality_id, unit_id), {**row, "_sheet": sheet, "_line": line})

    def staged(self, headings: Mapping[str, str]) -> list[Staged]:
        """The units, to be added where they are missing. headings: column → heading in the file."""
        rows = list(self.rows.values())
        return [stage(self.base.connection, "units", rows, headings, only_missing=True)] if rows else []

    def operator_of(self, municipality_id: str, unit_id: str) -> str | None:
        """Who runs a unit, as the published register says; None for a unit that is not there."""
        known = self._published.get((municipality_id, unit_id))
        return known["operator"] if known else None

    def renamed(self) -> list[Finding]:
        """A notice for each unit that is published under another name. A register is not renamed by statistics."""
        return [
            Finding(
                "notice",
                "other_name",
                f"Enheten {row['unit_id']} heter här ”{self._published[key]['name']}” och behåller det namnet. "
                "Ett nytt namn läggs in med mallen Enheter.",
                str(row["_sheet"]),
                int(row["_line"]),
                found=str(row["name"]),
            )
            for key, row in self.rows.items()
            if key in self._published and same(self._published[key]["name"]) != same(str(row["name"]))
        ]

    @cached_property
    def _published(self) -> dict[tuple[str, str], dict[str, str]]:
        return {(row["municipality_id"], row["unit_id"]): row for row in self.base.rows(UNITS)}


def same(name: str) -> str:
    """A name as it is compared: without capitals, each run of blanks as one space."""
    return " ".join(name.casefold().split())


def notice(rule: str, sentence: str) -> Finding:
    """Something to know about the whole file."""
    return Finding("notice", rule, sentence)


def counted(count: int, one: str, many: str) -> str:
    """'1 rad', '3 778 rader'."""
    return f"{count:,} {one if count == 1 else many}".replace(",", "\u00a0")


def listed(names: Iterable[str], most: int = FEW) -> str:
    """'A, B och C', each name once; after the first few only how many more there are."""
    each: Sequence[str] = list(dict.fromkeys(names))
    if len(each) > most + 1:
        each = [*each[:most], f"{len(each) - most} till"]
    return " och ".join(part for part in (", ".join(each[:-1]), each[-1] if each else "") if part)


def slug(text: str) -> str:
    """A name as part of an id: small letters without dots over them, figures, and a hyphen between words."""
    return re.sub(r"[^a-z0-9]+", "-", same(text).translate(str.maketrans("åäöéü", "aaoeu"))).strip("-")
