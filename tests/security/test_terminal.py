"""What a repository is called, holds and configures reaches a terminal as text that gives no orders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.engine.walk.repos import commit, git, make, write

ESCAPES = "\x1b]0;title\x07\x1b[2J\x9b31m\x9d0;x\x9c\x08\x7f\r"
NAME = "evil\x1b[31m\x9b2J\x07\r[bold]x"
ORDERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters other than line ends and tabs, of both sets that terminals obey."""


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A repository that is hostile wherever it can be: names, contents, messages, branch, settings, ignore files."""
    text = f'"""Doc {ESCAPES}"""\n\n\ndef total(value):  # {ESCAPES}\n    return "{ESCAPES}"\n'
    root = make(tmp_path / f"shop{NAME}".replace("\r", ""), {
        f"{NAME}.py": text, f"{NAME}/{NAME}.md": f"# Head {ESCAPES}\n\nWords {ESCAPES}\n", "plain.py": text,
        ".packsightignore": f"[z-a]{ESCAPES}\n",
    })  # fmt: skip
    write(root, {"plain.py": text + "\n# more\n"})
    commit(root, f"Message {ESCAPES}")
    git(root, "remote", "add", "origin", f"https://example.org/{NAME}".replace("\r", ""))
    return root


@pytest.mark.parametrize(
    "words",
    [
        "inspect REPO --text", "scan REPO", "scan REPO --json", "count REPO", "count REPO --json", "pack REPO -b 2k",
        "pack REPO -b 2k --format xml", "pack REPO -b 2k --format json", "pack REPO -b 2k --format plain",
        "pack REPO -b 2k --json", "pack REPO -b 400 --query total", "pack REPO -b 2k --diff HEAD~1",
        "pack REPO --split 300", "search total REPO", "search total REPO --json", "diff 1k 2k REPO",
        "show REPO/NAME.py", "show REPO/NAMEx.py", "check REPO --max-total 1", "check REPO --max-file *=1",
        "check REPO --max-total 1 --format json", "check REPO --max-total 1 --format junit",
        "check REPO --max-total 1 --format sarif", "config show REPO", "profile suggest REPO", "profile list REPO",
        "profile save NAME REPO", "profile use NAME REPO", "profile show NAME REPO", "profile export NAME REPO",
        "budget 9k REPO", "budget show REPO", "scan REPO --rev NAME", "scan REPO --include NAME", "models NAME",
        "pack REPO -b 2k -m NAME", "pack REPO -b NAME", "pack REPO -o REPO/no/NAME", "telemetry show NAME",
        "telemetry list --model NAME", "telemetry import REPO/NAME.py", "calibrate --from-csv REPO/NAME.py",
        "profile import REPO/NAME.py REPO", "db status --db NAME", "db backup REPO/no/NAME", "NAME", "spec NAME",
        "estimate --category NAME --complexity low", "profile outcome REPO --useful NAME", "pack REPO/NAME -b 1k",
        "telemetry record --provider NAME --model NAME --output 5", "cache status", "doctor --db NAME",
    ],
)  # fmt: skip
def test_nothing_reaches_a_terminal_as_an_order(run: Run, hostile: Path, words: str) -> None:
    told = [word.replace("REPO", str(hostile)).replace("NAME", NAME) for word in words.split(" ")]
    done = run(*told)
    assert "Traceback" not in done.err
    assert not ORDERS.search(done.err), repr(ORDERS.search(done.err))
    assert not ORDERS.search(done.out), repr(done.out[max(0, ORDERS.search(done.out).start() - 60) :][:120])  # type: ignore[union-attr]


@pytest.mark.parametrize("where", ["config.toml", "models.toml", "keymap.toml", "themes/mine.toml"])
@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 50_000, "a." * 20_000 + "b = 1", f"'{NAME}' = 1".replace("\r", ""), "a = " + "9" * 10_000, "\x00"],
    ids=["deep", "dotted", "escapes", "digits", "zero"],
)
def test_a_hostile_file_of_settings_is_a_line_or_two(
    run: Run, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, text: str
) -> None:
    from themes.loader import load_themes
    from tui.keymap import load_keymap

    folder = tmp_path / "config"
    (folder / where).parent.mkdir(parents=True)
    (folder / where).write_text(text)
    monkeypatch.setenv("PACKSIGHT_CONFIG_DIR", str(folder))
    done = run("pack", shop, "-b", "1k")
    assert done.code in (0, 3)
    assert len(done.err) < 4_000
    assert not ORDERS.search(done.err)
    _, wrong = load_keymap(folder, lambda: ())
    _, troubles = load_themes(folder / "themes")
    assert all(len(one) < 4_000 for one in (*wrong, *troubles))
