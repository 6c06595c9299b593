"""From what a tool found to the page that a client gets: harmless, within its tokens, with a receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import UsageError
from engine.inspector import Inspector
from engine.mcp.pages import Count, DoesNotFit, Position, cut, dump, take_apart
from engine.mcp.receipts import KEPT_S, Answer, Receipts
from engine.visible import visible_text

_TEXT = "text"
"""Key of the text that goes into a block of its own, as it is."""
_ROOM = 40
"""Tokens for the digits of a receipt, which are known last."""
_TRIES = 8


def counter(inspector: Inspector, model: str) -> Count:
    """Tokens of a text for a model."""

    def count(text: str) -> int:
        tokens: int = inspector.count_texts([text], [model])[0]["count"]
        return tokens

    return count


def answer_of(
    tool: str, arguments: Mapping[str, Any], model: str, data: Mapping[str, Any], places: tuple[Any, ...]
) -> Answer:
    """Make an answer of what a tool found."""
    head, parts = take_apart(harmless(data))
    return Answer(tool, dict(arguments), model, head, parts, places)


def page_of(
    answer: Answer, at: Position, max_tokens: int, warnings: list[str], receipts: Receipts, count: Count
) -> dict[str, Any]:
    """The page of an answer that begins at a position, with its receipt.

    Raises:
        UsageError: ``max_tokens`` is too small for the next part.
    """
    limit = max_tokens
    for _ in range(_TRIES):
        page = _page(answer, at, limit, max_tokens, warnings, receipts, count)
        used = cost(page, count)
        if used <= max_tokens:
            return _counted(page, count)
        # Blocks apart can cost a little more than the whole.
        limit -= used - max_tokens + _ROOM
    raise UsageError(f"the answer does not fit into {max_tokens:,} tokens", f"max_tokens of {2 * max_tokens:,} will do")


def _page(
    answer: Answer, at: Position, limit: int, max_tokens: int, warnings: list[str], receipts: Receipts, count: Count
) -> dict[str, Any]:
    told = {"warnings": [visible_text(one) for one in warnings]} if warnings else {}
    # A receipt as long as this one can become: every part named, and a cursor.
    worst = _receipt(
        max_tokens, "0123456789ab-01234567", [{"name": p.name, "from": 1, "to": 1, "of": 1} for p in answer.parts]
    )
    frame = count(dump({"receipt": worst, **told})) + _ROOM
    try:
        page = cut(answer.head, answer.parts, at, limit - frame, count)
    except DoesNotFit as no:
        # A tenth more, because blocks apart can cost more than the whole.
        enough = -(-(no.needed_tokens + frame) * 11 // 1000) * 100
        raise UsageError(
            f"the next part of the answer does not fit into {max_tokens:,} tokens",
            f"repeat the call with max_tokens of at least {enough:,}",
        ) from None
    cursor = None if page.next is None else receipts.cursor(answer, page.next)
    return {**page.data, **told, "receipt": _receipt(max_tokens, cursor, page.parts)}


def _receipt(max_tokens: int, cursor: str | None, slices: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "tokens": max_tokens,
        "max_tokens": max_tokens,
        "complete": cursor is None,
        "continue_from": cursor,
        "expires_in_s": KEPT_S if cursor else None,
        "slices": slices,
    }


def _counted(page: dict[str, Any], count: Count) -> dict[str, Any]:
    """Write into the receipt what the page costs, the receipt included."""
    receipt = page["receipt"]
    for _ in range(_TRIES):
        tokens = cost(page, count)
        if tokens == receipt["tokens"]:
            break
        receipt["tokens"] = tokens
    return page


def blocks_of(page: Mapping[str, Any]) -> list[str]:
    """The page as texts: JSON, and behind it the text as it is, for clients that read no structured content."""
    text = page.get(_TEXT)
    if not isinstance(text, str) or not text:
        return [dump(page)]
    return [dump({key: value for key, value in page.items() if key != _TEXT}), text]


def cost(page: Mapping[str, Any], count: Count) -> int:
    """Tokens of a page, in the dearer of its two forms: a client shows its model one of them."""
    return max(count(dump(page)), sum(map(count, blocks_of(page))))


def harmless(value: Any) -> Any:
    """Show control characters and what is no UTF-8 as symbols, in keys and values."""
    if isinstance(value, str):
        return visible_text(value)
    if isinstance(value, Mapping):
        return {visible_text(str(key)): harmless(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [harmless(one) for one in value]
    return value
