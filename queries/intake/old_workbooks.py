"""The cells of an .xls file that hold errors, which calamine gives as empty.

An .xls file is a small file system of sectors (OLE) with one stream of records (BIFF); a record is its kind, its
length and its content. Only what is needed to find the errors is read here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
STREAMS = ("Workbook", "Book")
# Sectors from here on are marks: free, end of a chain.
LAST_SECTOR = 0xFFFFFFFA
SMALLEST_STREAM = 4096
SECTOR_SIZES = (512, 4096)
# Where the header tells how many sectors there are of directory, of tables, of small tables and of lists of tables.
SECTOR_COUNTS = (40, 44, 64, 72)

BEGINNING, END, SHEET, FORMULA, VALUE = 0x0809, 0x000A, 0x0085, 0x0006, 0x0205
SEVERAL_NUMBERS = 0x00BD
# Records of cells: they begin with row and column.
CELLS = {FORMULA, VALUE, SEVERAL_NUMBERS, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x027E}
COLUMNS = 256


def errors_by_sheet(path: Path) -> list[dict[tuple[int, int], str]]:
    """For each sheet of the workbook: row and column from nought → the error. Raises IndexError or ValueError for a
    file that is damaged."""
    try:
        stream = _stream(path.read_bytes())
        sheets = [content for kind, content in _records(stream, 0) if kind == SHEET]
        return [dict(_errors(stream, struct.unpack_from("<I", content)[0])) for content in sheets]
    except struct.error as error:
        raise ValueError("The file ends too early.") from error


def _errors(stream: bytes, start: int) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, content in _records(stream, start):
        # calamine lays out every column up to the last one it meets, also where no such column can be.
        if kind in CELLS and struct.unpack_from("<H", content, 2)[0] >= COLUMNS:
            raise ValueError("A cell stands outside the sheet.")
        if kind == SEVERAL_NUMBERS and struct.unpack("<H", content[-2:])[0] >= COLUMNS:
            raise ValueError("A cell stands outside the sheet.")
        if kind == VALUE and content[7] == 1:
            yield struct.unpack_from("<HH", content), ERRORS.get(content[6], "#ERROR!")
        elif kind == FORMULA and content[12:14] == b"\xff\xff" and content[6] == 2:
            yield struct.unpack_from("<HH", content), ERRORS.get(content[8], "#ERROR!")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records from one beginning to its end; a chart inside a sheet has a beginning and an end of its own."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, start)
        depth += (kind == BEGINNING) - (kind == END)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[start + 4 : start + 4 + length]
        start += 4 + length


def _stream(file: bytes) -> bytes:
    size = _sector_size(file)
    table = _allocation_table(file, size)
    entries = _chain(file, size, table, struct.unpack_from("<I", file, 48)[0])
    for place in range(0, len(entries), 128):
        entry = entries[place : place + 128]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        if name in STREAMS:
            first, length = struct.unpack_from("<II", entry, 116)
            if length < SMALLEST_STREAM:
                raise ValueError("The stream is shorter than any program writes it.")
            return _chain(file, size, table, first)[:length]
    raise ValueError("There is no workbook in the file.")


def _sector_size(file: bytes) -> int:
    """Bytes in a sector, once the header promises no more sectors than there are: calamine makes room for them all."""
    size = 1 << struct.unpack_from("<H", file, 30)[0]
    promised = max(struct.unpack_from("<I", file, place)[0] for place in SECTOR_COUNTS)
    if size not in SECTOR_SIZES or promised > len(file) // size:
        raise ValueError("The header does not fit the file.")
    return size


def _allocation_table(file: bytes, size: int) -> tuple[int, ...]:
    """For each sector, the one that follows it."""
    sectors = [each for each in struct.unpack_from("<109I", file, 76) if each < LAST_SECTOR]
    more, count = struct.unpack_from("<II", file, 68)
    for _ in range(count):
        *listed, more = struct.unpack(f"<{size // 4}I", _sector(file, size, more))
        sectors += [each for each in listed if each < LAST_SECTOR]
    return tuple(
        following
        for each in sectors
        for following in struct.unpack(f"<{size // 4}I", _sector(file, size, each))
    )


def _chain(file: bytes, size: int, table: tuple[int, ...], first: int) -> bytes:
    parts = []
    while first < LAST_SECTOR:
        parts.append(_sector(file, size, first))
        first = table[first]
        if len(parts) > len(table):
            raise ValueError("The sectors follow each other in a circle.")
    return b"".join(parts)


def _sector(file: bytes, size: int, number: int) -> bytes:
    return file[(number + 1) * size : (number + 2) * size]
