"""``python -m tui [PATH]`` and what the command line calls to open the app. Textual is imported here, not before."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.setup import Setup


def open_app(setup: Setup) -> int:
    """Run the app until the person leaves.

    Args:
        setup: What to open, with which engine.

    Returns:
        The exit code.
    """
    from tui.memory import hold_memory

    hold_memory()
    from tui.app import PacksightApp

    app = PacksightApp(setup)
    app.run()
    return app.return_code or 0


if __name__ == "__main__":
    from engine.cli.main import run

    sys.argv[0] = "packsight"
    run()
