"""Page Data, tab Kolada: fetching beside the visits, how far it has come, ending it early, and what came of it.

What answers is a server on this computer that does as Kolada does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import access, fetching, handing_in, source
from pages.parts.fetching_job import FetchingJob
from queries import clock, connection
from queries.connection import Library
from queries.intake import kolada_fetch
from queries.versions import Store
from tests.pages.conftest import Become, Visit, texts
from tests.queries.intake.kolada_server import Held, KoladaServer, made_kolada, status

NEWEST = 2025


@pytest.fixture
def server(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KoladaServer]:
    """A Kolada that knows the indicators of version 0, and settings that ask it and nobody else."""
    asked = kolada_fetch.wanted(library.open(), today=clock.today())
    with KoladaServer(made_kolada(asked.indicator_ids, [NEWEST])) as started:
        text = connection.SETTINGS.read_text(encoding="utf-8")
        for name, value in (("base_url", f'"{started.base_url}"'), ("pause_seconds", "0"), ("attempts", "1")):
            text = re.sub(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
        changed = tmp_path / "settings.toml"
        changed.write_text(text, encoding="utf-8")
        monkeypatch.setattr(connection, "SETTINGS", changed)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield started


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Iterator[FetchingJob]:
    """The server's one fetch, with nothing before it."""
    made = FetchingJob()
    monkeypatch.setattr(fetching, "JOB", made)
    yield made
    made.stop()
    made.wait()


def press(app: AppTest, label: str) -> AppTest:
    """Click the button with a label."""
    return next(button for button in app.button if button.label == label).click().run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def at_tab(visit: Visit, **link: str) -> AppTest:
    app = visit("data.py", data="Kolada", **link)
    assert [error.message for error in app.exception] == []
    return app


class TestTab:
    def test_says_what_would_be_fetched_and_when_it_last_was(
        self, visit: Visit, own_store: Store, server: KoladaServer, job: FetchingJob
    ):
        app = at_tab(visit)
        shown = texts(app)
        asked = kolada_fetch.wanted(source.newest(), today=clock.today())
        assert (
            f"Här hämtas {len(asked.indicator_ids)} nyckeltal för alla kommuner 2010–{clock.today().year}"
            in shown
        )
        assert "för skolorna i Ekerö, Linköping, Piteå och Österåker." in shown
        assert re.search(r"Senast hämtat: \d+ \w+ 20\d\d\.", shown)
        assert "Hämta från Kolada" in labels(app)

    def test_asks_nothing_before_somebody_clicks(
        self, visit: Visit, own_store: Store, server: KoladaServer, job: FetchingJob
    ):
        at_tab(visit).run()
        assert server.asked == []

    def test_has_no_button_for_those_who_may_not_publish(
        self, visit: Visit, own_store: Store, server: KoladaServer, job: FetchingJob, become: Become
    ):
        become(access.Principal({"9901": "analytiker"}, is_signed_in=True))
        shown = texts(at_tab(visit))
        assert "”Kolada” finns inte att välja här." in shown, "what is fetched is of all municipalities"
        assert "nyckeltal för alla kommuner" not in shown
        with pytest.raises(access.Refused):
            fetching.start()
        job.wait()
        assert server.asked == []


