"""What strangers do to the command line: links, empty words, closed streams, names that no terminal should see."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.app import COMMANDS
from engine.cli.tables import cells, middle
from tests.cli.conftest import Ran, Run
from tests.engine.walk.repos import git
from tests.sample import MONEY

SECRET = "the content of a foreign file\n"


def spawn(words: str, cwd: Path) -> Ran:
    """Run ``python -m engine`` below a shell, which can close and redirect its streams."""
    command = words.replace("packsight", f"{sys.executable} -m engine")
    here = str(Path(__file__).parents[2])
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=cwd,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": here},
        timeout=60,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def clear(ran: Ran, code: int) -> None:
    """An expected error: its code, one or two lines, nothing on stdout."""
    assert ran.code == code, ran.err
    assert ran.out == ""
    assert 1 <= len(ran.err.strip().splitlines()) <= 2
    assert "Traceback" not in ran.err


# -- settings ------------------------------------------------------------------------------------------------------


def test_hostile_settings_of_a_repository_are_one_error(run: Run, shop: Path) -> None:
    settings = shop / ".packsight.toml"
    settings.symlink_to("/dev/zero")
    clear(run("scan", shop), 3)
    settings.unlink()
    os.mkfifo(settings)
    clear(run("pack", shop), 3)
    settings.unlink()
    settings.write_text("pack.weights." + "x" * 100_000 + " = 1")
    clear(failed := run("pack", shop), 3)
    assert len(failed.err) < 5_000


def test_a_wrong_budget_in_a_file_names_the_file(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop / ".packsight.toml").write_text('budget = "abc"')
    clear(failed := run("pack", shop), 2)
    assert str(shop / ".packsight.toml") in failed.err
    assert "'abc'" in failed.err
    monkeypatch.setenv("PACKSIGHT_BUDGET", "9" * 400)
    clear(failed := run("pack", shop), 2)
    assert "PACKSIGHT_BUDGET" in failed.err
    assert run("pack", shop, "-b", "2k").code == 0


@pytest.mark.parametrize("command", ["scan", "pack"])
def test_globs_of_files_that_match_nothing_are_named_once(run: Run, shop: Path, command: str) -> None:
    ran = run(command, shop, "--exclude", "docz/", "--exclude", "*.md", "--include", "shop/", "--include", "README.md")
    assert ran.code == 0
    assert ran.err.count("docz/") == 1
    assert not any(glob in ran.err for glob in ("*.md'", "'shop/'"))
    (shop / ".packsight.toml").write_text('exclude = ["*.cobol"]\n')
    ran = run(command, shop)
    assert ran.err.count("*.cobol") == 1
    assert "docz/" not in ran.err


def test_pins_and_omits_that_match_nothing_are_named_once(run: Run, shop: Path) -> None:
    (shop / ".packsight.toml").write_text('[pack]\nexcludes = ["*.cobol", "*.md"]\n')
    ran = run("pack", shop, "--pin", "srcs/*=0", "--pin", "shop/money.py=0", "--omit", "gone/")
    assert ran.code == 0
    assert [ran.err.count(glob) for glob in ("'srcs/*'", "'gone/'", "'*.cobol'")] == [1, 1, 1]
    assert not any(glob in ran.err for glob in ("'*.md'", "'shop/money.py'"))
    (shop / ".packsight.toml").unlink()
    assert "matches" not in run("pack", shop, "--pin", "shop/money.py=0", "--omit", "*.md").err


def test_a_budget_in_a_file_may_be_a_number(run: Run, shop: Path) -> None:
    (shop / ".packsight.toml").write_text("budget = 1000")
    assert run("pack", shop, "--json").json["report"]["budget"] == 1000


# -- show ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def links(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample repository with links out of it and within it, as the current folder."""
    outside = shop.parent / "outside"
    (outside / "nested").mkdir(parents=True)
    (outside / "secret.py").write_text(SECRET)
    (outside / "nested" / "secret.py").write_text(SECRET)
    git(outside / "nested", "init", "-q")
    (shop / "out.py").symlink_to(outside / "secret.py")
    (shop / "evil").symlink_to(outside)
    (shop / "inner.py").symlink_to("shop/money.py")
    (shop / "settings.py").symlink_to(".git/config")
    monkeypatch.chdir(shop)
    return shop


@pytest.mark.parametrize(
    "place", ["out.py", "out.py:1-1", "evil/secret.py", "evil/nested/secret.py", "shop/../out.py", "settings.py"]
)
def test_show_follows_no_link_out_of_the_repository(run: Run, links: Path, place: str) -> None:
    for word in (place, links / place):
        failed = run("show", word)
        clear(failed, 3)
        assert SECRET.strip() not in failed.err
    os.chdir(links / "shop")
    clear(run("show", f"../{place}"), 3)
    os.chdir(links.parent)
    clear(run("show", links.name + "/" + place), 3)


