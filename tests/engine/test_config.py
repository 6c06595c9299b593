from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config import ENVIRONMENT, load_config
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
        ("model = 5", "must be text"),
        ("submodules = 1", "must be true or false"),
        ("model = ", "config.toml"),
        ("class_rules = 3", "must be a list of tables"),
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


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("exclude = [1]", "'exclude'", "a list of texts"),
        ('include = "a"', "'include'", "a list of texts"),
        ("budget = 1.5", "'budget'", "text or number"),
        ("budget = true", "'budget'", "text or number"),
        ("budget = 0x" + "f" * 5000, "'budget'", "text or number"),
        ("reserve = []", "'reserve'", "text or number"),
        ("model = 1979-05-27", "'model'", "text"),
        ("pack = 1", "'pack'", "a table"),
        ("class_rules = [1]", "'class_rules'", "a list of tables"),
        ("pack.weights = 1", "'pack.weights'", "a table"),
        ("pack.weights.code = 1e308", "'pack.weights.code'", "from 0 to 1,000,000"),
        ("pack.weights.code = nan", "'pack.weights.code'", "from 0 to 1,000,000"),
        ("pack.weights.code = inf", "'pack.weights.code'", "from 0 to 1,000,000"),
        ("pack.weights.code = -1", "'pack.weights.code'", "from 0 to 1,000,000"),
        ("pack.weights.code = true", "'pack.weights.code'", "from 0 to 1,000,000"),
        ("pack.weights.code = 0x" + "f" * 5000, "'pack.weights.code'", "from 0 to 1,000,000"),
        ('pack.weights.code = "x"', "'pack.weights.code'", "from 0 to 1,000,000"),
        ("pack.weights.cod = 1", "'pack.weights'", "vendored, lockfile"),
        ("pack.shares.docs = 5", "'pack.shares.docs'", "MIN..MAX"),
        ('pack.shares.docs = "0.9..0.1"', "'pack.shares.docs'", "MIN..MAX"),
        ('pack.shares.docs = "' + "1" * 500_000 + '"', "'pack.shares.docs'", "MIN..MAX"),
        ("pack.max_level.docs = 9", "'pack.max_level.docs'", "0 to 5"),
        ("pack.max_level.docs = {}", "'pack.max_level.docs'", "0 to 5"),
        ('pack.pins."*.py" = 1.0', "'pack.pins.*.py'", "0 to 5"),
        ("pack.excludes = [[]]", "'pack.excludes'", "a list of texts"),
        ("budget = " + "1" * 5000, "", "not TOML"),
        ("a = " + "[" * 100_000, "", "not TOML"),
        ("a" + ".a" * 400_000 + " = 1", "", "more than 100 parts"),
        ("[a" + ".a" * 400_000 + "]", "", "more than 100 parts"),
        ("#" * 1_000_001, "", "larger than 1,000,000 bytes"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_expected_in_plain_words(
    tmp_path: Path, user_file: Path, text: str, key: str, said: str
) -> None:
    write(tmp_path / ".packsight.toml", text)
    with pytest.raises(InputError) as caught:
        load_config(tmp_path, user_file, {}, {})
    words = f"{caught.value.message} {caught.value.hint}"
    assert str(tmp_path / ".packsight.toml") in words
    assert key in words
    assert said in words
    assert len(words) < 400 + len(str(tmp_path))
    for jargon in ("dict", "str,", "NoneType", "[Errno", "could not convert"):
        assert jargon not in words


def test_budgets_are_text_or_numbers(tmp_path: Path, user_file: Path) -> None:
    for text, value in (("1000", 1000), ('"40%"', "40%")):
        write(tmp_path / ".packsight.toml", f"budget = {text}")
        assert load_config(tmp_path, user_file, {}, {})["budget"] == value


def test_the_file_of_a_repository_is_a_regular_file_that_no_link_leads_to(tmp_path: Path, user_file: Path) -> None:
    path = tmp_path / ".packsight.toml"
    write(tmp_path / "elsewhere.toml", 'model = "secret"')
    makers: list[Callable[[], None]] = [
        lambda: path.symlink_to("/dev/zero"),
        lambda: path.symlink_to("/etc/passwd"),
        lambda: path.symlink_to("elsewhere.toml"),
        lambda: path.symlink_to("nowhere"),
        lambda: path.symlink_to(path.name),
        lambda: os.mkfifo(path),
        path.mkdir,
    ]
    for make in makers:
        make()
        with pytest.raises(InputError) as caught:
            load_config(tmp_path, user_file, {}, {})
        assert str(path) in caught.value.message
        assert "root:" not in caught.value.message
        assert "[Errno" not in caught.value.message
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()


def test_the_file_of_the_user_may_be_a_link_but_no_pipe_or_device(tmp_path: Path, user_file: Path) -> None:
    write(tmp_path / "elsewhere.toml", 'model = "mine"')
    user_file.parent.mkdir()
    user_file.symlink_to(tmp_path / "elsewhere.toml")
    assert load_config(None, user_file, {}, {})["model"] == "mine"
    user_file.unlink()
    user_file.symlink_to("/dev/zero")
    with pytest.raises(InputError, match="not a regular file"):
        load_config(None, user_file, {}, {})


def test_the_readme_names_the_variables_that_there_are(tmp_path: Path, user_file: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    named = set(re.findall(r"PACKSIGHT_[A-Z_]+", readme))
    assert named == set(ENVIRONMENT.values())
    config = load_config(tmp_path, user_file, {}, dict.fromkeys(named, "1"))
    assert {setting.origin for setting in config.settings.values()} - {"default"} == {f"environment {n}" for n in named}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('# ours\nbudget = "2k"\nformt = "xml"\n', 3, "did you mean 'format'?"),
        ('budget = "2k"\n\n[pack.weigths]\ncode = 1\n', 3, "did you mean 'pack.weights'?"),
        ('[pack.weights]\ncode = 1\ndocs = "much"\n', 3, "pack.weights.docs"),
        ('[pack]\nexcludes = ["a"]\n[pack.pins]\n"src/*.py" = 9\n', 4, "0 to 5"),
        ('[pack.shares]\ncode = "80%.."\ndocs = "40%.."\n', 1, "add up to 120%"),
        ("submodules = 1\n", 1, "true or false"),
    ],
)
def test_what_is_wrong_in_a_settings_file_is_named_with_its_line(
    tmp_path: Path, user_file: Path, text: str, line: int, said: str
) -> None:
    write(tmp_path / ".packsight.toml", text)
    with pytest.raises(InputError) as caught:
        load_config(tmp_path, user_file, {}, {})
    assert f"{tmp_path / '.packsight.toml'}, line {line}: " in caught.value.message
    assert said in caught.value.message + caught.value.hint
