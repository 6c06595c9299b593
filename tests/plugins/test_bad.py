"""Plugins that are wrong: each is named in one warning and left out, and the command does what it would without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.plugins.place import Place

_LANGUAGE = """
import os, sys, time
from engine.extending import Cut, LanguagePlugin, Role, Span
def cut(data, lines):
    whole = [Span("section", "x", -1, 0, len(lines))]
    roles = [Role.CODE] * len(lines)
    BODY
RECIPE = LanguagePlugin(extensions=("recipe",), cut=cut)
"""
_LEVELS = """
from engine.extending import LevelsPlugin
def depths(chunk):
    BODY
RECIPE = LevelsPlugin(depths)
"""


def _outcome(place: Place, *words: object) -> tuple[dict[str, object], list[str]]:
    """What a command prints, and the lines it warns with."""
    done = place.run(*words, "--json")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found, [line for line in done.stderr.splitlines() if line.startswith("packsight: warning: ")]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise ValueError('no')", "ValueError"),
        ("sys.exit(3)", "SystemExit"),
        ("return None", "gave NoneType, no Cut"),
        ("return Cut(whole, roles[:-1])", "gave other than one role per line"),
        ("return Cut(whole, [99] * len(lines))", "gave a role that there is none of"),
        ("return Cut(whole, [999] * len(lines))", "ValueError"),
        ("return Cut([], roles)", "gave spans that do not tile the lines"),
        ("return Cut([Span('section', '', -1, 1, len(lines))], roles)", "gave spans that do not tile the lines"),
        ("return Cut([Span('section', '', -1, 0, len(lines) + 1)], roles)", "gave spans that do not tile the lines"),
        ("return Cut(whole * 2, roles)", "gave spans that do not tile the lines"),
        ("return Cut([Span('section', '', 0, 0, len(lines))], roles)", "gave a span whose parent is not before it"),
        ("return Cut([Span('shoe', '', -1, 0, len(lines))], roles)", "gave a span of an unknown kind"),
        ("return Cut([Span('section', 7, -1, 0, len(lines))], roles)", "gave a name that is no text"),
        ("return Cut(whole, roles, [[], []])", "gave names for other than its spans"),
        ("n = time.thread_time()\n    while time.thread_time() < n + 1.3: pass\n    return Cut(whole, roles)",
         "took too long"),
    ],
)  # fmt: skip
def test_a_language_that_fails_on_files_leaves_them_to_their_lines(
    place: Place, kitchen: Path, body: str, reason: str
) -> None:
    place.install("bad", {"packsight.languages": {"recipe": "bad:RECIPE"}}, _LANGUAGE.replace("BODY", body))
    report, warnings = _outcome(place, "scan", kitchen)
    assert report["files"] == 4
    assert len(warnings) == 1, warnings
    assert f"plugin recipe failed: {reason}; left out for bread.recipe and 1 more" in warnings[0]


@pytest.mark.parametrize("body", ["sys.exit(3)", "return Cut([], roles)"])
def test_a_failure_is_told_again_when_its_files_come_from_the_cache(place: Place, kitchen: Path, body: str) -> None:
    place.install("bad", {"packsight.languages": {"recipe": "bad:RECIPE"}}, _LANGUAGE.replace("BODY", body))
    first, second = _outcome(place, "scan", kitchen), _outcome(place, "scan", kitchen)
    assert (first[0]["cache"], second[0]["cache"]) == ({"hits": 0, "misses": 4}, {"hits": 4, "misses": 0})
    assert first[1] == second[1] != []


def test_a_language_that_ends_its_process_or_never_answers_costs_no_scan(place: Place, kitchen: Path) -> None:
    place.install("bad", {"packsight.languages": {"recipe": "bad:RECIPE"}}, _LANGUAGE.replace("BODY", "os._exit(9)"))
    report, _ = _outcome(place, "scan", kitchen)
    assert report["files"] == 4


def test_names_of_a_language_that_are_long_or_hostile_are_cut_and_cleaned(place: Place, kitchen: Path) -> None:
    body = "return Cut([Span('section', 'a\\x1b[31m\\n' + 'b' * 900, -1, 0, len(lines))], roles, [['c' * 900] * 99])"
    place.install("bad", {"packsight.languages": {"recipe": "bad:RECIPE"}}, _LANGUAGE.replace("BODY", body))
    found, warnings = _outcome(place, "pack", kitchen, "-b", "4k")
    report = found["report"]
    assert isinstance(report, dict)
    symbols = [item["symbol"] for item in report["items"] if item["path"].endswith(".recipe")]
    assert warnings == []
    assert {symbol[:10] for symbol in symbols} == {"a[31mbbbbb"}
    assert max(map(len, symbols)) == 200


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise KeyError('x')", "KeyError"),
        ("return [0]* (len(chunk.lines) + 1)", "gave other than one depth per line"),
        ("return [4] * len(chunk.lines)", "gave a depth that is none of 0 to 3"),
        ("return 'kept'", "TypeError"),
    ],
)
def test_levels_that_fail_leave_chunks_to_the_rules(place: Place, kitchen: Path, body: str, reason: str) -> None:
    before, _ = _outcome(place, "scan", kitchen, "--no-cache")
    place.install("bad", {"packsight.levels": {"odd": "bad:RECIPE"}}, _LEVELS.replace("BODY", body))
    report, warnings = _outcome(place, "scan", kitchen)
    assert report["classes"] == before["classes"]
    assert len(warnings) == 1
    assert f"plugin odd failed: {reason}; left out for " in warnings[0]


_STAR = "from engine.extending import *; "
_WRONG = {
    "packsight.languages": [
        ("python", "X = None", "is no LanguagePlugin"),
        ("python", _STAR + "X = LanguagePlugin(extensions=('new',), cut=len)", "belongs to python"),
        ("toy", _STAR + "X = LanguagePlugin(extensions=('py',), cut=len)", "belongs to python"),
        ("toy", _STAR + "X = LanguagePlugin(extensions=('toyx',))", "by a function or by a grammar"),
        ("toy", _STAR + "X = LanguagePlugin(cut=len)", "no extension"),
        ("toy", _STAR + "X = LanguagePlugin(extensions=('toyx',), grammar='none_such', query='(a)')",
         "ModuleNotFoundError"),
        ("toy", "import module_that_is_not_there", "ModuleNotFoundError"),
        ("toy", "raise SystemExit(0)", "SystemExit"),
        ("toy", "Y = 1", "AttributeError"),
        ("toy", "1 +", "SyntaxError"),
    ],
    "packsight.class_rules": [
        ("odd", "X = 7", "is no list of rules"),
        ("odd", "X = []", "has no rules"),
        ("odd", "X = [{'class': 'shoes', 'dirs': ['a']}]", "unknown class 'shoes'"),
        ("odd", "X = [{'class': 'data'}]", "no condition"),
        ("odd", "X = [{'class': 'data', 'dirs': ['a']}] * 600", "has 501 rules"),
        ("odd", "def X(): return 1 / 0", "ZeroDivisionError"),
    ],
    "packsight.levels": [
        ("code", _STAR + "X = LevelsPlugin(len)", "has levels of its own for"),
        ("odd", "X = len", "is no LevelsPlugin"),
        ("odd", _STAR + "X = LevelsPlugin(len, classes=('shoes',))", "there is no class 'shoes'"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("group", "name", "source", "reason"),
    [(group, *case) for group, cases in _WRONG.items() for case in cases],
)
def test_what_cannot_be_used_is_left_out(
    place: Place, kitchen: Path, group: str, name: str, source: str, reason: str
) -> None:
    place.install("bad", {group: {name: "bad:X"}}, source)
    report, warnings = _outcome(place, "scan", kitchen)
    assert report["files"] == 4  # recipes as plain text
    assert len(warnings) == 1, warnings
    assert f"{name!r} of bad 1.0 is left out: " in warnings[0]
    assert reason in warnings[0]


@pytest.mark.parametrize("group", _WRONG)
def test_what_is_left_out_is_told_at_every_start_and_by_the_doctor(place: Place, kitchen: Path, group: str) -> None:
    name, source, _ = _WRONG[group][0]
    place.install("bad", {group: {name: "bad:X"}}, source)
    told = [_outcome(place, "scan", kitchen)[1] for _ in range(2)]
    assert told[0] == told[1] != []
    done = place.run("doctor", "--json")
    assert done.returncode == 1
    broken = [check["name"] for check in json.loads(done.stdout)["checks"] if check["state"] == "broken"]
    assert broken == [f"plugin {group.removeprefix('packsight.')} {name}"]


_MODEL = '[[model]]\nid = "odd"\nprovider = "x"\ncontext_window = 9000\nmax_output = 10\nencoding = "odd"\n'


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("class X:\n    def count(self, text): return -1", "'-1' is no count"),
        ("class X:\n    def count(self, text): return 10**9", "is no count"),
        ("class X:\n    def count(self, text): return 'many'", "'many' is no count"),
        ("class X:\n    def count(self, text): raise OSError('x')", "OSError"),
        ("class X:\n    def count(self, text): return 1\n    def count_many(self, texts): return [1]", "gave no list"),
        ("class X:\n    pass", "gives no object with count(text)"),
        ("X = 3", "is no callable"),
        ("import no_such_module", "ModuleNotFoundError"),
        ("class X:\n    def count(self, text):\n        if 'Nothing' in text: raise ValueError\n        return 1",
         "ValueError"),
    ],
)  # fmt: skip
def test_a_tokenizer_that_cannot_count_is_told_and_other_models_go_on(
    place: Place, kitchen: Path, source: str, reason: str, own_directories: Path
) -> None:
    folder = own_directories / "config"
    folder.mkdir()
    (folder / "models.toml").write_text(_MODEL, "utf-8")
    place.install("bad", {"packsight.tokenizers": {"odd": "bad:X"}}, source)
    assert _outcome(place, "count", "some words")[0]["count"] == 2
    refused = place.run("scan", kitchen, "-m", "odd")
    assert refused.returncode == 3, refused.stderr
    assert "Traceback" not in refused.stderr
    assert "encoding 'odd' cannot be counted: bad" in refused.stderr
    assert reason in refused.stderr


def test_names_of_its_own_stay_packsights(place: Place, kitchen: Path) -> None:
    source = "class X:\n    def count(self, text): return 1\nraise RuntimeError('was loaded')"
    place.install(
        "bad",
        {"packsight.tokenizers": {"o200k_base": "bad:X"}, "packsight.formats": {"markdown": "bad:X"},
         "packsight.importers": {"codex": "bad:X"}},
        source,
    )  # fmt: skip
    found, warnings = _outcome(place, "pack", kitchen, "-b", "2k", "--no-cache")
    assert isinstance(found["text"], str)
    assert found["text"].startswith("# Pack")
    assert sorted(line.partition(" of bad")[0].rpartition(": ")[2] for line in warnings) == [
        "format 'markdown'", "tokenizer 'o200k_base'",
    ]  # fmt: skip
    assert all("of its own" in line for line in warnings)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ("write=lambda d, p: 7, section=s, header=h", "gave int where text was wanted"),
        ("write=lambda d, p: '', section=s, header=h", "leaves out the text of files"),
        ("write=lambda d, p: 1 / 0, section=s, header=h", "ZeroDivisionError"),
        ("write=lambda d, p: '\\ud800', section=s, header=h", "UnicodeEncodeError"),
        ("write=w, section=s, header=lambda p, l, n: None", "gave NoneType"),
    ],
)
def test_a_format_that_cannot_write_is_refused_by_name(place: Place, kitchen: Path, parts: str, reason: str) -> None:
    source = (
        "from engine.extending import FormatPlugin\n"
        "s = lambda f, p: ''.join(part.text for part in f.parts)\nh = lambda p, l, n: p\n"
        f"w = lambda d, p: ''.join(map(s, d.files, p))\nX = FormatPlugin({parts})\n"
    )
    place.install("bad", {"packsight.formats": {"odd": "bad:X"}}, source)
    refused = place.run("pack", kitchen, "-f", "odd")
    assert refused.returncode == 2
    assert f"there is no format 'odd': {reason}" in refused.stderr
    assert place.run("pack", kitchen, "-f", "plain").returncode == 0


def test_an_importer_that_fails_is_a_bad_line_and_the_other_logs_are_read(place: Place, tmp_path: Path) -> None:
    source = (
        "from engine.extending import Importer, nowhere, by_record\n"
        "def events(record, memory):\n    memory['x'] = object()\n    yield {'not': 'an event'}\n"
        "X = Importer('odd', 'Odd', lambda record: record.get('odd') is True, nowhere, by_record(events))\n"
        "Y = Importer('worse', 'Worse', lambda record: 1 / 0, lambda e, h: 1 / 0, by_record(events))\n"
    )
    place.install("bad", {"packsight.importers": {"odd": "bad:X", "worse": "bad:Y"}}, source)
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "odd.jsonl").write_text('{"odd": true}\n', "utf-8")
    (logs / "nobody.jsonl").write_text('{"nobody": true}\n', "utf-8")
    found, warnings = _outcome(place, "telemetry", "import", logs)
    assert found["bad"] == [
        {"path": str(logs / "odd.jsonl"), "line": 0, "reason": "plugin odd gave something that is no event of its own"}
    ]
    assert (found["unknown_files"], found["events"]) == (1, 0)
    assert len(warnings) == 1
    assert "importer 'worse' of bad 1.0 is left out: ZeroDivisionError" in warnings[0]
