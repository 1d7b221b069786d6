"""Pages as Streamlit runs them, without a browser: the frame first, then the page asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import guard, source
from queries.connection import Library
from queries.versions import EMBEDDED, Store

FRAME = Path(__file__).resolve().parents[2] / "pages" / "frame.py"

Visit = Callable[..., AppTest]


@pytest.fixture(scope="session")
def embedded_library() -> Library:
    """Version 0 and nothing else: what somebody has published on this computer never decides a test."""
    return Library(Store((EMBEDDED,)))


@pytest.fixture(autouse=True)
def library(embedded_library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The library that pages open."""
    monkeypatch.setattr(source, "library", lambda: embedded_library)
    return embedded_library


@pytest.fixture(autouse=True)
def browser_on_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The visit comes from a browser on this computer: AppTest has no other end."""
    monkeypatch.setattr(guard, "visitor", lambda: (None, {"host": "localhost:8501"}))


@pytest.fixture
def own_store(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Version 0 and a folder in which the test may publish; pages show the newest version of the two."""
    store = Store((EMBEDDED, tmp_path / "exports"))
    store.folders[-1].mkdir()
    opened = Library(store)
    monkeypatch.setattr(source, "library", lambda: opened)
    return store


@pytest.fixture
def visit() -> Visit:
    """Run a page with the values of a link: visit("goals.py", kommun="Ekerö", ar="2020")."""

    def run(page: str = "overview.py", **link: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=60)
        for key, value in link.items():
            app.query_params[key] = value
        app.run()
        return app if page == "overview.py" else app.switch_page(page).run()

    return run


def texts(app: AppTest) -> str:
    """All running text of a page, one element a line."""
    elements = [*app.title, *app.header, *app.subheader, *app.markdown, *app.text, *app.caption]
    return "\n".join(str(element.value).replace("\xa0", " ") for element in elements)


def tables(app: AppTest) -> list:
    """The page's tables as shown, with Markdown's escapes taken away."""
    return [
        table.value.map(lambda cell: str(cell).replace("\\", "").replace("\xa0", " ")) for table in app.table
    ]
