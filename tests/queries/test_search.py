"""Search: words met as Swedes write and misspell them, within the chosen municipality, year and unit."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queries import search
from queries.connection import Exports
from tests import search_twins, twins
from tests.conftest import Publish
from tests.queries.test_findings import memory_tables
from tests.queries.test_twins import HOME, MADE_UP, NEIGHBOUR, of_two_municipalities, only, rows_of, tables_of

EXAMPLE = "9901"
ASKED = (
    "frånvaro",
    "franvaro",
    "frånvarro",
    "mål 6",
    "lokaler och studiero",
    "Utskär",
    "zzzzzz",
    "SKA §",
    "på",
    "",
)
WORD = st.sampled_from(
    ["trångt", "trangt", "Lok", "skola", "paviljonk", "utred", "a", "b", "okal", "noterades", "ärenden"]
)


def hits(exports: Exports, asked: str, **choice: object) -> pd.DataFrame:
    return search.search_hits(exports, **{"municipality_id": EXAMPLE, "asked": asked, **choice})


def same_hits(exports: Exports, tables: twins.Tables, *choice: object) -> None:
    municipality_id, asked, year, unit_ids = choice
    of = {"municipality_id": municipality_id, "year": year, "unit_ids": unit_ids}
    # Indicators come from a reading of their own, which their own tests hold.
    found = {
        (row["kind"], row["thing_id"], row["title"]): (row["is_near"], row["found"])
        for row in rows_of(search.search_hits(exports, asked=asked, **of))
        if row["kind"] != "indicator"
    }
    assert found == search_twins.search_hits(
        tables, municipality_id, search.words_of(asked), year, unit_ids
    ), choice


@pytest.fixture(scope="module")
def everything(exports: Exports) -> twins.Tables:
    """The embedded rows of the invented municipality, without indicators, so that they explain no misspelling."""
    return only(tables_of(exports), EXAMPLE)


@pytest.mark.parametrize("asked", [each for each in ASKED if each != "frånvarro"])
def test_what_is_found_equals_the_twin(exports, everything, asked):
    for year, unit_ids in product((None, 2024), ([], ["09901110"])):
        same_hits(exports, everything, EXAMPLE, asked, year, unit_ids)


# Each example is two municipalities through files: a few go far.
@settings(MADE_UP, max_examples=4)
@given(tables=of_two_municipalities(memory_tables()), words=st.lists(WORD, max_size=2))
def test_what_is_found_in_made_up_tables_equals_the_twin(publish: Publish, tables, words):
    exports = publish(**tables)
    known = tables_of(exports)
    for municipality_id, year in product((HOME, NEIGHBOUR), (None, 2020)):
        # Words of the glossary and of indicators are there in every version.
        same_hits(exports, known, municipality_id, " ".join(words), year, ["skola-1"])


def test_dots_and_accents_may_be_left_out_and_count_when_they_are_written(exports):
    assert set(hits(exports, "franvaro")["thing_id"]) >= set(hits(exports, "frånvaro")["thing_id"])
    assert any("mål" in word for found in hits(exports, "mal")["found"] for word in found) is False
    assert {word[:3] for found in hits(exports, "mål")["found"] for word in found} == {"mål"}


def test_capitals_and_composed_letters_make_no_difference(exports):
    found = hits(exports, "frånvaro")["thing_id"].tolist()
    assert hits(exports, "FRÅNVARO")["thing_id"].tolist() == found
    assert hits(exports, "fra\u030anvaro")["thing_id"].tolist() == found


def test_all_words_must_be_met_and_small_words_are_passed_over(exports):
    both = set(hits(exports, "frånvaro och utredning")["thing_id"])
    assert both
    assert both == set(hits(exports, "frånvaro")["thing_id"]) & set(hits(exports, "utredning")["thing_id"])


def test_a_misspelt_word_finds_what_it_is_like_only_where_the_word_itself_is_nowhere(exports):
    misspelt, right = hits(exports, "frånvarro"), hits(exports, "frånvaro")
    assert misspelt["is_near"].all()
    assert set(misspelt["thing_id"]) <= set(right["thing_id"])
    assert not right["is_near"].any()


def test_a_goal_is_found_by_the_name_it_had_before(publish):
    goal = {
        "municipality_id": HOME,
        "goal_id": "g",
        "level": "committee",
        "is_priority": False,
        "source_id": "k",
    }
    names = {2019: "Ekonomi i balans", 2020: "Hållbar ekonomi"}
    exports = publish(
        goals=[{**goal, "year": year, "name": name} for year, name in names.items()],
        municipalities=[{"municipality_id": HOME, "name": "Ekerö", "kind": "municipality", "register": "sverige", "has_own_data": True}],
    )  # fmt: skip
    found = hits(exports, "balans", municipality_id=HOME)
    assert found[["thing_id", "title", "newest_year"]].values.tolist() == [["g", "Ekonomi i balans", 2019]]


def test_what_fits_best_comes_first(exports):
    titles = hits(exports, "frånvaro")
    actions = titles[titles["kind"] == "action"]["title"].tolist()
    assert "frånvaro" in actions[0].lower().split()


@pytest.mark.parametrize(
    "asked", ["", "  ", "%", "_", "'; drop table goals; --", "\x00", "*" * 500, "a" * 500, "(", "\\p{L}"]
)
def test_signs_and_nonsense_find_nothing_and_break_nothing(exports, asked):
    assert len(hits(exports, asked)) in (0, len(hits(exports, "drop table goals")))
