"""What an editor gets: counts, budgets, changes on disk."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.editor.conftest import Count
from tests.editor.talk import COMMAND, ROOT, edit, editing, span
from tests.sample import SERVICE


def test_counts_follow_every_edit(shop: Path, count: Count) -> None:
    with editing(shop) as editor:
        ready = editor.event("ready")
        assert (ready["model"], ready["method"], ready["unit"]) == ("gpt-5.5", "exact", "utf-16")
        assert editor.heard[0]["event"] == "ready"
        editor.say("open", path="shop/orders.py", text=SERVICE, version=1)
        told = editor.event("count", lambda params: params["version"] == 1)
        assert told["tokens"] == count(SERVICE)
        assert told["lines"] == SERVICE.count("\n") + 1
        editor.say(
            "change",
            path="shop/orders.py",
            version=2,
            edits=[edit((0, 3), (0, 9), "A shop, "), edit((2, 0), (3, 0), "")],
        )
        lines = SERVICE.split("\n")
        lines[0] = lines[0][:3] + "A shop, " + lines[0][9:]
        text = "\n".join(lines[:2] + lines[3:])
        assert editor.event("count", lambda params: params["version"] == 2)["tokens"] == count(text)
        assert editor.end() == (0, b"")


@pytest.mark.parametrize("model", ["gpt-5.5", "claude-opus-5-5"])
def test_random_edits_in_utf_16_count_as_the_whole_text(shop: Path, count: Count, model: str) -> None:
    chance = random.Random(model)
    text = (SERVICE + "naïve 漢字 😀😀 done\n") * 12
    with editing(shop, "--model", model) as editor:
        editor.ask("open", path="untitled:1", text=text)
        for _ in range(6):
            edits = []
            for _ in range(chance.randrange(1, 4)):
                at = chance.randrange(len(text))
                end = min(len(text), at + chance.randrange(60))
                new = chance.choice(["", "x", "\n", "\n\n  ", "😀", "# note\n", "/", "é"])
                edits.append(edit(_utf_16(text, at), _utf_16(text, end), new))
                text = text[:at] + new + text[end:]
            editor.ask("change", path="untitled:1", edits=edits)
            assert editor.tokens("untitled:1") == count(text, model)


def _utf_16(text: str, at: int) -> tuple[int, int]:
    before = text[:at]
    return before.count("\n"), len(before.rpartition("\n")[2].encode("utf-16-le")) // 2


def test_selections_are_counted_until_the_text_changes(shop: Path, count: Count) -> None:
    text = "one two\nthree 😀 four\nfive\n"
    with editing(shop) as editor:
        editor.ask("open", path="notes.txt", text=text)
        editor.ask("select", path="notes.txt", ranges=[span((0, 4), (1, 8)), span((2, 0), (2, 4))])
        selected = editor.ask("status")["buffers"][0]["selection"]
        parts = [count("two\nthree 😀"), count("five")]
        assert selected == {"tokens": sum(parts), "ranges": parts}
        editor.ask("change", path="notes.txt", edits=[edit((0, 0), (0, 0), "zero ")])
        state = editor.ask("status")["buffers"][0]
        assert state["selection"] is None
        assert state["tokens"] == count("zero " + text)


def test_the_pack_takes_what_buffers_leave(shop: Path, count: Count) -> None:
    with editing(shop, "--budget", "1500") as editor:
        alone = editor.ask("status", packed=True)["budget"]
        assert (alone["budget"], alone["buffers"], alone["over"]) == (1500, 0, False)
        assert alone["pack"]["phase"] == "ready"
        assert 0 < alone["pack"]["tokens"] <= 1500
        assert alone["free"] == 1500 - alone["pack"]["tokens"]
        editor.ask("open", path="shop/orders.py", text=SERVICE)
        budget = editor.ask("status", packed=True)["budget"]
        assert budget["buffers"] == count(SERVICE)
        assert budget["pack"]["budget"] == 1500 - budget["buffers"]
        assert budget["pack"]["tokens"] <= budget["pack"]["budget"]
        assert budget["free"] == 1500 - budget["buffers"] - budget["pack"]["tokens"]
        standing = budget["files"][0]["in_pack"]
        assert 0 <= standing["level"] <= 6
        assert sum(standing["chunks"].values()) > 3
        editor.ask("open", path="untitled:long", text=SERVICE * 12)
        over = editor.ask("status", packed=True)["budget"]
        assert over["over"]
        assert over["over_by"] == over["buffers"] - 1500
        assert over["free"] == 0
        assert "whole budget" in over["pack"]["problem"]
        assert over["files"][1]["in_pack"] is None
        editor.ask("close", path="untitled:long")
        assert editor.ask("status", packed=True)["budget"]["pack"]["tokens"] == budget["pack"]["tokens"]


def test_a_pack_is_the_one_of_the_command(shop: Path) -> None:
    words = [*COMMAND, "pack", str(shop), "-b", "900", "--json", "--quiet", "--query", "total of an order"]
    done = subprocess.run(words, capture_output=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    expected = json.loads(done.stdout)
    with editing(shop) as editor:
        result = editor.ask("pack", budget=900, query="total of an order", text=True)
        assert result["text"] == expected["text"]
        assert result["actual"] == expected["report"]["actual"] <= result["budget"] == 900
        assert "text" not in editor.ask("pack", budget=900)
        assert editor.fails("pack", budget="lots")["code"] == "invalid_params"
        assert editor.fails("pack", budget=3)["code"] == "budget_too_small"


def test_changes_on_disk_are_told_and_packed(shop: Path) -> None:
    with editing(shop) as editor:
        editor.ask("status", packed=True)
        (shop / "shop" / "new.py").write_text("def added():\n    return 1\n")
        (shop / "README.md").write_text("# Another\n")
        changes: dict[str, str] = {}
        while len(changes) < 2:
            changes |= {one["path"]: one["change"] for one in editor.event("files")["files"]}
        assert changes == {"shop/new.py": "added", "README.md": "changed"}
        editor.ask("open", path="shop/new.py", text="def added():\n    return 1\n")
        assert editor.ask("status", packed=True)["budget"]["files"][0]["in_pack"] is not None
        (shop / "shop" / "new.py").unlink()
        assert editor.event("files")["files"] == [{"path": "shop/new.py", "change": "removed"}]
        assert editor.ask("status", packed=True)["budget"]["files"][0]["in_pack"] is None


def test_another_model_counts_what_is_open_anew(shop: Path, count: Count) -> None:
    with editing(shop) as editor:
        editor.ask("open", path="a.txt", text=SERVICE)
        facts = editor.ask("configure", model="claude-opus-5-5", budget="2k", unit="utf-8")
        assert (facts["method"], facts["budget"], facts["unit"]) == ("reconstructed", 2000, "utf-8")
        assert editor.tokens("a.txt") == count(SERVICE, "claude-opus-5-5")
        editor.ask("change", path="a.txt", text="é😀x")
        editor.ask("change", path="a.txt", edits=[edit((0, 6), (0, 7), "y")])
        assert editor.tokens("a.txt") == count("é😀y", "claude-opus-5-5")
        assert "claude-opus" in editor.fails("configure", model="claude-opus-5-6")["hint"]
        assert editor.ask("status", packed=True)["budget"]["budget"] == 2000


def test_a_folder_without_anything_to_pack_still_counts(tmp_path: Path, count: Count) -> None:
    (tmp_path / "empty").mkdir()
    with editing(tmp_path / "empty") as editor:
        editor.ask("open", path="first.py", text="print(1)\n")
        budget = editor.ask("status", packed=True)["budget"]
        assert budget["pack"]["phase"] == "failed"
        assert budget["pack"]["problem"]
        assert budget["buffers"] == count("print(1)\n")


def test_the_example_client_shows_a_status_line(shop: Path) -> None:
    script = "import sys; sys.path.insert(0, sys.argv[1]); import editor_client as c; " \
        "sys.exit(c.main(sys.argv[2:], (sys.executable, '-m', 'engine')))"  # fmt: skip
    words = [sys.executable, "-c", script, str(ROOT / "docs" / "examples"), str(shop), "shop/orders.py", "README.md"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    before, after = done.stdout.splitlines()
    assert before.startswith("shop/orders.py 1")
    assert "README.md" in before
    assert "free" in before
    assert before != after
