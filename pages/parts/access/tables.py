"""The two files that say who may see and do what, and their settings, read again whenever they change."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from queries import connection


def rows(name: str) -> Sequence[Mapping[str, str]]:
    """The rows of data/<name>.csv, cells without space around them; none when there is no such file."""
    # A file that is being replaced is gone for a moment: for that long nobody may anything.
    found = _stamped(connection.DATA / f"{name}.csv")
    return _rows(*found) if found else ()


def access_settings() -> Mapping[str, Any]:
    """The table [access] of data/settings.toml."""
    return connection.settings()["access"]


def _stamped(path: Path) -> tuple[Path, int, int, int] | None:
    try:
        told = path.stat()
    except FileNotFoundError:
        return None
    return path, told.st_mtime_ns, told.st_size, told.st_ino


@lru_cache(maxsize=8)
def _rows(path: Path, *_: int) -> Sequence[Mapping[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        # Swedish Excel saves with semicolons what it opened with commas.
        separator = ";" if ";" in file.readline() else ","
        file.seek(0)
        read = csv.DictReader(file, delimiter=separator)
        return tuple({str(key): (row[key] or "").strip() for key in row if key} for row in read)
