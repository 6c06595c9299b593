"""What the commands are, taken from the objects that run them; results from ``results.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import click

from engine import __version__, errors
from engine.cli.app import COMMANDS, cli

FORMAT = 1
"""Version of the description itself: raised when a key of it is removed or means something else."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LIMITS = ("min", "max", "min_open", "max_open")
_FINE = {0: "fine", 1: "a check failed, or rows were refused"}


def described() -> dict[str, Any]:
    """Every command as JSON values; the keys are a contract that ``format`` numbers."""
    schemas = results()
    root = click.Context(cli, info_name="packsight", **cli.context_settings)
    return {
        "format": FORMAT,
        "version": __version__,
        "schema_dialect": _DIALECT,
        "exit_codes": exit_codes(),
        "commands": [_command(context, schemas) for context in contexts(root)],
    }


def contexts(root: click.Context) -> Iterator[click.Context]:
    """A context for every command that can be run, in the order of the help."""
    for name in COMMANDS:
        command = cli.get_command(root, name)
        if command is not None:
            yield from _below(command, root, name)


def exit_codes() -> dict[str, str]:
    """Exit codes and what they mean, from the errors that end in them."""
    meanings = dict(_FINE)
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.PacksightError) and kind is not errors.PacksightError:
            meanings.setdefault(kind.exit_code, str(kind.__doc__).partition(".")[0].strip())
    return {str(code): meanings[code] for code in sorted(meanings)}


def results() -> dict[str, Any]:
    """JSON schemas of what commands print with ``--json``, by command; with the option behind it where that decides."""
    found: dict[str, Any] = json.loads((files("engine.cli") / "results.json").read_text("utf-8"))
    return found


def _below(command: click.Command, parent: click.Context, name: str) -> Iterator[click.Context]:
    context = click.Context(command, parent, name)
    if isinstance(command, click.Group):
        for sub, below in command.commands.items():
            yield from _below(below, context, sub)
    else:
        yield context


def _command(context: click.Context, schemas: dict[str, Any]) -> dict[str, Any]:
    command = context.command
    name = context.command_path.removeprefix("packsight ")
    variants = {
        key.removeprefix(name).strip(): schema for key, schema in schemas.items() if key.startswith(f"{name} -")
    }
    return {
        "name": name,
        "summary": command.get_short_help_str(1_000),
        "help": _plain(command.help or ""),
        "usage": " ".join(command.get_usage(context).split()),
        "parameters": [_parameter(one, context) for one in command.params],
        "result": schemas.get(name),
        "results_with": variants,
    }


def _parameter(one: click.Parameter, context: click.Context) -> dict[str, Any]:
    info = one.to_info_dict()
    kind = info["type"]
    limits = {key: kind[key] for key in _LIMITS if kind.get(key) is not None and kind[key] is not False}
    return {
        "name": one.name,
        "kind": "option" if isinstance(one, click.Option) else "argument",
        "flags": [*one.opts, *one.secondary_opts] if isinstance(one, click.Option) else [],
        "metavar": one.make_metavar(context),
        "type": "flag" if info.get("is_flag") else str(kind["name"]),
        "choices": list(map(str, kind.get("choices", ()))),
        "limits": limits,
        "default": _default(one, context),
        "required": bool(one.required),
        "multiple": bool(one.multiple or one.nargs == -1) if isinstance(one, click.Option) else one.nargs == -1,
        "values": one.nargs,
        "environment": _variable(one),
        "help": _plain(str(getattr(one, "help", None) or "")),
    }


def _default(one: click.Parameter, context: click.Context) -> Any:
    value = one.get_default(context)
    if isinstance(value, tuple | list):
        return list(value)
    return value if isinstance(value, str | int | float | bool) else None


def _variable(one: click.Parameter) -> str | None:
    """The environment variable that settles the same where the option is not given."""
    from engine.config import ENVIRONMENT

    if isinstance(one, click.Option) and f"--{one.name}" in one.opts:
        return ENVIRONMENT.get(str(one.name))
    return None


def _plain(text: str) -> str:
    """Help without the marks that keep a paragraph as it is laid out."""
    return "\n".join(line for line in text.splitlines() if line.strip() != "\b").strip()
