"""Results that go to a file instead of stdout."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from engine.errors import InputError


def write_file(name: str, text: str) -> None:
    """Write beside the target and rename, so that an interrupted run leaves the old file whole.

    Raises:
        InputError: it cannot be written.
    """
    target = Path(name)
    try:
        if target.exists() and not target.is_file():
            target.write_text(text, "utf-8")
            return
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
            os.chmod(draft, mode)
            os.replace(draft, target)
        except BaseException:
            os.unlink(draft)
            raise
    except OSError as error:
        raise InputError(f"{name} cannot be written: {error.strerror or error}") from error


def write_lines(name: str, lines: Iterable[str]) -> None:
    """Write lines as they come, beside the target, and rename when they are all there.

    Raises:
        InputError: it cannot be written.
    """
    target = Path(name)
    draft = target.with_name(f".{target.name}.{os.getpid()}.draft")
    try:
        if target.exists() and not target.is_file():
            with target.open("w", encoding="utf-8") as file:
                file.writelines(lines)
            return
        try:
            with draft.open("x", encoding="utf-8", newline="\n") as file:
                file.writelines(lines)
            os.replace(draft, target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{name} cannot be written: {error.strerror or error}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
