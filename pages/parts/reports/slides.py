"""A pack as slides: one question a slide, with a chart that can be changed in PowerPoint and the table where it fits."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from math import inf

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Written
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Inches, Pt

from pages.parts.pieces import Chart, Pack, Piece, alternative
from pages.parts.reports import cells, native_charts
from pages.parts.reports.looks import GUIDE, INK, MUTED
from pages.parts.reports.measuring import across, fit, height, pages, row_height
from pages.parts.reports.native_charts import Box

LANGUAGE = "sv-SE"
# A typeface that every computer with PowerPoint has; the template's own is replaced.
FAMILY, FAMILY_OF_TEMPLATE = b"Arial", b"Calibri"
WIDTH, HEIGHT = 13.333, 7.5
MARGIN, TOP, FOOT, GAP = 0.6, 0.3, 0.3, 0.15
ROOM = WIDTH - 2 * MARGIN
COVER, TITLE_ONLY = 0, 5
COVER_SIZE, TITLE_SIZE, SMALLER_TITLE, SENTENCE, TEXT, TABLE_SIZE = 40, 28, 24, 20, 14, 12
AGENDA_LINES = 11
# Long lines of sources are set smaller, so that they leave room for the answer.
HIGHEST_FOOT, SMALL_FOOT = 0.5, 10.5
# The share of a slide that a table may take beside its chart.
TABLE_SHARE = 0.37
MOST_COLUMNS_BESIDE = 4


def as_pptx(pack: Pack) -> bytes:
    """The pack as slides in 16:9: cover, agenda, then each question; long tables go on over the next slides."""
    clean = cells.ready(pack)
    written = Presentation()
    _lay_out(written, clean)
    _cover(written, clean)
    _agenda(written, clean)
    for section in clean.sections:
        for piece in section.pieces:
            Placed(written, clean, section.title, piece).place()
    file = io.BytesIO()
    written.save(file)
    return file.getvalue()


class Placed:
    """One piece on its way onto slides."""

    def __init__(self, written: Written, pack: Pack, section: str, piece: Piece) -> None:
        self.written, self.section, self.piece = written, section, piece
        self.foot = " ".join([piece.source, f"Version {pack.version} av uppgifterna."]).strip()
        self.foot = f"{cells.INVENTED}. {self.foot}" if pack.is_invented else self.foot
        is_short = height([self.foot], ROOM - 1, TEXT) <= HIGHEST_FOOT
        self.foot_size = TEXT if is_short else SMALL_FOOT
        self.floor = HEIGHT - FOOT - height([self.foot], ROOM - 1, self.foot_size) - GAP
        self.notes = cells.notes(piece)
        self.table = None if piece.is_empty else cells.table_of(piece)

    def place(self) -> None:
        """Put the piece on as many slides as it needs."""
        slide, top = self._slide(self.piece.question)
        top = self._sentence(slide, top)
        if self.piece.chart is not None:
            self._figure(slide, top, self.piece.chart)
        elif self.table is not None:
            self._tables(slide, top)
        elif self.notes:
            self._say_notes(slide, top)

    def _figure(self, slide: Slide, top: float, chart: Chart) -> None:
        """The chart, with notes and table where they leave it room enough; otherwise they follow it."""
        first, *rest = native_charts.parts(chart)
        notes = self._notes_height()
        has_notes = self.floor - top - notes >= native_charts.least(first)
        box = Box(MARGIN, top, ROOM, self.floor - top - (notes if has_notes else 0))
        box, has_table = self._place_table(slide, box, first) if not rest else (box, False)
        native_charts.place(slide, first, box, self._told(first))
        if has_notes:
            self._say_notes(slide, self.floor - notes)
        for place, part in enumerate(rest, start=2):
            slide, top = self._slide(f"{self.piece.question} ({place} av {len(rest) + 1})")
            box = Box(MARGIN, top, ROOM, self.floor - top)
            native_charts.place(slide, part, box, self._told(part))
        self._go_on([] if has_notes else self.notes, None if has_table else self.table)

    def _told(self, chart: Chart) -> str:
        return alternative(replace(self.piece, chart=chart))

    def _slide(self, title: str) -> tuple[Slide, float]:
        """A new slide with section, title and foot, and where its content may begin."""
        slide = self.written.slides.add_slide(self.written.slide_layouts[TITLE_ONLY])
        size = TITLE_SIZE if height([title], ROOM, TITLE_SIZE) < 2.5 * TITLE_SIZE / 72 else SMALLER_TITLE
        tall = height([title], ROOM, size * 1.08) + 0.1
        _place_title(slide, title, size, Box(MARGIN, TOP + 0.32, ROOM, tall))
        _say(slide, [self.section], Box(MARGIN, TOP, ROOM, 0.3), TEXT, MUTED)
        tall_foot = HEIGHT - FOOT - self.floor
        _say(
            slide,
            [self.foot],
            Box(MARGIN, self.floor + GAP, ROOM - 1, tall_foot - GAP),
            self.foot_size,
            MUTED,
        )
        _say_number(slide, len(self.written.slides))
        return slide, TOP + 0.32 + tall + GAP

    def _sentence(self, slide: Slide, top: float) -> float:
        tall = height([self.piece.sentence], ROOM, SENTENCE) + 0.05
        _say(slide, [self.piece.sentence], Box(MARGIN, top, ROOM, tall), SENTENCE)
        return top + tall + GAP

    def _notes_height(self) -> float:
        return height(self.notes, ROOM - 0.3, TEXT) + GAP if self.notes else 0.0

    def _say_notes(self, slide: Slide, top: float) -> None:
        if self.notes:
            _say(slide, self.notes, Box(MARGIN, top, ROOM, self._notes_height()), TEXT)

    def _place_table(self, slide: Slide, box: Box, chart: Chart) -> tuple[Box, bool]:
        """Put the table to the right of its chart or below it if it fits, and tell what is left for the chart."""
        if self.table is None:
            return box, False
        wide = ROOM * TABLE_SHARE
        if self._height(wide) <= box.height and len(self.table.headings) <= MOST_COLUMNS_BESIDE:
            place = Box(MARGIN + ROOM - wide, box.top, wide, 0.3)
            _table(slide, self.table, place, self.piece.question)
            return Box(box.left, box.top, ROOM - wide - 2 * GAP, box.height), True
        tall = self._height(ROOM)
        if box.height - tall - GAP < native_charts.least(chart):
            return box, False
        place = Box(MARGIN, box.top + box.height - tall, ROOM, 0.3)
        _table(slide, self.table, place, self.piece.question)
        return Box(box.left, box.top, box.width, box.height - tall - GAP), True

    def _height(self, width: float) -> float:
        """The inches that the whole table takes, without end where a word would be cut."""
        widths = _widths(self.table, width)
        rows = [self.table.headings, *self.table.rows]
        tall = sum(row_height(row, widths, TABLE_SIZE) for row in rows)
        return tall if fit(rows, widths, TABLE_SIZE) else inf

    def _go_on(self, notes: list[str], table: cells.Table | None) -> None:
        """What did not fit beside the chart, on slides of its own."""
        if notes:
            slide, top = self._slide(f"{self.piece.question} – att veta")
            self._say_notes(slide, top)
        if table is not None:
            slide, top = self._slide(f"{self.piece.question} – tabell")
            self._tables(slide, top)

    def _tables(self, slide: Slide, top: float) -> None:
        """The whole width for the table, over as many slides as it takes; notes below it or after it."""
        widths = _widths(self.table, ROOM)
        room = self.floor - (
            TOP + 0.32 + height([self.piece.question + " – tabell (99 av 99)"], ROOM, 30) + 0.1 + GAP
        )
        parts = pages(self.table, widths, TABLE_SIZE, room, self.floor - top)
        for place, part in enumerate(parts):
            if place:
                slide, top = self._slide(f"{self.piece.question} – tabell ({place + 1} av {len(parts)})")
            if part.rows:
                _table(slide, part, Box(MARGIN, top, ROOM, 0.3), self.piece.question)
        if self.piece.chart is None and self.notes:
            rows = (part.headings, *part.rows)
            end = top + sum(row_height(row, widths, TABLE_SIZE) for row in rows) + GAP
            if end + self._notes_height() > self.floor:
                slide, end = self._slide(f"{self.piece.question} – att veta")
            self._say_notes(slide, end)


def _lay_out(written: Written, pack: Pack) -> None:
    """16:9 for slides, layouts and master alike, so that slides added later look the same."""
    wider = Inches(WIDTH) / written.slide_width
    written.slide_width, written.slide_height = Inches(WIDTH), Inches(HEIGHT)
    master = written.slide_master
    for page in (master, *master.slide_layouts):
        for shape in page.shapes:
            if shape._element.find(f".//{qn('a:xfrm')}") is not None:
                shape.left, shape.width = round(shape.left * wider), round(shape.width * wider)
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = theme.blob.replace(FAMILY_OF_TEMPLATE, FAMILY)
    known = written.core_properties
    known.title, known.subject, known.author, known.language = (
        pack.title,
        pack.subject,
        "Nämndkollen",
        LANGUAGE,
    )
    known.created = known.modified = datetime.combine(pack.made, time.min)
    known.last_modified_by = "Nämndkollen"


def _cover(written: Written, pack: Pack) -> None:
    slide = written.slides.add_slide(written.slide_layouts[COVER])
    tall = height([pack.title], ROOM, COVER_SIZE * 1.08) + 0.2
    top = max(0.8, 2.9 - tall)
    _place_title(slide, pack.title, COVER_SIZE, Box(MARGIN, top, ROOM, tall))
    below = slide.placeholders[1]
    _move(below, Box(MARGIN, top + tall + GAP, ROOM, 3))
    lines = [pack.subject, *cells.about(pack), *([f"{cells.SAME_ON_WEB} {pack.link}"] if pack.link else [])]
    _fill(below.text_frame, lines, SENTENCE, MUTED, spacing=6)
    if cells.address(pack):
        below.text_frame.paragraphs[-1].runs[-1].hyperlink.address = cells.address(pack)


def _agenda(written: Written, pack: Pack) -> None:
    titles = [f"{place}. {section.title}" for place, section in enumerate(pack.sections, start=1)]
    for start in range(0, len(titles), AGENDA_LINES):
        slide = written.slides.add_slide(written.slide_layouts[TITLE_ONLY])
        more = f" ({start // AGENDA_LINES + 1})" if start else ""
        _place_title(slide, f"Innehåll{more}", TITLE_SIZE, Box(MARGIN, TOP + 0.32, ROOM, 0.6))
        shown = titles[start : start + AGENDA_LINES]
        _say(slide, shown, Box(MARGIN, 1.5, ROOM, 5), SENTENCE, spacing=8)
        _say_number(slide, len(written.slides))


def _place_title(slide: Slide, title: str, size: float, box: Box) -> None:
    _move(slide.shapes.title, box)
    frame = slide.shapes.title.text_frame
    _fill(frame, [title], size, INK, bold=True)
    frame.vertical_anchor = MSO_ANCHOR.TOP


def _widths(table: cells.Table, width: float) -> list[float]:
    return [width * share for share in cells.widths(table, across(width, TABLE_SIZE))]


def _table(slide: Slide, table: cells.Table, box: Box, title: str) -> None:
    rows = (table.headings, *table.rows)
    corners = Inches(box.left), Inches(box.top), Inches(box.width), Inches(0.3 * len(rows))
    frame = slide.shapes.add_table(len(rows), len(table.headings), *corners)
    known = frame._element.nvGraphicFramePr.cNvPr
    known.set("descr", f"Tabell: {title}")
    placed = frame.table
    placed.horz_banding = False
    widths = _widths(table, box.width)
    for column, width in zip(placed.columns, widths, strict=True):
        column.width = Inches(width)
    for place, (row, line) in enumerate(zip(placed.rows, rows, strict=True)):
        row.height = Inches(row_height(line, widths, TABLE_SIZE))
        for cell, text, is_number in zip(row.cells, line, table.is_number, strict=True):
            cell.margin_left = cell.margin_right = Inches(0.06)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            align = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
            _fill(cell.text_frame, [text], TABLE_SIZE, INK, bold=place == 0, align=align)
            cell.fill.background()
            _rule_below(cell, MUTED if place == 0 else GUIDE)


def _rule_below(cell: object, colour: str) -> None:
    """A thin line below a cell and none around it."""
    known = cell._tc.get_or_add_tcPr()
    sides = "".join(f'<a:{side} {{0}} w="0"><a:noFill/></a:{side}>' for side in ("lnL", "lnR", "lnT"))
    line = f'<a:lnB {{0}} w="9525"><a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill></a:lnB>'
    wrapped = parse_xml(f"<a:tcPr {{0}}>{sides}{line}</a:tcPr>".format(nsdecls("a")).replace("{0}", ""))
    for place, side in enumerate(list(wrapped)):
        known.insert(place, side)


def _say(
    slide: Slide, lines: Sequence[str], box: Box, size: float, colour: str = INK, *, spacing: float = 0
) -> None:
    placed = slide.shapes.add_textbox(*(Inches(side) for side in (box.left, box.top, box.width, box.height)))
    _fill(placed.text_frame, lines, size, colour, spacing=spacing)


def _say_number(slide: Slide, number: int) -> None:
    """The slide's number, which PowerPoint keeps right when slides are moved."""
    box = [Inches(side) for side in (WIDTH - MARGIN - 0.9, HEIGHT - FOOT - 0.3, 0.9, 0.3)]
    frame = slide.shapes.add_textbox(*box).text_frame
    _fill(frame, [""], TEXT, MUTED, align=PP_ALIGN.RIGHT)
    paragraph = frame.paragraphs[0]._p
    for run in paragraph.findall(qn("a:r")):
        paragraph.remove(run)
    look = f'<a:rPr lang="{LANGUAGE}" sz="{TEXT * 100}"><a:solidFill><a:srgbClr val="{MUTED[1:]}"/></a:solidFill></a:rPr>'
    field = f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">{look}<a:t>{number}</a:t></a:fld>'
    paragraph.append(parse_xml(field))


def _fill(
    frame: TextFrame,
    lines: Sequence[str],
    size: float,
    colour: str,
    *,
    bold: bool = False,
    align: PP_ALIGN = PP_ALIGN.LEFT,
    spacing: float = 0,
) -> None:
    """The lines as paragraphs, in the wished look and Swedish."""
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = align, Pt(spacing)
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, RGBColor.from_string(colour[1:])
        run._r.get_or_add_rPr().set("lang", LANGUAGE)


def _move(shape: object, box: Box) -> None:
    shape.left, shape.top = Inches(box.left), Inches(box.top)
    shape.width, shape.height = Inches(box.width), Inches(box.height)
