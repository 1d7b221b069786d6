"""Moments in UTC, days of Sweden: the same on a server that stands anywhere."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest

from queries import clock


@pytest.fixture(params=("UTC", "Europe/Stockholm", "America/Los_Angeles", "Pacific/Kiritimati"))
def _server_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def at(moment: str) -> type[datetime]:
    """A clock that stands still."""

    class Still(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromisoformat(moment).astimezone(tz)

    return Still


@pytest.mark.usefixtures("_server_in")
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T22:59:59+00:00", date(2026, 11, 22)),
        ("2026-11-22T23:00:00+00:00", date(2026, 11, 23)),
        ("2026-06-30T21:59:59+00:00", date(2026, 6, 30)),
        ("2026-06-30T22:00:00+00:00", date(2026, 7, 1)),
        ("2026-12-31T23:30:00+00:00", date(2027, 1, 1)),
    ],
)
def test_a_day_begins_when_it_does_in_sweden(monkeypatch: pytest.MonkeyPatch, moment: str, day: date):
    monkeypatch.setattr(clock, "datetime", at(moment))
    assert clock.today() == day
    assert clock.now() == moment


@pytest.mark.usefixtures("_server_in")
def test_a_moment_is_told_as_clocks_in_sweden_show_it_in_summer_and_in_winter():
    assert clock.swedish_time("2026-11-22T13:05:09+00:00") == "2026-11-22 kl. 14.05"
    assert clock.swedish_time("2026-06-30T22:30:00+00:00") == "2026-07-01 kl. 00.30"
    seconds = datetime(2026, 6, 30, 22, 30, tzinfo=UTC).timestamp()
    assert clock.in_sweden(seconds) == clock.in_sweden("2026-06-30T22:30:00+00:00")
    assert clock.in_sweden(seconds).date() == date(2026, 7, 1)
