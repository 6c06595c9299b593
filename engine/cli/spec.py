"""``packsight spec``: every command, option, exit code and JSON result, described for programs."""

from __future__ import annotations

import json
from typing import Any

import click

from engine.cli.described import described
from engine.cli.tables import table
from engine.cli.terminal import write_result
from engine.errors import UsageError


@click.command(name="spec")
@click.argument("name", metavar="[COMMAND]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(name: tuple[str, ...], as_json: bool) -> None:
    """Describe the commands for programs; with a COMMAND, only it and what is below it.

    \b
    packsight spec --json            all of it: arguments, options, exit codes, JSON schemas of results
    packsight spec telemetry list    one command as text
    """
    found = described()
    wanted = " ".join(name)
    if wanted:
        rows = [row for row in found["commands"] if f"{row['name']} ".startswith(f"{wanted} ")]
        if not rows:
            import difflib

            near = difflib.get_close_matches(wanted[:60], [row["name"] for row in found["commands"]], 3)
            hint = f"did you mean {', '.join(near)}?" if near else "packsight spec names them all"
            raise UsageError(f"there is no command '{wanted[:60]}'", hint)
        found["commands"] = rows
    write_result(json.dumps(found, indent=2) if as_json else _text(found, detailed=bool(wanted)))


def _text(found: dict[str, Any], *, detailed: bool) -> str:
    if detailed:
        return "\n\n".join(_details(row) for row in found["commands"])
    rows = [(row["name"], "yes" if row["result"] else "no", row["summary"]) for row in found["commands"]]
    codes = "\n".join(f"{code:>4}  {meaning}" for code, meaning in found["exit_codes"].items())
    return (
        f"packsight {found['version']}\n\n{table(('command', 'json', 'what it is'), rows)}"
        f"\n\nexit codes\n\n{codes}\n\npacksight spec COMMAND describes one, packsight spec --json everything."
    )


def _details(row: dict[str, Any]) -> str:
    lines = [row["usage"], "", f"  {row['summary']}"]
    if row["parameters"]:
        rows = [(_spelling(one), _kind(one), one["help"]) for one in row["parameters"]]
        lines += ["", table(("parameter", "type", "what it is"), rows)]
    if row["result"]:
        keys = _keys(row["result"])
        lines += ["", f"--json prints {'a list of objects' if row['result'].get('type') == 'array' else 'an object'}"]
        lines += [f"  {', '.join(keys)}"] if keys else []
    return "\n".join(lines)


def _keys(schema: dict[str, Any]) -> list[str]:
    """Keys of an object, of the objects of a list, or of the first of several forms."""
    if "anyOf" in schema:
        return _keys(schema["anyOf"][0])
    if schema.get("type") == "array":
        return _keys(schema.get("items", {}))
    return list(schema.get("properties", {}))


def _spelling(one: dict[str, Any]) -> str:
    return ", ".join(one["flags"]) if one["kind"] == "option" else one["metavar"]


def _kind(one: dict[str, Any]) -> str:
    kind = "|".join(one["choices"]) if one["choices"] else one["type"]
    marks = [word for word, holds in (("required", one["required"]), ("repeatable", one["multiple"])) if holds]
    default = f"default {one['default']}" if one["default"] not in (None, False, [], "") else ""
    return ", ".join(filter(None, (kind, *marks, default)))
