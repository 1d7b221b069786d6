"""Files made of hostile texts hold no formula, no link and no picture from elsewhere, in any format."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from pages.parts import handing_out, source
from pages.parts.agendas import committee_agenda
from pages.parts.export import FORMULA_START, NUMBER
from pages.parts.filters import Filters
from pages.parts.reports.formats import FORMATS
from queries.connection import Exports, Library
from queries.versions import EMBEDDED, Store
from tests.hostile_version import ELSEWHERE, hostile_version
from tests.pages.conftest import Visit
from tests.pages.reports import opened

VISITS = (
    ("goals.py", {}),
    ("comparison.py", {"vy": "Tabell"}),
    ("actions.py", {"uppfoljning": "Frågor att ställa"}),
    ("recurring.py", {}),
    ("school.py", {"skoldel": "Klagomål"}),
    ("month.py", {"manad": "Stora avvikelser"}),
    ("dialogue.py", {"dialog": "Överenskommelser"}),
)


@pytest.fixture(scope="module")
def hostile_library(exports: Exports, tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("hostile")
    hostile_version(Store((EMBEDDED, folder)), exports)
    return Library(Store((EMBEDDED, folder)))


def is_run_by_a_spreadsheet(cell: object) -> bool:
    is_risky = isinstance(cell, str) and cell.startswith((*FORMULA_START, "\t", "\r"))
    return is_risky and not NUMBER.fullmatch(cell)


@pytest.mark.parametrize(("page", "link"), VISITS)
def test_asvs_1_2_10_no_download_of_a_page_holds_a_formula(
    hostile_library: Library, monkeypatch: pytest.MonkeyPatch, visit: Visit, page: str, link: dict[str, str]
) -> None:
    files: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(source, "library", lambda: hostile_library)
    monkeypatch.setattr(
        handing_out, "offer", lambda label, content, *, file_name, **_: files.update({file_name: content})
    )
    assert not visit(page, **link).exception
    for name, content in files.items():
        if name.endswith(".csv"):
            rows = csv.reader(io.StringIO(content().decode("utf-8-sig")), delimiter=";")
            cells = [cell for row in rows for cell in row]
        else:
            book = openpyxl.load_workbook(io.BytesIO(content()))
            written = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
            assert {cell.data_type for cell in written} <= {"s", "n"}
            assert [cell for cell in written if cell.hyperlink] == []
            cells = [cell.value for cell in written if isinstance(cell.value, str)]
        assert [cell for cell in cells if is_run_by_a_spreadsheet(cell)] == []
    assert len(files) >= 2


@pytest.fixture(scope="module")
def packs(hostile_library: Library) -> dict[str, bytes]:
    exports = hostile_library.open()
    chosen = Filters("9901", "Exempelkommunen", None, True, None, None, None, ())
    pack = committee_agenda(exports, chosen, "http://namndkollen.test")
    assert ELSEWHERE in str(pack)
    return {name: FORMATS[name].made(pack) for name in ("PPTX", "DOCX", "XLSX")}


def test_no_pack_holds_a_formula(packs: dict[str, bytes]) -> None:
    books = [
        opened.sheets_of(packs["XLSX"]),
        *(book for _, book in opened.workbooks_in_slides(packs["PPTX"])),
    ]
    cells = [cell for book in books for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [cell.value for cell in cells if is_run_by_a_spreadsheet(cell.value)] == []


@pytest.mark.parametrize("name", ["PPTX", "DOCX", "XLSX"])
def test_no_pack_refers_to_another_host(packs: dict[str, bytes], name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(packs[name])) as parts:
        relations = [parts.read(each).decode() for each in parts.namelist() if each.endswith(".rels")]
    assert relations and not [each for each in relations if ELSEWHERE in each]
