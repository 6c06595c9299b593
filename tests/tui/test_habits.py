"""What the app remembers and what a person may change of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tui.keymap import load_keymap
from tui.preferences import FILE, MOST_MODELS, Preferences, load_preferences, save_preferences, with_model
from tui.trouble import MOST_BYTES, write_trace
from tui.watch import is_of_interest

IDS = {"tree.pin", "pack.more", "app.quit"}


def test_what_was_remembered_is_known_again(tmp_path: Path) -> None:
    kept = with_model(Preferences(theme="paper", pane="preview"), "gpt-5.5")
    assert save_preferences(tmp_path / "data", kept)
    assert load_preferences(tmp_path / "data") == kept


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "3", '{"theme": 3, "models": "x"}', '{"models": [1, null]}'])
def test_what_is_damaged_counts_as_never_said(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text)
    assert load_preferences(tmp_path) == Preferences()


def test_a_place_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    assert not save_preferences(tmp_path / "data", Preferences())
    assert write_trace(tmp_path / "data", "trace").name == "trouble.log"


def test_models_used_last_come_first_and_only_once() -> None:
    known = Preferences()
    for name in [f"model-{number}" for number in range(20)] + ["model-15"]:
        known = with_model(known, name)
    assert known.models[:2] == ("model-15", "model-19")
    assert len(known.models) == len(set(known.models)) == MOST_MODELS
    assert replace(known, models=()) == Preferences()


def test_keys_are_read_in_both_ways_of_writing_them(tmp_path: Path) -> None:
    (tmp_path / "keymap.toml").write_text('"pack.more" = "ctrl+up"\n[tree]\npin = "p,space"\n')
    assert load_keymap(tmp_path, lambda: IDS) == ({"pack.more": "ctrl+up", "tree.pin": "p,space"}, [])


def test_signs_stand_for_themselves_and_blanks_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "keymap.toml").write_text('"pack.more" = "+ , ctrl+up"\n')
    assert load_keymap(tmp_path, lambda: IDS) == ({"pack.more": "plus,ctrl+up"}, [])


def test_wrong_keys_are_named_with_the_nearest_right_one(tmp_path: Path) -> None:
    (tmp_path / "keymap.toml").write_text('[tree]\npim = "p"\n[app]\nquit = 3\n')
    keymap, troubles = load_keymap(tmp_path, lambda: IDS)
    assert keymap == {}
    assert "did you mean 'tree.pin'?" in troubles[0]
    assert "app.quit" in troubles[1]


def test_no_keymap_asks_for_no_ids(tmp_path: Path) -> None:
    def never() -> set[str]:
        raise AssertionError("asked")

    assert load_keymap(tmp_path, never) == ({}, [])


def test_the_log_of_troubles_does_not_grow_without_end(tmp_path: Path) -> None:
    for _ in range(3):
        path = write_trace(tmp_path, "x" * MOST_BYTES)
    assert path.stat().st_size < 2 * MOST_BYTES
    write_trace(tmp_path, "last \udc80")
    assert "last" in path.read_text()


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/r/src/a.py", True),
        ("/r/.git/index", True),
        ("/r/.git/HEAD", True),
        ("/r/.git/index.lock", False),
        ("/r/.git/objects/ab/cd", False),
        ("/r/.git/logs/HEAD", False),
        ("/r/sub/.git/objects/x", False),
        ("/r/.gitignore", True),
    ],
)
def test_of_git_only_what_changes_the_listing_is_of_interest(path: str, wanted: bool) -> None:
    assert is_of_interest(path) is wanted
