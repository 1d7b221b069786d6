"""The tab Logg: whether the log is whole, who did what, and all of it as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from pages.parts import audit_shown, handing_out
from pages.parts.access import EVERYWHERE, Principal
from queries import audit
from queries.audit import Event
from queries.versions import Store
from tests.pages.conftest import Visit, tables, texts

TAB = {"data": "Logg"}


@pytest.fixture
def filled(own_store: Store) -> Store:
    """A log of four events, two of them of one municipality."""
    for event in (
        Event("signed_in", "analytiker", "0123456789ab"),
        Event("published", "analytiker", "0123456789ab", "publish", "0125", 4),
        Event("exported", "politiker", "ba9876543210", "download:mal.csv", "0580", 4),
        Event("refused", "politiker", "ba9876543210", "undo", "0125"),
    ):
        audit.written(own_store, event)
    return own_store


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """The files that a page offers, by the button's key."""
    found: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(
        handing_out, "offer", lambda label, content, *, key, **_: found.update({key: content})
    )
    return found


def test_says_that_nothing_has_happened_yet(own_store: Store, visit: Visit):
    assert "Loggen är tom" in texts(visit("data.py", **TAB))


def test_says_first_that_the_log_is_whole_and_shows_the_newest_first(filled: Store, visit: Visit):
    page = visit("data.py", **TAB)
    assert "4 händelser" in texts(page)
    (shown,) = tables(page)
    assert list(shown["Händelse"]) == ["Nekades", "Hämtade en fil", "Publicerade", "Loggade in"]
    assert list(shown["Vem"])[-1] == "0123456789ab"
    assert list(shown["Vad"]) == ["ångra", "mal.csv", "publicera", "–"]
    assert list(shown["Version"]) == ["–", "4", "4", "–"]


def test_shows_one_kind_when_asked(filled: Store, visit: Visit):
    (shown,) = tables(visit("data.py", **TAB, handelse="Publicerade"))
    assert list(shown["Vad"]) == ["publicera"]


def test_says_where_the_chain_is_broken(filled: Store, visit: Visit):
    (path,) = audit.months(filled)
    path.write_bytes(path.read_bytes().replace(b"0580", b"0581"))
    assert "Loggen har ändrats i efterhand" in texts(visit("data.py", **TAB))
    assert "rad 3 i" in texts(visit("data.py", **TAB))


def test_shows_an_analyst_of_one_municipality_only_what_concerns_it(filled: Store, visit: Visit, become):
    become(Principal({"0125": "analytiker"}, "0123456789ab", True))
    (shown,) = tables(visit("data.py", **TAB, kommun="Ekerö"))
    assert list(shown["Kommun"]) == ["0125", "0125"]


@pytest.mark.parametrize("role", ["anonym", "politiker", "ledning"])
def test_is_not_there_for_others(filled: Store, visit: Visit, become, role: str):
    become(Principal({EVERYWHERE: role}, "0123456789ab", True))
    assert "Loggen" not in texts(visit("data.py", **TAB))


def test_comes_as_a_file_with_every_event_and_its_hash(filled: Store, visit: Visit, offered):
    visit("data.py", **TAB)
    rows = list(csv.reader(io.StringIO(offered["hamta-CSV-logg"]().decode("utf-8-sig")), delimiter=";"))
    assert rows[0][-1] == "Hash"
    assert [row[-1] for row in rows[1:5]] == [entry.hash for entry in audit.events(filled)]
    assert offered["hamta-XLSX-logg"]().startswith(b"PK")


def test_of_which_the_oldest_are_gone_says_so():
    told = audit_shown.state_sentence(audit.State(11, 12, "ab"))
    assert told == "Loggen är hel: 2 händelser. De 10 första finns inte kvar."
