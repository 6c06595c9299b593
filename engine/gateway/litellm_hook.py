"""The callback for LiteLLM: ``callbacks: engine.gateway.litellm_hook.packsight`` in the proxy's settings.

Signatures are those of ``litellm.integrations.custom_logger.CustomLogger`` 1.106. The proxy calls
``async_pre_call_hook`` with the key before it picks a deployment; SDK and proxy call ``async_pre_call_deployment_hook``
with the model that is about to be asked; both call the log events once a call is over, streams included. Deciding
and recording have a thread each, so that the event loop waits for neither disk nor database.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from importlib import import_module
from typing import Any

import litellm
from litellm.exceptions import RateLimitErrorCategory, RateLimitType
from litellm.integrations.custom_logger import CustomLogger

from engine.budgets import Limits, Task, decide
from engine.gateway.allowance import Exhausted
from engine.gateway.asked import is_answering
from engine.gateway.calls import Calls
from engine.gateway.keys import Key

_LOG = logging.getLogger("packsight.gateway")
_PATIENCE_S = 1.0
"""How long a call waits for its ceiling before it goes on without."""
_MOST_WAITING = 10_000
"""Outcomes that wait to be written; more are dropped with a warning."""
_QUIET_S = 60.0
"""How long the same warning is not repeated."""


class PacksightLogger(CustomLogger):  # type: ignore[misc]
    """Gives calls a ceiling, keeps keys within their budgets, and records outcomes. Safe in several event loops."""

    def __init__(self, calls: Calls | None = None, *, patience_s: float = _PATIENCE_S) -> None:
        """Prepare; nothing is opened.

        Args:
            calls: What decides and records; by default by the settings of this machine.
            patience_s: How long a call waits for its ceiling.
        """
        super().__init__()
        self._calls = calls or Calls(self._warn)
        self._patience_s = patience_s
        self._threads_of: int | None = None
        self._busy: Future[Any] | None = None
        self._waiting = 0
        self._lock = threading.Lock()
        self._said: dict[str, float] = {}

    async def async_pre_call_hook(
        self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: str
    ) -> dict[str, Any]:
        """Before the proxy picks a deployment: the budget of the key, and the ceiling if the model's name is known.

        Raises:
            litellm.RateLimitError: the key has no budget left; the proxy answers with status 429.
        """
        if is_answering(str(call_type)):
            key = await self._guarded(partial(_key_of, user_api_key_dict))
            data.update(await self._prepared(data, str(call_type), key=key))
        return data

    async def async_pre_call_deployment_hook(self, kwargs: dict[str, Any], call_type: Any) -> dict[str, Any] | None:
        """Before a model is asked, from proxy and SDK: the ceiling for this very model."""
        kind = str(getattr(call_type, "value", call_type))
        if not is_answering(kind):
            return None
        model, provider, most = await self._guarded(partial(_served_by, kwargs)) or ("", "", None)
        changes = await self._prepared(kwargs, kind, model=model, provider=provider, most_tokens=most)
        return {**kwargs, **changes} if changes else None

    async def async_log_success_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        """Record an answer; of a stream, when its last piece came."""
        self._finished(kwargs, response_obj)

    async def async_log_failure_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        """Record a failure."""
        self._finished(kwargs, response_obj)

    def log_success_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        """Record an answer of a call that was not made in an event loop; such a call had no ceiling from here."""
        self._finished(kwargs, response_obj)

    def log_failure_event(self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any) -> None:
        """Record a failure of such a call."""
        self._finished(kwargs, response_obj)

    def drained(self, timeout_s: float = 30.0) -> None:
        """Wait until everything that was known when this was called is written.

        Raises:
            TimeoutError: it is not.
        """
        self._pools()[1].submit(int).result(timeout_s)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _pools(self) -> tuple[ThreadPoolExecutor, ThreadPoolExecutor]:
        """The threads that decide and record; a worker that was forked has none of those of its parent."""
        if self._threads_of != os.getpid():
            self._both = (ThreadPoolExecutor(1, "packsight-decide"), ThreadPoolExecutor(1, "packsight-record"))
            self._threads_of = os.getpid()
        return self._both

    async def _prepared(self, request: Mapping[str, Any], call_type: str, **known: Any) -> dict[str, int]:
        call = request.get("litellm_call_id")
        if not isinstance(call, str):
            return {}
        try:
            found = await self._guarded(partial(self._calls.prepare, call, request, call_type, **known))
        except Exhausted as refusal:
            raise litellm.RateLimitError(
                message=f"{refusal.message}; {refusal.hint}" if refusal.hint else refusal.message,
                llm_provider="packsight",
                model=str(request.get("model") or ""),
                category=RateLimitErrorCategory.LITELLM_RATE_LIMIT,
                rate_limit_type=RateLimitType.BUDGET,
            ) from None
        return found or {}

    async def _guarded(self, work: Callable[[], Any]) -> Any:
        """Do something in the deciding thread; None when it fails or takes too long."""
        try:
            with self._lock:
                if self._busy is not None and not self._busy.done():
                    # It already made one call wait in vain.
                    return None
                future = self._pools()[0].submit(work)
            return await asyncio.wait_for(asyncio.wrap_future(future), self._patience_s)
        except Exhausted:
            raise
        except TimeoutError:
            self._busy = future
            self._warn(f"no ceiling was decided within {self._patience_s:g} s, and calls go on without one")
        except Exception as error:
            self._warn(f"no ceiling was decided, and the call goes on: {_words(error)}")
        return None

    def _finished(self, kwargs: Any, response: Any) -> None:
        try:
            payload = kwargs.get("standard_logging_object")
            call = kwargs.get("litellm_call_id") or (payload or {}).get("litellm_call_id")
            if payload is None or not is_answering(str(payload.get("call_type"))):
                return
            self._later(partial(self._calls.finish, str(call), payload, _ending(response)))
        except Exception as error:
            self._warn(f"a call was not recorded: {_words(error)}")

    def _later(self, work: Callable[[], None]) -> None:
        with self._lock:
            if self._waiting >= _MOST_WAITING:
                work_dropped = True
            else:
                work_dropped = False
                self._waiting += 1
        if work_dropped:
            self._warn(f"{_MOST_WAITING:,} calls wait to be recorded; this one is not")
            return
        self._pools()[1].submit(self._safely, work)

    def _safely(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self._warn(f"a call was not recorded: {_words(error)}")
        finally:
            with self._lock:
                self._waiting -= 1

    def _warn(self, message: str) -> None:
        now = time.monotonic()
        with self._lock:
            if now - self._said.get(message, float("-inf")) < _QUIET_S:
                return
            if len(self._said) > 1000:
                self._said.clear()
            self._said[message] = now
        _LOG.warning("%s", message)


def _key_of(auth: object) -> Key | None:
    return Key.of(auth)


def _served_by(request: Mapping[str, Any]) -> tuple[str, str, int | None]:
    """Model, provider in the words of events, and the longest answer that LiteLLM knows of."""
    from engine.telemetry.importers.words import provider_of

    model, provider, _, _ = litellm.get_llm_provider(
        model=str(request.get("model") or ""),
        custom_llm_provider=request.get("custom_llm_provider"),
        api_base=request.get("api_base"),
    )
    try:
        most = litellm.get_model_info(model=model, custom_llm_provider=provider).get("max_output_tokens")
    except Exception:
        most = None
    return model, provider_of(provider, model), most if isinstance(most, int) and most > 0 else None


def _ending(response: Any) -> str:
    """The finish reason of LiteLLM's response object."""
    choices = getattr(response, "choices", None)
    found = getattr(choices[0], "finish_reason", "") if choices else ""
    return found if isinstance(found, str) else ""


def _words(error: Exception) -> str:
    return getattr(error, "message", "") or str(error) or type(error).__name__


# What the first call would load: workers start with it, so that this call does not wait for it in vain.
decide(Task(), Limits())
import_module("engine.usecases.estimate")
import_module("engine.telemetry.importers.litellm")

packsight = PacksightLogger()
"""What LiteLLM's settings name. Reads its settings when the first call comes."""
