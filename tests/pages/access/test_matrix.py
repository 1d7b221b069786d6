"""The matrix of data/access.csv holds for everybody and everything: its tests are made from its own rows."""

from __future__ import annotations

import ast
import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.navigation.page import StreamlitPage

from pages.parts import access, handing_in
from pages.parts.access import Principal, matrix, shown
from pages.parts.access.asking import DOINGS
from queries.versions import DATA
from tests.pages.conftest import Become, Visit, texts

PROJECT = Path(__file__).resolve().parents[3]
PAGES = PROJECT / "pages"
FRAME = PAGES / "frame.py"
with (DATA / "access.csv").open(encoding="utf-8", newline="") as told:
    ROWS = list(csv.DictReader(told))
HERE, ELSEWHERE = "0125", "0580"
# Who: the same role everywhere, and each role in one municipality only.
PRINCIPALS = {
    **{f"{role} everywhere": (Principal({access.EVERYWHERE: role}), role, role) for role in matrix.ROLES[1:]},
    **{f"{role} of one": (Principal({HERE: role}), role, "anonym") for role in matrix.ROLES[1:]},
    "nobody": (Principal(), "anonym", "anonym"),
}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PAGES.rglob("*.py")):
        yield path.relative_to(PROJECT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST, *names: str) -> list[ast.Call]:
    """Calls of functions by their written names: 'st.fragment'."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) in names]


def page_files() -> dict[str, str]:
    """The pages of the frame: what the matrix calls them → their file."""
    made = calls(ast.parse(FRAME.read_text(encoding="utf-8")), "page_at", "st.Page")
    files = {}
    for call in made:
        given = {word.arg: word.value.value for word in call.keywords if isinstance(word.value, ast.Constant)}
        if isinstance(call.args[0], ast.Constant):
            files[shown.page_id(given.get("url_path", ""))] = call.args[0].value
    return files


class TestRows:
    @pytest.mark.parametrize("who", PRINCIPALS)
    @pytest.mark.parametrize("row", ROWS, ids=lambda row: row["what"])
    def test_say_who_may(self, row: dict[str, str], who: str):
        principal, here, elsewhere = PRINCIPALS[who]
        assert principal.may(row["what"], HERE) == (row[here] == "ja")
        assert principal.may(row["what"], ELSEWHERE) == (row[elsewhere] == "ja")
        assert (principal.permit(row["what"], ELSEWHERE) is not None) == (row[elsewhere] == "ja")
        permit = principal.permit(row["what"])
        assert (permit is not None) == principal.may(row["what"]) == ("ja" in (row[here], row[elsewhere]))
        if permit is not None and row[elsewhere] != "ja":
            assert permit.municipality_ids == (HERE,)

    def test_that_are_taken_away_leave_it_to_nobody(self, matrix_copy: Path):
        for row in ROWS:
            write(matrix_copy, [each for each in ROWS if each != row])
            for principal, *_ in PRINCIPALS.values():
                assert not principal.may(row["what"]), row["what"]
                assert principal.permit(row["what"], HERE) is None, row["what"]

    @pytest.mark.parametrize("cell", ["nej", "x", "JAA", "ja?", " "])
    def test_open_by_the_word_ja_and_no_other(self, matrix_copy: Path, cell: str):
        write(matrix_copy, [{**row, "analytiker": cell} for row in ROWS])
        assert not access.AT_THE_SERVER.may("publish")

    def test_that_are_gone_altogether_leave_everything_to_nobody(self, matrix_copy: Path):
        matrix_copy.unlink()
        assert not any(access.AT_THE_SERVER.may(row["what"]) for row in ROWS)

    def test_of_one_thing_must_all_say_yes(self, matrix_copy: Path):
        twice = {**next(row for row in ROWS if row["what"] == "publish"), "analytiker": ""}
        write(matrix_copy, [*ROWS, twice])
        assert not access.AT_THE_SERVER.may("publish")

    def test_are_about_what_exists(self):
        whats = [row["what"] for row in ROWS]
        assert len(whats) == len(set(whats))
        tabs = {f"tab:data/{name}" for name in data_tabs()}
        assert set(whats) == page_files().keys() | tabs | DOINGS.keys()

    def test_have_a_word_for_whoever_may_not(self):
        assert {what for doings in handing_in.PLACES.values() for what in doings} <= DOINGS.keys()

    def test_give_a_higher_role_all_that_a_lower_one_has(self):
        """No promise of the program, but of the file as it ships: nobody loses by being given more."""
        for row in ROWS:
            allowed = [row[role] == "ja" for role in matrix.ROLES]
            assert allowed == sorted(allowed), row["what"]


class TestPages:
    @pytest.mark.parametrize("role", matrix.ROLES)
    def test_are_drawn_for_those_who_may_and_for_no_others(
        self, visit: Visit, become: Become, monkeypatch: pytest.MonkeyPatch, role: str
    ):
        drawn: list[str] = []
        monkeypatch.setattr(StreamlitPage, "run", lambda page: drawn.append(shown.page_id(page.url_path)))
        become(Principal({access.EVERYWHERE: role}) if role != "anonym" else access.ANONYMOUS)
        asked = page_files()
        told = {what: visit(file) for what, file in asked.items()}
        allowed = [row["what"] for row in ROWS if row["what"] in asked and row[role] == "ja"]
        # The first page is run once more by the fixture, to learn the others.
        assert set(drawn) == set(allowed)
        for what in asked.keys() - set(allowed):
            assert told[what].title[0].value and access.refusal(what) in texts(told[what]).replace("\\", "")
            assert [each.label for each in told[what].selectbox] == [], (
                "no filters, which would tell of the data"
            )

    def test_offer_the_municipalities_of_the_visitor_and_no_others(self, visit: Visit, become: Become):
        become(Principal({"0125": "politiker", "0580": "ledning"}, is_signed_in=True))
        app = visit("goals.py", kommun="Piteå")
        assert app.selectbox(key="kommun").options == ["Ekerö", "Linköping"]
        assert "”Piteå” är inte en kommun som du har behörighet till. Sidan visar i stället Ekerö" in texts(
            app
        )
        assert "Piteå" not in "".join(element.value for element in app.markdown)

    def test_of_a_municipality_that_has_nothing_here_say_so(self, visit: Visit, become: Become):
        become(Principal({"0114": "politiker"}, is_signed_in=True))
        assert "Du har inte behörighet till sidan." in texts(visit())


class TestTabs:
    @pytest.mark.parametrize("role", ["ledning", "analytiker"])
    def test_of_page_data_are_those_that_the_visitor_may_see(self, visit: Visit, become: Become, role: str):
        become(Principal({access.EVERYWHERE: role}))
        allowed = [name for name in data_tabs() if allows(f"tab:data/{name}", role)]
        assert [tab.label for tab in visit("data.py").tabs] == allowed


class TestCode:
    """What is done is asked about where it is done: read in the program's own text."""

    def test_of_pages_changes_what_is_published_only_with_a_permit_that_was_demanded(self):
        changing = ("publishing.publish", "publishing.undo", "publishing.restore")
        found = [(path, call) for path, tree in trees() for call in calls(tree, *changing)]
        assert {path for path, _ in found} == {"pages/parts/handing_in.py"}
        for _, call in found:
            permit = next(word.value for word in call.keywords if word.arg == "permit")
            assert ast.unparse(permit).startswith(("access.demand(", "permit"))

    def test_of_pages_hands_out_files_in_one_place_that_asks_again_when_they_are_made(self):
        found = [(path, call) for path, tree in trees() for call in calls(tree, "st.download_button")]
        assert [path for path, _ in found] == ["pages/parts/handing_out.py"]
        data = next(word.value for word in found[0][1].keywords if word.arg == "data")
        assert ast.unparse(data).startswith("access.guarded(")

    def test_of_pages_takes_files_in_one_place_that_demands_leave(self):
        found = [path for path, tree in trees() for _ in calls(tree, "st.file_uploader", "st.camera_input")]
        assert found == ["pages/parts/handing_in.py"]

    @pytest.mark.parametrize(
        ("file", "functions"),
        {
            "handing_in.py": ("uploader", "looked_at", "publish", "undo", "restore"),
            "fetching.py": ("start", "stop"),
            "handouts.py": ("handout",),
            "audit_shown.py": ("log",),
        }.items(),
    )
    def test_demands_leave_in_every_function_that_does_something(self, file: str, functions: tuple[str, ...]):
        tree = ast.parse((PAGES / "parts" / file).read_text(encoding="utf-8"))
        named = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for name in functions:
            assert calls(named[name], "access.demand"), name

    def test_of_a_part_that_runs_alone_asks_before_it_draws(self):
        """A run of a fragment does not pass the page's gate."""
        for path, tree in trees():
            for node in ast.walk(tree):
                marks = [ast.unparse(mark) for mark in getattr(node, "decorator_list", [])]
                if any(mark.startswith("st.fragment") for mark in marks):
                    # One that only looks whether the page is still for its visitor shows nothing itself.
                    watches = "access.of_visit() != visitor" in ast.unparse(node)
                    asks = calls(node, "closed", "access.may", "access.demand")
                    assert asks or watches, f"{path} {node.name}"

    def test_asks_only_about_what_has_a_row(self):
        whats = {row["what"] for row in ROWS}
        asking = ("access.may", "access.demand", "access.guarded", "access.refusal")
        for path, tree in trees():
            for call in calls(tree, *asking):
                for given in (each for each in call.args[:2] if isinstance(each, ast.Constant)):
                    assert given.value in whats, f"{path}:{call.lineno}"


@pytest.fixture
def matrix_copy(data_copy: Path) -> Path:
    """The matrix in a folder where a test may change it."""
    return Path(shutil.copy(DATA / "access.csv", data_copy))


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """Write a matrix anew, as a file of its own: two changes within one tick of the clock are two changes."""
    unfinished = path.with_suffix(".new")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ROWS[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    unfinished.replace(path)


def data_tabs() -> list[str]:
    """The tabs of page Data, as its own text lists them."""
    text = (PAGES / "data.py").read_text(encoding="utf-8")
    return ast.literal_eval(re.search(r"^TABS = (\[.*?\])", text, re.MULTILINE | re.DOTALL)[1])


def allows(what: str, role: str) -> bool:
    return next(row for row in ROWS if row["what"] == what)[role] == "ja"
