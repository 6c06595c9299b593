"""Secrets: find what looks like a credential in text, and mask it in place.

In: the bytes of a file as UTF-8. Out: each ``Secret`` with its kind, its line and the byte ranges that say it; and the
same bytes with those ranges as asterisks. A mask has the length of what it hides and keeps line breaks, so every byte
range of the file stays what it was and every other line stays verbatim.

Rules are data: ``gitleaks.json`` (forms of tokens of known services, from gitleaks: 211 rules that are kept up by many,
where a library brings 27 and a client for HTTP) and ``own.toml`` (assignments, URLs, headers, connection strings).
Private keys and the values of Kubernetes secrets, which run over lines, have finders of their own. A rule is only tried
around its keywords, which one pass of table look-ups finds: text without any costs some nanoseconds a byte.

This room reads no file of a repository, and no value that it finds leaves it but as a byte range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.on_demand import names

if TYPE_CHECKING:
    from engine.secrets.find import find_secrets
    from engine.secrets.mask import MASK, mask, mask_name, mask_names
    from engine.secrets.secret import Secret

__all__ = ["MASK", "Secret", "find_secrets", "mask", "mask_name", "mask_names"]

__getattr__ = names(
    __name__,
    {
        "MASK": "mask",
        "Secret": "secret",
        "find_secrets": "find",
        "mask": "mask",
        "mask_name": "mask",
        "mask_names": "mask",
    },
)
