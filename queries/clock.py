"""The clock: moments are kept in UTC, days are those of Sweden, wherever the server stands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")


def now() -> str:
    """This moment in UTC, to the second, as manifests write it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def today() -> date:
    """The day it is in Sweden: what is late, and what a file is named by, hangs on it."""
    return datetime.now(SWEDEN).date()


def in_sweden(moment: str | float) -> datetime:
    """A moment as clocks in Sweden show it: of a manifest, or in seconds since 1970 as files have it."""
    if isinstance(moment, str):
        return datetime.fromisoformat(moment).astimezone(SWEDEN)
    return datetime.fromtimestamp(moment, SWEDEN)


def swedish_time(moment: str) -> str:
    """A moment of a manifest in short: 2026-11-22 kl. 14.05."""
    return f"{in_sweden(moment):%Y-%m-%d kl. %H.%M}"
