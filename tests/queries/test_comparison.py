"""What must hold of any comparison, whatever the figures: order, others, direction, ties, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queries import comparison
from queries.connection import SQL, Exports

EKERO, LINKOPING, EXAMPLE = "0125", "0580", "9901"
MEMBERS_OF_R9 = 9
SEVERAL = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
NUMBERS = st.floats(min_value=0, max_value=400, allow_nan=False).map(lambda value: round(value, 1))


def own(values: pd.DataFrame) -> pd.DataFrame:
    return values[values["role"] == "own"].reset_index(drop=True)


@pytest.fixture(scope="module")
def macros() -> duckdb.DuckDBPyConnection:
    """The scales alone, as the questions use them."""
    connection = duckdb.connect(":memory:")
    connection.execute((SQL / "macros.sql").read_text(encoding="utf-8"))
    return connection


def scaled(
    macros: duckdb.DuckDBPyConnection, value: float, low: float, high: float, direction: int
) -> float | None:
    return macros.execute("select scale_to_100($1, $2, $3, $4)", [value, low, high, direction]).fetchall()[0][
        0
    ]


def ranked(macros: duckdb.DuckDBPyConnection, count_better: int, n: int) -> float | None:
    return macros.execute("select rank_to_100($1, $2)", [count_better, n]).fetchall()[0][0]


class TestScales:
    @SEVERAL
    @given(
        values=st.tuples(NUMBERS, NUMBERS),
        ends=st.tuples(NUMBERS, NUMBERS),
        direction=st.sampled_from([1, -1]),
    )
    def test_a_better_value_never_lies_lower(self, macros, values, ends, direction):
        low, high = sorted(ends)
        worse, better = sorted(values, key=lambda value: direction * value)
        places = [scaled(macros, value, low, high, direction) for value in (worse, better)]
        assert places == [None, None] if low == high else places[0] <= places[1]

    @SEVERAL
    @given(value=NUMBERS, ends=st.tuples(NUMBERS, NUMBERS))
    def test_turning_the_direction_mirrors_the_scale(self, macros, value, ends):
        low, high = sorted(ends)
        up, down = (scaled(macros, value, low, high, direction) for direction in (1, -1))
        assert (up is None) == (down is None) == (low == high)
        assert up is None or up + down == pytest.approx(100, abs=1e-5)

    @SEVERAL
    @given(values=st.lists(NUMBERS, min_size=2, max_size=40, unique=True))
    def test_turning_the_direction_mirrors_the_ranks_where_none_are_equal(self, macros, values):
        for value in values:
            better, worse = sum(other > value for other in values), sum(other < value for other in values)
            up, down = ranked(macros, better, len(values)), ranked(macros, worse, len(values))
            assert up + down == pytest.approx(100, abs=1e-5)

    def test_the_best_of_all_lies_at_100_and_the_worst_at_0(self, macros):
        assert (ranked(macros, 0, 290), ranked(macros, 289, 290)) == (100, 0)

    def test_a_mean_below_all_lies_at_0_and_not_below(self, macros):
        assert ranked(macros, 290, 290) == 0

    def test_equal_values_share_the_better_place(self, macros):
        # 90, 80, 80, 70: both of 80 are second, the last one fourth.
        assert [ranked(macros, better, 4) for better in (0, 1, 1, 3)] == pytest.approx(
            [100, 200 / 3, 200 / 3, 0]
        )

    def test_a_value_that_is_missing_or_alone_has_no_place(self, macros):
        assert scaled(macros, None, 0, 100, 1) is None
        assert ranked(macros, None, 290) is None
        assert ranked(macros, 0, 1) is None


class TestSpider:
    def test_is_the_same_whoever_else_is_compared_with(self, exports: Exports):
        everyone = ("medel", "0000", LINKOPING, "2581", "ar-1")
        alone = own(comparison.spider_values(exports, municipality_id=EKERO, year=2018, compare_with=()))
        for others in (everyone[:1], everyone[2:], everyone):
            beside = own(
                comparison.spider_values(exports, municipality_id=EKERO, year=2018, compare_with=others)
            )
            pd.testing.assert_frame_equal(alone, beside, check_dtype=False)

    def test_is_the_same_in_whatever_order_the_indicators_are_picked(self, exports: Exports):
        shapes = {picked(exports, order) for order in permutations(["N15419", "N15034", "N15814", "N15488"])}
        assert len(shapes) == 1

    def test_places_an_indicator_alike_in_every_profile(self, exports: Exports):
        for municipality_id in (EKERO, EXAMPLE):
            everywhere = pd.concat(
                own(comparison.spider_values(exports, municipality_id=municipality_id, profile_id=profile))
                for profile in comparison.profiles(exports, municipality_id=municipality_id)["profile_id"]
            )
            places = everywhere.groupby("indicator_id")[["year", "scaled", "percentile", "rank"]].nunique()
            assert (places <= 1).all().all()

    def test_values_nothing_that_has_no_good_direction(self, exports: Exports):
        values = comparison.spider_values(exports, municipality_id=EXAMPLE, profile_id="resurser")
        neutral = values[values["good_direction"] == "none"]
        assert len(neutral)
        assert neutral["value"].notna().any()
        assert neutral[["rank", "quarter", "scaled", "percentile"]].isna().all().all()

    def test_says_the_target_beside_the_outcome_in_the_same_year(self, exports: Exports):
        values = comparison.spider_values(exports, municipality_id=EXAMPLE)
        targets = values[values["role"] == "target"]
        assert len(targets) >= 3
        assert set(targets["target_operator"]) <= {">=", "<="}
        assert (targets["value_year"] == targets["year"]).all()

    def test_counts_the_members_that_a_group_mean_rests_on(self, exports: Exports):
        values = comparison.spider_values(exports, municipality_id=LINKOPING, year=2018, compare_with=("r9",))
        group = values[(values["role"] == "comparison") & (values["indicator_id"] == "N15419")].iloc[0]
        assert (group["count_of_members"], group["count_members"]) == (MEMBERS_OF_R9, MEMBERS_OF_R9)

    def test_says_that_an_indicator_is_not_divided_by_gender(self, exports: Exports):
        values = own(comparison.spider_values(exports, municipality_id=EKERO, year=2018, gender="K"))
        status = dict(zip(values["indicator_id"], values["status"], strict=True))
        assert status["N15814"] == "not_by_gender"
        assert status["N15419"] == ""

    def test_has_the_ranks_of_a_complete_register_for_means_too(self, exports: Exports):
        values = comparison.spider_values(exports, municipality_id=EXAMPLE, compare_with=("medel",))
        means = values[(values["choice_id"] == "medel") & (values["good_direction"] != "none")]
        assert means["percentile"].notna().all()
        assert means["rank"].isna().all()

    def test_gives_a_mean_no_rank_where_only_some_municipalities_are_here(self, exports: Exports):
        values = comparison.spider_values(exports, municipality_id=EKERO, year=2018, compare_with=("medel",))
        means = values[values["choice_id"] == "medel"]
        assert means["scaled"].notna().any()
        assert means["percentile"].isna().all()


def picked(exports: Exports, indicator_ids: Sequence[str]) -> tuple:
    values = own(
        comparison.spider_values(exports, municipality_id=EKERO, year=2018, indicator_ids=indicator_ids)
    )
    return tuple(zip(values["indicator_id"], values["position"], values["scaled"], strict=True))


class TestOneIndicator:
    def test_the_spread_holds_every_municipality_of_the_register_once(self, exports: Exports):
        spread = comparison.indicator_spread(exports, municipality_id=EXAMPLE, indicator_id="N15419")
        assert spread["municipality_id"].is_unique
        assert spread["value"].notna().sum() == spread["n"].iloc[0] == 41
        assert spread["value"].dropna().is_monotonic_increasing
        assert spread.loc[spread["is_own"], "municipality_id"].tolist() == [EXAMPLE]

    def test_the_spread_ranks_as_its_own_values_stand(self, exports: Exports):
        spread = comparison.indicator_spread(exports, municipality_id=EXAMPLE, indicator_id="N15419")
        values = spread["value"].dropna()
        expected = [1 + int((values > value).sum()) for value in values]
        assert spread.loc[values.index, "rank"].tolist() == expected

    def test_the_members_of_a_chosen_group_are_marked_in_the_spread(self, exports: Exports):
        spread = comparison.indicator_spread(
            exports, municipality_id=LINKOPING, indicator_id="N15419", year=2018, compare_with=("r9",)
        )
        assert spread["is_compared"].sum() == MEMBERS_OF_R9

    def test_girls_and_boys_are_told_as_published(self, exports: Exports):
        genders = comparison.indicator_genders(exports, municipality_id=EKERO, indicator_id="N15419")
        values = comparison.spider_values(
            exports, municipality_id=EKERO, year=2018, gender="K", compare_with=()
        )
        girls = genders[(genders["year"] == 2018) & (genders["gender"] == "K")]["value"].item()
        assert girls == values.loc[values["indicator_id"] == "N15419", "value"].item()

    def test_schools_are_told_with_hidden_ones_named_and_without_value(self, exports: Exports):
        units = comparison.indicator_units(exports, municipality_id=EXAMPLE, indicator_id="N15419")
        hidden = units[units["marker"] == ".."]
        assert len(hidden)
        assert hidden["value"].isna().all()
        assert hidden["note"].notna().all()
        assert units["year"].nunique() == 1

    def test_a_year_without_a_value_stays_in_the_history_with_its_reason(self, exports: Exports):
        history = own(
            comparison.indicator_history(
                exports, municipality_id=EXAMPLE, indicator_id="N15613", compare_with=()
            )
        )
        assert history["year"].tolist() == list(range(history["year"].min(), history["year"].max() + 1))
        gaps = history[history["value"].isna()]
        assert len(gaps)
        assert (gaps["status"] != "").all()


class TestChoices:
    def test_r9_is_offered_in_linkoping_and_not_in_ekero(self, exports: Exports):
        offered = {
            place: set(comparison.comparison_choices(exports, municipality_id=place)["choice_id"])
            for place in (LINKOPING, EKERO)
        }
        assert "r9" in offered[LINKOPING]
        assert "r9" not in offered[EKERO]

    def test_groups_of_similar_municipalities_say_their_year(self, exports: Exports):
        choices = comparison.comparison_choices(exports, municipality_id=EKERO)
        similar = choices[choices["kind"] == "similar"]
        assert len(similar)
        assert similar["vintage"].notna().all()

    def test_invented_and_real_places_are_never_offered_together(self, exports: Exports):
        for place, country in ((EKERO, "0000"), (EXAMPLE, "9900")):
            offered = comparison.comparison_choices(exports, municipality_id=place)
            single = offered.loc[offered["kind"].isin(["municipality", "country"]), "choice_id"]
            assert country in set(single)
            assert {code.startswith("99") for code in single} == {place == EXAMPLE}

    def test_only_indicators_with_a_value_can_be_picked(self, exports: Exports):
        found = comparison.comparable_indicators(exports, municipality_id=EKERO)["indicator_id"]
        values = own(comparison.spider_values(exports, municipality_id=EKERO, indicator_ids=tuple(found)))
        assert values["value"].notna().all()


class TestTwoLights:
    def test_both_contrasts_are_planted_in_the_example(self, exports: Exports):
        similar = comparison.comparison_choices(exports, municipality_id=EXAMPLE)
        group = similar.loc[similar["kind"] == "similar", "choice_id"].iloc[0]
        found = comparison.goal_positions(exports, municipality_id=EXAMPLE, year=2026, against=group)
        assert set(found["contrast"].dropna()) == {"met_but_worse", "not_met_but_better"}
        worse = found[found["contrast"] == "met_but_worse"]
        assert (worse["verdict"] == "met").all()
        turned = worse["good_direction"].map({"up": 1, "down": -1})
        assert ((worse["value"] - worse["other_value"]) * turned < 0).all()
