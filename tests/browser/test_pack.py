"""Question 15: the autumn pack of one unit, by hand in a browser, with equal numbers in every format."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
from docx import Document
from playwright.sync_api import Page, expect
from pptx import Presentation
from pypdf import PdfReader

from tests.browser.conftest import Visit
from tests.browser.test_pages import address, choose, fetched

SCHOOL = "Ljungtjärnshöjdens skola"
FORMATS = ("PPTX", "DOCX", "PDF", "XLSX")


def test_question_15_the_autumn_pack_of_one_unit_in_all_formats(page: Page, visit: Visit) -> None:
    visit(page, "/")
    page.get_by_role("link", name="Dialogmöte", exact=True).click()
    choose(page, "Skola eller förskola", SCHOOL)
    page.get_by_role("tab", name="Underlag").click()
    page.get_by_role("button", name="Gör underlaget").click()
    expect(page.get_by_text("Underlaget är klart")).to_be_visible()
    told = {
        name: _words(name, Path(fetched(page, page.get_by_role("button", name=f"Hämta {name}")).path()))
        for name in FORMATS
    }
    visit(page, address("/manad?manad=Resultatkrav och kapital", skola=SCHOOL))
    broken = page.get_by_text("bryter resultatkravet 2026")
    expect(broken).to_be_visible()
    sentence = _plain(broken.inner_text())
    assert sentence.startswith(SCHOOL)
    for name, words in told.items():
        assert sentence in words, f"{name} does not say what the page says: {sentence}"
        assert "version 0" in words.lower() and "Påhittade uppgifter" in words


def test_the_link_of_the_pack_shows_the_same_meeting_and_version(page: Page, visit: Visit) -> None:
    visit(page, address("/dialogmote?dialog=Underlag&mote=våren 2026", skola=SCHOOL))
    page.get_by_role("button", name="Gör underlaget").click()
    told = page.get_by_text("/dialogmote?version=0")
    expect(told).to_be_visible()
    link = told.inner_text().strip()
    visit(page, link[link.index("/dialogmote") :])
    expect(page.get_by_text(f"Exempelkommunen · {SCHOOL} · våren 2026")).to_be_visible()
    assert "version=0" in page.url


def test_the_committees_own_pack_can_be_made_too(page: Page, visit: Visit) -> None:
    visit(page, address("/dialogmote?dialog=Underlag&underlag=Nämndens möte", kommun="Linköping"))
    page.get_by_role("button", name="Gör underlaget").click()
    expect(page.get_by_text("Underlaget är klart")).to_be_visible()
    path = Path(fetched(page, page.get_by_role("button", name="Hämta PDF")).path())
    assert "20 av 45 åtgärder är klara" in _words("PDF", path)


def _words(name: str, path: Path) -> str:
    """All text of a file, with single blanks."""
    content = BytesIO(path.read_bytes())
    if name == "PPTX":
        shapes = [shape for slide in Presentation(content).slides for shape in slide.shapes]
        found = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    elif name == "DOCX":
        document = Document(content)
        found = [each.text for each in document.element.body.iter() if each.tag.endswith("}t") and each.text]
        found += [each.text for part in document.sections for each in part.footer.paragraphs]
    elif name == "PDF":
        found = [each.extract_text() for each in PdfReader(content).pages]
    else:
        sheets = openpyxl.load_workbook(content).worksheets
        found = [str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row]
    return _plain("".join(found) if name == "DOCX" else " ".join(found))


def _plain(words: str) -> str:
    return " ".join(words.replace("\u00ad", "").split())
