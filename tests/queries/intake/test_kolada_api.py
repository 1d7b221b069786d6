"""Fetching from Kolada, against a server on this computer that answers as Kolada does and fails to order."""

from __future__ import annotations

import gzip
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from queries import clock
from queries.connection import Exports, settings
from queries.intake import drafts, json_documents, kolada_api
from queries.intake.fetched_pages import FetchedPages
from queries.intake.kolada_api import IDS_IN_PATH, Kolada, Manners, NotAnswering, Stopped
from queries.intake.kolada_fetch import (
    Fetched,
    Wanted,
    fetch,
    kept_pages,
    last_fetched,
    wanted,
)
from queries.intake.kolada_shapes import ChangedAnswer, FetchFailed, Question
from queries.versions import EMBEDDED, Store
from tests.queries.intake import kolada_server as server_of
from tests.queries.intake.kolada_server import KoladaServer, Register, kpi, made_kolada, status
from tests.queries.intake.opening import gzipped

INDICATORS = ("N15419", "N15505")
ASKED = Wanted(INDICATORS, frozenset(INDICATORS), ("0117", "0125"), (2024, 2025))
GROUPS = Question("municipality_groups", "/municipality_groups")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is on this computer."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def server() -> Iterator[KoladaServer]:
    """A Kolada of a few made values, two rows a page of values."""
    with KoladaServer(made_kolada()) as started:
        yield started


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Version 0, and a folder of the test's own."""
    return Store((EMBEDDED, tmp_path / "exports"))


def manners(server: KoladaServer, **changed: float) -> Manners:
    """Manners for tests: hardly any waiting."""
    tiny = Manners(server.base_url, 0, 5, 60, 3, first_wait=0.001, longest_wait=0.01)
    return replace(tiny, **changed)


def talk(server: KoladaServer, store: Store, **changed: float) -> Kolada:
    """A talk with the server."""
    return Kolada(manners(server, **changed), kept_pages(store))


def rows_of(kolada: Kolada, question: Question) -> list:
    """All rows of an answer."""
    return [row for page in kolada.pages(question) for row in page]


def document(fetched: Fetched) -> dict:
    """The document that a fetch became."""
    return json.loads(gzip.decompress(fetched.content))


def values(rows: list[dict], place: str = "municipality") -> dict[tuple, tuple]:
    """(kpi, place, year, gender) → (value, status) of the rows of a document."""
    return {
        (row["kpi"], row[place], row["period"], each["gender"]): (each["value"], each["status"])
        for row in rows
        for each in row["values"]
        if not each["isdeleted"]
    }


