"""A plan on its way into the data model: what was read, what is published, what has been staged and said so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from queries.intake.plans import registers
from queries.intake.plans.cells import normal
from queries.intake.plans.lines import Line
from queries.intake.plans.messages import finding
from queries.intake.plans.roles import looks_like_a_name
from queries.intake.plans.rows import Rows
from queries.intake.reading import Base, Finding, Need, Options, Source, Staged, stage

Cells = dict[str, Any]


@dataclass
class Plan:
    """headings: field → heading in the file. source: where the rows come from."""

    base: Base
    options: Options
    rows: Rows
    headings: Mapping[str, str]
    source: Source
    staged: list[Staged] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    asks: list[Need] = field(default_factory=list)

    @property
    def municipality_id(self) -> str:
        """Whose plan it is."""
        return self.options.municipality_id or ""

    @property
    def year(self) -> int:
        """The year of the plan and of the report."""
        return self.options.year or 0

    @property
    def same(self) -> Cells:
        """What all rows have in common."""
        return {
            "municipality_id": self.municipality_id,
            "year": self.year,
            "source_id": self.source.source_id,
        }

    def has(self, name: str) -> bool:
        """Whether the file tells of a field, in a column or for perspectives between its tables."""
        return name in self.headings or (name == "perspective" and self.rows.has_perspectives)

    def say(
        self, rule: str, line: Line | None = None, name: str = "", found: str = "", **said: object
    ) -> None:
        """Add what a rule says of a field of a line."""
        sheet, number = (line.sheet, line.number) if line else ("", None)
        self.findings.append(finding(rule, sheet, number, self.headings.get(name, ""), found, **said))

    def stage(
        self, table: str, rows: Sequence[Cells], fields: Mapping[str, str], *, always: Sequence[str] = ()
    ) -> None:
        """Stage rows. fields: column → the field it is read from.

        A column whose field the file lacks is left out, so that its published value stays, but for those in always,
        which a new row must have.
        """
        dropped = {column for column, name in fields.items() if not self.has(name) and column not in always}
        kept = [{column: cell for column, cell in row.items() if column not in dropped} for row in rows]
        headings = {column: self.headings[name] for column, name in fields.items() if name in self.headings}
        if kept:
            self.staged.append(stage(self.base.connection, table, kept, headings))

    def tell_unknown_words(
        self, kind: Literal["status", "verdict"], told: Iterable[tuple[Line, str]]
    ) -> None:
        """List each word that nobody has explained once, with how many rows have it."""
        lines: dict[str, list[Line]] = {}
        for line, text in told:
            lines.setdefault(text, []).append(line)
        for text in sorted(registers.unknown_words(self.base, kind, filter(None, lines))):
            self.say(f"unknown_{kind}", lines[text][0], kind, text, count=len(lines[text]))

    def unit_lookup(self) -> Callable[[str], str]:
        """What a unit's name stands for: its id, '' for the whole municipality, else the text for the checking to
        refuse."""
        units = registers.units_by_name(self.base, self.municipality_id, self.year)
        whole = {normal(word) for word in registers.WHOLE_MUNICIPALITY}
        return lambda text: "" if normal(text) in whole else units.get(normal(text), text)

    def roles(self, told: Sequence[tuple[Line, str]]) -> list[str]:
        """The roles of a column, '' where a person's name seems to stand: those are counted and never repeated."""
        names = [line for line, text in told if looks_like_a_name(text)]
        if names:
            self.say("person_names", names[0], "owner_role", count=len(names))
        return ["" if looks_like_a_name(text) else text for _, text in told]

    def indicators(self, told: Sequence[tuple[Line, str]]) -> list[list[str]]:
        """The indicators that each text names, apart by semicolons; what is no known indicator is told of."""
        known = registers.indicators_by_name(self.base)
        found: list[list[str]] = []
        unknown: dict[str, Line] = {}
        for line, text in told:
            names = (
                [text]
                if normal(text) in known
                else [part.strip() for part in text.split(";") if part.strip()]
            )
            unknown |= {name: line for name in names if normal(name) not in known and name not in unknown}
            found.append([known[normal(name)] for name in names if normal(name) in known])
        for name, line in unknown.items():
            self.say("unknown_indicator", line, "indicator", name)
        return found


def place(line: Line) -> Cells:
    """Where a row stood."""
    return {"_sheet": line.sheet, "_line": line.number}
