"""The examples of the page do what it says; its proxy configuration runs in the proxy's own test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.gateway.settings import read_gateway
from tests.engine.telemetry.otel.collector import collector

PAGE = Path(__file__).parents[3] / "docs" / "gateway.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_the_settings_are_settings(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    (tmp_path / "gateway.toml").write_text(text, encoding="utf-8")
    found = read_gateway(tmp_path / "gateway.toml")
    assert (found.per_day("docs-team"), found.per_day("another")) == (500_000, 2_000_000)


def test_the_example_of_python_sends(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = [block for block in blocks("python") if "Inspector" in block]
    with collector() as received:
        exec(code.replace("http://127.0.0.1:4318", received.url), {})
    assert f"'endpoint': '{received.url}'" in capsys.readouterr().out


def test_the_callback_has_the_name_that_the_page_gives() -> None:
    pytest.importorskip("litellm", exc_type=ImportError)
    from engine.gateway import litellm_hook

    (text,) = blocks("yaml")
    (name,) = re.findall(r"callbacks: (\S+)", text)
    module, _, attribute = name.rpartition(".")
    assert module == litellm_hook.__name__
    assert isinstance(getattr(litellm_hook, attribute), litellm_hook.PacksightLogger)
