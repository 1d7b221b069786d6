"""The process that opens one uploaded file, and nothing else.

    python -m queries.intake.worker FOLDER

FOLDER is a draft: its file original, and request.json with name, options and the folders of the store. The process
limits its own memory and time before it looks at the file, tells each step on standard output, and leaves
outcome.json; with something to publish it also leaves the finished files of a draft. When it dies, only it dies.
"""

from __future__ import annotations

import codecs
import json
import sys
import traceback
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb
import pyarrow.csv

from queries import clock
from queries.connection import Exports, Library, of_one_municipality, settings, take_time
from queries.intake import checking, drafts, mappings, merging, preview, revisions
from queries.intake.base import narrow, open_base, published
from queries.intake.containers import open_book
from queries.intake.limits import ReadingLimits, limit_this_process
from queries.intake.outcome import (
    ALL_FINDINGS,
    CHANGES,
    FAILURE,
    FINDINGS_SHOWN,
    NO_CHANGES,
    Outcome,
    options_from_json,
    refusal,
)
from queries.intake.personal_data import personal_data
from queries.intake.readers import READERS
from queries.intake.reading import Base, Finding, Options, Reading, Refused, stage
from queries.intake.sheets import Book
from queries.intake.writing import write_table
from queries.versions import PART, Manifest, Original, Store, TableFile, sha256_of, with_files

# Of the process's memory, what DuckDB may hold before it writes to the draft's folder instead.
SHARE_OF_DUCKDB = 0.07
Say = Callable[[str], None]
PERSONAL_DATA = "personal_data"
NAMELESS = "Filen"

UNKNOWN_FORMAT = (
    "Filen känns inte igen. Det som kan läsas är Skolverkets statistik, Kolada, Skolenkäten, "
    "tabeller med mål eller åtgärder, och mallarna på sidan Data."
)
STEPS = (
    "Öppnar filen",
    "Letar efter personuppgifter",
    "Läser den publicerade versionen",
    "Tolkar filen",
    "Kontrollerar varje cell",
    "Jämför med det publicerade",
    "Räknar ut vad som ändras",
)


@dataclass(frozen=True)
class Request:
    """What to look at: the analyst's name for the file, the answers so far, and where published versions lie."""

    name: str
    options: Options
    store: Store
    base: int


def examine(folder: Path, request: Request, say: Say = lambda step: None) -> Outcome:
    """The outcome for FOLDER/original. Raises nothing for a bad file: that is an outcome."""
    sha256 = sha256_of(folder / "original")
    try:
        return _examine(folder, request, sha256, say)
    except Refused as refused:
        is_personal = any(
            each.rule == PERSONAL_DATA and each.severity == "error" for each in refused.findings
        )
        # The name of such a file may tell of a pupil too.
        name = NAMELESS if is_personal else request.name
        outcome = refusal(name, *refused.findings, sha256=sha256, base=request.base)
        return replace(outcome, took_personal_data=is_personal)


@dataclass(frozen=True)
class Checked:
    """A file that has been read and checked: the staging connection with its rows, and what came of it so far."""

    connection: duckdb.DuckDBPyConnection
    base: Base
    reading: Reading
    outcome: Outcome


def checked(folder: Path, request: Request, say: Say = lambda step: None) -> Checked:
    """Read FOLDER/original and check every cell. Raises Refused for a file that cannot be read at all."""
    limits = ReadingLimits.from_settings(settings())
    connection = _connect(folder, limits)
    say(STEPS[0])
    book = open_book(folder / "original", request.name, connection, limits)
    say(STEPS[1])
    doubtful = _refuse_personal_data(book)
    say(STEPS[2])
    base = open_base(connection, request.store, request.base)
    say(STEPS[3])
    reading = _with_source(connection, _read(book, base, request))
    base = narrow(base, request.store, _told_of(connection, reading, of_one_municipality()))
    reading = replace(reading, findings=(*reading.findings, *doubtful))
    for sheet in book.sheets:
        # Its rows are staged: a million of them twice would fill the memory that the check needs.
        connection.execute(f"drop table if exists {sheet.table}")
    said = Outcome(
        "needs" if reading.needs else "rejected",
        book.name,
        reader=reading.reader,
        title=reading.title,
        findings=tuple(reading.findings),
        needs=reading.needs,
        asks=reading.asks,
        base=request.base,
    )
    if reading.needs:
        return Checked(connection, base, reading, said)
    say(STEPS[4])
    has_typed_numbers = book.container != "csv"
    options = request.options
    checking.check(
        connection, reading, options.today, has_typed_numbers=has_typed_numbers, quoted=options.quoted
    )
    findings = tuple(checking.first_findings(connection, FINDINGS_SHOWN))
    counted = replace(said, counts=checking.counts(connection), findings=findings)
    return Checked(connection, base, reading, counted)