class TestDocument:
    def test_has_every_value_that_kolada_has(self, server: KoladaServer, store: Store):
        told = document(fetch(ASKED, store, manners=manners(server)))
        assert (told["kolada_fetch"], told["fetched"]) == (1, clock.today().isoformat())
        known = {row[:4]: row[4:] for row in server.register.values}
        assert values(told["data"]) == known
        assert values(told["oudata"], "ou") == {row[:4]: row[4:] for row in server.register.unit_values}
        assert told["kpi"] == server.register.kpis
        assert told["municipality"] == server.register.municipalities
        assert told["municipality_groups"] == server.register.groups

    def test_has_withdrawn_values_as_kolada_tells_them(self, server: KoladaServer, store: Store):
        told = document(fetch(ASKED, store, manners=manners(server)))
        deleted = [each for row in told["data"] for each in row["values"] if each["isdeleted"]]
        assert [each["value"] for each in deleted] == [None]

    def test_has_units_of_the_municipalities_that_were_asked_for(self, server: KoladaServer, store: Store):
        only = replace(ASKED, municipality_ids=("0125",))
        told = document(fetch(only, store, manners=manners(server)))
        assert {unit["municipality"] for unit in told["ou"]} == {"0125"}
        assert {row["ou"] for row in told["oudata"]} == {"V15E012500101"}
        assert not [path for path in server.asked if "V23E012500102" in path]

    def test_is_the_same_in_however_many_pages_it_came(self, server: KoladaServer, store: Store):
        whole = document(fetch(ASKED, store, manners=manners(server)))
        kept_pages(store).clear()
        server.rows_on_page = 3
        paged = document(fetch(ASKED, store, manners=manners(server)))
        assert values(paged["data"]) == values(whole["data"])
        assert len(paged["data"]) == len(whole["data"]) == 16
        assert sum("page=" in path and "/data/" in path for path in server.asked) >= 5

    def test_is_named_by_the_day_of_its_oldest_page(self, server: KoladaServer, store: Store):
        server.fails("/oudata/", status(400))
        with pytest.raises(FetchFailed):
            fetch(ASKED, store, manners=manners(server))
        yesterday = clock.in_sweden(time.time() - 6 * 3600).date()
        for page in (store.folders[-1] / "fetches").iterdir():
            os.utime(page, times=(time.time() - 6 * 3600,) * 2)
        fetched = fetch(ASKED, store, manners=manners(server))
        assert fetched.name == f"kolada-{yesterday.isoformat()}.json.gz"
        assert document(fetched)["fetched"] == yesterday.isoformat()

    def test_without_a_single_value_is_refused(self, server: KoladaServer, store: Store):
        server.register.values = server.register.deleted = []
        server.register.unit_values = []
        with pytest.raises(FetchFailed, match="utan ett enda värde"):
            fetch(ASKED, store, manners=manners(server))
        assert kept_pages(store).count() == 0

    def test_may_have_values_of_units_only(self, server: KoladaServer, store: Store):
        server.register.values = server.register.deleted = []
        assert document(fetch(ASKED, store, manners=manners(server)))["oudata"]


class TestQuestions:
    def test_stay_within_the_limits_of_the_api(self, store: Store):
        ids = tuple(f"N{15_000 + number}" for number in range(60))
        years = tuple(range(1996, 2026))
        with KoladaServer(made_kolada(ids)) as server:
            told = document(
                fetch(Wanted(ids, frozenset(ids), ("0125",), years), store, manners=manners(server))
            )
            assert len(told["kpi"]) == 60
            assert values(told["data"]) == {row[:4]: row[4:] for row in server.register.values}
            lists = [part.split(",") for path in server.asked for part in path.split("?")[0].split("/")]
            assert max(map(len, lists)) == IDS_IN_PATH
            assert all("per_page=5000" in path for path in server.asked)
            assert not [path for path in server.asked if "kpi=" in path]

    def test_ask_of_no_values_when_an_indicator_is_unknown(self, server: KoladaServer, store: Store):
        asked = replace(ASKED, indicator_ids=(*INDICATORS, "N99999"), required=frozenset(["N99999"]))
        with pytest.raises(FetchFailed, match="inget nyckeltal med id N99999"):
            fetch(asked, store, manners=manners(server))
        assert [path for path in server.asked if "/data/" in path] == []

    def test_leave_out_and_tell_of_an_indicator_that_nobody_here_has_described(
        self, server: KoladaServer, store: Store
    ):
        asked = replace(ASKED, indicator_ids=(*INDICATORS, "N99999"))
        fetched = fetch(asked, store, manners=manners(server))
        assert fetched.told == ("Kolada har inte längre N99999, som därför inte hämtades.",)
        assert [path for path in server.asked if "/data/" in path and "N99999" in path] == []

    def test_ask_of_no_units_when_no_indicator_has_values_for_them(self, store: Store):
        register = made_kolada()
        register.kpis = [{**row, "has_ou_data": False} for row in register.kpis]
        with KoladaServer(register) as server:
            told = document(fetch(ASKED, store, manners=manners(server)))
            assert (told["ou"], told["oudata"]) == ([], [])
            assert [path for path in server.asked if "/ou" in path] == []

    def test_come_from_the_published_version_and_the_settings(self, exports: Exports):
        asked = wanted(exports, today=date(2026, 11, 22))
        profiles = pd.read_csv(EMBEDDED.parent / "profiles.csv")["indicator_id"]
        of_kolada = {each for each in profiles if each[0] in "NU"}
        assert of_kolada <= set(asked.indicator_ids)
        assert asked.municipality_ids == ("0117", "0125", "0580", "2581")
        assert (asked.years[0], asked.years[-1]) == (settings()["kolada"]["first_year"], 2026)
        assert asked.required == set(asked.indicator_ids)

    def test_may_be_fewer(self, exports: Exports):
        asked = wanted(exports, today=date(2026, 11, 22), municipality_ids=["0125"], indicator_ids=["N15505"])
        assert (asked.indicator_ids, asked.municipality_ids) == (("N15505",), ("0125",))

    @pytest.mark.parametrize("municipality_id", ["9901", "0180", "Ekerö"])
    def test_are_only_about_units_of_a_real_municipality_that_is_followed(
        self, exports: Exports, municipality_id: str
    ):
        with pytest.raises(FetchFailed, match="ingen kommun som följs här"):
            wanted(exports, today=date(2026, 11, 22), municipality_ids=[municipality_id])

    def test_were_last_asked_on_a_day_that_the_sources_tell(self, exports: Exports):
        assert last_fetched(exports) == date(2024, 12, 12)

    def test_of_a_kind_that_kolada_does_not_take_are_a_fault_of_ours(
        self, server: KoladaServer, store: Store
    ):
        many = Question("kpi", f"/kpi/{','.join(['N15505'] * 26)}")
        with pytest.raises(FetchFailed, match="godtar inte frågan") as refused:
            rows_of(talk(server, store), many)
        assert "Felet ligger i Nämndkollen" in str(refused.value)
        assert len(server.asked) == 1

    def test_in_the_form_with_a_query_would_get_nothing_at_all(self, server: KoladaServer, store: Store):
        """Why the form with a path is used."""
        assert rows_of(talk(server, store), Question("data", "/data?kpi=N15505&year=2025")) == []


