"""What must be true of the configuration before the server answers anybody. What is not stops the start."""

from __future__ import annotations

from collections.abc import Iterator

from streamlit import config
from streamlit.auth_util import get_redirect_uri, get_secrets_auth_section, get_signing_secret

from pages.parts.access.sessions import is_configured

FEWEST_CHARACTERS, FEWEST_DIFFERENT = 32, 10
# What stands in .streamlit/secrets.example.toml; whoever knows the secret can sign in as anybody.
EXAMPLES = ("byt ut mig", "change me", "changeme", "example", "exempel", "xxx")


class NotSafe(Exception):
    """The server may not start as it is configured. The text is Swedish, for whoever runs it."""


def check() -> None:
    """Raise NotSafe with all that has to be mended."""
    if found := faults():
        raise NotSafe(f"Nämndkollen startar inte. {' '.join(found)}")


def faults() -> list[str]:
    """What has to be mended, a Swedish sentence or two each."""
    return [*_of_headers(), *(_of_sign_in() if is_configured() else ())]


def _of_headers() -> Iterator[str]:
    if config.get_option("server.trustedUserHeaders"):
        yield "Ta bort server.trustedUserHeaders: den som når servern kunde annars säga sig vara vem som helst."


def _of_sign_in() -> Iterator[str]:
    secret = get_signing_secret()
    if len(secret) < FEWEST_CHARACTERS or len(set(secret)) < FEWEST_DIFFERENT:
        yield (
            f"auth.cookie_secret måste vara minst {FEWEST_CHARACTERS} slumpade tecken: "
            'python -c "import secrets; print(secrets.token_urlsafe(48))".'
        )
    elif any(example in secret.lower() for example in EXAMPLES):
        yield "auth.cookie_secret är ett exempel. Gör en egen."
    if not str(get_redirect_uri(get_secrets_auth_section())).endswith("/oauth2callback"):
        yield "auth.redirect_uri måste sluta med /oauth2callback."
    if not config.get_option("server.enableXsrfProtection"):
        yield "server.enableXsrfProtection måste vara true."
