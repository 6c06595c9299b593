"""Whose call it is, as far as budgets go: a hash, names to look budgets up by, and the money that is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.gateway.asked import hashed


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of a gateway. The key itself is nowhere in it."""

    id: str
    """Hash of the key, as it is stored."""
    names: tuple[str, ...] = ()
    """Alias and LiteLLM's own hash, to look a budget up by; never stored."""
    usd_left: float | None = None
    """What the gateway's own budget of the key leaves; None without one."""

    @classmethod
    def of(cls, auth: object) -> Key | None:
        """Read LiteLLM's ``UserAPIKeyAuth``; None for a call without a key."""
        found = {name: getattr(auth, name, None) for name in ("token", "api_key", "key_alias", "max_budget", "spend")}
        secret = next((found[name] for name in ("token", "api_key") if isinstance(found[name], str)), None)
        if not secret:
            return None
        names = tuple(one for one in (found["key_alias"], found["token"], found["api_key"]) if isinstance(one, str))
        return cls(id=hashed(secret), names=names, usd_left=_left(found))


def _left(found: Mapping[str, object]) -> float | None:
    budget, spend = found["max_budget"], found["spend"]
    if not isinstance(budget, int | float) or isinstance(budget, bool):
        return None
    return budget - (spend if isinstance(spend, int | float) else 0.0)
