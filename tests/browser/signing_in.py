"""Signing in through a browser, and the certified one of the two providers that it is tried against."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
# Beside the project's other caches: 40 packages, fetched once.
NODE_MODULES = ROOT / ".cache" / "oidc-provider"
PROVIDER = Path(__file__).with_name("provider.mjs")
OIDC_PROVIDER = "oidc-provider@9.13.3"


@contextmanager
def certified_provider(port: int, client: int) -> Iterator[None]:
    """npm's oidc-provider, which is certified by the OpenID Foundation, for the site on port client."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("Needs node and npm: npm's oidc-provider is one of the two providers.")
    if not (NODE_MODULES / "node_modules" / "oidc-provider").is_dir():
        NODE_MODULES.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-save", "--no-audit", "--no-fund", OIDC_PROVIDER]
        if subprocess.run(command, cwd=NODE_MODULES, capture_output=True, check=False).returncode:
            pytest.skip(f"{OIDC_PROVIDER} could not be fetched.")
    # Node looks for packages beside the file that imports them.
    shutil.copy(PROVIDER, NODE_MODULES)
    command = ["node", PROVIDER.name, str(port), str(client)]
    process = subprocess.Popen(command, cwd=NODE_MODULES, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline().strip() == "ready"
        yield
    finally:
        process.kill()
        process.wait()


def sign_in(page: Page) -> None:
    """Ask to sign in, from any page; ends at the provider."""
    page.get_by_role("button", name="Logga in").first.click()


def account(page: Page) -> str:
    """What the foot of the sidebar says of who is signed in."""
    told = page.locator(".st-key-konto")
    expect(told).to_have_text(re.compile("nloggad.*Logga (in|ut)", re.DOTALL))
    return told.inner_text()
