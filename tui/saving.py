"""Writing a text to a file that a person named: all of it or nothing."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from engine.errors import InputError


def target(typed: str, folder: Path) -> Path:
    """Settle the file that a person means; ``~`` is their home, other paths start at ``folder``.

    Raises:
        InputError: that is no file one could write.
    """
    words = typed.strip()
    if not words:
        raise InputError("type the name of a file")
    if "\0" in words:
        raise InputError("a name cannot hold that character")
    try:
        named = folder / Path(words).expanduser()
        # A link in the place of the file is replaced, not followed: a repository may hold one of the name one gives.
        path = named.parent.resolve() / named.name if named.name not in ("", "..") else named.resolve()
        if path.is_dir():
            raise InputError("that is a folder", "add the name of a file to it")
        if not path.parent.is_dir():
            raise InputError("there is no folder of that name", "make it first, or choose another")
    except (OSError, RuntimeError) as error:
        raise InputError(f"that name cannot be used: {getattr(error, 'strerror', None) or error}") from error
    return path


def write_whole(path: Path, text: str) -> int:
    """Write UTF-8 beside the file, then put it in its place.

    Returns:
        Bytes written.

    Raises:
        InputError: it cannot be written; what was there is as it was.
    """
    data = text.encode("utf-8", "surrogatepass")
    name = ""
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, path)
    except OSError as error:
        if name:
            with suppress(OSError):
                os.unlink(name)
        raise InputError(f"it cannot be written: {error.strerror or error}") from error
    return len(data)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
