"""What somebody with a program instead of a browser can try: to be another, to ask for more, to go on after the role is gone."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.attack.conftest import DEMOTED, ELSEWHERE, Attacked
from tests.raw_client import XSRF, Frames, Tab, holds, tab

SIGNED_IN = "_streamlit_user"
INVENTED, OF_INVENTED = "Exempelkommunen", "Gläntviksbacken"


def is_closed(frames: Frames) -> bool:
    """Whether nothing of the data stands in any frame, and the page says that it is not for this visitor."""
    told = any(holds(frames, name) for name in (INVENTED, OF_INVENTED, "Ekerö"))
    closed = ("Logga in för att se sidan.", "Du har inte behörighet till sidan.")
    return any(holds(frames, said) for said in closed) and not told


class TestIdentity:
    def test_is_nobodys_when_another_secret_has_signed_the_cookie(self, attacked: Attacked):
        held = attacked.of("analytiker")
        claims = held[SIGNED_IN].split(".")[0]
        for forged in (
            create_signed_value("a" * 40, SIGNED_IN, '{"is_logged_in": true, "sub": "analytiker"}').decode(),
            f"{claims}.{held[SIGNED_IN].split('.', 1)[1][:-2]}AA",
            held[SIGNED_IN].replace(".", ""),
        ):
            with tab(attacked.origin, {**held, SIGNED_IN: forged}) as visit:
                assert is_closed(visit.first)

    def test_is_nobodys_for_a_page_of_another_site(self, attacked: Attacked):
        with pytest.raises(InvalidStatus, match="403"), attacked.tab("analytiker", origin="http://elak.test"):
            pass

    @pytest.mark.parametrize(
        "other",
        [
            {"origin": None},
            {"subprotocols": ["streamlit"]},
            {"subprotocols": ["streamlit", generate_xsrf_token_string()]},
        ],
        ids=["no origin", "no token", "another's token"],
    )
    def test_is_nobodys_without_what_only_the_page_itself_sends(self, attacked: Attacked, other: dict):
        with attacked.tab("analytiker", **other) as visit:
            assert is_closed(visit.first)

    @pytest.mark.parametrize("who", ["anonym", "politiker"])
    @pytest.mark.parametrize("is_open", [True, False], ids=["open", "left"])
    def test_of_a_visit_cannot_be_taken_by_whoever_knows_its_number(
        self, attacked: Attacked, who: str, is_open: bool
    ):
        with attacked.tab("analytiker", "data", urlencode({"data": "Läs in"})) as taken:
            known = taken.screen.session_id
            if not is_open:
                taken.socket.close()
            names = ["streamlit", attacked.of(who)[XSRF], known]
            with attacked.tab(who, "data", subprotocols=names) as thief:
                assert thief.screen.session_id != known
                assert is_closed(thief.first)
            if is_open:
                assert holds(taken.run(), "Fil att läsa in")


class TestRole:
    def test_that_is_taken_away_counts_in_an_open_tab_at_the_next_click(self, attacked: Attacked):
        attacked.demote("analytiker")
        with attacked.tab(DEMOTED, "maluppfyllelse") as visit:
            assert holds(visit.first, INVENTED)
            attacked.demote("anonym")
            assert is_closed(visit.run())

    def test_that_is_taken_away_takes_the_page_from_a_tab_that_nobody_clicks_in(self, attacked: Attacked):
        attacked.demote("analytiker")
        with attacked.tab(DEMOTED, "maluppfyllelse") as visit:
            ((part, seconds),) = visit.screen.timers.items()
            assert seconds < 60
            # What the browser asks for by itself draws nothing while all is as it was.
            assert not holds(visit.run(fragment_id=part), INVENTED)
            attacked.demote("anonym")
            assert is_closed(visit.run(fragment_id=part))
        with attacked.tab("anonym", "maluppfyllelse") as visit:
            assert visit.screen.timers == {}

    def test_of_who_signs_out_in_one_tab_counts_in_no_other(self, attacked: Attacked):
        attacked.demote("analytiker")
        with attacked.tab(DEMOTED, "maluppfyllelse") as visit:
            assert holds(visit.first, INVENTED)
            attacked.fetch(DEMOTED, "/auth/logout")
            assert is_closed(visit.run())
        del attacked.cookies[DEMOTED]

    def test_is_asked_for_by_a_part_of_the_page_that_is_run_alone(self, attacked: Attacked):
        """A run of a fragment does not pass the page's own gate: it goes on drawing for whoever keeps asking."""
        with attacked.tab("analytiker", "data", "data=Kolada") as visit:
            visit.click("hamta-kolada")
        for is_click in (False, True):
            attacked.demote("analytiker")
            with attacked.tab(DEMOTED, "data", "data=Kolada") as visit:
                stop = visit.screen.widget("avbryt-hamtning")
                part = min(visit.screen.timers, key=visit.screen.timers.get)
                assert holds(visit.run(fragment_id=part), "avbryt-hamtning")
                attacked.demote("politiker")
                frames = visit.run({stop: True} if is_click else {}, fragment_id=part)
                assert not holds(frames, "avbryt-hamtning") and not holds(frames, INVENTED)
        with attacked.tab("analytiker", "data", "data=Kolada") as other:
            assert holds(other.first, "avbryt-hamtning"), "the fetch goes on"

    def test_of_another_municipality_gives_nothing_of_this_one(self, attacked: Attacked):
        asked = urlencode({"kommun": INVENTED, "skola": "Gläntviksbackens skola"})
        with attacked.tab(ELSEWHERE, "skola", asked) as visit:
            for frames in (visit.first, visit.run({visit.screen.widget("kommun"): INVENTED})):
                # What was asked for is repeated, and nothing else is told of it.
                assert holds(frames, "Ekerö") and not holds(frames, "Gläntviken")
                assert not holds(frames, "Hette Gamla Gläntvägens skola")
            offered = visit.screen.elements[visit.screen.widget("kommun")].options
            assert list(offered) == ["Ekerö"]
        assert attacked.fetch(ELSEWHERE, "/kalender.ics?kommun=9901").status == 403
        assert attacked.fetch(ELSEWHERE, "/kalender.ics?kommun=0125").status == 200


