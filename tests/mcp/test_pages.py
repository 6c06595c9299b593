"""Answers are bounded in tokens, and nothing of them is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InputError, PacksightError
from engine.inspector import Inspector
from engine.mcp.answers import answer_of, blocks_of, page_of
from engine.mcp.pages import START, DoesNotFit, cut, dump, take_apart
from engine.mcp.receipts import KEPT_S, MOST_ANSWERS, Receipts
from engine.request import PackRequest, ScanRequest
from tests.mcp.talk import MODEL, joined, talk, tokens_of, words_of
from tests.sample import FILES, make_repository


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A repository whose pack takes many small pages, with quotes, tabs and letters of several bytes."""
    code = "".join(f'def f{n}(x):\n\t"""Say "größe" {n} → \\\\ twice."""\n\treturn x + {n}\n\n\n' for n in range(150))
    return make_repository(tmp_path / "large", {**FILES, "lib/many.py": code, "lib/日本.py": code.replace("f", "g")})


@pytest.mark.asyncio
async def test_pages_of_a_pack_make_its_exact_text(large: Path, mode: str) -> None:
    async with talk(large, mode=mode) as one:
        pages = await one.pages("pack_context", budget="12k", report="full", max_tokens=3000)
        result = await one.client.read_resource("packsight://pack/last")
    with Inspector(use_cache=False) as inspector:
        packed = inspector.pack(PackRequest(ScanRequest(large, MODEL), 12_000))
    whole = joined(pages)
    assert len(pages) > 4
    assert whole["text"] == packed.text == getattr(result.contents[0], "text", "")
    assert whole["report"]["items"] == packed.report["items"]
    assert whole["report"]["excluded"] == packed.report["excluded"]
    pack_id = whole["report"].pop("pack_id")
    assert len(pack_id) == 32, "what outcomes are recorded for"
    assert {**whole["report"], "seconds": 0, "cache": 0} == {**packed.report, "seconds": 0, "cache": 0}
    # What the pack is about is known from the first page.
    assert pages[0]["report"]["actual"] == packed.report["actual"]
    assert pages[0]["text"]


@pytest.mark.asyncio
@pytest.mark.parametrize("limit", [1000, 20_000])
async def test_no_answer_costs_more_than_was_said(limit: int, large: Path) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("pack_context", {"budget": "5k", "report": "full"}),
        ("search_context", {"query": "größe", "budget": "3k", "limit": 30}),
        ("scan", {}),
        ("list_models", {}),
        ("expand", {"place": "lib/many.py"}),
        ("get_profile", {}),
    ]
    async with talk(large) as one:
        for name, arguments in calls:
            arguments = {**arguments, "max_tokens": limit}
            result = await one.raw(name, **arguments)
            while True:
                assert not result.is_error, words_of(result)
                page: Any = result.structured_content
                texts = [getattr(block, "text", "") for block in result.content]
                assert page["receipt"]["tokens"] == max(tokens_of(page), sum(map(tokens_of, texts))) <= limit, name
                assert page["receipt"]["max_tokens"] == limit
                if page["receipt"]["complete"]:
                    break
                result = await one.raw(name, continue_from=page["receipt"]["continue_from"], max_tokens=limit)


@pytest.mark.asyncio
async def test_the_default_bound_holds_without_being_asked_for(large: Path) -> None:
    async with talk(large) as one:
        page = await one.ask("pack_context", budget="60k", report="full")
    assert page["receipt"]["tokens"] <= page["receipt"]["max_tokens"] == 20_000


@pytest.mark.asyncio
async def test_a_cursor_gives_the_same_page_again_and_knows_its_tool(large: Path) -> None:
    async with talk(large) as one:
        first = await one.ask("pack_context", budget="9k", max_tokens=2000)
        cursor = first["receipt"]["continue_from"]
        second = await one.ask("pack_context", continue_from=cursor, max_tokens=2000)
        assert await one.ask("pack_context", continue_from=cursor, max_tokens=2000) == second
        # Repeating the arguments is as good as leaving them out; others are not.
        assert await one.ask("pack_context", budget="9k", continue_from=cursor, max_tokens=2000) == second
        assert "budget is another" in await one.fails("pack_context", budget="8k", continue_from=cursor)
        assert "call pack_context with it" in await one.fails("scan", continue_from=cursor)
        gone = await one.fails("pack_context", continue_from=cursor[:-1] + "x")
        assert gone.splitlines()[1] == "call pack_context again without continue_from"
        start, end = first["receipt"]["slices"][0]["to"], second["receipt"]["slices"][0]["to"]
        assert len(second["text"]) == end - start


@pytest.mark.asyncio
async def test_the_text_comes_as_it_is_for_clients_that_read_texts(large: Path) -> None:
    async with talk(large) as one:
        result = await one.raw("expand", place="lib/many.py:1-3")
    page: Any = result.structured_content
    assert [getattr(block, "text", "") for block in result.content][1] == page["text"]
    assert blocks_of(page)[0] == getattr(result.content[0], "text", "")


def test_receipts_expire_and_make_room() -> None:
    now = [0.0]
    receipts = Receipts(lambda: now[0])
    answers = [answer_of("scan", {"path": "."}, MODEL, {"text": "x" * 1000}, ()) for _ in range(MOST_ANSWERS + 1)]
    cursors = [receipts.cursor(answer, (0, 10)) for answer in answers]
    with pytest.raises(InputError, match="nothing goes on from"):
        receipts.find(cursors[0], "scan", {})
    now[0] = KEPT_S - 1
    assert receipts.find(cursors[1], "scan", {"path": "."}) == (answers[1], (0, 10))
    now[0] = KEPT_S + 1
    # Asking for it kept it; the others are as old as they were.
    assert receipts.find(cursors[1], "scan", {}) == (answers[1], (0, 10))
    for cursor in cursors[2:]:
        with pytest.raises(InputError, match="15 minutes"):
            receipts.find(cursor, "scan", {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=20,
)
ANSWERS = st.dictionaries(
    st.sampled_from(["text", "items", "report", "tables", "n"]),
    JSON
    | st.text(max_size=3000)
    | st.lists(JSON, max_size=60)
    | st.dictionaries(st.text(max_size=12), JSON, max_size=60),
)


@settings(max_examples=60, deadline=None)
@given(ANSWERS, st.integers(200, 3000))
def test_whatever_an_answer_holds_its_pages_are_all_of_it(data: dict[str, Any], limit: int) -> None:
    head, parts = take_apart(data)
    pages, at = [], START
    try:
        while True:
            page = cut(head, parts, at, limit, len)
            assert len(dump(page.data)) <= limit
            pages.append(page.data)
            if page.next is None:
                break
            assert page.next > at
            at = page.next
    except DoesNotFit as no:
        needed = no.needed_tokens
    else:
        needed = 0
    if needed:
        assert needed > limit
        return
    assert joined(pages) == data


def test_what_cannot_fit_says_what_would() -> None:
    answer = answer_of("scan", {}, MODEL, {"items": ["word " * 3000]}, ())
    assert not page_of(answer, START, 1000, [], Receipts(), tokens_of)["receipt"]["complete"]
    with pytest.raises(PacksightError) as refused:
        page_of(answer, (0, 0), 1000, [], Receipts(), tokens_of)
    enough = int(refused.value.hint.split()[-1].replace(",", ""))
    page = page_of(answer, (0, 0), enough, [], Receipts(), tokens_of)
    assert page["items"] == ["word " * 3000]
