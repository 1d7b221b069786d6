"""The rules of the house, kept by reading the project's own files.

Only app.py and pages/ know Streamlit, only queries/ knows DuckDB, only pages/parts/charts/ knows Plotly; they meet in
a page. The rest of the rules say how SQL, errors, tests, words and data are kept.
"""

from __future__ import annotations

import ast
import csv
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pages.parts.charts import theme
from queries.connection import DERIVED, LIVE_TABLES
from queries.intake.embedded import table_definitions
from queries.versions import DATA

PROJECT = Path(__file__).parents[1]
FOLDERS = [PROJECT / "pages", PROJECT / "queries"]
APPLICATION = [PROJECT / "app.py", *(path for folder in FOLDERS for path in sorted(folder.rglob("*.py")))]
TESTS = sorted((PROJECT / "tests").rglob("*.py"))
LONGEST_PAGE = 150
LONGEST_SHORT_NAME = 15

# Who may import what: library → files and folders, with the reason where it is not the rule itself.
MAY_IMPORT = {
    "streamlit": ("app.py", "pages/"),
    "duckdb": ("queries/",),
    # Large libraries, which formats.py loads when somebody asks for a report.
    "pptx": ("pages/parts/reports/",),
    "docx": ("pages/parts/reports/",),
    "typst": ("pages/parts/reports/",),
    "matplotlib": ("pages/parts/reports/",),
    "fontTools": ("pages/parts/reports/",),
    "plotly": (
        "pages/parts/charts/",
        "pages/parts/answer.py",  # names the type of the figure that it places
        "app.py",  # draws one figure at the start, so that the first visitor need not wait for the import
    ),
}
# What a part of the project may never import, directly.
MAY_NOT_IMPORT = {
    "queries/": ("app", "pages", "streamlit", "plotly", "tests"),
    "pages/parts/charts/": ("streamlit", "duckdb", "queries", "app"),
    "pages/parts/reports/": ("streamlit", "duckdb", "plotly", "app", "tests"),
    "pages/parts/": ("app", "duckdb", "tests"),
    "pages/": ("app", "duckdb", "tests"),
    "app.py": ("duckdb", "tests"),
}
# Where a name must be put into SQL, since DuckDB binds values only. function → the names that are put in.
NAMES_IN_SQL = {
    "queries/connection.py": {
        "_ask": {"database"},
        "_close": {"database"},
        "_load": {"database", "home.database"},
        "_fill_home": {"name", "whole", "_quoted(municipality_id)"},
        "_clean": {"name", "kind", "select"},
        "create_from": {"name", "reader"},
        "create_missing": {"name", "schema"},
        "_add_columns": {"name", "schema", "column", "kind"},
    },
    "queries/lake/opening.py": {"attach": {"address.database", "where"}},
    "queries/lake/tables.py": {
        "replace": {"table"},
        "count": {"table"},
        "_let_go": {"table"},
        "_create": {"table"},
    },
    "queries/intake/rebasing.py": {"_fill": {"table", "newest", "own", "whose", "side"}},
    "queries/intake/embedded.py": {"_insert": {"table"}},
    "queries/intake/small_staffs.py": {
        "leave_out_small_staffs": {"LEFT_OUT", "key", "relation", "sql_text('intake/sick_leave_left_out')"}
    },
    "queries/intake/base.py": {
        "open_base": {"schema"},
        "_take_in": {"kind", "schema", "table"},
    },
    "queries/intake/checking.py": {
        "_type": {"columns", "indicators", "same", "staged.relation", "typed(staged)"},
        "_may_repeat": {"', '.join(table.key)", "typed(staged)"},
        "_bad": {
            "_heading(staged, column)",
            "_literal(code)",
            "_literal(expected)",
            "_literal(severity)",
            "column",
            "predicate",
            "typed(staged)",
        },
        "_mixed_decimals": {"_heading(staged, column)", "column", "text", "typed(staged)"},
        "_unknown": {
            "_heading(staged, register.column)",
            "_literal(expected)",
            "known",
            "register.column",
            "same",
            "typed(staged)",
            "whose",
        },
        "_known": {"columns", "relation"},
        "_twice": {"_heading(staged, table.key[-1])", "key", "table.key[-1]", "typed(staged)", "words"},
        "_lacking": {"_literal(headings.get(name, name))", "same", "table.name", "typed(staged)", "where"},
        "_note": {"LONGEST_FOUND", "query"},
        "_check_with_history": {"sql"},
        "_gather_sources": {"' union all '.join(parts)", "relation"},
        "_view": {"more", "place", "relation", "view"},
    },
    "queries/intake/merging.py": {
        "_start": {"origin", "table.name"},
        "_take": {
            "_same('incoming', 'earlier', table.key)",
            "kept",
            "told",
            "same",
            "table.name",
            "typed(staged)",
        },
        "_leave_what_is_shown": {"same", "table.name", "which"},
        "_remove_what_is_lacking": {"lacking", "of_scope", "table.name", "typed(staged)"},
        "_hide_small_groups": {"published(connection, 'sources')"},
        "_work_out_comparison": {
            "municipalities",
            "name",
            "sql_text(f'intake/{name}')",
            "sql_text('intake/places_to_come')",
        },
        "_has_invented": {"published(connection, 'municipalities')"},
        "_gate_invented": {"published(connection, 'municipalities')", "ids"},
        "_replace": {"table"},
        "_hold_to_the_model": {"table"},
        "_differs": {"earlier", "later"},
    },
    "queries/intake/preview.py": {
        "changes_of": {"_differences(connection, table)"},
        "rows_changed": {"ROWS_KEPT", "_differences(connection, table)"},
        "missing_units": {"relation"},
        "left_out": {"LEFT_OUT", "published(connection, 'units')"},
        "_differences": {"cells", "differs", "merged", "order", "same", "table.name"},
        "_labels": {
            "published(connection, 'actions')",
            "published(connection, 'goals')",
            "published(connection, 'municipalities')",
            "published(connection, 'units')",
        },
    },
    "queries/intake/revisions.py": {"value_changes": {"register"}, "_compared": {"relation"}},
    "queries/intake/reading.py": {
        "stage": {"relation"},
    },
    "queries/intake/sheets.py": {
        "head": {"self.table"},
        "lines": {"self.table"},
    },
    "queries/intake/worker.py": {
        "_connect": {"int(limits.memory_mb * SHARE_OF_DUCKDB)"},
        "checked": {"sheet.table"},
        "_told_of": {"relation"},
    },
    "queries/intake/writing.py": {
        "write_table": {"order", "relation"},
        "_write": {"path", "select"},
    },
    "queries/intake/parquet_files.py": {"_copy_parquet": {"number"}},
    "queries/intake/filling.py": {"fill": {"table", "column"}},
    "queries/intake/text_tables.py": {"_read_at_once": {"sql_text('intake/regular_text')", "number"}},
    "queries/intake/readers/templates.py": {
        "_outside": {"cells", "sheet.table"},
        "_examples": {"filled.sheet.table", "same"},
        "_stage": {"filled.relation", "filled.sheet.table", "trimmed", "told", "names"},
        "_lacks_source": {"filled.sheet.table", "cells", "place"},
    },
    "queries/intake/readers/kolada.py": {
        "_decide": {"rule", "fates", "told.listed", "sql_text('intake/kolada_units')"},
    },
    "queries/intake/readers/named_columns.py": {
        "name_columns": {"view", "cells", "table", "line"},
        "stage_query": {"relation", "query"},
    },
    "queries/intake/readers/skolverket_api.py": {"_decide": {"fates"}},
    "queries/intake/personal_data.py": {
        "_candidates": {"column", "sheet.table", "SHORTEST"},
        "_count": {"sheet.table", "condition"},
        "_is_filled": {"column", "sheet.table"},
    },
}
SQL_WORDS = re.compile(
    r"^\s*(select|insert|update|delete|create|drop|attach|detach|copy|use|with|from|set|alter)\b[\s\w]",
    re.IGNORECASE,
)
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "service", "misc"}
# Path of somebody's computer: a root that only a machine has, or a drive letter with a folder of users.
MACHINE_PATH = re.compile(
    rb"(?<![\w.:/-])/(?:home|Users|root|work|workspace|mnt|private/var)/[\w.-]+|[A-Z]:\\Users\\"
)

