"""What a caller asks for: the task that the budget is decided for, and how the call is to be made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.budgets.task import Deliverables


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequest:
    """A call, before anything is decided. Everything may be left out."""

    provider: str = ""
    """``openai``, ``anthropic``, ``gemini``; empty for whoever serves the model."""
    model: str = ""
    """Id or alias; empty for the provider's usual one."""
    category: str = ""
    complexity: str = ""
    deliverables: Deliverables = ()
    description: str = ""
    """The task in words; empty takes the prompt. It tells special documents, and is never stored."""
    scope: tuple[str, ...] = ()
    workspace: Path | None = None
    mode: str = ""
    hard_cap_tokens: int | None = None
    """Output tokens that the whole answer may take at most."""
    system: str = ""
    """Instructions beside the prompt."""
    api: str = ""
    """Interface of the provider; empty for the one that the model prefers."""
    effort: str = ""
    """Reasoning effort."""
    thinking_tokens: int | None = None
    """Most that the model may think; 0 for not at all."""
    stream: bool = True
    retries: int = 2
    on_truncation: str = "escalate"
    """``escalate``, ``continue`` or ``stop``."""
    continuations: int = 3
    timeout_s: float = 600.0
    """Longest time without a sign of life."""
    run_id: str = ""
    phase_id: str = ""
    session_id: str = ""
    pack_key: str = ""
