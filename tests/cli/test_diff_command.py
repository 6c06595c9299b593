from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.engine.walk.repos import git


def test_two_budgets_are_compared_in_text_and_json(run: Run, shop: Path) -> None:
    found = run("diff", "250", "500", shop, "--json").json
    assert (found["left"]["budget"], found["right"]["budget"]) == (250, 500)
    assert found["right"]["quality"] > found["left"]["quality"]
    assert found["rows"]
    assert set(found["rows"][0]) >= {
        "change", "path", "start_line", "end_line", "symbol", "class", "level_left", "level_right", "tokens_left",
        "tokens_right", "value",
    }  # fmt: skip
    for side, budget in (("left", 250), ("right", 500)):
        packed = run("pack", shop, "-b", budget, "--json", "-q").json["report"]
        assert found[side]["actual"] == packed["actual"]
    text = run("diff", "250", "500", shop).out
    assert f"{found['right']['actual']:,}" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    for change, number in found["changes"].items():
        assert number == sum(row["change"] == change for row in found["rows"])


def test_rows_are_limited_unless_all_are_asked_for(run: Run, shop: Path) -> None:
    number = len(run("diff", "250", "3000", shop, "--json").json["rows"])
    assert number > 3
    short, long = (run("diff", "250", "3000", shop, "--rows", rows).out for rows in ("1", "0"))
    assert "more" in short
    assert "more" not in long
    assert len(short.splitlines()) < len(long.splitlines())
    assert run("diff", "250", "3000", shop, "--rows", "few").code == 2


def test_models_profiles_and_revisions_are_compared(run: Run, shop: Path) -> None:
    run("profile", "save", "lean", "budget=1k", shop)
    git(shop, "tag", "first")
    (shop / "NEWS.md").write_text("# News\n\nThere is a new file.\n", "utf-8")
    models = run("diff", "gpt-4o", "claude-opus-4-5", shop, "--json", "-b", "2k").json
    assert (models["left"]["model"], models["right"]["model"]) == ("gpt-4o", "claude-opus-4-5")
    profiles = run("diff", "now", "lean,budget=2k", shop, "--json").json
    assert (profiles["left"]["profile"], profiles["right"]["profile"]) == ("", "lean")
    assert profiles["right"]["budget"] == 2000
    rows = run("diff", "first", "worktree", shop, "--json", "-b", "9k").json["rows"]
    assert {(row["path"], row["change"]) for row in rows} == {("NEWS.md", "enters")}
    assert run("diff", "now", "now", shop).out.splitlines()[-1] == "no chunk differs"


@pytest.mark.parametrize(
    ("sides", "code"),
    [
        (("laen", "now"), 2), (("budgt=3", "now"), 2), (("now", "model=gpt-55"), 3), (("now", "profile=x"), 3),
        (("now", "rev=nope"), 3), (("99M", "now"), 2), (("tuned", "now"), 2), (("1", "now"), 4), (("", "now"), 2),
        (("now",), 2),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_one_clear_error(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, sides: tuple[str, ...], code: int
) -> None:
    monkeypatch.chdir(shop)
    refused = run("diff", *sides)
    assert refused.code == code
    assert refused.out == ""
    assert 1 <= len(refused.err.splitlines()) <= 2
    run("profile", "save", "lean")
    assert "did you mean 'lean'" in run("diff", "laen", "now").err


def test_hostile_names_stay_text_on_one_line(run: Run, shop: Path) -> None:
    (shop / "a\x1b[31m[red]\u202e日本.py").write_text("def f():\n    return 1\n" * 3, "utf-8")
    text = run("diff", "250", "9k", shop, "--rows", "0").out
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "日本" in text
