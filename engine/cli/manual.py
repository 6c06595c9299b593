"""The manual page, made from the commands themselves: ``python -m engine.cli.manual > docs/packsight.1``."""

from __future__ import annotations

import sys

import click

from engine import __version__
from engine.cli.app import COMMANDS, cli
from engine.cli.reference import contexts

_EXIT_CODES = (
    ("0", "fine"),
    ("1", "a check failed"),
    ("2", "bad usage"),
    ("3", "input that cannot be used: no repository, an unreadable file, an unknown model"),
    ("4", "the budget cannot hold even the smallest pack; the message names the smallest that can"),
    ("130", "interrupted"),
)


def manual() -> str:
    """Write what ``docs/packsight.1`` holds, in the man macros."""
    root = click.Context(cli, info_name="packsight")
    lines = [
        '.\\" Made by python -m engine.cli.manual; a test keeps it so.',
        f'.TH PACKSIGHT 1 "" "packsight {__version__}" "User Commands"',
        ".SH NAME",
        f"packsight \\- {_text('a budget inspector for LLM context')}",
        ".SH SYNOPSIS",
        ".B packsight",
        _text("[COMMAND] [OPTION]... [PATH]"),
        ".SH DESCRIPTION",
        *_paragraphs(cli.help or ""),
        ".SH COMMANDS",
        *(line for name, about in COMMANDS.items() for line in (".TP", f".B {_text(name)}", _text(about))),
    ]
    for context in contexts():
        lines += [f'.SH "{_text(context.command_path.upper())}"', *_command(context)]
    lines += [".SH EXIT STATUS"]
    lines += [line for code, meaning in _EXIT_CODES for line in (".TP", f".B {code}", _text(meaning))]
    root.close()
    return "\n".join(lines) + "\n"


def _command(context: click.Context) -> list[str]:
    """Usage, description and options of one command."""
    command = context.command
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [".PP", f".B {_text(context.command_path)}", _text(usage), *_paragraphs(command.help or "")]
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            lines += [".TP", f".B {_text(name)}", _text(below.get_short_help_str(200))]
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            lines += [".TP", f".B {_text(record[0])}", _text(record[1])]
    return lines


def _paragraphs(written: str) -> list[str]:
    """Paragraphs of a help text; those that keep their lines are told by a mark of click's."""
    lines: list[str] = []
    for paragraph in written.split("\n\n"):
        kept = "\b" in paragraph
        words = [line.rstrip() if kept else line.strip() for line in paragraph.splitlines() if line.strip("\b ")]
        text = [_text(line) for line in words]
        lines += [".PP", ".nf", *text, ".fi"] if kept else [".PP", *text]
    return lines


def _text(written: str) -> str:
    """Text without meaning to the formatter: backslashes, hyphens, and what would be a request at a line's start."""
    escaped = " ".join(written.splitlines()).replace("\\", "\\e").replace("-", "\\-")
    escaped = "".join(one if one.isascii() else f"\\[u{ord(one):04X}]" for one in escaped)
    return f"\\&{escaped}" if escaped[:1] in (".", "'") else escaped


if __name__ == "__main__":
    sys.stdout.write(manual())
