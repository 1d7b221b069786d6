"""Reports that a screen reader can read: PDF/UA-1 marks, headings, languages, repeated headings of tables."""

from __future__ import annotations

import io
import re

import docx
import pytest
from docx.oxml.ns import qn

from pages.parts.reports.formats import FORMATS
from tests.pages.reports import opened, packs

PACK = packs.every_kind()


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {name: FORMATS[name].made(PACK) for name in ("PPTX", "DOCX", "PDF")}


def test_pdf_says_that_it_is_tagged_swedish_and_pdf_ua(files: dict[str, bytes]) -> None:
    root = opened.pdf_of(files["PDF"]).trailer["/Root"]
    assert root["/Lang"] == "sv-SE"
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    told = root["/Metadata"].get_data().decode("utf-8")
    assert re.search(r"pdfuaid:part(>|=\")1", told)
    assert PACK.title in told


def test_pdf_has_headings_in_order_and_tables_with_headings(files: dict[str, bytes]) -> None:
    tree = opened.pdf_of(files["PDF"]).trailer["/Root"]["/StructTreeRoot"]
    kinds = [str(node["/S"]) for node in opened.elements(tree["/K"])]
    levels = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert levels and all(later <= earlier + 1 for earlier, later in zip([0, *levels], levels, strict=False))
    tables = sum(not piece.is_empty for piece in PACK.pieces)
    columns = sum(len(piece.rows.columns) for piece in PACK.pieces if not piece.is_empty)
    assert kinds.count("/Table") == kinds.count("/THead") == tables
    assert kinds.count("/TH") == columns


def test_pdf_gives_every_figure_an_alternative_and_every_font_inside(files: dict[str, bytes]) -> None:
    reader = opened.pdf_of(files["PDF"])
    nodes = list(opened.elements(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))
    assert all(node.get("/Alt") for node in nodes if node["/S"] == "/Figure")
    assert {page.get("/Tabs") for page in reader.pages if "/Annots" in page} == {"/S"}
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert "/FontFile2" in inner or "/FontFile3" in inner


def test_pdf_opens_with_bookmarks_of_sections_and_questions(files: dict[str, bytes]) -> None:
    outline = opened.pdf_of(files["PDF"]).outline
    titles = [entry.title for entry in outline if not isinstance(entry, list)]
    assert titles[-2:] == [section.title for section in PACK.sections]


def test_word_has_real_headings_a_title_and_swedish(files: dict[str, bytes]) -> None:
    document = docx.Document(io.BytesIO(files["DOCX"]))
    headings = [part.text for part in document.paragraphs if part.style.name == "Heading 2"]
    assert headings == [piece.question for piece in PACK.pieces]
    assert document.core_properties.title == PACK.title
    languages = {node.get(qn("w:val")) for node in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"sv-SE"}


def test_word_repeats_the_headings_of_every_table(files: dict[str, bytes]) -> None:
    for table in docx.Document(io.BytesIO(files["DOCX"])).tables:
        repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert repeated == [True] + [False] * (len(repeated) - 1)


def test_every_slide_has_a_title_of_its_own(files: dict[str, bytes]) -> None:
    titles = [slide.shapes.title.text for slide in opened.slides_of(files["PPTX"]).slides]
    assert all(titles) and len(set(titles)) == len(titles)


def test_figures_and_tables_on_slides_have_an_alternative(files: dict[str, bytes]) -> None:
    frames = [
        shape
        for slide in opened.slides_of(files["PPTX"]).slides
        for shape in slide.shapes
        if shape.has_chart or shape.has_table
    ]
    assert all(frame._element.nvGraphicFramePr.cNvPr.get("descr") for frame in frames)


def test_letters_on_slides_are_large_enough_and_swedish(files: dict[str, bytes]) -> None:
    for slide in opened.slides_of(files["PPTX"]).slides:
        for shape in slide.shapes:
            runs = shape._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}rPr")
            for run in runs:
                least = 1050 if shape.has_table or is_source(shape) else 1400
                assert int(run.get("sz", least)) >= least
                assert run.get("lang", "sv-SE") == "sv-SE"


def test_nothing_on_a_slide_lies_outside_it_or_on_something_else(files: dict[str, bytes]) -> None:
    written = opened.slides_of(files["PPTX"])
    for slide in written.slides:
        # Numbers of marks lie in their figure.
        shapes = [shape for shape in slide.shapes if not is_mark(shape)]
        for place, one in enumerate(shapes):
            assert one.left >= 0 and one.left + one.width <= written.slide_width
            assert one.top >= 0 and one.top + one.height <= written.slide_height, slide.shapes.title.text
            assert [other.name for other in shapes[place + 1 :] if overlap(one, other)] == []


def is_source(shape: object) -> bool:
    return shape.has_text_frame and "Källa:" in shape.text_frame.text


def is_mark(shape: object) -> bool:
    return not hasattr(shape, "has_chart") or (shape.has_text_frame and shape.text_frame.text in ("1", "2"))


def overlap(one: object, other: object) -> bool:
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    # A hundredth of an inch is rounding.
    return min(across, down) > 9144
