"""Bytes opened as an uploaded file is opened, and spreadsheets written by hand where no library writes them so."""

from __future__ import annotations

import gzip
import io
import struct
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from queries.connection import settings
from queries.intake.containers import ReadingLimits, open_book
from queries.intake.reading import Finding, Refused
from queries.intake.sheets import Book

LIMITS = ReadingLimits.from_settings(settings())
Cells = list[list[str]]

EXCEL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPEN = "urn:oasis:names:tc:opendocument:xmlns:"


def opened(content: bytes, name: str = "fil", **limits: int) -> Book:
    """The book of a file with this content, in a staging connection of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "original"
        path.write_bytes(content)
        return open_book(path, name, duckdb.connect(":memory:"), replace(LIMITS, **limits))


def refusal(content: bytes, **limits: int) -> Finding:
    """Why a file with this content is refused: one finding, whole Swedish sentences."""
    with pytest.raises(Refused) as refused:
        opened(content, **limits)
    (finding,) = refused.value.findings
    assert finding.severity == "error"
    assert finding.expected[0].isupper() and finding.expected.endswith(".")
    return finding


def cells(book: Book, sheet: int = 0) -> Cells:
    """The cells of a sheet, row by row, once its lines are seen to be numbered from 1."""
    rows = list(book.sheets[sheet].lines())
    assert [line for line, _ in rows] == list(range(1, len(rows) + 1))
    assert all(len(row) == book.sheets[sheet].columns for _, row in rows)
    assert len(rows) == book.sheets[sheet].rows
    return [row for _, row in rows]


def gzipped(content: bytes) -> bytes:
    """The content in gzip, without the time: the same bytes in every process that names a test after them."""
    return gzip.compress(content, mtime=0)


def packed(parts: dict[str, str | bytes]) -> bytes:
    """A zip file of these parts, as old as a zip file can be: the same bytes in every process."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def xlsx(*sheet_data: str, after: str = "", workbook: str = "", **more: str) -> bytes:
    """An Excel workbook whose sheets Blad1, Blad2 … have this XML as their rows.

    after follows the rows of each sheet; workbook follows the list of sheets; more are parts, such as
    sharedStrings="…".
    """
    numbers = range(1, len(sheet_data) + 1)
    listed = "".join(f'<sheet name="Blad{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": (
                f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
                f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ),
            "xl/workbook.xml": (
                f'<workbook xmlns="{EXCEL}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets>{workbook}</workbook>'
            ),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{package}/relationships">{related}</Relationships>'
            ),
            **{
                f"xl/worksheets/sheet{n}.xml": (
                    f'<worksheet xmlns="{EXCEL}"><sheetData>{data}</sheetData>{after}</worksheet>'
                )
                for n, data in zip(numbers, sheet_data, strict=True)
            },
            **{f"xl/{name}.xml": content for name, content in more.items()},
        }
    )


def row(number: int, *cells: str) -> str:
    """A row of a sheet of xlsx."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def text(place: str, value: str) -> str:
    """A cell of text of xlsx."""
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def ods(*tables: str, before: str = "", mimetype: str = "spreadsheet", manifest: str = "") -> bytes:
    """An OpenDocument spreadsheet with these tables."""
    names = "".join(f' xmlns:{name}="{OPEN}{name}:1.0"' for name in ("office", "table", "text", "drawing"))
    others = f' xmlns:draw="{OPEN}drawing:1.0" xmlns:calcext="urn:org:documentfoundation:names:calcext"'
    kind = f"application/vnd.oasis.opendocument.{mimetype}"
    content = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    return packed(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "content.xml": f"{before}<office:document-content{names}{others}>{content}</office:document-content>",
        }
    )


def table(*rows: str, name: str = "Blad1") -> str:
    """A table of ods."""
    return f'<table:table table:name="{name}">{"".join(rows)}</table:table>'


def table_row(*cells: str, repeated: int = 1) -> str:
    """A row of ods."""
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def table_cell(text: str = "", about: str = "", repeated: int = 1, inside: str = "") -> str:
    """A cell of ods; about are further attributes, inside comes before the text."""
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in text.split("\n")) if text else ""
    return (
        f'<table:table-cell table:number-columns-repeated="{repeated}" {about}>{inside}{paragraphs}'
        "</table:table-cell>"
    )


def xls(rows: Sequence[Sequence[object]], name: str = "Blad1") -> bytes:
    """An Excel 97 workbook with one sheet: texts, floats, and errors as their code in a tuple of one."""
    beginning = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    listed = bytes([len(name), 0]) + name.encode("latin-1")
    length = len(beginning) + 4 + 6 + len(listed) + 4
    globals_ = beginning + _record(0x0085, struct.pack("<IH", length, 0) + listed) + _record(0x000A, b"")
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    for place, cells_of_row in enumerate(rows):
        for column, value in enumerate(cells_of_row):
            start = struct.pack("<HHH", place, column, 0)
            if isinstance(value, str):
                written = value.encode("utf-16-le")
                sheet += _record(0x0204, start + struct.pack("<HB", len(value), 1) + written)
            elif isinstance(value, tuple):
                sheet += _record(0x0205, start + bytes([value[0], 1]))
            else:
                sheet += _record(0x0203, start + struct.pack("<d", value))
    return _ole(globals_ + sheet + _record(0x000A, b""))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _ole(stream: bytes) -> bytes:
    """The smallest file system around a stream: a header, a table of sectors, a directory."""
    size, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    stream = stream.ljust(max(4096, -(-len(stream) // size) * size), b"\0")
    count = len(stream) // size
    follows = [0xFFFFFFFD, end, *range(3, count + 2), end]
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(10) + struct.pack("<IIIIIIII", 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    sectors = struct.pack("<128I", *follows, *[free] * (128 - len(follows)))
    return (
        header
        + sectors
        + _entry("Root Entry", 5, end, 0, 1)
        + _entry("Workbook", 2, 2, len(stream))
        + bytes(256)
        + stream
    )


def _entry(name: str, kind: int, first: int, length: int, child: int = 0xFFFFFFFF) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    places = struct.pack("<HBBIII", len(written), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return written.ljust(64, b"\0") + places + bytes(36) + struct.pack("<IQ", first, length)
