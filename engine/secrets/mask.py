"""Hides what was found, in place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from engine.secrets.find import find_secrets
from engine.secrets.secret import Secret

MASK = "*"
"""What stands for each hidden byte."""

_LEAST = 12
_RUN = re.compile(rf"[^\s]{{{_LEAST},}}")
"""A name that can hold a secret."""


def mask(data: bytes, secrets: Iterable[Secret]) -> bytes:
    """Put asterisks over secrets: the result has the same length and line breaks, and is UTF-8 if ``data`` is."""
    spans = [span for secret in secrets for span in secret.spans]
    if not spans:
        return data
    out = bytearray(data)
    star = MASK.encode()
    for start, end in spans:
        hidden = out[start:end]
        out[start:end] = star * len(hidden) if b"\n" not in hidden else re.sub(rb"[^\r\n]", star, bytes(hidden))
    return bytes(out)


def mask_name(name: str) -> str:
    """Mask secrets in a name, such as a heading or a key that was taken from a file."""
    if len(name) < _LEAST or _RUN.search(name) is None:
        return name
    data = name.encode("utf-8", "surrogatepass")
    found = find_secrets(data)
    return mask(data, found).decode("utf-8", "surrogatepass") if found else name


def mask_names(names: Sequence[str]) -> list[str]:
    """Mask secrets in many names: one look at all of them where none holds any."""
    long = [name for name in names if len(name) >= _LEAST]
    if not long or not find_secrets("\n".join(long).encode("utf-8", "surrogatepass")):
        return list(names)
    return [mask_name(name) for name in names]
