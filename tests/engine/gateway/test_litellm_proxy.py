"""The real proxy, with the configuration that the documentation shows. Runs where ``litellm[proxy]`` is installed."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("litellm", exc_type=ImportError)
pytest.importorskip("fastapi", exc_type=ImportError)
pytestmark = pytest.mark.filterwarnings("ignore")

import litellm  # noqa: E402
from fastapi.testclient import TestClient  # noqa: E402

from engine.budgets import Task  # noqa: E402
from engine.gateway import litellm_hook  # noqa: E402
from engine.inspector import Inspector  # noqa: E402
from engine.telemetry.filters import EventFilter  # noqa: E402
from tests.engine.gateway.service import Service, service  # noqa: E402

PAGE = Path(__file__).parents[3] / "docs" / "gateway.md"
MASTER = "sk-master-of-the-test"


@pytest.fixture
def openai() -> Iterator[Service]:
    with service() as known:
        yield known


@pytest.fixture
def proxy(
    openai: Service, tmp_path: Path, own_directories: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    (yaml,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (toml,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (own_directories / "config").mkdir(parents=True, exist_ok=True)
    (own_directories / "config" / "gateway.toml").write_text(toml.replace("2000000", "300"), encoding="utf-8")
    (tmp_path / "config.yaml").write_text(yaml, encoding="utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-loopback")
    monkeypatch.setenv("OPENAI_API_BASE", openai.url)
    monkeypatch.setenv("LITELLM_MASTER_KEY", MASTER)
    # The one that the configuration names, as new as in a process of its own.
    monkeypatch.setattr(litellm_hook, "packsight", litellm_hook.PacksightLogger(patience_s=20.0))
    from litellm.proxy import proxy_server

    monkeypatch.setattr(litellm, "callbacks", [])
    asyncio.run(proxy_server.initialize(config=str(tmp_path / "config.yaml")))
    with TestClient(proxy_server.app) as client:
        yield client


def ask(proxy: TestClient, **words: Any) -> Any:
    body = {"model": "writer", "messages": [{"role": "user", "content": "a secret prompt"}], **words}
    headers = {"Authorization": f"Bearer {MASTER}", "x-packsight-category": "docs", "x-packsight-complexity": "low"}
    return proxy.post("/v1/chat/completions", json=body, headers=headers)


def recorded(expected: int) -> list[dict[str, Any]]:
    until = time.monotonic() + 30
    while True:
        litellm_hook.packsight.drained()
        with Inspector(use_cache=False) as inspector:
            found = inspector.telemetry(inspector.config(None, {})).events(EventFilter())["events"]
        if len(found) >= expected or time.monotonic() > until:
            return list(found)
        threading.Event().wait(0.05)


def test_the_documented_configuration_gives_ceilings_records_and_refuses(proxy: TestClient, openai: Service) -> None:
    with Inspector(use_cache=False) as inspector:
        task = Task(category="docs", complexity="low")
        full = inspector.decide(task, inspector.config(None, {"model": "gpt-5.5"})).actual_max_tokens

    answer = ask(proxy)
    assert answer.status_code == 200, answer.text
    assert answer.json()["choices"][0]["message"]["content"] == "fine"
    (sent,) = [openai.bodies[0][name] for name in ("max_tokens", "max_completion_tokens") if name in openai.bodies[0]]
    assert sent == 300 < full

    (event,) = recorded(1)
    assert (event["category"], event["complexity"], event["model"]) == ("docs", "low", "gpt-5.5")
    assert (event["actual_max_tokens"], event["actual_output_tokens"], event["cached_tokens"]) == (300, 42, 50)
    assert event["run_id"].startswith("key-")
    assert "secret" not in str(event)

    streamed = ask(proxy, stream=True, stream_options={"include_usage": True})
    assert streamed.status_code == 200
    assert streamed.text.rstrip().endswith("[DONE]")
    # 258 were left for it; it used 42, and 216 are less than the smallest ceiling.
    assert [event["actual_max_tokens"] for event in recorded(2)] == [258, 300]

    refused = ask(proxy)
    assert refused.status_code == 429
    assert "84 of its 300 output tokens" in refused.text
    assert len(openai.bodies) == 2
