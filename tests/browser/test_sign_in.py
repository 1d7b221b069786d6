"""Signing in and out in a real browser, against two real providers, and everything that goes wrong on the way."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import authlib.oidc.core.grants.util
import pytest
from oidc_provider_mock import User, _app, run_server_in_thread
from playwright.sync_api import Page, expect

from queries import audit
from queries.versions import EMBEDDED, Store
from tests.browser.conftest import ContextOf, Server, StartServer, Visit, free_port
from tests.browser.signing_in import account, certified_provider, sign_in
from tests.signed import copy_of_project, give_roles

MANY = [str(uuid.uuid5(uuid.NAMESPACE_DNS, str(number))) for number in range(200)]
USERS = (
    User(
        sub="analytikern",
        claims={"groups": ["grupp-a"], "name": "Anna Andersson", "email": "anna@exempel.test"},
    ),
    User(sub="flitig", claims={"groups": [*MANY, "grupp-p"]}),
    User(sub="utan", claims={}),
)
ROLES = ("grupp-a,0125,analytiker", "grupp-p,*,politiker")


@dataclass(frozen=True)
class Site:
    """A server with sign-in: its folder, where it keeps what is logged, and the provider's port."""

    server: Server
    folder: Path
    store: Store
    issuer_port: int


@pytest.fixture(scope="module")
def provider() -> Iterator[int]:
    """oidc-provider-mock with three users; its port."""
    with run_server_in_thread(user_claims=USERS) as started:
        yield started.server_port


@pytest.fixture(scope="module")
def site(start_server: StartServer, provider: int, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The project with sign-in at the provider."""
    return started(start_server, provider, tmp_path_factory)


@pytest.fixture
def page(site: Site, new_context: ContextOf) -> Iterator[Page]:
    """A page in a browser of its own, that nobody has signed in with, and everybody's roles as they were."""
    give_roles(site.folder, ROLES)
    context = new_context(site.server)
    yield context.new_page()
    context.close()


def started(start_server: StartServer, issuer: int, folders: pytest.TempPathFactory, scope: str = "") -> Site:
    port, exports = free_port(), folders.mktemp("exports")
    roles = (*ROLES, "grupp-bo,0580,ledning")
    folder = copy_of_project(
        folders.mktemp("site"),
        roles,
        redirect_uri=f"http://localhost:{port}/oauth2callback",
        server_metadata_url=f"http://localhost:{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": f"openid {scope}", "prompt": "login"},
    )
    server = start_server(folder, port, NAMNDKOLLEN_EXPORTS=str(exports))
    return Site(server, folder, Store((EMBEDDED, exports)), issuer)


def signed_in(page: Page, visit: Visit, user: str) -> None:
    """Come from the first page, through the provider, and back."""
    visit(page, "/")
    sign_in(page)
    page.get_by_role("button", name=user).click()
    expect(page.locator(".st-key-konto")).to_contain_text("Inloggad")


def kinds(site: Site) -> list[str]:
    """What the log says, the oldest first."""
    return [entry.event.kind for entry in reversed(audit.events(site.store))]


