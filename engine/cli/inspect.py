"""``packsight [PATH]``: what fills the window."""

from __future__ import annotations

import click

from engine.cli.scan import command as scan

command = click.Command(
    name="inspect",
    callback=scan.callback,
    params=scan.params,
    help="What fills the window of a model: the summary of a scan.",
)
