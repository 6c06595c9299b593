"""The part of the facade that calls models: decide, send, record; or only decide and record, for others who call."""

from __future__ import annotations

import datetime
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.config import Config
from engine.events import Emit, IsCancelled, Warned
from engine.model import Model
from engine.request import PackRequest, ScanRequest

if TYPE_CHECKING:
    from pathlib import Path

    from engine.budgets import Version
    from engine.telemetry.providers import Answer, CallRequest, OwnCall, Recorder
    from engine.telemetry.providers.attempt import Say
    from engine.usecases.database import Upkeep
    from engine.usecases.telemetry import Telemetry

_SOON = datetime.timedelta(days=30)


class Calling(ABC):
    """Calls models; whoever inherits it knows them, the settings, what was learned, and the writer of events."""

    _emit: Emit
    _cancelled: IsCancelled

    @abstractmethod
    def model(self, name: str) -> Model:
        """Find a model by id or alias."""

    @abstractmethod
    def config(self, path: Path | None, flags: dict[str, object]) -> Config:
        """Settle all settings."""

    @abstractmethod
    def estimator_version(self, config: Config) -> Version:
        """What the estimator rests on."""

    @abstractmethod
    def database(self, config: Config) -> Upkeep:
        """The database that settings name."""

    @abstractmethod
    def telemetry(self, config: Config) -> Telemetry:
        """Recorded calls."""

    @abstractmethod
    def _identity(self, scan: ScanRequest, db_url: str) -> str:
        """Identity of a repository."""

    def ask(
        self,
        request: CallRequest,
        prompt: str,
        config: Config | None = None,
        *,
        say: Say | None = None,
        restart: Say | None = None,
        recorder: Recorder | None = None,
    ) -> Answer:
        """Send a prompt under the output budget of a task, and record every attempt.

        Args:
            request: The task, and how to call.
            prompt: What to send; never stored.
            config: Settings; by default those of the environment and the user.
            say: Receives visible text as it comes.
            restart: Told why, before text that was given comes anew from its beginning. None with a ``say`` means that
                nothing can be taken back, so that such a call is not repeated.
            recorder: Writer of events; by default the store's, and nobody where settings say ``record = false``.

        Raises:
            CallFailed: there is no answer.
            InputError: no key, no SDK, an unknown model, or the prompt leaves no room in the window.
            UsageError: the provider cannot be asked like this.
            Cancelled: on request, after the attempt is recorded.
        """
        from engine.usecases.call_plan import open_caller, plan_call

        config = config or self.config(None, {"model": request.model or None})
        plan = plan_call(request, prompt, config, self.model, self.estimator_version(config))
        if plan.model is not None:
            self._warn_of_end(plan.model)
        recorder = recorder or self._recorder(config)
        with open_caller(request, plan, recorder, self._emit, self._cancelled) as caller:
            try:
                return caller.run(plan, say, restart)
            finally:
                self._tell_of_trouble(recorder)

    def call(
        self,
        request: CallRequest,
        prompt: str = "",
        config: Config | None = None,
        *,
        recorder: Recorder | None = None,
    ) -> OwnCall:
        """Decide a call that the caller makes with an SDK of its own; leaving the ``with`` block records it.

        ```python
        with inspector.call(CallRequest(model="gpt-5.5", category="docs", complexity="low"), prompt) as call:
            call.report(client.responses.create(model="gpt-5.5", input=prompt, **call.arguments()))
        ```

        Args:
            request: The task; how to call is the caller's business.
            prompt: What will be sent, to be counted against the window; never stored.
            config: Settings; by default those of the environment and the user.
            recorder: Writer of events; by default the store's.

        Raises:
            InputError: an unknown model, or the prompt leaves no room in the window.
            UsageError: a complexity, mode or limit that makes no sense.
        """
        from engine.telemetry.providers import OwnCall
        from engine.usecases.call_plan import plan_call

        config = config or self.config(None, {"model": request.model or None})
        plan = plan_call(request, prompt, config, self.model, self.estimator_version(config))
        return OwnCall(
            plan.decision,
            plan.limits,
            recorder or self._recorder(config),
            model=plan.model,
            labels=plan.labels,
            emit=self._emit,
        )

    def model_of_call(self, request: CallRequest, config: Config) -> Model:
        """The model that a call would go to.

        Raises:
            InputError: it is in no catalog.
            UsageError: nothing is known of the provider, and no model is named.
        """
        from engine.usecases.estimate import choose_model

        return choose_model(request.provider, config.settings["model"], self.model)

    def record_pack(
        self,
        request: PackRequest,
        report: Mapping[str, Any],
        config: Config,
        *,
        made_by: str = "library",
        beside: str | None = None,
    ) -> str:
        """Write down a pack: its numbers, never its text or query. Costs a line in a file, and opens no database.

        Nothing happens where settings say ``record = false``, and nothing that goes wrong ends what is going on.

        Args:
            request: What was packed.
            report: The report of the pack.
            config: Names the database, and says whether anything is recorded.
            made_by: Who made it.
            beside: What is sent with it where a call sends it: the prompt, instructions. Counted, never stored.

        Returns:
            The key that a call of this pack names; ``""`` when it was not written down.
        """
        from engine.telemetry.pack_event import pack_event
        from engine.usecases.pack_records import waiting_packs

        if not config["record"]:
            return ""
        key = uuid.uuid4().hex
        try:
            url, asked_tokens = self.database(config).url, None
            if beside is not None:
                from engine.tokens import tokenizer

                asked_tokens = report["actual"] + tokenizer(report["encoding"]).count(beside)
            pack = pack_event(
                report,
                repository=self._identity(request.scan, url),
                timestamp=datetime.datetime.now(datetime.UTC),
                dedupe_key=key,
                made_by=made_by,
                asked_tokens=asked_tokens,
            )
            return key if waiting_packs(url).put(pack) else ""
        except Exception as error:
            self._emit(Warned(f"the pack was not recorded: {getattr(error, 'message', '') or type(error).__name__}"))
            return ""

    def _recorder(self, config: Config) -> Recorder:
        from engine.telemetry.recorder import Forgetful

        return self.telemetry(config).recorder() if config["record"] else Forgetful()

    def _warn_of_end(self, model: Model) -> None:
        today = datetime.datetime.now(datetime.UTC).date()
        if model.deprecation and datetime.date.fromisoformat(model.deprecation) <= today + _SOON:
            self._emit(Warned(f"{model.id} ends on {model.deprecation}"))

    def _tell_of_trouble(self, recorder: Recorder) -> None:
        from engine.telemetry.recorder import Recorder as StoreRecorder

        if not isinstance(recorder, StoreRecorder):
            return
        done = recorder.recorded
        if done.spooled:
            self._emit(Warned(f"the record of the call waits in a file: {done.trouble or 'the store is busy'}"))
        elif done.lost:
            self._emit(Warned(f"the call was not recorded: {done.trouble or 'neither database nor disk took it'}"))
        if done.refused:
            self._emit(Warned(f"{done.refused} attempts have counts that cannot be true and are not recorded"))
