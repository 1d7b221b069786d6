"""Tab Grupper of page Data: a group of one's own is made, changed, taken away, and each of it can be undone."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import groups, handing_in, source
from pages.parts.groups import Group, fault_of, groups_of, neighbours, new_id, taken_away, told_as_rows
from queries import comparison
from queries.published import published_rows
from queries.versions import Store
from tests.pages.conftest import Visit, tables, texts
from tests.pages.test_data import labels, press

HOME = "9901"
NEW = "Egen grupp, några grannar"


def at_tab(visit: Visit, **link: str) -> AppTest:
    return visit("data.py", data="Grupper", **link)


def filled_in(app: AppTest, name: str, codes: list[str]) -> AppTest:
    """The form with a name and members, sent."""
    app.text_input[0].input(name)
    app.multiselect[0].set_value(codes)
    return press(app, "Kontrollera och publicera")


def made(visit: Visit, name: str = NEW, codes: tuple[str, ...] = ("9902", "9903", "9904")) -> AppTest:
    """A group that is made and published."""
    return press(filled_in(at_tab(visit), name, list(codes)), "Publicera")


def own_of(municipality_id: str = HOME) -> dict[str, tuple[str, ...]]:
    """Title → members of the groups made here, as they are published now."""
    found = groups_of(source.newest(), municipality_id)
    return {group.title: group.members for group in found if group.is_made_here}


class TestMaking:
    def test_shows_what_it_changes_before_it_is_published(self, visit: Visit, own_store: Store):
        app = filled_in(at_tab(visit), NEW, ["9902", "9903"])
        assert "Filen kan publiceras." in texts(app)
        assert "Gruppmedlemmar: 2 nya." in texts(app)
        assert own_of() == {}

    def test_gives_a_group_that_can_be_compared_with(self, visit: Visit, own_store: Store):
        app = made(visit)
        assert "Version 1 är publicerad." in texts(app)
        assert own_of() == {NEW: ("9902", "9903", "9904")}
        choices = comparison.comparison_choices(source.newest(), municipality_id=HOME)
        assert NEW in set(choices["title"])
        elsewhere = comparison.comparison_choices(source.newest(), municipality_id="0125")
        assert NEW not in set(elsewhere["title"])

    def test_is_listed_with_its_members(self, visit: Visit, own_store: Store):
        made(visit)
        app = at_tab(visit)
        (shown,) = [table for table in tables(app) if "Kommuner" in table]
        (row,) = shown[shown["Grupp"] == NEW].to_dict("records")
        names = neighbours(source.newest(), HOME)
        assert row["Kommuner"] == f"{names['9902']}, {names['9903']} och {names['9904']}"
        assert row["Gjord"] == "här"

    def test_can_be_undone(self, visit: Visit, own_store: Store):
        app = press(made(visit), "Ångra")
        assert "Version 1 är ångrad" in texts(app)
        assert own_of() == {}

    @pytest.mark.parametrize(
        ("name", "codes", "said"),
        [
            ("", ["9902", "9903"], "Skriv ett namn"),
            ("Ensam", ["9902"], "Välj minst 2 kommuner"),
        ],
    )
    def test_says_what_is_missing(
        self, visit: Visit, own_store: Store, name: str, codes: list[str], said: str
    ):
        app = filled_in(at_tab(visit), name, codes)
        assert said in texts(app)
        assert "Publicera" not in labels(app)

    def test_offers_only_municipalities_of_the_same_register(self, visit: Visit, own_store: Store):
        invented = set(at_tab(visit).multiselect[0].options)
        real = set(at_tab(visit, kommun="Ekerö").multiselect[0].options)
        assert len(invented) == 40
        assert not invented & real
        assert "Österåker" in real and "Ekerö" not in real and "Riket" not in real


class TestChanging:
    def chosen(self, visit: Visit) -> AppTest:
        app = at_tab(visit)
        select = next(each for each in app.selectbox if each.label == "Grupp att göra eller ändra")
        return select.select_index(1).run()

    def test_takes_the_new_members_and_lets_go_of_the_others(self, visit: Visit, own_store: Store):
        made(visit)
        app = self.chosen(visit)
        assert app.text_input[0].value == NEW
        press(filled_in(app, "Nytt namn", ["9904", "9905"]), "Publicera")
        assert own_of() == {"Nytt namn": ("9904", "9905")}
        rows = published_rows(source.newest(), "municipality_groups")
        assert rows["group_id"].str.startswith(groups.MADE_HERE).sum() == 2

    def test_away_leaves_nothing_to_compare_with_and_can_be_undone(self, visit: Visit, own_store: Store):
        made(visit)
        app = press(press(self.chosen(visit), "Ta bort gruppen"), "Publicera")
        assert own_of() == {}
        choices = comparison.comparison_choices(source.newest(), municipality_id=HOME)
        assert NEW not in set(choices["title"])
        press(app, "Ångra")
        assert own_of() == {NEW: ("9902", "9903", "9904")}

    def test_is_not_offered_for_the_group_of_a_source(self, visit: Visit, own_store: Store):
        (of_source,) = [
            group
            for group in groups_of(source.newest(), "0580")
            if not group.is_made_here and "R9" in group.title
        ]
        app = at_tab(visit, kommun="Linköping")
        select = next(each for each in app.selectbox if each.label == "Grupp att göra eller ändra")
        assert of_source.title not in select.options
        assert of_source.title in "".join(str(table) for table in tables(app))


def test_who_may_not_change_the_groups_sees_them_and_no_form(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    closed = "Du får inte göra egna kommungrupper."
    monkeypatch.setattr(handing_in, "closed", lambda *_: closed)
    app = at_tab(visit, kommun="Linköping")
    assert closed in texts(app)
    assert not app.multiselect
    assert "R9" in "".join(str(table) for table in tables(app))


def test_a_name_is_free_when_no_other_group_has_it_whatever_its_capitals():
    assert fault_of("Grannar", ["a", "b"], ["Andra"]) == ""
    assert "redan" in fault_of("  grannar", ["a", "b"], ["Grannar"])


def test_ids_are_made_of_the_name_and_never_the_same_twice():
    first = new_id(HOME, "Våra grannar!", [])
    assert first == "egen-9901-vara-grannar"
    assert new_id(HOME, "Våra grannar", [first]) == f"{first}-2"
    assert new_id(HOME, "???", []) == "egen-9901-grupp"


def test_a_group_that_is_taken_away_keeps_its_name_and_only_the_municipality_itself():
    group = Group("egen-9901-x", "X", HOME, ("9902", "9903"))
    pd.testing.assert_frame_equal(
        taken_away(group, HOME), told_as_rows(Group("egen-9901-x", "X", HOME, (HOME,)), HOME)
    )