class TestFaultThatPasses:
    @pytest.mark.parametrize(
        "fault",
        [
            *(status(code) for code in (429, 500, 502, 503, 504)),
            status(429, Retry_After="0"),
            status(503, Retry_After="Sun, 22 Nov 2026 05:00:00 GMT"),
            status(429, Retry_After="snart"),
            server_of.cut_off,
            server_of.broken_json,
            server_of.web_page,
            server_of.reset,
        ],
    )
    def test_is_tried_again(self, server: KoladaServer, store: Store, fault: server_of.Fault):
        server.fails("/municipality_groups", fault, times=2)
        assert rows_of(talk(server, store), GROUPS) == server.register.groups
        assert len(server.asked) == 3

    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            (status(429), "för många frågor"),
            (status(503), "fel 503"),
            (server_of.cut_off, "avklippt"),
            (server_of.web_page, "webbsida"),
            (server_of.reset, "går inte att nå"),
        ],
    )
    def test_is_told_of_when_it_does_not_pass(
        self, server: KoladaServer, store: Store, fault: server_of.Fault, said: str
    ):
        server.fails("/municipality_groups", fault, times=9)
        with pytest.raises(NotAnswering, match=said) as failed:
            rows_of(talk(server, store), GROUPS)
        assert "3 gånger" in str(failed.value)
        assert "Försök igen om en stund" in str(failed.value)
        assert len(server.asked) == 3

    def test_may_be_slowness(self, server: KoladaServer, store: Store):
        server.fails("/municipality_groups", server_of.slow)
        assert rows_of(talk(server, store, request_seconds=0.2), GROUPS) == server.register.groups

    def test_waits_as_long_as_kolada_asks_but_not_for_ever(
        self, server: KoladaServer, store: Store, monkeypatch: pytest.MonkeyPatch
    ):
        waits: list[float] = []
        monkeypatch.setattr(Kolada, "_sleep", lambda _, seconds: waits.append(seconds))
        server.fails("/municipality_groups", status(429, Retry_After="7"))
        server.fails("/municipality_groups", status(429, Retry_After="86400"))
        rows_of(talk(server, store, longest_wait=120), GROUPS)
        assert [each for each in waits if each] == [7, 120]

    def test_waits_longer_each_time_and_not_as_long_as_others(
        self, server: KoladaServer, store: Store, monkeypatch: pytest.MonkeyPatch
    ):
        waits: list[float] = []
        monkeypatch.setattr(Kolada, "_sleep", lambda _, seconds: waits.append(seconds))
        for _ in range(2):
            server.fails("/municipality_groups", status(500), times=5)
            with pytest.raises(NotAnswering):
                rows_of(talk(server, store, attempts=5, first_wait=1, longest_wait=60), GROUPS)
        told = [each for each in waits if each]
        first, second = told[:4], told[4:]
        assert all(2**at <= wait <= 2**at + 1 for at, wait in enumerate(first))
        assert first != second

    def test_is_said_while_it_lasts(self, server: KoladaServer, store: Store):
        said: list[str] = []
        server.fails("/municipality_groups", status(503))
        fetch(ASKED, store, manners=manners(server), progress=lambda sentence, _: said.append(sentence))
        assert "Kolada svarade med fel 503. Frågar igen om 0 s (försök 2 av 3)." in said

    def test_of_a_server_that_is_not_there_is_told_of(self, server: KoladaServer, store: Store):
        gone = Kolada(manners(server, base_url="http://127.0.0.1:9/v3"), kept_pages(store))
        with pytest.raises(NotAnswering, match="går inte att nå"):
            rows_of(gone, GROUPS)


