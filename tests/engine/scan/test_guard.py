"""Secrets with hidden characters in them, and what leaves when such characters are dropped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.disclosure import GUARDED, HiddenText
from engine.scan.guard import Guard
from tests.cli.conftest import Run, run
from tests.sample import make_repository

__all__ = ["run"]

VALUE = "aZ3bY8cX1dW6eV4fU9gT2hS7iR5jQ0kP1oN8"
TORN = f'name = "é"\nTOKEN = "gh\u200bp_{VALUE[:9]}\u2060\ufeff{VALUE[9:]}"\nother = "\u202e"\n'


@pytest.mark.parametrize("how", ["mark", "drop", "keep"])
def test_a_secret_with_hidden_characters_in_it_is_one(how: HiddenText) -> None:
    data = TORN.encode()
    guard = Guard.of(data)
    assert [secret.line for secret in guard.secrets] == [2]
    masked = guard.masked(data)
    assert len(masked) == len(data)
    text = guard.text(masked, 0, len(masked), [], replace(GUARDED, hidden_text=how))
    assert VALUE[:9] not in text
    assert VALUE[9:] not in text
    assert "other" in text
    assert {"mark": "⟨U+202E⟩", "drop": '""', "keep": "\u202e"}[how] in text


def test_a_secret_that_is_found_anyway_is_told_once() -> None:
    data = f'\u202ea = 1\nTOKEN = "ghp_{VALUE}"\n\u2066b = 2\n'.encode()
    assert len(Guard.of(data).secrets) == 1


@pytest.mark.parametrize("how", ["mark", "drop"])
def test_a_pack_does_not_put_a_torn_secret_together(tmp_path: Path, run: Run, how: str) -> None:
    root = make_repository(tmp_path / "torn", {"torn.py": TORN})
    ran = run("pack", root, "-q", "-b", "2k", "--hidden-text", how)
    assert ran.code == 0, ran.err
    assert "TOKEN" in ran.out
    assert VALUE[9:] not in ran.out
