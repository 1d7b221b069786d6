"""The zip file that a spreadsheet is: looked at before anything in it is opened.

What is told by the directory of the zip file and by a walk through its XML costs little and gives a clear sentence.
It is a courtesy, not the wall: a package made to deceive is stopped by the limits of the process.
"""

from __future__ import annotations

import errno
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from queries.intake.limits import MEGABYTE, ReadingLimits
from queries.intake.reading import Finding, Refused

# A workbook with some hundred sheets has fewer.
MOST_PARTS = 2_000
# Packing tells nothing about a small file.
SMALL = 10 * MEGABYTE
PIECE = MEGABYTE
OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)")
IS_ENCRYPTED = 0x1
# What zipfile and its unpackers raise over damaged files; KeyError is a part that is missing.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    UnicodeDecodeError,
)

EXPORT_ANEW = "Öppna originalet, spara om det som XLSX eller CSV, och ladda upp den nya filen."


@contextmanager
def opened(path: Path, limits: ReadingLimits) -> Iterator[zipfile.ZipFile]:
    """The zip file, once its directory has been found harmless. Raises Refused, also for damage met later."""
    try:
        with zipfile.ZipFile(path) as package:
            _refuse_dangerous(package, limits)
            yield package
    except (*DAMAGE, OSError) as error:
        # A place outside the file and a stream that cannot be unpacked are damage too; a disk that fails is not.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        sentence = f"Filen är skadad eller avklippt och kan inte packas upp. {EXPORT_ANEW}"
        raise Refused(Finding("error", "damaged", sentence)) from error


def walk(package: zipfile.ZipFile, part: str, prepare: Callable[[expat.XMLParserType], None]) -> None:
    """Read one XML part through, with the handlers that prepare sets.

    Raises Refused for XML that is broken, or that declares a document type or entities of its own.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    prepare(parser)
    try:
        with package.open(part) as file:
            while piece := file.read(PIECE):
                parser.Parse(piece)
            parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        sentence = f"Filen är skadad: delen {part} är inte giltig XML. {EXPORT_ANEW}"
        raise Refused(Finding("error", "damaged", sentence)) from error


def _refuse_dangerous(package: zipfile.ZipFile, limits: ReadingLimits) -> None:
    parts = package.infolist()
    names = [part.filename for part in parts]
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if any(part.flag_bits & IS_ENCRYPTED for part in parts):
        raise Refused(protected())
    if unpacked > limits.unpacked_mb * MEGABYTE:
        sentence = (
            f"Filen blir {unpacked // MEGABYTE} MB uppackad. Gränsen är {limits.unpacked_mb} MB: "
            "ladda upp tabellen som CSV, eller dela upp den."
        )
        raise Refused(Finding("error", "unpacked_too_large", sentence))
    if unpacked > SMALL and unpacked > limits.packing_ratio * packed:
        sentence = (
            f"Filen är packad mer än {limits.packing_ratio} gånger, vilket inga vanliga kalkylblad är. "
            "Ladda upp tabellen som CSV."
        )
        raise Refused(Finding("error", "packed_too_hard", sentence))
    if len(parts) > MOST_PARTS or len(set(names)) < len(names) or any(map(OUTSIDE.search, names)):
        sentence = f"Filens inre uppbyggnad är inte ett kalkylblads och kan vara skadlig. {EXPORT_ANEW}"
        raise Refused(Finding("error", "dangerous_package", sentence))


def protected() -> Finding:
    """What is said of a file with a password."""
    sentence = "Filen är skyddad med lösenord. Ta bort skyddet i programmet som den sparades med och ladda upp den igen."
    return Finding("error", "password", sentence)


def _refuse_doctype(*_: object) -> None:
    sentence = f"Filen innehåller egna XML-deklarationer (DOCTYPE), som kan vara skadliga. {EXPORT_ANEW}"
    raise Refused(Finding("error", "doctype", sentence))