class TestWithProvider:
    def test_the_first_page_is_closed_until_somebody_with_a_role_has_signed_in(
        self, site: Site, page: Page, visit: Visit
    ):
        visit(page, "/")
        main = page.get_by_test_id("stMain")
        expect(main).to_contain_text("Logga in för att se sidan.")
        assert account(page) == "Du är inte inloggad.\n\nLogga in"
        assert "Kommun" not in page.get_by_test_id("stSidebar").inner_text()
        signed_in(page, visit, "analytikern")
        expect(page.get_by_role("heading", level=1)).to_have_text("Översikt")
        assert account(page) == "Inloggad som analytiker i Ekerö.\n\nLogga ut"
        assert "Anna" not in page.content() and "anna@" not in page.content()
        visit(page, "/?kommun=Linköping")
        expect(page.locator(".st-key-announcement")).to_contain_text(
            "”Linköping” är inte en kommun som du har"
        )
        assert kinds(site)[-1] == "signed_in"

    def test_a_role_that_is_taken_away_is_gone_at_the_next_click(self, site: Site, page: Page, visit: Visit):
        signed_in(page, visit, "analytikern")
        give_roles(site.folder, ["grupp-p,*,politiker"])
        page.get_by_role("link", name="Åtgärder").first.click()
        expect(page.get_by_test_id("stMain")).to_contain_text("Ditt konto har ingen roll i Nämndkollen.")
        assert account(page).startswith("Inloggad, utan någon roll här.")

    def test_a_cookie_that_was_copied_is_worth_nothing_after_signing_out(
        self, site: Site, page: Page, visit: Visit, new_context: ContextOf
    ):
        signed_in(page, visit, "analytikern")
        copied = page.context.cookies()
        (held,) = [each for each in copied if each["name"] == "_streamlit_user"]
        assert held["httpOnly"] and held["sameSite"] == "Lax"
        page.get_by_role("button", name="Logga ut").click()
        page.wait_for_url(re.compile(f":{site.issuer_port}/"))
        elsewhere = new_context(site.server)
        elsewhere.add_cookies(copied)
        other = elsewhere.new_page()
        visit(other, "/")
        expect(other.get_by_test_id("stMain")).to_contain_text("Du är utloggad. Logga in igen.")
        assert elsewhere.request.get("/media/0123456789abcdef.csv").status in (403, 404)
        elsewhere.close()
        assert kinds(site)[-1] == "signed_out"

    def test_two_hundred_groups_are_not_too_many(self, page: Page, visit: Visit):
        signed_in(page, visit, "flitig")
        assert account(page).startswith("Inloggad som politiker i alla kommuner.")
        of_sign_in = [each for each in page.context.cookies() if each["name"].startswith("_streamlit_user")]
        assert len(of_sign_in) == 1, "groups without a role, and the provider's tokens, are not carried about"

    def test_no_groups_are_no_role(self, page: Page, visit: Visit):
        signed_in(page, visit, "utan")
        main = page.get_by_test_id("stMain")
        expect(main).to_contain_text("Inloggningen berättar inte vilka grupper du är med i.")
        expect(main).to_contain_text("Fråga den som sköter Nämndkollen hos er.")

    @pytest.mark.parametrize("minutes", [-10, 10])
    def test_a_provider_whose_clock_is_wrong_changes_nothing(
        self, page: Page, visit: Visit, monkeypatch: pytest.MonkeyPatch, minutes: int
    ):
        wrong = SimpleNamespace(time=lambda: time.time() + minutes * 60)
        monkeypatch.setattr(authlib.oidc.core.grants.util, "time", wrong)
        signed_in(page, visit, "analytikern")
        assert account(page).startswith("Inloggad som analytiker i Ekerö.")

    def test_a_provider_that_says_it_is_another_is_not_believed(
        self, page: Page, visit: Visit, monkeypatch: pytest.MonkeyPatch
    ):
        real = _app.OpenIDCode.get_jwt_config
        told = {"iss": "http://elak.example"}
        monkeypatch.setattr(_app.OpenIDCode, "get_jwt_config", lambda *given: {**real(*given), **told})
        visit(page, "/")
        sign_in(page)
        page.get_by_role("button", name="analytikern").click()
        expect(page.get_by_test_id("stMain")).to_contain_text("Inloggningen blev inte klar. Försök igen.")
        assert account(page).startswith("Du är inte inloggad.")


def test_a_provider_that_is_down_is_told_of_in_swedish(
    start_server: StartServer, new_context: ContextOf, visit: Visit, tmp_path_factory: pytest.TempPathFactory
):
    down = started(start_server, free_port(), tmp_path_factory)
    context = new_context(down.server)
    page = context.new_page()
    visit(page, "/om")
    sign_in(page)
    expect(page.get_by_test_id("stMain")).to_contain_text("Inloggningen blev inte klar. Försök igen.")
    context.close()


def test_a_certified_provider_gives_the_same_round_trip(
    start_server: StartServer, new_context: ContextOf, visit: Visit, tmp_path_factory: pytest.TempPathFactory
):
    issuer = free_port()
    site = started(start_server, issuer, tmp_path_factory, "groups")
    with certified_provider(issuer, int(site.server.url.rpartition(":")[2])):
        context = new_context(site.server)
        page = context.new_page()
        visit(page, "/")
        sign_in(page)
        page.locator("input[name=login]").fill("bo")
        page.locator("input[name=password]").fill("x")
        page.get_by_role("button").first.click()
        page.get_by_role("button", name="Continue").click()
        assert account(page).startswith("Inloggad som ledning i Linköping.")
        page.get_by_role("button", name="Logga ut").click()
        page.get_by_role("button", name=re.compile("Yes")).click()
        assert account(page).startswith("Du är inte inloggad.")
        context.close()
