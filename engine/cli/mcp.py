"""``packsight mcp``: the MCP server on stdin and stdout."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click

from engine.cli.options import db_option
from engine.cli.terminal import complain
from engine.errors import InputError


@click.command(name="mcp")
@click.option(
    "--root", "roots", multiple=True, metavar="DIR", type=click.Path(),
    help="Folder that may be read, also when the client allows more; repeatable. Without it the client's roots count, "
    "or else the current folder.",
)  # fmt: skip
@db_option
@click.option("--no-cache", is_flag=True, help="Read everything anew and write nothing.")
def command(roots: tuple[str, ...], db: str | None, no_cache: bool) -> None:
    """Serve coding agents by the Model Context Protocol on stdin and stdout, until the client closes stdin.

    \b
    claude mcp add packsight -- packsight mcp
    codex mcp add packsight -- packsight mcp
    """
    for root in roots:
        if not root or not Path(root).exists():
            raise InputError(f"there is no folder '{root}'", "give an existing one with --root")
    try:
        # Its dependencies first: what is missing of ours would be no missing extra.
        import_module("mcp.server.lowlevel")
    except ModuleNotFoundError as error:
        raise InputError(f"mcp needs {error.name}, which is not installed", "pip install 'packsight[mcp]'") from error
    server, stdio = import_module("engine.mcp.server"), import_module("engine.mcp.stdio")
    allowed = import_module("engine.mcp.roots").roots_of(roots or (Path.cwd(),), "the command line")
    if sys.stdin is not None and sys.stdin.isatty():
        complain(
            "waiting for a client on stdin; agents start this command themselves", "see docs/mcp.md; ctrl-c ends it"
        )
    stdio.serve(server.Options(allowed, bool(roots), db or "", not no_cache))
