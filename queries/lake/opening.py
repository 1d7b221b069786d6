"""Connections that know a lake: DuckDB's extensions from their wheels, the keys to S3, and the catalogue in Postgres."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import duckdb

from queries.lake.address import Address, s3
from queries.versions import BrokenVersion

# Wheel → the name that DuckDB knows its extension by.
EXTENSIONS = {"ducklake": "ducklake", "postgres": "postgres_scanner", "httpfs": "httpfs"}
MISSING = (
    "Servern saknar det som behövs för att läsa ur sjön. Installera det: "
    "pip install -r queries/lake/requirements.txt"
)
EMPTY = "Sjön är tom. Ta in det som är publicerat i mappen: python -m queries.lake adopt"
NO_ANSWER = (
    "Databasen för publicerade uppgifter svarar inte eller släpper inte in servern. "
    "Kontrollera [store] url i data/settings.toml och miljövariabeln PGPASSWORD."
)
SECRET = """
create or replace secret s3 (
    type s3, key_id $key_id, secret $secret, region $region, endpoint $endpoint, use_ssl $use_ssl,
    url_style $url_style, scope $scope
)
"""


def attach(connection: duckdb.DuckDBPyConnection, address: Address, scope: str, how: str) -> None:
    """Make the lake known to a connection, which gets the keys to the objects below scope and to no others.

    how is what DuckLake is told beside the place of its files, from its first comma. Raises BrokenVersion.
    """
    _load_extensions(connection)
    if address.is_in_s3:
        connection.execute(SECRET, {**asdict(s3()), "scope": scope})
    where = f"data_path '{address.data}/files/'{how}"
    try:
        connection.execute(f"attach 'ducklake:postgres:{address.database}' as lake ({where})")
    except duckdb.InvalidInputException as fault:
        raise BrokenVersion(EMPTY) from fault
    except duckdb.Error as fault:
        raise BrokenVersion(NO_ANSWER) from fault


def _load_extensions(connection: duckdb.DuckDBPyConnection) -> None:
    found = {wheel: find_spec(f"duckdb_extension_{wheel}") for wheel in EXTENSIONS}
    release = connection.execute("select version()").fetchall()[0][0]
    with tempfile.TemporaryDirectory() as folder:
        for wheel, spec in found.items():
            places = list(spec.submodule_search_locations or ()) if spec else []
            files = [Path(place, "extensions", release, f"{wheel}.duckdb_extension") for place in places]
            if not any(map(Path.exists, files)):
                raise BrokenVersion(MISSING)
            # DuckDB takes what it looks for in a file from the file's name, and a wheel may call it otherwise.
            named = Path(folder, f"{EXTENSIONS[wheel]}.duckdb_extension")
            named.symlink_to(files[0])
            try:
                connection.execute(f"load '{named}'")
            except duckdb.Error as fault:
                raise BrokenVersion(MISSING) from fault
