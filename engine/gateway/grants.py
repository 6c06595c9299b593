"""How much of a ceiling the budgets of a key leave: LiteLLM's money, and output tokens of the day."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

from engine.gateway.allowance import Allowance, Exhausted
from engine.gateway.asked import Asked
from engine.gateway.keys import Key
from engine.gateway.settings import GatewaySettings
from engine.inspector import Inspector
from engine.model import Model


class Grants:
    """Grants ceilings and books what was used. A ledger that cannot be used is a warning, and grants what is wanted."""

    def __init__(self, ledger: Path, inspector: Inspector, warn: Callable[[str], None]) -> None:
        """Prepare; nothing is opened.

        Args:
            ledger: The file of the allowances.
            inspector: Counts prompts.
            warn: Receives what went wrong.
        """
        self._path, self._inspector, self._warn = ledger, inspector, warn
        # One thread grants and another one settles; a connection belongs to its thread.
        self._reserving: Allowance | None = None
        self._settling: Allowance | None = None

    def grant(
        self, call: str, ceiling: int, asked: Asked, key: Key | None, settings: GatewaySettings, model: Model | None
    ) -> tuple[int, str]:
        """Return what may be sent of a ceiling, and why it is less.

        Raises:
            Exhausted: nothing that is worth sending, and the settings say to refuse.
        """
        if key is None:
            return ceiling, ""
        granted, why, per_day = ceiling, "", settings.per_day(*key.names)
        smallest = min(settings.smallest_tokens, ceiling)
        try:
            if key.usd_left is not None:
                affordable = self._affordable(key.usd_left, model, asked)
                if affordable is not None and affordable < ceiling * asked.answers:
                    granted, why = affordable // asked.answers, "what is left of the key's money pays no more"
                if granted < max(smallest, 1):
                    raise Exhausted("the budget of this key does not pay for another answer", "raise its max_budget")
            if per_day is not None:
                taken = self._reserve(call, key, granted, asked.answers, per_day, smallest)
                if taken < granted:
                    granted, why = taken, f"what the key has left of {per_day:,} output tokens a day"
            if granted <= asked.thinking_tokens:
                raise Exhausted("the budget of this key leaves no room beside the thinking that was asked for")
        except Exhausted:
            if settings.on_exhausted == "refuse" or smallest <= asked.thinking_tokens:
                raise
            return smallest, "the key's budget is used up; this is the smallest ceiling"
        return granted, why

    def settle(self, call: str, key: Key, used: int) -> None:
        """Book what a call used in the place of what it reserved."""
        try:
            self._settling = self._settling or Allowance(self._path)
            self._settling.settle(call, key.id, used)
        except Exception as error:
            _close(self._settling)
            self._settling = None
            self._warn(f"what a key used was not written down: {error}")

    def close(self) -> None:
        """Close the ledger, once nobody grants or settles; the next use opens it again."""
        _close(self._reserving)
        _close(self._settling)
        self._reserving = self._settling = None

    def _reserve(self, call: str, key: Key, wanted: int, answers: int, per_day: int, smallest: int) -> int:
        """Reserve a ceiling for each of some answers."""
        try:
            self._reserving = self._reserving or Allowance(self._path)
            return self._reserving.reserve(call, key.id, wanted * answers, per_day, smallest * answers) // answers
        except Exhausted:
            raise
        except Exception as error:
            _close(self._reserving)
            self._reserving = None
            self._warn(f"the budget of a key cannot be looked up, and the call goes on: {error}")
            return wanted

    def _affordable(self, usd_left: float, model: Model | None, asked: Asked) -> int | None:
        """Output tokens that money pays for beside the prompt; None when no price is known and some money is left."""
        if usd_left <= 0:
            return 0
        if model is None or not model.price_out:
            return None
        prompt_usd = prompt_tokens(self._inspector, model, asked.text) * float(model.price_in or 0) / 1_000_000
        return max(0, int((usd_left - prompt_usd) * 1_000_000 / float(model.price_out)))


def _close(ledger: Allowance | None) -> None:
    """What is in trouble may not even be closed."""
    if ledger is not None:
        with contextlib.suppress(sqlite3.Error):
            ledger.close()


def prompt_tokens(inspector: Inspector, model: Model, text: str) -> int:
    """Tokens of a text, at the upper end of what a count may be off."""
    (found,) = inspector.count_texts([text], [model.id])
    return int(found["error_band"][1])
