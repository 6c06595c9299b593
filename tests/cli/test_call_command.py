"""``packsight call`` against services on loopback, through the real SDKs, into a real database."""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.store.database import open_database
from engine.store.paths import cache_dir, data_dir
from engine.store.telemetry_packs import list_packs
from engine.store.telemetry_read import list_events
from engine.telemetry import CeilingSource, Event
from engine.telemetry.filters import EventFilter
from tests.cli.conftest import Run
from tests.engine.telemetry.providers.server import Served, Service, serving
from tests.engine.telemetry.providers.shapes import Facts, failed, served

SECRET = "sk-planted-0123456789abcdefghijklmnopqrstuv"
PROVIDERS = ("openai", "anthropic", "gemini")
VARIABLES = {
    "openai": ("OPENAI_API_KEY", "OPENAI_BASE_URL", "/v1"),
    "anthropic": ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", ""),
    "gemini": ("GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL", ""),
}
TASK = ("--category", "docs", "--complexity", "low")
PROMPT = "Describe how orders are totalled."


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("OPENAI_", "ANTHROPIC_", "GOOGLE_", "GEMINI_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def service_at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put a service where the SDK of a provider looks for its own."""

    @contextmanager
    def at(provider: str, *answers: Served) -> Iterator[Service]:
        key, url, path = VARIABLES[provider]
        with serving(answers) as service:
            monkeypatch.setenv(key, SECRET)
            monkeypatch.setenv(url, service.url + path)
            yield service

    return at


def events() -> list[Event]:
    database = open_database("", create=False)
    try:
        return sorted(list_events(database, EventFilter()).events, key=lambda event: event.attempt)
    finally:
        database.close()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_answer_is_on_stdout_the_report_on_stderr_and_the_call_in_the_database(
    run: Run, service_at: Any, provider: str
) -> None:
    with service_at(provider, served(provider)) as service:
        ran = run("call", PROMPT, "--provider", provider, *TASK, "--run-id", "nightly")
    assert ran.code == 0, ran.err
    assert ran.out == Facts().text + "\n"
    assert "310 of 4,096 tokens (120 reasoning), 1,200 in (800 cached)" in ran.err
    assert PROMPT in str(service.bodies[0])
    (event,) = events()
    assert (event.provider, event.category, event.complexity, event.run_id) == (provider, "docs", "low", "nightly")
    assert (event.selected_budget, event.actual_max_tokens, event.actual_output_tokens) == (4096, 4096, 310)
    assert (event.ceiling_source, event.source, event.truncated) == (CeilingSource.SENT, "packsight", False)
    assert event.trace


@pytest.mark.parametrize("provider", PROVIDERS)
def test_json_holds_answer_decision_and_attempts(run: Run, service_at: Any, provider: str) -> None:
    cut = Facts(text="Orders are ", end="length", output=4096, reasoning=0)
    with service_at(provider, served(provider, cut), served(provider)):
        ran = run("call", PROMPT, "--provider", provider, *TASK, "--json")
    assert ran.code == 0, ran.err
    report = ran.json
    assert (report["text"], report["truncated"]) == (Facts().text, False)
    assert (report["selected_budget"], report["actual_max_tokens"]) == (4096, 5120)
    assert report["actual_output_tokens"] == 4096 + 310
    assert [attempt["attempt"] for attempt in report["attempts"]] == [1, 2]
    assert report["attempts"][1]["escalation_reason"] == "truncation"
    assert "attempt 2" in ran.err
    assert [event.truncated for event in events()] == [True, False]


def test_a_pipe_gets_only_the_answer_that_counts(run: Run, service_at: Any) -> None:
    cut = Facts(text="Orders are ", end="length", output=4096)
    with service_at("openai", served("openai", cut), served("openai")):
        ran = run("call", PROMPT, *TASK)
    assert ran.out == Facts().text + "\n"


def test_what_stays_cut_off_is_printed_and_is_no_success(run: Run, service_at: Any) -> None:
    cut = Facts(text="Orders are ", end="length", output=4096)
    with service_at("anthropic", served("anthropic", cut)):
        ran = run("call", PROMPT, "--provider", "anthropic", *TASK, "--on-truncation", "stop")
    assert (ran.code, ran.out) == (1, "Orders are \n")
    assert "cut off at 4,096" in ran.err


def test_the_rest_is_put_behind_the_beginning(run: Run, service_at: Any) -> None:
    cut = Facts(text="Orders are ", end="length", output=4096)
    rest = Facts(text="totalled by line.", output=200)
    with service_at("gemini", served("gemini", cut), served("gemini", rest)):
        ran = run("call", PROMPT, "--provider", "gemini", *TASK, "--on-truncation", "continue")
    assert (ran.code, ran.out) == (0, "Orders are totalled by line.\n")
    assert len(events()) == 2


def test_a_refusal_is_said_and_is_no_success(run: Run, service_at: Any) -> None:
    with service_at("anthropic", served("anthropic", Facts(text="", end="refusal"))):
        ran = run("call", PROMPT, "--provider", "anthropic")
    assert (ran.code, ran.out) == (1, "")
    assert "refusal" in ran.err


def test_packs_go_before_the_prompt_within_their_budget(run: Run, service_at: Any, shop: Path) -> None:
    with service_at("openai", served("openai")) as service:
        ran = run("call", PROMPT, "--pack", shop, "--pack", shop, "--budget", "2k", *TASK)
    assert ran.code == 0, ran.err
    sent = service.bodies[0]["input"][0]["content"]
    assert sent.count("class Order") == 2
    assert sent.endswith(PROMPT)
    counted = run("count", sent, "-m", "gpt-5.5", "--json").json["count"]
    assert counted <= 2_100


def test_what_a_pack_talks_of_does_not_change_the_task(run: Run, service_at: Any, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "notes.md").write_text("# API reference\n\nAn api reference with examples, research and a usage guide.\n")
    words = ("--pack", notes, *TASK, "--deliverable", "docs/orders.md", "--workspace", tmp_path)
    with service_at("openai", served("openai")):
        assert run("call", PROMPT, *words).code == 0
        assert run("call", "Write an API reference with examples.", *words).code == 0
    assert {event.category for event in events()} == {"docs", "doc_synthesis"}


def test_a_pack_that_is_sent_is_kept_with_what_the_service_counted(run: Run, service_at: Any, shop: Path) -> None:
    with service_at("openai", served("openai", Facts(prompt=1900))):
        ran = run("call", PROMPT, "--pack", shop, "--budget", "2k", *TASK)
    assert ran.code == 0, ran.err
    with open_database("", create=False) as database:
        total, (pack,) = list_packs(database)
    assert (total, pack.budget_tokens, pack.model, pack.sent_tokens) == (1, 2000, "gpt-5.5", 1900)
    assert 0 < pack.actual_tokens <= 2000
    assert events()[0].pack_key == pack.dedupe_key


def test_the_prompt_may_come_from_stdin(run: Run, service_at: Any) -> None:
    with service_at("openai", served("openai")) as service:
        ran = run("call", "-", *TASK, stdin="Wie heißt du?\n".encode())
    assert ran.code == 0, ran.err
    assert service.bodies[0]["input"][0]["content"] == "Wie heißt du?\n"


def test_a_hard_cap_is_sent_and_nothing_above_it(run: Run, service_at: Any) -> None:
    cut = Facts(end="length", output=900)
    with service_at("openai", served("openai", cut)) as service:
        ran = run("call", PROMPT, "--mode", "full_file", "--hard-cap", "900")
    assert ran.code == 1
    assert [body["max_output_tokens"] for body in service.bodies] == [900]
    assert events()[0].hard_cap_tokens == 900


def test_a_model_of_nobody_is_called_where_a_provider_is_named(run: Run, service_at: Any) -> None:
    with service_at("openai", served("chat")) as service:
        ran = run("call", PROMPT, "--provider", "openai", "-m", "my-own-model", "--api", "chat")
    assert ran.code == 0, ran.err
    assert service.asked[0].path == "/v1/chat/completions"
    assert (service.bodies[0]["model"], service.bodies[0]["max_tokens"]) == ("my-own-model", 8192)
    assert run("call", PROMPT, "-m", "my-own-model").code == 3


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("call",), 2, "PROMPT"),
        (("call", "  "), 2, "empty"),
        (("call", "x", "--provider", "mistral", "-m", "mistral-large-4"), 2, "cannot be called"),
        (("call", "x", "-m", "mistral-large-4"), 2, "cannot be called"),
        (("call", "x", "--complexity", "huge"), 2, "low, medium, high"),
        (("call", "x", "-m", "gpt-4o", "--effort", "low"), 2, "no reasoning effort"),
        (("call", "x", "--thinking", "10"), 2, "thinking budget"),
        (("call", "x"), 3, "no key for openai"),
    ],
)
def test_mistakes_are_told_in_words(run: Run, words: tuple[str, ...], code: int, said: str) -> None:
    ran = run(*words)
    assert ran.code == code
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_a_key_is_written_nowhere(run: Run, service_at: Any) -> None:
    for provider in PROVIDERS:
        echoed = failed(provider, 401, "invalid_api_key", f"Incorrect API key provided: {SECRET}")
        with service_at(provider, echoed):
            ran = run("call", PROMPT, "--provider", provider, "--json")
        assert ran.code == 3
        assert "Incorrect API key provided: [key]" in ran.err
        assert "planted" not in ran.out + ran.err
    assert len(events()) == 3
    for folder in (data_dir(), cache_dir()):
        for path in folder.rglob("*"):
            assert not path.is_file() or b"planted" not in path.read_bytes(), path


