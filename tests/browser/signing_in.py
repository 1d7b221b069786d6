"""A copy of the project with sign-in configured, and the two providers that it is tried against."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
# Beside the project's other caches: 40 packages, fetched once.
NODE_MODULES = ROOT / ".cache" / "oidc-provider"
PROVIDER = Path(__file__).with_name("provider.mjs")
OIDC_PROVIDER = "oidc-provider@9.13.3"
SECRETS = """[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "q8vN2m-Lr4TzW0cXk6YbHd1sPgJ9fUeA"
client_id = "namndkollen"
client_secret = "provets-egen-hemlighet"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
client_kwargs = {{ scope = "openid {scope}", prompt = "login" }}
"""
ROLES = "group_id,municipality_id,role,note\n"


def copy_of_project(folder: Path, port: int, issuer: str, roles: Sequence[str], scope: str = "") -> Path:
    """The project in a folder of its own: the real one has neither sign-in nor anybody with a role."""
    left_out = shutil.ignore_patterns("exports", "__pycache__", "secrets.toml", ".cache")
    for name in ("pages", "queries", "data", ".streamlit"):
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    shutil.copy(ROOT / "app.py", folder)
    secrets = SECRETS.format(port=port, issuer=issuer, scope=scope)
    (folder / ".streamlit" / "secrets.toml").write_text(secrets, encoding="utf-8")
    give_roles(folder, roles)
    return folder


def give_roles(folder: Path, roles: Sequence[str]) -> None:
    """Write who has which role, as rows of data/roles.csv."""
    unfinished = folder / "roles.new"
    unfinished.write_text(ROLES + "".join(f"{row},\n" for row in roles), encoding="utf-8")
    unfinished.replace(folder / "data" / "roles.csv")


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
