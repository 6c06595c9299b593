"""``packsight call``: send a prompt, with packs if wanted, under the output budget of a task, and record it."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.budget import parse_budget
from engine.cli.call_report import as_json, told
from engine.cli.options import db_option, model_option, named, record_option
from engine.cli.query import LONGEST_BYTES
from engine.cli.session import Session, scan_request, session
from engine.cli.terminal import complain, visible, write_result
from engine.errors import InputError, UsageError

if TYPE_CHECKING:
    from engine.telemetry.providers import Answer, CallRequest

_STDIN = "-"
_ON_TRUNCATION = ("escalate", "continue", "stop")
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_LONGEST_QUERY = 2000
"""Characters of a prompt that a pack is chosen for; a longer one is no question."""


@click.command(name="call")
@click.argument("prompt", metavar="PROMPT|-", callback=named)
@click.option(
    "--pack", "packs", multiple=True, metavar="PATH", help="Put a packed folder before the prompt; repeatable."
)
@click.option(
    "--budget", "-b", "--token-budget", "budget", metavar="N", help="Tokens for all packs: 32000, 32k or 40%."
)
@click.option("--provider", default="", metavar="NAME", help="openai, anthropic or gemini (default: the model's).")
@model_option
@click.option("--category", default="", metavar="NAME", help="Kind of work: docs, tests, implementation, …")
@click.option("--complexity", default="", metavar="LEVEL", help="low, medium or high (default: medium).")
@click.option(
    "--deliverable", "deliverables", multiple=True, metavar="PATH",
    callback=lambda context, option, values: [named(context, option, value) for value in values],
    help="File that the answer is to hold, with or without words ('add docs/usage.md'); repeatable.",
)  # fmt: skip
@click.option("--mode", default="", metavar="NAME", help="full_file, large_refactor or diff (default: rules decide).")
@click.option("--hard-cap", type=click.IntRange(min=1), metavar="N", help="Your own limit for the whole answer.")
@click.option("--system", default="", metavar="TEXT", help="Instructions beside the prompt.")
@click.option("--effort", type=click.Choice(_EFFORTS), help="Reasoning effort, for models that take one.")
@click.option(
    "--thinking", type=click.IntRange(min=0), metavar="N", help="Tokens the model may think, within the ceiling."
)
@click.option(
    "--on-truncation", type=click.Choice(_ON_TRUNCATION), default="escalate", show_default=True,
    help="Ask once more with more room, ask for the rest, or leave it.",
)  # fmt: skip
@click.option("--retries", type=click.IntRange(0, 10), default=2, show_default=True, help="Tries after failures.")
@click.option(
    "--timeout", type=click.FloatRange(1, 86_400), default=600.0, show_default=True, metavar="S",
    help="Longest time without a sign of life, in seconds.",
)  # fmt: skip
@click.option("--api", default="", metavar="NAME", help="responses or chat, for servers that speak only one.")
@click.option("--no-stream", is_flag=True, help="Ask for the answer in one piece.")
@click.option("--workspace", type=click.Path(), default=".", metavar="DIR", help="Folder that deliverables are in.")
@click.option("--run-id", default="", metavar="ID", help="Stored with the call.")
@click.option("--phase-id", default="", metavar="ID", help="Stored with the call.")
@db_option
@record_option
@click.option("--no-cache", is_flag=True, help="Read everything anew and write nothing to the cache.")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no report on stderr.")
@click.option("--json", "print_json", is_flag=True, help="Print answer, decision and attempts as JSON.")
def command(
    prompt: str, packs: tuple[str, ...], budget: str | None, provider: str, model: str | None, category: str,
    complexity: str, deliverables: list[str], mode: str, hard_cap: int | None, system: str, effort: str | None,
    thinking: int | None, on_truncation: str, retries: int, timeout: float, api: str, no_stream: bool, workspace: str,
    run_id: str, phase_id: str, db: str | None, no_record: bool, no_cache: bool, quiet: bool, print_json: bool,
) -> int:  # fmt: skip
    """Send PROMPT (- reads stdin) to a model under the output budget of a task; every attempt is recorded.

    The answer goes to stdout, the report to stderr. Keys come from OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or
    GOOGLE_API_KEY, or from a keyring; they are never stored. Exit code 1: the answer is cut off or was refused.

    \b
    packsight call 'Summarise this project' --pack . --category docs --complexity low
    packsight call - --provider anthropic --on-truncation continue < task.md
    """
    from engine.telemetry.providers import CallRequest

    request = CallRequest(
        provider=provider,
        model=model or "",
        category=category,
        complexity=complexity,
        deliverables=deliverables,
        workspace=Path(workspace),
        mode=mode,
        hard_cap_tokens=hard_cap,
        system=system,
        api=api,
        effort=effort or "",
        thinking_tokens=thinking,
        stream=not no_stream,
        retries=retries,
        on_truncation=on_truncation,
        timeout_s=timeout,
        run_id=run_id,
        phase_id=phase_id,
    )
    asked = _prompt(prompt)
    flags = {"model": model, "db": db, "budget": budget, "record": False if no_record else None}
    with session(None, flags, quiet=quiet, no_cache=no_cache) as opened:
        sent, pack_key = _with_packs(opened, request, packs, asked, flags)
        # What a pack talks of is not what is asked for.
        request = replace(request, description=asked, pack_key=pack_key)
        answer = _send(opened, request, sent, silent=print_json)
        if print_json:
            write_result(json.dumps(as_json(answer), indent=2))
        if not quiet:
            sys.stderr.write("\n".join(visible(line) for line in told(answer)) + "\n")
    return 0 if answer.reply.usable and not answer.truncated else 1


def _prompt(written: str) -> str:
    if written != _STDIN:
        if not written.strip():
            raise UsageError("the prompt is empty", "packsight call 'what to ask'")
        return written
    if sys.stdin is None:
        raise InputError("stdin cannot be read: it is closed")
    data = sys.stdin.buffer.read(64 * LONGEST_BYTES + 1)
    if len(data) > 64 * LONGEST_BYTES:
        raise InputError("the prompt on stdin is longer than any window", "send less")
    text = data.decode("utf-8", "replace")
    if not text.strip():
        raise InputError("there is no prompt on stdin")
    return text


def _with_packs(
    opened: Session, request: CallRequest, packs: tuple[str, ...], prompt: str, flags: dict[str, Any]
) -> tuple[str, str]:
    """The packs and the prompt behind them, and the key of the pack when there is one.

    Each gets the same share of the budget and is chosen for the prompt.
    """
    if not packs:
        return prompt, ""
    inspector = opened.inspector
    model = inspector.model_of_call(request, opened.config)
    parts, made = [], []
    for path in packs:
        here = Session(inspector, inspector.config(Path(path) if Path(path).is_dir() else None, flags))
        scan = replace(scan_request(here, path, None), model=model.id)
        wanted = inspector.request(scan, here.config, None, prompt if len(prompt) <= _LONGEST_QUERY else "")
        share = parse_budget(wanted.budget, model.context_window) // len(packs)
        wanted = replace(wanted, budget=max(1, share))
        packed = inspector.pack(wanted)
        parts.append(packed.text)
        made.append((wanted, packed.report))
    # What was sent for several packs cannot be told apart.
    beside = f"{request.system}\n\n{prompt}" if len(made) == 1 else None
    keys = [inspector.record_pack(*one, opened.config, made_by="call", beside=beside) for one in made]
    return "\n\n".join([*parts, prompt]), keys[0] if len(keys) == 1 else ""


def _send(opened: Session, request: CallRequest, prompt: str, *, silent: bool) -> Answer:
    """Call. On a terminal text appears as it comes, and so it does wherever nothing can make it start over."""
    terminal = sys.stdout.isatty()
    live = not silent and (terminal or request.on_truncation != "escalate")
    last = ""

    def say(text: str) -> None:
        nonlocal last
        sys.stdout.write(_harmless(text) if terminal else text)
        last = text[-1:] or last

    def restart(why: str) -> None:
        sys.stdout.write("\n")
        complain(f"{why}; the answer starts over", "")

    with _final_interrupts():
        answer = opened.inspector.ask(
            request, prompt, opened.config, say=say if live else None, restart=restart if terminal else None
        )
    if live and last not in ("", "\n"):
        sys.stdout.write("\n")
    elif not live and not silent:
        write_result(answer.text)
    return answer


def _harmless(text: str) -> str:
    """What a model wrote, without anything that a terminal would obey."""
    return "".join(char if char in "\n\t" else visible(char) for char in text)


@contextlib.contextmanager
def _final_interrupts() -> Iterator[None]:
    """Let ctrl-c end a call at once, also while it waits for the service; the attempt is recorded on the way out."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
