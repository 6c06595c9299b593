"""The group of commands, loaded one by one, and the one place where errors become words and exit codes."""

from __future__ import annotations

import difflib
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from engine.cli.streams import ReaderGone, own_streams
from engine.cli.terminal import complain
from engine.errors import PacksightError

COMMANDS = {
    "budget": "the saved budget of a repository and model",
    "cache": "what analyses are kept, and forgetting them",
    "calibrate": "learn output budgets from recorded calls: propose, replay, apply, roll back",
    "call": "send a prompt to a provider under the output budget of a task; record it",
    "check": "the budget gate for CI: exit 1 when a limit is broken",
    "completion": "make a shell complete commands, options, models and paths",
    "config": "settings in force and where each comes from",
    "count": "tokens of text, files, folders or stdin",
    "db": "the database of what you would miss: status, upgrade, backup",
    "diff": "two packs: what enters, leaves, changes level",
    "doctor": "whether git, grammars, tokenizers, cache, database, extras and plugins work here",
    "estimate": "how many output tokens to allow a call, with the decision trace",
    "inspect": "what fills the window (the default command)",
    "mcp": "packs, searches and counts for coding agents (MCP server on stdio)",
    "models": "the catalog of models",
    "pack": "the packed context of a repository",
    "profile": "saved weights, shares, pins and budgets of a repository and model",
    "scan": "profile of a repository: tokens per class, language, folder, level",
    "search": "ranked chunks that answer a query, packed into the budget",
    "serve": "the inspector in a browser, on loopback",
    "show": "one file or chunk at a level",
    "spec": "every command, option and JSON result, described for programs",
    "telemetry": "recorded calls: record, list, show, report, export",
    "watch": "live counts of what an editor has open, and the budget they leave (JSON on stdin and stdout)",
}
"""Every command with its line of help; its module is imported when it runs."""

_LASTING = frozenset({"inspect", "mcp", "serve", "watch"})
"""Commands that run until somebody ends them: in their processes garbage is looked for as usual."""

LEAST_MEMORY_BYTES = 320 << 20
"""Of address space, for the smallest repository: the vocabulary that is counted with, and room to work."""


class Commands(click.Group):
    """A group that imports a command's module on demand and takes a bare path as ``inspect PATH``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in _LASTING:
            from engine.cli.main import USUAL_COLLECTION

            gc.set_threshold(*USUAL_COLLECTION)
        command: click.Command = import_module(f"engine.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or read the first word as the folder to inspect."""
        word = args[0]
        if word in COMMANDS:
            return super().resolve_command(ctx, args)
        if word.startswith("-") or os.sep in word or os.path.exists(word):
            return "inspect", self.get_command(ctx, "inspect"), args
        nearest = difflib.get_close_matches(word, COMMANDS, 1)
        hint = f"did you mean '{nearest[0]}'?" if nearest else f"commands: {', '.join(COMMANDS)}"
        raise click.UsageError(f"'{word}' is neither a command nor a folder; {hint}")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing their modules."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Inspect the current folder when no word is given."""
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help", "--version", "-V")):
            args = ["inspect", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(None, "-V", "--version", package_name="packsight", message="packsight %(version)s")
def cli() -> None:
    """A budget inspector for LLM context.

    \b
    packsight [PATH]                what fills the window
    packsight pack . -b 32k         the most useful content within 32,000 tokens
    packsight count README.md -m gpt-5.5,claude-opus-5-5
    """


def main(arguments: Sequence[str]) -> int:
    """Run the commands.

    Returns:
        The exit code: 0 fine, 1 a check failed, 2 bad usage, 3 unusable input, 4 budget too small, 130 interrupted.
    """
    with own_streams():
        if asked := os.environ.get("_PACKSIGHT_COMPLETE"):
            code: int = import_module("engine.cli.completing").answer(asked)
            return code
        return _too_little_memory() or _run(arguments)


def _too_little_memory() -> int:
    """Refuse to begin where vocabularies could not be loaded: native code ends the process when it gets no memory."""
    try:
        import resource
    except ImportError:  # not on Windows
        return 0
    limit_bytes = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit_bytes == resource.RLIM_INFINITY or limit_bytes >= LEAST_MEMORY_BYTES:
        return 0
    complain(
        f"only {limit_bytes >> 20:,} MB of memory are allowed here",
        f"raise the limit to {LEAST_MEMORY_BYTES >> 20:,} MB at least: ulimit -v {LEAST_MEMORY_BYTES >> 10}",
    )
    return PacksightError.exit_code


def _run(arguments: Sequence[str]) -> int:
    try:
        code = cli.main(list(arguments), prog_name="packsight", standalone_mode=False)
    except ReaderGone:
        return 0
    except PacksightError as error:
        complain(error.message, error.hint)
        return error.exit_code
    except MemoryError:
        complain("there is not enough memory", "close other programs, or raise the limit: ulimit -v")
        return PacksightError.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        complain("interrupted", "")
        return 130
    except click.exceptions.NoArgsIsHelpError as error:
        # Its message is the help of a group, which is for reading.
        sys.stderr.write(error.format_message().rstrip() + "\n")
        return error.exit_code
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        complain(
            error.format_message(), f"see '{context.command_path} --help'" if context else "see 'packsight --help'"
        )
        return error.exit_code
    return code if isinstance(code, int) else 0