class TestFaultThatStays:
    @pytest.mark.parametrize("code", [400, 401, 403, 404, 418, 451])
    def test_is_not_tried_again(self, server: KoladaServer, store: Store, code: int):
        server.fails("/municipality_groups", status(code))
        with pytest.raises(FetchFailed, match=str(code)) as failed:
            rows_of(talk(server, store), GROUPS)
        assert not isinstance(failed.value, NotAnswering)
        assert len(server.asked) == 1

    def test_is_an_api_that_has_been_closed(self, server: KoladaServer, store: Store):
        old = Kolada(manners(server, base_url=f"{server.origin}/v2"), kept_pages(store))
        with pytest.raises(FetchFailed, match="har stängt den adress.*deprecated"):
            rows_of(old, GROUPS)
        assert len(server.asked) == 1

    def test_is_a_redirect_which_is_never_followed(self, server: KoladaServer, store: Store):
        server.fails("/municipality_groups", status(302, Location=f"{server.base_url}/municipality"))
        with pytest.raises(ChangedAnswer, match="en annan adress"):
            rows_of(talk(server, store), GROUPS)
        assert len(server.asked) == 1

    @pytest.mark.parametrize("address", ["", "api.kolada.se", "ftp://api.kolada.se/v3", "https:///v3"])
    def test_is_an_address_in_the_settings_that_is_none(self, address: str):
        with pytest.raises(FetchFailed, match="ingen webbadress"):
            Manners.from_settings({"kolada": {**settings()["kolada"], "base_url": address}})


def first_value(page: dict) -> dict:
    """The first value of a page of values."""
    return page["values"][0]["values"][0]


def rename(row: dict, old: str, new: str) -> None:
    """Give a key of a row another name."""
    row[new] = row.pop(old)


