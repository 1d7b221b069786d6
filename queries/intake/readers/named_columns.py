"""Tables whose columns are known by name: where the headings stand, and the rows under names of our own.

The order of the columns never matters, and a million rows are only ever touched by SQL.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from queries.intake.reading import Finding, Refused, Staged
from queries.intake.sheets import Book, Sheet


@dataclass(frozen=True)
class Headed:
    """A sheet and its headings: as the file writes them, and the line they stand on (0 where the container itself
    names the columns, as Parquet does)."""

    sheet: Sheet
    line: int
    headings: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The headings without capitals and outer blanks, in the order of the columns."""
        return tuple(heading.strip().casefold() for heading in self.headings)

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return {name.casefold() for name in names} <= set(self.names)

    def heading(self, name: str) -> str:
        """A column's heading as the file writes it."""
        return self.headings[self.names.index(name.casefold())].strip()

    def demand(self, required: Sequence[str], optional: Collection[str] = ()) -> None:
        """Raises Refused when a required column is missing, or when one of either kind stands there twice."""
        missing = [name for name in required if not self.has(name)]
        twice = [name for name in (*required, *optional) if self.names.count(name.casefold()) > 1]
        faults = [f"{', '.join(missing)} saknas"] if missing else []
        faults += [f"{', '.join(twice)} finns mer än en gång"] if twice else []
        if faults:
            expected = f"kolumnerna {', '.join(required)}, en gång var; {' och '.join(faults)}"
            found = ", ".join(heading for heading in self.headings if heading)
            line = self.line or None
            raise Refused(Finding("error", "columns", expected, self.sheet.name, line, found=found))


def headed_sheet(book: Book, known: Collection[str], least: int) -> Headed | None:
    """The first sheet with a row that holds at least so many of the known names, and that row as headings."""
    for sheet in book.sheets:
        rows = [(0, list(sheet.headings))] if sheet.headings else sheet.head()
        for line, cells in rows:
            headed = Headed(sheet, line, tuple(cells))
            if sum(headed.has(name) for name in set(known)) >= least:
                return headed
    return None


def name_columns(
    connection: duckdb.DuckDBPyConnection, view: str, headed: Headed, columns: Mapping[str, str | None]
) -> None:
    """A view of the rows below the headings: line, and each column under the name it is given.

    columns: name in the view → name in the file; a column that the file lacks, or that has no name there, is null.
    """
    cells = ", ".join(f"{_cell(headed, name)} as {column}" for column, name in columns.items())
    table, line = headed.sheet.table, headed.line
    connection.execute(
        f"create or replace temp view {view} as select line, {cells} from {table} where line > {line}"
    )


def stage_query(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    query: str,
    headings: Mapping[str, str] | None = None,
    only_missing: bool = False,
) -> Staged:
    """The rows of a query, staged for a table: its columns are those of the table and PLACE, all text."""
    relation = f"staged_of_{table}"
    connection.execute(f"create or replace view {relation} as {query}")
    return Staged(table, relation, dict(headings or {}), only_missing)


def _cell(headed: Headed, name: str | None) -> str:
    return f"c{headed.names.index(name.casefold()) + 1}" if name and headed.has(name) else "null::text"
