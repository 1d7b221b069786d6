"""Where the visitor has the site, for addresses that are copied, printed or sent."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st

# What somebody has typed stays between them and the page.
NEVER_SENT_ON = ("q",)


def address() -> str:
    """The site without path: 'https://namndkollen.example.se', or nothing where it cannot be known."""
    told = urlsplit(st.context.url or "")
    return f"{told.scheme}://{told.netloc}" if told.netloc else ""


def page_address(path: str) -> str:
    """The page that is shown now, with its choices as the link has them."""
    kept = [
        (key, value)
        for key in st.query_params
        if key not in NEVER_SENT_ON
        for value in st.query_params.get_all(key)
    ]
    return f"{address()}/{path}{'?' + urlencode(kept) if kept else ''}"
