"""Översikt tells what is new since an earlier version, and what the browser remembers of what was read."""

from __future__ import annotations

import pytest

from pages.parts import news_shown, source
from queries.connection import Library
from queries.versions import Store
from tests.conftest import commit
from tests.pages.conftest import Visit, texts


@pytest.fixture
def two_versions(own_store: Store) -> Store:
    """Version 0, and a version 1 with the same tables."""
    commit(own_store, own_store.manifest(0).tables)
    return own_store


@pytest.fixture
def has_read(monkeypatch: pytest.MonkeyPatch) -> object:
    """Let the browser remember a version: has_read(0)."""
    return lambda version: monkeypatch.setattr(news_shown, "last_read", lambda: version)


def headings(app) -> list[str]:
    return [heading.value for heading in app.header]


def test_the_first_version_has_nothing_to_be_compared_with(visit: Visit):
    app = visit()
    assert "Det här är den första versionen." in texts(app)
    assert headings(app)[-2:] == ["Vad är nytt?", "Hur färska är uppgifterna?"]


def test_the_earlier_version_is_not_opened_before_somebody_asks(
    visit: Visit, two_versions: Store, monkeypatch
):
    asked = []
    real = Library.open
    monkeypatch.setattr(
        Library, "open", lambda self, version=None: asked.append(version) or real(self, version)
    )
    assert "Uppgifterna är version 1" in texts(visit())
    assert 0 not in asked


def test_what_is_new_since_the_version_that_was_read_comes_first(visit: Visit, two_versions: Store, has_read):
    has_read(0)
    app = visit()
    assert headings(app)[0] == "Vad är nytt?"
    assert "Inget nytt för Exempelkommunen sedan version 0" in texts(app)
    assert "Den här webbläsaren minns att du har läst version 0." in texts(app)


def test_a_version_that_has_been_read_is_not_news_again(visit: Visit, two_versions: Store, has_read):
    has_read(1)
    app = visit()
    assert headings(app)[0] != "Vad är nytt?"
    assert "minns-version-1" not in [button.key for button in app.button]
    assert "glom-version" in [button.key for button in app.button]


def test_an_old_version_that_a_link_shows_is_not_remembered(visit: Visit, two_versions: Store):
    assert not [button.key for button in visit(version="0").button if button.key.startswith("minns-version")]


@pytest.mark.parametrize("told", ["", "x", "-1", "1.5", "²", "9" * 40, "<script>"])
def test_only_a_number_is_taken_from_the_cookie(told, monkeypatch):
    class Context:
        cookies = {news_shown.COOKIE: told}

    monkeypatch.setattr(news_shown.st, "context", Context)
    assert news_shown.last_read() is None


def test_a_broken_earlier_version_is_told_of_and_breaks_nothing(
    visit: Visit, two_versions: Store, has_read, monkeypatch
):
    has_read(0)
    real = source.opened

    def opened(number):
        if number == 0:
            raise news_shown.BrokenVersion("Filen saknas.")
        return real(number)

    monkeypatch.setattr(source, "opened", opened)
    assert "Det går inte att jämföra med version 0" in texts(visit())
