"""A pack as PDF through Typst: tagged and checked as PDF/UA-1, which fails rather than give less.

paper.typ says how it looks. The pack goes in as data, never as Typst source, so no text in it is ever run.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from pages.parts.pieces import Pack, Piece, alternative
from pages.parts.reports import cells, fonts, pictures

TEMPLATE = Path(__file__).with_name("paper.typ")
STANDARD = "ua-1"
LETTERS_ACROSS = 95


def as_pdf(pack: Pack) -> bytes:
    """The pack as A4 pages in PDF/UA-1: title, contents, then section by section. The same pack gives the same bytes.

    Raises TypstError where the document cannot be made accessible.
    """
    return typst.compile(
        TEMPLATE,
        font_paths=[fonts.folder()],
        ignore_system_fonts=True,
        sys_inputs={"pack": json.dumps(_data(cells.ready(pack)), ensure_ascii=False)},
        pdf_standards=[STANDARD],
        timestamp=datetime.combine(pack.made, time.min, UTC),
    )


def _data(pack: Pack) -> dict[str, Any]:
    sections = [
        {"title": fonts.drawable(section.title), "pieces": [_piece(piece) for piece in section.pieces]}
        for section in pack.sections
    ]
    told = {"title": pack.title, "subject": pack.subject, "link": pack.link}
    shown = {name: fonts.drawable(text) for name, text in told.items()}
    return {
        **shown,
        "about": [fonts.drawable(line) for line in cells.about(pack)],
        "foot": fonts.drawable(cells.foot(pack)),
        "address": cells.address(pack),
        "same": cells.SAME_ON_WEB,
        "made": [pack.made.year, pack.made.month, pack.made.day],
        "sections": sections,
    }


def _piece(piece: Piece) -> dict[str, Any]:
    table = None if piece.is_empty else cells.table_of(piece)
    return {
        "question": fonts.drawable(piece.question),
        "sentence": fonts.drawable(piece.sentence),
        "notes": [fonts.drawable(note) for note in cells.notes(piece)],
        "source": fonts.drawable(piece.source),
        "picture": None if piece.chart is None else pictures.svg(piece.chart),
        "alternative": fonts.drawable(alternative(piece)),
        "table": table
        and {
            "headings": [fonts.drawable(heading) for heading in table.headings],
            "rows": [[fonts.drawable(cell) for cell in row] for row in table.rows],
            "widths": cells.widths(table, LETTERS_ACROSS),
            "is_number": table.is_number,
        },
    }
