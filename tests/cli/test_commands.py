"""The commands as a person or a program runs them: words in, text and codes out."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from engine.inspector import Inspector
from engine.tokens import tokenizer
from tests.cli.conftest import Run
from tests.sample import FILES, README

FORMATS = ("xml", "markdown", "json", "plain")


def test_scan_json_has_the_keys_and_adds_up(run: Run, shop: Path) -> None:
    report = run("scan", shop, "--json").json
    keys = {
        "root",
        "revision",
        "files",
        "chunks",
        "tokens",
        "model",
        "encoding",
        "method",
        "classes",
        "languages",
        "levels",
        "skipped",
        "cache",
        "seconds",
    }
    assert keys <= report.keys()
    assert report["files"] == 6
    assert sum(row["tokens"] for row in report["classes"].values()) == report["tokens"]
    assert sum(row["chunks"] for row in report["classes"].values()) == report["chunks"]
    assert sum(row["tokens"] for row in report["languages"].values()) == report["tokens"]
    assert report["levels"]["0"] == report["tokens"]
    levels = [report["levels"][str(level)] for level in range(6)]
    assert levels == sorted(levels, reverse=True)
    assert {"list", "read", "parse", "count", "store", "total"} <= report["seconds"].keys()
    assert {item["path"] for item in report["skipped"]} == {"logo.png", "shop/__init__.py"}


def test_scan_counts_what_a_tokenizer_counts(run: Run, shop: Path) -> None:
    count = tokenizer("o200k_base").count
    texts = [text if isinstance(text, str) else "" for text in FILES.values()]
    assert run("scan", shop, "--json", "-m", "gpt-4o").json["tokens"] == sum(count(text) for text in texts)


def test_a_second_scan_comes_from_the_cache(run: Run, shop: Path) -> None:
    first, second = run("scan", shop, "--json").json, run("scan", shop, "--json").json
    assert first["cache"] == {"hits": 0, "misses": 8}
    assert second["cache"] == {"hits": 8, "misses": 0}
    for report in (first, second):
        del report["cache"], report["seconds"]
    assert first == second


def test_no_cache_writes_nothing(run: Run, shop: Path, own_directories: Path) -> None:
    assert run("scan", shop, "--json", "--no-cache").code == 0
    assert run("pack", shop, "-b", "500", "--no-cache", "-q").code == 0
    assert [path for path in own_directories.rglob("*") if path.is_file()] == []


def test_a_bare_path_prints_the_summary(run: Run, shop: Path) -> None:
    summary = run(shop)
    assert summary.code == 0
    assert "tokens" in summary.out
    assert "one line per file" in summary.out


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("model", ["gpt-4o", "claude-opus-4-5", "gemini-2.5-pro", "mistral-large-4"])
def test_pack_fits_every_budget_by_recount(run: Run, shop: Path, format_name: str, model: str) -> None:
    with Inspector() as inspector:
        count = tokenizer(inspector.model(model).encoding).count
    everything = run("pack", shop, "-m", model, "-f", format_name, "-b", "100k", "--json").json
    full = everything["report"]["actual"]
    for budget in (250, 400, 700, full, full + 50):
        packed = run("pack", shop, "-m", model, "-f", format_name, "-b", budget, "--json").json
        report = packed["report"]
        assert report["actual"] == count(packed["text"]) <= budget
        assert report["fits"] is True
        assert report["budget"] == budget
    assert everything["report"]["quality"] == 1.0
    assert all(item["level"] == 0 for item in everything["report"]["items"])


def test_pack_report_has_the_keys(run: Run, shop: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    packed = run("pack", shop, "-b", "400", "--report", target)
    report = json.loads(target.read_text())
    assert {
        "model",
        "encoding",
        "method",
        "budget",
        "est_used",
        "actual",
        "reserve",
        "context_window",
        "quality",
        "intent",
        "query",
        "profile",
        "fits",
        "levels",
        "classes",
        "items",
        "excluded",
        "alternatives",
        "seconds",
    } <= report.keys()
    assert {
        "path",
        "start_line",
        "end_line",
        "class",
        "kind",
        "symbol",
        "level",
        "tokens",
        "tokens_full",
        "retention",
        "value",
        "reason",
    } <= report["items"][0].keys()
    assert all(item["reason"] for item in report["items"])
    assert all(entry["reason"] for entry in report["excluded"])
    assert [row["level"] for row in report["alternatives"]] == [0, 1, 2, 3, 4, 5]
    costs = [row["tokens"] for row in report["alternatives"]]
    assert costs == sorted(costs, reverse=True)
    assert tokenizer(report["encoding"]).count(packed.out) == report["actual"]
    assert "400" in packed.err


def test_pack_is_the_same_cold_and_warm(run: Run, shop: Path) -> None:
    runs = [run("pack", shop, "-b", "500", "-q").out for _ in range(2)]
    runs.append(run("pack", shop, "-b", "500", "-q", "--no-cache").out)
    assert runs[0] == runs[1] == runs[2]
    assert runs[0]


def test_a_budget_too_small_says_the_smallest_that_works(run: Run, shop: Path) -> None:
    failed = run("pack", shop, "-b", "20")
    assert failed.code == 4
    assert failed.out == ""
    words = failed.err.replace(",", "").split()
    smallest = next(int(word) for word in reversed(words) if word.isdigit())
    assert run("pack", shop, "-b", smallest, "-q").code == 0


def test_pins_excludes_and_deepest_levels_are_kept(run: Run, shop: Path) -> None:
    report = run("pack", shop, "-b", "900", "--pin", "shop/money.py=0", "--max-level", "docs=1", "--json").json[
        "report"
    ]
    money = [item for item in report["items"] if item["path"] == "shop/money.py"]
    assert money
    assert {item["level"] for item in money} == {0}
    assert {item["level"] for item in report["items"] if item["class"] == "docs"} <= {0, 1}
    without = run("pack", shop, "-b", "900", "--exclude", "tests/", "--json").json
    assert "test_orders" not in without["text"]


def test_a_method_is_never_shown_without_its_class_line(run: Run, shop: Path) -> None:
    for budget in range(200, 800, 50):
        packed = run("pack", shop, "-b", budget, "--json").json
        shown = {(item["path"], item["symbol"]): item for item in packed["report"]["items"]}
        for (path, symbol), item in shown.items():
            if item["kind"] == "method" and item["level"] <= 3:
                assert shown[path, symbol.rpartition(".")[0]]["level"] <= 3


def test_output_goes_to_a_file_whole(run: Run, shop: Path, tmp_path: Path) -> None:
    target = tmp_path / "pack.md"
    target.write_text("old")
    target.chmod(0o600)
    written = run("pack", shop, "-b", "600", "-o", target, "-q")
    assert (written.code, written.out, written.err) == (0, "", "")
    assert target.read_text() == run("pack", shop, "-b", "600", "-q").out
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_output_into_a_missing_folder_is_one_clear_error(run: Run, shop: Path, tmp_path: Path) -> None:
    failed = run("pack", shop, "-b", "600", "-o", tmp_path / "no" / "pack.md", "-q")
    assert failed.code == 3
    assert "cannot be written" in failed.err


@pytest.mark.parametrize("budget", ["0", "-1", "abc", "300%", "5M"])
def test_budgets_that_make_no_sense_exit_2(run: Run, shop: Path, budget: str) -> None:
    failed = run("pack", shop, "-b", budget)
    assert failed.code == 2
    assert len(failed.err.strip().splitlines()) <= 2
    assert failed.out == ""


def test_an_unknown_model_names_the_nearest(run: Run, shop: Path) -> None:
    failed = run("scan", shop, "-m", "gpt-5.55")
    assert failed.code == 3
    assert "gpt-5.5" in failed.err
    assert len(failed.err.strip().splitlines()) <= 2


def test_a_path_that_is_nothing_is_an_error_in_words(run: Run, tmp_path: Path) -> None:
    failed = run("scan", tmp_path / "nowhere")
    assert failed.code == 3
    assert "nowhere" in failed.err


def test_an_empty_folder_scans_to_nothing_and_packs_to_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = run("scan", tmp_path / "empty", "--json").json
    assert (report["files"], report["tokens"]) == (0, 0)
    assert run("scan", tmp_path / "empty").code == 0
    packed = run("pack", tmp_path / "empty", "-b", "500")
    assert (packed.code, packed.out) == (3, "")
    assert "nothing to pack" in packed.err


def test_a_mistyped_command_names_the_nearest(run: Run) -> None:
    failed = run("scna")
    assert failed.code == 2
    assert "'scan'" in failed.err


def test_show_expands_a_capsule(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    lines = (FILES["shop/orders.py"]).splitlines(keepends=True)
    assert run("show", "shop/orders.py:18-29").out == "".join(lines[17:29])  # type: ignore[arg-type]
    whole = run("show", "shop/orders.py", "--level", "3").out
    assert "def total(self):" in whole
    assert "amount = Money(0)" not in whole
    assert "shop/orders.py:" in whole
    costs = [run("show", "shop/orders.py", "-l", level, "--json").json["tokens"] for level in range(5)]
    assert costs == sorted(costs, reverse=True)


@pytest.mark.parametrize(
    ("place", "code"),
    [("nowhere.py", 3), ("shop", 2), ("shop/money.py:900-901", 2), ("shop/money.py:5-2", 2), ("logo.png", 3)],
)
def test_show_says_what_it_cannot_show(
    run: Run, shop: Path, place: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    failed = run("show", place)
    assert failed.code == code
    assert len(failed.err.strip().splitlines()) <= 2


def test_count_texts_files_folders_and_stdin_in_order(run: Run, shop: Path) -> None:
    rows = run(
        "count", "hello world", shop / "README.md", shop, "-", "-m", "gpt-4o,claude-opus-4-5", "--json", stdin=b"abc"
    ).json
    assert [row["source"] for row in rows[::2]] == ["hello world", str(shop / "README.md"), str(shop), "-"]
    assert [row["model"] for row in rows[:2]] == ["gpt-4o", "claude-opus-4-5"]
    count = tokenizer("o200k_base").count
    assert [row["count"] for row in rows[:4:2]] == [count("hello world"), count(README)]
    assert rows[4]["count"] == run("scan", shop, "-m", "gpt-4o", "--json").json["tokens"]
    one = run("count", "x", "-m", "gpt-4o", "--json").json
    assert one.keys() >= {
        "source",
        "model",
        "encoding",
        "method",
        "count",
        "context_size",
        "usage_percent",
        "error_band",
    }


def test_models_json_has_the_keys(run: Run) -> None:
    models = run("models", "--json").json
    keys = {
        "id",
        "aliases",
        "provider",
        "context_window",
        "max_input",
        "max_output",
        "price_in",
        "price_out",
        "encoding",
        "method",
        "as_of",
    }
    assert all(keys <= model.keys() for model in models)
    assert len({model["provider"] for model in models}) >= 10
    assert run("models", "claude-opus-4-5", "--verbose").out.startswith("id")


def test_hostile_names_and_text_reach_no_terminal_as_control_sequences(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "hostile"
    root.mkdir()
    (root / "a\x1b[31mred\n.py").write_text("x = '\x1b]0;title\x07'\n")
    with (root / os.fsdecode(b"caf\xe9.py")).open("w") as file:
        file.write("y = 1\n")
    for ran in (run("scan", root), run("pack", root, "-b", "2k"), run("scan", root, "--json")):
        assert ran.code == 0
        assert "\x1b" not in ran.out + ran.err
        assert "\x07" not in ran.out + ran.err


def test_settings_say_where_they_come_from(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop / ".packsight.toml").write_text('budget = "700"\n[pack.weights]\ntests = 5\n')
    monkeypatch.setenv("PACKSIGHT_MODEL", "gpt-4o")
    settings = run("config", "show", shop, "--json").json
    assert settings["budget"]["origin"].endswith(".packsight.toml")
    assert settings["model"] == {"value": "gpt-4o", "origin": "environment PACKSIGHT_MODEL"}
    report = run("pack", shop, "--json").json["report"]
    assert (report["budget"], report["model"]) == (700, "gpt-4o")


def test_the_cache_can_be_pruned(run: Run, shop: Path) -> None:
    run("scan", shop)
    kept = run("cache", "prune", "--json").json
    assert (kept["blobs"], kept["repositories"]) == (0, 0)
    assert kept["size_bytes"] == run("cache", "status", "--json").json["size_bytes"]
    assert "0 blobs" in run("cache", "prune", "--days", "7").out
    assert run("cache", "prune", "--days", "-1").code == 2


def test_the_cache_can_be_looked_at_and_cleared(run: Run, shop: Path) -> None:
    run("scan", shop)
    assert run("cache", "status", "--json").json["blobs"] > 0
    assert run("cache", "clear").code == 0
    assert run("cache", "status", "--json").json["blobs"] == 0


def test_a_cache_that_cannot_be_written_is_a_warning(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PACKSIGHT_CACHE_DIR", str(tmp_path / "file"))
    scanned = run("scan", shop)
    assert scanned.code == 0
    assert "warning" in scanned.err


def test_a_damaged_analysis_is_made_again_while_packing(run: Run, shop: Path, own_directories: Path) -> None:
    whole = run("pack", shop, "-b", "700", "-q").out
    db = sqlite3.connect(own_directories / "cache" / "blobs.db")
    db.execute("UPDATE detail SET data = zeroblob(40)")
    db.commit()
    db.close()
    again = run("pack", shop, "-b", "700", "-q")
    assert (again.code, again.out) == (0, whole), again.err
    assert "again" in again.err


def test_globs_that_are_no_text_are_globs(run: Run, shop: Path) -> None:
    scanned = run("scan", shop, "--include", os.fsdecode(b"\xff*"), "--json")
    assert (scanned.code, scanned.json["files"]) == (0, 0)
