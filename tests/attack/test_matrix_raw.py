"""data/access.csv, row by row and role by role, over the wire: what is denied stands in no frame and happens to nobody.

Whatever changes something is tried the hard way: the button is drawn for an analyst, who then loses that role and clicks.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from urllib.parse import urlencode

import pytest

from pages.parts.access.matrix import ROLES
from queries import permits
from queries.connection import Library
from queries.intake import desk, publishing
from queries.intake.templates import filled_csv
from queries.published import published_rows
from queries.versions import DATA, EMBEDDED, Store
from tests.attack.conftest import DEMOTED, Attacked
from tests.raw_client import Tab, holds, upload

with (DATA / "access.csv").open(encoding="utf-8", newline="") as told:
    ROWS = {row["what"]: row for row in csv.DictReader(told)}
# Names that stand on every page with numbers, and on no other.
OF_THE_DATA = ("Exempelkommunen", "Gläntviksbacken")
INVENTED = "9901"


def allowed(what: str, role: str) -> bool:
    return ROWS[what][role] == "ja"


# Each page and tab: its address, and a sentence that stands there and nowhere else.
SEEN: Mapping[str, tuple[str, dict[str, str], str]] = {
    "page:oversikt": ("", {}, "Hur många mål är uppnådda?"),
    "page:sok": ("sok", {"q": "frånvaro"}, "träffar på ”frånvaro” i Exempelkommunen"),
    "page:maluppfyllelse": ("maluppfyllelse", {}, "Bedömning och utfall säger olika saker"),
    "page:jamforelse": ("jamforelse", {}, "hör kommunen till den bästa fjärdedelen"),
    "page:atgarder": ("atgarder", {}, "av de öppna är försenade"),
    "page:aterkommande": ("aterkommande", {}, "påpekanden står kvar minst två år i rad"),
    "page:skola": ("skola", {"skola": "Gläntviksbackens skola"}, "Hette Gamla Gläntvägens skola"),
    "page:manad": ("manad", {}, "månadsrapporter kompletta"),
    "page:dialogmote": ("dialogmote", {}, "Visa i mötesläge"),
    "page:data": ("data", {}, "Version 1, publicerad "),
    "page:om": ("om", {}, "visar om nämndens mål är uppnådda"),
    "page:tillganglighet": ("tillganglighet", {}, "delvis förenlig"),
    "page:personuppgifter": ("personuppgifter", {}, "är personuppgiftsansvarig"),
    "tab:data/Färskhet": ("data", {"data": "Färskhet"}, "ett antagande ur data/rhythms.csv"),
    "tab:data/Läs in": ("data", {"data": "Läs in"}, "Fil att läsa in"),
    "tab:data/Kolada": ("data", {"data": "Kolada"}, "nyckeltal för alla kommuner"),
    "tab:data/Grupper": ("data", {"data": "Grupper"}, "Gruppens namn"),
    "tab:data/Historik": ("data", {"data": "Historik"}, "bedömningar 2026.csv"),
    "tab:data/Mallar": ("data", {"data": "Mallar"}, "Måste finnas"),
    "tab:data/Ord": ("data", {"data": "Ord"}, "Parkerad"),
    "tab:data/Logg": ("data", {"data": "Logg"}, "Loggen är hel"),
}
# Each file: where its button is, and what is clicked before it is there.
FILES: Mapping[str, tuple[str, dict[str, str], str, dict[str, str]]] = {
    "download": ("maluppfyllelse", {}, "hamta-CSV-mal", {}),
    "pack": ("dialogmote", {"dialog": "Underlag"}, "underlag-XLSX", {"Gör underlaget": "underlag-val"}),
    "original": ("data", {"data": "Historik"}, "original-1", {}),
    "audit": ("data", {"data": "Logg"}, "hamta-CSV-logg", {}),
}


UPLOADED = {"data": "Läs in"}
BUTTON = "FormSubmitter:publicera-{}-Publicera"


def hand_in(tab: Tab) -> None:
    _, given = tab.upload("bedömningar 2026.csv", verdicts("Delvis uppnått"))
    tab.run({tab.screen.widget("Fil att läsa in"): given})


def make_group(tab: Tab) -> None:
    members = list(tab.screen.elements[tab.screen.widget("kommuner-ny")].options[:2])
    tab.click("Kontrollera och publicera", **{"namn-ny": "Grannar", "kommuner-ny": members})


def explain_word(tab: Tab) -> None:
    field = tab.screen.elements[tab.screen.widget("ord-status-Parkerad")]
    meaning = next(each for each in field.options if each.endswith("Klar"))
    tab.click("Kontrollera och publicera", **{"ord-status-Parkerad": meaning})


def agree(tab: Tab) -> None:
    field = {name.rsplit("-", 2)[1]: name for name in tab.screen.elements}
    told = {
        field["amne"]: "studiero",
        field["text"]: "Två vuxna i klassrummet.",
        field["dag"]: ["2026/11/20"],
    }
    tab.run({**told, tab.screen.widget("Kontrollera och publicera överenskommelsen"): True})


# Each change: where it is made, how it is prepared, and the button that makes it.
CHANGES: Mapping[str, tuple[str, dict[str, str], Callable[[Tab], None] | None, str]] = {
    "publish": ("data", UPLOADED, hand_in, BUTTON.format("fil")),
    "undo": ("data", {"data": "Historik"}, None, "angra-senaste"),
    "restore": ("data", {"data": "Historik"}, None, "aterga-0"),
    "group": ("data", {"data": "Grupper"}, make_group, BUTTON.format("grupper")),
    "word": ("data", {"data": "Ord"}, explain_word, BUTTON.format("ord")),
    "note": ("dialogmote", {"dialog": "Överenskommelser"}, agree, BUTTON.format("overenskommet")),
}


@cache
def verdicts(word: str) -> bytes:
    """A file in which some verdicts of the invented municipality are others."""
    rows = published_rows(Library(Store((EMBEDDED,))).open(), "goal_verdicts").copy()
    of_year = (rows["municipality_id"] == INVENTED) & (rows["year"] == 2026) & rows["unit_id"].isna()
    partly = rows.index[of_year & rows["verdict_raw"].str.startswith("Delvis")]
    rows.loc[partly[:2], "verdict_raw"] = word
    return filled_csv(rows, "goal_verdicts")


@pytest.fixture(scope="module")
def published(attacked: Attacked) -> Attacked:
    """The same server with a version that somebody has published from a file: two goals more are met."""
    store = attacked.store
    path = attacked.site.folder / "bedömningar 2026.csv"
    path.write_bytes(verdicts("Uppnått"))
    draft_id = desk.check(path, path.name, store=store).outcome.draft_id
    publishing.publish(store, draft_id, permit=permits.operator("publish"), note="")
    return attacked


@pytest.fixture(scope="module")
def offered(published: Attacked) -> Iterator[Mapping[str, str]]:
    """Each file's address, as an analyst's tab was told it: what → path. The tabs stay open, or the files would go."""
    with ExitStack() as open_tabs:
        found: dict[str, str] = {}
        for what, (address, choices, key, clicks) in FILES.items():
            tab = open_tabs.enter_context(published.tab("analytiker", address, urlencode(choices)))
            for button, formats in clicks.items():
                tab.click(button, **{formats: ["XLSX"]})
            found[what] = tab.address_of(key)
            assert found[what].startswith("/media/")
        yield found


def test_every_row_is_tried():
    assert ROWS.keys() == SEEN.keys() | FILES.keys() | CHANGES.keys() | {"upload", "feed", "fetch", "check"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("what", SEEN)
def test_what_is_seen_stands_in_the_frames_of_those_who_may_and_of_no_others(
    published: Attacked, what: str, role: str
):
    address, choices, sentence = SEEN[what]
    with published.tab(role, address, urlencode(choices)) as tab:
        assert tab.screen.failures == []
        assert holds(tab.first, sentence) == allowed(what, role)
        page = f"page:{address or 'oversikt'}"
        if not allowed(page, role):
            assert not any(holds(tab.first, name) for name in OF_THE_DATA)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("what", FILES)
def test_a_file_is_offered_and_handed_out_to_those_who_may_and_to_no_others_who_know_its_address(
    published: Attacked, offered: Mapping[str, str], what: str, role: str
):
    answer = published.fetch(role, offered[what])
    assert (answer.status == 200) == allowed(what, role)
    assert answer.status in (200, 403)
    address, choices, key, clicks = FILES[what]
    if not clicks:
        with published.tab(role, address, urlencode(choices)) as tab:
            assert tab.screen.has(key) == allowed(what, role)


@pytest.mark.parametrize("role", ROLES)
def test_the_calendar_is_handed_out_to_those_who_may(published: Attacked, role: str):
    answer = published.fetch(role, f"/kalender.ics?kommun={INVENTED}")
    assert (answer.status == 200) == allowed("feed", role)
    assert (b"BEGIN:VEVENT" in answer.body) == allowed("feed", role)


@pytest.mark.parametrize("role", ROLES)
def test_a_file_is_taken_from_those_who_may_hand_it_in(published: Attacked, role: str):
    with published.tab(role, "om") as own, published.tab("analytiker", "om") as other:
        status, _ = own.upload("mål.csv", b"a;b")
        path = f"/_stcore/upload_file/{other.screen.session_id}/annans"
        of_another = upload(published.origin, path, published.of(role), "mål.csv", b"a;b").status
    assert (status, of_another) == ((204, 204) if allowed("upload", role) else (403, 403))


def test_a_file_is_checked_only_for_those_who_may_when_it_is_sent(published: Attacked):
    for role in ROLES:
        published.demote("analytiker")
        with published.tab(DEMOTED, "data", urlencode(UPLOADED)) as tab:
            _, given = tab.upload("mål.csv", verdicts("Ej uppnått"))
            field, before = tab.screen.widget("Fil att läsa in"), drafts(published)
            published.demote(role)
            tab.run({field: given})
        assert (drafts(published) != before) == allowed("check", role), role


def test_a_fetch_is_begun_only_for_those_who_may_when_they_click(published: Attacked):
    with published.tab(DEMOTED) as tab:
        for role in ROLES:
            published.demote("analytiker")
            tab.go("data", "data=Kolada")
            button = tab.screen.widget("hamta-kolada")
            published.demote(role)
            tab.run({button: True})
            with published.tab("analytiker", "data", "data=Kolada") as other:
                assert holds(other.first, "avbryt-hamtning") == allowed("fetch", role), role


@pytest.mark.parametrize("what", CHANGES)
def test_what_changes_something_is_done_only_for_those_who_may_when_they_click(
    published: Attacked, what: str
):
    *_, key = CHANGES[what]
    with ExitStack() as tabs:
        tab = None
        for role in ROLES:
            published.demote("analytiker")
            tab = ready(published, what, tab, tabs)
            button, before = tab.screen.widget(key), max(published.store.numbers())
            published.demote(role)
            tab.run({button: True})
            is_done = max(published.store.numbers()) > before
            assert is_done == allowed(what, role), f"{role}: {tab.screen.texts}"


def ready(attacked: Attacked, what: str, tab: Tab | None, tabs: ExitStack) -> Tab:
    """A tab with the button of a change: the same as before where it comes back, since to check a file takes seconds."""
    address, choices, prepare, key = CHANGES[what]
    if tab is not None:
        tab.go(address, urlencode(choices))
    if tab is None or not tab.screen.has(key):
        tab = tabs.enter_context(attacked.tab(DEMOTED, address, urlencode(choices)))
        if prepare is not None:
            prepare(tab)
    return tab


def drafts(attacked: Attacked) -> set[str]:
    """The drafts that lie on the server."""
    return {path.name for path in (attacked.site.exports / "drafts").iterdir()}
