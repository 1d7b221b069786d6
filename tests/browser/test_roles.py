"""Each role in a browser: which pages it is offered, what it is told at the others, and that those too can be read by all.

What the wire carries is tried in tests/attack; that the pages as an analyst sees them keep to WCAG, in test_accessibility.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from pages.parts.access.matrix import ANONYM, ROLES
from tests import replicas, signed
from tests.browser.conftest import Axe, OpenPage, Server, Visit
from tests.browser.test_accessibility import breaches
from tests.browser.test_pages import address

WITH_NUMBERS = [
    "Översikt", "Sök", "Måluppfyllelse", "Jämförelse", "Åtgärder", "Samma påpekande", "Skola", "Månad", "Dialogmöte",
]  # fmt: skip
MENU = {
    # Of a single page, Om, Streamlit makes no list.
    "anonym": [],
    "politiker": [*WITH_NUMBERS, "Om"],
    "ledning": [*WITH_NUMBERS, "Data", "Om"],
    "analytiker": [*WITH_NUMBERS, "Data", "Om"],
}
# What looks otherwise than for an analyst: closed pages, parts that are left out, and who is signed in.
OTHERWISE = {
    "anonym": ("/", "/skola", "/data?data=Läs in", "/om"),
    "politiker": ("/", "/data", "/atgarder?uppfoljning=Kommande", "/dialogmote?dialog=Överenskommelser"),
    "ledning": ("/data?data=Historik",),
    "analytiker": ("/",),
}
CLOSED = {"anonym": "Logga in för att se sidan.", "politiker": "Du har inte behörighet till sidan."}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[replicas.Site]:
    """A server with sign-in, and somebody in every role."""
    with replicas.site(tmp_path_factory.mktemp("roles"), 1, behind_nginx=False) as started:
        signed.give_roles(started.folder / "project", [f"sub:{role},*,{role}" for role in ROLES[1:]])
        yield started


def of(role: str, site: replicas.Site, open_page: OpenPage) -> Page:
    """A page of somebody who has signed in, or of nobody."""
    (port,) = site.ports
    page = open_page(Server(site.origin, site.folder / f"{port}.log", site.servers[port]))
    if role != ANONYM:
        held = replicas.signed_in(site.origin, role).items()
        page.context.add_cookies([{"name": name, "value": value, "url": site.origin} for name, value in held])
    return page


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_offered_its_pages_and_told_of_the_others_in_words_that_all_can_read(
    site: replicas.Site, open_page: OpenPage, visit: Visit, axe: Axe, role: str
) -> None:
    page = of(role, site, open_page)
    visit(page, "/data")
    told = page.get_by_test_id("stMain")
    if role in CLOSED:
        expect(told).to_contain_text(CLOSED[role])
        expect(page.get_by_label("Kommun")).to_have_count(0)
    else:
        expect(told).to_contain_text("publicerad 22 november")
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_text(MENU[role])
    for link in OTHERWISE[role]:
        visit(page, address(link))
        page.wait_for_timeout(300)
        assert breaches(axe(page)) == [], link
