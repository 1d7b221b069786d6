"""How much two short texts say the same thing, when one of them is worded anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

# Swedish endings and the second halves of compounds differ; the beginnings of words tell.
BEGINNING = 5
SHORTEST_WORD = 4
FEWEST_WORDS = 2


def ratio(one: str, other: str) -> float:
    """difflib's likeness of two texts, 0 to 1, whatever their capitals."""
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: half from their letters in order, half from the words they share.

    A short text whose words all stand in a long one is a shortening of it, which letters alone do not show.
    """
    fewer, more = sorted((_words(one), _words(other)), key=len)
    shared = sum(any(_is_same(word, other_word) for other_word in more) for word in fewer)
    # One word alone is too little to share: "Översyn" stands in many titles.
    return (ratio(one, other) + shared / max(len(fewer), FEWEST_WORDS)) / 2


def _words(text: str) -> Sequence[str]:
    words = re.findall(r"\w+", text.casefold())
    return [word for word in words if len(word) >= SHORTEST_WORD or word.isdigit()]


def _is_same(one: str, other: str) -> bool:
    if one.isdigit() or other.isdigit():
        return one == other
    size = min(len(one), len(other), BEGINNING)
    is_part = min(len(one), len(other)) >= BEGINNING and (one in other or other in one)
    return one[:size] == other[:size] or is_part
