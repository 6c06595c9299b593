"""``packsight completion``: the script that teaches a shell to complete."""

from __future__ import annotations

import click

from engine.cli.terminal import write_result


@click.command(name="completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(shell: str) -> None:
    """Print what makes a shell complete commands, options, models and paths.

    \b
    bash   echo 'eval "$(packsight completion bash)"' >> ~/.bashrc
    zsh    echo 'eval "$(packsight completion zsh)"' >> ~/.zshrc
    fish   packsight completion fish > ~/.config/fish/completions/packsight.fish
    """
    from engine.cli.completing import script

    write_result(script(shell))
