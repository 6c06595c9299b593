"""Installing this product for real without a network, as pre-commit and GitHub do it."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

from tests.engine.walk.repos import make

ROOT = Path(__file__).parents[2]
_FOLDERS = ("engine", "tui", "themes", "requirements")
_FILES = (
    "pyproject.toml", "constraints.txt", "README.md", "LICENSE", "THIRD_PARTY.md", "CHANGELOG.md", "action.yml",
    ".pre-commit-hooks.yaml", "docs/packsight.1",
)  # fmt: skip


def product(at: Path) -> Path:
    """A repository that holds what is installed from, as it is now."""
    for name in _FOLDERS:
        shutil.copytree(ROOT / name, at / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in _FILES:
        (at / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, at / name)
    return make(at, {})


def installing(at: Path) -> dict[str, str]:
    """Variables with which pip fetches nothing: what is needed is found among what these tests run with.

    The product itself is not: it must come from what is installed.
    """
    at.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "packsight" not in entry.name and entry.suffix != ".pth":
            (at / entry.name).symlink_to(entry)
    return {
        "PYTHONPATH": str(at),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
