"""What the app is tested under: no animations, no blinking, no clock in what is drawn."""

from __future__ import annotations

import os

# Read when Textual is imported.
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["TEXTUAL_SMOOTH_SCROLL"] = "0"
os.environ.pop("NO_COLOR", None)

import gc
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.widgets import Input


@pytest.fixture(autouse=True)
def steady_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cursor that blinks would be in some frames and not in others."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda self: None)


@pytest.fixture(scope="session", autouse=True)
def few_collections() -> Iterator[None]:
    """A test run keeps all it imported; looking through that for garbage every few apps was a fifth of its time."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.fixture(autouse=True)
def memory_left_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the app does about its own memory is tested by itself: here it would look through that of the whole run."""
    monkeypatch.setattr("tui.app.settle_memory", lambda: None)
    yield
    if next(_TESTS) % _APPS_KEPT == 0:
        gc.collect()


_TESTS = count(1)
_APPS_KEPT = 12
"""An app that ended is megabytes in rings, which only the collector gives back."""


@pytest.fixture(scope="session", autouse=True)
def style_sheets_read_once() -> Iterator[None]:
    """Every test makes an app; the rules of its style sheets are the same as those of the app before."""
    read, known = Stylesheet._parse_rules, dict[Any, list[RuleSet]]()

    def remembered(self: Stylesheet, css: str, read_from: Any, **more: Any) -> list[RuleSet]:
        key = (css, read_from, *more.items(), tuple(sorted(self._variables.items())))
        if key not in known:
            known[key] = read(self, css, read_from, **more)
        return known[key]

    patch = pytest.MonkeyPatch()
    patch.setattr(Stylesheet, "_parse_rules", remembered)
    yield
    patch.undo()