def _examine(folder: Path, request: Request, sha256: str, say: Say) -> Outcome:
    done = checked(folder, request, say)
    said = replace(done.outcome, sha256=sha256)
    if said.verdict == "needs":
        return said
    _write_findings(done.connection, folder)
    if said.counts["error"]:
        return said
    say(STEPS[5])
    return _compared(folder, request, replace(done, outcome=said), say)


def _compared(folder: Path, request: Request, done: Checked, say: Say) -> Outcome:
    """The outcome of a file without errors: unchanged, or with a draft and what it changes."""
    connection, reading, said = done.connection, done.reading, done.outcome
    changed = merging.merge(connection, reading.staged, replace=request.options.replace)
    changes = preview.changes_of(connection, changed)
    told = {staged.table for staged in reading.staged}
    left_out = preview.left_out(connection) if "monthly_values" in told else []
    # A source that nothing refers to is not worth a version.
    if not [change for change in changes if change.table != "sources"]:
        return replace(said, verdict="unchanged", sentences=tuple(left_out) or (NO_CHANGES,))
    draft = _write_draft(folder, request, done, changed)
    say(STEPS[6])
    preview.rows_changed(connection, changed).to_csv(folder / CHANGES, index=False)
    of_file = [
        sentence
        for staged in reading.staged
        if staged.table == "outcomes"
        for sentence in preview.missing_units(connection, checking.typed(staged))
    ]
    values = revisions.value_changes(connection) if "comparison_values" in changed else []
    of_values = [checking.typed(staged) for staged in reading.staged if staged.table == "comparison_values"]
    of_file += revisions.sentences(connection, values, next(iter(of_values), None)) if values else []
    of_file += left_out
    about = _told_of(connection, reading, {*of_one_municipality(), "comparison_values"})
    connection.close()
    both = _both_versions(folder, request)
    sentences = preview.sentences(*both, changes, of_file, about)
    drafts.save(folder, replace(draft, summary=tuple(sentences)))
    return replace(
        said,
        verdict="warnings" if said.counts["warning"] else "accepted",
        draft_id=folder.name,
        sentences=tuple(sentences),
        changes=tuple(changes),
        by_indicator=tuple(revisions.by_indicator(values)),
    )


def _connect(folder: Path, limits: ReadingLimits) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute(f"set memory_limit = '{int(limits.memory_mb * SHARE_OF_DUCKDB)}MB'")
    connection.execute("set temp_directory = $folder", {"folder": str(folder / "spill")})
    connection.execute("set threads = 2")
    connection.execute("set python_enable_replacements = false")
    connection.execute("set autoinstall_known_extensions = false")
    connection.execute("set autoload_known_extensions = false")
    return connection


def _refuse_personal_data(book: Book) -> list[Finding]:
    """What may be personal data, for the analyst to judge. Raises Refused for what is."""
    findings = [replace(each, rule=PERSONAL_DATA) for each in personal_data(book)]
    if any(each.severity == "error" for each in findings):
        raise Refused(*findings)
    return findings


def _read(book: Book, base: Base, request: Request) -> Reading:
    reader = next((each for each in READERS if each.recognise(book)), None)
    if reader is None:
        raise Refused(Finding("error", "unknown_format", UNKNOWN_FORMAT))
    reading = reader.read(book, base, request.options)
    asked = next((need for need in reading.needs if need.field == "columns"), None)
    known = asked and mappings.remembered(request.store.folders[-1], list(asked.suggested))
    if known:
        return reader.read(book, base, replace(request.options, columns=known))
    if request.options.columns and not reading.needs:
        mappings.remember(request.store.folders[-1], list(request.options.columns), request.options.columns)
    return reading


