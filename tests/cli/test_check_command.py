from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from engine.inspector import Inspector
from engine.request import ScanRequest
from tests.cli.conftest import Ran, Run
from tests.engine.walk.repos import commit, git, write
from tests.sample import SERVICE

GROWN = "def grown():\n" + "".join(f"    value{number} = {number} * 3\n" for number in range(120))
FIRST_NEW_LINE = len(SERVICE.splitlines()) + 1


@pytest.fixture
def grown(shop: Path) -> Path:
    """The sample repository with a commit that grows, moves and removes, and a tag on the one before."""
    git(shop, "tag", "before")
    git(shop, "mv", "shop/money.py", "shop/amounts.py")
    git(shop, "rm", "-q", "data/prices.csv")
    write(
        shop, {"shop/orders.py": (shop / "shop/orders.py").read_text("utf-8") + GROWN, "new[1].md": "# New\n\nWords.\n"}
    )
    commit(shop, "grow")
    return shop


def check(run: Run, *words: object) -> dict[str, Any]:
    """The JSON of a check, whatever it found."""
    ran = run("check", "--json", *words)
    told: dict[str, Any] = ran.json
    assert ran.code == (0 if told["passed"] else 1), ran.err
    return told


def test_totals_are_those_of_the_scan(run: Run, shop: Path) -> None:
    scan = run("scan", shop, "--json").json
    told = check(run, shop, "--max-total", scan["tokens"])
    assert (told["passed"], told["tokens"], told["files"]) == (True, scan["tokens"], scan["files"])
    broken = check(run, shop, "--max-total", scan["tokens"] - 1)["violations"]
    assert [(found["measured"], found["over"]) for found in broken] == [(scan["tokens"], 1)]
    classes = [f"--max-class={name}={row['tokens']}" for name, row in scan["classes"].items()]
    folders = [f"--max-dir={name}={row['tokens']}" for name, row in scan["directories"].items()]
    assert check(run, shop, *classes, *folders)["passed"]
    less = [word.rpartition("=")[0] + f"={int(word.rpartition('=')[2]) - 1}" for word in (*classes, *folders)]
    assert len(check(run, shop, *less)["violations"]) == len(less)


def test_growth_since_a_base_is_the_difference_of_two_scans(run: Run, grown: Path) -> None:
    now, then = (run("scan", grown, "--json", *rev).json["tokens"] for rev in ([], ["--rev", "before"]))
    told = check(run, grown, "--base", "before", "--max-growth", 0, "--max-changed-growth", "100")
    assert told["growth"]["tokens"] == now - then == sum(row["tokens"] for row in told["changed"])
    assert told["base"] == {"name": "before", "revision": git(grown, "rev-parse", "before"), "tokens": then}
    changed = {row["path"]: row for row in told["changed"]}
    assert set(changed) == {"shop/orders.py", "data/prices.csv", "new[1].md"}
    assert changed["data/prices.csv"]["after"] == 0
    (found,) = [row for row in told["violations"] if row["rule"] == "max_changed_growth"]
    assert (found["path"], found["line"]) == ("shop/orders.py", FIRST_NEW_LINE)
    assert found["measured"] == changed["shop/orders.py"]["tokens"]


def test_a_base_is_read_from_objects_and_the_work_tree_is_left_alone(run: Run, grown: Path) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in grown.rglob("*") if ".git" not in path.parts)
    for base in ("before", "main...", "HEAD"):
        assert check(run, grown, "--base", base, "--max-total", "1M")["passed"]
    assert before == sorted((path, path.stat().st_mtime_ns) for path in grown.rglob("*") if ".git" not in path.parts)
    write(grown, {"untracked.py": GROWN})
    assert (
        check(run, grown, "--base", "HEAD", "--max-growth", 10)["violations"][0]["contributors"][0]["path"]
        == "untracked.py"
    )


def test_an_unknown_base_and_a_shallow_clone_are_clear_lines(run: Run, grown: Path, tmp_path: Path) -> None:
    ran = run("check", grown, "--base", "befor", "--max-growth", "1%")
    assert (ran.code, ran.out) == (3, "")
    assert "befor" in ran.err
    assert "Nearest: before" in ran.err
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{grown}", "clone")
    first = git(grown, "rev-parse", "before")
    ran = run("check", tmp_path / "clone", "--base", first, "--max-growth", "1%")
    assert ran.code == 3
    assert "shallow clone" in ran.err
    assert "fetch-depth: 0" in ran.err
    assert run("check", tmp_path / "clone", "--base", "0" * 40, "--max-growth", "1%").code == 3