class TestFetching:
    def test_ends_with_what_it_changes_and_is_published(
        self, visit: Visit, own_store: Store, server: KoladaServer, job: FetchingJob
    ):
        app = press(at_tab(visit), "Hämta från Kolada")
        job.wait()
        app.run()
        shown = texts(app)
        assert "Filen kan publiceras" in shown
        assert f"Fil: kolada\\-{clock.today().isoformat()}".replace("-", "\\-").replace("\\\\", "\\") in shown
        assert "värden för jämförelse" in shown.lower()
        assert not job.is_done
        if app.checkbox:
            app.checkbox[0].check()
        press(app, "Publicera")
        assert "Version 1 är publicerad." in texts(app)
        assert "Hämta från Kolada" in labels(app)
        assert own_store.manifest(1).original.name.startswith("kolada-")
        press(app, "Ångra")
        assert "Version 1 är ångrad. Version 2 visas nu." in texts(app)

    def test_leaves_no_page_behind_once_it_is_a_draft(
        self, visit: Visit, own_store: Store, server: KoladaServer, job: FetchingJob
    ):
        press(at_tab(visit), "Hämta från Kolada")
        job.wait()
        assert job.is_done
        assert kolada_fetch.kept_pages(own_store).count() == 0
        assert len(list((own_store.folders[-1] / "drafts").iterdir())) == 1

    def test_shows_how_far_it_has_come_and_can_be_ended_and_gone_on_with(
        self, visit: Visit, own_store: Store, server: KoladaServer, job: FetchingJob
    ):
        held = Held()
        server.fails("/municipality_groups", held)
        app = press(at_tab(visit), "Hämta från Kolada")
        assert held.has_come.wait(60)
        app.run()
        assert job.course.said == "Hämtar grupperna av kommuner."
        assert labels(app) == ["Avbryt"]
        press(app, "Avbryt")
        held.let_go.set()
        job.wait()
        app.run()
        assert "Hämtningen är avbruten. Det som hann hämtas finns kvar." in texts(app)
        assert {"Fortsätt hämtningen", "Börja om från början"} <= set(labels(app))
        count = len(server.asked)
        press(app, "Fortsätt hämtningen")
        job.wait()
        app.run()
        assert "redan hämtade" in texts(app)
        assert "Filen kan publiceras" in texts(app)
        # The page that was on its way when the fetch ended is fetched again, and no other.
        assert set(server.asked[:count]) & set(server.asked[count:]) == {server.asked[count - 1]}

    def test_may_begin_anew(self, visit: Visit, own_store: Store, server: KoladaServer, job: FetchingJob):
        server.fails("/oudata/", status(500))
        app = press(at_tab(visit), "Hämta från Kolada")
        job.wait()
        app.run()
        count = len(server.asked)
        press(app, "Börja om från början")
        job.wait()
        assert set(server.asked[:count]) <= set(server.asked[count:])

    def test_that_fails_says_why_and_what_to_do(
        self, visit: Visit, own_store: Store, server: KoladaServer, job: FetchingJob
    ):
        server.fails("/data/", status(503))
        app = press(at_tab(visit), "Hämta från Kolada")
        job.wait()
        app.run()
        assert "Kolada svarade med fel 503" in texts(app)
        assert "Försök igen om en stund" in texts(app)
        assert "Fortsätt hämtningen" in labels(app)
        assert own_store.numbers() == [0]

    def test_that_meets_a_fault_of_the_program_gives_a_reference(
        self, visit: Visit, own_store: Store, server: KoladaServer, job: FetchingJob, monkeypatch
    ):
        def fail(*_: object, **__: object) -> None:
            raise KeyError("x")

        monkeypatch.setattr(kolada_fetch, "fetch", fail)
        app = press(at_tab(visit), "Hämta från Kolada")
        job.wait()
        app.run()
        assert re.search("ange referens [0-9a-f]{8}", texts(app))

    def test_goes_on_once_however_often_somebody_clicks(
        self, own_store: Store, server: KoladaServer, job: FetchingJob
    ):
        held = Held()
        server.fails("/kpi/", held)
        assert job.start(source.library())
        assert not job.start(source.library())
        held.let_go.set()
        job.wait()
        assert len(set(server.asked)) == len(server.asked)

    def test_is_handed_to_one_visit_only(
        self, visit: Visit, own_store: Store, server: KoladaServer, job: FetchingJob
    ):
        first = press(at_tab(visit), "Hämta från Kolada")
        job.wait()
        second = at_tab(visit)
        first.run()
        looking = ["Filen kan publiceras" in texts(app) for app in (first, second)]
        assert sorted(looking) == [False, True]

    def test_of_an_old_version_is_not_possible(
        self, visit: Visit, own_store: Store, server: KoladaServer, job: FetchingJob
    ):
        app = press(at_tab(visit), "Hämta från Kolada")
        job.wait()
        app.run()
        if app.checkbox:
            app.checkbox[0].check()
        press(app, "Publicera")
        old = at_tab(visit, version="0")
        assert handing_in.OLD_IS_SHOWN in texts(old)
        assert "Hämta från Kolada" not in labels(old)