by_file = pytest.mark.parametrize("path", APPLICATION, ids=lambda path: short(path))
by_test_file = pytest.mark.parametrize("path", TESTS, ids=lambda path: short(path))


def short(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_by(path: Path) -> set[str]:
    """The modules that a file imports anywhere, also inside functions."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def functions_of(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def table(name: str) -> list[dict[str, str]]:
    """A word table of data/, as rows."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestDirection:
    @by_file
    def test_of_imports_lets_each_library_be_known_in_one_place(self, path):
        tops = {name.split(".")[0] for name in imported_by(path)}
        elsewhere = [
            library for library in tops & MAY_IMPORT.keys() if not short(path).startswith(MAY_IMPORT[library])
        ]
        assert elsewhere == []

    @by_file
    def test_of_imports_never_points_back(self, path):
        banned = next(names for start, names in MAY_NOT_IMPORT.items() if short(path).startswith(start))
        back = {name for name in imported_by(path) if name.split(".")[0] in banned}
        assert back == set()

    @pytest.mark.parametrize(
        "path", sorted((PROJECT / "pages/parts").rglob("*.py")), ids=lambda path: short(path)
    )
    def test_of_parts_never_points_back_to_a_page(self, path):
        of_pages = {name for name in imported_by(path) if name.startswith("pages.")}
        assert {name for name in of_pages if not name.startswith("pages.parts")} == set()

    def test_allows_only_what_is_still_needed(self):
        for library, places in MAY_IMPORT.items():
            for place in (each for each in places if each.endswith(".py")):
                assert library in {name.split(".")[0] for name in imported_by(PROJECT / place)}, place


class TestWeight:
    def test_no_page_loads_what_only_the_check_of_a_file_needs(self):
        """SciPy takes a third of a second and forty megabytes, of every server and every start."""
        code = (
            "import importlib, pkgutil, sys, pages.parts\n"
            "for each in pkgutil.walk_packages(pages.parts.__path__, 'pages.parts.'):\n"
            "    if '.reports' not in each.name and not each.name.endswith('__main__'): importlib.import_module(each.name)\n"
            "print(sorted({'scipy', 'pptx', 'docx', 'typst', 'matplotlib'} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
        assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr


class TestSql:
    @by_file
    def test_is_never_glued_together(self, path):
        allowed = NAMES_IN_SQL.get(short(path), {})
        for function, node, names in glued_sql(tree_of(path)):
            assert names <= allowed.get(function, set()), f"{short(path)}:{node.lineno}: {ast.unparse(node)}"

    @pytest.mark.parametrize(
        "line",
        [
            'cursor.execute(f"select * from goals where year = {year}")',
            'cursor.execute("select * from goals where year = " + year)',
            'cursor.execute("select * from goals where year = %s" % year)',
            'cursor.execute("select * from goals where year = {}".format(year))',
        ],
    )
    def test_glued_together_would_be_found(self, line):
        (found,) = glued_sql(ast.parse(f"def ask(cursor, year):\n    {line}"))
        assert (found[0], found[2]) == ("ask", {"year"})

    def test_has_only_names_of_its_own_put_into_it(self):
        """The names that are put into SQL come from files of the project: tables, word tables and databases."""
        for name in (*table_definitions(), *LIVE_TABLES, *DERIVED):
            assert re.fullmatch(r"[a-z][a-z_]*", name)

    def test_has_a_database_name_that_is_an_identifier(self, exports):
        assert re.fullmatch(r"v\d{6}_[0-9a-f]+", exports.database)


def glued_sql(tree: ast.Module) -> Iterator[tuple[str, ast.AST, set[str]]]:
    """(function, expression, what is put in) for every SQL text made of parts."""
    for function in functions_of(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.JoinedStr):
                text = "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
                put_in = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
            elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
                text, put_in = constant(node.left), [node.right]
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "format"
            ):
                text, put_in = (
                    constant(node.func.value),
                    [*node.args, *(word.value for word in node.keywords)],
                )
            else:
                continue
            if SQL_WORDS.match(text) and put_in:
                yield function.name, node, {ast.unparse(each) for each in put_in}


def constant(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


class TestCode:
    @by_file
    def test_catches_everything_only_where_a_comment_says_why(self, path):
        lines = path.read_text(encoding="utf-8").splitlines()
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in BROAD):
                tried = next(at for at in range(node.lineno - 2, -1, -1) if lines[at].strip() == "try:")
                near = [*lines[tried - 1 : tried], *lines[node.lineno - 1 : node.lineno + 1]]
                assert any("#" in line for line in near), f"{short(path)}:{node.lineno}"

    @by_file
    def test_explains_and_types_what_others_may_call(self, path):
        tree = tree_of(path)
        assert ast.get_docstring(tree), f"{short(path)} has no docstring"
        for function in public_functions(tree):
            place = f"{short(path)}:{function.lineno} {function.name}"
            assert ast.get_docstring(function), place
            assert function.returns is not None or function.name == "__init__", place
            given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            untyped = [
                each.arg for each in given if each.annotation is None and each.arg not in ("self", "cls")
            ]
            assert untyped == [], place

    @by_file
    def test_writes_no_html_of_its_own_into_a_page(self, path):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call):
                place = f"{short(path)}:{node.lineno}"
                assert ast.unparse(node.func) not in ("st.html", "st.components.v1.html"), place
                assert "unsafe_allow_html" not in {word.arg for word in node.keywords}, place

    @by_file
    def test_asks_one_clock_what_day_it_is(self, path):
        asked = [f"{short(path)}:{line}" for line in clocks_asked(tree_of(path))]
        assert asked == [] or short(path) == "queries/clock.py"

    @pytest.mark.parametrize(
        "line", ["date.today()", "dt.datetime.now(UTC)", "datetime.utcnow()", "date.fromtimestamp(then)"]
    )
    def test_another_clock_would_be_found(self, line):
        assert clocks_asked(ast.parse(line)) == [1]

    def test_has_no_file_with_a_name_that_says_nothing(self):
        files = [path.relative_to(PROJECT).with_suffix("") for path in (*APPLICATION, *TESTS)]
        assert {part.lower() for path in files for part in path.parts} & VAGUE_NAMES == set()

    @pytest.mark.parametrize("path", sorted((PROJECT / "pages").glob("*.py")), ids=lambda path: short(path))
    def test_of_a_page_is_read_like_an_agenda(self, path):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_PAGE
        assert [node.name for node in tree_of(path).body if isinstance(node, ast.ClassDef)] == []


