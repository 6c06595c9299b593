"""What is written about the program says what the program does."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from engine.cli.app import COMMANDS, cli, main
from engine.cli.reference import reference

ROOT = Path(__file__).parents[2]


def test_the_reference_of_commands_is_made_from_them() -> None:
    assert (ROOT / "docs" / "commands.md").read_text("utf-8") == reference()


@pytest.mark.parametrize("words", [("scan", "--help"), ("cache", "status", "-h"), ("profile", "--help")])
def test_the_reference_is_the_same_after_commands_ran(
    words: tuple[str, ...], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(words) == 0
    assert reference() == (ROOT / "docs" / "commands.md").read_text("utf-8")
    shown = capfdbinary.readouterr().out.decode()
    assert shown.partition("[OPTIONS]")[0] in reference()
    assert "-h, --help" in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_says_what_it_does(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    commands = [command, *(command.commands.values() if isinstance(command, click.Group) else ())]
    for one in commands:
        assert one.help, one.name
        for parameter in one.params:
            assert isinstance(parameter, click.Argument) or parameter.help, (one.name, parameter.name)
