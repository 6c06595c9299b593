"""GitPython's runner is loaded without the rest of GitPython, and in nobody's way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.walk.repos import make

_LIST = "from pathlib import Path; from engine.walk import open_listing; open_listing(Path(sys.argv[1]))\n"


def _ran(code: str, root: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "import sys\n" + code, str(root)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_who_imports_gitpython_later_gets_it_whole(tmp_path: Path) -> None:
    root = make(tmp_path / "root", {"a.txt": "a\n"})
    code = _LIST + "print('git' in sys.modules); import git; print(git.Repo(sys.argv[1]).working_tree_dir)"
    assert _ran(code, root).splitlines() == ["False", str(root)]


@pytest.mark.parametrize("before", ["import git\n", "import threading; threading.Thread(target=input).start()\n"])
def test_gitpython_of_others_is_left_as_it_is(tmp_path: Path, before: str) -> None:
    root = make(tmp_path / "root", {"a.txt": "a\n"})
    assert _ran(before + _LIST + "import git; print(hasattr(git, 'Repo'))", root).endswith("True")