class TestWidget:
    @pytest.mark.parametrize("value", ["1066", "", "Senaste'; drop table goals; --"])
    def test_with_a_value_that_nobody_was_offered_is_not_believed(self, attacked: Attacked, value: str):
        with attacked.tab("politiker", "maluppfyllelse") as visit:
            frames = visit.run({visit.screen.widget("ar"): value})
            assert holds(frames, "Bedömning och utfall säger olika saker"), "the page of the newest year"
            years = visit.screen.elements[visit.screen.widget("ar")]
            assert value not in years.options

    def test_with_a_value_of_another_kind_breaks_nothing_but_this_visits_own_page(self, attacked: Attacked):
        with attacked.tab("politiker", "maluppfyllelse") as visit, attacked.tab("ledning") as other:
            frames = visit.run({visit.screen.widget("ar"): ["2020"]})
            assert holds(frames, "Sidan kan inte visas just nu.") and not holds(frames, "Traceback")
            assert holds(other.run(), INVENTED)

    def test_of_a_page_that_is_not_for_this_visitor_does_nothing(self, attacked: Attacked):
        with attacked.tab("analytiker", "data", "data=Kolada") as other, attacked.tab("politiker") as visit:
            buttons = {
                name for name, each in other.screen.elements.items() if hasattr(each, "is_form_submitter")
            }
            visit.go("data", "data=Kolada")
            of_others = buttons - visit.screen.elements.keys()
            assert of_others
            assert is_closed(visit.run(dict.fromkeys(of_others, True)))


class TestFile:
    def test_of_another_visit_may_be_made_but_not_had(self, attacked: Attacked):
        with (
            attacked.tab("analytiker", "data", "data=Mallar") as other,
            attacked.tab("anonym", "om") as thief,
        ):
            button = next(
                each for each in other.screen.elements.values() if hasattr(each, "deferred_file_id")
            )
            assert thief.made(button.deferred_file_id, other.screen.session_id) == ""
            address = thief.made(button.deferred_file_id, thief.screen.session_id)
            assert attacked.fetch("anonym", address).status == 403
            assert attacked.fetch("analytiker", address).status == 200

    def test_waits_for_a_slow_line_while_others_click(self, attacked: Attacked):
        """Streamlit forgets a file that was made when asked for after anybody's next two runs."""
        with attacked.tab("politiker", "maluppfyllelse") as visit, attacked.tab("ledning", "om") as other:
            address = visit.address_of("hamta-CSV-mal")
            for _ in range(3):
                other.run()
            assert attacked.fetch("politiker", address).status == 200

    def test_cannot_be_put_by_a_page_of_another_site(self, attacked: Attacked):
        """What that page lacks is the token."""
        with attacked.tab("analytiker", "om") as visit:
            path = f"/_stcore/upload_file/{visit.screen.session_id}/a"
            cookies = attacked.cookies["analytiker"]
            attacked.cookies["utan märke"] = {SIGNED_IN: cookies[SIGNED_IN], XSRF: ""}
            assert attacked.fetch("utan märke", path, method="PUT", body=b"a").status == 403


class TestMessage:
    def test_that_would_empty_everybodys_caches_or_end_the_server_is_not_passed_on(self, attacked: Attacked):
        asked = ("clear_cache", "load_git_info", "debug_shutdown_runtime", "debug_disconnect_websocket")
        with attacked.tab("politiker", "om") as visit:
            for name in asked:
                visit.socket.send(BackMsg(**{name: True}).SerializeToString())
            assert holds(visit.run(), "visar om nämndens mål är uppnådda")
        assert attacked.fetch("politiker", "/halsa").status == 200

    def test_that_is_none_ends_that_visit_and_no_other(self, attacked: Attacked):
        with attacked.tab("politiker", "om") as other, attacked.tab("anonym", "om") as visit:
            with pytest.raises(ConnectionClosed):
                said_nonsense(visit)
            assert holds(other.run(), "visar om nämndens mål är uppnådda")


def said_nonsense(visit: Tab) -> None:
    """Send bytes that are no message and listen to the end."""
    visit.socket.send(b"\xff\xff\xff")
    while True:
        visit.socket.recv(timeout=30)