def _with_source(connection: duckdb.DuckDBPyConnection, reading: Reading) -> Reading:
    """The reading with its source staged as a row of table sources, unless it is published already."""
    if reading.source is None or reading.needs:
        return reading
    row = {**asdict(reading.source), "is_official": "ja" if reading.source.is_official else "nej"}
    staged = stage(connection, "sources", [row], only_missing=True)
    return replace(reading, staged=(staged, *reading.staged))


def _told_of(connection: duckdb.DuckDBPyConnection, reading: Reading, tables: Collection[str]) -> set[str]:
    """The municipalities that a file has rows about in some tables."""
    told = [each.relation for each in reading.staged if each.table in tables]
    return {
        whose
        for relation in told
        for (whose,) in connection.execute(f"select distinct municipality_id from {relation}").fetchall()
        if whose
    }


def _write_findings(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Every finding as a CSV for the analyst's spreadsheet."""
    table = checking.all_findings(connection).rename_columns(
        ["Slag", "Blad", "Rad", "Kolumn", "Hittade", "Väntade"]
    )
    with (folder / ALL_FINDINGS).open("wb") as file:
        file.write(codecs.BOM_UTF8)
        pyarrow.csv.write_csv(table, file, pyarrow.csv.WriteOptions(delimiter=";"))


def _write_draft(folder: Path, request: Request, done: Checked, changed: set[str]) -> drafts.Draft:
    """The changed tables as files of the draft, and a manifest under which they can be opened before publishing."""
    connection, said = done.connection, done.outcome
    files: dict[str, TableFile] = {}
    for name in sorted(changed):
        files |= write_table(
            connection, published(connection, name), name, folder, parts=done.base.parts(name)
        )
    private: dict[str, TableFile] = {}
    if "outcomes" in {staged.table for staged in done.reading.staged}:
        # Hidden values lie in the same parts as what is shown.
        parts = done.base.parts("outcomes") or [
            name.partition(PART)[2] for name in files if name.startswith(f"outcomes{PART}")
        ]
        private |= write_table(connection, "private_outcomes", "outcomes", folder, "private", parts)
    size = (folder / "original").stat().st_size
    original = Original(said.sha256, said.name, size, said.reader, said.title)
    limits = settings()["disclosure"]
    draft = drafts.Draft(
        folder.name, request.base, files, private, limits, original, (), said.counts["warning"]
    )
    before = done.base.manifest
    Store((folder,)).commit(
        Manifest(
            request.base + 1,
            request.base,
            clock.now(),
            "utkast",
            "",
            limits,
            with_files(before.tables, files),
            with_files(before.private, private),
        )
    )
    return draft


def _both_versions(folder: Path, request: Request) -> tuple[Exports, Exports]:
    """The published version and the one to come, opened as pages open them: what cannot be opened is not published."""
    library = Library(Store((*request.store.folders, folder)))
    return library.open(request.base), library.open(request.base + 1)


def main(folder: Path) -> None:
    """Examine the file of a draft folder within this process's limits, and leave outcome.json."""
    limit_this_process(ReadingLimits.from_settings(settings()))
    take_time()
    content = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    store = Store(tuple(Path(each) for each in content["folders"]))
    request = Request(content["name"], options_from_json(content["options"]), store, content["base"])
    try:
        outcome = examine(folder, request, lambda step: print(step, flush=True))
    except (MemoryError, duckdb.OutOfMemoryException):
        # The parent tells the analyst that the limit was met, as when the system stops the process.
        sys.exit(1)
    except Exception as error:
        # A fault of the program: the log gets its place, never its message, which may repeat a cell.
        places = "".join(traceback.format_tb(error.__traceback__))
        (folder / FAILURE).write_text(f"{type(error).__name__}\n{places}", encoding="utf-8")
        sys.exit(1)
    (folder / "outcome.json").write_text(outcome.as_json(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