def test_limits_of_growth_need_a_base(run: Run, shop: Path) -> None:
    ran = run("check", shop, "--max-growth", "1%")
    assert ran.code == 2
    assert "--base origin/main" in ran.err
    ran = run("check", shop, "--max-growth", "1%", "--max-total", "1M", "--base", "none")
    assert ran.code == 0
    assert "not checked, for there is no base: max_growth" in ran.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 2), (("--max-total", "x"), 2), (("--max-glob", "5k"), 2), (("--max-class", "tets=5"), 2),
        (("--max-total", "1", "--format", "xml"), 2), (("--max-total", "1", "--format", "json="), 2),
        (("--max-total", "1", "--format", "json", "--format", "junit"), 2), (("--pack", "budget=5k"), 2),
        (("--max-total", "1", "--format", "json=a", "--format", "junit=a"), 2), (("--pack", "whole"), 2),
        (("--max-total", "1", "--format", "json=nowhere/a.json"), 3), (("--max-total", "1", "-m", "gpt-55"), 3),
        (("--pack", "budget=1k,min_quality=high"), 2), (("--pack", "budget=99M,whole"), 2),
        (("--pack", "budget=1k,whole,model=gpt-55"), 3), (("--max-total", "1", "--base", ""), 2),
        (("--max-file", "!=4k"), 2), (("--max-total", "1", "--", "nowhere.py"), 3),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_one_clear_error(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int
) -> None:
    monkeypatch.chdir(shop)
    ran = run("check", *words)
    assert (ran.code, ran.out) == (code, "")
    assert 1 <= len(ran.err.splitlines()) <= 2


def test_settings_give_limits_with_their_place_and_reason(run: Run, shop: Path) -> None:
    write(
        shop,
        {".packsight.toml": '[[check]]\nmax_total = 100\nwhy = "one read"\n\n[[check]]\nseverity = "warning"\n'
                            'max_file = { "*.csv" = "10" }\n'},
    )  # fmt: skip
    told = check(run, shop)
    error, warning = told["violations"]
    assert (error["path"], error["line"], error["severity"]) == (".packsight.toml", 2, "error")
    assert (warning["path"], warning["severity"]) == ("data/prices.csv", "warning")
    assert "why    one read" in run("check", shop).out
    # A flag takes the place of the same limit in the file; what only warns does not fail.
    assert check(run, shop, "--max-total", "1M")["passed"]
    assert run("check", shop, "--max-total", "1M", "--format", "github").out.startswith(
        "::warning file=data/prices.csv,"
    )


def test_a_wrong_settings_file_is_named_with_its_line(run: Run, shop: Path) -> None:
    write(shop, {".packsight.toml": 'budget = "8k"\n[check]\nmax_filee = 5\n'})
    ran = run("check", shop)
    assert ran.code == 3
    assert "line 3: unknown key 'check.max_filee'" in ran.err
    assert "did you mean 'check.max_file'?" in ran.err


def test_packs_must_reach_what_is_demanded(run: Run, shop: Path) -> None:
    packed = run("pack", shop, "-b", "500", "--json", "-q").json["report"]
    reached = packed["quality"]
    assert check(run, shop, "--pack", f"budget=500,min_quality={reached}")["passed"]
    (low,) = check(run, shop, "--pack", "budget=500,min_quality=0.99")["violations"]
    assert (low["unit"], low["measured"]) == ("quality", reached)
    assert low["contributors"]
    assert check(run, shop, "--pack", "budget=20k,whole")["passed"]
    (whole,) = check(run, shop, "--pack", "budget=1k,whole")["violations"]
    assert whole["measured"] > whole["limit"] == 1000
    enough = whole["remedy"].rpartition('budget = "')[2].rstrip('"')
    assert check(run, shop, "--pack", f"budget={enough},whole")["passed"]
    (none,) = check(run, shop, "--pack", "budget=1,min_quality=0.1")["violations"]
    assert "holds nothing" in none["message"]


