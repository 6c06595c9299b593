"""A repository made by code: real modules of the installed standard library, with documents and data beside them."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sysconfig
from pathlib import Path

_PACKAGES = ("asyncio", "email", "http", "json", "logging", "unittest", "urllib", "xml", "importlib", "concurrent")
_SEED = 20_240_229


def standard_library() -> Path:
    """Folder of the standard library's sources."""
    return Path(sysconfig.get_paths()["stdlib"])


def sources(limit_bytes: int) -> list[str]:
    """Texts of the standard library's modules, in order of path, up to ``limit_bytes`` in all."""
    texts: list[str] = []
    for path in sorted(standard_library().rglob("*.py")):
        if "site-packages" in path.parts or "lib2to3" in path.parts:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        limit_bytes -= len(text)
        if limit_bytes < 0:
            break
        texts.append(text)
    return texts


def repository(folder: Path) -> Path:
    """Make a committed repository of about 350 files and 4 MB below ``folder``, and return its path."""
    root = folder / "sample"
    root.mkdir()
    library = standard_library()
    for name in _PACKAGES:
        shutil.copytree(library / name, root / "src" / name, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    for path in sorted(library.glob("*.py"))[:120]:
        shutil.copy(path, root / "src" / path.name)
    dice = random.Random(_SEED)
    words = [path.stem for path in sorted(library.glob("*.py"))]
    for index in range(60):
        paragraphs = "\n\n".join(" ".join(dice.choices(words, k=40)) for _ in range(12))
        _write(root / "docs" / f"chapter{index}.md", f"# {dice.choice(words)}\n\n{paragraphs}\n")
        table = {dice.choice(words): dice.randrange(10_000) for _ in range(40)}
        _write(root / "settings" / f"part{index}.json", json.dumps(table, indent=2))
    for words_of_git in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "All of it")):
        identity = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.invalid", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(root), *identity, *words_of_git], check=True)
    return root


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
