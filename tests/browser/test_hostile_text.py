"""Whatever stands in the data is text on every page: it fetches nothing, runs nothing, leads nowhere and breaks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from queries.versions import EMBEDDED, Store
from tests.browser.conftest import OpenPage, Server, StartServer, Visit
from tests.browser.test_pages import LINKS, address
from tests.hostile_version import ELSEWHERE, hostile_version

# Other views of what a page shows anyway, and pages without a word from the data.
LIKE_OTHERS = ("vy=", "gren=", "minaskolor=", "Läs in", "Kolada", "Historik", "/om", "/tillg", "/personu")
# What the page holds that no text should have become. Links into the site itself are the pages' own.
BECOME = """() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const told = (elements) => elements.map((each) => each.outerHTML.slice(0, 200));
    const inText = '[data-testid="stMarkdownContainer"] ';
    return {
        run: window.__xss ?? null,
        links: told(all("a[href]").filter((link) => link.origin !== location.origin)),
        "links in figures": told(all(".js-plotly-plot a")),
        frames: told(all("iframe, object, embed")),
        "pictures from elsewhere": told(all("img").filter((each) => each.src.startsWith("http") && !each.src.startsWith(location.origin))),
        formulas: told(all(".katex")),
        "marked text": told(all(inText + ":is(del, blockquote, pre)")),
        "coloured text": told(all(inText + "span[class*=olored]")),
        failures: told(all('[data-testid="stException"], [data-testid="stAlert"]')),
    };
}"""


@pytest.fixture(scope="module")
def hostile_server(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory, exports) -> Server:
    folder = tmp_path_factory.mktemp("hostile")
    assert hostile_version(Store((EMBEDDED, folder)), exports) == 1
    return start_server(NAMNDKOLLEN_EXPORTS=str(folder))


def test_asvs_1_2_text_from_the_data_stays_text_on_every_page(
    hostile_server: Server, open_page: OpenPage, visit: Visit
) -> None:
    # Without the page's own rules against foreign files and scripts: nothing here may need them. That no other host was
    # asked for anything is seen when the page is closed.
    page = open_page(hostile_server, bypass_csp=True)
    shown = []
    for link in (each for each in LINKS if not any(part in each for part in LIKE_OTHERS)):
        visit(page, address(link))
        page.wait_for_timeout(150)
        become = {name: found for name, found in page.evaluate(BECOME).items() if found}
        assert become == {}, link
        shown.append(page.locator("body").inner_text())
    everything = "\n".join(shown)
    for text in ("<script>window.__xss = 1</script>", "![p](http:", ELSEWHERE, ":red[fara]", "{{7*7}}"):
        assert text in everything
    assert not Path(hostile_server.log).read_text(encoding="utf-8").count("Referens")
