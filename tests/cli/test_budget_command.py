from __future__ import annotations

import itertools
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.config import DEFAULTS
from engine.store.paths import config_dir, data_dir
from tests.cli.conftest import Run


def packed_budget(run: Run, *words: object) -> int:
    budget = run("pack", *words, "--json").json["report"]["budget"]
    assert isinstance(budget, int)
    return budget


def test_a_saved_budget_is_shown_used_and_forgotten(run: Run, shop: Path) -> None:
    default = packed_budget(run, shop)
    assert not list(data_dir().rglob("*.db"))
    saved = run("budget", "1.5k", shop, "--json").json
    assert saved["budget"] == saved["in_force"] == 1500
    assert run("budget", "show", shop, "--json").json == saved
    assert run("budget", "show", shop, "--json").json["model"] == DEFAULTS["model"]
    assert packed_budget(run, shop) == 1500
    cleared = run("budget", "clear", shop, "--json").json
    assert (cleared["budget"], cleared["in_force"], cleared["origin"]) == (None, default, "default")
    assert packed_budget(run, shop) == default
    assert run("budget", "clear", shop).code == 0


def test_it_belongs_to_the_model_under_any_of_its_names(run: Run, shop: Path) -> None:
    window = run("budget", "40%", shop, "-m", "claude-opus-4-5", "--json").json["context_window"]
    assert run("budget", "show", shop, "-m", "CLAUDE-OPUS-4-5", "--json").json["budget"] == window * 40 // 100
    assert run("budget", "show", shop, "-m", "gpt-4o", "--json").json["budget"] is None
    assert packed_budget(run, shop, "-m", "claude-opus-4-5") == window * 40 // 100


def test_it_belongs_to_the_repository_wherever_in_it_and_in_every_clone(run: Run, shop: Path, tmp_path: Path) -> None:
    folder = next(path for path in sorted(shop.iterdir()) if path.is_dir() and path.name != ".git")
    run("budget", "2000", folder)
    assert packed_budget(run, shop) == 2000
    subprocess.run(["git", "-C", shop, "remote", "add", "origin", "https://me:pw@example.org/shop.git"], check=True)
    assert run("budget", "3000", shop, "--json").json["repository"] == "https://example.org/shop.git"
    shutil.copytree(shop, tmp_path / "elsewhere")
    assert packed_budget(run, tmp_path / "elsewhere") == 3000


LAYERS = ("flag", "environment", "profile", "saved", "repository", "user", "default")
"""What may name a budget, the strongest first."""
ORIGINS = {
    "environment": "environment PACKSIGHT_BUDGET", "profile": "profile 'lean'",
    "saved": "budget saved for this repository and model", "repository": ".packsight.toml", "user": "config.toml",
    "default": "default",
}  # fmt: skip


def name_a_budget(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, layer: str, tokens: str) -> list[str]:
    """Name a budget at a layer; returns the words that go into the command."""
    if layer == "flag":
        return ["--budget", tokens]
    if layer == "environment":
        monkeypatch.setenv("PACKSIGHT_BUDGET", tokens)
    elif layer == "profile":
        assert run("profile", "save", "lean", f"budget={tokens}", "--use", f"{shop}/").code == 0
    elif layer == "saved":
        assert run("budget", tokens, shop).code == 0
    elif layer == "repository":
        (shop / ".packsight.toml").write_text(f'budget = "{tokens}"\n')
    elif layer == "user":
        config_dir().mkdir(parents=True, exist_ok=True)
        (config_dir() / "config.toml").write_text(f'budget = "{tokens}"\n')
    return []


@pytest.mark.parametrize(("strong", "weak"), itertools.combinations(LAYERS, 2))
def test_of_two_that_name_a_budget_the_stronger_counts(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, strong: str, weak: str
) -> None:
    words = [
        *name_a_budget(run, shop, monkeypatch, weak, "1200"),
        *name_a_budget(run, shop, monkeypatch, strong, "900"),
    ]
    assert packed_budget(run, shop, *words) == 900
    if strong != "flag":
        shown = run("budget", "show", shop, "--json").json
        assert (shown["in_force"], shown["origin"].removeprefix(str(shop) + "/").rpartition("/")[2]) == (
            900,
            ORIGINS[strong],
        )
        settled = run("config", "show", shop, "--json").json["budget"]
        assert str(settled["value"]) == "900"
        assert settled["origin"].endswith(ORIGINS[strong])


@pytest.mark.parametrize("layer", [layer for layer in LAYERS if layer not in ("default", "profile", "saved")])
@pytest.mark.parametrize("command", ["pack", "search"])
def test_more_than_the_window_is_refused_wherever_it_is_named(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, layer: str, command: str
) -> None:
    words = [*name_a_budget(run, shop, monkeypatch, layer, "9000"), "-m", "gpt-4"]
    ran = run(*(("pack", shop) if command == "pack" else ("search", "total", shop)), *words)
    assert (ran.code, ran.out) == (2, "")
    assert "larger than the model's window of 8,192 tokens" in ran.err
    assert layer == "flag" or ORIGINS[layer] in ran.err
    assert len(ran.err.splitlines()) <= 2


def test_more_than_the_window_is_neither_saved_nor_put_into_a_profile(run: Run, shop: Path) -> None:
    for words in (("budget", "9000", shop), ("profile", "save", "lean", "budget=9000", f"{shop}/")):
        ran = run(*words, "-m", "gpt-4")
        assert ran.code == 2
        assert "window of 8,192 tokens" in ran.err


def test_the_default_gives_way_to_a_small_window(run: Run, shop: Path) -> None:
    assert packed_budget(run, shop, "-m", "gpt-4") == 8192
    assert packed_budget(run, shop, "-m", "gpt-4", "--reserve", "2000") == 6192
    assert run("budget", "show", shop, "-m", "gpt-4", "--json").json["in_force"] == 8192


def test_a_plain_folder_and_a_file_have_budgets_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("# Title\n\nwords\n")
    assert run("budget", "700", tmp_path / "notes", "--json").json["budget"] == 700
    assert packed_budget(run, tmp_path / "notes") == 700


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["0"], 2), (["abc"], 2), (["300%"], 2), (["-1"], 2), (["999M"], 2), (["shwo"], 2),
        (["show", "/no/such/folder"], 3), (["500", "/no/such/folder"], 3), (["500", ".", "-m", "gpt-55"], 3),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_is_one_clear_error_and_makes_no_database(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int
) -> None:
    monkeypatch.chdir(shop)
    refused = run("budget", *words)
    assert refused.code == code
    assert refused.out == ""
    assert 1 <= len(refused.err.splitlines()) <= 2
    assert not data_dir().exists()


def test_a_repository_does_not_choose_the_database(run: Run, shop: Path, tmp_path: Path) -> None:
    (shop / ".packsight.toml").write_text(f'db = "sqlite:///{tmp_path}/chosen.db"\n')
    saved = run("budget", "1000", shop)
    assert saved.code == 0
    assert "is not followed" in saved.err
    assert not (tmp_path / "chosen.db").exists()
    assert (data_dir() / "packsight.db").exists()


def test_a_database_in_trouble_does_not_keep_a_pack_from_being_made(run: Run, shop: Path) -> None:
    default = packed_budget(run, shop)
    data_dir().mkdir(parents=True, exist_ok=True)
    (data_dir() / "packsight.db").write_bytes(b"damaged!" * 1000)
    packed = run("pack", shop, "--json")
    assert packed.code == 0
    assert packed.json["report"]["budget"] == default
    assert "set aside" in packed.err
