"""The floor: the same page without the project's own work, behind the same layers and settings."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from pages.parts import packed, serving
from tests.benchmarks import recording


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Warm up as app.py does, so that only the pages differ."""
    recording.read()
    packed.pack_first_visit()
    gc.collect()
    gc.freeze()
    yield


app = st.App(
    Path(__file__).parent / "frame.py",
    middleware=serving.MIDDLEWARE,
    routes=serving.ROUTES,
    lifespan=lifespan,
)