def test_a_prompt_and_an_answer_are_written_nowhere(run: Run, service_at: Any) -> None:
    with service_at("openai", served("openai", Facts(text="A secret answer to remember."))):
        run("call", "A secret question to remember?", *TASK)
    for path in data_dir().rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert b"secret question" not in data
        assert b"secret answer" not in data


def test_a_database_that_cannot_be_used_breaks_no_call(run: Run, service_at: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database" * 100)
    with service_at("openai", served("openai")):
        ran = run("call", PROMPT, *TASK, "--db", f"sqlite:///{broken}")
    assert (ran.code, ran.out) == (0, Facts().text + "\n"), ran.err
    assert "warning" in ran.err


def test_a_terminal_shows_the_answer_while_it_comes_and_obeys_nothing_in_it() -> None:
    hold = threading.Event()
    slow = replace(served("openai", Facts(text="first \x1b[2J\x07 second")), hold=hold)
    screen, side = pty.openpty()
    with serving([slow]) as service:
        environment = {**os.environ, "OPENAI_API_KEY": SECRET, "OPENAI_BASE_URL": f"{service.url}/v1"}
        with subprocess.Popen(
            [sys.executable, "-m", "engine", "call", PROMPT, *TASK, "-q"], env=environment, stdout=side
        ) as process:
            os.close(side)
            shown = b""
            while b"first" not in shown:
                shown += os.read(screen, 1000)
            assert process.poll() is None
            hold.set()
            with contextlib.suppress(OSError):
                while piece := os.read(screen, 1000):
                    shown += piece
            assert process.wait(60) == 0
    os.close(screen)
    assert shown.decode() == "first \\x1b[2J\\x07 second\r\n"


def test_ctrl_c_while_the_service_thinks_ends_with_130_and_leaves_an_event() -> None:
    hold, asked = threading.Event(), threading.Event()
    slow = replace(served("openai"), hold=hold, then=asked.set)
    with serving([slow]) as service:
        environment = {**os.environ, "OPENAI_API_KEY": SECRET, "OPENAI_BASE_URL": f"{service.url}/v1"}
        with subprocess.Popen(
            [sys.executable, "-m", "engine", "call", PROMPT, *TASK],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert asked.wait(60)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        hold.set()
    assert process.returncode == 130, err
    assert (out, "interrupted" in err, "Traceback" in err) == ("", True, False)
    (event,) = events()
    assert (event.stop_reason, event.success, event.complete) == ("cancelled", False, False)
