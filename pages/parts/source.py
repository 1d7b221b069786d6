"""The opened exports, shared by all visits. A new version or a corrected setting is seen at the next click."""

from __future__ import annotations

from queries.connection import Exports, library, open_exports


def exports() -> Exports:
    """The newest published version. Raises queries.versions.BrokenVersion when its files are not whole."""
    return open_exports()


def newest_version() -> int:
    """The number of the newest published version."""
    return library().store.numbers()[-1]
