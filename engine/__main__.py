"""``python -m engine``: the command line, where its script is not on the path."""

from __future__ import annotations

from engine.cli.main import run

if __name__ == "__main__":
    run()
