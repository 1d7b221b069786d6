"""Pages as Streamlit runs them, without a browser: a link leads straight to its page, inside the frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from pages.parts import source
from pages.parts.access import Principal, asking
from queries.connection import Library
from queries.versions import EMBEDDED, Store

FRAME = Path(__file__).resolve().parents[2] / "pages" / "frame.py"

Visit = Callable[..., AppTest]
Become = Callable[[Principal], None]


@pytest.fixture(scope="session", autouse=True)
def no_components_of_others() -> Iterator[None]:
    """The project has no components of others, and to look for some in all that is installed takes longer than a page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", list)
        yield


@pytest.fixture(scope="session")
def embedded_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Version 0 and nothing else: what somebody has published on this computer never decides a test."""
    # What is logged and revoked has a folder of its own.
    return Library(Store((EMBEDDED, tmp_path_factory.mktemp("exports"))))


@pytest.fixture(autouse=True)
def library(embedded_library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The library that pages open."""
    monkeypatch.setattr(source, "library", lambda: embedded_library)
    return embedded_library


@pytest.fixture(autouse=True)
def browser_on_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The visit comes from a browser on this computer: AppTest has no other end."""
    monkeypatch.setattr(asking, "visitor", lambda: ({"host": "localhost:8501"}, None))


@pytest.fixture
def become(monkeypatch: pytest.MonkeyPatch) -> Become:
    """Let the visit belong to somebody else from here on: become(Principal({"0125": "politiker"}))."""
    return lambda principal: monkeypatch.setattr(asking, "of_request", lambda *_: principal)


@pytest.fixture
def own_store(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Version 0 and a folder in which the test may publish; pages show the newest version of the two."""
    store = Store((EMBEDDED, tmp_path / "exports"))
    store.folders[-1].mkdir()
    opened = Library(store)
    monkeypatch.setattr(source, "library", lambda: opened)
    return store


@pytest.fixture(scope="session")
def page_list() -> dict[str, Any]:
    """The pages that the frame knows, kept from the first visit of a session."""
    return {}


@pytest.fixture
def visit(page_list: dict[str, Any]) -> Visit:
    """Run a page with the values of a link: visit("goals.py", kommun="Ekerö", ar="2020")."""

    def run(page: str = "overview.py", **link: str) -> AppTest:
        app = AppTest.from_file(str(FRAME), default_timeout=60)
        for key, value in link.items():
            app.query_params[key] = value
        if page == "overview.py":
            return app.run()
        if not page_list:
            page_list.update(AppTest.from_file(str(FRAME), default_timeout=60).run()._registered_pages)
        # AppTest learns the pages from a first run, and the overview before every other page would take twice the time.
        app._registered_pages = page_list
        return app.switch_page(page).run()

    return run


def texts(app: AppTest) -> str:
    """All running text of a page, one element a line."""
    headings = [str(element.value).replace("\\", "") for element in (*app.title, *app.header, *app.subheader)]
    running = [str(element.value) for element in (*app.markdown, *app.text, *app.caption)]
    return "\n".join([*headings, *running]).replace("\xa0", " ")


def tables(app: AppTest) -> list:
    """The page's tables as shown, with Markdown's escapes taken away."""

    def written(cell: object) -> str:
        return str(cell).replace("\\", "").replace("\xa0", " ")

    return [table.value.map(written).rename(columns=written) for table in app.table]
