"""Where an uploaded file is handed in: it is copied to a draft, examined by a process of its own, and told of.

Page Data and the command line both come here. This process never opens the file: what it may do to a reader
happens to a process that can be lost.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from queries import clock
from queries.connection import chosen_store, settings
from queries.intake import drafts
from queries.intake.outcome import (
    ALL_FINDINGS,
    CHANGES,
    FAILURE,
    Outcome,
    from_json,
    options_as_json,
    refusal,
)
from queries.intake.reading import Finding, Options
from queries.versions import Store, sha256_of

ROOT = Path(__file__).resolve().parents[2]
PUBLISHABLE = ("accepted", "warnings")
log = logging.getLogger("namndkollen")
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "VIRTUAL_ENV")
# Each library otherwise reserves address space by the gigabyte, and address space is what the system can limit.
LEAN = {
    "PYTHONUTF8": "1",
    "MALLOC_ARENA_MAX": "2",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}

TOO_SLOW = "Filen tog längre tid att läsa än de {seconds} sekunder som är tillåtna. Dela den i mindre filer."
DIED = (
    "Filen gick inte att läsa: den kräver mer minne eller tid än vad som är tillåtet. Är det rätt fil? "
    "Öppna den i Excel, ta bort tomma rader och kolumner långt ut i bladet, och spara om den."
)
BUG = "Filen kunde inte läsas. Felet ligger i programmet, inte i filen: ange referens {reference} när du hör av dig."
TOO_LARGE = "Filen är {found} MB. Högst {allowed} MB kan läsas."


@dataclass(frozen=True)
class Checked:
    """A check's outcome, and all its findings as the bytes of a CSV file (empty when there are none)."""

    outcome: Outcome
    findings_csv: bytes = b""


def check(
    source: Path | BinaryIO,
    name: str,
    *,
    store: Store | None = None,
    options: Options | None = None,
    progress: Callable[[str], None] | None = None,
) -> Checked:
    """Examine a file against the newest whole version.

    name is what the analyst calls the file; it is only ever shown. With the verdicts 'accepted' and 'warnings' a draft
    stays behind, ready to publish; in every other case nothing of the file is left on disk.
    """
    store = store or chosen_store()
    options = options or Options(clock.today())
    limits = settings()["intake"]
    drafts.sweep(store, limits["draft_hours"])
    size = _size(source) / 1_000_000
    if size > limits["file_mb"]:
        said = TOO_LARGE.format(found=f"{size:.0f}", allowed=limits["file_mb"])
        return Checked(refusal(name, Finding("error", "too_large", said)))
    newest = store.newest_whole().manifest
    # The process that examines the file knows only this machine's folders.
    store.bring_home(newest)
    base = newest.version
    with _draft(store) as folder:
        _copy(source, folder / "original")
        request = {
            "name": name,
            "options": options_as_json(options),
            "folders": [str(each) for each in store.folders],
            "base": base,
        }
        (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
        died = _run(folder, limits["seconds"], progress or (lambda step: None))
        if died:
            sha256 = sha256_of(folder / "original")
            return Checked(refusal(name, Finding("error", "unreadable", died), sha256=sha256, base=base))
        outcome = from_json((folder / "outcome.json").read_text(encoding="utf-8"))
        findings = folder / ALL_FINDINGS
        return Checked(outcome, findings.read_bytes() if findings.exists() else b"")


def changes(store: Store, draft_id: str) -> pd.DataFrame:
    """What a draft changes, row by row, as the analyst reads it: Slag, Ändring, Vad, Kolumn, Förut, Nu."""
    path = drafts.folder_of(store, draft_id) / CHANGES
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@contextmanager
def _draft(store: Store) -> Iterator[Path]:
    """A draft's folder, removed again unless the check left something to publish."""
    folder = drafts.new_draft_folder(store)
    keep = False
    try:
        yield folder
        outcome = folder / "outcome.json"
        keep = outcome.exists() and from_json(outcome.read_text(encoding="utf-8")).verdict in PUBLISHABLE
    finally:
        if not keep:
            drafts.discard(store, folder.name)


def _size(source: Path | BinaryIO) -> int:
    return source.stat().st_size if isinstance(source, Path) else source.seek(0, os.SEEK_END)


def _copy(source: Path | BinaryIO, target: Path) -> None:
    with (
        source.open("rb") if isinstance(source, Path) else nullcontext(source) as given,
        target.open("xb") as copy,
    ):
        given.seek(0)
        shutil.copyfileobj(given, copy)


def _run(folder: Path, seconds: int, progress: Callable[[str], None]) -> str | None:
    """Let the worker do its work; returns what to tell the analyst when it did not come through."""
    # Nothing of this process's surroundings is the worker's business, least of all secrets.
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | LEAN
    worker = subprocess.Popen(
        [sys.executable, "-m", "queries.intake.worker", str(folder)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    alarm = threading.Timer(seconds, worker.kill)
    alarm.start()
    try:
        for line in worker.stdout or ():
            progress(line.strip())
        worker.wait()
    finally:
        is_too_slow = alarm.finished.is_set()
        alarm.cancel()
        if worker.poll() is None:
            worker.kill()
            worker.wait()
    if (folder / "outcome.json").exists() and worker.returncode == 0:
        return None
    if is_too_slow:
        return TOO_SLOW.format(seconds=seconds)
    failure = folder / FAILURE
    return _logged(failure.read_text(encoding="utf-8")) if failure.exists() else DIED


def _logged(failure: str) -> str:
    """Write the worker's own fault to the log, and tell the analyst where to find it."""
    reference = secrets.token_hex(4)
    log.error("Referens %s: %s", reference, failure)
    return BUG.format(reference=reference)
