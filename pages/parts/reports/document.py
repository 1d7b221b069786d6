"""A pack as a document for Word: real headings, tables whose headings repeat, pictures with their text alternative."""

from __future__ import annotations

import io
from datetime import datetime, time
from itertools import count

from docx import Document
from docx.document import Document as Written
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as WrittenTable
from docx.text.paragraph import Paragraph

from pages.parts.pieces import Pack, Piece, alternative
from pages.parts.reports import cells, pictures
from pages.parts.reports.looks import GUIDE, INK, LOOKS, MUTED

LANGUAGE = "sv-SE"
# A typeface that every computer with Word has.
FAMILY = "Arial"
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 21.0, 29.7, 2.2
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
SIZES = {"Normal": 10.5, "Title": 24, "Subtitle": 13, "Heading 1": 17, "Heading 2": 13, "List Bullet": 10}
TABLE_SIZE, SMALL_SIZE, SENTENCE_SIZE = 9, 8.5, 11.5
LETTERS_ACROSS = 95


def as_docx(pack: Pack) -> bytes:
    """The pack as A4 pages: title, contents with links, then section by section."""
    clean = cells.ready(pack)
    written = Document()
    _lay_out(written, clean)
    _cover(written, clean)
    places = count(1)
    for section in clean.sections:
        _bookmark(written.add_heading(section.title, 1), next(places))
        for piece in section.pieces:
            _place(written, piece, next(places))
    file = io.BytesIO()
    written.save(file)
    return file.getvalue()


def _lay_out(written: Written, pack: Pack) -> None:
    page = written.sections[0]
    page.page_width, page.page_height = Cm(PAGE_WIDTH), Cm(PAGE_HEIGHT)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)
    for name, size in SIZES.items():
        _style(written, name, size)
    defaults = written.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    language = _child(defaults, "w:lang") if language is None else language
    language.set(qn("w:val"), LANGUAGE)
    _child(written.settings.element, "w:autoHyphenation")
    _foot(page.footer.paragraphs[0], pack)
    known = written.core_properties
    known.title, known.subject, known.author, known.language = (
        pack.title,
        pack.subject,
        "Nämndkollen",
        LANGUAGE,
    )
    known.created = known.modified = datetime.combine(pack.made, time.min)
    known.last_modified_by, known.comments = "Nämndkollen", " ".join(cells.about(pack))


def _style(written: Written, name: str, size: float) -> None:
    style = written.styles[name]
    style.font.name, style.font.size = FAMILY, Pt(size)
    style.font.bold = name in ("Title", "Heading 1", "Heading 2")
    style.font.italic = False
    style.font.color.rgb = _colour(INK)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # The theme's own typeface would win over a named one.
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    border = style.element.find(f".//{qn('w:pBdr')}")
    if border is not None:
        border.getparent().remove(border)


def _cover(written: Written, pack: Pack) -> None:
    written.add_paragraph(pack.title, "Title")
    written.add_paragraph(pack.subject, "Subtitle")
    for line in cells.about(pack):
        written.add_paragraph(line)
    if pack.link:
        line = written.add_paragraph(f"{cells.SAME_ON_WEB} ")
        _linked(line, pack.link, address=cells.address(pack)) if cells.address(pack) else line.add_run(
            pack.link
        )
    named = written.add_paragraph()
    _run(named, "Innehåll", SIZES["Heading 2"], bold=True)
    places = count(1)
    for section in pack.sections:
        _linked(written.add_paragraph(), section.title, place=next(places), bold=True)
        for piece in section.pieces:
            line = written.add_paragraph()
            line.paragraph_format.left_indent = Cm(0.6)
            line.paragraph_format.space_after = Pt(2)
            _linked(line, piece.question, place=next(places))


