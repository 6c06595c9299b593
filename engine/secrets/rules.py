"""The rules as data: read once, their patterns compiled when a keyword of theirs first turns up."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_PUBLISHED, _OWN = "gitleaks.json", "own.toml"


class Rule:
    """One rule. See ``own.toml`` for what its fields mean."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.kind: str = fields["kind"]
        self.keywords = tuple(word.encode() for word in fields["keywords"])
        self.test: str = fields.get("test", "kind")
        self.names: bool = fields.get("names", False)
        self.begins: bool = fields.get("begins", False)
        self.entropy = float(fields.get("entropy", 0.0))
        self.group: int = fields.get("group", 0)
        self._pattern: str | re.Pattern[bytes] = fields["pattern"]
        self._allow: tuple[str, ...] = tuple(fields.get("allow", ()))

    @property
    def pattern(self) -> re.Pattern[bytes]:
        """What it looks like, with the secret in the first group that took part, or in ``group``."""
        if isinstance(self._pattern, str):
            self._pattern = re.compile(self._pattern.encode())
        return self._pattern

    def allowed(self, value: bytes) -> bool:
        """Whether the rule itself knows the value as none."""
        return any(re.search(pattern.encode(), value) for pattern in self._allow)


@cache
def rules() -> tuple[Rule, ...]:
    """All rules; those whose tokens have a form of their own come first, and win where two take the same bytes."""
    home = files("engine.secrets")
    published = json.loads(home.joinpath(_PUBLISHED).read_text("utf-8"))["rules"]
    own = tomllib.loads(home.joinpath(_OWN).read_text("utf-8"))["rules"]
    return tuple(Rule(fields) for fields in (*published, *own))
