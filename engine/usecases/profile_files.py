"""Profiles in files: a text of their own, and the ``.packsight.toml`` of a repository, which may be a stranger's."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from engine.config import REPOSITORY_FILE
from engine.config_file import read_limited, read_settings
from engine.errors import InputError
from engine.profiles import Profile, merged_settings, read_profile
from engine.tuning import check, read_table

_NEW_FILE_MODE = 0o644


def profile_of_file(path: Path, name: str = "") -> Profile:
    """Read a profile from a file; without a name in the file or given, it is called as the file.

    Raises:
        InputError: the file cannot be read, is empty, or is wrong; names the line.
        UsageError: the name is none.
    """
    raw = read_limited(path, follow_links=True)
    if raw is None:
        raise InputError(f"there is no file {path}")
    if not raw.strip():
        raise InputError(f"{path} is empty", "packsight profile export NAME > FILE writes a profile")
    return read_profile(raw, str(path), name, fallback=path.name.lstrip(".").partition(".")[0])


def put_into_settings(folder: Path, profile: Profile) -> Path:
    """Set the profile's keys in the settings file of a folder, keeping everything else in it; returns the file.

    Raises:
        InputError: the path is no folder, or its file is no settings file, is a link, or cannot be written.
        UsageError: file and profile together make no sense.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", f"{REPOSITORY_FILE} lies at the top of a repository")
    path = folder / REPOSITORY_FILE
    read_settings(path, follow_links=False)
    raw = read_limited(path, follow_links=False) or b""
    merged = merged_settings(raw.decode("utf-8"), profile, str(path))
    table = read_table(_pack_of(merged))
    check(table)
    _write(path, merged.encode("utf-8"))
    return path


def _pack_of(text: str) -> dict[str, object]:
    import tomllib

    pack = tomllib.loads(text).get("pack", {})
    return pack if isinstance(pack, dict) else {}


def _write(path: Path, data: bytes) -> None:
    """Write beside the file and rename: an interrupted run leaves the old one whole, and no link is followed."""
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else _NEW_FILE_MODE
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.chmod(draft, mode)
            os.replace(draft, path)
        except BaseException:
            os.unlink(draft)
            raise
    except OSError as error:
        raise InputError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from error
