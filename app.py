"""The application. Start it with `python app.py`, `uvicorn app:app` or `streamlit run app.py`.

All three listen on this computer only; a proxy with HTTPS in front of it is what others reach.
The script that each visit runs is pages/frame.py. It lies in pages/, not here, because Streamlit would
otherwise also offer every file of pages/ as a page of its own, without the frame.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
# Streamlit reads .streamlit/config.toml of the folder it is started in. Started elsewhere it would run
# with its own defaults, which show tracebacks to visitors.
os.chdir(ROOT)

import streamlit as st  # noqa: E402

from pages.parts import log_lines, packed, serving, source  # noqa: E402
from pages.parts.access import starting  # noqa: E402

# How long one visit's Python runs before another gets its turn. A page waits for its turn each time that a question or a
# websocket answers. With Python's own five milliseconds the slowest clicks of many visitors took half as long again.
SECONDS_A_TURN = 0.0005

log = logging.getLogger("namndkollen")
log_lines.set_up()


def warm_up() -> None:
    """Do at the start what the first visitor would otherwise wait for: imports, the data, one figure.

    Afterwards everything loaded so far is left out of Python's garbage collection, which would look through
    pandas, Plotly and DuckDB each time. Streamlit's own collection after every run is off in config.toml: it
    also walks through what all other visitors hold, and with two hundred of them nobody got an answer.
    """
    import pandas as pd
    import plotly.graph_objects as go

    go.Figure(go.Bar(x=pd.Series([1]), y=["a"])).to_json()
    # Broken data must not keep the server from starting: /halsa and the pages say what is wrong.
    try:
        source.newest()
    except Exception as error:
        serving.logged(error)
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Refuse to start unsafe; warm up before the first visit; the packing of files goes on beside the first visits."""
    starting.check()
    sys.setswitchinterval(SECONDS_A_TURN)
    # Again: `streamlit run` sets up the logs of its server after it has read this file.
    log_lines.set_up()
    threading.Thread(target=packed.pack_first_visit, name="pack", daemon=True).start()
    warm_up()
    log.info("Nämndkollen svarar", extra={"event": "started"})
    yield
    log.info("Nämndkollen stannar", extra={"event": "stopped"})


app = st.App(
    ROOT / "pages" / "frame.py",
    middleware=serving.MIDDLEWARE,
    routes=serving.ROUTES,
    lifespan=lifespan,
    on_script_error=serving.show_failure,
)

if __name__ == "__main__":
    import uvicorn

    # Visitors need not know which server this is.
    port = int(os.environ.get("PORT", "8501"))
    uvicorn.run(app, host="127.0.0.1", port=port, server_header=False, access_log=False, log_config=None)
