"""The hook of ``.pre-commit-hooks.yaml``, run by pre-commit itself on real commits."""

from __future__ import annotations

import importlib.util
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Run
from tests.cli.offline import ROOT, installing, product
from tests.engine.walk.repos import git, write

HOOK = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))[0]
LIMITS = '[check]\nmax_total = "50k"\n\n[check.max_file]\n"*.py" = 900\n'
LARGE = "".join(f"value{number} = {number}\n" for number in range(400))


def test_the_entry_is_a_command_that_takes_names_as_pre_commit_gives_them(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    program, *words = shlex.split(HOOK["entry"])
    assert (program, HOOK["language"]) == ("packsight", "python")
    write(shop, {".packsight.toml": LIMITS, "large.py": LARGE, "--max-total=9M.py": "x = 1\n", "--help": "\n"})
    names = sorted(path.name for path in shop.iterdir() if path.is_file())
    assert names[:2] == ["--help", "--max-total=9M.py"]
    ran = run(*words, *HOOK["args"], *names)
    assert ran.code == 1
    assert "large.py" in ran.out
    assert run(*words, *HOOK["args"], "README.md", "--help").code == 0
    assert run(*words, *HOOK["args"]).code == 1


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("pre_commit") is None, reason="pre-commit is not installed")
def test_pre_commit_refuses_a_commit_that_breaks_a_limit(shop: Path, tmp_path: Path) -> None:
    source = product(tmp_path / "source")
    environment = {
        **os.environ, **installing(tmp_path / "packages"), "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull,
    }  # fmt: skip

    def do(*words: str) -> tuple[int, str]:
        done = subprocess.run(words, cwd=shop, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    chosen = {"id": HOOK["id"], "args": ["--base", "HEAD", "--max-growth", "3k", "--"]}
    hook = {"repo": str(source), "rev": git(source, "rev-parse", "HEAD"), "hooks": [chosen]}
    write(shop, {".pre-commit-config.yaml": yaml.safe_dump({"repos": [hook]}), ".packsight.toml": LIMITS})
    assert do(sys.executable, "-m", "pre_commit", "install")[0] == 0
    git(shop, "add", "-A")
    code, told = do("git", "commit", "-m", "limits")
    assert code == 0, told
    assert "packsight check" in told
    assert "Passed" in told
    write(shop, {"large.py": LARGE, "shop/money.py": "x = 1\n"})
    git(shop, "add", "-A")
    code, told = do("git", "commit", "-m", "too large")
    assert code == 1, told
    assert "max_file *.py = 900 tokens" in told
    assert "large.py" in told
    assert git(shop, "log", "-1", "--format=%s") == "limits"
    assert "large.py" in git(shop, "diff", "--cached", "--name-only")
    (shop / "large.py").write_text("x = 2\n", "utf-8")
    git(shop, "add", "-A")
    code, told = do("git", "commit", "-m", "small enough")
    assert code == 0, told
