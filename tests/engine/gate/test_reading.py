from __future__ import annotations

from pathlib import Path

import pytest

from engine.config import load_config
from engine.errors import InputError, UsageError
from engine.gate import CheckSettings, in_force, read_flags


def read(tmp_path: Path, text: str) -> CheckSettings:
    """What a repository's settings say."""
    (tmp_path / ".packsight.toml").write_text(text, "utf-8")
    found = load_config(tmp_path, tmp_path / "none.toml").check
    assert found is not None
    return found


def test_one_table_gives_rules_with_their_lines(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        'budget = "8k"\n\n[check]\nbase = "origin/main"\nmax_total = "500k"\nmax_growth = ["5%", 10000]\n\n'
        '[check.max_file]\n"src/**" = "4k"\n"*.md" = 900\n\n[[check.pack]]\nbudget = "32k"\nmin_quality = 0.5\n',
    )
    assert found.base == "origin/main"
    assert [(rule.demand, rule.line) for rule in found.rules] == [
        ("max_total = 500,000 tokens", 5), ("max_growth = 5%", 6), ("max_growth = 10,000 tokens", 6),
        ("max_file src/** = 4,000 tokens", 9), ("max_file *.md = 900 tokens", 10),
        ("pack budget=32k,min_quality=0.5", 12),
    ]  # fmt: skip


def test_several_tables_have_reasons_and_severities_of_their_own(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '[[check]]\nmax_total = 10\nwhy = "one read"\n\n[[check]]\nseverity = "warning"\n[check.max_dir]\n'
        '"src/" = "1k"\n'
        "\n[pack.weights]\ntests = 1\n",
    )
    first, second = found.rules
    assert (first.why, first.severity, first.line) == ("one read", "error", 2)
    assert (second.name, second.severity, second.line) == ("src", "warning", 8)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[check]\nmax_totl = 5\n", "line 2: unknown key 'check.max_totl'"),
        ('[check]\n\nmax_total = "many"\n', "line 3: 'check.max_total': 'many' is not a limit"),
        ('[check.max_file]\n"a" = 1\n"b" = -1\n', "line 3: 'check.max_file.b'"),
        ("[check.max_class]\ncoed = 5\n", "line 2: 'check.max_class.coed': there is no class 'coed'"),
        ("[check]\nmax_glob = 5\n", "it needs a glob"),
        ("[check]\nmax_total = true\n", "a limit must be text or a number"),
        ('[check]\nseverity = "fatal"\n', "there is no severity 'fatal'"),
        ("[check]\nbase = 5\n", "'base' must be text"),
        ("check = 5\n", "'check' must be a table or a list of tables"),
        (
            '[[check]]\nbase = "a"\n[[check]]\nbase = "b"\n',
            "line 4: 'check.base': another table names a different base",
        ),
        ("[[check.pack]]\nbudget = 5\n", "it demands nothing"),
        ("[[check.pack]]\nmin_quality = 2\nbudget = 5\n", "a number from 0 to 1"),
        ("[[check.pack]]\nbugdet = 2\n", "there is no 'bugdet'"),
        ("[check]\npack = 5\n", "it must be a table"),
        ('[check.max_file]\n"\\u001b[31m" = 5\n', "characters that cannot be seen"),
        ('[check.max_file]\n"" = 5\n', "the glob is empty"),
        ('[check.max_file]\n"!" = 5\n', "is not a pattern"),
        ('[check.max_file]\n"' + "*a" * 60 + '" = 5\n', "has too many stars"),
        ('[check.max_file]\n"' + "**/a/" * 9 + '" = 5\n', "has too many stars"),
        ("[[check]]\n" * 51, "more than 50"),
        ("[check.max_file]\n" + "".join(f"f{i} = 1\n" for i in range(501)), "more than 500 rules"),
    ],
)
def test_a_wrong_setting_is_an_error_that_says_where(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path, text)
    assert words in refused.value.message
    assert ".packsight.toml" in refused.value.message
    assert "\x1b" not in refused.value.message


def test_a_large_hostile_file_is_read_in_passing(tmp_path: Path) -> None:
    lines = "".join(f"k{i} = 1\n" for i in range(20_000))
    with pytest.raises(InputError, match="unknown key 'check"):
        read(tmp_path, "[[check]]\nmax_total = 1\n" * 49 + f"[[check]]\n[check.more]\n{lines}")


def test_flags_take_the_place_of_settings_of_the_same_kind_and_name(tmp_path: Path) -> None:
    settings = read(tmp_path, '[check]\nmax_total = "9M"\n[check.max_file]\na = 1\nb = 2\n').rules
    flags = read_flags({"max_total": "5k", "max_file": {"b": 7}})
    demands = [rule.demand for rule in in_force(settings, flags)]
    assert demands == ["max_total = 5,000 tokens", "max_file a = 1 tokens", "max_file b = 7 tokens"]


def test_wrong_flags_are_errors_of_usage_that_name_them() -> None:
    with pytest.raises(UsageError, match="--max-total: 'x' is not a limit"):
        read_flags({"max_total": "x"})
    with pytest.raises(UsageError, match="there is no limit 'max'"):
        read_flags({"max": "5"})
