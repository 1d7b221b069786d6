"""Each test of access finds sign-in as the server finds it when it starts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pages.parts.access import sessions


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    yield
    sessions.is_configured.cache_clear()
