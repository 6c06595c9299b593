"""Every tool, over both protocols: typed answers that say what the engine says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.inspector import Inspector
from engine.request import PackRequest, ScanRequest, Tuning
from engine.telemetry.words import Finish
from tests.mcp.talk import MODEL, talk, tokens_of, words_of

pytestmark = pytest.mark.asyncio

NAMES = [
    "count_tokens", "list_models", "scan", "pack_context", "search_context", "expand", "get_budget", "set_budget",
    "get_profile", "suggest_profile", "save_profile", "estimate_output", "record_usage", "telemetry_report",
]  # fmt: skip

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("count_tokens", {"texts": ["some words"], "paths": ["README.md", "shop"], "models": [MODEL, "claude-opus-5-5"]}),
    ("list_models", {}),
    ("scan", {}),
    ("pack_context", {"budget": "2k", "report": "full", "query": "total of an order"}),
    ("search_context", {"query": "total of an order", "budget": "2k"}),
    ("expand", {"place": "shop/orders.py:5-12", "level": 0}),
    ("get_budget", {}),
    ("set_budget", {"budget": "9k"}),
    ("get_profile", {}),
    ("suggest_profile", {}),
    ("save_profile", {"name": "lean", "set": {"weights.tests": 0.25, "budget": "6k"}, "use": True}),
    ("estimate_output", {"category": "docs", "deliverables": ["README.md"], "workspace": "."}),
    ("record_usage", {"model": MODEL, "actual_output_tokens": 90, "actual_max_tokens": 500, "finish": "stop"}),
    ("telemetry_report", {"daily": True, "since": "7d"}),
]


async def test_tools_say_what_they_take_and_give(shop: Path, mode: str) -> None:
    async with talk(shop, mode=mode) as one:
        tools = (await one.client.list_tools()).tools
    assert [tool.name for tool in tools] == NAMES
    for tool in tools:
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        assert tool.input_schema["type"] == "object"
        assert tool.input_schema["additionalProperties"] is False
        assert all(value.get("description") for value in tool.input_schema["properties"].values()), tool.name
        assert {"max_tokens", "continue_from"} <= tool.input_schema["properties"].keys()
        assert tool.output_schema is not None
        assert tool.output_schema["type"] == "object"
        assert "receipt" in tool.output_schema["required"]
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint is (tool.name not in ("set_budget", "save_profile", "record_usage"))


@pytest.mark.parametrize(("name", "arguments"), CALLS, ids=NAMES)
async def test_answers_are_what_their_schema_says(name: str, arguments: dict[str, Any], shop: Path, mode: str) -> None:
    async with talk(shop, mode=mode) as one:
        schema = {tool.name: tool.output_schema for tool in (await one.client.list_tools()).tools}[name]
        result = await one.raw(name, **arguments)
    assert not result.is_error, words_of(result)
    page = result.structured_content
    assert isinstance(page, dict)
    jsonschema.validate(page, schema or {})
    declared = set((schema or {})["properties"])
    assert page["receipt"]["tokens"] <= page["receipt"]["max_tokens"]
    assert page.keys() & declared > {"receipt"}


async def test_counts_are_the_engine_s(shop: Path) -> None:
    async with talk(shop) as one:
        found = await one.ask("count_tokens", texts=["some words", "README.md"], paths=["README.md"], budget=5)
    with Inspector(use_cache=False) as inspector:
        texts = inspector.count_texts(["some words", "README.md"], [MODEL])
        file = inspector.count([str(shop / "README.md")], [MODEL])
    assert [row["count"] for row in found["counts"]] == [row["count"] for row in texts + file]
    assert [row["source"] for row in found["counts"]] == ["texts[0]", "texts[1]", "README.md"]
    assert [row["fits"] for row in found["counts"]] == [row["count"] <= 5 for row in texts + file]


async def test_a_text_that_names_a_file_is_a_text(shop: Path) -> None:
    secret = str(shop.parent / "secret" / "key.txt")
    async with talk(shop) as one:
        found = await one.ask("count_tokens", texts=[secret])
    assert found["counts"][0]["count"] == tokens_of(secret)


async def test_a_scan_and_a_pack_are_those_of_the_engine(shop: Path, mode: str) -> None:
    async with talk(shop, mode=mode) as one:
        scanned = await one.ask("scan")
        packed = await one.ask("pack_context", budget="1500", report="full", format="xml", pins={"shop/money.py": 0})
    scan = ScanRequest(shop, MODEL)
    with Inspector(use_cache=False) as inspector:
        expected = inspector.scan(scan)
    for key in ("root", "revision", "files", "chunks", "tokens", "classes", "languages", "levels", "skipped"):
        assert scanned[key] == expected[key], key
    with Inspector(use_cache=False) as inspector:
        pack = inspector.pack(PackRequest(scan, 1500, "xml", tuning=Tuning(pins=(("shop/money.py", 0),))))
    assert packed["text"] == pack.text
    for key in ("budget", "actual", "est_used", "quality", "items", "excluded", "levels"):
        assert packed["report"][key] == pack.report[key], key


async def test_a_report_is_short_unless_asked_for(shop: Path) -> None:
    async with talk(shop) as one:
        short = await one.ask("pack_context", budget="1500")
        found = await one.ask("search_context", query="total", budget="1500", text=False)
    assert not {"items", "excluded"} & short["report"].keys()
    assert not {"items", "excluded"} & found["token_report"].keys()
    assert "text" not in found
    assert found["results"][0]["rank"] == 1


async def test_a_capsule_is_expanded(shop: Path, mode: str) -> None:
    lines = (shop / "shop/orders.py").read_text().splitlines(keepends=True)
    async with talk(shop, mode=mode) as one:
        full = await one.ask("expand", place="shop/orders.py:10-14")
        capsule = await one.ask("expand", place="shop/orders.py", level=3)
        again = await one.ask("expand", place="orders.py:10-14", path="shop", blob=full["blob"][:8])
        stale = await one.fails("expand", place="shop/orders.py:10-14", blob="0123456789")
        wrong = await one.fails("expand", place="shop/order.py")
    assert full["text"] == "".join(lines[9:14]) == again["text"]
    assert (full["path"], full["start_line"], full["end_line"], full["level"]) == ("shop/orders.py", 10, 14, 0)
    assert again["path"] == "orders.py"
    assert "… shop/orders.py:" in capsule["text"]
    assert str(shop) not in capsule["text"]
    assert capsule["tokens"] == tokens_of(capsule["text"])
    assert full["blob"] in stale
    assert "did you mean orders.py?" in wrong


async def test_packs_are_remembered_with_what_was_expanded_of_them(shop: Path) -> None:
    async with talk(shop) as one:
        found = await one.ask("search_context", query="total of an order", budget="700")
        packed = await one.ask("pack_context", budget="500", report="full")
        item = next(item for item in packed["report"]["items"] if 0 < item["level"] < 5)
        await one.ask("expand", place=f"{item['path']}:{item['start_line']}-{item['end_line']}")
    with Inspector(use_cache=False) as inspector:
        kept = inspector.outcomes(shop, inspector.config(shop, {})).list()
    assert [pack.pack_id for pack, _ in kept] == [packed["pack_id"], found["pack_id"]]
    assert [(mark.what, mark.path) for mark in kept[0][1]] == [("expanded", item["path"])]


async def test_nothing_is_remembered_without_a_cache(shop: Path, own_directories: Path) -> None:
    async with talk(shop, use_cache=False) as one:
        packed = await one.ask("pack_context", budget="500")
        again = await one.ask("pack_context", budget="500")
    assert packed["pack_id"] != again["pack_id"]
    assert not (own_directories / "data").exists()


async def test_files_are_looked_at_anew_for_every_call(shop: Path) -> None:
    async with talk(shop) as one:
        before = await one.ask("scan")
        (shop / "more.md").write_text("# More\n\nWords that were not there before.\n")
        after = await one.ask("scan")
    assert after["files"] == before["files"] + 1


async def test_what_is_saved_is_in_force(shop: Path, mode: str) -> None:
    async with talk(shop, mode=mode) as one:
        assert (await one.ask("get_budget"))["budget"] is None
        assert (await one.ask("set_budget", budget="9k"))["budget"] == 9000
        assert (await one.ask("pack_context"))["report"]["budget"] == 9000
        saved = await one.ask("save_profile", name="lean", set={"budget": "700", "weights.tests": 0.25}, use=True)
        assert saved["profile"]["version"] == 1
        assert (await one.ask("pack_context"))["report"]["budget"] == 700
        shown = await one.ask("get_profile")
        assert (shown["profile"]["name"], shown["profiles"][0]["active"]) == ("lean", True)
        assert {"key": "budget", "value": "700"}.items() <= shown["layers"][0].items()
        assert (await one.ask("get_budget"))["origin"] == "profile 'lean'"
        assert (await one.ask("set_budget", budget="clear"))["budget"] is None
        assert "did you mean" in await one.fails("get_profile", name="leen")
        copied = await one.ask("save_profile", name="wide", base="lean@1", set={"budget": "2k"})
        assert copied["profile"]["pack"] == {"weights": {"tests": 0.25}}
        assert (await one.ask("save_profile", name="bare", base="none"))["profile"].get("pack") is None


async def test_what_is_recorded_is_reported(shop: Path) -> None:
    call = {"model": MODEL, "category": "docs", "selected_budget": 400, "actual_max_tokens": 400, "dedupe_key": "a"}
    async with talk(shop) as one:
        assert (await one.ask("record_usage", **call, actual_output_tokens=300, finish="stop"))["added"] == 1
        assert (await one.ask("record_usage", **call, actual_output_tokens=350, finish="stop"))["updated"] == 1
        report = await one.ask("telemetry_report", categories=["docs"])
        assert (report["total"]["n"], report["total"]["truncated"]) == (1, 0)
        assert (await one.ask("telemetry_report", categories=["tests"]))["total"]["n"] == 0
        refused = await one.fails("record_usage", model=MODEL, actual_output_tokens=5, reasoning_tokens=9)
        assert refused.startswith("the call was not recorded: ")
        assert "nothing to record" in await one.fails("record_usage")


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("pack_context", {"bugdet": "8k"}, "did you mean budget?"),
        ("pack_context", {"budget": "lots"}, "write 32000, 32k"),
        ("pack_context", {"budget": 30}, "budget"),
        ("pack_context", {"model": "gpt-5.55"}, "gpt-5.5"),
        ("pack_context", {"format": "xlm"}, "'xml'"),
        ("pack_context", {"weights": {"test": 1}}, "classes: code, tests"),
        ("pack_context", {"shares": {"tests": "50..20%"}}, "share"),
        ("pack_context", {"pins": {"*.py": 9}}, "pins"),
        ("pack_context", {"rev": "no-such-rev"}, "no-such-rev"),
        ("pack_context", {"profile": "nope"}, "nope"),
        ("pack_context", {"max_tokens": 100_001}, "100000"),
        ("pack_context", {"max_tokens": 1}, "1000"),
        ("search_context", {}, "there is no query"),
        ("search_context", {"query": "x", "intent": "magic"}, "'symbol'"),
        ("expand", {}, "PATH:START-END"),
        ("expand", {"place": "README.md:900-901"}, "lines"),
        ("expand", {"place": "shop"}, "is a folder"),
        ("count_tokens", {}, "nothing to count"),
        ("count_tokens", {"paths": ["REDME.md"]}, "did you mean README.md?"),
        ("list_models", {"provider": "opnai"}, "openai"),
        ("set_budget", {}, "there is no budget"),
        ("save_profile", {}, "no name"),
        ("save_profile", {"name": "x", "set": {"wieghts.tests": 1}}, "weights"),
        ("record_usage", {"finish": "sotp"}, "'stop'"),
        ("telemetry_report", {"since": "yesterday-ish"}, "yesterday-ish"),
        ("estimate_output", {"complexity": "huge"}, "'low'"),
    ],
)
async def test_errors_name_the_thing_and_the_nearest_choice(
    name: str, arguments: dict[str, Any], said: str, shop: Path
) -> None:
    async with talk(shop) as one:
        message = await one.fails(name, **arguments)
    assert said in message
    assert len(message.splitlines()) <= 2


async def test_an_unknown_tool_is_an_error_of_the_protocol(shop: Path, mode: str) -> None:
    from mcp.shared.exceptions import MCPError

    async with talk(shop, mode=mode) as one:
        with pytest.raises(MCPError, match="did you mean pack_context"):
            await one.raw("pack_contxt")


async def test_null_is_the_same_as_nothing(shop: Path) -> None:
    async with talk(shop) as one:
        assert (await one.ask("pack_context", model=None, budget="1500", query=None))["report"]["budget"] == 1500


async def test_a_failure_inside_is_told_without_its_words(
    shop: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*words: object) -> None:
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr(Inspector, "scan", broken)
    async with talk(shop) as one:
        message = await one.fails("scan")
        assert (await one.ask("count_tokens", texts=["still there"]))["counts"]
    assert "RuntimeError" in message
    assert "secret" not in message
    assert "a secret of the machine" in caplog.text


async def test_warnings_come_with_the_answer(shop: Path) -> None:
    async with talk(shop) as one:
        found = await one.ask("pack_context", budget="1500", pins={"no/such/*.py": 0})
    assert any("no/such/*.py" in line for line in found["warnings"])


async def test_why_a_call_ended_has_the_words_of_the_store(shop: Path) -> None:
    async with talk(shop) as one:
        tools = {tool.name: tool for tool in (await one.client.list_tools()).tools}
        words = tools["record_usage"].input_schema["properties"]["finish"]["enum"]
        assert set(words) - {""} == {finish.value for finish in Finish}


async def test_what_every_client_pays_for_the_tools_is_bounded(shop: Path) -> None:
    async with talk(shop) as one:
        tools = (await one.client.list_tools()).tools
    shown = [{"name": one.name, "description": one.description, "input_schema": one.input_schema} for one in tools]
    assert sum(map(tokens_of, shown)) < 4_500
    # Some clients understand no references in what a tool takes.
    assert not any("$ref" in str(tool.input_schema) for tool in tools)
