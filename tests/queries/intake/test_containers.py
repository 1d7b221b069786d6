"""Files opened by what they hold: what each is taken for, and the sentence for those that are no table."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from queries.connection import settings
from queries.intake.containers import ReadingLimits, open_book
from tests.queries.intake.opening import (
    EXCEL,
    LIMITS,
    cells,
    gzipped,
    ods,
    opened,
    packed,
    refusal,
    row,
    text,
    xls,
    xlsx,
)
from tests.queries.intake.opening import table as ods_table

PROJECT = Path(__file__).parents[3]


def parquet(columns: dict[str, list], **options) -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.table(columns), written, **options)
    return written.getvalue()


class TestRecognition:
    @pytest.mark.parametrize(
        ("content", "container"),
        [
            (b"a;b\n1;2\n", "csv"),
            (xlsx(row(1, text("A1", "x"))), "xlsx"),
            (ods(ods_table("<table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>")), "ods"),
            (xls([["x"]]), "xls"),
            (parquet({"a": [1]}), "parquet"),
            (b'{"values": []}', "json"),
            (b"\xef\xbb\xbf [1, 2]", "json"),
            ('{"å": 1}'.encode("utf-16"), "json"),
            ("[fält];värde\n1;2\n".encode(), "csv"),
            (gzipped(b"a;b\n1;2\n"), "csv"),
            (gzipped(b'{"values": []}'), "json"),
            (gzipped(b'{"values"') + gzipped(b": []}"), "json"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("name", ["fil.csv", "fil.xlsx", "fil.parquet", "fil", "../../fil.pdf"])
    def test_goes_by_content_and_never_by_name(self, content, container, name):
        book = opened(content, name)
        assert (book.container, book.name) == (container, name)
        assert (book.document is not None) == (container == "json")
        assert (book.sheets != ()) == (container != "json")

    @pytest.mark.parametrize(
        ("content", "rule", "word"),
        [
            (b"", "empty", "tom"),
            (b"\xef\xbb\xbf", "empty", "blanktecken"),
            (b"\r\n \t\r\n", "empty", "blanktecken"),
            (b";;;\r\n;;;\r\n", "empty", "ifyllda"),
            (b"%PDF-1.7\n%%EOF", "no_table", "PDF"),
            (b"\x1f\x8b\x08\0\0", "damaged", "gzip"),
            (gzipped(b"a;b\n1;2\n")[:-6], "damaged", "avklippt"),
            (gzipped(b"a;b\n1;2\n" * 999)[:40] + b"x" * 40, "damaged", "skadad"),
            (gzipped(b""), "empty", "blanktecken"),
            (gzipped(gzipped(b"a;b\n1;2\n")), "no_table", "gzip"),
            (gzipped(packed({"xl/workbook.xml": b""})), "no_table", "gzip"),
            (gzipped(parquet({"a": [1]})), "no_table", "gzip"),
            (gzipped(b"%PDF-1.7"), "no_table", "gzip"),
            (gzipped(b"<!DOCTYPE html><html></html>"), "no_table", "HTML"),
            (gzipped(b'{"values": ['), "damaged", "avklippt"),
            (b"\x89PNG\r\n\x1a\n", "no_table", "bild"),
            (b"7z\xbc\xaf\x27\x1c", "no_table", "7-Zip"),
            (packed({"utfall.csv": b"a;b"}), "no_table", "zip-arkiv"),
            (packed({}), "no_table", "zip-arkiv"),
            (packed({"word/document.xml": b"<w/>"}), "no_table", "Word"),
            (packed({"xl/workbook.bin": b""}), "no_table", ".xlsb"),
            (packed({"ppt/presentation.xml": b""}), "no_table", "PowerPoint"),
            (b"<!DOCTYPE html><html><table><tr><td>Skola</td></tr></table>", "no_table", "HTML"),
            (b"  <table><tr><td>Skola</td></tr></table>", "no_table", "HTML"),
            (b"<html><title>Logga in</title><form></form></html>", "no_table", "inloggning"),
            (b'<html><input type="password"></html>', "no_table", "inloggning"),
            (b'<?xml version="1.0"?><a/>', "no_table", "XML"),
            (b"MIME-Version: 1.0\nContent-Type: text/html", "no_table", "webbsida"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 12\n", "no_table", "Git LFS"),
            (bytes(10_000), "not_text", "varken"),
            (random.Random(406).randbytes(20_000), "not_text", "varken"),
            (b'{"count": 1, "values": [', "damaged", "avklippt"),
            (b'{"count": 1, "values": ["abc', "damaged", "avklippt"),
            (b'{"a": 1,, "b": 2}', "damaged", "tolka"),
            (b"[" * 100_000, "damaged", "nivåer"),
            (b'[{"value": NaN}]', "not_a_number", "NaN"),
            (b"[-Infinity]", "not_a_number", "-Infinity"),
            (b'{"a": "\\ud800"}', "damaged", "tecken"),
            (b"[1" + b"0" * 5_000 + b"]", "damaged", "tal"),
            (b"PAR1" + bytes(100), "damaged", "avklippt"),
            (b"PAR1" + bytes(100) + b"PAR1", "damaged", "skadad"),
            (b"PARE" + bytes(100) + b"PARE", "password", "lösenord"),
            (b"PK\x03\x04" + bytes(100), "damaged", "avklippt"),
        ],
    )
    def test_of_what_is_no_table_gives_a_sentence_of_its_own(self, content, rule, word):
        finding = refusal(content)
        assert finding.rule == rule
        assert word in finding.expected

    def test_of_a_file_that_is_too_large_stops_at_its_size(self):
        finding = refusal(b"a;b\n" * 700_000, file_mb=2)
        assert (finding.rule, "2 MB" in finding.expected) == ("file_too_large", True)


class TestPacking:
    def test_with_gzip_gives_the_rows_of_the_file_itself(self):
        content = "kpi;kommun;värde\nN15419;0125;78,5\n".encode()
        assert cells(opened(gzipped(content))) == cells(opened(content))

    def test_with_gzip_leaves_nothing_beside_the_file(self, tmp_path):
        path = tmp_path / "original"
        path.write_bytes(gzipped(b'{"values": []}'))
        open_book(path, "x", duckdb.connect(":memory:"), LIMITS)
        assert list(tmp_path.iterdir()) == [path]

    def test_that_holds_more_than_the_limit_is_refused(self):
        assert refusal(gzipped(bytes(3_000_000)), unpacked_mb=2).rule == "unpacked_too_large"

    def test_that_is_harder_than_any_table_is_refused(self):
        finding = refusal(gzipped(b"1;2\n" * 6_000_000))
        assert (finding.rule, "200 gånger" in finding.expected) == ("packed_too_hard", True)


class TestName:
    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("utfall\u202evsc.exe", "utfallvsc.exe"),
            ("a\0b\nc\x1b[31m.csv", "abc[31m.csv"),
            ("zero\u200bwidth", "zerowidth"),
            ("a\u030a.csv", "å.csv"),
            ("  ", "namnlös"),
            ("<b>å 😊</b>", "<b>å 😊</b>"),
        ],
    )
    def test_is_one_line_of_visible_characters(self, given, shown):
        assert opened(b"a;b\n", given).name == shown

    def test_is_shortened(self):
        name = opened(b"a;b\n", "långt namn " * 40).name
        assert len(name) == 200 and name.endswith("…")


class TestParquet:
    def test_gives_every_value_as_other_containers_would(self):
        content = parquet(
            {
                "kpi": ["N15419", "", None],
                "value": [93.141457, 2015.0, None],
                "year": [2024, 2023, 2022],
                "is_official": [True, False, None],
                "when": pa.array([0, 1_000, None], pa.timestamp("ms")),
                "day": pa.array([0, 1, None], pa.date32()),
                "skola": ["A\u030alvsjo\u0308", 'x"', ";"],
            }
        )
        (sheet,) = opened(content).sheets
        assert sheet.headings == ("kpi", "value", "year", "is_official", "when", "day", "skola")
        assert list(sheet.lines()) == [
            (2, ["N15419", "93.141457", "2024", "SANT", "1970-01-01", "1970-01-01", "Ålvsjö"]),
            (3, ["", "2015", "2023", "FALSKT", "1970-01-01 00:00:01", "1970-01-02", 'x"']),
            (4, ["", "", "2022", "", "", "", ";"]),
        ]

    def test_keeps_the_order_of_its_rows_over_many_groups(self):
        content = parquet({"n": list(range(300_000))}, row_group_size=5_000)
        (sheet,) = opened(content).sheets
        assert all(line == int(cell) + 2 for line, (cell,) in sheet.lines())
        assert sheet.rows == 300_000

    @pytest.mark.parametrize("limit", [{"rows": 2}, {"columns": 1}])
    def test_beyond_the_limits_is_refused_before_it_is_read(self, limit):
        assert refusal(parquet({"a": [1, 2, 3], "b": [1, 2, 3]}), **limit).rule == "too_many_rows"

    def test_may_have_names_that_are_sql(self):
        content = parquet({'"; drop table x; --': ["a"], "select": ["b"], "line": ["c"]})
        assert list(opened(content).sheets[0].lines()) == [(2, ["a", "b", "c"])]

    def test_with_a_changed_byte_is_read_or_refused_and_nothing_else(self):
        content = parquet({"a": [str(n) for n in range(50)]})
        for at in range(0, len(content), 29):
            changed = bytearray(content)
            changed[at] ^= 0x5A
            try:
                rows = opened(bytes(changed)).sheets[0].rows
            except Exception as error:
                # Only the one kind of error is an answer; the assertion names the byte.
                assert type(error).__name__ == "Refused", (at, error)
            else:
                assert rows == 50, at


class TestRealFiles:
    def test_of_kolada_as_csv_are_read_as_they_stand(self, shared_input):
        paths = [
            *sorted((shared_input / "kolada").glob("*.csv")),
            shared_input / "linkoping-verksamhetsplan-2020.csv",
        ]
        for path in paths:
            content = path.read_text(encoding="utf-8-sig")
            separator = ";" if path.name.startswith(("sample", "linkoping")) else ","
            expected = list(csv.reader(io.StringIO(content, newline=""), delimiter=separator))
            read = cells(opened(path.read_bytes()))
            assert [[cell.replace("\r\n", "\n") for cell in row] for row in expected] == read, path.name

    def test_in_parquet_are_read_as_they_stand(self, shared_input):
        for path in sorted(shared_input.rglob("*.parquet")):
            (sheet,) = opened(path.read_bytes()).sheets
            table = pq.read_table(path)
            assert (sheet.rows, sheet.headings) == (len(table), tuple(table.column_names)), path.name
            shown = [
                [str(value).removesuffix(".0") if isinstance(value, float) else value or "" for value in row]
                for row in zip(*(table.column(name).to_pylist() for name in table.column_names), strict=True)
            ]
            for (line, read), expected in zip(sheet.lines(), shown, strict=True):
                assert read == [str(cell) for cell in expected], (path.name, line)

    def test_in_excel_are_read_as_they_stand(self, shared_input):
        for path in sorted(shared_input.rglob("*.xlsx")):
            book = opened(path.read_bytes())
            original = openpyxl.load_workbook(path)
            assert [sheet.name for sheet in book.sheets] == original.sheetnames
            for number, sheet in enumerate(original):
                merged = {place for area in sheet.merged_cells.ranges for place in area.cells}
                read = cells(book, number)
                for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
                    for column, value in enumerate(values, 1):
                        if (line, column) not in merged:
                            found = cell_of(read, line, column).strip()
                            assert found == in_text(value), (path.name, sheet.title, line, column)

    def test_of_skolverket_in_excel_have_their_merged_headings_over_every_column(self, shared_input):
        path = next((shared_input / "skolverket").glob("*per kön 2025 Kommun.xlsx"))
        assert cells(opened(path.read_bytes()))[6] == [""] * 5 + ["Flickor"] * 5 + ["Pojkar"] * 5

    def test_in_json_are_read_as_they_stand(self, shared_input):
        for path in sorted(shared_input.rglob("*.json")):
            assert opened(path.read_bytes()).document == json.loads(path.read_text(encoding="utf-8"))


def cell_of(rows: list[list[str]], line: int, column: int) -> str:
    return rows[line - 1][column - 1] if line <= len(rows) and column <= len(rows[line - 1]) else ""


def in_text(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


OPEN_WITHIN_LIMITS = """
import sys
from pathlib import Path
import duckdb
from queries.connection import settings
from queries.intake.containers import ReadingLimits, limit_this_process, open_book
from queries.intake.reading import Refused

