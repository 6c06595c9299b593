from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from engine.store.paths import config_dir, data_dir
from tests.cli.conftest import Run


def report(run: Run, *words: object) -> dict[str, object]:
    packed = run("pack", *words, "--json", "-q")
    assert packed.code == 0, packed.err
    found = packed.json["report"]
    assert isinstance(found, dict)
    return found


def test_a_profile_is_tuned_used_shown_and_left(run: Run, shop: Path) -> None:
    before = report(run, shop)
    assert run("profile", "list", shop, "--json").json["profiles"] == []
    assert run("profile", "show", shop, "--json").json["profile"] is None
    assert not list(data_dir().rglob("*.db"))
    made = run("profile", "set", "budget=2k", "weights.tests=1.5", "pins.README.md=0", shop, "--json").json
    assert made["profile"]["active"]
    assert made["changes"] == ["budget 2k", "tests weight 0.45 → 1.5", "pinned README.md at full"]
    after = report(run, shop)
    assert (after["budget"], after["profile"]) == (2000, made["profile"]["name"])
    shown = run("profile", "show", f"{shop}/", "--json").json
    assert shown["profile"] == made["profile"]
    assert shown["says"] == made["changes"]
    assert run("profile", "reset", shop).code == 0
    for kept in (before, left := report(run, shop)):
        kept.pop("seconds")
        kept.pop("cache")
        kept.pop("pack_id")
    assert left == before


