"""Files that a person, or somebody else, wrote: settings, profiles, models, themes, keys."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from engine.config_file import read_settings
from engine.errors import InputError, PacksightError
from engine.profiles.reading import read_profile
from engine.profiles.writing import merged_settings, written
from engine.tokens.catalog import catalog
from tests.fuzz.case import Target
from tests.fuzz.mutate import spoiled
from tests.fuzz.seeds import TOML_TOKENS, settings, themes
from themes.loader import BASE, ThemeUnusable, load_theme
from tui.keymap import FILE, load_keymap
from tui.preferences import FILE as PREFERENCES
from tui.preferences import Preferences, load_preferences
from tui.theming import to_textual

_LONGEST = 2000
"""Characters of a line that the app shows as it is."""
_MODELS = (
    b'[[model]]\nid = "own-1"\nprovider = "openai"\ncontext_window = 128000\nmax_output = 4096\n'
    b'encoding = "o200k_base"\n'
    b'price_in = 1.5\nprice_out = 2\nprice_tiers = [[200000, 3, 4.5]]\naliases = ["mine"]\nerror_band = [-0.1, 0.2]\n',
    b'[[model]]\nid = "gpt-5"\nmax_output = 1000\ndeprecation = "2027-01-01"\nmethod = "estimate"\n',
    b'[[encoding]]\nname = "own"\nranks = "own.tiktoken"\npattern = "\\\\w+|\\\\W"\n'
    b'[[model]]\nid = "x"\ntokens = "o200k"\n',
)
_KEYMAPS = (
    b'"tree.pin" = "p"\nquit = "ctrl+q,q"\n[tree]\nfold = "+"\nopen = "enter"\n',
    b'a.b.c = "x"\n"app.help" = "?,f1"\n',
)
_IDS = ("tree.pin", "tree.fold", "tree.open", "quit", "app.help", "a.b.c")


@cache
def home() -> Path:
    """A folder of this process, in memory where there is such a place."""
    base = Path("/dev/shm")
    made = tempfile.TemporaryDirectory(prefix="packsight-fuzz-", dir=base if base.is_dir() else None)
    _KEPT.append(made)
    return Path(made.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []
"""Removed when the process ends."""


@contextmanager
def file_of(name: str, case: bytes) -> Iterator[Path]:
    """A file with these bytes, in memory where there is such a place."""
    path = home() / name
    path.write_bytes(case)
    yield path


def _maker(seeds: Callable[[], tuple[bytes, ...]]) -> Callable[[random.Random], bytes]:
    def make(dice: random.Random) -> bytes:
        found = seeds()
        data = dice.choice(found)
        if dice.random() < 0.2:
            lines = [*data.split(b"\n"), *dice.choice(found).split(b"\n")]
            dice.shuffle(lines)
            data = b"\n".join(lines)
        return spoiled(data, dice, found, TOML_TOKENS, most=5)

    return make


def said(line: str) -> None:
    """A line of words that fits a screen."""
    assert 0 < len(line) <= _LONGEST


def told(error: PacksightError) -> None:
    """An error says something, and can be written anywhere."""
    for text in (error.message, error.hint):
        text.encode("utf-8", "backslashreplace")
    assert error.message


def check_profile(case: bytes) -> None:
    """A profile is refused in words, or comes back the same when it is written, also into other settings."""
    try:
        profile = read_profile(case, "p.toml", fallback="fallback")
    except PacksightError as error:
        told(error)
        return
    text = written(profile)
    assert read_profile(text, "again") == profile
    merged = merged_settings("# mine\nmodel = 'gpt-5'\n", profile, "s.toml")
    again = read_profile(merged, "merged", name=profile.name)
    assert again.tuning == profile.tuning
    assert (again.reserve_tokens, again.format) == (profile.reserve_tokens, profile.format)


def check_settings(case: bytes) -> None:
    """Settings are refused in words, or are what the keys allow."""
    with file_of(".packsight.toml", case) as path:
        try:
            found = read_settings(path, follow_links=False)
        except PacksightError as error:
            told(error)
            return
    assert all(isinstance(key, str) for key in found)


def check_models(case: bytes) -> None:
    """A file of models is refused in words, or every model of it can be asked for."""
    with file_of("models.toml", case) as path:
        try:
            found = catalog([path])
        except InputError as error:
            told(error)
            return
    for model in found.models[-3:]:
        assert found.find(model.id) is model
        assert model.context_window > 0
        assert model.max_output > 0
        assert model.price_in is None or model.price_in >= 0


def check_theme(case: bytes) -> None:
    """A theme is refused in words, or can be drawn with."""
    with file_of("own.toml", case) as path:
        try:
            theme = load_theme(path)
        except ThemeUnusable as unusable:
            said(str(unusable))
            return
    assert set(theme.base) <= set(BASE)
    to_textual(theme).to_color_system().generate()


def check_keymap(case: bytes) -> None:
    """Keys are those of known actions; everything else is named."""
    with file_of(FILE, case) as path:
        keys, troubles = load_keymap(path.parent, lambda: _IDS)
    assert set(keys) <= set(_IDS)
    assert all(keys.values())
    assert all(len(line) <= _LONGEST for line in troubles)


_PREFERENCES = (
    b'{"theme": "ink", "pane": "auto", "sort": "", "models": ["gpt-5"], "tasks": [["/x", {"category": "docs", '
    b'"complexity": "low", "deliverables": ["a.py"]}]]}',
)


def check_preferences(case: bytes) -> None:
    """Whatever the app finds is something remembered, or nothing."""
    with file_of(PREFERENCES, case) as path:
        found = load_preferences(path.parent)
    assert isinstance(found, Preferences)
    assert all(isinstance(name, str) for name in (found.theme, found.pane, found.sort, *found.models))


TARGETS = (
    Target("profile", "profiles come back as they were, or are refused", _maker(settings), check_profile, 30),
    Target("settings", "settings are read or refused", _maker(settings), check_settings, 60),
    Target("models", "files of models are read or refused", _maker(lambda: _MODELS), check_models, 20),
    Target("theme", "themes are read or refused", _maker(themes), check_theme, 40),
    Target("preferences", "the app begins with anything", _maker(lambda: _PREFERENCES), check_preferences, 20),
    Target("keymap", "keys are read or named", _maker(lambda: _KEYMAPS), check_keymap, 60),
)
