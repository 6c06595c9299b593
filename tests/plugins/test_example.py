"""The example distribution does what its plugins are for, through the real command."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.engine.walk.repos import make
from tests.plugins.place import Place

MODELS = """
[[model]]
id = "stove-1"
provider = "kitchen"
context_window = 100000
max_output = 1000
encoding = "vowels"
method = "exact"
"""


@pytest.fixture
def stove_model() -> None:
    """A model of the user's own that is counted with the example's tokenizer."""
    folder = Path(os.environ["PACKSIGHT_CONFIG_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "models.toml").write_text(MODELS, "utf-8")


def test_the_doctor_names_each_plugin_and_where_it_is_from(example: Place) -> None:
    found = {check["name"]: check for check in example.json("doctor")["checks"]}
    names = (
        "tokenizers vowels", "languages recipe", "class_rules kitchen", "levels recipes", "importers stove",
        "formats org",
    )  # fmt: skip
    for name in names:
        check = found[f"plugin {name}"]
        assert check["state"] == "ok", check
        assert check["detail"] == f"packsight-example 1.2 in {example.site}"


def test_a_language_is_told_and_cut(example: Place, kitchen: Path) -> None:
    report = example.json("scan", kitchen)
    assert report["languages"]["recipe"]["files"] == 2
    assert report["languages"]["recipe"]["chunks"] == 3
    hits = example.json("search", "oven", kitchen)["results"]
    assert (hits[0]["path"], hits[0]["symbol"], hits[0]["start_line"]) == ("bread.recipe", "Oven", 7)


def test_class_rules_go_before_those_that_ship_and_behind_the_users(example: Place, kitchen: Path) -> None:
    classes = example.json("scan", kitchen)["classes"]
    assert classes["tests"]["files"] == 1
    assert classes["docs"]["files"] == 2
    (kitchen / ".packsight.toml").write_text('[[class_rules]]\nclass = "data"\nlanguages = ["recipe"]\n', "utf-8")
    assert example.json("scan", kitchen)["classes"]["data"]["files"] == 2


def test_levels_keep_what_the_plugin_says_and_never_cost_more(example: Place, kitchen: Path) -> None:
    shown = [example.json("show", f"{kitchen}/bread.recipe:1-6", "--level", level) for level in range(4)]
    assert "grandmother" in shown[0]["text"]
    assert "grandmother" not in shown[1]["text"]
    assert "patience" in shown[1]["text"]
    assert "patience" not in shown[2]["text"]
    assert "500 g" in shown[2]["text"]
    assert "500 g" not in shown[3]["text"]
    assert "== Dough ==" in shown[3]["text"]
    levels = example.json("scan", kitchen)["classes"]["docs"]["levels"]
    costs = [levels[str(level)] for level in range(5)]
    assert costs == sorted(costs, reverse=True)


@pytest.mark.usefixtures("stove_model")
def test_a_tokenizer_counts_for_the_models_that_name_it(example: Place, kitchen: Path) -> None:
    row = example.json("count", "aeiou xyz", "-m", "stove-1")
    assert (row["count"], row["encoding"]) == (6, "vowels")
    pack = example.json("pack", kitchen, "-m", "stove-1", "-b", "600")
    assert pack["report"]["actual"] <= 600
    assert example.json("count", pack["text"], "-m", "stove-1")["count"] == pack["report"]["actual"]


def test_a_format_writes_packs_within_the_budget(example: Place, kitchen: Path) -> None:
    (kitchen / "todo.py").write_text('TEXT = """\n* not a heading\n#+not a keyword\n"""\n', "utf-8")
    pack = example.json("pack", kitchen, "-b", "700", "-f", "org")
    assert pack["text"].startswith("#+title: kitchen\n")
    assert "\n,* not a heading\n,#+not a keyword\n" in pack["text"]
    assert pack["report"]["format"] == "org"
    assert example.json("count", pack["text"])["count"] == pack["report"]["actual"] <= 700
    again = example.run("pack", kitchen, "-b", "700", "-f", "org", "-q")
    assert again.stdout == pack["text"]
    parts = example.json("pack", kitchen, "--split", "130", "-f", "org")
    assert len(parts) > 1
    for part in parts:
        assert part["text"].startswith("#+title: kitchen\n")
        assert f"\n{part['part']} of {part['of']}\n" in part["text"]
    assert "\n,* not a heading\n" in "".join(part["text"] for part in parts)
    found = example.json("search", "oven", kitchen, "-b", "400", "-f", "org")
    assert found["text"].startswith("#+title: kitchen\n")
    texts = [*(part["text"] for part in parts), found["text"]]
    counts = [one["count"] for one in example.json("count", *texts)]
    assert counts == [*(part["tokens"] for part in parts), found["token_report"]["actual"]]
    assert max(counts[:-1]) <= 130
    asked = example.run(
        cwd=kitchen, _PACKSIGHT_COMPLETE="bash_complete", COMP_WORDS="packsight pack -f o", COMP_CWORD="3"
    )
    assert "org" in asked.stdout
    refused = example.run("pack", kitchen, "-f", "orq")
    assert refused.returncode == 2
    assert "'org'" in refused.stderr


