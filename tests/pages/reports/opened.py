"""Files of a report opened again with other eyes than those that wrote them: tables, figures, texts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import docx
import openpyxl
import pptx
import pypdf
from docx.oxml.ns import qn
from openpyxl.workbook import Workbook
from pptx.presentation import Presentation

Rows = list[list[str]]
Figure = dict[str, dict[str, float | None]]

# What a slide that goes on adds to its question.
GOES_ON = re.compile(r"( – tabell| – att veta)?( \(\d+ av \d+\))?$")


def number_of(text: str) -> float | None:
    """'−1 234,5' → -1234.5, None where the text is no number."""
    plain = re.sub(r"[\s\u00a0]", "", text).replace("−", "-").replace(",", ".")
    return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None


def squeezed(text: str) -> str:
    """The text without white space, as lines may be broken anywhere."""
    return re.sub(r"[\s\u00a0\u00ad]+", "", text)


def slides_of(written: bytes) -> Presentation:
    return pptx.Presentation(io.BytesIO(written))


def question_of(title: str) -> str:
    """The question of a slide, without what says that it goes on."""
    return GOES_ON.sub("", title)


def tables_in_slides(written: bytes) -> dict[str, Rows]:
    """Question → headings and rows, put together again over the slides they go on over."""
    found: dict[str, Rows] = {}
    for slide in slides_of(written).slides:
        for shape in slide.shapes:
            if shape.has_table:
                rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
                known = found.setdefault(question_of(slide.shapes.title.text), rows[:1])
                assert known[0] == rows[0]
                known.extend(rows[1:])
    return found


def figures_in_slides(written: bytes) -> dict[str, Figure]:
    """Question → series → category → value, from the charts that PowerPoint draws."""
    found: dict[str, Figure] = {}
    for slide in slides_of(written).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                figure = found.setdefault(question_of(slide.shapes.title.text), {})
                for series in shape.chart.plots[0].series:
                    names = list(shape.chart.plots[0].categories)
                    figure.setdefault(series.name, {}).update(zip(names, series.values, strict=True))
    return found


def workbooks_in_slides(written: bytes) -> Iterator[tuple[str, Workbook]]:
    """The workbook inside each chart."""
    for slide in slides_of(written).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                inside = shape.chart.part.chart_workbook.xlsx_part.blob
                yield question_of(slide.shapes.title.text), openpyxl.load_workbook(io.BytesIO(inside))


def tables_in_document(written: bytes) -> dict[str, Rows]:
    """Question → headings and rows of the table below its heading."""
    found: dict[str, Rows] = {}
    question = ""
    document = docx.Document(io.BytesIO(written))
    for part in document.iter_inner_content():
        if isinstance(part, docx.table.Table):
            found[question] = [[cell.text for cell in row.cells] for row in part.rows]
        elif part.style.name == "Heading 2":
            question = part.text
    return found


def alternatives_in_document(written: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(written))
    return [known.get("descr", "") for known in document.element.iter(qn("wp:docPr"))]


def sheets_of(written: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(written))


def block(book: Workbook, place: int, headings: int, after: str = "") -> list[list[object]]:
    """The rows of the place-th piece's sheet: its table, or what stands after a heading, until an empty row."""
    rows = [list(row) for row in book.worksheets[place].iter_rows(values_only=True)]
    start = 3 if not after else next(at for at, row in enumerate(rows) if str(row[0]).startswith(after)) + 1
    taken = []
    for row in rows[start:]:
        if all(cell is None for cell in row):
            break
        taken.append(row[:headings])
    return taken


def pdf_of(written: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(written))


def text_of(reader: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def elements(node: object) -> Iterator[pypdf.generic.DictionaryObject]:
    """The elements of a PDF's structure, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from elements(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])
