"""The reference of all commands as Markdown, made from the commands themselves: ``python -m engine.cli.reference``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from engine.cli.app import COMMANDS, cli

_COLUMNS = 100


def reference() -> str:
    """Write what ``docs/commands.md`` holds."""
    parts = ["# Commands\n\nMade by `python -m engine.cli.reference`; a test keeps it so.\n"]
    for words, command in _all():
        context = click.Context(command, info_name=" ".join(["packsight", *words]))
        context.max_content_width = context.terminal_width = _COLUMNS
        parts.append(f"## packsight {' '.join(words)}\n\n```\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def _all() -> Iterator[tuple[list[str], click.Command]]:
    root = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(root, name)
        assert command is not None
        yield [name], command
        if isinstance(command, click.Group):
            for below, sub in command.commands.items():
                yield [name, below], sub


if __name__ == "__main__":
    sys.stdout.write(reference())
