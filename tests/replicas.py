"""Several servers of a copy of the project on one folder of published versions, with nginx before them as
.deploy/nginx.conf has it, and visitors who have signed in.

The sign-in is real to the servers: a cookie signed with their secret, as after a round trip to a provider.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from websockets.asyncio.client import ClientConnection, connect

from queries import permits
from queries.intake import drafts, publishing
from queries.intake.drafts import Draft
from queries.versions import Store
from tests import signed
from tests.browser.conftest import START_LIMIT_SECONDS, free_port
from tests.raw_client import handshake

ROOT = Path(__file__).resolve().parents[1]
SUBJECT = "tjanst-17"
MAIN = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass
class Site:
    """Servers that share published versions. origin is where visitors come in; each port is that of one server."""

    folder: Path
    ports: list[int]
    origin: str
    servers: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def exports(self) -> Path:
        """The folder of published versions."""
        return self.folder / "exports"

    def start(self, port: int) -> None:
        """Start the server of a port, which answers when this returns."""
        command = [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port), "--no-server-header"]
        command += ["--no-access-log", "--lifespan", "on", "--timeout-graceful-shutdown", "5"]
        with (self.folder / f"{port}.log").open("ab") as log:
            self.servers[port] = subprocess.Popen(
                command,
                cwd=self.folder / "project",
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "NAMNDKOLLEN_EXPORTS": str(self.exports), "HOME": str(self.folder)},
            )

    def wait(self, *ports: int) -> None:
        """Wait until servers answer. Raises RuntimeError with the log of one that does not."""
        limit = time.monotonic() + START_LIMIT_SECONDS
        for port in ports:
            while not _answers(port):
                if time.monotonic() > limit or self.servers[port].poll() is not None:
                    log = (self.folder / f"{port}.log").read_text(encoding="utf-8", errors="replace")
                    raise RuntimeError(f"The server did not start:\n{log}")
                time.sleep(0.1)

    def kill(self, port: int) -> None:
        """End a server at once, as a crash does."""
        self.servers[port].kill()
        self.servers[port].wait()

    def stop(self, port: int) -> None:
        """End a server as systemd does."""
        self.servers[port].send_signal(signal.SIGTERM)
        self.servers[port].wait(timeout=30)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """python -m queries.intake of the same copy and folder."""
        return subprocess.run(
            [sys.executable, "-m", "queries.intake", *arguments],
            cwd=self.folder / "project",
            env={**os.environ, "NAMNDKOLLEN_EXPORTS": str(self.exports)},
            capture_output=True,
            text=True,
            check=False,
        )

    def end(self) -> None:
        """End all that has been started."""
        for process in self.servers.values():
            process.kill()
            process.wait()


@contextmanager
def site(folder: Path, count_servers: int, *, behind_nginx: bool = True) -> Iterator[Site]:
    """Start so many servers, and nginx before them. Without nginx, visitors come to the first one themselves."""
    ports = [free_port() for _ in range(count_servers)]
    secure, plain = free_port(), free_port()
    origin = f"https://localhost:{secure}" if behind_nginx else f"http://localhost:{ports[0]}"
    started = Site(folder, ports, origin)
    roles = [f"sub:{SUBJECT},*,analytiker"]
    signed.copy_of_project(folder / "project", roles, redirect_uri=f"{origin}/oauth2callback")
    nginx = None
    try:
        for port in ports:
            started.start(port)
        if behind_nginx:
            nginx = _start_nginx(folder, ports, secure, plain)
        started.wait(*ports)
        yield started
    finally:
        started.end()
        if nginx is not None:
            nginx.terminate()
            nginx.wait()


def plain_port(folder: Path) -> int:
    """The port at which nginx answers without TLS."""
    return int((folder / "plain").read_text(encoding="ascii"))


def of_test() -> ssl.SSLContext:
    """Trust in the certificate that the test has signed itself."""
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    return trust


def signed_in(origin: str, subject: str = SUBJECT) -> dict[str, str]:
    """The cookies of somebody who has signed in, and the token that a page's script reads. SUBJECT is analyst everywhere."""
    # Another sign-in each time, also within one second.
    told = {
        "origin": origin,
        "iss": "prov",
        "sub": subject,
        "nonce": secrets.token_hex(8),
        "iat": int(time.time()),
    }
    return {**signed.cookies(**told), "_streamlit_xsrf": generate_xsrf_token_string()}


async def connected(site: Site, cookies: Mapping[str, str], port: int | None = None) -> ClientConnection:
    """An open page's websocket, as a browser opens it; port is that of a server that is asked past nginx."""
    host = site.origin.split("//")[1]
    is_secure = port is None and site.origin.startswith("https")
    past = {} if port is None else {"host": "127.0.0.1", "port": port}
    return await connect(
        f"{'wss' if is_secure else 'ws'}://{host}/_stcore/stream",
        **handshake(site.origin, cookies, ssl=of_test() if is_secure else None, **past),
    )


def publish_again(site: Site) -> int:
    """Publish what is published once more, as a new version; returns its number."""
    store = Store((site.folder / "project" / "data" / "sample", site.exports))
    folder = drafts.new_draft_folder(store)
    base = store.newest_whole().manifest
    said = ("Inget är ändrat.",)
    drafts.save(folder, Draft(folder.name, base.version, {}, {}, base.limits, None, said, 0))
    permit = permits.operator("publish")
    return publishing.publish(store, folder.name, permit=permit, note="igen").version


def _start_nginx(folder: Path, ports: list[int], secure: int, plain: int) -> subprocess.Popen[bytes]:
    """nginx with the project's own file, in which only names, paths and ports are others."""
    text = (ROOT / ".deploy" / "nginx.conf").read_text(encoding="utf-8")
    lines = "\n".join(f"    server 127.0.0.1:{port} max_fails=1 fail_timeout=5s;" for port in ports)
    for old, new in {
        "    server 127.0.0.1:8501 max_fails=1 fail_timeout=5s;\n": "",
        "    server 127.0.0.1:8502 max_fails=1 fail_timeout=5s;": lines,
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;",
        "https://namndkollen.example.se$": f"https://localhost:{secure}$",
        "namndkollen.example.se": "localhost",
        "/etc/ssl/certs/namndkollen.pem": f"{folder}/certificate.pem",
        "/etc/ssl/private/namndkollen.key": f"{folder}/key.pem",
        "/var/log/nginx/namndkollen.log": f"{folder}/nginx.log",
    }.items():
        assert old in text, f"{old} is no longer in nginx.conf"
        text = text.replace(old, new)
    (folder / "site.conf").write_text(text, encoding="utf-8")
    (folder / "main.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")
    (folder / "plain").write_text(str(plain), encoding="ascii")
    # fmt: off
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"],
        check=True, capture_output=True,
    )
    # fmt: on
    return subprocess.Popen([nginx_program() or "nginx", "-p", folder, "-c", folder / "main.conf"])


def nginx_program() -> str | None:
    """Where nginx is; Debian keeps it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _answers(port: int) -> bool:
    with suppress(urllib.error.URLError, ConnectionError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2)
        return True
    return False
