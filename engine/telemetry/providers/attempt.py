"""One attempt: send, take what comes, and know how it ended, whoever ended it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.errors import Cancelled
from engine.events import IsCancelled
from engine.telemetry.providers.clock import Clock
from engine.telemetry.providers.failure import Failure, FailureKind, read_failure
from engine.telemetry.providers.fields import text
from engine.telemetry.providers.keys import Key
from engine.telemetry.providers.reading import Incoming
from engine.telemetry.providers.reply import Reply, judged
from engine.telemetry.providers.rules import rules
from engine.telemetry.providers.sending import Adapter, Sending
from engine.telemetry.words import Finish

Say = Callable[[str], object]
"""Takes visible text as it comes."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How an attempt ended."""

    reply: Reply
    failure: Failure | None = None
    stop: BaseException | None = None
    """What the caller raised or asked for in the middle of it; to be raised again once this is recorded."""


class _ToldSo(Exception):
    """An error that came as a piece of the stream."""

    def __init__(self, piece: object) -> None:
        super().__init__(text(piece, "message"))
        self.body = piece


def attempt(
    adapter: Adapter, sending: Sending, key: Key | None, say: Say, clock: Clock, cancelled: IsCancelled
) -> Tried:
    """Make one attempt. Raises nothing: what an SDK raises would carry the key further."""
    incoming, failure = Incoming(), None
    stop: BaseException | None = None
    pieces = adapter.pieces(sending)
    try:
        while True:
            piece: object = None
            try:
                piece = next(pieces)
                if text(piece, "type") == "error":
                    raise _ToldSo(piece)
            except StopIteration:
                break
            except Exception as error:
                failure = read_failure(error, key, incoming.reply() != Reply(complete=False), clock.now())
                break
            said = incoming.add(piece)
            if said:
                say(said)
            if cancelled():
                raise Cancelled("the call was cancelled")
    except KeyboardInterrupt:
        # A new one: the one that was raised has frames of the SDK, and the key in them.
        stop = KeyboardInterrupt()
    except BaseException as error:
        stop = error
    with contextlib.suppress(Exception):
        pieces.close()  # type: ignore[attr-defined]
    reply = judged(incoming.reply(), sending.ceiling_tokens)
    reply = replace(reply, request_id=reply.request_id or adapter.request_id)
    if stop is not None:
        return Tried(_cut(reply), Failure(kind=FailureKind.CANCELLED, message="cancelled"), stop)
    if failure is None:
        failure = _silent(incoming, reply, sending)
    return Tried(reply if failure is None else _cut(reply), failure)


def _silent(incoming: Incoming, reply: Reply, sending: Sending) -> Failure | None:
    """A failure that no exception tells of."""
    if not incoming.is_over:
        lost = sending.stream or bool(reply.text)
        kind = FailureKind.DISCONNECTED if lost else FailureKind.MALFORMED
        said = "the stream ended before the answer did" if lost else "the answer has no known shape"
        return Failure(kind=kind, message=said, may_retry=lost)
    if reply.finish is Finish.ERROR:
        word = reply.stop_reason
        again = word in rules()["retry"]["words"]
        return Failure(
            kind=FailureKind.SERVICE, message=f"the answer failed: {word[:60]}", word=word[:60], may_retry=again
        )
    return None


def _cut(reply: Reply) -> Reply:
    """What came of an answer that did not come to its end."""
    return replace(reply, complete=False)