def test_profiles_are_saved_named_and_compared(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    assert run("profile", "save", "lean", "budget=1k").code == 0
    assert run("profile", "save", "wide", "budget=4k", "--from", "lean", "--use").code == 0
    assert report(run)["budget"] == 4000
    assert report(run, "--profile", "lean")["budget"] == 1000
    assert report(run, "--profile", "none")["profile"] == ""
    assert run("profile", "diff", "lean", "wide").out == "budget 1k → 4k\n"
    assert run("profile", "diff", "lean", "none", "--json").json["changes"] == ["budget left to the settings"]
    run("profile", "set", "budget=1500", "--profile", "lean")
    assert run("profile", "diff", "lean@1", "lean@2").out == "budget 1k → 1500\n"
    versions = run("profile", "history", "lean", "--json").json["versions"]
    assert [(one["version"], one["changes"]) for one in versions] == [(2, ["budget 1k → 1500"]), (1, ["budget 1k"])]
    listed = run("profile", "list", "--json").json["profiles"]
    assert [(one["name"], one["version"], one["active"]) for one in listed] == [("lean", 2, False), ("wide", 1, True)]
    monkeypatch.setenv("PACKSIGHT_PROFILE", "lean")
    assert report(run)["budget"] == 1500


def test_where_a_setting_comes_from_is_told(run: Run, shop: Path) -> None:
    run("profile", "save", "lean", "budget=1k", "--use", shop)
    settings = run("config", "show", shop, "--json").json
    assert settings["budget"] == {"value": "1k", "origin": "profile 'lean'"}
    assert settings["profile"]["value"] == "lean"
    budget = run("budget", "show", shop, "--json").json
    assert (budget["in_force"], budget["origin"]) == (1000, "profile 'lean'")
    assert run("scan", shop, "--json", "-q").json["profile"] == "lean"
    assert run("scan", shop, "-q").out.splitlines()[-1] == "packs use the profile lean"
    assert run("scan", shop, "--profile", "nane", "-q").code == 3


def test_profiles_leave_and_come_back_as_text(run: Run, shop: Path, tmp_path: Path) -> None:
    run("profile", "save", "lean", "budget=1k", "weights.docs=2", shop)
    exported = run("profile", "export", "lean", f"{shop}/").out
    assert tomllib.loads(exported)["pack"] == {"weights": {"docs": 2}}
    assert run("profile", "export", "lean", f"{shop}/", "-o", tmp_path / "lean.toml").code == 0
    assert (tmp_path / "lean.toml").read_text() == exported
    imported = run("profile", "import", tmp_path / "lean.toml", shop, "--name", "copy", "--use", "--json").json
    assert (imported["profile"]["name"], imported["profile"]["active"]) == ("copy", True)
    assert run("profile", "export", f"{shop}/", "--to-repository").code == 0
    assert tomllib.loads((shop / ".packsight.toml").read_text())["budget"] == "1k"
    run("profile", "reset", shop)
    assert report(run, shop)["budget"] == 1000


def test_a_suggestion_gives_reasons_and_is_kept_on_request(run: Run, shop: Path) -> None:
    suggested = run("profile", "suggest", shop, "--json").json
    assert suggested["reasons"]
    assert all(reason["why"] for reason in suggested["reasons"])
    assert not data_dir().exists()
    saved = run("profile", "save", "mine", "--suggested", shop, "--json").json["profile"]
    assert saved["budget"] == suggested["profile"]["budget"]


def test_drift_is_shown_as_two_packs(run: Run, shop: Path) -> None:
    run("profile", "save", "lean", "budget=2k", "--use", shop)
    assert run("profile", "diff", f"{shop}/", "--drift", "--json").json["rows"] == []
    (shop / "README.md").write_text("# Shop\n\nIt is closed.\n", "utf-8")
    rows = run("profile", "diff", "lean", f"{shop}/", "--drift", "--json").json["rows"]
    assert {row["path"] for row in rows} >= {"README.md"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["use", "lean"], 3), (["show", "lean"], 3), (["history", "lean"], 3), (["history"], 2), (["diff"], 2),
        (["set"], 2), (["set", "weigths.tests=1"], 2), (["set", "budget=9M"], 2), (["set", "format=pdf"], 2),
        (["set", "budget=1k", "--profile", "lean"], 3), (["save"], 2), (["save", "a=b"], 2), (["save", "none"], 2),
        (["save", "a", "--from", "b"], 3), (["export"], 2), (["export", "lean"], 3), (["import", "nothing.toml"], 3),
        (["show", "a", "b", "c"], 2), (["list", "/no/such/folder"], 3), (["list", "-m", "gpt-55"], 3), (["use", ""], 2),
        (["shwo"], 2), (["set", "budget=1k", "--db", "mysql://x"], 2),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_clear_error_and_makes_no_database(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int
) -> None:
    monkeypatch.chdir(shop)
    refused = run("profile", *words)
    assert refused.code == code
    assert refused.out == ""
    assert 1 <= len(refused.err.splitlines()) <= 2
    assert not data_dir().exists()


def test_globs_reach_the_terminal_as_text(run: Run, shop: Path) -> None:
    shown = run("profile", "set", "pins.\x1b[31m*.py=0", "excludes=[/red]\u202e", shop)
    assert shown.code == 0
    assert "\x1b" not in shown.out
    assert "\u202e" not in shown.out
    for words in (["show"], ["history"], ["diff"]):
        assert "\x1b" not in run("profile", *words, f"{shop}/").out
    assert "\x1b" not in run("profile", "list", shop).out


def test_a_database_in_trouble_is_told_and_packs_are_made_without_it(run: Run, shop: Path) -> None:
    data_dir().mkdir(parents=True)
    (data_dir() / "packsight.db").write_bytes(b"damaged!" * 1000)
    packed = run("pack", shop, "--json")
    assert packed.code == 0
    assert packed.json["report"]["profile"] == ""
    assert "going on without" in packed.err


def test_every_value_in_force_is_shown_with_its_layer(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop / ".packsight.toml").write_text(
        'budget = "3k"\n[pack]\nexcludes = ["docs/"]\n[pack.weights]\ntests = 0.7\ndocs = 0.2\n'
    )
    config_dir().mkdir(parents=True, exist_ok=True)
    (config_dir() / "config.toml").write_text("reserve = 100\n[pack.weights]\ndocs = 0.9\ndata = 0.5\n")
    run("profile", "save", "lean", "weights.tests=1.5", "pins.README.md=0", "--use", shop)
    monkeypatch.setenv("PACKSIGHT_FORMAT", "plain")
    rows = run("profile", "show", f"{shop}/", "--json").json["layers"]
    found = {row["key"]: (row["value"], row["layer"], row["origin"].rpartition("/")[2]) for row in rows}
    assert found["budget"] == ("3k", "team", ".packsight.toml")
    assert found["format"] == ("plain", "run", "environment PACKSIGHT_FORMAT")
    assert found["reserve"] == (100, "personal", "config.toml")
    assert found["weights.tests"] == (1.5, "personal", "profile 'lean'")
    assert found["weights.docs"] == (0.2, "team", ".packsight.toml")
    assert found["weights.data"] == (0.5, "personal", "config.toml")
    assert found["weights.code"] == (1.0, "default", "default")
    assert found["pins.README.md"] == (0, "personal", "profile 'lean'")
    assert found["excludes.docs/"][1] == "team"
    run("budget", "2k", shop)
    assert "budget saved for this repository and model" in run("profile", "show", f"{shop}/").out
    text = run("profile", "show", f"{shop}/").out
    assert all(any(word in line for line in text.splitlines()) for word in ("in force", "team", "personal", "default"))
    assert all(len(line) <= 120 for line in text.splitlines())


def test_an_empty_file_is_no_profile(run: Run, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.toml").write_text("\n", "utf-8")
    refused = run("profile", "import", tmp_path / "empty.toml", shop)
    assert refused.code == 3
    assert "empty.toml is empty" in refused.err
    assert run("profile", "list", shop, "--json").json["profiles"] == []