def test_show_follows_links_inside_the_repository(run: Run, links: Path) -> None:
    assert run("show", "inner.py").out == MONEY
    assert run("show", links / "inner.py").out == MONEY


def test_show_keeps_to_a_plain_folder_too(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.py").write_text(SECRET)
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "a.py").write_text("x = 1\n")
    (plain / "out.py").symlink_to("../secret.py")
    (plain / "up").symlink_to("..")
    monkeypatch.chdir(plain)
    assert run("show", "a.py").out == "x = 1\n"
    clear(run("show", "out.py"), 3)
    clear(run("show", "up/secret.py"), 3)


def test_show_works_where_the_current_folder_is_gone(
    run: Run, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert run("show", shop / "shop" / "money.py").out == MONEY
    clear(run("show", "money.py"), 3)


def test_show_names_the_nearest_file(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    failed = run("show", "shop/mony.py")
    clear(failed, 3)
    assert "no such file: shop/mony.py" in failed.err
    assert "did you mean shop/money.py?" in failed.err
    clear(run("show", "nowhere/at/all.py"), 3)


def test_show_of_an_empty_file_prints_nothing(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    for level in range(6):
        shown = run("show", "shop/__init__.py", "-l", level, "-m", "claude-opus-4-5")
        assert (shown.code, shown.out, shown.err) == (0, "", "")
    assert run("show", "shop/__init__.py", "-m", "claude-opus-4-5", "--json").json["tokens"] == 0


def test_show_of_a_file_too_large_names_it(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop)
    with (shop / "large.csv").open("wb") as file:
        file.truncate(1 << 30)
    failed = run("show", "large.csv")
    clear(failed, 3)
    assert "large.csv" in failed.err


def test_show_takes_names_as_packs_print_them(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = {
        "new\nline.py": r"new\x0aline.py",
        "\udcff.py": r"\xff.py",
        "back\\slash.py": r"back\\slash.py",
        "zero\u200bwidth.py": r"zero\u{200b}width.py",
        "at:3": "at:3",
    }
    for number, (name, written) in enumerate(names.items()):
        Path(name).write_text(f"x = {number}\ny = 2\n")
        assert run("show", written).out == f"x = {number}\ny = 2\n"
        assert run("show", f"{written}:2").out == "y = 2\n"
    Path(r"new\x0aline.py").write_text("literal\n")
    assert run("show", r"new\x0aline.py").out == "literal\n"


# -- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["scan", "pack", "show", "inspect"])
def test_an_empty_path_is_not_the_current_folder(run: Run, command: str) -> None:
    clear(run(command, ""), 2)


def test_nothing_has_no_tokens(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("")
    for source in ("", "-", tmp_path / "empty"):
        rows = run("count", source, "-m", "gpt-4o,claude-opus-4-5,claude-opus-4-7", "--json", stdin=b"").json
        assert [row["count"] for row in rows] == [0, 0, 0]
        assert rows[0]["source"] == str(source)


def test_models_may_be_repeated_and_listed(run: Run) -> None:
    rows = run(
        "count", "x", "-m", "gpt-4o", "-m", "claude-opus-4-5,gemini-2.5-pro", "--model", "gpt-5.5", "--json"
    ).json
    assert [row["model"] for row in rows] == ["gpt-4o", "claude-opus-4-5", "gemini-2.5-pro", "gpt-5.5"]
    clear(run("count", "x", "-m", " , "), 2)


@pytest.mark.parametrize("reserve", ["-5", "abc", "1e3", "9" * 5000, ""])
def test_a_reserve_is_a_number_of_tokens(run: Run, shop: Path, reserve: str) -> None:
    failed = run("pack", shop, "--reserve", reserve)
    clear(failed, 2)
    assert "not a number of tokens" in failed.err


def test_an_unknown_class_lists_the_ten(run: Run, shop: Path) -> None:
    failed = run("pack", shop, "--max-level", "test=1")
    clear(failed, 2)
    assert "code, tests, comments, examples, config, docs, data, generated, vendored, lockfile" in failed.err


def test_a_group_without_a_word_prints_its_help(run: Run) -> None:
    for group in ("cache", "db", "config"):
        asked = run(group)
        assert (asked.code, asked.out) == (2, "")
        lines = asked.err.splitlines()
        assert lines[0].startswith(f"Usage: packsight {group}")
        assert "Commands:" in lines
        assert "\\n" not in asked.err


def test_a_scan_that_finds_nothing_says_so(run: Run, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    found = run("scan", tmp_path / "bare")
    assert found.code == 0
    assert "0 files" in found.out
    assert len(found.err.splitlines()) == 1
    assert "nothing was found" in found.err
    found = run("scan", shop, "--include", "*.rs", "--json")
    assert (found.code, found.json["tokens"]) == (0, 0)
    assert len(found.err.splitlines()) == 1
    assert "--include" in found.err
    assert "--exclude" not in found.err
    assert run("scan", shop, "--include", "*.py").err == ""


def test_pack_takes_the_database_by_flag(run: Run, shop: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.db'}"
    assert run("budget", "900", shop, "--db", url).code == 0
    assert run("pack", shop, "--db", url, "--json").json["report"]["budget"] == 900
    assert run("pack", shop, "--json").json["report"]["budget"] != 900


# -- streams -------------------------------------------------------------------------------------------------------


def test_the_report_goes_to_stdout_only_beside_a_file(run: Run, shop: Path, tmp_path: Path) -> None:
    target = tmp_path / "pack.md"
    report = run("pack", shop, "-b", "700", "--report", "-", "-o", target, "-q")
    assert report.json["budget"] == 700
    assert target.read_text() == run("pack", shop, "-b", "700", "-q", "-o", "-").out
    for words in (("--report", "-"), ("--report", "-", "-o", "-")):
        clear(run("pack", shop, "-b", "700", *words), 2)
    clear(run("pack", shop, "-o", ""), 2)
    assert [path.name for path in Path.cwd().iterdir() if path.name == "-"] == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device here")
@pytest.mark.parametrize("words", ["count x", "models", "--help", "scan --help", "--version", "cache status"])
def test_a_full_disk_is_named(tmp_path: Path, words: str) -> None:
    failed = spawn(f"packsight {words} >/dev/full", tmp_path)
    clear(failed, 3)
    assert "stdout cannot be written: No space left on device" in failed.err


@pytest.mark.parametrize("words", ["count x", "--help", "--version"])
def test_a_closed_stdout_is_named(tmp_path: Path, words: str) -> None:
    failed = spawn(f"packsight {words} >&-", tmp_path)
    clear(failed, 3)
    assert "stdout cannot be written: it is closed" in failed.err


@pytest.mark.parametrize("words", ["models --json --verbose", "--help", "--version", "pack shop -q -b 1M"])
def test_a_reader_that_has_seen_enough_is_no_error(shop: Path, words: str) -> None:
    done = spawn(f"packsight {words} | true", shop.parent)
    assert (done.code, done.err) == (0, "")


def test_a_closed_stderr_is_no_trouble(shop: Path) -> None:
    for redirect in ("2>&-", "2>/dev/full") if os.path.exists("/dev/full") else ("2>&-",):
        packed = spawn(f"packsight pack shop -b 700 {redirect}", shop.parent)
        assert packed.code == 0
        assert packed.out
        assert spawn(f"packsight scan nowhere {redirect}", shop.parent).code == 3


def test_a_closed_stdin_is_no_trouble(tmp_path: Path) -> None:
    assert spawn("packsight count x <&-", tmp_path).code == 0
    clear(spawn("packsight count - <&-", tmp_path), 3)
    clear(spawn("packsight count <&-", tmp_path), 2)


def test_warnings_of_git_stay_with_git(run: Run, shop: Path) -> None:
    for name in (".gitignore", ".gitattributes", "shop/.gitignore"):
        (shop / name).symlink_to(Path(name).name)
    for words in (("scan", shop), ("pack", shop, "-q"), ("scan", shop, "--rev", "HEAD"), ("budget", "show", shop)):
        ran = run(*words)
        assert ran.code == 0
        assert ran.err == ""


# -- summary -------------------------------------------------------------------------------------------------------


def test_the_summary_fits_80_columns_and_keeps_reasons_whole(run: Run, tmp_path: Path) -> None:
    root = tmp_path / ("long" * 30) / ("路" * 60)
    deep = root / ("x" * 120) / ("漢字" * 20)
    deep.mkdir(parents=True)
    (deep / "a.py").write_text("x = 1\n" * 1000)
    (deep / "b.py").write_text("y = 1\n")
    for name in ("large.csv", "larger.csv"):
        with (root / name).open("wb") as file:
            file.truncate(1 << 30)
    for number, size in enumerate((3, 9)):
        (root / f"{number}.bin").write_bytes(b"x" * size + b"\0")
    summary = run("scan", root)
    assert max(cells(line) for line in summary.out.splitlines()) <= 80
    skipped = summary.out.partition("\nskipped")[2].splitlines()
    assert any("bytes" in line and line.endswith(" 2") for line in skipped), skipped
    assert any(line.startswith("binary") and line.endswith(" 2") for line in skipped), skipped


@pytest.mark.parametrize("text", ["a" * 100, "漢" * 100, "a漢" * 40, "e\u0301" * 100])
def test_the_middle_is_cut_to_the_columns_there_are(text: str) -> None:
    for columns in (10, 11, 48):
        cut = middle(text, columns)
        assert columns - 3 <= cells(cut) <= columns
        assert cut[0] == text[0]
        assert cut[-1] == text[-1]


def test_every_command_has_help(run: Run) -> None:
    for name in COMMANDS:
        helped = run(name, "--help")
        assert helped.code == 0
        assert helped.out.startswith(f"Usage: packsight {name}")
