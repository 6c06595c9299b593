"""The command that gives the same pack in a shell."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import TypeVar

from engine.config import DEFAULTS, Config
from engine.model import ChunkClass
from engine.request import PackRequest, Tuning
from engine.tuning import read_table
from engine.usecases.tuning import default_weights

_WHOLE = (0.0, 1.0)
_DEEPEST = 5

T = TypeVar("T")


def command_line(request: PackRequest, config: Config | None = None) -> str:
    """``packsight pack …`` with every option that differs from what it would be without it, quoted for a POSIX shell.

    Model and budget are always named, so that the command means the same elsewhere. Profiles are left aside
    (``--profile none``) where one might be in force: what they wish is in the options. Pins, excludes and globs that a
    settings file names cannot be taken back by an option.

    Args:
        request: What to pack.
        config: Settings that the command would find, without flags; the defaults when absent.
    """
    scan = request.scan
    kept_free = DEFAULTS["reserve"] if config is None else config["reserve"]
    words = ["packsight", "pack", *_path(str(scan.path)), *_option("--model", scan.model)]
    words += _option("--budget", str(request.budget))
    if request.format:
        words += _option("--format", request.format)
    if request.query:
        words += _option("--query", request.query)
    if request.stable:
        words.append("--stable")
    if request.diff:
        words += _option("--diff", request.diff)
    if str(request.reserve_tokens) != str(kept_free):
        words += _option("--reserve", str(request.reserve_tokens))
    if scan.rev is not None:
        words += _option("--rev", scan.rev)
    if scan.submodules:
        words.append("--submodules")
    for flag, globs in (("--include", scan.include), ("--exclude", scan.exclude), ("--omit", request.tuning.excludes)):
        for glob in globs:
            words += _option(flag, glob)
    table = Tuning() if config is None else read_table(config.pack)
    for word, value in _wishes(request.tuning, table):
        words += _option(word, value)
    words += _option("--profile", "none")
    return shlex.join(words)


def _wishes(tuning: Tuning, table: Tuning) -> Iterator[tuple[str, str]]:
    """Options of pins and classes; what a settings file wishes and the request does not is set back."""
    for pattern, level in tuning.pins:
        yield "--pin", f"{pattern}={level}"
    usual = default_weights()
    for name, (low, high) in _differing(tuning.shares, table.shares, dict.fromkeys(ChunkClass, _WHOLE)):
        yield "--share", f"{name.value}={_number(low)}..{_number(high)}"
    for name, level in _differing(tuning.max_level, table.max_level, dict.fromkeys(ChunkClass, _DEEPEST)):
        yield "--max-level", f"{name.value}={level}"
    for name, weight in _differing(tuning.weights, table.weights, usual):
        yield "--weight", f"{name.value}={_number(weight)}"


def _differing(
    asked: Mapping[ChunkClass, T], table: Mapping[ChunkClass, T], usual: Mapping[ChunkClass, T]
) -> Iterator[tuple[ChunkClass, T]]:
    for name in ChunkClass:
        wanted = asked.get(name, usual[name])
        if wanted != table.get(name, usual[name]) or wanted != usual[name]:
            yield name, wanted


def _number(value: float) -> str:
    """A number without exponent, as short as it can be without becoming another one."""
    text = f"{value:.12f}".rstrip("0").rstrip(".")
    return text if float(text) == value else repr(value)


def _path(path: str) -> list[str]:
    return [f"./{path}" if path.startswith("-") else path]


def _option(name: str, value: str) -> list[str]:
    """An option with its value; in one word where the value looks like an option itself."""
    return [f"{name}={value}"] if value.startswith("-") or not value else [name, value]
