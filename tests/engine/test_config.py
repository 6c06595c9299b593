from __future__ import annotations

from pathlib import Path

import pytest

from engine.config import load_config
from engine.errors import InputError


@pytest.fixture
def user_file(tmp_path: Path) -> Path:
    return tmp_path / "user" / "config.toml"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_flags_win_over_environment_over_repository_over_user_over_default(tmp_path: Path, user_file: Path) -> None:
    write(user_file, 'model = "user"\nbudget = "1k"\nformat = "plain"\nreserve = 5\n')
    write(tmp_path / ".packsight.toml", 'model = "repository"\nbudget = "2k"\nformat = "json"\n')
    environment = {"PACKSIGHT_MODEL": "environment", "PACKSIGHT_BUDGET": "3k"}
    config = load_config(tmp_path, user_file, {"model": "flag", "budget": None}, environment)
    found = {key: (setting.value, setting.origin.split("/")[-1]) for key, setting in config.settings.items()}
    assert found["model"] == ("flag", "flag")
    assert found["budget"] == ("3k", "environment PACKSIGHT_BUDGET")
    assert found["format"] == ("json", ".packsight.toml")
    assert found["reserve"] == (5, "config.toml")
    assert found["profile"][1] == "default"


def test_pack_tables_are_merged_key_by_key(tmp_path: Path, user_file: Path) -> None:
    write(user_file, "[pack.weights]\ntests = 2\ndocs = 0.1\n")
    write(tmp_path / ".packsight.toml", '[pack]\nexcludes = ["a"]\n[pack.weights]\ntests = 3\n')
    config = load_config(tmp_path, user_file, {}, {})
    assert config.pack == {"weights": {"tests": 3, "docs": 0.1}, "excludes": ["a"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('modle = "x"', "did you mean 'model'"),
        ("[pack]\nweigths = {}", "did you mean 'pack.weights'"),
        ("model = 5", "must be a str"),
        ("submodules = 1", "must be a bool"),
        ("model = ", "config.toml"),
        ("class_rules = 3", "must be a list"),
    ],
)
def test_a_wrong_file_is_named_with_the_key_and_the_nearest(user_file: Path, text: str, said: str) -> None:
    write(user_file, text)
    with pytest.raises(InputError) as caught:
        load_config(None, user_file, {}, {})
    assert str(user_file) in caught.value.message
    assert said in caught.value.message + caught.value.hint


def test_a_file_that_is_no_text_is_one_clear_error(user_file: Path) -> None:
    user_file.parent.mkdir()
    user_file.write_bytes(b"\xff\xfe\0")
    with pytest.raises(InputError, match=r"config\.toml"):
        load_config(None, user_file, {}, {})
