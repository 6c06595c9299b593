"""Secrets and hidden characters through the real command: masked, counted, told, and revealed to a person alone."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.secrets.values import github, private_key, random_text

TOKEN, PASSWORD = github(7), "aB3!" + random_text(10, seed=8)
FILES = {
    "app.py": (
        f'"""The app."""\n\nTOKEN = "{TOKEN}"\n\n\ndef start(user):\n    """Start."""\n    return user + "\u202e"\n'
    ),
    "deploy/.env.prod": f"DB_PASSWORD={PASSWORD}\nHOST=db\n",
    "key.pem": private_key(),
    "README.md": f"# Use {TOKEN} here\n\nText.\n",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def environment(tmp_path: Path) -> dict[str, str]:
    homes = {f"PACKSIGHT_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "CACHE")}
    return {**os.environ, **homes, "HOME": str(tmp_path)}


def run(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "engine", *words]
    return subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment(tmp_path), timeout=120
    )


def assert_nothing_leaks(text: str) -> None:
    assert TOKEN[8:] not in text
    assert PASSWORD[2:] not in text
    assert random_text(64, seed=2) not in text


@pytest.mark.parametrize("name", ["xml", "markdown", "json", "plain"])
def test_packs_mask_and_say_so(repository: Path, tmp_path: Path, name: str) -> None:
    ran = run(tmp_path, "pack", str(repository), "--format", name, "--json")
    assert ran.returncode == 0, ran.stderr
    assert_nothing_leaks(ran.stdout + ran.stderr)
    answer = json.loads(ran.stdout)
    report = answer["report"]
    assert {"path": "app.py", "line": 3, "kind": "github-pat"} in report["secrets"]
    assert {row["path"] for row in report["secrets"]} == set(FILES)
    assert report["hidden"] == [{"path": "app.py", "line": 8, "kind": "bidi"}]
    assert "ghp_" + "*" * 36 in answer["text"]
    assert "⟨U+202E⟩" in answer["text"]
    assert "\u202e" not in answer["text"]
    assert "secrets   4 masked in 4 files" in ran.stderr
    assert report["actual"] <= report["budget"]


def test_a_budget_holds_for_the_masked_text(repository: Path, tmp_path: Path) -> None:
    for budget in ("200", "260", "400"):
        ran = run(tmp_path, "pack", str(repository), "--budget", budget, "--json", "-q")
        report = json.loads(ran.stdout)["report"]
        assert report["actual"] <= int(budget)


def test_parts_search_show_and_caches_hold_no_secret(repository: Path, tmp_path: Path) -> None:
    for words in (
        ("pack", str(repository), "--split", "400", "--json"),
        ("search", "start token", str(repository), "--json"),
        ("show", str(repository / "app.py"), "--json"),
        ("show", str(repository / "README.md"), "--level", "4"),
        ("show", str(repository / "README.md"), "--level", "5"),
        ("scan", str(repository), "--secrets", "--json"),
    ):
        ran = run(tmp_path, *words)
        assert ran.returncode == 0, ran.stderr
        assert_nothing_leaks(ran.stdout + ran.stderr)
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if TOKEN.encode() in path.read_bytes()]


def test_hidden_characters_are_dropped_or_kept_by_choice(repository: Path, tmp_path: Path) -> None:
    dropped = run(tmp_path, "pack", str(repository), "--hidden-text", "drop").stdout
    assert 'return user + ""' in dropped
    assert "hidden characters left out" in dropped
    assert 'return user + "\u202e"' in run(tmp_path, "pack", str(repository), "--hidden-text", "keep").stdout


@pytest.mark.parametrize("words", [("pack", "."), ("search", "start", "."), ("show", "app.py")])
def test_a_pipe_reveals_nothing(repository: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "engine", *words, "--reveal-secrets"]
    ran = subprocess.run(
        command, capture_output=True, text=True, cwd=repository, env=environment(tmp_path), stdin=subprocess.DEVNULL
    )
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert "--reveal-secrets needs a terminal" in ran.stderr


def test_a_person_at_a_terminal_may_see_a_secret(repository: Path, tmp_path: Path) -> None:
    child, terminal = pty.fork()
    if child == 0:
        words = [sys.executable, "-m", "engine", "show", str(repository / "app.py"), "--reveal-secrets"]
        os.execve(sys.executable, words, environment(tmp_path))
    seen = b""
    try:
        while piece := os.read(terminal, 4096):
            seen += piece
    except OSError:
        pass  # The other end is closed.
    os.waitpid(child, 0)
    os.close(terminal)
    assert TOKEN in seen.decode()


def test_only_the_persons_own_settings_allow(repository: Path, tmp_path: Path) -> None:
    (repository / ".packsight.toml").write_text('[secrets]\nallow = ["*"]\n')
    refused = run(tmp_path, "pack", str(repository))
    assert refused.returncode == 3
    assert "counts only in your own settings" in refused.stderr
    (repository / ".packsight.toml").unlink()
    own = tmp_path / "config" / "config.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text('[secrets]\nallow = ["app.py"]\n')
    ran = run(tmp_path, "pack", str(repository), "--json")
    report = json.loads(ran.stdout)
    assert "app.py" not in {row["path"] for row in report["report"]["secrets"]}
    assert f'TOKEN = "{TOKEN}"' in report["text"]
    assert f"# Use {TOKEN}" not in report["text"]
