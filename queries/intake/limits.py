"""How much of the computer one uploaded file may take: the section [intake] of data/settings.toml."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

MEGABYTE = 2**20
# A spreadsheet is laid out in memory as a full rectangle: so many bytes for each of its cells, filled or not.
BYTES_A_CELL = 32


@dataclass(frozen=True)
class ReadingLimits:
    """The limits within which a file is opened, with the names of data/settings.toml."""

    memory_mb: int
    cpu_seconds: int
    seconds: int
    file_mb: int
    unpacked_mb: int
    packing_ratio: int
    rows: int
    columns: int

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> ReadingLimits:
        """The limits of the whole settings file. Raises KeyError for one that is missing."""
        return cls(**{field.name: settings["intake"][field.name] for field in fields(cls)})

    @property
    def cells(self) -> int:
        """The largest rectangle of cells: a quarter of the memory."""
        return self.memory_mb * MEGABYTE // (4 * BYTES_A_CELL)


def limit_this_process(limits: ReadingLimits) -> None:
    """Let the system stop this process at its limits of memory and CPU time, without leaving a copy of its memory.

    Windows has no such limits: there the time limit of the parent process remains.
    """
    if os.name != "posix":
        return
    import resource  # absent on Windows

    memory = limits.memory_mb * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def thousands(number: int) -> str:
    """A large number as it is written in Swedish: 1 500 000."""
    return f"{number:_}".replace("_", "\u00a0")
