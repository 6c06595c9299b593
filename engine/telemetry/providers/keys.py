"""Keys of providers: read from the environment or a keyring for the moment of a call, and never shown.

Nothing is stored here, and no message, representation or event holds a key: what services write back passes through
``redacted``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from engine.errors import InputError
from engine.telemetry.providers.rules import Service

KEYRING_SERVICE = "packsight"
"""Name under which a keyring keeps keys; the user name in it is the provider's name."""
_LIKE_A_KEY = re.compile(r"(?:sk|pk|rk|gsk|key)-[\w*.-]{4,}|AIza[\w*-]{8,}|(?i:bearer)\s+\S+")
_HIDDEN = "[key]"


class Key:
    """A key that shows where it is from and nothing else, also in a traceback that prints variables."""

    __slots__ = ("_value", "source")

    def __init__(self, value: str, source: str) -> None:
        self._value = value
        self.source = source
        """``environment OPENAI_API_KEY`` or ``keyring``."""

    def reveal(self) -> str:
        """The key itself, for the SDK."""
        return self._value

    def __repr__(self) -> str:
        return f"Key({self.source})"

    def __reduce__(self) -> str:
        raise TypeError("a key is not stored")


def find_key(service: Service, environment: Mapping[str, str] = os.environ) -> Key:
    """Return the key of a provider: of its environment variables, or of the keyring where that library is installed.

    Raises:
        InputError: there is none.
    """
    for name in service.key_variables:
        value = environment.get(name, "").strip()
        if value:
            return Key(value, f"environment {name}")
    value = _from_keyring(service.name)
    if value:
        return Key(value, "keyring")
    raise InputError(
        f"there is no key for {service.name}",
        f"set {service.key_variables[0]}, or: keyring set {KEYRING_SERVICE} {service.name}",
    )


def redacted(text: str, key: Key | None, most: int = 400) -> str:
    """Cut a text of somebody else to one line of bounded length, with the key and whatever looks like one hidden."""
    if key is not None:
        text = text.replace(key.reveal(), _HIDDEN)
    text = _LIKE_A_KEY.sub(_HIDDEN, " ".join(text.split()))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _from_keyring(name: str) -> str:
    try:
        import keyring

        return (keyring.get_password(KEYRING_SERVICE, name) or "").strip()
    except Exception:  # not installed, locked, or no desktop to ask: all the same as no key
        return ""
