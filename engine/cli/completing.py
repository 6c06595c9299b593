"""What a shell offers behind a word that is being typed; loaded only when a shell asks.

Click writes and reads the shells' protocols. It is told here what options without a type of their own take, by the
word that their help has for the value, and which commands there are, without importing their modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
)

from engine.cli.app import COMMANDS, cli
from engine.cli.terminal import write_result
from engine.errors import PacksightError
from engine.model import CLASSES

VARIABLE = "_PACKSIGHT_COMPLETE"
"""Set by the shell's script when it asks."""

Offer = Callable[[str], list[CompletionItem]]


def _files(incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


def _folders(incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="dir")]


def _models(incomplete: str) -> list[CompletionItem]:
    """Models by id or alias; behind a comma the next one of a list."""
    from engine.inspector import Inspector

    given, comma, word = incomplete.rpartition(",")
    try:
        with Inspector(use_cache=False) as inspector:
            known = inspector.models()
    except PacksightError:
        return []
    names = [(name, model.provider) for model in known for name in (model.id, *model.aliases)]
    return [CompletionItem(given + comma + name, help=help) for name, help in names if name.startswith(word)]


def _classes(incomplete: str) -> list[CompletionItem]:
    """``CLASS=``, until the sign is there."""
    return [CompletionItem(f"{name.value}=") for name in CLASSES if name.value.startswith(incomplete)]


_OFFERS: dict[str, Offer] = {
    "ID": _models, "ID[,ID]...": _models,
    "FILE": _files, "PATH": _files, "[TEXT|FILE|DIR|-]...": _files, "[PATH]": _files,
    "DIR": _folders, "CLASS=N": _classes, "CLASS=MIN..MAX": _classes,
}  # fmt: skip
"""By what the help calls the value."""


class _Offering(ShellComplete):
    """What the shells' completions have in common here."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Offer commands and paths for the first word, and what the command takes for others."""
        if not args and not incomplete.startswith("-"):
            names = [
                CompletionItem(name, help=about) for name, about in COMMANDS.items() if name.startswith(incomplete)
            ]
            return names or _files(incomplete)
        root = click.Context(cli, info_name="packsight", resilient_parsing=True)
        command = cli.get_command(root, args[0]) if args else None
        for one in _below(command or cli.get_command(root, "inspect")):
            for parameter in one.params:
                offer = _OFFERS.get(parameter.metavar or "")
                # Models are named by --model alone; --id of others takes what only its user knows.
                if offer is _models and parameter.name not in ("model", "models"):
                    continue
                if offer is not None:
                    parameter.shell_complete = partial(_offered, offer)  # type: ignore[method-assign]
        return super().get_completions(args, incomplete)


def _offered(offer: Offer, context: click.Context, incomplete: str) -> list[CompletionItem]:
    return offer(incomplete)


def _below(command: click.Command | None) -> Iterator[click.Command]:
    if command is not None:
        yield command
    if isinstance(command, click.Group):
        for one in command.commands.values():
            yield from _below(one)


class _Bash(_Offering, BashComplete):
    pass


class _Zsh(_Offering, ZshComplete):
    pass


class _Fish(_Offering, FishComplete):
    pass


_COMPLETERS: dict[str, type[ShellComplete]] = {"bash": _Bash, "zsh": _Zsh, "fish": _Fish}


def answer(instruction: str) -> int:
    """Answer a shell that asks, as ``bash_complete``; gives the exit code."""
    shell, _, wanted = instruction.partition("_")
    if shell not in _COMPLETERS or wanted not in ("complete", "source"):
        return 1
    if wanted == "source":
        write_result(script(shell))
    else:
        write_result(_COMPLETERS[shell](cli, {}, "packsight", VARIABLE).complete())
    return 0


def script(shell: str) -> str:
    """The lines that teach a shell to ask."""
    return _COMPLETERS[shell](cli, {}, "packsight", VARIABLE).source_template % {
        "complete_func": "_packsight_completion",
        "complete_var": VARIABLE,
        "prog_name": "packsight",
    }
