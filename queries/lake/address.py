"""The one setting that chooses a lake, and the secrets that never stand in a setting."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from queries.versions import BrokenVersion

SCHEME = "ducklake:"
NOT_UNDERSTOOD = (
    "Inställningen [store] url i data/settings.toml går inte att tolka. Så här skrivs den: "
    "ducklake:postgres://namndkollen@databas.example.se/namndkollen?data=s3://hink/mapp"
)
PASSWORD = "Lösenordet till databasen skrivs aldrig i en inställning: sätt miljövariabeln PGPASSWORD."
# What stands in the address is put into SQL, where nothing can be bound: letters, digits and a few signs.
WORD = re.compile(r"[\w.-]+")
DATA = re.compile(r"(s3:/)?(/(?!\.)[\w.=-]+)+/?")


@dataclass(frozen=True)
class Address:
    """Where a lake is: the words that find the Postgres database, and the folder of files, without a last slash."""

    database: str
    data: str

    @property
    def is_in_s3(self) -> bool:
        """Whether the files are objects in S3, not files of a folder that all servers share."""
        return self.data.startswith("s3://")


@dataclass(frozen=True)
class S3:
    """How objects are reached: read from the environment, under the names that all tools for S3 use."""

    key_id: str
    secret: str
    region: str
    endpoint: str
    use_ssl: bool
    url_style: str


def address(url: str) -> Address:
    """An address as [store] url of data/settings.toml writes it. Raises BrokenVersion for one that is none."""
    try:
        parts = urlsplit(url.removeprefix(SCHEME))
        told = parse_qs(parts.query, strict_parsing=True)
        words = {
            "host": parts.hostname or "",
            "port": str(parts.port or 5432),
            "user": parts.username or "",
            "dbname": parts.path.removeprefix("/"),
        }
    except ValueError as fault:
        raise BrokenVersion(NOT_UNDERSTOOD) from fault
    if parts.password is not None:
        raise BrokenVersion(PASSWORD)
    data = told.get("data", [""])[0]
    is_known = (
        url.startswith(SCHEME) and parts.scheme in ("postgres", "postgresql") and told.keys() == {"data"}
    )
    if not (is_known and DATA.fullmatch(data) and all(map(WORD.fullmatch, words.values()))):
        raise BrokenVersion(NOT_UNDERSTOOD)
    # Whoever waits for a page is told within seconds that the database does not answer.
    told_to_postgres = " ".join(f"{name}={word}" for name, word in words.items()) + " connect_timeout=5"
    return Address(told_to_postgres, data.rstrip("/"))


def s3() -> S3:
    """The keys to S3. Without AWS_ENDPOINT_URL it is Amazon's own."""
    endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
    return S3(
        key_id=os.environ.get("AWS_ACCESS_KEY_ID", ""),
        secret=os.environ.get("AWS_SECRET_ACCESS_KEY", ""),
        region=os.environ.get("AWS_REGION", "eu-north-1"),
        endpoint=endpoint.netloc or "s3.amazonaws.com",
        use_ssl=endpoint.scheme != "http",
        # Servers of one's own seldom have a name for each bucket.
        url_style="path" if endpoint.netloc else "vhost",
    )
