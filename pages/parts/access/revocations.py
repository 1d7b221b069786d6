"""Sign-ins that no longer count though their cookie does: files among the published versions, which all replicas share.

<exports>/access/session-<id>        one sign-in, ended by signing out
<exports>/access/person-<pseudonym>  all of a person's sign-ins until the moment written in it
<exports>/access/person-everybody    the same for everybody
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path

from pages.parts.access.sessions import Session
from queries import durable
from queries.versions import Store

EVERYBODY = "everybody"
KINDS = ("session-*", "person-*", f"{durable.UNFINISHED}*")
PSEUDONYM = re.compile(r"[0-9a-f]{12}|" + EVERYBODY)
# The cookie itself is dead after thirty days, and a day's grace.
KEPT_SECONDS = 32 * 24 * 3600


def is_revoked(store: Store, session: Session) -> bool:
    """Whether a sign-in has been ended. Asked at every run, so it only looks for three names. Raises OSError."""
    folder = _folder(store)
    if _is_there(folder / f"session-{session.session_id}"):
        return True
    return any(session.began <= _until(folder / f"person-{who}") for who in (session.pseudonym, EVERYBODY))


def end(store: Store, session: Session) -> bool:
    """End one sign-in, in every browser that has its cookie; False when it was ended already. Raises OSError."""
    folder = _folder(store)
    durable.make_folder(folder, 0o700)
    sweep(store)
    try:
        durable.create(folder / f"session-{session.session_id}", b"")
    except FileExistsError:
        return False
    return True


def revoke(store: Store, pseudonym: str) -> None:
    """End all sign-ins of a person until now, or of EVERYBODY. Who still has a role can sign in again. Raises OSError.

    Raises ValueError for what is no pseudonym.
    """
    if not PSEUDONYM.fullmatch(pseudonym):
        raise ValueError(f"{pseudonym} is no pseudonym")
    folder = _folder(store)
    durable.make_folder(folder, 0o700)
    with durable.unfinished(folder) as path:
        path.write_text(f"{time.time():.3f}", encoding="ascii")
        durable.move(path, folder / f"person-{pseudonym}")


def sweep(store: Store) -> None:
    """Remove revocations that have outlived every cookie, and nothing else that lies there. Raises nothing."""
    with suppress(OSError):
        for path in [path for kind in KINDS for path in _folder(store).glob(kind)]:
            # Somebody else may sweep too.
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                    path.unlink()


def _folder(store: Store) -> Path:
    return store.folders[-1] / "access"


def _is_there(path: Path) -> bool:
    # Not Path.exists, for which a folder that cannot be read is an empty one.
    try:
        os.stat(path)
    except FileNotFoundError:
        return False
    return True


def _until(path: Path) -> float:
    """The moment until which sign-ins are ended; none has been when there is no such file."""
    try:
        return float(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0.0
    except ValueError:
        # A file that cannot be read was written to end something.
        return float("inf")
