"""A server with sign-in that is attacked: people in every role, and somebody whose role is taken away between two clicks."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import pytest
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from pages.parts.access.matrix import ANONYM, ROLES
from queries.versions import Store
from tests import raw_client, replicas, signed
from tests.raw_client import XSRF, Answer, Tab

# Their role is what each says; the last one's changes.
ELSEWHERE, DEMOTED = "analytiker bara i Ekerö", "den som mister sin roll"


@dataclass
class Attacked:
    """One server, with sign-in, and who comes to it."""

    site: replicas.Site
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """Where visitors come in."""
        return self.site.origin

    @property
    def store(self) -> Store:
        """What is published there."""
        return Store((self.site.folder / "project" / "data" / "sample", self.site.exports))

    def of(self, who: str) -> dict[str, str]:
        """The cookies of somebody: a role, ELSEWHERE or DEMOTED. Whoever is anonym has only what every visit has."""
        if who not in self.cookies:
            visit = {XSRF: generate_xsrf_token_string()}
            self.cookies[who] = visit if who == ANONYM else replicas.signed_in(self.origin, who)
        return self.cookies[who]

    def demote(self, role: str) -> None:
        """Give DEMOTED another role, which counts at the next click; as anonym none."""
        told = {**{each: ("*", each) for each in ROLES[1:]}, ELSEWHERE: ("0125", "analytiker")}
        if role != ANONYM:
            told[DEMOTED] = ("*", role)
        rows = [f"sub:{who},{place},{role}" for who, (place, role) in told.items()]
        signed.give_roles(self.site.folder / "project", rows)

    def tab(self, who: str, address: str = "", query: str = "", **other: Any) -> AbstractContextManager[Tab]:
        """An open tab of somebody."""
        return raw_client.tab(self.origin, self.of(who), address, query=query, **other)

    def fetch(self, who: str, path: str, **asked: Any) -> Answer:
        """A plain request of somebody."""
        return raw_client.fetch(self.origin, path, self.of(who), **asked)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """The server. Kolada is a port that takes every call and never answers, so that a fetch goes on as long as it may."""
    folder = tmp_path_factory.mktemp("attacked")
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        replicas.site(folder, 1, behind_nginx=False) as site,
    ):
        settings = site.folder / "project" / "data" / "settings.toml"
        told = settings.read_text(encoding="utf-8")
        kolada = "https://api.kolada.se/v3"
        assert kolada in told
        silent_port = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings.write_text(told.replace(kolada, silent_port), encoding="utf-8")
        started = Attacked(site)
        started.demote(ANONYM)
        yield started
