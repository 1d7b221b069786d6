"""Which version a page tells of: one, from its first line to its last, and the newest at the next click."""

from __future__ import annotations

import pytest

from pages.parts import source
from tests.pages.conftest import Visit
from tests.pages.test_pages import PAGES


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """The versions that have been asked for."""
    asked: list[int | None] = []
    library = source.library()
    real = library.open

    def counted(version: int | None = None):
        asked.append(version)
        return real(version)

    monkeypatch.setattr(library, "open", counted)
    return asked


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_its_version_once(visit: Visit, opened: list[int | None], page: str):
    app = visit(page)
    opened.clear()
    app.run()
    assert opened == [None]
    app.run()
    assert opened == [None, None]
