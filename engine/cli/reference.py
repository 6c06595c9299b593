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
    for context in contexts():
        context.max_content_width = context.terminal_width = _COLUMNS
        parts.append(f"## {context.command_path}\n\n```\n{context.command.get_help(context)}\n```\n")
    return "\n".join(parts)


def contexts() -> Iterator[click.Context]:
    """Contexts of all commands as a run makes them.

    A command keeps the names of its help option from the first context it meets.
    """
    root = click.Context(cli, info_name="packsight", **cli.context_settings)
    for name in COMMANDS:
        command = cli.get_command(root, name)
        assert command is not None
        context = click.Context(command, root, name)
        yield context
        if isinstance(command, click.Group):
            for below, sub in command.commands.items():
                yield click.Context(sub, context, below)


if __name__ == "__main__":
    sys.stdout.write(reference())