class TestChangedAnswer:
    @pytest.mark.parametrize(
        ("edit", "found", "expected"),
        [
            (lambda page: rename(page, "values", "rows"), "rows", "listan values"),
            (lambda page: page.update(values={}), "{", "listan values"),
            (lambda page: page["values"].append("rad"), "rad", "en rad med kpi"),
            (lambda page: rename(page["values"][0], "kpi", "kpi_id"), "kpi_id", "kolumnen kpi"),
            (lambda page: rename(page["values"][0], "period", "year"), "year", "kolumnen period"),
            (lambda page: page["values"][0].update(period="VT25"), "VT25", "ett årtal i period"),
            (lambda page: page["values"][0].update(values=None), "null", "en lista i values"),
            (lambda page: first_value(page).update(value="71,0"), "71,0", "ett tal eller null i value"),
            (lambda page: first_value(page).update(value=True), "true", "ett tal eller null i value"),
            (lambda page: first_value(page).update(gender="F"), "F", "kön T, K, M"),
            (lambda page: rename(first_value(page), "status", "state"), "state", "kolumnen status"),
            (lambda page: first_value(page).update(isdeleted="no"), "no", "isdeleted"),
            (lambda page: page["values"][0].update(kpi="N00001"), "N00001", "det som frågades efter"),
            (lambda page: page["values"][0].update(period=1999), "1999", "det som frågades efter"),
            (lambda page: page.update(next_url=7), "7", "next_url"),
            (lambda page: rename(page, "next_url", "next_page"), "next_page", "next_url"),
        ],
    )  # fmt: skip
    def test_is_refused_with_what_was_found_and_expected(
        self, server: KoladaServer, store: Store, edit: Callable, found: str, expected: str
    ):
        server.fails("/data/", server_of.changed(edit))
        with pytest.raises(ChangedAnswer) as refused:
            fetch(ASKED, store, manners=manners(server))
        said = str(refused.value)
        assert "Kolada svarar på ett nytt sätt" in said
        assert found in said.split("Hittade")[1].split("Här väntades")[0]
        assert expected in said.split("Här väntades")[1]
        assert sum("/data/" in path for path in server.asked) == 1

    @pytest.mark.parametrize(
        ("path", "column"),
        [("/kpi/", "is_divided_by_gender"), ("/kpi/", "has_ou_data"), ("/kpi/", "title"), ("/ou", "municipality"),
         ("/municipality?", "title"), ("/municipality_groups", "id")],
    )  # fmt: skip
    def test_of_a_list_is_refused_too(self, server: KoladaServer, store: Store, path: str, column: str):
        server.fails(path, server_of.changed(lambda page: rename(page["values"][0], column, "x")))
        with pytest.raises(ChangedAnswer, match=f"kolumnen {column}"):
            fetch(ASKED, store, manners=manners(server))

    def test_with_numbers_that_are_none_is_refused(self, server: KoladaServer, store: Store):
        server.fails("/data/", server_of.changed(lambda page: first_value(page).update(value=float("nan"))))
        with pytest.raises(ChangedAnswer, match="NaN"):
            fetch(ASKED, store, manners=manners(server))

    def test_that_never_ends_is_refused(self, server: KoladaServer, store: Store):
        server.fails("/municipality_groups", server_of.last_page_again)
        with pytest.raises(ChangedAnswer, match="tar aldrig slut"):
            rows_of(talk(server, store), GROUPS)
        assert (len(server.asked), kept_pages(store).count()) == (1, 0)

    def test_of_more_and_more_pages_is_refused(
        self, server: KoladaServer, store: Store, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(kolada_api, "MOST_PAGES", 3)
        server.rows_on_page = 1
        with pytest.raises(ChangedAnswer, match="tar aldrig slut"):
            fetch(ASKED, store, manners=manners(server))

    @pytest.mark.parametrize(
        "elsewhere",
        ["http://127.0.0.2/v3/x", "https://127.0.0.1/v3/x", "//evil.test/v3", "file:///etc/passwd"],
    )
    def test_that_points_to_another_server_is_not_followed(
        self, server: KoladaServer, store: Store, elsewhere: str
    ):
        server.fails("/municipality_groups", server_of.changed(lambda page: page.update(next_url=elsewhere)))
        with pytest.raises(ChangedAnswer, match="en annan server"):
            rows_of(talk(server, store), GROUPS)
        assert (len(server.asked), kept_pages(store).count()) == (1, 0)

    def test_that_forgets_its_own_encryption_is_asked_with_it(self, server: KoladaServer, store: Store):
        over_https = Kolada(manners(server, base_url="https://kolada.test/v3"), kept_pages(store))
        assert over_https._own("http://kolada.test/v3/ou?page=2") == "https://kolada.test/v3/ou?page=2"

    @pytest.mark.parametrize(("name", "size"), [("LARGEST_PAGE", 50), ("LARGEST", 50)])
    def test_that_is_too_large_is_refused(
        self, server: KoladaServer, store: Store, monkeypatch: pytest.MonkeyPatch, name: str, size: int
    ):
        monkeypatch.setattr(kolada_api, name, size)
        with pytest.raises(FetchFailed, match="större än vad som kan läsas"):
            rows_of(talk(server, store), GROUPS)

    def test_may_be_no_larger_than_what_a_json_file_may_be(self):
        assert kolada_api.LARGEST == json_documents.LARGEST


class TestResuming:
    def test_asks_only_for_what_is_lacking(self, server: KoladaServer, store: Store):
        server.rows_on_page = 3
        server.fails("page=4", status(503), times=3)
        with pytest.raises(NotAnswering):
            fetch(ASKED, store, manners=manners(server))
        before = Counter(server.asked)
        fetched = fetch(ASKED, store, manners=manners(server))
        again = Counter(server.asked) - before
        assert not [path for path in again if path in before and "page=4" not in path]
        assert values(document(fetched)["data"]) == {row[:4]: row[4:] for row in server.register.values}
        assert fetched.told[-1].endswith("sidor var redan hämtade.")

    def test_never_uses_half_a_page(self, server: KoladaServer, store: Store):
        server.fails("/municipality_groups", server_of.cut_off, times=3)
        with pytest.raises(NotAnswering):
            rows_of(talk(server, store), GROUPS)
        assert kept_pages(store).count() == 0

    def test_never_uses_a_page_that_was_refused(self, server: KoladaServer, store: Store):
        server.fails("/municipality_groups", server_of.changed(lambda page: page.update(values=[1])))
        with pytest.raises(ChangedAnswer):
            rows_of(talk(server, store), GROUPS)
        assert kept_pages(store).count() == 0

    @pytest.mark.parametrize("spoilt", [b"", b"x", gzipped(b"{"), gzipped(b'{"values": [1]}')])
    def test_fetches_a_page_anew_that_the_disk_has_spoilt(
        self, server: KoladaServer, store: Store, spoilt: bytes
    ):
        rows_of(talk(server, store), GROUPS)
        (page,) = (store.folders[-1] / "fetches").iterdir()
        page.write_bytes(spoilt)
        assert rows_of(talk(server, store), GROUPS) == server.register.groups
        assert len(server.asked) == 2

    def test_forgets_pages_that_are_too_old(self, server: KoladaServer, store: Store):
        rows_of(talk(server, store), GROUPS)
        (page,) = (store.folders[-1] / "fetches").iterdir()
        old = time.time() - (settings()["kolada"]["keep_hours"] + 1) * 3600
        os.utime(page, times=(old, old))
        assert kept_pages(store).count() == 0
        rows_of(talk(server, store), GROUPS)
        assert len(server.asked) == 2
        assert kept_pages(store).count() == 1

    def test_of_another_fetch_uses_pages_that_both_need(self, server: KoladaServer, store: Store):
        fetch(ASKED, store, manners=manners(server))
        count = len(server.asked)
        fetch(replace(ASKED, years=(2025,)), store, manners=manners(server))
        assert [path.split("?")[0] for path in server.asked[count:]] == [
            "/v3/data/kpi/N15419,N15505/year/2025",
            "/v3/oudata/kpi/N15505/ou/V15E011700103,V15E012500101/year/2025",
        ]

    def test_keeps_pages_where_only_the_server_may_look(self, server: KoladaServer, store: Store):
        rows_of(talk(server, store), GROUPS)
        if os.name != "posix":
            pytest.skip("Windows has no such rights.")
        assert (store.folders[-1] / "fetches").stat().st_mode & 0o777 == 0o700

    def test_is_over_when_the_pages_are_cleared_or_swept_away(self, server: KoladaServer, store: Store):
        rows_of(talk(server, store), GROUPS)
        drafts.sweep(store, 1)
        assert kept_pages(store).count() == 1
        drafts.sweep(store, 0)
        assert list((store.folders[-1] / "fetches").iterdir()) == []
        rows_of(talk(server, store), GROUPS)
        kept_pages(store).clear()
        assert kept_pages(store).count() == 0

    def test_finds_nothing_where_nothing_was_fetched(self, tmp_path: Path):
        pages = FetchedPages(tmp_path / "fetches", 1)
        pages.clear()
        assert (pages.count(), pages.get("https://kolada.test/")) == (0, None)


class TestStopping:
    def test_between_two_questions_keeps_what_has_been_fetched(self, server: KoladaServer, store: Store):
        stop = threading.Event()

        def progress(sentence: str, _: float) -> None:
            if "grupperna" in sentence:
                stop.set()

        with pytest.raises(Stopped):
            fetch(ASKED, store, manners=manners(server), progress=progress, stop=stop)
        assert len(server.asked) == kept_pages(store).count() == 2

    def test_ends_a_wait_at_once(self, server: KoladaServer, store: Store):
        stop = threading.Event()
        server.fails("/municipality_groups", status(429, Retry_After="100"))
        # The wait itself is what ends: nobody is there to see a hundred seconds pass.
        kolada = Kolada(
            manners(server, longest_wait=100), kept_pages(store), say=lambda _: stop.set(), stop=stop
        )
        with pytest.raises(Stopped, match="finns kvar"):
            rows_of(kolada, GROUPS)
        assert len(server.asked) == 1

    def test_comes_by_itself_when_the_time_is_out(self, server: KoladaServer, store: Store):
        with pytest.raises(NotAnswering, match="längre tid än"):
            rows_of(talk(server, store, total_seconds=-1), GROUPS)
        assert server.asked == []


class TestProgress:
    def test_goes_from_nothing_to_all_and_never_back(self, server: KoladaServer, store: Store):
        told: list[tuple[str, float]] = []
        server.rows_on_page = 3
        fetch(ASKED, store, manners=manners(server), progress=lambda *each: told.append(each))
        parts = [part for _, part in told]
        assert parts == sorted(parts)
        assert (parts[0], parts[-1]) == (0, 1)
        assert told[0][0] == "Hämtar uppgifter om nyckeltalen."
        assert told[-1][0] == "Allt är hämtat."


class TestRealValues:
    def test_come_through_as_they_are(self, shared_input: Path, store: Store):
        saved = pq.read_table(
            shared_input / "kolada" / "kolada_skola_municipality_values.parquet"
        ).to_pylist()
        known = {
            (row["kpi"], row["municipality_id"], row["year"], row["gender"]): (
                row["value"],
                row["status"] or "",
            )
            for row in saved
        }
        ids, places = (sorted({key[at] for key in known}) for at in (0, 1))
        register = Register(
            [kpi(each, each) for each in ids],
            [{"id": each, "title": each, "type": "K"} for each in places],
            values=[(*key, *told) for key, told in known.items()],
        )
        years = tuple(range(2010, 2025))
        with KoladaServer(register) as server:
            asked = Wanted(tuple(ids), frozenset(ids), ("0125",), years)
            told = document(fetch(asked, store, manners=manners(server)))
            pages = sum("/data/" in path for path in server.asked)
        assert values(told["data"]) == known
        assert len(ids) == 36 and pages > 8
