"""Stack traces and issues as queries: what their frames name is shown in full, in every language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest
from tests.engine.walk.repos import write

MODEL = "gpt-4o"
NAMES = ("Invoice", "Parser", "Socket", "Palette", "Ledger", "Schedule")
LINES = range(12)


def _python(name: str) -> str:
    low = name.lower()
    functions = [
        f"def {verb}_{low}(given):\n" + "".join(f"    {low}_{line} = given.step({line})\n" for line in LINES)
        for verb in ("open", "close", "measure")
    ]
    return "\n\n".join(functions)


def _javascript(name: str) -> str:
    low = name.lower()
    functions = [
        f"function {verb}{name}(given) {{\n"
        + "".join(f"  const {low}{line} = given.step({line});\n" for line in LINES)
        + "}\n"
        for verb in ("open", "close", "measure")
    ]
    return "\n".join(functions)


def _go(name: str) -> str:
    low = name.lower()
    functions = [
        f"func {verb}{name}(given Step) {{\n"
        + "".join(f"\t{low}{line} := given.step({line})\n" for line in LINES)
        + "}\n"
        for verb in ("Open", "Close", "Measure")
    ]
    return f"package {low}\n\n" + "\n".join(functions)


def _java(name: str) -> str:
    low = name.lower()
    functions = [
        f"  int {verb}{name}(Step given) {{\n"
        + "".join(f"    int {low}{line} = given.step({line});\n" for line in LINES)
        + "  }\n"
        for verb in ("open", "close", "measure")
    ]
    return f"package org.shop;\n\nclass {name} {{\n" + "\n".join(functions) + "}\n"


def _rust(name: str) -> str:
    low = name.lower()
    functions = [
        f"pub fn {verb}_{low}(given: Step) {{\n"
        + "".join(f"    let {low}_{line} = given.step({line});\n" for line in LINES)
        + "}\n"
        for verb in ("open", "close", "measure")
    ]
    return "\n".join(functions)


TRACES: dict[str, tuple[Callable[[str], str], str, str]] = {
    "python": (
        _python, "src/shop/{low}.py",
        """Traceback (most recent call last):
  File "/srv/venv/lib/python3.11/site-packages/shop/parser.py", line {parser}, in close_parser
    parser_3 = given.step(3)
  File "C:\\\\shop\\\\src\\\\shop\\\\ledger.py", line {ledger}, in measure_ledger
ValueError: it did not work
""",
    ),
    "javascript": (
        _javascript, "lib/{low}.js",
        """TypeError: Cannot read properties of undefined (reading 'step')
    at closeParser (/home/me/node_modules/shop/lib/parser.js:{parser}:11)
    at Object.<anonymous> (file:///home/me/node_modules/shop/lib/ledger.js:{ledger}:5)
    at node:internal/process/task_queues:95:5
""",
    ),
    "go": (
        _go, "{low}/{low}.go",
        """panic: runtime error: index out of range [3] with length 2

goroutine 1 [running]:
example.org/shop/parser.CloseParser(...)
\t/root/go/pkg/mod/example.org/shop@v1.2.0/parser/parser.go:{parser}
example.org/shop/ledger.MeasureLedger({{0x7d5a60, 0xb6e3d0}})
\t/home/me/shop/ledger/ledger.go:{ledger} +0x66
exit status 2
""",
    ),
    "java": (
        _java, "src/main/java/org/shop/{name}.java",
        """Exception in thread "main" java.lang.IllegalStateException: not open
\tat org.shop.Parser.closeParser(Parser.java:{parser})
\tat java.base/java.lang.Thread.run(Thread.java:833)
Caused by: java.io.IOException: gone
\tat org.shop.Ledger.measureLedger(Ledger.java:{ledger})
\t... 4 more
""",
    ),
    "rust": (
        _rust, "crates/shop/src/{low}.rs",
        """thread 'main' panicked at crates/shop/src/parser.rs:{parser}:22:
called `Result::unwrap()` on an `Err` value: NotOpen
stack backtrace:
   0: rust_begin_unwind
             at /rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/std/src/panicking.rs:665:5
   1: shop::ledger::measure_ledger
             at ./crates/shop/src/ledger.rs:{ledger}:13
""",
    ),
}  # fmt: skip


@pytest.fixture
def inspector(tmp_path: Path) -> Inspector:
    return Inspector(cache_path=tmp_path / "blobs.db")


def made(root: Path, language: str) -> tuple[str, list[tuple[str, int]]]:
    """Files of a language, a trace into them, and the path and line of each frame that is in them."""
    source, place, trace = TRACES[language]
    write(root, {place.format(low=name.lower(), name=name): source(name) for name in NAMES})
    frames = {}
    for name, verb in (("Parser", "close"), ("Ledger", "measure")):
        lines = source(name).splitlines()
        first = next(number for number, line in enumerate(lines) if verb in line.lower())
        frames[name] = place.format(low=name.lower(), name=name), first + 5
    text = trace.format(parser=frames["Parser"][1], ledger=frames["Ledger"][1])
    return text, list(frames.values())


def levels(report: dict[str, object], frames: list[tuple[str, int]]) -> list[int]:
    items = report["items"]
    assert isinstance(items, list)
    return [
        min(
            (row["level"] for row in items if row["path"] == path and row["start_line"] <= line <= row["end_line"]),
            default=6,
        )
        for path, line in frames
    ]


@pytest.mark.parametrize("language", TRACES)
def test_frames_are_shown_in_full(tmp_path: Path, inspector: Inspector, language: str) -> None:
    text, frames = made(tmp_path / language, language)
    request = PackRequest(ScanRequest(tmp_path / language, MODEL), 900, query=text)
    found = inspector.search(request)
    assert found.intent.name == "incident"
    assert levels(found.report, frames) == [0, 0]
    assert {(hit.path, hit.symbol.lower().rpartition(".")[2].replace("_", "")) for hit in found.hits[:2]} == {
        (frames[0][0], "closeparser"), (frames[1][0], "measureledger")
    }  # fmt: skip
    assert levels(inspector.pack(request).report, frames) == [0, 0]


@pytest.mark.parametrize("language", TRACES)
def test_a_trace_in_an_issue_counts_the_same(tmp_path: Path, inspector: Inspector, language: str) -> None:
    text, frames = made(tmp_path / language, language)
    issue = (
        "# It breaks when I close it twice\n\n**Version:** 1.2.0, on linux\n\nSteps:\n1. open it\n2. close it\n\n"
        f"```\n{text}```\n\nI expected no error. Thanks!\n"
    )
    found = inspector.search(PackRequest(ScanRequest(tmp_path / language, MODEL), 900, query=issue))
    assert levels(found.report, frames) == [0, 0]


def test_an_issue_without_a_trace_finds_what_it_speaks_of(tmp_path: Path, inspector: Inspector) -> None:
    made(tmp_path / "python", "python")
    issue = "Measuring a palette is slow\n\nWhen I call `measure_palette()` on a large picture it takes a minute.\n"
    found = inspector.search(PackRequest(ScanRequest(tmp_path / "python", MODEL), 900, query=issue))
    assert (found.hits[0].symbol, found.hits[0].level) == ("measure_palette", 0)
