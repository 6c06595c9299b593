"""Reads what an SDK handed out, whoever made it: a whole answer, plain JSON of one, or the pieces of a stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.errors import UsageError
from engine.telemetry.providers.anthropic_reply import MessagePieces, read_message
from engine.telemetry.providers.fields import each, get, text
from engine.telemetry.providers.gemini_reply import ContentPieces, read_content
from engine.telemetry.providers.openai_reply import ChatPieces, ResponsesPieces, read_completion, read_response
from engine.telemetry.providers.reply import Reply


class Pieces(Protocol):
    """Puts a stream together."""

    def add(self, piece: object) -> str:
        """Take a piece; returns the visible text in it."""
        ...

    def reply(self) -> Reply:
        """What came so far."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether the stream came to its own end."""
        ...


class Incoming:
    """Takes pieces or one whole answer without being told which, as an attempt gets them."""

    def __init__(self) -> None:
        self._pieces: Pieces | None = None
        self._whole: Reply | None = None

    def add(self, piece: object) -> str:
        """Take what came next; returns the visible text in it."""
        if self._pieces is None:
            self._whole = _read_whole(piece)
            if self._whole is not None:
                return self._whole.text
            self._pieces = _pieces_of(piece)
        return self._pieces.add(piece) if self._pieces is not None else ""

    def reply(self) -> Reply:
        """What came so far."""
        if self._whole is not None:
            return self._whole
        return self._pieces.reply() if self._pieces is not None else Reply(complete=False)

    @property
    def has_begun(self) -> bool:
        """Whether anything came that was understood."""
        return self._whole is not None or self._pieces is not None

    @property
    def is_over(self) -> bool:
        """Whether it came to its own end; a connection that is lost ends otherwise."""
        return self._whole is not None or (self._pieces is not None and self._pieces.is_over)


def read_reply(response: object) -> Reply:
    """Read an answer of any of the three SDKs, as an object, as JSON, or as the list of what a stream gave.

    Raises:
        UsageError: it is none.
    """
    if isinstance(response, Sequence) and not isinstance(response, str | bytes):
        incoming = Incoming()
        for piece in response:
            incoming.add(piece)
        if incoming.has_begun:
            return incoming.reply()
    whole = _read_whole(response)
    if whole is None and ContentPieces.takes(response):
        whole = read_content(response)
    if whole is None:
        raise UsageError(
            f"a {type(response).__name__} is no answer of a model",
            "report the response object of the openai, anthropic or google-genai SDK, its JSON, or a list of chunks",
        )
    return whole


def _read_whole(response: object) -> Reply | None:
    kind = text(response, "object")
    if kind == "response":
        return read_response(response)
    # Other people's servers that speak this interface leave the name out.
    if kind == "chat.completion" or (not kind and get(next(each(response, "choices"), None), "message") is not None):
        return read_completion(response)
    if text(response, "type") == "message" and get(response, "usage") is not None:
        return read_message(response)
    return None


def _pieces_of(piece: object) -> Pieces | None:
    for kind in (ResponsesPieces, ChatPieces, MessagePieces, ContentPieces):
        if kind.takes(piece):
            return kind()
    return None
