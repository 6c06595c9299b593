"""Peers of edit recall that are installed here: what they make of a tree, cut off where the budget ends.

They know neither a query nor a budget; each text is made once for a task and read from its beginning.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.tokens import tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS: dict[str, tuple[str, ...]] = {
    "repomix": ("repomix", "--quiet", "--style", "plain", "--output", "{out}", "{tree}"),
    "repomix compress": ("repomix", "--quiet", "--compress", "--style", "plain", "--output", "{out}", "{tree}"),
    "gitingest": ("gitingest", "{tree}", "--output", "{out}"),
    "files-to-prompt": ("files-to-prompt", "{tree}", "--output", "{out}"),
    "codetoprompt": ("codetoprompt", "{tree}", "--output", "{out}"),
}
"""How each is run."""
LIMIT_S = 120
_LONGEST_TOKEN = 12
"""Characters of a token on average, at most: what lies behind so many a token cannot be within a budget."""


def installed() -> list[str]:
    """Peers whose programs are on the path."""
    return [name for name, words in COMMANDS.items() if shutil.which(words[0])]


@contextmanager
def exported(repo: Path, revision: str) -> Iterator[Path]:
    """The tree of a revision as a folder."""
    ran = subprocess.run(["git", "-C", str(repo), "archive", "--format=tar", revision], capture_output=True, check=True)
    with tempfile.TemporaryDirectory(prefix="packsight-peer-") as folder:
        tree = Path(folder) / "tree"
        with tarfile.open(fileobj=io.BytesIO(ran.stdout)) as archive:
            archive.extractall(tree, filter="data")
        yield tree


def made_by(name: str, tree: Path) -> str:
    """The whole text that a peer makes of a folder, or nothing where it fails."""
    out = tree.parent / "peer.txt"
    words = [word.format(out=out, tree=tree) for word in COMMANDS[name]]
    try:
        subprocess.run(words, cwd=tree.parent, capture_output=True, check=True, timeout=LIMIT_S)
        return out.read_text("utf-8", "replace")
    except (subprocess.SubprocessError, OSError):
        return ""
    finally:
        out.unlink(missing_ok=True)


def cut(text: str, budgets: Sequence[int]) -> dict[int, str]:
    """By budget the longest beginning that fits, in whole lines."""
    count = tokenizer("o200k_base").count
    found = {}
    for budget in budgets:
        lines = text[: budget * _LONGEST_TOKEN].splitlines()
        fits, over = 0, len(lines) + 1
        while over - fits > 1:
            middle = (fits + over) // 2
            if count("\n".join(lines[:middle])) <= budget:
                fits = middle
            else:
                over = middle
        found[budget] = "\n".join(lines[:fits])
    return found
