"""Pages that have been fetched, kept until the fetch that they belong to is done, so that a broken one can go on.

    <exports>/fetches/<page>.json.gz

One file a page, named by a hash of the address that was asked, and there whole or not at all. The folder lies outside
what the connection that answers questions may read, and only its owner may open it.
"""

from __future__ import annotations

import gzip
import hashlib
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from queries import durable
from queries.versions import Store

FETCHES = "fetches"


@dataclass(frozen=True)
class FetchedPages:
    """The pages kept in a store, each for so many hours."""

    folder: Path
    hours: float

    @classmethod
    def of(cls, store: Store, hours: float) -> FetchedPages:
        """The pages of the folder where new versions are written."""
        return cls(store.folders[-1] / FETCHES, hours)

    def get(self, url: str) -> tuple[bytes, float] | None:
        """The body of a page and when it was fetched, in seconds since 1970; None when there is none, or no longer."""
        path = self._path(url)
        try:
            fetched = path.stat().st_mtime
            if time.time() - fetched > self.hours * 3600:
                self.drop(url)
                return None
            return gzip.decompress(path.read_bytes()), fetched
        except FileNotFoundError:
            return None
        except (OSError, EOFError, zlib.error):
            # A page that the disk has spoilt is fetched anew.
            self.drop(url)
            return None

    def keep(self, url: str, body: bytes) -> None:
        """Keep a page. Raises OSError when the disk does not take it."""
        durable.make_folder(self.folder, 0o700)
        # Another process may have fetched the same page meanwhile.
        with suppress(FileExistsError):
            durable.create(self._path(url), gzip.compress(body, compresslevel=1))

    def drop(self, url: str) -> None:
        """Forget one page."""
        with suppress(OSError):
            self._path(url).unlink()

    def count(self) -> int:
        """How many pages are kept and may be used again."""
        oldest = time.time() - self.hours * 3600
        count = 0
        with suppress(OSError):
            for path in self.folder.glob("*.json.gz"):
                # Somebody else may sweep meanwhile.
                with suppress(OSError):
                    count += path.stat().st_mtime > oldest
        return count

    def clear(self) -> None:
        """Forget every page."""
        with suppress(OSError):
            for path in list(self.folder.glob("*.json.gz")):
                with suppress(OSError):
                    path.unlink()

    def _path(self, url: str) -> Path:
        return self.folder / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.json.gz"
