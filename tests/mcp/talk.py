"""A client session against the server, in this process."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import mcp_types as types
from mcp import Client
from mcp.client.context import ClientRequestContext

from engine.inspector import Inspector
from engine.mcp.roots import roots_of
from engine.mcp.server import McpServer, Options

MODES = ("legacy", "2026-07-28")
"""The handshake protocols, and the one without."""
MODEL = "gpt-5.5"


class Talk:
    """A connected client, with what tests ask of it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def raw(self, tool: str, **arguments: Any) -> types.CallToolResult:
        """Call a tool."""
        return await self.client.call_tool(tool, arguments)

    async def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool that is to succeed."""
        result = await self.raw(tool, **arguments)
        assert not result.is_error, words_of(result)
        assert isinstance(result.structured_content, dict)
        return result.structured_content

    async def fails(self, tool: str, **arguments: Any) -> str:
        """Call a tool that is to fail; gives the message."""
        result = await self.raw(tool, **arguments)
        assert result.is_error, result.structured_content
        return words_of(result)

    async def pages(self, tool: str, **arguments: Any) -> list[dict[str, Any]]:
        """All pages of an answer."""
        found = [await self.ask(tool, **arguments)]
        size = {"max_tokens": arguments["max_tokens"]} if "max_tokens" in arguments else {}
        while not found[-1]["receipt"]["complete"]:
            cursor = found[-1]["receipt"]["continue_from"]
            found.append(await self.ask(tool, continue_from=cursor, **size))
        return found


def words_of(result: types.CallToolResult) -> str:
    """The texts of a result."""
    return "\n".join(block.text for block in result.content if isinstance(block, types.TextContent))


def joined(pages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Join pages as a client does: texts and lists are appended, tables merged."""
    whole: dict[str, Any] = {}
    for page in pages:
        _merge(whole, {key: value for key, value in page.items() if key != "receipt"})
    return whole


def _merge(whole: dict[str, Any], page: dict[str, Any]) -> None:
    for key, value in page.items():
        if isinstance(value, dict):
            _merge(whole.setdefault(key, {}), value)
        elif isinstance(value, list | str) and key in whole:
            whole[key] = whole[key] + value
        else:
            whole[key] = value


def tokens_of(value: Any) -> int:
    """Tokens of a text, or of a value as compact JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    with Inspector(use_cache=False) as inspector:
        count: int = inspector.count_texts([text], [MODEL])[0]["count"]
    return count


@asynccontextmanager
async def talk(
    *roots: Path,
    mode: str = MODES[0],
    allowed: Callable[[], Sequence[str]] | None = None,
    is_fence: bool = False,
    use_cache: bool = True,
    **said: Any,
) -> AsyncIterator[Talk]:
    """Start a server with roots of its command line, and connect.

    Args:
        roots: Folders of the command line.
        mode: Protocol.
        allowed: URLs of the client's own roots; None for a client that has none to tell.
        is_fence: Whether ``--root`` was given.
        use_cache: As of the command line.
        said: More for the client.
    """

    async def tell(context: ClientRequestContext) -> types.ListRootsResult:
        assert allowed is not None
        return types.ListRootsResult.model_validate({"roots": [{"uri": uri} for uri in allowed()]})

    server = McpServer(Options(roots_of(roots, "the command line"), is_fence=is_fence, use_cache=use_cache))
    callback = None if allowed is None else tell
    async with Client(server, mode=mode, list_roots_callback=callback, **said) as client:
        yield Talk(client)
