"""Whose a sign-in is, how long it counts, and what ends it: never a role by default."""

from __future__ import annotations

import json
import shutil
import time
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import itsdangerous
import pytest

from pages.parts import access
from pages.parts.access import __main__ as command_line
from pages.parts.access import asking, grants, revocations, sessions
from queries import audit
from queries.versions import DATA, Store
from tests.signed import CLAIMS, SECRET, configure, cookies, header, plain

ROLES = "group_id,municipality_id,role,note\n"
HOUR = 3600
# As Entra ID names groups; anything more alike would be packed into a single cookie.
MANY = [str(uuid.uuid5(uuid.NAMESPACE_DNS, str(number))) for number in range(200)]


@pytest.fixture(autouse=True)
def sign_in_configured(monkeypatch: pytest.MonkeyPatch, data_copy: Path, own_store: Store) -> None:
    """Sign-in is configured, and one group has a role in one municipality."""
    configure(monkeypatch)
    shutil.copy(DATA / "access.csv", data_copy)
    (data_copy / "roles.csv").write_text(ROLES + "grupp-a,0125,analytiker,\n", encoding="utf-8")


def asked(held: dict[str, str]) -> access.Principal:
    return access.of_request(header(held), "10.1.2.3")


def hours_later(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    at = time.time() + hours * HOUR
    monkeypatch.setattr(asking, "time", SimpleNamespace(time=lambda: at))


class TestSignIn:
    def test_gives_the_role_of_the_group_in_its_municipality(self):
        person = asked(cookies())
        assert (person.role("0125"), person.role("0580"), person.is_signed_in) == (
            "analytiker",
            "anonym",
            True,
        )
        assert len(person.pseudonym) == 12 and int(person.pseudonym, 16) >= 0

    def test_says_nothing_of_who_it_is(self):
        person = asked(cookies(email="anna@exempel.test", name="Anna Andersson"))
        assert "anna" not in repr(person).lower() and "person-1" not in repr(person)

    def test_has_the_same_pseudonym_for_the_same_person_and_no_other(self):
        again, other = asked(cookies(nonce="n2", iat=99)), asked(cookies(sub="person-2"))
        assert asked(cookies()).pseudonym == again.pseudonym != other.pseudonym

    def test_with_two_hundred_groups_comes_in_several_cookies(self):
        held = cookies(groups=[*MANY, "grupp-a"])
        assert len(held) > 2
        assert asked(held).role("0125") == "analytiker"
        held.popitem()
        assert asked(held) == access.ANONYMOUS

    @pytest.mark.parametrize(
        "held",
        [
            {},
            {"_streamlit_user": plain()},
            {"_streamlit_user": "chunks-2"},
            {"_streamlit_user": ""},
            {"_streamlit_user": "é\x00"},
        ],
        ids=repr,
    )
    def test_without_this_servers_signature_is_nobodys(self, held: dict[str, str]):
        assert asked(held) == access.ANONYMOUS

    def test_signed_with_another_secret_is_nobodys(self):
        assert asked(cookies(secret=SECRET[::-1])) == access.ANONYMOUS

    def test_of_another_cookie_is_nobodys(self):
        """The tokens are signed with the same secret, and must not pass for the person."""
        held = cookies()
        assert asked({"_streamlit_user_tokens": held["_streamlit_user"]}) == access.ANONYMOUS

    @pytest.mark.parametrize("told", [{"sub": ""}, {"is_logged_in": False}, {"is_logged_in": "true"}])
    def test_without_a_person_is_nobodys(self, told: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
        kept = {**CLAIMS, "is_logged_in": True, **told}
        monkeypatch.setattr(sessions, "get_cookie_with_chunks", lambda *_: json.dumps(kept))
        assert asked(cookies()) == access.ANONYMOUS


class TestRole:
    @pytest.mark.parametrize(
        ("claims", "why"),
        [
            ({"groups": None}, grants.NOT_TOLD),
            ({"groups": {"a": "grupp-a"}}, grants.NOT_TOLD),
            ({"groups": []}, grants.NONE_FITS),
            ({"groups": [["grupp-a"], 7]}, grants.NONE_FITS),
            ({"groups": ["grupp-A", "grupp-a "]}, grants.NONE_FITS),
            ({"groups": "grupp-a grupp-b"}, grants.NONE_FITS),
            ({"groups": ["sub:person-9"]}, grants.NONE_FITS),
            ({"groups": None, "_claim_names": {"groups": "src1"}}, grants.TOO_MANY),
            ({"groups": None, "hasgroups": True}, grants.TOO_MANY),
        ],
        ids=repr,
    )
    def test_is_never_given_by_default_and_the_reason_is_told(self, claims: dict[str, Any], why: str):
        person = asked(cookies(**claims))
        assert (dict(person.roles), person.fault) == ({}, why)
        assert person.is_signed_in and not person.may("page:oversikt")

    def test_of_a_group_that_comes_as_text_counts_when_it_is_exactly_that_group(self):
        assert asked(cookies(groups="grupp-a")).role("0125") == "analytiker"

    def test_of_several_groups_is_the_highest_in_each_municipality(self, data_copy: Path):
        rows = ["a,0125,politiker,", "b,0125,ledning,", "b,*,politiker,", "c,0580,analytiker,"]
        (data_copy / "roles.csv").write_text(ROLES + "\n".join(rows), encoding="utf-8")
        person = asked(cookies(groups=["a", "b", "c"]))
        assert [person.role(place) for place in ("0125", "0580", "2581")] == [
            "ledning",
            "analytiker",
            "politiker",
        ]

    def test_of_a_person_needs_no_group(self, data_copy: Path):
        (data_copy / "roles.csv").write_text(ROLES + "sub:person-1,*,ledning,\n", encoding="utf-8")
        assert asked(cookies(groups=None)).role("0580") == "ledning"

    @pytest.mark.parametrize(
        "row",
        ["grupp-a,0125,chef", "grupp-a,125,analytiker", "grupp-a,,analytiker", ",*,analytiker", "grupp-a"],
    )
    def test_of_a_row_that_is_not_understood_is_none(self, data_copy: Path, row: str):
        (data_copy / "roles.csv").write_text(f"{ROLES}{row}\n", encoding="utf-8")
        assert asked(cookies()).roles == {}

    def test_is_lost_at_the_next_click_when_the_row_is_taken_away(self, data_copy: Path):
        held = cookies()
        assert asked(held).may("publish", "0125")
        (data_copy / "roles.csv").write_text(ROLES, encoding="utf-8")
        assert not asked(held).may("publish", "0125")

    def test_is_looked_up_with_semicolons_too(self, data_copy: Path):
        text = (ROLES + "grupp-a,0125,ledning,\n").replace(",", ";")
        (data_copy / "roles.csv").write_text(text, encoding="utf-8-sig")
        assert asked(cookies()).role("0125") == "ledning"


class TestNeeded:
    @pytest.mark.parametrize(
        "claims",
        [
            {"groups": ["grupp-a", "grupp-x"]},
            {"groups": "grupp-a"},
            {"groups": ["grupp-x"]},
            {"groups": None},
            {"groups": None, "_claim_names": {"groups": "src1"}},
            {"groups": None, "hasgroups": True},
        ],
        ids=repr,
    )
    def test_of_the_claims_is_enough_for_the_same_role_and_the_same_reason(self, claims: dict[str, Any]):
        told = {**CLAIMS, **claims, "name": "Anna", "is_logged_in": True}
        assert grants.roles_of(grants.needed(told)) == grants.roles_of(told)
        assert "name" not in grants.needed(told)


class TestEnd:
    @pytest.mark.parametrize("hours", [8.01, 24 * 29, -1])
    def test_comes_after_the_hours_of_the_settings(self, monkeypatch: pytest.MonkeyPatch, hours: float):
        held = cookies()
        hours_later(monkeypatch, hours)
        person = asked(held)
        assert (dict(person.roles), person.fault) == ({}, asking.EXPIRED.format(hours=8))

    @pytest.mark.parametrize("skew", [-600, 600, -9 * HOUR])
    def test_does_not_hang_on_the_providers_clock(self, skew: float):
        now = int(time.time() + skew)
        person = asked(cookies(iat=now, auth_time=now, exp=now + 60))
        assert person.role("0125") == "analytiker"

    def test_of_parts_put_together_is_that_of_the_oldest(self, monkeypatch: pytest.MonkeyPatch):
        """Somebody with an old cookie in parts cannot make it young with the first part of a new one."""
        long_ago = time.time() - 9 * HOUR
        with monkeypatch.context() as patch:
            patch.setattr(itsdangerous.timed.TimestampSigner, "get_timestamp", lambda _: int(long_ago))
            old = cookies(groups=["grupp-a", *MANY])
        new = cookies(groups=["grupp-b", *MANY])
        mixed = {**old, "_streamlit_user": new["_streamlit_user"]}
        assert asked(new).is_signed_in and asked(mixed).fault.startswith("Inloggningen gällde")

    def test_by_signing_out_counts_for_every_copy_and_no_other_sign_in(self, own_store: Store):
        copied, again = cookies(), cookies(nonce="n2")
        session = sessions.session_of(copied)
        assert revocations.end(own_store, session) and not revocations.end(own_store, session)
        assert asked(dict(copied)).fault == asking.ENDED
        assert asked(again).is_signed_in

    def test_by_the_one_who_runs_the_server_counts_for_all_of_a_persons(self, own_store: Store, capsys):
        copied, other = cookies(), cookies(sub="person-2")
        assert command_line.main(["revoke", asked(copied).pseudonym]) == 0
        assert asked(copied).fault == asking.ENDED and asked(other).is_signed_in
        assert command_line.main(["revoke", "--alla"]) == 0
        assert asked(other).fault == asking.ENDED
        assert "Alla inloggningar är avslutade." in capsys.readouterr().out

    def test_lets_the_person_sign_in_again(self, own_store: Store):
        held = cookies()
        revocations.revoke(own_store, asked(held).pseudonym)
        time.sleep(1.1)  # a cookie knows whole seconds only
        assert asked(cookies(nonce="n2")).is_signed_in

    @pytest.mark.parametrize("given", [["revoke"], ["revoke", "Anna"], ["revoke", "../../x"]])
    def test_is_not_of_somebody_who_was_not_named(self, given: list[str], capsys):
        assert command_line.main(given) == command_line.NOT_UNDERSTOOD

    def test_cannot_be_undone_by_a_file_that_says_nonsense(self, own_store: Store):
        held = cookies()
        revocations.revoke(own_store, asked(held).pseudonym)
        (path,) = (own_store.folders[-1] / "access").glob("person-*")
        path.write_text("aldrig", encoding="ascii")
        assert asked(held).fault == asking.ENDED

    def test_leaves_what_others_keep_there_alone(self, own_store: Store, monkeypatch: pytest.MonkeyPatch):
        revocations.end(own_store, sessions.session_of(cookies()))
        folder = own_store.folders[-1] / "access"
        (folder / "annat.key").write_bytes(b"x")
        monkeypatch.setattr(revocations, "KEPT_SECONDS", -1)
        revocations.sweep(own_store)
        assert [path.name for path in folder.iterdir()] == ["annat.key"]


class TestDemand:
    def test_raises_in_swedish_and_is_written_down(self, own_store: Store, become):
        become(access.Principal({"0125": "ledning"}, "0123456789ab", True))
        with pytest.raises(access.Refused, match=r"Du får inte publicera\. Fråga den som sköter"):
            access.demand("publish", "0125")
        (entry,) = audit.events(own_store)
        assert entry.event == audit.Event("refused", "ledning", "0123456789ab", "publish", "0125")

    def test_is_asked_again_when_a_file_is_made(self, own_store: Store, monkeypatch: pytest.MonkeyPatch):
        """Streamlit makes a file outside any visit: what counts is who asked, as things stand now."""
        held = cookies()
        monkeypatch.setattr(asking, "visitor", lambda: (header(held), "10.1.2.3"))
        make = access.guarded(lambda: b"fil", "download", "0125")
        monkeypatch.setattr(asking, "visitor", lambda: ({}, None))
        assert make() == b"fil"
        revocations.end(own_store, sessions.session_of(held))
        with pytest.raises(access.Refused):
            make()