def _place(written: Written, piece: Piece, place: int) -> None:
    _bookmark(written.add_heading(piece.question, 2), place)
    sentence = written.add_paragraph()
    _run(sentence, piece.sentence, SENTENCE_SIZE)
    sentence.paragraph_format.keep_with_next = not piece.is_empty
    if piece.chart is not None:
        _picture(written, piece, place)
    for note in cells.notes(piece):
        written.add_paragraph(note, "List Bullet")
    if not piece.is_empty:
        _table(written, piece)
    if piece.source:
        source = written.add_paragraph()
        source.paragraph_format.space_before = Pt(4)
        _run(source, piece.source, SMALL_SIZE, MUTED)


def _picture(written: Written, piece: Piece, place: int) -> None:
    paragraph = written.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    made = paragraph.add_run().add_picture(io.BytesIO(pictures.png(piece.chart)), width=Cm(TEXT_WIDTH))
    known = made._inline.docPr
    known.set("descr", alternative(piece))
    known.set("name", f"Figur {place}")


def _table(written: Written, piece: Piece) -> None:
    table = cells.table_of(piece)
    placed = written.add_table(rows=0, cols=len(table.headings))
    placed.autofit = False
    _rules(placed, piece.question)
    shares = cells.widths(table, LETTERS_ACROSS)
    for column, share in zip(placed.columns, shares, strict=True):
        column.width = Cm(TEXT_WIDTH * share)
    for place, row in enumerate((table.headings, *table.rows)):
        written_row = placed.add_row()
        known = written_row._tr.get_or_add_trPr()
        _child(known, "w:cantSplit")
        if place == 0:
            _child(known, "w:tblHeader")
        # Asked for once a row: each cell looked up by itself takes a walk through the whole table.
        for cell, text, share, is_number in zip(written_row.cells, row, shares, table.is_number, strict=True):
            cell.width = Cm(TEXT_WIDTH * share)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            if is_number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _run(paragraph, text, TABLE_SIZE, bold=place == 0)


def _rules(placed: WrittenTable, title: str) -> None:
    """Thin lines between rows and nothing else, and a name for those who cannot see the table."""
    known = placed._tbl.tblPr
    borders = _child(known, "w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = _child(borders, f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("color", GUIDE[1:])):
            line.set(qn(f"w:{name}"), value)
    layout = known.find(qn("w:tblLayout"))
    # The schema wants the borders before the layout.
    if layout is not None:
        known.remove(borders)
        layout.addprevious(borders)
    _child(known, "w:tblCaption").set(qn("w:val"), title)


def _foot(paragraph: Paragraph, pack: Pack) -> None:
    _run(paragraph, f"{cells.foot(pack)} · Sida ", SMALL_SIZE, MUTED)
    _field(paragraph, "PAGE")
    _run(paragraph, " av ", SMALL_SIZE, MUTED)
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)
    run = paragraph.add_run("1")
    run.font.size, run.font.color.rgb = Pt(SMALL_SIZE), _colour(MUTED)
    field.append(run._r)


def _run(paragraph: Paragraph, text: str, size: float, colour: str = INK, *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, _colour(colour)


def _linked(
    paragraph: Paragraph, text: str, *, address: str = "", place: int = 0, bold: bool = False
) -> None:
    """A link to an address, or to a place in the document."""
    link = OxmlElement("w:hyperlink")
    if address:
        link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    else:
        link.set(qn("w:anchor"), _bookmark_name(place))
    paragraph._p.append(link)
    run = paragraph.add_run(text)
    run.font.bold, run.font.color.rgb = bold, _colour(LOOKS["own"].colour)
    link.append(run._r)


def _bookmark(paragraph: Paragraph, place: int) -> None:
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = _child(paragraph._p, tag)
        mark.set(qn("w:id"), str(place))
        if tag == "w:bookmarkStart":
            mark.set(qn("w:name"), _bookmark_name(place))


def _bookmark_name(place: int) -> str:
    return f"plats{place}"


def _child(parent: object, tag: str) -> object:
    child = OxmlElement(tag)
    parent.append(child)
    return child


def _colour(code: str) -> RGBColor:
    return RGBColor.from_string(code[1:])
