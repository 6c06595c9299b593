"""What a call is made with and what it comes to; the way between is in ``running``."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType

from engine.budgets import Decision, Limits
from engine.events import Emit, IsCancelled, Warned, ignore, never
from engine.model import Model
from engine.telemetry.event import Event
from engine.telemetry.providers.attempt import Say, Tried, attempt
from engine.telemetry.providers.clock import Clock
from engine.telemetry.providers.keys import Key
from engine.telemetry.providers.recording import Labels, Recorder, record_safely
from engine.telemetry.providers.reply import Reply
from engine.telemetry.providers.sending import Adapter, Sending, check_sending

ON_TRUNCATION = ("escalate", "continue", "stop")
"""What to do with an answer that was cut off: ask once more with more room, ask for the rest, or leave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A call that is about to be made."""

    decision: Decision
    limits: Limits
    sending: Sending
    model: Model | None = None
    """Catalog entry, None for a model that is in none."""
    labels: Labels = field(default_factory=Labels)
    retries: int = 2
    """Further tries after a failure that may pass."""
    on_truncation: str = "escalate"
    continuations: int = 3
    """How often the rest of an answer is asked for at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a call came to."""

    text: str
    reply: Reply
    """Of the last attempt."""
    decision: Decision
    ceiling_tokens: int
    """Ceiling of the last attempt."""
    events: tuple[Event, ...]
    """One per attempt, in order."""

    @property
    def truncated(self) -> bool:
        """Whether the answer is still cut off."""
        return bool(self.reply.truncated)


class Caller:
    """Makes calls through one adapter; a context manager that closes it."""

    def __init__(
        self,
        adapter: Adapter,
        key: Key | None = None,
        recorder: Recorder | None = None,
        *,
        clock: Clock | None = None,
        emit: Emit = ignore,
        cancelled: IsCancelled = never,
    ) -> None:
        """Prepare.

        Args:
            adapter: Layer over an SDK.
            key: The key in use, to be hidden in messages.
            recorder: Writer of events; None records nothing.
            clock: Time; the machine's own by default.
            emit: Receives warnings.
            cancelled: Asked between the pieces of an answer, and while waiting.
        """
        self._adapter, self._key, self._recorder = adapter, key, recorder
        self._clock, self._emit, self._cancelled = clock or Clock(), emit, cancelled

    def __enter__(self) -> Caller:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._adapter.close()

    def run(self, plan: Plan, say: Say | None = None, restart: Say | None = None) -> Answer:
        """Make a call.

        Args:
            plan: What is allowed and sent.
            say: Receives visible text as it comes.
            restart: Told why, before text that was given is given anew from its beginning. None means that what was
                given cannot be taken back: a call that would have to is not repeated.

        Raises:
            CallFailed: there is no answer.
            UsageError: the provider cannot be asked like this.
            Cancelled: on request, after the attempt is recorded.
            KeyboardInterrupt: likewise.
        """
        from engine.telemetry.providers.running import Run

        check_sending(plan.sending)
        return Run(self, plan, say, restart).go()

    # -- what a run needs ---------------------------------------------------------------------------------------

    def attempt(self, sending: Sending, say: Say) -> Tried:
        """Send once."""
        return attempt(self._adapter, sending, self._key, say, self._clock, self._cancelled)

    def record(self, event: Event) -> None:
        """Hand an event on."""
        record_safely(self._recorder, event, self._emit)

    def wait(self, seconds: float) -> None:
        """Wait, as long as it is wanted."""
        self._clock.wait(seconds, self._cancelled)

    def warn(self, message: str) -> None:
        """Tell of something that did not stop the call."""
        self._emit(Warned(message))

    @property
    def clock(self) -> Clock:
        """Its time."""
        return self._clock
