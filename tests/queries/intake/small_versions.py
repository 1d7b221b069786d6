"""Small versions for tests of publishing: every file of a version is one line that says what it was made for.

Publishing never looks into the files, so they need not be tables that DuckDB can read.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

from queries import permits
from queries.connection import settings
from queries.intake import drafts, publishing
from queries.intake.drafts import Draft
from queries.versions import EMBEDDED, Manifest, Original, Store, TableFile
from tests.conftest import write_table

CHANGED = ("goals", "actions")
UNCHANGED = "units"
GOAL = {
    "municipality_id": "0125",
    "goal_id": "m1",
    "year": 2020,
    "level": "committee",
    "is_priority": False,
    "source_id": "ekero",
}


def first_version(folder: Path) -> Store:
    """Version 0 in a folder of its own, and an exports folder that does not exist yet."""
    embedded = folder / "sample"
    embedded.mkdir(parents=True)
    tables = {name: place(embedded, name, f"{name}, the first") for name in (*CHANGED, UNCHANGED)}
    private = {"outcomes": place(embedded, "outcomes", "outcomes, the first", "private")}
    told = ("2026-11-01T12:00:00+00:00", "projektet", "", settings()["disclosure"])
    Store((embedded,)).commit(Manifest(0, None, *told, tables, private))
    return Store((embedded, folder / "exports"))


def real_version(folder: Path) -> Store:
    """Version 0 of the project in a folder that a test may harm, and an exports folder that does not exist yet."""
    for part in ("files", "private", "manifests"):
        shutil.copytree(EMBEDDED / part, folder / "sample" / part)
    return Store((folder / "sample", folder / "exports"))


def place(folder: Path, table: str, text: str, kind: str = "files") -> TableFile:
    """A file that says a line, under the name that its content gives it."""
    unfinished = folder / f"{table}.unfinished"
    unfinished.write_text(text, encoding="utf-8")
    return Store((folder,)).place(unfinished, table, 1, kind)


def checked(store: Store, text: str, *, base: int | None = None, warnings: int = 0) -> str:
    """The id of a draft as a check leaves it; all its files say the text."""
    folder = drafts.new_draft_folder(store)
    tables = {name: place(folder, name, f"{name}, {text}") for name in CHANGED}
    private = {"outcomes": place(folder, "outcomes", f"outcomes, {text}", "private")}
    content = f"uploaded, {text}".encode()
    (folder / "original").write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    original = Original(digest, f"../{text}.csv", len(content), "templates", "Mål")
    base = store.newest_whole().manifest.version if base is None else base
    limits = settings()["disclosure"]
    drafts.save(
        folder, Draft(folder.name, base, tables, private, limits, original, (f"{text} är nytt.",), warnings)
    )
    return folder.name


def checked_goal(store: Store, name: str = "Alla når målen") -> str:
    """The id of a draft on a real version that has one goal in place of all, and can be opened as tables."""
    folder = drafts.folder_of(store, checked(store, name))
    goals = write_table(Store((folder,)), "goals", [{**GOAL, "name": name}])
    draft = replace(drafts.load(store, folder.name), tables={"goals": goals}, private={})
    drafts.save(folder, draft)
    return folder.name


def published(store: Store, text: str, *, note: str = "") -> Manifest:
    """A version all of whose changed files say the text."""
    return publishing.publish(store, checked(store, text), permit=permits.operator("publish"), note=note)


def said(store: Store, manifest: Manifest) -> set[str]:
    """What the changed files of a version say; one text when it is whole. Raises BrokenVersion."""
    paths = [store.verified_path(manifest.tables[name]) for name in CHANGED]
    paths.append(store.verified_path(manifest.private["outcomes"], "private"))
    return {path.read_text(encoding="utf-8").partition(", ")[2] for path in paths}


def flip_a_bit(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def left_unfinished(store: Store) -> list[str]:
    """Names of what a crash leaves in the folder that is written to, outside the drafts."""
    return [path.name for path in store.folders[-1].glob("*/.tmp-*")]
