"""The real LiteLLM against a service on loopback, through the hook. Runs where LiteLLM is installed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("litellm", exc_type=ImportError)
# LiteLLM and what it brings warn while they are imported and used; none of it is about the product.
pytestmark = pytest.mark.filterwarnings("ignore")

import litellm  # noqa: E402
from litellm.proxy._types import UserAPIKeyAuth  # noqa: E402

from engine.budgets import Task  # noqa: E402
from engine.gateway.calls import Calls  # noqa: E402
from engine.gateway.litellm_hook import PacksightLogger  # noqa: E402
from engine.inspector import Inspector  # noqa: E402
from engine.telemetry.filters import EventFilter  # noqa: E402
from tests.engine.gateway.service import Service, service  # noqa: E402

WORK = {"category": "docs", "complexity": "low"}


@pytest.fixture
def openai() -> Iterator[Service]:
    with service() as known:
        yield known


def only(monkeypatch: pytest.MonkeyPatch, hook: PacksightLogger) -> None:
    """Make it LiteLLM's one callback; from ``callbacks`` it copies into lists by occasion."""
    monkeypatch.setattr(litellm, "callbacks", [hook])
    for kind in ("success", "failure"):
        monkeypatch.setattr(litellm, f"{kind}_callback", [])
        monkeypatch.setattr(litellm, f"_async_{kind}_callback", [])


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> PacksightLogger:
    made = PacksightLogger(patience_s=20.0)
    only(monkeypatch, made)
    return made


async def ask(openai: Service, **words: Any) -> Any:
    return await litellm.acompletion(
        **{
            "model": "openai/gpt-5.5",
            "messages": [{"role": "user", "content": "a secret prompt"}],
            "api_base": openai.url,
            "api_key": "sk-loopback",
            "num_retries": 0,
            "metadata": {"packsight": WORK},
            **words,
        }
    )


def recorded(hook: PacksightLogger, expected: int = 1) -> list[dict[str, Any]]:
    """Events, once LiteLLM's own worker has handed them over."""
    until = time.monotonic() + 20
    while True:
        hook.drained()
        with Inspector(use_cache=False) as inspector:
            found = inspector.telemetry(inspector.config(None, {})).events(EventFilter())["events"]
        if len(found) >= expected or time.monotonic() > until:
            return list(found)
        threading.Event().wait(0.05)


async def settled() -> None:
    """Let everything that LiteLLM began in this loop end: its logging worker, and tasks that feed it."""
    from litellm.litellm_core_utils.logging_worker import GLOBAL_LOGGING_WORKER

    for _ in range(20):
        await asyncio.sleep(0)
        await asyncio.wait_for(GLOBAL_LOGGING_WORKER.flush(), 20)


def decided(**limits: Any) -> int:
    with Inspector(use_cache=False) as inspector:
        config = inspector.config(None, {"model": "gpt-5.5"})
        return inspector.decide(Task(category="docs", complexity="low"), config, **limits).actual_max_tokens


def ceiling_of(body: dict[str, Any]) -> int:
    (found,) = (body[name] for name in ("max_tokens", "max_completion_tokens") if name in body)
    return int(found)


def test_a_call_gets_the_estimators_ceiling_and_is_recorded(openai: Service, hook: PacksightLogger) -> None:
    async def run() -> Any:
        answer = await ask(openai)
        await settled()
        return answer

    answer = asyncio.run(run())
    assert answer.choices[0].message.content == "fine"
    assert ceiling_of(openai.bodies[0]) == decided()
    (event,) = recorded(hook)
    assert (event["category"], event["complexity"], event["model"]) == ("docs", "low", "gpt-5.5")
    assert (event["actual_max_tokens"], event["ceiling_source"]) == (decided(), "sent")
    assert (event["prompt_tokens"], event["cached_tokens"]) == (60, 50)
    assert (event["actual_output_tokens"], event["reasoning_tokens"]) == (42, 12)
    assert (event["truncated"], event["finish"], event["success"]) == (False, "stop", True)
    assert event["trace"]
    assert "secret" not in str(event)


def test_a_stream_is_recorded_once_with_its_usage(openai: Service, hook: PacksightLogger) -> None:
    openai.finish = "length"

    async def run() -> str:
        stream = await ask(openai, stream=True, stream_options={"include_usage": True})
        text = "".join([piece.choices[0].delta.content or "" async for piece in stream if piece.choices])
        await settled()
        return text

    assert asyncio.run(run()) == "fine"
    assert ceiling_of(openai.bodies[0]) == decided()
    (event,) = recorded(hook)
    assert (event["truncated"], event["finish"]) == (True, "length")
    assert (event["actual_output_tokens"], event["actual_max_tokens"]) == (42, decided())


@pytest.mark.parametrize("parameter", ["max_tokens", "max_completion_tokens"])
def test_a_callers_own_cap_is_never_raised(openai: Service, hook: PacksightLogger, parameter: str) -> None:
    async def run() -> None:
        await ask(openai, **{parameter: 100})
        await settled()

    asyncio.run(run())
    assert ceiling_of(openai.bodies[0]) == decided(hard_cap_tokens=100) <= 100
    (event,) = recorded(hook)
    assert event["hard_cap_tokens"] == 100