BROAD = ("Exception", "BaseException")
# With a time zone too: which one is what queries.clock knows.
CLOCKS = ("date.today", "datetime.today", "datetime.now", "datetime.utcnow", "date.fromtimestamp")


def clocks_asked(tree: ast.Module) -> list[int]:
    """The lines that ask for the day or the moment themselves."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call.lineno for call in calls if ast.unparse(call.func).endswith(CLOCKS)]


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions and methods without an underscore, not those inside other functions."""
    bodies = [
        tree.body,
        *(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_"),
    ]
    for body in bodies:
        for node in body:
            is_public = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name[0] != "_"
            # A method that a base class calls is explained there.
            if is_public and not overrides(tree, node):
                yield node


def overrides(tree: ast.Module, function: ast.FunctionDef) -> bool:
    owners = [node for node in tree.body if isinstance(node, ast.ClassDef) and function in node.body]
    bases = [ast.unparse(base).split(".")[-1] for owner in owners for base in owner.bases]
    return any(base in ("HTMLParser", "ArgumentParser") for base in bases)


SKIPPING = ("mark.skip", "mark.skipif", "mark.xfail")
CLAIMING = ("pytest.raises", "pytest.fail", "pytest.skip", "pytest.warns", "expect")


class TestTests:
    @by_test_file
    def test_are_not_empty_and_claim_something(self, path):
        tree = tree_of(path)
        claiming = {function.name for function in functions_of(tree) if claims(function, set())}
        for function in functions_of(tree):
            if function.name.startswith("test_"):
                assert claims(function, claiming), (
                    f"{short(path)}:{function.lineno} {function.name} claims nothing"
                )

    @by_test_file
    def test_are_told_apart_by_name(self, path):
        tree = tree_of(path)
        bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
        for body in bodies:
            names = Counter(node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef)))
            assert [name for name, times in names.items() if times > 1] == []

    @by_test_file
    def test_are_skipped_only_with_a_reason(self, path):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(SKIPPING):
                reasons = [word.value for word in node.keywords if word.arg == "reason"]
                assert reasons and ast.unparse(reasons[0]) not in ("''", '""'), f"{short(path)}:{node.lineno}"


