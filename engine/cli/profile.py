"""``packsight profile``: what packs of a repository should be like, saved under names."""

from __future__ import annotations

import click

from engine.cli.profile_edit import import_, reset, save, set_, use
from engine.cli.profile_learn import learn
from engine.cli.profile_move import export, suggest
from engine.cli.profile_outcome import outcome
from engine.cli.profile_read import diff, history, list_, show


@click.group(name="profile")
def command() -> None:
    """Profiles of a repository and model: weights, shares, pins, budget. One may be in use.

    The profile in use goes before the repository's .packsight.toml and behind environment and flags. NAME@2 is
    version 2 of a profile. A last word with a slash, or a lone dot, is the PATH of the repository.
    """


for one in (list_, show, suggest, set_, save, use, reset, export, import_, history, diff, learn, outcome):
    command.add_command(one)