def test_files_that_are_named_narrow_limits_of_single_files(
    run: Run, grown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(grown)
    all_of = check(run, "--max-file", "4", "--max-total", "4")["violations"]
    some = check(run, "--max-file", "4", "--max-total", "4", "--", "README.md", "new[1].md")["violations"]
    assert len(all_of) > 3
    assert {(row["rule"], row["subject"]) for row in some} == {
        ("max_total", ""), ("max_file", "README.md"), ("max_file", "new[1].md"),
    }  # fmt: skip
    monkeypatch.chdir(grown / "shop")
    inside = check(run, "..", "orders.py", "--max-file", "5")["violations"]
    assert [row["subject"] for row in inside] == ["shop/orders.py"]


def test_a_folder_of_a_repository_is_told_from_its_top(run: Run, grown: Path) -> None:
    ran = run("check", grown / "shop", "--max-file", "9", "--base", "before", "--format", "github")
    assert ran.code == 1
    assert f"::error file=shop/orders.py,line={FIRST_NEW_LINE}," in ran.out


def test_a_folder_that_is_new_grew_by_all_of_itself(run: Run, shop: Path) -> None:
    write(shop, {"added/a.py": GROWN})
    told = check(run, shop / "added", "--base", "HEAD", "--max-growth", "1M")
    assert told["growth"]["tokens"] == told["tokens"] > 0
    assert check(run, shop, "--base", "HEAD", "--max-growth", "1M")["growth"]["tokens"] == told["tokens"]


def test_a_plain_folder_has_sizes_and_no_base(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"plain/a.py": GROWN})
    assert not check(run, tmp_path / "plain", "--max-file", "5")["passed"]
    ran = run("check", tmp_path / "plain", "--base", "main", "--max-growth", "5")
    assert ran.code == 3
    assert "not in a git repository" in ran.err


def test_several_formats_are_written_at_once(run: Run, grown: Path, tmp_path: Path) -> None:
    names = {name: tmp_path / f"out.{name}" for name in ("json", "junit", "sarif", "markdown", "github", "text")}
    formats = [f"--format={name}={path}" for name, path in names.items()]
    ran = run("check", grown, "--base", "before", "--max-growth", 1, *formats, "--format", "text", "--format", "github")
    assert ran.code == 1
    assert ran.out == names["text"].read_text("utf-8") + names["github"].read_text("utf-8")
    assert json.loads(names["json"].read_text("utf-8"))["passed"] is False
    assert ElementTree.parse(names["junit"]).getroot().find("testsuite/testcase/failure") is not None
    assert json.loads(names["sarif"].read_text("utf-8"))["runs"][0]["results"][0]["ruleId"] == "max_growth"
    assert "shop&#47;orders&#46;py" in names["markdown"].read_text("utf-8")


@pytest.mark.parametrize("name", ["text", "github", "markdown", "sarif", "junit", "json"])
def test_hostile_names_reach_no_terminal(run: Run, shop: Path, name: str) -> None:
    write(shop, {"::error::\x1b[31m\n##[x],%0A.py": GROWN, "b\udcff.py": GROWN})
    ran = run("check", shop, "--max-file", "5", "--format", name)
    assert ran.code == 1
    assert "\x1b" not in ran.out
    assert "\udcff" not in ran.out
    broken = check(run, shop, "--max-file", "5")["violations"]
    assert "::error::\x1b[31m\n##[x],%0A.py" in {row["subject"] for row in broken}


def test_a_limit_that_is_about_nothing_is_said(run: Run, shop: Path) -> None:
    ran = run("check", shop, "--max-file", "srx/**=5", "--max-dir", "nowhere=5")
    assert ran.code == 0
    assert "nothing matches 'max_file srx/**', 'max_dir nowhere'" in ran.err


def test_the_same_is_asked_of_the_library(shop: Path) -> None:
    with Inspector(use_cache=False) as inspector:
        verdict = inspector.check(ScanRequest(shop, "gpt-5.5"), limits={"max_file": {"shop/**": 50}})
    assert not verdict.passed
    assert {found.subject for found in verdict.violations} >= {"shop/orders.py"}
    assert verdict.written("text").startswith("total ")


def test_a_warm_check_parses_nothing_again(grown: Path) -> None:
    code = (
        "import sys; from engine.cli.app import main; code = main(sys.argv[1:]);"
        "sys.exit(9 if {'tree_sitter', 'splintr', 'textual'} & set(sys.modules) else code)"
    )
    words = [sys.executable, "-c", code, "check", str(grown), "--base", "before", "--max-growth", "1M"]
    cold, warm = (subprocess.run(words, capture_output=True, text=True, check=False) for _ in range(2))
    assert (cold.returncode, warm.returncode) == (9, 0), warm.stderr
    assert cold.stdout == warm.stdout


def test_the_installed_command_ends_with_the_code_of_the_verdict(shop: Path) -> None:
    def ended(limit: str) -> Ran:
        words = [sys.executable, "-m", "engine", "check", str(shop), "--max-total", limit]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        return Ran(done.returncode, done.stdout, done.stderr)

    assert [ended(limit).code for limit in ("1M", "1", "x")] == [0, 1, 2]
