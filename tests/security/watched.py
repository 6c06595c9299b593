"""Commands of the product in processes of their own that are watched: what they write, start and reach."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOOK = Path(__file__).parent / "hook"
_LIMIT_S = 120
_KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV", "SYSTEMROOT")


@dataclass(frozen=True)
class Seen:
    """What one command did."""

    code: int
    out: str
    err: str
    notes: tuple[tuple[str, ...], ...]
    """Kind (``begin``, ``write``, ``start``, ``loop``, ``network``), event, and what it was about."""

    def of(self, kind: str) -> list[tuple[str, ...]]:
        """Notes of a kind."""
        return [note[1:] for note in self.notes if note[0] == kind]

    @property
    def written(self) -> set[Path]:
        """Places that were opened for writing, made, changed or taken away."""
        return {Path(os.path.normpath(note[1])) for note in self.of("write")}

    @property
    def started(self) -> set[str]:
        """Names of programs that were run."""
        return {Path(note[1]).name for note in self.of("start")}


@dataclass
class Person:
    """Somebody with a home, folders of the product, a place for temporary files and a folder they are in."""

    base: Path
    notes: Path = field(init=False)

    def __post_init__(self) -> None:
        for name in ("home", "temp", "here"):
            (self.base / name).mkdir(parents=True)
        (self.base / "home" / ".gitconfig").write_text("[user]\n\tname = A\n\temail = a@example.org\n")
        self.notes = self.base / "notes.jsonl"

    @property
    def own(self) -> tuple[Path, ...]:
        """Where the product keeps things."""
        home = self.base / "home"
        return home / ".local/share/packsight", home / ".cache/packsight", home / ".config/packsight"

    @property
    def temp(self) -> Path:
        """For temporary files."""
        return self.base / "temp"

    @property
    def here(self) -> Path:
        """The folder that commands are run in."""
        return self.base / "here"

    def environment(self, *, loopback: bool = False, **more: str) -> dict[str, str]:
        """Nothing of the tests' own but where programs are."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return {
            **kept,
            "HOME": str(self.base / "home"),
            "TMPDIR": str(self.temp),
            "PYTHONPATH": os.pathsep.join((str(HOOK), str(ROOT))),
            "PYTHONDONTWRITEBYTECODE": "1",
            "WATCHED_NOTES": str(self.notes),
            "WATCHED_LOOPBACK": "1" if loopback else "",
            **more,
        }

    def run(self, *words: object, stdin: str = "", loopback: bool = False, **more: str) -> Seen:
        """Run ``packsight WORDS…``."""
        return self.python("-m", "engine", *words, stdin=stdin, loopback=loopback, **more)

    def python(self, *words: object, stdin: str = "", loopback: bool = False, **more: str) -> Seen:
        """Run an interpreter that is watched."""
        self.notes.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, *map(str, words)], cwd=self.here, env=self.environment(loopback=loopback, **more),
            input=stdin, capture_output=True, text=True, encoding="utf-8", errors="surrogateescape", timeout=_LIMIT_S,
            check=False,
        )  # fmt: skip
        return Seen(done.returncode, done.stdout, done.stderr, self.noted())

    def noted(self) -> tuple[tuple[str, ...], ...]:
        """Everything noted so far."""
        lines = self.notes.read_text("utf-8").splitlines() if self.notes.exists() else []
        return tuple(tuple(json.loads(line)) for line in lines)


def everything_below(folder: Path, leave: Sequence[Path] = ()) -> dict[str, tuple[int, int, bytes]]:
    """What is below a folder, to be compared: mode, time and content of everything but what is below ``leave``."""
    found: dict[str, tuple[int, int, bytes]] = {}
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if Path(place, name) not in leave]
        for name in (*folders, *names):
            path = Path(place, name)
            facts = path.lstat()
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            found[str(path)] = (facts.st_mode, facts.st_mtime_ns if path.is_file() else 0, content)
    return found