def test_a_failure_is_recorded_as_one(openai: Service, hook: PacksightLogger) -> None:
    openai.status = 500

    async def run() -> None:
        with pytest.raises(litellm.InternalServerError):
            await ask(openai, max_retries=0)
        await settled()

    asyncio.run(run())
    (event,) = recorded(hook)
    assert (event["success"], event["finish"], event["truncated"]) == (False, "error", None)
    assert event["actual_max_tokens"] == decided()


def test_a_broken_database_breaks_no_call(
    openai: Service, hook: PacksightLogger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database" * 500)
    monkeypatch.setenv("PACKSIGHT_DB", f"sqlite:///{broken}")

    async def run() -> Any:
        answer = await ask(openai)
        await settled()
        return answer

    assert asyncio.run(run()).choices[0].message.content == "fine"
    hook.drained()
    assert ceiling_of(openai.bodies[0]) == decided()
    assert any("broken.db" in record.getMessage() for record in caplog.records)


def test_a_wrong_settings_file_leaves_calls_as_they_are(
    openai: Service, hook: PacksightLogger, own_directories: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (own_directories / "config").mkdir(parents=True, exist_ok=True)
    (own_directories / "config" / "gateway.toml").write_text("catgory = 'docs'\n")

    async def run() -> None:
        await ask(openai, max_tokens=77)
        await settled()

    asyncio.run(run())
    assert ceiling_of(openai.bodies[0]) == 77
    assert any("no 'catgory'" in record.getMessage() for record in caplog.records)


def test_the_event_loop_goes_on_while_deciding_takes_long(openai: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()

    class Slow(Calls):
        def prepare(self, *_: Any, **__: Any) -> dict[str, int]:
            free.wait(20)
            return {"max_tokens": 1}

    hook = PacksightLogger(Slow(lambda _: None), patience_s=0.3)
    only(monkeypatch, hook)

    async def run() -> int:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.01)
                ticks += 1

        ticking = asyncio.create_task(tick())
        await asyncio.gather(ask(openai), ask(openai))
        ticking.cancel()
        return ticks

    try:
        assert asyncio.run(run()) > 5
    finally:
        free.set()
    assert not any(name in body for body in openai.bodies for name in ("max_tokens", "max_completion_tokens"))


def auth(key: str = "sk-of-the-team", **words: Any) -> UserAPIKeyAuth:
    return UserAPIKeyAuth(api_key=key, key_alias="docs-team", **words)


def budget(own_directories: Path, text: str) -> None:
    (own_directories / "config").mkdir(parents=True, exist_ok=True)
    (own_directories / "config" / "gateway.toml").write_text(text)


async def through_the_proxy(hook: PacksightLogger, openai: Service, call: str, **words: Any) -> Any:
    """What the proxy does: the hook with the key, then the SDK with what the hook gave back."""
    data = {"model": "gpt-5.5", "messages": [{"role": "user", "content": "hi"}], "litellm_call_id": call,
            "metadata": {"packsight": WORK}}  # fmt: skip
    data = await hook.async_pre_call_hook(auth(**words), litellm.DualCache(), data, "acompletion")
    answer = await litellm.acompletion(**data, api_base=openai.url, api_key="sk-loopback", num_retries=0)
    await settled()
    return answer


def test_a_key_that_has_used_its_day_is_refused_with_429(
    openai: Service, hook: PacksightLogger, own_directories: Path
) -> None:
    budget(own_directories, "smallest_tokens = 20\n[keys_per_day]\ndocs-team = 60\n")

    async def run() -> None:
        await through_the_proxy(hook, openai, "one")
        assert len(recorded(hook)) == 1
        with pytest.raises(litellm.RateLimitError, match="used 42 of its 60 output tokens") as refused:
            await through_the_proxy(hook, openai, "two")
        assert refused.value.status_code == 429

    asyncio.run(run())
    # 60 were left for the first call, whatever the estimator wanted.
    assert [ceiling_of(body) for body in openai.bodies] == [60]
    stored = b"".join(path.read_bytes() for path in (own_directories / "data").rglob("*") if path.is_file())
    assert stored
    assert b"sk-of-the-team" not in stored
    assert b"docs-team" not in stored
    assert recorded(hook)[0]["run_id"].startswith("key-")


def test_or_its_ceiling_shrinks(openai: Service, hook: PacksightLogger, own_directories: Path) -> None:
    budget(own_directories, 'on_exhausted = "shrink"\nsmallest_tokens = 30\ndefault_per_day = 0\n')
    asyncio.run(through_the_proxy(hook, openai, "one"))
    assert ceiling_of(openai.bodies[0]) == 30


@pytest.mark.parametrize(("spend", "refused"), [(1.0, True), (0.99, False)])
def test_the_money_of_a_key_bounds_what_it_may_get(
    openai: Service, hook: PacksightLogger, spend: float, refused: bool
) -> None:
    async def run() -> None:
        await through_the_proxy(hook, openai, "one", max_budget=1.0, spend=spend)

    if refused:
        with pytest.raises(litellm.RateLimitError):
            asyncio.run(run())
        assert openai.bodies == []
    else:
        asyncio.run(run())
        assert 256 <= ceiling_of(openai.bodies[0]) < decided()
