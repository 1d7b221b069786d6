"""The formats a pack can be had in. Each library is imported when its format is first asked for, never at the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pages.parts.export import file_name
from pages.parts.pieces import Pack

OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Format:
    """What a reader chooses: its name, what it is for, the type a browser is told, and what makes the file."""

    name: str
    use: str
    mime: str
    made: Callable[[Pack], bytes]

    def file_name(self, pack: Pack) -> str:
        """'dialogmote-brunna-skola-version-12.pptx'."""
        return f"{file_name(f'{pack.title} {pack.subject} version {pack.version}')}.{self.name.lower()}"


def as_pptx(pack: Pack) -> bytes:
    """The pack as slides, with charts that can be edited in PowerPoint."""
    from pages.parts.reports import slides

    return slides.as_pptx(pack)


def as_docx(pack: Pack) -> bytes:
    """The pack as a document for Word."""
    from pages.parts.reports import document

    return document.as_docx(pack)


def as_pdf(pack: Pack) -> bytes:
    """The pack as a tagged PDF (PDF/UA-1)."""
    from pages.parts.reports import paper

    return paper.as_pdf(pack)


def as_xlsx(pack: Pack) -> bytes:
    """The pack as a workbook with one sheet a piece."""
    from pages.parts.reports import workbook

    return workbook.as_xlsx(pack)


FORMATS = {
    "PPTX": Format("PPTX", "Bilder att visa och ändra", f"{OFFICE}.presentationml.presentation", as_pptx),
    "DOCX": Format("DOCX", "Handling att skriva vidare i", f"{OFFICE}.wordprocessingml.document", as_docx),
    "PDF": Format("PDF", "Handling att läsa och skriva ut", "application/pdf", as_pdf),
    "XLSX": Format("XLSX", "Tabeller att räkna vidare på", f"{OFFICE}.spreadsheetml.sheet", as_xlsx),
}
