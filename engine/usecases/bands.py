"""Error bands of counts, measured: compare, apply. Answers are the commands' JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine.budgets import Version
from engine.errors import Cancelled, InputError, UsageError
from engine.events import Emit, IsCancelled, Progress
from engine.model import Model
from engine.store.address import address_of
from engine.telemetry.bands import Band, BandKey, Measured, Sample, band_settings, measure
from engine.telemetry.versions import VersionBody, read_body, write_body
from engine.usecases.pack_records import take_packs, waiting_packs


@dataclass(frozen=True, slots=True)
class Bands:
    """Measured error bands of one database."""

    url: str
    """``""`` is the user's own file."""
    find: Callable[[str], Model]
    """Finds a model of the catalog, as it ships."""
    models: Callable[[], Sequence[Model]]
    emit: Emit
    cancelled: IsCancelled

    def measured(self, logs: Sequence[Path] = ()) -> tuple[Measured, ...]:
        """What was measured of each tokenizer and model family; changes nothing.

        Args:
            logs: Session logs of Claude Code, and folders of them, whose tools' texts count too.

        Raises:
            InputError: the database or a log cannot be read.
            Cancelled: on request.
        """
        samples = [*self._of_packs(), *self._of_logs(logs)]
        return measure(samples, self._current()[1].bands, band_settings())

    def report(self, logs: Sequence[Path] = ()) -> dict[str, Any]:
        """The same as JSON, beside the bands that are stated now.

        Raises:
            InputError: as ``measured``.
            Cancelled: on request.
        """
        found = self.measured(logs)
        version, body = self._current()
        return {
            "version": version or Version().name,
            "least": band_settings().least,
            "share": band_settings().share,
            "tokens": [self._json(one, body.bands.get(one.key)) for one in found],
        }

    def apply(self, logs: Sequence[Path] = (), names: Sequence[str] = ()) -> dict[str, Any]:
        """State the measured bands from now on, as a new estimator version.

        Args:
            logs: As for ``measured``.
            names: Which (``claude-5/claude-opus``; a beginning is enough); none for all.

        Raises:
            InputError: no band can be applied, or the database cannot be written.
            UsageError: a name is that of no band.
            Cancelled: on request.
        """
        from engine.store.database import open_database
        from engine.store.estimator_versions import apply_version

        found = {name_of(one.key): one for one in self.measured(logs)}
        for name in names:
            if not any(known.startswith(name) for known in found):
                raise UsageError(
                    f"nothing was measured for '{name[:80]}'", f"measured: {', '.join(found) or 'nothing'}"
                )
        wanted = [one for name, one in found.items() if not names or name.startswith(tuple(names))]
        new = {one.key: one.band for one in wanted if one.action == "apply" and one.band is not None}
        if not new:
            raise InputError("there is no error band to apply", "see packsight calibrate --tokens")
        before, body = self._current()
        body = replace(body, bands={**body.bands, **new})
        with open_database(self.url, create=True) as database:
            saved = apply_version(
                database, write_body(body), "apply", ", ".join(f"tokens {name_of(key)}" for key in new), before
            )
        applied = [self._json(one, one.band) for one in wanted if one.key in new]
        return {"version": saved.name, "before": before, "applied": applied}

    def _of_packs(self) -> list[Sample]:
        from engine.store.database import open_database
        from engine.store.telemetry_input import input_samples

        if not address_of(self.url).exists and not waiting_packs(self.url):
            return []
        with open_database(self.url, create=True) as database:
            take_packs(database, self.url)
            return input_samples(database)

    def _of_logs(self, logs: Sequence[Path]) -> Iterator[Sample]:
        """Samples of the newest logs, until there are enough of each family."""
        from engine.budgets.labels import family_of
        from engine.telemetry.bands.agent_texts import agent_texts, log_files
        from engine.tokens import tokenizer

        for path in logs:
            if not path.exists():
                raise InputError(f"there is no log {path}")
        enough, counts = band_settings().latest, dict[str, int]()
        files = log_files(logs)
        for number, path in enumerate(files):
            self.emit(Progress("measure", number, len(files)))
            try:
                for text in agent_texts(path):
                    if self.cancelled():
                        raise Cancelled("interrupted")
                    family = family_of(text.model)
                    model = self._model(text.model)
                    if model is None or counts.get(family, 0) >= enough:
                        continue
                    counted = tokenizer(model.encoding).count(text.text)
                    if counted < band_settings().least_tokens:
                        continue
                    counts[family] = counts.get(family, 0) + 1
                    language = Path(text.path).suffix.lower().lstrip(".")[:20] if text.path else ""
                    yield Sample(
                        family, model.encoding, model.method.value, text.at_us, counted, text.sent, True, language
                    )
            except OSError as error:
                raise InputError(f"{path} cannot be read: {error.strerror or error}") from None

    def _model(self, name: str) -> Model | None:
        try:
            return self.find(name)
        except InputError:
            return None

    def _current(self) -> tuple[str, VersionBody]:
        if not address_of(self.url).exists:
            return "", VersionBody()
        from engine.store.database import open_database
        from engine.store.estimator_versions import current_version

        with open_database(self.url, create=False) as database:
            saved = current_version(database)
        return ("", VersionBody()) if saved is None else (saved.name, read_body(saved.body))

    def _json(self, one: Measured, in_force: Band | None) -> dict[str, Any]:
        shipped = self._shipped(one.key)
        stated = shipped if in_force is None else [in_force.low, in_force.high]
        return {
            "name": name_of(one.key),
            **one.key._asdict(),
            "samples": one.samples,
            "prompts": one.prompts,
            "texts": one.texts,
            "left_out": one.left_out,
            "measured": None if one.band is None else list(one.band[:3:2]),
            "middle": None if one.band is None else one.band.middle,
            "stated": stated,
            "band_source": "shipped" if in_force is None else "measured",
            "frame": one.frame,
            "languages": [asdict(language) for language in one.languages],
            "action": one.action,
            "why": one.why,
        }

    def _shipped(self, key: BandKey) -> list[float] | None:
        from engine.budgets.labels import family_of

        for model in self.models():
            if (model.encoding, model.method.value, family_of(model.id)) == tuple(key):
                return list(model.error_band)
        return None


def name_of(key: BandKey) -> str:
    """A group as people and options name it."""
    return f"{key.encoding}/{key.family}"
