"""Whatever stands in the data is text in a report: never source, a formula, markup or a reason to fail."""

from __future__ import annotations

from math import inf, nan

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pages.parts.pieces import Chart, Pack, Series
from pages.parts.reports.formats import FORMATS
from tests.pages.reports import opened, packs

by_format = pytest.mark.parametrize("name", FORMATS)
# Every character there is, halves of characters too.
anything = st.text(st.characters(), max_size=12)
figures = st.sampled_from([None, nan, inf, -inf]) | st.floats(-1e9, 1e9).map(lambda value: round(value, 3))
slowly = settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {name: format.made(packs.hostile()) for name, format in FORMATS.items()}


@st.composite
def nasty_packs(draw: st.DrawFn) -> Pack:
    count = draw(st.integers(0, 3))
    names = draw(st.lists(anything, min_size=count, max_size=count))
    values = draw(st.lists(figures, min_size=count, max_size=count))
    marks = tuple((name, draw(anything)) for name in names[:1])
    kind = draw(st.sampled_from(["lines", "bars", "stacked", "radar"]))
    chart = Chart(kind, tuple(names), (Series(draw(anything), tuple(values)),), draw(anything), marks=marks)
    rows = pd.DataFrame({draw(anything.filter(is_writable)): [*names, *values]}, dtype=object)
    made = packs.piece(
        "f", chart, rows=rows, question=draw(anything), sentence=draw(anything), source=draw(anything)
    )
    return packs.pack(
        made, title=draw(anything), subject=draw(anything), link=draw(anything), is_invented=False
    )


def is_writable(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


@by_format
@slowly
@given(pack=nasty_packs())
def test_any_text_and_number_can_be_reported(name: str, pack: Pack) -> None:
    assert FORMATS[name].made(pack)


def test_texts_that_look_like_typst_are_shown_as_they_are(files: dict[str, bytes]) -> None:
    text = opened.squeezed(opened.text_of(opened.pdf_of(files["PDF"])))
    for nasty in packs.HOSTILE[:4]:
        assert opened.squeezed(nasty) in text
    assert "root:" not in text


def test_no_cell_of_any_workbook_is_a_formula(files: dict[str, bytes]) -> None:
    books = [
        opened.sheets_of(files["XLSX"]),
        *(book for _, book in opened.workbooks_in_slides(files["PPTX"])),
    ]
    cells = [cell for book in books for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value for cell in cells if str(cell.value).startswith(("=", "@"))] == []


def test_links_of_the_data_lead_nowhere(files: dict[str, bytes]) -> None:
    reader = opened.pdf_of(files["PDF"])
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert [note for note in notes if note.get("/A", {}).get("/S") == "/URI"] == []
    links = [
        relation.reltype
        for slide in opened.slides_of(files["PPTX"]).slides
        for relation in slide.part.rels.values()
        if relation.is_external
    ]
    assert links == []


def test_control_characters_and_turned_reading_are_gone(files: dict[str, bytes]) -> None:
    said = "".join(
        cell for rows in opened.tables_in_document(files["DOCX"]).values() for row in rows for cell in row
    )
    assert "omvänd" in said
    assert not set(said) & set("\x00\x07\x1b\u202e\uffff")


@by_format
def test_a_pack_with_nothing_in_it_is_still_a_file(name: str) -> None:
    assert len(FORMATS[name].made(packs.pack())) > 1000