limits = ReadingLimits.from_settings(settings())
limit_this_process(limits)
try:
    book = open_book(Path(sys.argv[1]), "x", duckdb.connect(":memory:"), limits)
except Refused as refused:
    print(refused.findings[0].rule)
else:
    print(sum(sheet.rows for sheet in book.sheets))
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no limits for a process of this kind.")
class TestWithinLimits:
    """In a process of its own: a file may bring it down, and must not."""

    def run(self, path: Path) -> subprocess.CompletedProcess[str]:
        child = [sys.executable, "-c", OPEN_WITHIN_LIMITS, str(path)]
        return subprocess.run(child, cwd=PROJECT, capture_output=True, text=True, timeout=120)

    def said_of(self, path: Path) -> str:
        done = self.run(path)
        assert done.returncode == 0, done.stderr[-2_000:]
        return done.stdout.strip()

    def test_a_large_table_is_opened(self, tmp_path):
        path = tmp_path / "original"
        path.write_text("kpi;kommun;år;värde\n" + "N15419;0125;2024;78,5\n" * 300_000, encoding="utf-8")
        assert self.said_of(path) == "300001"
        assert list(tmp_path.iterdir()) == [path]

    def test_a_long_text_told_again_in_every_cell_stops_no_other_process(self, tmp_path):
        shared = f'<sst xmlns="{EXCEL}"><si><t>{"x" * 30_000}</t></si></sst>'
        path = tmp_path / "original"
        path.write_bytes(xlsx('<row><c t="s"><v>0</v></c></row>' * 200_000, sharedStrings=shared))
        assert path.stat().st_size < 1_000_000
        assert self.run(path).returncode != 0

    @pytest.mark.parametrize("corner", ["XFD1048576", "ZZ1048576"])
    def test_a_cell_in_the_far_corner_is_refused(self, tmp_path, corner):
        path = tmp_path / "original"
        path.write_bytes(xlsx(row(1, text("A1", "x")) + f"<row>{text(corner, 'y')}</row>"))
        assert self.said_of(path) == "too_far"

    def test_a_bomb_that_unpacks_to_six_hundred_megabytes_is_refused(self, tmp_path):
        path = tmp_path / "original"
        path.write_bytes(xlsx(row(1, text("A1", "x"))))
        piece = b"<row><c><v>1</v></c></row>" * 100_000
        with (
            zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package,
            package.open("xl/worksheets/sheet2.xml", "w") as part,
        ):
            for _ in range(240):
                part.write(piece)
        assert path.stat().st_size < 3_000_000
        assert self.said_of(path) == "unpacked_too_large"


class TestLimits:
    def test_are_those_of_the_settings(self):
        told = settings()["intake"]
        assert ReadingLimits.from_settings(settings()) == LIMITS
        assert (LIMITS.rows, LIMITS.memory_mb) == (told["rows"], told["memory_mb"])

    def test_may_not_be_left_out(self):
        with pytest.raises(KeyError):
            ReadingLimits.from_settings({"intake": {"rows": 1}})

    def test_hold_for_the_process_that_sets_them(self):
        code = (
            "import resource, sys; sys.path.insert(0, '.'); from queries.intake.limits import *; "
            "from queries.connection import settings; limits = ReadingLimits.from_settings(settings()); "
            "limit_this_process(limits); "
            "print(resource.getrlimit(resource.RLIMIT_AS)[1] // 2**20, resource.getrlimit(resource.RLIMIT_CPU)[1], "
            "resource.getrlimit(resource.RLIMIT_CORE)[1])"
        )
        if os.name != "posix":
            pytest.skip("Windows has no limits for a process of this kind.")
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == [str(LIMITS.memory_mb), str(LIMITS.cpu_seconds), "0"]
