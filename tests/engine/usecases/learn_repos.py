"""Repositories made by code whose history edits one thing, or anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.engine.walk.repos import commit, make, write

MODULES = 8
PARTS = 4


def _text(kind: str, number: int, turns: Sequence[int]) -> str:
    """A module whose functions have lines of their own; ``turns`` is how often each function was edited."""
    lines = [f'"""{kind} {number}."""', ""]
    for part in range(PARTS):
        lines += [
            f"def {kind}_{number}_{part}(value):",
            f'    """Do step {part} of {kind} {number}."""',
            f"    first_{kind}_{number}_{part} = value + {100 * number + part}",
            f"    second_{kind}_{number}_{part} = first_{kind}_{number}_{part} * {turns[part]} + {1000 + number}",
            f"    assert second_{kind}_{number}_{part} != {number}, 'step {part}'",
            f"    return second_{kind}_{number}_{part}",
            "",
            "",
        ]
    return "\n".join(lines)


def _path(kind: str, number: int) -> str:
    return f"tests/test_part{number}.py" if kind == "test" else f"shop/part{number}.py"


def edited_history(root: Path, kinds: Sequence[str], commits: int = 24) -> Path:
    """A repository whose commits each edit one line of a function, of one of ``kinds`` (``code``, ``test``)."""
    turns = {(kind, number): [1] * PARTS for kind in ("code", "test") for number in range(MODULES)}
    repo = make(root, {_path(*key): _text(*key, of) for key, of in turns.items()})
    draw = Random(7)
    for at in range(commits):
        key = (kinds[at % len(kinds)], draw.randrange(MODULES))
        turns[key][draw.randrange(PARTS)] += 1
        write(repo, {_path(*key): _text(*key, turns[key])})
        commit(repo, f"another round of work, number {at}", 1_700_000_000 + at * 3_600)
    return repo
