"""/halsa: whether pages can be shown, and what somebody should look at. Cheap enough to be asked every few seconds.

200 as long as visitors get their pages, also with a warning: a proxy that asks here must not take away a server that
works because its disk is filling up. 503 when they do not. Nothing here tells a path, a name or a secret.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse

from pages.parts import source
from pages.parts.access.sessions import is_configured
from pages.parts.log_lines import logged
from queries import audit
from queries.connection import Exports, settings
from queries.versions import BrokenVersion, Store

NOT_WRITABLE = "Mappen för publicerade uppgifter går inte att skriva i: inget kan publiceras."
LITTLE_SPACE = "Det är ont om plats på disken: {gigabytes} GB kvar."
LOG_UNREADABLE = "Loggen över händelser kan inte läsas."
UNREADABLE = "De publicerade uppgifterna kan inte läsas. Referens i serverns logg: {reference}"

# The failure told last, and its reference: asked every few seconds, one that stays is logged once.
_told: dict[str, str] = {}


def health(_: Request) -> JSONResponse:
    """The answer: status ok, warning or error, reasons in Swedish, and what was looked at.

    version is the one that is shown, newer_versions whole or broken, folder writable or not_writable, disk_free_gb
    what is left where versions are published, sign_in configured or not_configured, log whole or broken.
    """
    never_kept = {"cache-control": "no-store"}
    # Any failure is what this address is there to tell of, so all kinds are caught here.
    try:
        told = _looked_at(source.newest(), source.store())
        _told.clear()
        return JSONResponse(told, headers=never_kept)
    except Exception as error:
        reasons = [UNREADABLE.format(reference=_reference(error))]
        # Written to be read, as no other failure is: which file, or that the database does not answer.
        reasons += [str(error)] if isinstance(error, BrokenVersion) else []
        return JSONResponse({"status": "error", "reasons": reasons}, 503, headers=never_kept)


def _looked_at(newest: Exports, store: Store) -> dict[str, object]:
    folder = _there(store.folders[-1])
    is_writable, free = os.access(folder, os.W_OK), round(shutil.disk_usage(folder).free / 1e9, 1)
    fault = _fault_of_log(store)
    reasons = list(newest.broken)
    reasons += [] if is_writable else [NOT_WRITABLE]
    if free < settings()["log"]["disk_warning_gb"]:
        reasons.append(LITTLE_SPACE.format(gigabytes=str(free).replace(".", ",")))
    reasons += [fault] if fault else []
    return {
        "status": "warning" if reasons else "ok",
        "reasons": reasons,
        "version": newest.version,
        "newer_versions": "broken" if newest.broken else "whole",
        "folder": "writable" if is_writable else "not_writable",
        "disk_free_gb": free,
        "sign_in": "configured" if is_configured() else "not_configured",
        "log": "broken" if fault else "whole",
    }


def _there(folder: Path) -> Path:
    """The folder of published versions, which the first publication makes, or the one that it will be made in."""
    return folder if folder.exists() else _there(folder.parent)


def _fault_of_log(store: Store) -> str:
    try:
        return audit.state(store).fault
    except OSError:
        return LOG_UNREADABLE


def _reference(error: Exception) -> str:
    told = repr(error)
    if told not in _told:
        _told.clear()
        _told[told] = logged(error)
    return _told[told]
