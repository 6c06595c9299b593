"""Profiles as TOML: what is written is read back, and what is wrong is named with its line."""

from __future__ import annotations

import contextlib
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError, PacksightError, UsageError
from engine.profiles import Profile, changed, merged_settings, read_profile, settings_table, written
from engine.profiles.tables import pack_table
from engine.request import Tuning
from engine.settings_lines import PACK_KEYS
from engine.tuning import read_table
from tests.engine.profiles.made import PROFILES, TUNINGS


@given(PROFILES)
def test_what_is_written_is_read_back(profile: Profile) -> None:
    assert read_profile(written(profile), "text") == profile
    assert written(read_profile(written(profile), "text")) == written(profile)


@given(TUNINGS)
def test_the_pack_table_has_the_keys_of_a_settings_file(tuning: Tuning) -> None:
    table = pack_table(tuning)
    assert set(table) <= PACK_KEYS
    assert read_table(table) == tuning


@given(st.tuples(st.floats(0, 0.1), st.floats(0.1, 1)))
def test_shares_that_no_percentage_tells_stay_nearly_what_they_are(share: tuple[float, float]) -> None:
    from engine.model import ChunkClass

    (_, read), *_ = read_table(pack_table(Tuning(shares={ChunkClass.DOCS: share}))).shares.items()
    assert read == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        ('budget = "8k"\n\n[pack.weigths]\ntests = 1\n', 3, "pack.weights"),
        ('budegt = "8k"\n', 1, "budget"),
        ("[pack.weights]\ncode = 1\ntests = -1\n", 3, "weights.tests"),
        ("[pack]\nweights.tests = 'x'\n", 2, "weights.tests"),
        ("[pack.shares]\ncode = '0..1'\ndocs = '90..20%'\n", 3, "shares.docs"),
        ("[pack.weights]\ncode = 1\ntset = 1\n", 3, "tset"),
        ("[pack.pins]\n'a.b' = 0\n'src/*.py' = 9\n", 3, "src/*.py"),
        ("[pack.shares]\ncode = '60..100%'\ndocs = '60..100%'\n", 1, "120%"),
        ("reserve = -5\n", 1, "reserve"),
        ("budget = true\n", 1, "budget"),
        ("name = 3\n", 1, "name"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, named: str) -> None:
    with pytest.raises(InputError) as error:
        read_profile(text, "mine.toml", "mine")
    assert f"mine.toml, line {line}: " in error.value.message
    assert named in error.value.message + error.value.hint


@pytest.mark.parametrize("text", ["[[[", "pack = 3", 'name = "a', "\0", "x = " + "9" * 5000, "pack = " + "[" * 5000])
def test_what_is_no_toml_or_no_table_is_a_clear_error(text: str) -> None:
    with pytest.raises(InputError) as error:
        read_profile(text, "mine.toml", "mine")
    assert "mine.toml" in error.value.message


@given(st.text())
def test_any_text_is_a_profile_or_a_clear_error(text: str) -> None:
    with contextlib.suppress(PacksightError):
        read_profile(text, "text", "mine")


def test_a_settings_file_is_read_as_a_profile_and_its_other_keys_passed_over() -> None:
    read = read_profile('model = "gpt-4o"\nbudget = 9000\n\n[pack.weights]\ntests = 2\n', "x", "team")
    assert settings_table(read) == {"budget": 9000, "pack": {"weights": {"tests": 2}}}
    with pytest.raises(UsageError):
        read_profile("budget = 9000\n", "x")
    assert read_profile("budget = 9000\n", "x", fallback="file").name == "file"
    assert read_profile("name = 'own'\n", "x", fallback="file").name == "own"


def test_a_glob_that_is_no_text_is_refused_before_it_is_saved() -> None:
    with pytest.raises(UsageError):
        written(Profile("x", tuning=Tuning(excludes=("caf\udce9",))))


SETTINGS = """# how we pack
model = "gpt-4o"   # the usual one

[pack.weights]
docs = 0.2  # they are long
tests = 0.1

[pack.pins]
"a.py" = 1
"b.py" = 2

[[class_rules]]
class = "docs"
paths = ["notes/"]
"""


def test_keys_are_set_in_a_settings_file_and_the_rest_is_kept() -> None:
    from engine.model import ChunkClass

    tuning = Tuning({ChunkClass.TESTS: 1.5}, {ChunkClass.DOCS: (0, 0.2)}, {}, (("a.py", 0),), ("*.csv",))
    merged = merged_settings(SETTINGS, Profile("x", "8k", tuning=tuning), "file")
    for kept in (
        "# how we pack",
        'model = "gpt-4o"   # the usual one',
        "docs = 0.2  # they are long",
        "[[class_rules]]",
    ):
        assert kept in merged
    table = tomllib.loads(merged)
    assert (table["budget"], table["model"]) == ("8k", "gpt-4o")
    assert table["pack"]["weights"] == {"docs": 0.2, "tests": 1.5}
    assert table["pack"]["shares"] == {"docs": "0..20%"}
    assert table["pack"]["excludes"] == ["*.csv"]
    assert list(table["pack"]["pins"].items()) == [("b.py", 2), ("a.py", 0)]


LAYOUTS = pytest.mark.parametrize(
    "text",
    [
        "",
        "pack = { weights = { code = 2 }, excludes = ['x'] }\n",
        "pack.weights.code = 2\npack.excludes = ['x']\n",
        "[pack]\nexcludes = [\n  'x', # why\n]\n[pack.weights]\ncode = 2\n",
        "[pack.weights]\ncode = 2\n[[class_rules]]\nclass = 'docs'\n[pack.shares]\ncode = '0..1'\n",
        "budget = '1k'\r\n\r\n[pack]\r\n",
    ],
)


@LAYOUTS
def test_every_usual_layout_takes_a_profile(text: str) -> None:
    words = ["budget=8k", "weights.tests=2", "shares.docs=0..20%", "pins.a.py=0", "excludes=q", "max_level.code=3"]
    profile = changed(Profile("x"), words)
    table = tomllib.loads(merged_settings(text, profile, "file"))
    assert read_table(table["pack"]).pins == profile.tuning.pins
    assert table["pack"]["weights"]["tests"] == 2


@LAYOUTS
@given(profile=PROFILES)
def test_merging_into_any_layout_sets_the_keys_or_says_that_it_cannot(text: str, profile: Profile) -> None:
    before = tomllib.loads(text)
    try:
        after = tomllib.loads(merged_settings(text, profile, "file"))
    except InputError:
        return
    own = settings_table(profile)
    for key in ("budget", "reserve", "format"):
        assert after.get(key) == own.get(key, before.get(key))
    for part in ("weights", "shares", "max_level", "pins"):
        expected = before.get("pack", {}).get(part, {}) | own.get("pack", {}).get(part, {})
        assert after.get("pack", {}).get(part, {}) == expected
    assert set(after.get("pack", {}).get("excludes", ())) == {
        *before.get("pack", {}).get("excludes", ()),
        *profile.tuning.excludes,
    }
