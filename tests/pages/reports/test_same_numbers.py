"""The same pack in four formats: each file is opened again, and its numbers are the pack's."""

from __future__ import annotations

import pytest

from pages.parts.pieces import Piece, alternative
from pages.parts.reports import cells
from pages.parts.reports.formats import FORMATS
from tests.pages.reports import opened, packs

PACK = packs.every_kind()
PIECES = [piece for piece in PACK.pieces if not piece.is_empty]
DRAWN = [piece for piece in PACK.pieces if piece.chart is not None]

by_piece = pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.key)
by_drawn = pytest.mark.parametrize("piece", DRAWN, ids=lambda piece: piece.key)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {name: format.made(PACK) for name, format in FORMATS.items()}


@pytest.fixture(scope="module")
def text(files: dict[str, bytes]) -> str:
    return opened.squeezed(opened.text_of(opened.pdf_of(files["PDF"])))


def values(piece: Piece) -> list[list[object]]:
    """The cells of a piece's table: numbers as floats, nothing as None."""
    return [
        [None if cell is None or cell != cell else cell for cell in row]
        for row in piece.rows.itertuples(index=False, name=None)
    ]


@by_piece
def test_tables_are_the_same_in_powerpoint_and_word(files: dict[str, bytes], piece: Piece) -> None:
    in_slides = opened.tables_in_slides(files["PPTX"])[piece.question]
    assert in_slides == opened.tables_in_document(files["DOCX"])[piece.question]
    assert in_slides[0] == list(piece.rows.columns)


@by_piece
def test_tables_hold_the_numbers_of_the_pack_with_a_dash_for_none(
    files: dict[str, bytes], piece: Piece
) -> None:
    shown = opened.tables_in_document(files["DOCX"])[piece.question][1:]
    for row, line in zip(shown, values(piece), strict=True):
        for text, cell in zip(row, line, strict=True):
            if cell is None:
                assert text == "–"
            else:
                assert text == cell if isinstance(cell, str) else opened.number_of(text) == cell


@by_piece
def test_tables_are_the_same_in_pdf(files: dict[str, bytes], text: str, piece: Piece) -> None:
    rows = opened.tables_in_document(files["DOCX"])[piece.question]
    missing = [row for row in rows if opened.squeezed("".join(row)) not in text]
    assert missing == []


@by_piece
def test_workbook_holds_the_same_tables_with_numbers_as_numbers(
    files: dict[str, bytes], piece: Piece
) -> None:
    place = PACK.pieces.index(piece) + 1
    rows = opened.block(opened.sheets_of(files["XLSX"]), place, len(piece.rows.columns))
    neutral = [[f"'{cell}" if cell in ("=", "+") else cell for cell in row] for row in values(piece)]
    assert rows == [list(piece.rows.columns), *neutral]


@by_drawn
def test_figures_hold_the_numbers_of_the_pack_and_nothing_for_a_gap(
    files: dict[str, bytes], piece: Piece
) -> None:
    drawn = opened.figures_in_slides(files["PPTX"])[piece.question]
    wanted = {
        one.name: dict(zip(piece.chart.categories, one.values, strict=True)) for one in piece.chart.series
    }
    assert drawn == wanted
    headings = len(piece.chart.series) + 1
    place = PACK.pieces.index(piece) + 1
    rows = opened.block(opened.sheets_of(files["XLSX"]), place, headings, "Figurens värden")
    assert {
        name: {row[0]: row[column] for row in rows[1:]} for column, name in enumerate(wanted, start=1)
    } == wanted


def test_workbooks_inside_figures_hold_the_same_numbers_and_no_more(files: dict[str, bytes]) -> None:
    found: dict[str, opened.Figure] = {}
    for question, book in opened.workbooks_in_slides(files["PPTX"]):
        assert len(book.worksheets) == 1
        head, *rows = book.worksheets[0].iter_rows(values_only=True)
        for column, name in enumerate(head[1:], start=1):
            inside = {row[0]: row[column] for row in rows}
            found.setdefault(question, {}).setdefault(name, {}).update(inside)
    assert found == opened.figures_in_slides(files["PPTX"])


def test_figures_on_paper_tell_their_numbers_to_those_who_cannot_see(files: dict[str, bytes]) -> None:
    told = [alternative(piece) for piece in DRAWN]
    assert opened.alternatives_in_document(files["DOCX"]) == told
    tree = opened.pdf_of(files["PDF"]).trailer["/Root"]["/StructTreeRoot"]
    figures = [node for node in opened.elements(tree["/K"]) if node["/S"] == "/Figure"]
    assert [str(node["/Alt"]) for node in figures] == told


@pytest.mark.parametrize("name", ["PPTX", "DOCX", "PDF"])
def test_words_are_there_in_every_format(files: dict[str, bytes], text: str, name: str) -> None:
    said = {"PDF": text, "DOCX": words_of_document(files), "PPTX": words_of_slides(files)}[name]
    for piece in PACK.pieces:
        for line in (piece.question, piece.sentence, piece.source, *cells.notes(piece)):
            assert opened.squeezed(line) in said, line
    for section in PACK.sections:
        assert opened.squeezed(section.title) in said
    assert "version12" in said and "Påhittadeuppgifter" in said
    assert opened.squeezed(PACK.link) in said


def words_of_document(files: dict[str, bytes]) -> str:
    import io

    import docx

    return opened.squeezed("".join(part.text for part in docx.Document(io.BytesIO(files["DOCX"])).paragraphs))


def words_of_slides(files: dict[str, bytes]) -> str:
    shapes = [shape for slide in opened.slides_of(files["PPTX"]).slides for shape in slide.shapes]
    return opened.squeezed("".join(shape.text_frame.text for shape in shapes if shape.has_text_frame))


def test_every_shape_of_a_status_is_shown_in_every_format(files: dict[str, bytes], text: str) -> None:
    question = next(piece.question for piece in PIECES if piece.key == "tecknen")
    shapes = set(packs.SHAPES.split(" "))
    for tables in (opened.tables_in_slides(files["PPTX"]), opened.tables_in_document(files["DOCX"])):
        assert shapes <= {cell for row in tables[question] for cell in row}
    assert "\ufffd" not in text and shapes <= set(text)


def test_same_pack_gives_the_same_pdf() -> None:
    small = packs.pack(packs.piece("resultaten", packs.lines()))
    assert FORMATS["PDF"].made(small) == FORMATS["PDF"].made(small)
