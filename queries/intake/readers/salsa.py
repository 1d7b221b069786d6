"""SALSA per school, as JSON: what a school's merit value was expected to be, and how far from that it came.

The figures are Kolada's U15415 and U15416. The file is a mapping, skolenhetskod → {expected, deviation, year}.
"""

from __future__ import annotations

import re
from typing import Any

from queries.intake.followed import UNITS, counted, notice
from queries.intake.readers.kolada import PUBLISHER, QUOTED
from queries.intake.reading import Base, Finding, Options, Reading, Refused, Source, stage
from queries.intake.sheets import Book

TITLE = "SALSA per skola ur Kolada"
UNIT_CODE = re.compile(r"\d{8}")
INDICATORS = {"expected": "U15415", "deviation": "U15416"}


def recognise(book: Book) -> str | None:
    """A mapping from school codes to SALSA's figures."""
    document = book.document
    if book.container != "json" or not isinstance(document, dict) or not document:
        return None
    return TITLE if all(_is_school(code, figures) for code, figures in document.items()) else None


def read(book: Book, base: Base, options: Options) -> Reading:
    """Two outcomes for each school that is published already. Raises Refused when none of them is."""
    units = {unit["unit_id"]: unit for unit in base.rows(UNITS)}
    known = {code: figures for code, figures in book.document.items() if code in units}
    if not known:
        text = "Ingen av skolorna i filen finns här. Läs först in dem, till exempel med Skolverkets statistik per skolenhet."
        raise Refused(Finding("error", "nothing_taken", text))
    source = Source(
        f"kolada-salsa-{options.today}",
        f"Kolada, SALSA per skola hämtat {options.today}",
        PUBLISHER,
        retrieved_date=str(options.today),
        note=QUOTED,
        is_official=True,
    )
    rows = [
        {
            "municipality_id": units[code]["municipality_id"],
            "indicator_id": indicator_id,
            "unit_id": code,
            "year": figures.get("year"),
            "gender": "T",
            "operator": units[code]["operator"],
            "value": figures[name],
            "marker": None,
            "source_id": source.source_id,
            "_heading": f"{code}, {name}",
        }
        for code, figures in known.items()
        for name, indicator_id in INDICATORS.items()
    ]
    left_out = counted(len(book.document) - len(known), "skola", "skolor")
    findings = [notice("unknown_unit", f"Skolor som inte finns här tas inte in: {left_out} i filen.")]
    staged = [stage(base.connection, "outcomes", rows)]
    return Reading("salsa", TITLE, source, staged, findings if len(known) < len(book.document) else [])


def _is_school(code: Any, figures: Any) -> bool:
    return (
        bool(UNIT_CODE.fullmatch(code)) and isinstance(figures, dict) and INDICATORS.keys() <= figures.keys()
    )
