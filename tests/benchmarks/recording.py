"""What a page of the project draws, as a list of st.* calls that can be drawn again without the project.

The calls are recorded while the real page runs, so figures and tables are the page's own, already made. A
page that replays them does nothing but Streamlit's part of the work.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "benchmarks"
RECORDING = CACHE / "recording.pickle"
SIDEBAR = "sidebar"
# Two years that both pages have values for, in Exempelkommunen.
CHOICES = ("2024", "2023")
PAGES = {"maluppfyllelse": "goals.py", "jamforelse": "comparison.py", "skola": "school.py"}
# What a link to a page must also say: one school with many small figures.
LINKS = {"skola": {"skola": "Gläntviksbackens skola"}}


@dataclass(frozen=True)
class Call:
    """One st.* call. parent is None, SIDEBAR, or the place of the call that made the container, and which."""

    name: str
    args: tuple[Any, ...]
    options: Mapping[str, Any]
    parent: None | str | tuple[int, int]


Recording = dict[tuple[str, str], list[Call]]


@dataclass
class Recorder:
    """Collects the calls of one run. Containers are kept alive: none takes over the identity of another."""

    calls: list[Call] = field(default_factory=list)
    containers: dict[int, tuple[Any, tuple[int, int]]] = field(default_factory=dict)

    def note(self, name: str, args: tuple[Any, ...], options: Mapping[str, Any], made: Any) -> None:
        """Add a call and remember the containers that it made."""
        place = len(self.calls)
        if name == "page_link":
            # The bare site has none of the project's files to lead to: the same words, without a way.
            name, args, options = "markdown", (options["label"],), {}
        self.calls.append(Call(name, _plain(args), _plain(options), self._parent()))
        for position, container in enumerate(made if isinstance(made, (list, tuple)) else [made]):
            if hasattr(container, "_enqueue"):
                self.containers[id(container)] = (container, (place, position))

    def _parent(self) -> None | str | tuple[int, int]:
        import streamlit as st
        from streamlit.delta_generator_singletons import context_dg_stack

        inner = context_dg_stack.get()[-1]
        if inner is st.sidebar:
            return SIDEBAR
        return self.containers[id(inner)][1] if id(inner) in self.containers else None


def record() -> Recording:
    """Run each page with each of CHOICES and write what it drew to RECORDING. Raises when a page fails."""
    from streamlit.testing.v1 import AppTest

    recording: Recording = {}
    # Streamlit remarks, again and again, that no browser is there.
    logging.disable(logging.WARNING)
    for address, file in PAGES.items():
        for year in CHOICES:
            test = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
            for key, value in LINKS.get(address, {}).items():
                test.query_params[key] = value
            test.run()
            test.selectbox(key="ar").select(year)
            with _recorded() as recorder:
                test.switch_page(file).run()
            if test.exception:
                raise RuntimeError(f"{address} {year}: {test.exception[0].value}")
            recording[address, year] = recorder.calls
    logging.disable(logging.NOTSET)
    CACHE.mkdir(parents=True, exist_ok=True)
    RECORDING.write_bytes(pickle.dumps(recording))
    return recording


@cache
def read() -> Recording:
    """What record() wrote last."""
    return pickle.loads(RECORDING.read_bytes())


@contextmanager
def _recorded() -> Iterator[Recorder]:
    import streamlit as st
    from streamlit.delta_generator import DeltaGenerator

    recorder = Recorder()
    originals = {
        name: call
        for name, call in vars(st).items()
        if not name.startswith("_") and isinstance(getattr(call, "__self__", None), DeltaGenerator)
    }

    def watched(name: str) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            made = originals[name](*args, **options)
            recorder.note(name, args, options, made)
            return made

        return call

    for name in originals:
        setattr(st, name, watched(name))
    try:
        yield recorder
    finally:
        for name, original in originals.items():
            setattr(st, name, original)


def no_bytes() -> bytes:
    """Stands in for a download that the real page would make."""
    return b""


def _plain(value: Any) -> Any:
    # Functions of a page cannot be stored, and none of them runs while a page is drawn.
    if callable(value):
        return no_bytes
    if isinstance(value, tuple):
        return tuple(_plain(one) for one in value)
    return {name: _plain(one) for name, one in value.items()} if isinstance(value, dict) else value
