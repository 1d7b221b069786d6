"""How å, ä and ö were saved: what is understood, and what is refused because it was spoilt before."""

from __future__ import annotations

import unicodedata

import pytest

from queries.intake import plain_text
from tests.queries.intake.opening import cells, opened, refusal

TEXT = "Skola;Värde\r\nÄlvsjö;81,9\r\nÖrby – södra;~100\r\n"
TABLE = [["Skola", "Värde"], ["Älvsjö", "81,9"], ["Örby – södra", "~100"]]
MARKS = {"utf-8": "\ufeff", "utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}


@pytest.fixture(params=["in memory", "on disk"], autouse=True)
def size(request, monkeypatch) -> None:
    """A small file is cleaned in memory and a large one on disk: the same is said of both."""
    if request.param == "on disk":
        monkeypatch.setattr(plain_text, "LARGE", 0)
        monkeypatch.setattr(plain_text, "PIECE", 7)


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "cp1252"])
    @pytest.mark.parametrize("has_mark", [True, False])
    def test_in_use_are_told_apart_without_being_told(self, encoding, has_mark):
        text = f"{MARKS.get(encoding, '') if has_mark else ''}{TEXT}"
        assert cells(opened(text.encode(encoding))) == TABLE

    def test_latin_1_has_the_same_swedish_letters(self):
        assert cells(opened("Älvsjö;å\n".encode("latin-1"))) == [["Älvsjö", "å"]]

    def test_loose_marks_join_their_letters(self):
        assert cells(opened(unicodedata.normalize("NFD", TEXT).encode())) == TABLE

    @pytest.mark.parametrize("newline", ["\n", "\r", "\r\n"])
    def test_every_kind_of_line_end_is_one(self, newline):
        assert cells(opened(TEXT.replace("\r\n", newline).encode())) == TABLE

    def test_kinds_of_line_ends_may_be_mixed(self):
        assert cells(opened(b"a;b\r\nc;d\re;f\ng;h")) == [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]]


class TestSpoiltText:
    def test_from_an_old_macintosh_is_refused(self):
        assert refusal("Skola;Värde\nSköldinge;1\n".encode("mac-roman")).rule == "old_encoding"
        assert refusal("År;Värde\n".encode("mac-roman")).rule == "unknown_encoding"

    def test_that_was_encoded_twice_is_refused_with_the_word(self):
        twice = "Skola;Värde\nÄlvsjö;1\n".encode().decode("latin-1")
        finding = refusal(twice.encode())
        assert (finding.rule, finding.line, finding.found) == ("spoilt_characters", 1, "VÃ¤rde")

    def test_with_one_line_saved_otherwise_is_refused_with_the_line(self):
        mixed = "Skola;Värde\nÄlvsjö;1\n".encode() + "Örby;2\n".encode("cp1252")
        finding = refusal(mixed)
        assert (finding.rule, finding.line) == ("unknown_encoding", 3)
        assert refusal(b"\xef\xbb\xbf" + mixed).line == 3

    def test_with_lost_letters_is_refused_with_the_line(self):
        finding = refusal("a;b\nc;\ufffdlvsj\ufffd\n".encode())
        assert (finding.rule, finding.line) == ("lost_characters", 2)

    def test_with_a_byte_of_nought_is_refused_with_the_line(self):
        finding = refusal("Skola;Värde\nÄlvsjö;8\0\n".encode())
        assert (finding.rule, finding.line) == ("not_text", 2)

    def test_in_utf_16_that_was_cut_is_refused(self):
        assert refusal(TEXT.encode("utf-16")[:-1]).rule == "unknown_encoding"

    def test_from_a_czech_name_alone_is_no_reason_to_refuse(self):
        assert cells(opened("Förälder;Škoda och Milošević\n".encode("cp1252", "replace")))[0][0] == "Förälder"


def test_nothing_is_left_beside_the_file(tmp_path, monkeypatch):
    path = tmp_path / "original"
    path.write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(plain_text, "LARGE", 0)
    with plain_text.plain_text(path) as text:
        assert text.path.parent.parent == tmp_path
    assert list(tmp_path.iterdir()) == [path]
