"""The two moments of a call at which the gateway asks: before it is sent, and when it is known how it ended."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.budgets import Decision, Limits, Step, Task, Version, decide
from engine.config import Config, Setting
from engine.errors import InputError
from engine.events import Event as Note
from engine.events import Warned
from engine.gateway.allowance import Exhausted
from engine.gateway.asked import Asked, parameter_of, read_request
from engine.gateway.grants import Grants, prompt_tokens
from engine.gateway.keys import Key
from engine.gateway.outcome import Sent, event_of
from engine.gateway.settings import FILE, GatewaySettings, read_gateway
from engine.inspector import Inspector
from engine.model import Model

if TYPE_CHECKING:
    from engine.telemetry.recorder import Forgetful, Recorder

LEDGER = "gateway.sqlite"
_MOST_OPEN = 10_000
"""Calls that are remembered between their two moments."""
_FRESH_S = 60.0
"""How long what was learned is used before the database is asked again."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A call between its two moments."""

    asked: Asked
    sent: Sent | None = None
    key: Key | None = None
    refused: bool = False


class _Deciding(Inspector):
    """The facade, asking the database now and then instead of for every call."""

    _version: tuple[float, Version] | None = None

    def estimator_version(self, config: Config) -> Version:
        """What the estimator rests on, at most a minute old."""
        now = time.monotonic()
        if self._version is None or now - self._version[0] > _FRESH_S:
            self._version = (now, super().estimator_version(config))
        return self._version[1]


