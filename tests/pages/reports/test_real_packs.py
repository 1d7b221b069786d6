"""The packs that meetings get, of the embedded data: every format tells what the pieces tell, and the pages with them."""

from __future__ import annotations

import io

import docx
import pytest

from pages.parts.agendas import committee_agenda, meeting_agenda
from pages.parts.filters import Filters
from pages.parts.links import labels_of
from pages.parts.pieces import Pack
from pages.parts.reports.formats import FORMATS
from queries import places
from queries.connection import Exports, Library
from queries.dialogue import Meeting
from tests.pages.reports import opened

# A school with large groups, and one so small that most of its results are hidden.
LARGE, SMALL = "19901103", "09901108"


def chosen(exports: Exports, code: str, name: str, unit_id: str | None = None) -> Filters:
    labels = labels_of(places.units(exports, municipality_id=code))
    unit = labels.get(unit_id or "")
    return Filters(code, name, None, code == "9901", unit_id, unit, None, tuple(labels.items()))


@pytest.fixture(
    scope="module", params=["autumn of a school", "autumn of a small school", "the committee's own"]
)
def pack(request: pytest.FixtureRequest, embedded_library: Library) -> Pack:
    exports = embedded_library.open(None)
    if request.param == "the committee's own":
        return committee_agenda(exports, chosen(exports, "0580", "Linköping"), "http://namndkollen.test")
    unit_id = SMALL if "small" in request.param else LARGE
    about = chosen(exports, "9901", "Exempelkommunen", unit_id)
    return meeting_agenda(exports, about, Meeting("autumn", 2026), "http://namndkollen.test")


@pytest.fixture(scope="module")
def files(pack: Pack) -> dict[str, bytes]:
    return {name: format.made(pack) for name, format in FORMATS.items()}


def bare(words: str) -> str:
    """Words without blanks and hyphens: on paper, a hyphen may end a line."""
    return opened.squeezed(words).replace("-", "")


def test_every_table_is_the_same_in_every_format(pack: Pack, files: dict[str, bytes]) -> None:
    slides, document = opened.tables_in_slides(files["PPTX"]), opened.tables_in_document(files["DOCX"])
    paper = bare(opened.text_of(opened.pdf_of(files["PDF"])))
    book = opened.sheets_of(files["XLSX"])
    for place, piece in enumerate(pack.pieces, start=1):
        if piece.is_empty:
            continue
        assert slides[piece.question] == document[piece.question]
        assert len(document[piece.question]) == len(piece.rows) + 1
        for row in document[piece.question]:
            assert bare("".join(row)) in paper, f"{piece.question}: {row}"
        assert len(opened.block(book, place, len(piece.rows.columns))) == len(piece.rows) + 1


def test_every_figure_in_powerpoint_holds_the_numbers_of_its_piece(
    pack: Pack, files: dict[str, bytes]
) -> None:
    drawn = opened.figures_in_slides(files["PPTX"])
    for piece in pack.pieces:
        if piece.chart is None:
            continue
        for one in piece.chart.series:
            assert drawn[piece.question][one.name] == dict(
                zip(piece.chart.categories, one.values, strict=True)
            )


def test_every_sentence_and_source_stands_in_every_format(pack: Pack, files: dict[str, bytes]) -> None:
    shapes = [shape for slide in opened.slides_of(files["PPTX"]).slides for shape in slide.shapes]
    said = {
        "PPTX": "".join(shape.text_frame.text for shape in shapes if shape.has_text_frame),
        "DOCX": "".join(part.text for part in docx.Document(io.BytesIO(files["DOCX"])).paragraphs),
        "PDF": opened.text_of(opened.pdf_of(files["PDF"])),
    }
    for name, words in said.items():
        found = bare(words)
        for piece in pack.pieces:
            for line in (piece.question, piece.sentence, piece.source):
                assert bare(line) in found, f"{name}: {line}"


def test_what_is_hidden_is_a_gap_in_the_figure_too(pack: Pack) -> None:
    for piece in pack.pieces:
        if piece.chart is None or piece.chart.kind != "lines" or len(piece.chart.series) != 1:
            continue
        hidden = [
            place
            for place, row in enumerate(piece.rows.astype(str).agg(" ".join, axis=1))
            if "isas inte" in row
        ]
        if len(piece.rows) == len(piece.chart.categories):
            assert all(piece.chart.series[0].values[place] is None for place in hidden)
