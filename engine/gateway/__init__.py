"""For a team's own gateway: the ceiling of a call before it is made, its event after it, and budgets of keys.

In: requests as LiteLLM hands them to callbacks, and ``gateway.toml`` of the configuration directory. Out: the same
request with a ceiling, or a refusal; one event per call through the one writer. ``engine.gateway.litellm_hook`` is the
only module that needs LiteLLM (extra ``litellm``); the others know it by the shape of its dictionaries.

It must not: break or hold up a call (whatever fails here is a warning, and the call goes on as it was), send anything
anywhere, keep a prompt, or store a key other than hashed. There is no proxy here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.on_demand import names

if TYPE_CHECKING:
    from engine.gateway.allowance import Allowance, Exhausted
    from engine.gateway.calls import Calls
    from engine.gateway.settings import GatewaySettings, read_gateway

__all__ = ["Allowance", "Calls", "Exhausted", "GatewaySettings", "read_gateway"]

__getattr__ = names(
    __name__,
    {
        **dict.fromkeys(("Allowance", "Exhausted"), "allowance"),
        "Calls": "calls",
        **dict.fromkeys(("GatewaySettings", "read_gateway"), "settings"),
    },
)
