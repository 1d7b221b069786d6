"""The files of queries/sql: one question each, said in words first, with the parameters that Python hands over."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import duckdb
import pandas as pd
import pytest

from queries import places, questions
from queries.catalogue import QUESTIONS
from queries.connection import DERIVED, LIVE_TABLES, SQL
from queries.intake.embedded import table_definitions

QUESTION_FILES = sorted(
    path for path in SQL.glob("*.sql") if path.stem not in ("tables", "macros", "table_macros")
)
CLEAN_FILES = sorted((SQL / "clean").glob("*.sql"))
ALL_FILES = [*QUESTION_FILES, *CLEAN_FILES]
MODULES = [each for each in vars(questions).values() if isinstance(each, ModuleType)]
LONGEST = 80
KEYWORD = duckdb.token_type.keyword
# Longer files, each with the reason why it is one thought.
LONGER = {
    "spider_values": "own values, comparisons and targets on the same two scales: apart, each would repeat year and spread",
    "indicator_history": "one year's value, reason, spread, target and break belong on one row, or they would drift apart",
    "goal_positions": "verdict and position side by side: apart, they would choose the year of a value differently",
    "steering_chain": "one link hangs where the one above it does: apart, two files would place the same link differently",
    "spider_units": "the same columns as spider_values, so that one chart and one table serve both",
}

by_name = pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: path.stem)
by_question = pytest.mark.parametrize("path", QUESTION_FILES, ids=lambda path: path.stem)


def ask_of(name: str) -> Any:
    """The Python function of a question file: the one of the same name."""
    return next(getattr(module, name) for module in MODULES if hasattr(module, name))


def grain(text: str) -> str:
    """What one row is: the words after "One row per", up to the first stop and without what stands in brackets."""
    plain = re.sub(r"\s*\([^)]*\)", "", " ".join(text.split()))
    return re.match(r"(?:-- )?One row per ([^,.:;]+)", plain)[1]


def statements(path: Path) -> list[duckdb.Statement]:
    return duckdb.extract_statements(path.read_text(encoding="utf-8"))


def code_lines(path: Path) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return sum(1 for line in lines if line.strip() and not line.strip().startswith("--"))


def least_parameters(name: str) -> dict[str, Any]:
    """One value for each parameter that a question demands."""
    return {parameter: "0125" for parameter in QUESTIONS[name].required}


class Recording(SimpleNamespace):
    """Exports that answer nothing and remember what they were asked."""

    def rows(self, name: str, /, **parameters: Any) -> pd.DataFrame:
        self.asked[name] = parameters
        return pd.DataFrame({"year": pd.Series(dtype=int), "subject": pd.Series(dtype=str)})


@by_name
def test_a_file_is_one_select(path):
    assert [statement.type for statement in statements(path)] == [duckdb.StatementType.SELECT]


@by_name
def test_a_file_opens_with_what_one_row_is(path):
    assert path.read_text(encoding="utf-8").startswith("-- One row per ")


@by_question
def test_the_python_function_says_the_same_of_its_rows(path):
    assert grain(inspect.getdoc(ask_of(path.stem))) == grain(
        path.read_text(encoding="utf-8").replace("\n--", "")
    )


@by_question
def test_the_python_function_hands_over_the_parameters_that_the_file_names(path):
    recording = Recording(asked={})
    if path.stem in QUESTIONS:
        ask_of(path.stem)(recording, **least_parameters(path.stem))
    else:
        ask_of(path.stem)(recording, [])
    (statement,) = statements(path)
    assert recording.asked[path.stem].keys() == statement.named_parameters


def test_every_named_question_has_a_file_of_its_name():
    assert QUESTIONS.keys() - {path.stem for path in QUESTION_FILES} == set()


def test_every_cleaned_file_is_of_a_published_table_or_a_derived_one():
    assert {path.stem for path in CLEAN_FILES} <= {*table_definitions(), *LIVE_TABLES, *DERIVED}


@by_name
def test_keywords_are_in_lower_case(path):
    encoded = path.read_text(encoding="utf-8").encode()
    # Positions are counted in bytes; the two colons of a cast are called a keyword too.
    places_of_keywords = [place for place, kind in duckdb.tokenize(encoded.decode()) if kind == KEYWORD]
    words = [re.match(rb"\w*", encoded[place:])[0].decode() for place in places_of_keywords]
    assert len(words) > 2
    assert [word for word in words if word != word.lower()] == []


@by_name
def test_a_file_neither_pivots_nor_qualifies_which_translators_of_sql_get_wrong(path):
    code = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
    assert not re.search(r"\b(qualify|pivot|unpivot)\b", code, re.IGNORECASE)


@by_name
def test_a_list_of_different_members_is_ordered(path):
    """Two threads meet the members in another order from one time to the next."""
    code = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
    assert not re.search(r"\b(list|array_agg|string_agg)\(distinct (?![^()]*\border by\b)", code)
    assert len(re.findall(r"\blist_distinct\(", code)) == len(
        re.findall(r"\blist_sort\(\s*list_distinct\(", code)
    )


@by_name
def test_a_file_uses_no_arrow_for_a_function_which_duckdb_2_refuses(path):
    assert "->" not in re.sub(r"--.*", "", path.read_text(encoding="utf-8"))


@by_name
def test_a_file_can_be_read_at_one_sitting(path):
    if path.stem not in LONGER:
        assert code_lines(path) <= LONGEST


def test_a_longer_file_is_still_longer_than_the_rest():
    lengths = {path.stem: code_lines(path) for path in ALL_FILES}
    assert {name for name in LONGER if lengths[name] <= LONGEST} == set()


@pytest.fixture(scope="module")
def nothing_published(publish, tmp_path_factory):
    """A version without a single row, and word tables with headings only."""
    from queries import connection

    empty = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        for name in LIVE_TABLES:
            headings = (connection.DATA / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
            (empty / f"{name}.csv").write_text(headings + "\n", encoding="utf-8")
        patch.setattr(connection, "DATA", empty)
        return publish()


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_about_nothing_has_no_rows(nothing_published, name):
    answer = QUESTIONS[name].ask(nothing_published, **least_parameters(name))
    assert len(answer) == 0
    assert len(answer.columns) > 1
    assert places.sources(nothing_published, []).empty
