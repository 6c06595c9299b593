"""The library is what its page says: names that stay, types that hold, methods that say what they do."""

from __future__ import annotations

import difflib
import inspect
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from engine.inspector import Inspector
from tests.docs.api import interface, members

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_TOLD = """The public interface changed:

{}

If that is meant: write the new one down with `python -m tests.docs.api > tests/docs/api.txt`, say so in CHANGELOG.md,
and keep the old name working where a name was taken away or means something else."""
METHODS = [name for name, _ in members(Inspector)]


def test_names_and_signatures_are_those_that_were_promised() -> None:
    promised = (HERE / "api.txt").read_text("utf-8")
    changes = difflib.unified_diff(promised.splitlines(), interface().splitlines(), "api.txt", "now", n=0, lineterm="")
    if said := "\n".join(changes):
        pytest.fail(_TOLD.format(said), pytrace=False)


def test_a_change_of_a_signature_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def pack(self: Inspector, wanted: int) -> None: ...

    monkeypatch.setattr(Inspector, "pack", pack)
    assert "engine.inspector.Inspector.pack(self: Inspector, wanted: int) -> None\n" in interface()
    assert interface() != (HERE / "api.txt").read_text("utf-8")


@pytest.mark.parametrize("name", METHODS)
def test_a_method_says_what_it_does_takes_and_raises(name: str) -> None:
    method = inspect.getattr_static(Inspector, name)
    function = getattr(method, "__func__", method)
    text = inspect.getdoc(function) or ""
    assert re.match(r"[A-Z].*[.:;]", text.partition("\n")[0] + "."), f"{name} has no sentence"
    parameters = [one for one in inspect.signature(function).parameters.values() if one.name != "self"]
    section = re.search(r"^Args:\n((?:    .*\n?)+)", text, re.MULTILINE)
    if section:
        described = re.findall(r"^    \*{0,2}(\w+):", section[1], re.MULTILINE)
        assert described == [one.name for one in parameters], f"{name}: Args are not the parameters"
    else:
        # One or two words that their types explain need no list.
        assert len(parameters) <= 3, f"{name} has {len(parameters)} parameters and no Args"
    source = textwrap.dedent(inspect.getsource(function))
    if re.search(r"^\s+raise (?:UsageError|InputError|BudgetTooSmall)\(", source, re.MULTILINE):
        assert "Raises:" in text, f"{name} raises and does not say so"


PROGRAM = """
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import BudgetTooSmall, PacksightError
from engine.events import Event, Progress
from engine.extending import Cut, FormatPlugin, LanguagePlugin, LevelsPlugin
from engine.inspector import Inspector
from engine.model import ChunkClass, Level, Model
from engine.request import PackRequest, ScanRequest, Tuning

if TYPE_CHECKING:
    from engine.inspector import Comparison, Live, Packed, Searched, Split, Verdict


def told(event: Event) -> None:
    if isinstance(event, Progress):
        done: int = event.done
        print(done, event.phase.upper())


def packed(root: Path, budget: str | int) -> Packed | None:
    request = PackRequest(ScanRequest(root, "gpt-5.5"), budget, tuning=Tuning({ChunkClass.TESTS: 0.5}))
    with Inspector(emit=told, cancelled=lambda: False) as inspector:
        model: Model = inspector.model("gpt-5.5")
        try:
            pack = inspector.pack(request)
            parts: Split = inspector.split(request, "8k")
            hits: Searched = inspector.search(request, limit=3)
            both: Comparison = inspector.diff(request, request)
            live: Live = inspector.live(request.scan)
            verdict: Verdict = inspector.check(request.scan, limits={"max_total": "1M"})
            rows = inspector.count_texts(["a"], [model.id])
            print(parts, hits.hits[0].path, both, live, verdict.passed, rows[0]["count"], Level.CAPSULE)
        except BudgetTooSmall as error:
            return packed(root, error.smallest_tokens)
        except PacksightError as error:
            print(error.message + error.hint)
            return None
        return pack


def plugins() -> tuple[LanguagePlugin, LevelsPlugin, type[FormatPlugin]]:
    language = LanguagePlugin(extensions=("a",), cut=lambda data, lines: Cut([], []))
    return language, LevelsPlugin(lambda chunk: None), FormatPlugin
"""
WRONG = """
from engine.inspector import Inspector

with Inspector() as inspector:
    inspector.count_texts("text", 7)
    inspector.no_such_thing()
"""


def test_a_typed_program_is_checked_against_the_package(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="mypy comes with the extra dev")
    assert (ROOT / "engine" / "py.typed").is_file()
    (tmp_path / "program.py").write_text(PROGRAM, "utf-8")
    (tmp_path / "wrong.py").write_text(WRONG, "utf-8")
    # Outside the checkout and its configuration, as a stranger's project.
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--cache-dir", str(tmp_path / "cache"),
         "--config-file", "", "program.py", "wrong.py"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert [line.partition(":")[0] for line in found] == ["wrong.py"] * len(found), done.stdout + done.stderr
    assert "arg-type" in found[0], found
    assert "no_such_thing" in found[-1]
