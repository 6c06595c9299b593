"""Repositories for tests, made by git as a person's own git would make them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from engine.model import SourceFile
from engine.walk import Listing

LIMIT = 1 << 20

_WHO = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_DATE": "1700000000 +0000",
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(at: Path, *words: str | bytes, stdin: bytes | None = None, check: bool = True, **extra: str) -> str:
    """Run git at ``at`` and return its output, stripped."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *words],
        cwd=at,
        env=environment | _WHO | extra,
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    if check and done.returncode:
        raise AssertionError(f"git {words!r}: {done.stderr!r}")
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def write(at: Path, files: dict[str, str | bytes]) -> None:
    """Write files below ``at``."""
    for name, text in files.items():
        path = at / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def make(at: Path, files: dict[str, str | bytes], *options: str) -> Path:
    """Make a repository at ``at`` with one commit that holds ``files``."""
    at.mkdir(parents=True, exist_ok=True)
    git(at, "init", "-q", "-b", "main", *options)
    write(at, files)
    commit(at)
    return at


def commit(at: Path, message: str = "work", when: int = 1700000000) -> str:
    """Commit everything and return the commit's id."""
    git(at, "add", "-A")
    date = f"{when} +0000"
    git(at, "commit", "-q", "--allow-empty", "-m", message, GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date)
    return git(at, "rev-parse", "HEAD")


def paths(listing: Listing) -> list[str]:
    """The paths to analyse."""
    return [file.path for file in listing.files]


def entry(listing: Listing, path: str) -> SourceFile:
    """The listed file at ``path``."""
    return next(file for file in listing.files if file.path == path)


def reasons(listing: Listing) -> dict[str, str]:
    """Why paths are skipped."""
    return {gap.path: gap.reason for gap in listing.skipped}


def read(listing: Listing, path: str) -> bytes:
    """The content of a listed file."""
    return listing.content.read(entry(listing, path), LIMIT)
