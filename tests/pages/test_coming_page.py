"""Tab Kommande: the sentence, the calendar that programs read and who may have it, and the lists to send."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar
from starlette.requests import Request
from starlette.responses import Response

from pages.parts import access, calendar_feed, reminders
from pages.parts.access import ANONYMOUS, Principal
from pages.parts.filters import Filters
from queries import places
from queries.connection import Exports
from queries.deadlines import deadlines
from tests.pages.conftest import Become, Visit, texts

TODAY = date(2026, 11, 22)
EXAMPLE = Filters("9901", "Exempelkommunen", None, True, None, None, None, ())
LINK = "https://exempel.test/atgarder"


def of_example(exports: Exports, as_of: date = TODAY):
    return deadlines(exports, municipality_id="9901", as_of=as_of)


def calendar(exports: Exports) -> Calendar:
    place = places.municipalities(exports).set_index("municipality_id", drop=False).loc["9901"].to_dict()
    return Calendar.from_ical(
        calendar_feed.as_calendar(exports, place, of_example(exports), "https://exempel.test")
    )


def program(link: str) -> Response:
    """What a calendar program gets, which has no cookie and comes from another computer."""
    asked = urlsplit(link)
    scope = {
        "type": "http", "method": "GET", "scheme": "https", "path": asked.path, "query_string": asked.query.encode(),
        "headers": [(b"host", b"exempel.test")], "client": ("192.0.2.1", 1), "server": ("exempel.test", 443),
    }  # fmt: skip
    return calendar_feed.feed(Request(scope))


@pytest.fixture
def signed_in_only(monkeypatch: pytest.MonkeyPatch, become: Become) -> None:
    """Sign-in is configured, and the program has not signed in."""
    monkeypatch.setattr(access, "is_configured", lambda: True)
    monkeypatch.setattr(access, "of_request", lambda *_: ANONYMOUS)


class TestCalendar:
    def test_has_every_day_as_a_whole_day(self, exports):
        events = calendar(exports).walk("VEVENT")
        rows = of_example(exports)
        assert [event["dtstart"].dt for event in events] == rows["day"].tolist()
        assert all(event["dtstart"].params["VALUE"] == "DATE" for event in events)
        assert str(events[-1]["summary"]) == "Rapporttillfälle: Verksamhetsberättelse 2027"

    def test_keeps_the_identity_of_each_thing_and_says_how_often_to_ask_again(self, exports):
        one, other = calendar(exports), calendar(exports)
        uids = [str(event["uid"]) for event in one.walk("VEVENT")]
        assert len(set(uids)) == len(uids)
        assert uids == [str(event["uid"]) for event in other.walk("VEVENT")]
        assert one.refresh_interval == calendar_feed.ASK_AGAIN
        assert b"X-PUBLISHED-TTL:PT6H" in one.to_ical()

    def test_says_that_invented_days_are_invented(self, exports):
        assert "påhittade uppgifter" in str(calendar(exports)["name"])

    def test_is_a_calendar_for_programs_and_names_no_unknown_municipality(self, monkeypatch):
        monkeypatch.setattr(access, "of_request", lambda *_: access.AT_THE_SERVER)
        answer = program("/kalender.ics?kommun=Link%C3%B6ping")
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert Calendar.from_ical(answer.body).walk("VEVENT")
        assert program("/kalender.ics?kommun=0580").status_code == 200
        assert program("/kalender.ics").status_code == 404
        assert program("/kalender.ics?kommun=Nonsens").body.decode() == calendar_feed.UNKNOWN


@pytest.mark.usefixtures("signed_in_only", "own_store")
class TestKey:
    def link(
        self, role: str = "politiker", municipality: tuple[str, str] = ("9901", "Exempelkommunen")
    ) -> str:
        return calendar_feed.link_to("https://exempel.test", *municipality, role)

    def test_opens_the_calendar_of_its_municipality_without_a_sign_in(self):
        assert program(self.link()).status_code == 200
        assert program("/kalender.ics?kommun=Exempelkommunen").status_code == 403

    def test_opens_no_other_municipality_and_no_other_role(self):
        for before, after in (
            ("Exempelkommunen", "Link%C3%B6ping"),
            ("politiker", "analytiker"),
            ("nyckel=", "nyckel=0"),
        ):
            refused = program(self.link().replace(before, after))
            assert (refused.status_code, refused.body.decode()) == (403, calendar_feed.REFUSED), after

    def test_of_a_role_that_may_no_longer_have_it_opens_nothing(self):
        assert program(self.link(role="anonym")).status_code == 403
        assert program(self.link(role="påhittad")).status_code == 403

    def test_holds_until_the_secret_is_taken_away(self, own_store):
        link = self.link()
        assert program(link).status_code == 200
        secret = own_store.folders[-1].joinpath(*calendar_feed.SECRET)
        assert secret.stat().st_mode & 0o077 == 0 or secret.parent.stat().st_mode & 0o077 == 0
        secret.unlink()
        assert program(link).status_code == 403
        assert program(self.link()).status_code == 200

    def test_is_offered_only_to_those_who_may_have_the_calendar(
        self, visit: Visit, become: Become, own_store
    ):
        become(Principal({"9901": "politiker"}, "0123456789ab", True))
        shown = [code.value for code in visit("actions.py", uppfoljning="Kommande").code]
        assert any("nyckel=" in each and "roll=politiker" in each for each in shown)


class TestList:
    @pytest.mark.parametrize("whose", [reminders.COMMITTEE, reminders.LEADERSHIP, reminders.ANALYSTS])
    def test_is_plain_text_that_says_when_and_whence(self, exports, whose):
        told = reminders.reminder(exports, EXAMPLE, whose, TODAY, LINK)
        assert told.startswith(f"Nämndkollen, Exempelkommunen: {whose.lower()}\nLäget 22 november 2026.")
        assert told.endswith(f"Mer: {LINK}")
        assert "Påhittade uppgifter." in told
        assert not set("*_#|`") & set(told)

    def test_of_the_committee_has_what_is_late_and_what_it_is_to_be_told(self, exports):
        told = reminders.reminder(exports, EXAMPLE, reminders.COMMITTEE, TODAY, LINK)
        late = of_example(exports)
        count = (late["is_late"] & late["kind"].isin(["action", "remark", "promise"])).sum()
        assert f"Försenat ({count})" in told
        assert "Att få redovisat till och med 21 januari 2027" in told
        assert "utvärderas" not in told

    def test_of_the_leadership_has_evaluations_and_untold_agreements(self, exports):
        told = reminders.reminder(exports, EXAMPLE, reminders.LEADERSHIP, TODAY, LINK)
        assert "Ska utvärderas" in told
        assert "Överenskommet vid dialogmöten utan redovisat utfall" in told
        assert "… och" in told

    def test_of_the_analysts_has_the_data_to_hand_in(self, exports):
        told = reminders.reminder(exports, EXAMPLE, reminders.ANALYSTS, date(2028, 8, 1), LINK)
        assert "Äldre än väntat" in told
        assert "Ska vara klart" not in told

    def test_of_a_municipality_without_days_says_so(self, exports):
        ekero = Filters("0125", "Ekerö", None, False, None, None, None, ())
        assert "Inget förfaller och inget är försenat." in reminders.reminder(
            exports, ekero, reminders.COMMITTEE, TODAY, LINK
        )


def test_the_tab_counts_what_is_late_and_lists_what_comes(visit: Visit):
    shown = texts(visit("actions.py", uppfoljning="Kommande", kommun="Linköping"))
    assert "Inget förfaller till och med" in shown
    assert "13 åtgärder eller steg är försenade." in shown


def test_the_tab_is_there_where_no_actions_are_reported(visit: Visit):
    of_osteraker = texts(visit("actions.py", uppfoljning="Kommande", kommun="Österåker"))
    assert "Inget förfaller till och med" in of_osteraker
    assert "Inget med en dag är känt för Ekerö." in texts(
        visit("actions.py", uppfoljning="Kommande", kommun="Ekerö")
    )


def test_the_list_of_ones_own_role_comes_first(visit: Visit, become: Become):
    for role, whose in reminders.LIST_OF.items():
        become(Principal({"9901": role}, "0123456789ab", True))
        shown = [code.value for code in visit("actions.py", uppfoljning="Kommande").code]
        assert any(each.startswith(f"Nämndkollen, Exempelkommunen: {whose.lower()}") for each in shown)
