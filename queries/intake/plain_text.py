"""A file of text in whatever encoding as clean text, ready to be recognised and read.

Text that was spoilt on its way is refused: a word that has lost its å can no longer be told from another word.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from queries.intake.reading import Finding, Refused

# From this size on, the clean text lies on disk.
LARGE = 4_000_000
# Characters handled at a time, and what is looked at to recognise a file.
PIECE = 1_000_000
BEGINNING = 4_096

SAVE_AS_UTF8 = "Öppna originalet i Excel, välj Spara som och CSV UTF-8, eller ladda upp filen som XLSX."
NOT_TEXT = (
    "Filen är varken ett kalkylblad eller läsbar text. Exportera tabellen på nytt som CSV, XLSX eller ODS."
)
SPOILT = {
    "\0": (
        "not_text",
        "Här finns ett tecken som aldrig förekommer i text (en nollbyte): filen är skadad, eller ingen textfil. "
        "Exportera tabellen på nytt som CSV, XLSX eller ODS.",
    ),
    "\ufffd": (
        "lost_characters",
        f"Här har tecken gått förlorade och blivit ”\ufffd” innan filen kom hit. {SAVE_AS_UTF8}",
    ),
}
# å ä ö Å Ä Ö é of UTF-8, read as if each byte were a character.
WORD_READ_TWICE = re.compile(r"\w{0,20}Ã[¥¤¶…„–©\x85\x84\x96]\w{0,20}")
# å ä ö, and what they look like in an old Macintosh file that is read as Windows characters.
SWEDISH, FROM_MACINTOSH = "åäöÅÄÖ", "ŒŠš"
# Bytes that text hardly has; more than one in twenty of them, and it is none.
CONTROLS = {*range(9), *range(14, 32)}
MOST_CONTROLS = 20
# Marks that stand after their letter in text from a Mac: a ̊ instead of å.
LOOSE_MARKS = "\u0300\u0301\u0302\u0303\u0308\u030a\u0327"


@dataclass
class PlainText:
    """A text in Unicode's composed form, with \\n between lines; on disk when it is large."""

    file: TextIO
    path: Path | None
    line_count: int = 0
    has_quotes: bool = False
    has_blank_lines: bool = False

    def beginning(self) -> str:
        """The first characters, to recognise the file by."""
        self.file.seek(0)
        return self.file.read(BEGINNING)

    def count(self, letter: str) -> int:
        """How often a letter stands in the whole text."""
        self.file.seek(0)
        return sum(piece.count(letter) for piece in iter(lambda: self.file.read(PIECE), ""))

    def lines(self) -> Iterator[str]:
        """Every line from the first."""
        self.file.seek(0)
        return iter(self.file)


@contextmanager
def plain_text(path: Path) -> Iterator[PlainText]:
    """The file as clean text: UTF-8, UTF-16 or, where it is neither, Windows-1252.

    Raises Refused for what is no text, and for text whose characters were spoilt before it came here.
    """
    with TemporaryDirectory(dir=path.parent) if path.stat().st_size > LARGE else _nowhere() as folder:
        clean = Path(folder) / "text" if folder else None
        with clean.open("w+", encoding="utf-8", newline="") if clean else StringIO(newline="") as file:
            yield _cleaned(path, PlainText(file, clean))


@contextmanager
def _nowhere() -> Iterator[None]:
    yield None


def _cleaned(path: Path, text: PlainText) -> PlainText:
    for encoding in _encodings(path):
        text.file.seek(0)
        text.file.truncate()
        try:
            with path.open(encoding=encoding, newline="") as source:
                return _clean(source, text)
        except UnicodeDecodeError:
            continue
        except _MixedEncodings:
            break
    sentence = f"Filens tecken kan inte tydas: här finns ett som inte är sparat som resten. {SAVE_AS_UTF8}"
    line = None if encoding.startswith("utf-16") else _first_line_not_utf8(path)
    raise Refused(Finding("error", "unknown_encoding", sentence, line=line))


class _MixedEncodings(Exception):
    """Read as Windows-1252, the text has traces of UTF-8."""


def _first_line_not_utf8(path: Path) -> int | None:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return None


def _encodings(path: Path) -> tuple[str, ...]:
    """The encodings to try, by the first bytes of the file. Raises Refused for bytes that are no text."""
    with path.open("rb") as file:
        start = file.read(BEGINNING)
    if start.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    # Half of the bytes of Western text in UTF-16 are zero: those at odd places, or those at even ones.
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) > len(start) // 5 and min(even, odd) <= max(even, odd) // 10:
        return ("utf-16-be" if even > odd else "utf-16-le",)
    if sum(byte in CONTROLS for byte in start) > len(start) // MOST_CONTROLS:
        raise Refused(Finding("error", "not_text", NOT_TEXT))
    return ("utf-8", "cp1252")


def _clean(source: TextIO, text: PlainText) -> PlainText:
    text.line_count, text.has_quotes, text.has_blank_lines = 0, False, False
    swedish = from_macintosh = 0
    while piece := source.read(PIECE):
        # Up to the end of a line, so that no pair of characters is parted.
        piece = f"{piece}{source.readline()}".replace("\r\n", "\n").replace("\r", "\n")
        if source.encoding == "cp1252":
            swedish += sum(map(piece.count, SWEDISH))
            from_macintosh += sum(map(piece.count, FROM_MACINTOSH))
        _refuse_spoilt(piece, text.line_count, source.encoding)
        if any(mark in piece for mark in LOOSE_MARKS):
            piece = unicodedata.normalize("NFC", piece)
        text.file.write(piece)
        text.has_quotes = text.has_quotes or '"' in piece
        text.has_blank_lines = text.has_blank_lines or piece.startswith("\n") or "\n\n" in piece
        text.line_count += piece.count("\n")
    text.file.flush()
    if from_macintosh > swedish:
        sentence = f"Å, ä och ö är sparade på ett sätt som bara äldre Macprogram förstår. {SAVE_AS_UTF8}"
        raise Refused(Finding("error", "old_encoding", sentence))
    return text


def _refuse_spoilt(piece: str, lines_before: int, encoding: str) -> None:
    for sign, (rule, sentence) in SPOILT.items():
        if sign in piece:
            raise Refused(
                Finding("error", rule, sentence, line=_line(piece, piece.index(sign), lines_before))
            )
    if "Ã" in piece and (found := WORD_READ_TWICE.search(piece)):
        if encoding == "cp1252":
            raise _MixedEncodings
        sentence = f"Å, ä och ö har förvanskats (”{found[0]}”) innan filen kom hit. {SAVE_AS_UTF8}"
        line = _line(piece, found.start(), lines_before)
        raise Refused(Finding("error", "spoilt_characters", sentence, line=line, found=found[0]))


def _line(piece: str, place: int, lines_before: int) -> int:
    return lines_before + piece.count("\n", 0, place) + 1
