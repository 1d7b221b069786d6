"""Files opened the way an upload is, in the staging connection beside version 0, and the rows that a reader stages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from queries.connection import settings
from queries.intake.containers import open_book
from queries.intake.limits import ReadingLimits
from queries.intake.reading import Base, Reading
from queries.intake.sheets import Book

Opened = Callable[..., Book]
StagedRows = Callable[[Reading, str], list[dict[str, Any]]]


@pytest.fixture
def opened(base: Base, tmp_path: Path) -> Opened:
    """Open a file that lies somewhere, or one of this text: opened(path), opened("kpi;…")."""

    def open_file(content: Path | str, name: str = "export.csv") -> Book:
        path = content
        if isinstance(content, str):
            path = tmp_path / name
            path.write_text(content, encoding="utf-8")
        return open_book(path, Path(path).name, base.connection, ReadingLimits.from_settings(settings()))

    return open_file


@pytest.fixture
def staged_rows(base: Base) -> StagedRows:
    """The rows that a reading stages for a table, as mappings of text."""

    def rows(reading: Reading, table: str) -> list[dict[str, Any]]:
        found = []
        for staged in reading.staged:
            if staged.table == table:
                found += base.connection.execute(f"select * from {staged.relation}").df().to_dict("records")
        return [{name: None if value != value else value for name, value in row.items()} for row in found]

    return rows
