"""An uploaded file opened: what it is, told by its content and never by its name, and its cells as text.

This runs in a process of its own, within limits. A file that is no table is refused with a sentence that says what
it is and what to do instead.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any, NoReturn

import duckdb

from queries.intake import gzip_files, opendocument, packages, parquet_files, workbooks
from queries.intake.filling import visible
from queries.intake.json_documents import document_of_json
from queries.intake.limits import MEGABYTE, ReadingLimits, limit_this_process
from queries.intake.plain_text import PlainText, plain_text
from queries.intake.reading import Finding, Refused
from queries.intake.sheets import Book, Sheet
from queries.intake.text_tables import table_of_text

__all__ = ["ReadingLimits", "limit_this_process", "open_book"]

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# Where in a tar archive its mark stands, and the mark.
TAR = (257, b"ustar")
TABLE_AS = "Exportera tabellen som CSV, XLSX eller ODS och ladda upp den filen."
EXPORT_ANEW = "Exportera tabellen på nytt och kontrollera att den har rader."
UNPACK = "Packa upp det och ladda upp filen som ligger i det."

# First bytes of files that are no tables → what they are and what to do.
NO_TABLE = {
    b"%PDF": f"Filen är en PDF, och ur en sådan kan tabeller inte läsas säkert. {TABLE_AS}",
    b"BZh": f"Filen är ett arkiv packat med bzip2. {UNPACK}",
    b"\xfd7zXZ": f"Filen är ett arkiv packat med xz. {UNPACK}",
    b"\x28\xb5\x2f\xfd": f"Filen är ett arkiv packat med zstandard. {UNPACK}",
    b"7z\xbc\xaf": f"Filen är ett 7-Zip-arkiv. {UNPACK}",
    b"Rar!": f"Filen är ett RAR-arkiv. {UNPACK}",
    b"\x89PNG": f"Filen är en bild. {TABLE_AS}",
    b"\xff\xd8\xff": f"Filen är en bild. {TABLE_AS}",
    b"GIF8": f"Filen är en bild. {TABLE_AS}",
    b"SQLite format 3": f"Filen är en SQLite-databas. {TABLE_AS}",
    b"{\\rtf": f"Filen är ett textdokument (RTF). {TABLE_AS}",
}
# Streams of an OLE file → what it is and what to do.
IN_OLE = {
    "WordDocument": f"Filen är ett Word-dokument. Kopiera tabellen till Excel. {TABLE_AS}",
    "PowerPoint Document": f"Filen är en PowerPoint-presentation. {TABLE_AS}",
    "__properties_version1.0": f"Filen är ett e-postmeddelande från Outlook. {TABLE_AS}",
}
# Parts of a zip file → what it is and what to do.
IN_ZIP = {
    "xl/workbook.bin": "Filen är en binär Excel-arbetsbok (.xlsb). Öppna den i Excel och spara den som Excel-arbetsbok (.xlsx).",
    "word/document.xml": f"Filen är ett Word-dokument. Kopiera tabellen till Excel. {TABLE_AS}",
    "ppt/presentation.xml": f"Filen är en PowerPoint-presentation. {TABLE_AS}",
}
IN_TEXT = {
    r"version https://git-lfs": (
        "Filen är bara en pekare till en fil som ligger någon annanstans (Git LFS). Hämta själva filen och ladda upp den."
    ),
    r"<(!doctype html|html|head|meta|table).*\b(password|lösenord|logga in|login|log in|sign in)\b": (
        "Filen är en webbsida för inloggning, inte en tabell. Logga in i systemet, hämta exporten på nytt och ladda upp den."
    ),
    r"<(!doctype html|html|head|meta|body|table|div)": (
        "Filen är en webbsida (HTML), även om den kan heta .xls. Öppna den i Excel, spara den som XLSX och ladda upp den nya filen."
    ),
    r"<\?xml|<[a-z][\w:.-]*[\s>]": f"Filen är XML. {TABLE_AS}",
    r"mime-version:": f"Filen är en sparad webbsida eller ett e-postmeddelande. {TABLE_AS}",
}
JSON = re.compile(r'\s*(\{\s*("|\}|$)|\[\s*(["{\[\]\d-]|true|false|null|NaN|Infinity|$))')


def open_book(path: Path, name: str, connection: duckdb.DuckDBPyConnection, limits: ReadingLimits) -> Book:
    """The file as sheets of text cells in the staging connection, sheet_1, sheet_2 …, or as parsed JSON.

    name is what the analyst's browser called it. Raises Refused for everything that cannot be read as it is.
    """
    try:
        container, sheets, document = _opened(path, connection, limits)
    except (MemoryError, duckdb.OutOfMemoryException) as error:
        sentence = f"Filen behöver mer minne än {limits.memory_mb} MB. Dela upp den i flera filer."
        raise Refused(Finding("error", "out_of_memory", sentence)) from error
    sheets = tuple(sheet for sheet in sheets if sheet.columns)
    if not sheets and document is None:
        _refuse("empty", f"Filen har inga ifyllda celler. {EXPORT_ANEW}")
    return Book(visible(name), container, sheets, document)


def _opened(
    path: Path, connection: duckdb.DuckDBPyConnection, limits: ReadingLimits
) -> tuple[str, tuple[Sheet, ...], Any]:
    size = path.stat().st_size
    if size == 0:
        _refuse("empty", f"Filen är tom. {EXPORT_ANEW}")
    if size > limits.file_mb * MEGABYTE:
        _refuse(
            "file_too_large", f"Filen är {size // MEGABYTE} MB. Gränsen är {limits.file_mb} MB: dela upp den."
        )
    with path.open("rb") as file:
        start = file.read(64)
    for sign, sentence in NO_TABLE.items():
        if start.startswith(sign):
            _refuse("no_table", sentence)
    if start.startswith((parquet_files.MARK, parquet_files.ENCRYPTED)):
        return "parquet", (parquet_files.sheet_of_parquet(path, connection, limits),), None
    if start.startswith(ZIP):
        with packages.opened(path, limits) as package:
            return *_spreadsheet(path, package, connection, limits), None
    if start.startswith(OLE):
        return "xls", _old_workbook(path, connection, limits), None
    if start.startswith(gzip_files.MARK):
        with gzip_files.unpacked(path, limits) as content:
            return _packed_text(content, connection, limits)
    with plain_text(path) as text:
        return _text(text, connection, limits)


def _packed_text(
    path: Path, connection: duckdb.DuckDBPyConnection, limits: ReadingLimits
) -> tuple[str, tuple[Sheet, ...], Any]:
    """CSV or JSON out of a gzip file. What has a packing or a form of its own is not looked for inside another."""
    with path.open("rb") as file:
        start = file.read(TAR[0] + len(TAR[1]))
    others = (*NO_TABLE, *ZIP, OLE, gzip_files.MARK, parquet_files.MARK, parquet_files.ENCRYPTED)
    if start.startswith(others) or start[TAR[0] :] == TAR[1]:
        _refuse("no_table", f"Filen är packad med gzip, och i den ligger ingen CSV- eller JSON-fil. {UNPACK}")
    with plain_text(path) as text:
        return _text(text, connection, limits)


def _spreadsheet(
    path: Path, package: zipfile.ZipFile, connection: duckdb.DuckDBPyConnection, limits: ReadingLimits
) -> tuple[str, tuple[Sheet, ...]]:
    names = package.namelist()
    for part, sentence in IN_ZIP.items():
        if part in names:
            _refuse("no_table", sentence)
    if "xl/workbook.xml" in names:
        return "xlsx", workbooks.sheets_of_xlsx(path, package, connection, limits)
    mimetype = package.read("mimetype") if "mimetype" in names else b""
    if mimetype.startswith(opendocument.MIMETYPE):
        return "ods", opendocument.sheets_of_ods(package, connection, limits)
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        _refuse("no_table", f"Filen är ett OpenDocument-dokument men inget kalkylblad. {TABLE_AS}")
    _refuse("no_table", f"Filen är ett zip-arkiv, inget kalkylblad. {UNPACK}")


def _old_workbook(
    path: Path, connection: duckdb.DuckDBPyConnection, limits: ReadingLimits
) -> tuple[Sheet, ...]:
    content = path.read_bytes()
    streams = [stream for stream in IN_OLE if stream.encode("utf-16-le") in content]
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused(packages.protected())
    if streams and "Workbook".encode("utf-16-le") not in content:
        _refuse("no_table", IN_OLE[streams[0]])
    return workbooks.sheets_of_xls(path, connection, limits)


def _text(
    text: PlainText, connection: duckdb.DuckDBPyConnection, limits: ReadingLimits
) -> tuple[str, tuple[Sheet, ...], Any]:
    beginning = text.beginning()
    if not beginning.strip():
        _refuse("empty", f"Filen innehåller bara blanktecken eller ett osynligt märke. {EXPORT_ANEW}")
    for pattern, sentence in IN_TEXT.items():
        if re.match(rf"\s*{pattern}", beginning, re.IGNORECASE | re.DOTALL):
            _refuse("no_table", sentence)
    if JSON.match(beginning):
        return "json", (), document_of_json(text)
    return "csv", table_of_text(text, connection, limits), None


def _refuse(rule: str, sentence: str) -> NoReturn:
    raise Refused(Finding("error", rule, sentence))
