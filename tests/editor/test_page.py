"""The page about the stream is played: every message in it is sent and comes back as it is written there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from engine.watch.requests import METHODS
from tests.editor.talk import ROOT, Editor, Message, editing

PAGE = (ROOT / "docs" / "editor.md").read_text("utf-8")
ANY = "…"


def steps() -> list[tuple[str, str]]:
    """Mark and text of every message of the page, in order; lines that go on are joined."""
    found: list[tuple[str, str]] = []
    for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL):
        for line in block.splitlines():
            if line[:2] in ("→ ", "← ", "! "):
                found.append((line[0], line[2:]))
            else:
                found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
    return found


def fits(written: Any, said: Any) -> bool:
    """Whether a message is the one of the page: the same members, and their values where the page has one."""
    if written == ANY:
        return True
    if isinstance(written, dict):
        same = isinstance(said, dict) and written.keys() == said.keys()
        return same and all(fits(written[name], said[name]) for name in written)
    if isinstance(written, list):
        return isinstance(said, list) and len(written) == len(said) and all(map(fits, written, said))
    return bool(written == said) and type(written) is type(said)


def test_the_page_is_what_happens(shop: Path) -> None:
    played = steps()
    assert len(played) > 25
    with editing(shop, "--budget", "2k") as editor:
        for mark, text in played:
            if mark == "→":
                editor.send(text.encode() + b"\n")
            elif mark == "!":
                (shop / text.removeprefix("write ")).write_text("RATE = 0.19\n")
            else:
                hear(editor, json.loads(text))
        assert editor.end() == (0, b"")


def hear(editor: Editor, written: Message) -> None:
    """Wait for a message of the page; an answer with its id must be it, events may come in several versions."""
    if "event" in written:
        editor.hear(lambda said: fits(written, said))
        return
    said = editor.hear(lambda said: "id" in said)
    assert fits(written, said), (written, said)


def test_the_page_knows_every_method_and_nothing_else() -> None:
    sent = [json.loads(text) for mark, text in steps() if mark == "→" and text.startswith("{")]
    assert {message["method"] for message in sent} - {"opne"} == set(METHODS)
    room = "\n".join(path.read_text("utf-8") for path in (ROOT / "engine" / "watch").glob("*.py"))
    codes = set(re.findall(r'Refused\(\s*"(\w+)"', room)) | {"unusable_input", "budget_too_small", "cancelled"}
    assert codes == set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    for event in set(re.findall(r'\.event\(\s*"(\w+)"', room)):
        assert f"`{event}`" in PAGE