def claims(function: ast.FunctionDef, claiming: set[str]) -> bool:
    """Whether a function asserts, expects an error, skips, or calls one of the file's functions that does."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in CLAIMING or called in claiming or called.split(".")[-1].startswith("assert_"):
                return True
    return False


class TestData:
    def test_tables_have_their_grain_said_above_them(self):
        lines = (PROJECT / "queries" / "sql" / "tables.sql").read_text(encoding="utf-8").splitlines()
        for place, line in enumerate(lines):
            if line.startswith("create table"):
                above = place - 1
                while lines[above].startswith("-- ") and not lines[above].startswith("-- One row per"):
                    above -= 1
                assert lines[above].startswith("-- One row per"), line

    def test_gives_each_indicator_one_row_and_a_short_name_of_its_own(self):
        indicators = table("indicators")
        for column in ("indicator_id", "short_name"):
            names = Counter(row[column] for row in indicators)
            assert [name for name, times in names.items() if times > 1] == [], column
        assert [row["short_name"] for row in indicators if len(row["short_name"]) > LONGEST_SHORT_NAME] == []

    def test_leaves_no_cell_of_an_indicator_empty(self):
        assert [row["indicator_id"] for row in table("indicators") if not all(row.values())] == []

    def test_uses_only_known_codes_for_indicators(self):
        for row in table("indicators"):
            assert row["good_direction"] in ("up", "down", "none"), row["indicator_id"]
            assert row["value_kind"] in ("share", "mean", "amount"), row["indicator_id"]
            assert row["is_survey"] in ("true", "false"), row["indicator_id"]
            assert row["decimals"].isdigit(), row["indicator_id"]

    def test_counts_only_sick_leave_in_full_time_posts(self):
        """Another share or mean about staff would be gated by posts too: then what its n is must be said."""
        gated = [
            row
            for row in table("indicators")
            if row["dimension"] == "personal" and row["value_kind"] != "amount"
        ]
        assert [row["indicator_id"] for row in gated if row["is_survey"] == "false"] == ["L15"]

    def test_has_profiles_of_known_indicators_in_numbered_order(self):
        known = {row["indicator_id"] for row in table("indicators")}
        profiles = table("profiles")
        assert {row["indicator_id"] for row in profiles} - known == set()
        for profile_id in {row["profile_id"] for row in profiles}:
            spokes = [row for row in profiles if row["profile_id"] == profile_id]
            assert [int(row["position"]) for row in spokes] == list(range(1, len(spokes) + 1)), profile_id
            assert len({row["indicator_id"] for row in spokes}) == len(spokes), profile_id

    @pytest.mark.parametrize(
        ("name", "column", "codes"),
        [
            ("status_words", "status", {"finished", "ongoing", "remaining", "not_started", "closed_undone"}),
            ("verdict_words", "verdict", {"met", "partly", "not_met", "not_assessed"}),
        ],
    )
    def test_gives_each_word_one_known_meaning(self, name, column, codes):
        rows = table(name)
        words = Counter(row["word"].strip().lower() for row in rows)
        assert [word for word, times in words.items() if times > 1] == []
        assert {row[column] for row in rows} == codes

    def test_says_what_every_setting_decides(self):
        lines = (DATA / "settings.toml").read_text(encoding="utf-8").splitlines()
        blocks = "\n".join(lines).split("\n\n")
        assert all("#" in block for block in blocks)


class TestColours:
    SETTINGS = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]

    @pytest.mark.parametrize(("name", "colours"), [("light", theme.LIGHT), ("dark", theme.DARK)])
    def test_of_figures_are_those_of_the_theme_in_the_order_of_their_roles(self, name, colours):
        assert self.SETTINGS[name]["chartCategoricalColors"] == [colours[role] for role in theme.ROLES]
        assert colours.keys() == set(theme.ROLES)

    def test_stand_for_one_role_each(self):
        assert len(set(theme.COLOUR.values())) == len(theme.ROLES)


class TestRepository:
    def test_pins_what_it_runs_on(self):
        lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        needed = [line for line in lines if line.strip() and not line.startswith("#")]
        # A library is pinned to one version, or held between two with a reason above it.
        pinned = re.compile(r"[\w.\[\]-]+(==[\w.]+|>=[\w.]+(,!=[\w.]+)*,<[\w.]+)")
        assert [line for line in needed if not pinned.fullmatch(line)] == []

    def test_needs_every_library_that_it_imports(self):
        lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        required = {
            re.match(r"[\w-]+", line)[0].lower().replace("-", "_")
            for line in lines
            if line.strip() and not line.startswith("#")
        }
        tops = {name.split(".")[0] for path in APPLICATION for name in imported_by(path)}
        # Streamlit stands on these and pins them itself; protobuf goes by the name of its maker.
        brought = {"starlette", "numpy", "itsdangerous", "google"}
        own = {"app", "pages", "queries"}
        # Libraries that go by another name where they are fetched.
        fetched_as = {"docx": "python_docx", "pptx": "python_pptx", "fontTools": "fonttools"}
        named = {fetched_as.get(top, top) for top in tops - set(sys.stdlib_module_names) - own - brought}
        assert named - required == set()

    def test_holds_no_path_of_anybodys_computer(self):
        git = shutil.which("git")
        if git is None or not (PROJECT / ".git").exists():
            pytest.skip("What is under version control is known only in a repository.")
        kept = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        listed = subprocess.run([git, *kept], cwd=PROJECT, capture_output=True, check=True).stdout.decode()
        files = [PROJECT / name for name in listed.split("\0") if name and (PROJECT / name).is_file()]
        assert len(files) > 50
        found = {short(path): told[0] for path in files if (told := MACHINE_PATH.findall(path.read_bytes()))}
        assert found == {}
