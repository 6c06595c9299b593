"""``packsight serve``: the inspector in a browser, on loopback."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click

from engine.cli.options import model_option, path_argument, profile_option
from engine.errors import InputError


@click.command(name="serve")
@path_argument
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port; 0 for any free one."
)
@model_option
@click.option(
    "--budget", "-b", "--token-budget", "budget", metavar="N", help="Tokens: 32000, 32k, 1M or 40% of the window."
)
@profile_option
def command(path: str, port: int, model: str | None, budget: str | None, profile: str | None) -> None:
    """Open the inspector in a browser. Only this machine reaches it, by the address that is printed."""
    if not Path(path).exists():
        raise InputError(f"there is no folder '{path}'", "give a repository, a folder or a file")
    try:
        serve = import_module("tui.serve").serve
    except ModuleNotFoundError as error:
        raise InputError(
            f"serving needs {error.name}, which is not installed", "pip install 'packsight[serve]'"
        ) from error
    words = [word for name, value in (("--model", model), ("--budget", budget), ("--profile", profile)) if value
             for word in (name, value)]  # fmt: skip

    def tell(address: str) -> None:
        sys.stderr.write(f"packsight is at {address}\nctrl-c stops it\n")
        sys.stderr.flush()

    serve(Path(path), words, port, tell)
