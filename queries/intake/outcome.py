"""What a check of a file came to, as it travels from the process that read the file to those who asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from queries.intake.reading import Finding, Need, Options

Verdict = Literal["accepted", "warnings", "rejected", "needs", "unchanged"]
NO_CHANGES = "Inga ändringar: allt i filen är redan publicerat."
# Findings on screen; the download has all.
FINDINGS_SHOWN = 200
# What the worker leaves in the draft: every finding, every row that changes, or where it failed.
ALL_FINDINGS = "findings.csv"
CHANGES = "changes.csv"
FAILURE = "failure.txt"


@dataclass(frozen=True)
class TableChange:
    """How many rows of a table are new, changed and removed."""

    table: str
    new: int
    changed: int
    removed: int


@dataclass(frozen=True)
class IndicatorChange:
    """How many values for comparison of one indicator are new, changed and removed, and the one that moved most.

    title is that of the indicator, with its id; largest says where and from what to what, empty when none moved.
    """

    title: str
    new: int
    changed: int
    removed: int
    largest: str


@dataclass(frozen=True)
class Outcome:
    """What a check of one file came to.

    verdict: accepted (may be published), warnings (may be published by who accepts them), rejected, needs (the analyst
    must answer first), unchanged (nothing in it is new). draft_id names the draft when there is something to publish.
    findings are the first FINDINGS_SHOWN; counts tells of all. sentences say what changes for the politicians.
    took_personal_data: the file held personal data and every byte of it is gone.
    """

    verdict: Verdict
    name: str
    sha256: str = ""
    reader: str = ""
    title: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    needs: Sequence[Need] = ()
    asks: Sequence[Need] = ()
    sentences: Sequence[str] = ()
    changes: Sequence[TableChange] = ()
    by_indicator: Sequence[IndicatorChange] = ()
    draft_id: str | None = None
    base: int | None = None
    headings: Sequence[str] = ()
    took_personal_data: bool = False

    def as_json(self) -> str:
        """The outcome as JSON text; from_json is its inverse."""
        return json.dumps(asdict(self), ensure_ascii=False)


def from_json(text: str) -> Outcome:
    """The outcome that as_json wrote."""
    content = json.loads(text)
    kinds = {"findings": Finding, "needs": Need, "asks": Need, "changes": TableChange,
             "by_indicator": IndicatorChange}  # fmt: skip
    made = {name: tuple(kind(**each) for each in content[name]) for name, kind in kinds.items()}
    return Outcome(**{**content, **made})


def refusal(name: str, *findings: Finding, sha256: str = "", base: int | None = None) -> Outcome:
    """A rejected file."""
    return Outcome("rejected", name, sha256, counts=_counts(findings), findings=findings, base=base)


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    return {
        severity: sum(each.severity == severity for each in findings)
        for severity in ("error", "warning", "notice")
    }


def options_as_json(options: Options) -> dict[str, Any]:
    """Options as a mapping that JSON knows."""
    return {**asdict(options), "today": options.today.isoformat()}


def options_from_json(content: Mapping[str, Any]) -> Options:
    """The inverse of options_as_json."""
    return Options(**{**content, "today": date.fromisoformat(content["today"])})


def sentence(finding: Finding) -> str:
    """'Blad Data, rad 12, kolumn Utfall: ”abc”. Här väntades ett tal, t.ex. 81,5.'"""
    place = [
        f"blad ”{finding.sheet}”" if finding.sheet else "",
        f"rad {finding.line}" if finding.line else "",
        f"kolumn ”{finding.column}”" if finding.column else "",
    ]
    where = ", ".join(part for part in place if part)
    where = f"{where[:1].upper()}{where[1:]}"
    # A reader that has more to say than what was expected says it in a sentence of its own.
    if finding.severity == "notice" or finding.expected[:1].isupper() or finding.expected.endswith("."):
        said = f"{finding.expected[:1].upper()}{finding.expected[1:].removesuffix('.')}."
        return f"{where}: {said}" if where else said
    found = f"”{finding.found}”. " if finding.found else "Cellen är tom. " if finding.line else ""
    return f"{f'{where}: ' if where else ''}{found}Här väntades {finding.expected.removesuffix('.')}."
