"""The text of a cell as a person reads it: without HTML rests, odd blanks and bullets."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html.parser import HTMLParser

# <b> may stand inside a word; <br>, <p> and <li> end a paragraph.
INSIDE_A_LINE = ("b", "strong", "i", "em", "span", "u", "a", "sub", "sup", "font")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# Texts of a plan are compared again and again.
REMEMBERED = 10_000
BULLET = re.compile(r"^[•·●▪◦‣*]\s*")


def paragraphs(cell: str) -> list[str]:
    """The paragraphs of a cell, without HTML tags and with every run of white space, also non-breaking, as one space.

    A line that begins with a small letter goes on from the line above it: it was only broken.
    """
    found: list[str] = []
    for line in _without_tags(cell).splitlines():
        text = BULLET.sub("", " ".join(line.split()))
        if found and goes_on(text):
            found[-1] += f" {text}"
        elif text:
            found.append(text)
    return found


def plain_text(cell: str) -> str:
    """A cell as one line."""
    return " ".join(paragraphs(cell))


def goes_on(text: str) -> bool:
    """Whether a text begins as the middle of a sentence does: with a small letter."""
    return text[:1].islower()


@lru_cache(maxsize=REMEMBERED)
def normal(text: str) -> str:
    """What a text is compared by: its letters and digits. "barn/elev" and "Barnelev." are the same."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return "".join(letter for letter in composed if letter.isalnum())


def folded(text: str) -> str:
    """Small letters without rings, dots and accents, as file names have them: Linköping is linkoping."""
    parts = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _without_tags(cell: str) -> str:
    if "<" not in cell and "&" not in cell:
        return cell
    stripper = _TagStripper(has_tags=bool(TAG.search(cell)))
    stripper.feed(cell)
    stripper.close()
    return "".join(stripper.parts)


class _TagStripper(HTMLParser):
    def __init__(self, has_tags: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        # In HTML a line break is only a blank.
        self.line_break = " " if has_tags else "\n"

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"[\r\n]+", self.line_break, data))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_line(tag)

    def handle_endtag(self, tag: str) -> None:
        self._end_line(tag)

    def _end_line(self, tag: str) -> None:
        if tag not in INSIDE_A_LINE:
            self.parts.append("\n")
