"""Command lines: through the parser of every command, and whole for the quick ones."""

from __future__ import annotations

import contextlib
import io
import random
import sys
from functools import cache
from pathlib import Path

import click

from engine.cli.app import COMMANDS, cli, main
from engine.errors import PacksightError
from tests.fuzz.case import Target
from tests.fuzz.mutate import spoiled
from tests.fuzz.targets_files import home, told


@cache
def _grammar() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Words of every command, and its options."""
    found: list[tuple[tuple[str, ...], tuple[str, ...]]] = []

    def walk(command: click.Command, words: tuple[str, ...]) -> None:
        named = (name for one in command.params for name in (*one.opts, *one.secondary_opts))
        options = tuple(name for name in named if name.startswith("-"))
        if isinstance(command, click.Group) and words:
            for name, inner in command.commands.items():
                walk(inner, (*words, name))
        found.append((words, options))

    for name in COMMANDS:
        one = cli.get_command(click.Context(cli), name)
        assert one is not None
        walk(one, (name,))
    return tuple(found)


_ARGUMENTS = (
    b"src",
    b".",
    b"32k",
    b"40%",
    b"gpt-5",
    b"gpt-5,claude-opus-5-5",
    b"xml",
    b"json",
    b"code=2",
    b"tests=0..20%",
    b"*.py=0",
    b"-",
    b"--",
    b"",
    b"HEAD",
    b"main...",
    b"@1",
    b"lean",
    b"7d",
    b"2026-11-20",
    b"0",
    b"-1",
    b"1e9",
    b"--help",
    b"a=b",
    b"README.md:1-3",
)


def ended(code: int) -> None:
    """An exit code that the documentation knows."""
    assert code in (0, 1, 2, 3, 4), code


def make_line(dice: random.Random) -> bytes:
    """Make a command line of words that the program knows, spoiled here and there."""
    words, options = dice.choice(_grammar())
    line = [word.encode() for word in words]
    for _ in range(dice.randrange(6)):
        if options and dice.random() < 0.5:
            name = dice.choice(options).encode()
            line.append(name + b"=" + dice.choice(_ARGUMENTS) if dice.random() < 0.2 else name)
        else:
            line.append(dice.choice(_ARGUMENTS))
    if dice.random() < 0.6:
        at = dice.randrange(len(line))
        line[at] = spoiled(line[at], dice, _ARGUMENTS, _ARGUMENTS, most=2)
    return b"\x1f".join(one.replace(b"\x1f", b"").replace(b"\0", b"") for one in line)


def check_line(case: bytes) -> None:
    """Words are taken or refused by the parser, never anything else."""
    words = [one.decode("utf-8", "surrogateescape") for one in case.split(b"\x1f")]
    silent = io.StringIO()
    with contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent):
        try:
            context = cli.make_context("packsight", list(words))
            command: click.Command = cli
            while isinstance(command, click.Group) and (rest := [*context._protected_args, *context.args]):
                name, inner, rest = command.resolve_command(context, rest)
                assert inner is not None
                context, command = inner.make_context(name, rest, parent=context), inner
        except (click.ClickException, click.exceptions.Exit, click.Abort) as refused:
            ended(getattr(refused, "exit_code", 1))
        except PacksightError as error:
            told(error)


_RUN = ("models", "config", "estimate", "count", "budget", "profile", "telemetry", "calibrate", "cache", "db")
"""Commands that are run whole: they are quick where nothing is recorded."""
_HARMLESS = frozenset(
    ("--json", "--quiet", "--model", "-m", "--budget", "-b", "--category", "--complexity", "--limit", "--since")
)


def make_run(dice: random.Random) -> bytes:
    """Make a line for a command that is quick and writes nothing but what its folders hold."""
    while True:
        words, options = dice.choice(_grammar())
        if words[0] in _RUN and not {"import", "export", "backup"} & set(words):
            break
    line = [word.encode() for word in words]
    for _ in range(dice.randrange(4)):
        name = dice.choice(options) if options else "--json"
        line += [name.encode()] if name in _HARMLESS else []
        word = dice.choice(_ARGUMENTS)
        line.append(spoiled(word, dice, _ARGUMENTS, most=1) if dice.random() < 0.4 else word)
    return b"\x1f".join(one.replace(b"\x1f", b"").replace(b"\0", b"").replace(b"/", b"") for one in line)


def check_run(case: bytes) -> None:
    """A command ends with one of its exit codes and at most a few short lines about it."""
    words = [one.decode("utf-8", "surrogateescape") for one in case.split(b"\x1f")]
    if not words[0] or words[0] not in _RUN or "/" in case.decode("latin-1") or {"-o", "--output", "--to"} & set(words):
        return
    before = sys.stdin, sys.stdout, sys.stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    sys.stdin, sys.stdout, sys.stderr = io.TextIOWrapper(io.BytesIO(b"some text")), out, err
    try:
        with contextlib.chdir(_elsewhere()):
            code = main(words)
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    ended(code)
    complaint = err.buffer.getvalue().decode()
    assert "Traceback" not in complaint
    assert code != 3 or complaint.startswith("packsight: ")
    out.buffer.getvalue().decode()


@cache
def _elsewhere() -> Path:
    folder = home() / "elsewhere"
    folder.mkdir()
    return folder


TARGETS = (
    Target("cli", "command lines are read or refused", make_line, check_line, 40),
    Target("run", "quick commands end with their exit codes", make_run, check_run, 2),
)
