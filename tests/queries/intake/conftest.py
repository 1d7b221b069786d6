"""Staging connections over version 0, and files turned into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pytest

from queries.intake import checking
from queries.intake.base import open_base
from queries.intake.reading import Base, Finding, Reading, Staged, stage
from queries.versions import EMBEDDED, Store

TODAY = date(2026, 11, 22)

Check = Callable[..., list[Finding]]


@pytest.fixture
def base() -> Iterator[Base]:
    """Version 0 inside a staging connection of its own."""
    connection = duckdb.connect(":memory:")
    yield open_base(connection, Store((EMBEDDED,)), 0)
    connection.close()


@pytest.fixture
def check(base: Base) -> Check:
    """Stage rows for a table, check them and return the findings: check("outcomes", [{...}], has_typed_numbers=True)."""

    def run(
        table: str,
        rows: Sequence[Mapping[str, Any]],
        *,
        also: Sequence[Staged] = (),
        headings: Mapping[str, str] | None = None,
        has_typed_numbers: bool = False,
    ) -> list[Finding]:
        lines = [{"_line": number, **row} for number, row in enumerate(rows, 2)]
        staged = stage(base.connection, table, lines, headings)
        reading = Reading("test", "Test", staged=(*also, staged))
        checking.check(base.connection, reading, TODAY, has_typed_numbers=has_typed_numbers)
        return checking.first_findings(base.connection, 500)

    return run
