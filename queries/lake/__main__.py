"""The lake that [store] url of data/settings.toml, or the variable NAMNDKOLLEN_STORE, names.

    python -m queries.lake adopt     takes in every version of this machine's folder, and makes the lake if there is none
    python -m queries.lake verify    reads every file of every version in the lake again

Exit status: 0 done; 1 something is wrong with what is published; 2 the command is not understood.
"""

from __future__ import annotations

import argparse
import sys

from queries.connection import chosen_store
from queries.lake.adopting import adopt, faults
from queries.lake.store import LakeStore
from queries.versions import BrokenVersion, Store

NO_LAKE = "Ingen sjö är vald: sätt [store] url i data/settings.toml eller miljövariabeln NAMNDKOLLEN_STORE."


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m queries.lake", description="Publicerade uppgifter i en sjö."
    )
    parser.add_argument("command", choices=("adopt", "verify"))
    given = parser.parse_args(arguments)
    store = chosen_store()
    if not isinstance(store, LakeStore):
        print(NO_LAKE, file=sys.stderr)
        return 2
    try:
        return _adopted(store) if given.command == "adopt" else _verified(store)
    except BrokenVersion as reason:
        print(reason, file=sys.stderr)
        return 1


def _adopted(store: LakeStore) -> int:
    done = adopt(store, Store(store.folders))
    taken = ", ".join(map(str, done.taken)) or "inga"
    print(f"Versioner som togs in: {taken}. De som redan fanns där: {len(done.known)}.")
    for reason in done.broken:
        print(reason, file=sys.stderr)
    return 1 if done.broken else 0


def _verified(store: LakeStore) -> int:
    found = list(faults(store))
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"{len(store.numbers())} versioner lästa, {len(found)} fel.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