class Calls:
    """Decides and records calls. ``prepare`` and ``finish`` each belong to one thread, which need not be the same."""

    def __init__(self, warn: Callable[[str], None], *, db: str = "", folder: Path | None = None) -> None:
        """Prepare; files are read when the first call comes.

        Args:
            warn: Receives what went wrong beside calls that went on.
            db: URL of the database, before what ``gateway.toml`` and packsight's own settings say.
            folder: Where ``gateway.toml`` is; by default the configuration directory.
        """
        self._warn, self._db, self._folder = warn, db, folder
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._lock = threading.Lock()
        self._settled: tuple[Inspector, GatewaySettings, Config] | None = None
        self._grants: Grants | None = None
        self._recorder: Recorder | Forgetful | None = None
        self._trouble = ""

    def prepare(
        self,
        call: str,
        request: Mapping[str, object],
        call_type: str,
        *,
        key: Key | None = None,
        model: str = "",
        provider: str = "",
        most_tokens: int | None = None,
    ) -> dict[str, int]:
        """Decide a call that is about to be sent.

        Args:
            call: Id of the call; the same again decides anew if the model is another one by then.
            request: What is to be sent.
            call_type: LiteLLM's word for the kind of call.
            key: Whose it is.
            model: Model that will be asked, where that is known better than the request says.
            provider: Who serves it.
            most_tokens: Longest answer of a model that no catalog here has.

        Returns:
            Parameters of the request that must change.

        Raises:
            Exhausted: the key has no budget left, and the settings say to refuse.
            PacksightError: settings, task or limits make no sense.
        """
        inspector, settings, config = self._settle()
        with self._lock:
            known = self._open.get(call)
        asked = read_request(request)
        if known:
            # Ceilings in it may be those that were set here; everything else is what it was.
            asked = replace(known.asked, text=asked.text)
        key = key or (known.key if known else None)
        name = model or asked.model
        if known and known.sent and known.sent.asked_model == name:
            return {}
        self._remember(call, _Open(asked, known.sent if known else None, key))
        found = _find(inspector, name)
        if found is None and not provider:
            self._require_any(self._granting(inspector), call, asked, key, settings)
            return {}
        decision = self._decide(inspector, settings, config, asked, found, name, provider, most_tokens)
        most = min((n for n in (asked.hard_cap_tokens, found.max_output if found else most_tokens) if n), default=None)
        ceiling = decision.actual_max_tokens
        if asked.thinking_tokens:
            # Thinking is taken from the ceiling, and providers refuse a ceiling that it fills.
            ceiling = min(ceiling + asked.thinking_tokens, most) if most else ceiling + asked.thinking_tokens
        try:
            granted, why = self._granting(inspector).grant(call, ceiling, asked, key, settings, found)
        except Exhausted:
            self._remember(call, _Open(asked, None, key, refused=True))
            raise
        step = Step("key_budget", ceiling, granted, why)
        trace = (*decision.trace, *([step] if granted != ceiling else []))
        sent = Sent(replace(decision, trace=trace), granted, name, asked.answers, found)
        self._remember(call, _Open(asked, sent, key))
        names = asked.caps or {parameter_of(call_type): granted}
        return {name: min(cap, granted) for name, cap in names.items()}

    def close(self) -> None:
        """Close the ledger of keys, once no call is under way; the next call opens it again."""
        if self._grants is not None:
            self._grants.close()

    def finish(self, call: str, payload: Mapping[str, Any], ending: str = "") -> None:
        """Record how a call ended. Whatever goes wrong is a warning.

        Args:
            call: Its id.
            payload: LiteLLM's ``StandardLoggingPayload``.
            ending: The finish reason, where the payload was told to leave answers out.
        """
        with self._lock:
            known = self._open.get(call)
        if known and known.refused:
            return
        self._end(call, known, payload)
        key = known.key if known else None
        event = None if payload.get("cache_hit") is True else event_of(payload, ending, known.sent if known else None)
        inspector, settings, _ = self._settle()
        if key is not None and settings.per_day(*key.names) is not None:
            self._granting(inspector).settle(call, key, (event.actual_output_tokens or 0) if event else 0)
        if event is not None:
            self._record(replace(event, run_id=f"key-{key.id}") if key else event)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _settle(self) -> tuple[Inspector, GatewaySettings, Config]:
        with self._lock:
            if self._settled is None:
                inspector = _Deciding(use_cache=False, emit=self._told)
                settings = read_gateway((self._folder or inspector.folders().config) / FILE)
                config = inspector.config(None, {"db": self._db or settings.db or None})
                self._settled = (inspector, settings, config)
            return self._settled

    def _told(self, note: Note) -> None:
        if isinstance(note, Warned):
            self._warn(note.message)

    def _end(self, call: str, known: _Open | None, payload: Mapping[str, Any]) -> None:
        """Let go of a call; one that failed may come again as a retry or with another model, and has its key then."""
        if known is None:
            return
        if payload.get("status") == "success":
            with self._lock:
                self._open.pop(call, None)
        else:
            self._remember(call, replace(known, sent=None))

    def _remember(self, call: str, state: _Open) -> None:
        with self._lock:
            # What was sent is not needed again once it is counted, and it may be large.
            self._open[call] = replace(state, asked=replace(state.asked, text="")) if state.sent else state
            while len(self._open) > _MOST_OPEN:
                self._open.popitem(last=False)

    def _decide(
        self,
        inspector: Inspector,
        settings: GatewaySettings,
        config: Config,
        asked: Asked,
        found: Model | None,
        name: str,
        provider: str,
        most_tokens: int | None,
    ) -> Decision:
        task = Task(
            category=asked.category or settings.category,
            complexity=asked.complexity or settings.complexity,
            deliverables=asked.deliverables,
        )
        if found is None:
            limits = Limits(
                provider=provider, model=name, hard_cap_tokens=asked.hard_cap_tokens, max_output_tokens=most_tokens
            )
            return decide(task, limits, inspector.estimator_version(config))
        named = replace(config, settings={**config.settings, "model": Setting(found.id, "flag")})
        room = found.context_window - found.max_output
        is_tight = len(asked.text.encode("utf-8", "replace")) > room
        return inspector.decide(
            task,
            named,
            provider=provider,
            hard_cap_tokens=asked.hard_cap_tokens,
            # No text has more tokens than bytes: most prompts need not be counted to know that they leave room.
            used_tokens=prompt_tokens(inspector, found, asked.text) if is_tight else 0,
        )

    def _granting(self, inspector: Inspector) -> Grants:
        with self._lock:
            if self._grants is None:
                self._grants = Grants(inspector.folders().data / LEDGER, inspector, self._warn)
            return self._grants

    def _require_any(self, grants: Grants, call: str, asked: Asked, key: Key | None, settings: GatewaySettings) -> None:
        """Refuse a key without any budget before anybody looks for a model to ask.

        Raises:
            Exhausted: it has none.
        """
        try:
            least = min(settings.smallest_tokens, asked.hard_cap_tokens or settings.smallest_tokens)
            grants.grant(call, max(least, asked.thinking_tokens + 1), asked, key, settings, None)
        except Exhausted:
            self._remember(call, _Open(asked, None, key, refused=True))
            raise

    def _record(self, event: Any) -> None:
        from engine.telemetry.recorder import Forgetful

        inspector, _, config = self._settle()
        if self._recorder is None:
            self._recorder = inspector.telemetry(config).recorder() if config["record"] else Forgetful()
        self._recorder.record(event)
        if not isinstance(self._recorder, Forgetful):
            done = self._recorder.recorded
            if done.trouble and done.trouble != self._trouble:
                self._warn(f"calls wait in files until the database takes them: {done.trouble}")
            self._trouble = done.trouble


def _find(inspector: Inspector, name: str) -> Model | None:
    """The catalog's model of a name such as ``openai/gpt-5.5``; None when it has none."""
    for known_as in dict.fromkeys((name, name.rpartition("/")[2])):
        try:
            return inspector.model(known_as)
        except InputError:
            continue
    return None
