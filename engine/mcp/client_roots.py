"""The roots that a client allows, asked for in the way of its protocol, or those of the command line."""

from __future__ import annotations

from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import InputRequiredResult, InputResponses, ListRootsRequest, ListRootsResult
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import BaseModel, ValidationError

from engine.errors import InputError
from engine.mcp.roots import Roots, path_of_url, roots_of

_KEY = "roots"
_WAIT_S = 30.0
"""How long a client may take to answer, in seconds."""


class _Root(BaseModel):
    uri: str
    """As it was sent: a parsed URL would have lost its own spelling."""


class _Listed(BaseModel):
    roots: list[_Root]


class ClientRoots:
    """Knows the roots of one connection."""

    def __init__(self, given: Roots, *, is_fence: bool) -> None:
        """Begin with the command line.

        Args:
            given: Its roots.
            is_fence: Whether they were named there: then what a client allows beyond them is not read either.
        """
        self._given, self._is_fence = given, is_fence
        self._known: Roots | None = None
        self._asked = 0

    def forget(self) -> None:
        """The client says that its roots are others now."""
        self._known = None
        self._asked += 1

    async def find(
        self, context: ServerRequestContext[Any, Any], responses: InputResponses | None
    ) -> Roots | InputRequiredResult:
        """The roots of a call, or what to answer so that the client tells them and calls again.

        Raises:
            InputError: the client has roots but does not tell them; nothing may be read then.
        """
        capabilities = context.session.client_capabilities
        if capabilities is None or capabilities.roots is None:
            return self._given
        if context.protocol_version in MODERN_PROTOCOL_VERSIONS:
            answer = (responses or {}).get(_KEY)
            if answer is None:
                return InputRequiredResult(input_requests={_KEY: ListRootsRequest()})
            if not isinstance(answer, ListRootsResult):
                raise InputError("the client did not tell its roots", "nothing may be read without them")
            return self._allowed([str(root.uri) for root in answer.roots])
        if self._known is not None:
            return self._known
        asked = self._asked
        try:
            listed = await context.session.send_request(ListRootsRequest(), _Listed, _WAIT_S)
        except (MCPError, ValidationError) as error:
            raise InputError("the client did not tell its roots", "nothing may be read without them") from error
        found = self._allowed([root.uri for root in listed.roots])
        # Without notice of changes an answer holds for one call; and it may be old by the time it is here.
        if capabilities.roots.list_changed and asked == self._asked:
            self._known = found
        return found

    def _allowed(self, urls: list[str]) -> Roots:
        found = roots_of([path_of_url(url) for url in urls], "the client")
        return found.within(self._given) if self._is_fence else found
