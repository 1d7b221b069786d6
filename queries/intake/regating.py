"""A new version of what is published, with small groups hidden by the limits that hold now.

Needed once when the table [disclosure] of data/settings.toml has been changed: until then nothing is shown that was
hidden by other limits. A row with a stage in data/absence_measures.csv can be put into effect the same way.
"""

from __future__ import annotations

import duckdb

from queries.connection import settings
from queries.intake import drafts, merging, publishing
from queries.intake.base import narrow, open_base, published
from queries.intake.writing import write_table
from queries.permits import Permit
from queries.versions import Manifest, Store, TableFile

SUMMARY = "Små grupper är dolda enligt de gränser som gäller nu."


def regate(store: Store, *, permit: Permit, note: str = "") -> Manifest:
    """Publish the newest whole version once more, gated by the settings of now. permit is one to publish.

    Raises publishing.NotPublished in one of its kinds, and BrokenVersion when no version is whole.
    """
    newest = store.newest_whole().manifest
    store.bring_home(newest)
    limits = settings()["disclosure"]
    folder = drafts.new_draft_folder(store)
    connection = duckdb.connect(":memory:")
    try:
        base = open_base(connection, store, newest.version)
        files: dict[str, TableFile] = {}
        # A table in parts is gated a municipality at a time: no group reaches over two, and a country fills no memory.
        for table, anew in (("outcomes", merging.gate_anew), ("monthly_values", merging.leave_out_anew)):
            for whose in newest.parts(table) or [None]:
                base = narrow(base, store, [whose]) if whose else base
                for name in sorted(anew(connection)):
                    files |= write_table(
                        connection, published(connection, name), name, folder, parts=base.parts(name)
                    )
        if not files and dict(newest.limits) == limits:
            raise publishing.NothingToRestore(
                "Gränserna är de som uppgifterna publicerades med. Inget behöver göras."
            )
        draft = drafts.Draft(folder.name, newest.version, files, {}, limits, None, (SUMMARY,), 0)
        drafts.save(folder, draft)
        return publishing.publish(store, folder.name, permit=permit, note=note)
    finally:
        connection.close()
        drafts.discard(store, folder.name)
