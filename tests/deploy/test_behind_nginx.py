"""The project's own nginx.conf before two servers on one folder: what Debian's nginx makes of it, tried for real."""

from __future__ import annotations

import asyncio
import http.client
import random
import re
import shutil
import tomllib
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests import replicas
from tests.benchmarks.sessions import Figures, Visitor

ROOT = Path(__file__).resolve().parents[2]
CONF = (ROOT / ".deploy" / "nginx.conf").read_text(encoding="utf-8")
MEGABYTE = 1024 * 1024
T = TypeVar("T")

pytestmark = pytest.mark.skipif(
    replicas.nginx_program() is None or shutil.which("openssl") is None,
    reason="nginx and openssl are not installed (Debian: apt install nginx-light openssl).",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[replicas.Site]:
    """Two servers behind nginx."""
    with replicas.site(tmp_path_factory.mktemp("site"), 2) as started:
        yield started


def ask(site: replicas.Site, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
    """One request to nginx over TLS, the body of which nobody sends."""
    host, port = site.origin.removeprefix("https://").split(":")
    connection = http.client.HTTPSConnection(host, int(port), context=replicas.of_test(), timeout=30)
    connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
    return connection.getresponse()


def played(visits: Coroutine[Any, Any, T]) -> T:
    """What visits come to. In a thread of its own: the browser tests keep an event loop open in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visits).result()


async def visitor(site: replicas.Site, port: int | None = None) -> Visitor:
    """Somebody signed in, with an open page, at one server or at that which nginx chooses."""
    opened = Visitor(await replicas.connected(site, replicas.signed_in(site.origin), port), "", Figures())
    await opened.open_page()
    return opened


def test_http_is_sent_on_to_https_and_nowhere_else(site):
    connection = http.client.HTTPConnection("127.0.0.1", replicas.plain_port(site.folder), timeout=30)
    connection.request("GET", "/skola?skola=x", headers={"Host": "annan.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["location"]) == (301, f"{site.origin}/skola?skola=x")


def test_the_page_comes_over_https_packed_once_and_says_so(site):
    answer = ask(site, "GET", "/", Accept_Encoding="br, gzip")
    assert answer.status == 200
    assert answer.headers.get_all("content-encoding") == ["br"]
    # Set only where the program learns that the visitor came over HTTPS: X-Forwarded-Proto has arrived.
    assert len(answer.headers.get_all("strict-transport-security")) == 1
    assert len(answer.headers.get_all("content-security-policy")) == 1


def test_nobody_can_claim_to_sit_at_the_server_or_to_come_over_https(site):
    lines = re.findall(r"proxy_set_header (\S+) (\S+);", CONF)
    told = {"X-Forwarded-For": "$remote_addr", "X-Forwarded-Proto": "$scheme"}
    assert {**told, "Forwarded": '""', "X-Real-IP": '""', "X-Forwarded-Host": '""'}.items() <= dict(
        lines
    ).items()


def test_a_browser_gets_one_server_and_keeps_it(site):
    given = ask(site, "GET", "/").headers["set-cookie"]
    cookie = re.fullmatch(r"(namndkollen_server=[0-9a-f]{32}); Path=/; Secure; HttpOnly; SameSite=Lax", given)
    assert cookie
    assert ask(site, "GET", "/", Cookie=cookie[1]).headers["set-cookie"] is None


def test_a_file_larger_than_settings_allow_is_refused_before_it_is_sent(site):
    file_mb = tomllib.loads((ROOT / "data" / "settings.toml").read_text(encoding="utf-8"))["intake"][
        "file_mb"
    ]
    assert f"client_max_body_size {file_mb + 1}m;" in CONF
    too_large = str((file_mb + 1) * MEGABYTE + 1)
    assert ask(site, "PUT", "/_stcore/upload_file/a/b", Content_Length=too_large).status == 413
    assert ask(site, "POST", "/", Content_Length=str(2 * MEGABYTE)).status == 413


def test_the_health_of_a_server_is_asked_for_at_its_own_port(site):
    assert ask(site, "GET", "/halsa").status == 404
    for port in site.ports:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/halsa")
        assert connection.getresponse().status == 200


def test_what_is_published_is_shown_by_both_servers_at_the_next_click(site):
    async def go() -> tuple[list[str], str]:
        pages = [await visitor(site, port) for port in site.ports]
        number = replicas.publish_again(site)
        for page in pages:
            await page.click(random.Random(1))
        assert [page.figures.errors for page in pages] == [[], []]
        return [page.options["Version"][1] for page in pages], str(number)

    shown, published = played(go())
    assert shown == [published, published]


# The last test of the module: a server is gone afterwards.
def test_when_a_server_dies_its_visitors_go_on_at_the_other(site):
    async def go() -> None:
        pages = [await visitor(site) for _ in range(12)]
        site.kill(site.ports[0])
        for page in pages:
            await page.click(random.Random(2))
        lost = [page for page in pages if page.figures.errors]
        kept = [page for page in pages if not page.figures.errors]
        assert lost and kept, "both servers had visitors"
        again = [await visitor(site) for _ in lost]
        assert [page.figures.errors for page in again] == [[] for _ in lost]

    played(go())