ASK = """
import asyncio, json, sys
from pathlib import Path
from tests.mcp.talk import talk

async def main():
    async with talk(Path(sys.argv[1])) as one:
        tools = {tool.name: tool.input_schema for tool in (await one.client.list_tools()).tools}
        packed = await one.ask("pack_context", budget="400", format="org")
        found = await one.ask("search_context", budget="400", query="oven", format="org")
        refused = await one.fails("pack_context", format="orq")
    formats = [tools[name]["properties"]["format"]["enum"] for name in ("pack_context", "search_context")]
    print(json.dumps([packed["text"], found["text"], refused, *formats]))

asyncio.run(main())
"""


def test_agents_are_told_of_a_format_and_get_it(example: Place, kitchen: Path) -> None:
    done = example.run(kitchen, code=ASK)
    assert done.returncode == 0, done.stderr
    packed, found, refused, *formats = json.loads(done.stdout)
    assert packed.startswith("#+title: kitchen\n")
    assert found.startswith("#+title: kitchen\n")
    assert formats == [["", "xml", "markdown", "json", "plain", "org"]] * 2
    assert "'plain' or 'org'" in refused


def test_an_importer_reads_its_programs_logs_once(example: Place, tmp_path: Path) -> None:
    log = tmp_path / "stove.jsonl"
    line = {"device": "stove", "at": "2026-11-01T10:00:00+00:00", "id": "1", "model": "gpt-5.5", "tokens": 120}
    log.write_text("\n".join(json.dumps(one) for one in (line, {**line, "id": "2", "tokens": "many"})), "utf-8")
    done = example.json("telemetry", "import", log)
    assert (done["added"], done["by_source"]) == (1, {"stove": 1})
    assert [bad["reason"] for bad in done["bad"]] == ["tokens is no count"]
    with log.open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps({**line, "id": "3", "tokens": 7}) + "\n")
    assert example.json("telemetry", "import", log)["added"] == 1
    assert [call["actual_output_tokens"] for call in example.json("telemetry", "list")] == [7, 120]


@pytest.mark.parametrize("way", ["fork", "fresh", "spawn"])
def test_workers_load_plugins_however_they_are_started(example: Place, kitchen: Path, tmp_path: Path, way: str) -> None:
    many = make(tmp_path / "many", {f"r{number}.recipe": f"== {number} ==\n1 g\n" * 20 for number in range(60)})
    code = (
        "import sys, engine.scan.pool as pool; from engine.cli.main import run;"
        f"pool._start_method = lambda: {way!r}; run()"
    )
    done = example.run("scan", many, "--json", "--no-cache", code=code)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["languages"]["recipe"]["chunks"] == 60 * 20


def test_what_one_version_made_is_not_taken_for_that_of_another(place: Place, kitchen: Path) -> None:
    source = (
        "from engine.extending import Cut, LanguagePlugin, Role, Span\n"
        "def cut(data, lines):\n"
        "    return Cut([Span('section', 'NAME', -1, 0, len(lines))], [Role.CODE] * len(lines))\n"
        "RECIPE = LanguagePlugin(extensions=('recipe',), cut=cut)\n"
    )
    entries = {"packsight.languages": {"recipe": "mine:RECIPE"}}
    before = place.json("scan", kitchen)
    assert "recipe" not in before["languages"]
    place.install("mine", entries, source.replace("NAME", "one"))
    first = place.json("scan", kitchen)
    assert first["languages"]["recipe"]["files"] == 2
    assert first["cache"]["misses"] == first["files"]
    again = place.json("scan", kitchen)
    assert again["cache"]["misses"] == 0
    # The same code under another version, then other code under the same version.
    place.install("mine", entries, source.replace("NAME", "one"), "1.1")
    assert place.json("scan", kitchen)["cache"]["misses"] == first["files"]
    place.install("mine", entries, source.replace("NAME", "three"), "1.1")
    found = place.json("scan", kitchen)
    assert found["cache"]["misses"] == first["files"]
    # Without the plugin, what was made without it is known still.
    for path in place.site.glob("mine-*"):
        (path / "entry_points.txt").unlink()
    assert place.json("scan", kitchen)["cache"]["misses"] == 0
