"""Saved profiles and comparisons without a database, for the fake engine."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Literal, cast

from engine.errors import InputError
from engine.live import Chart
from engine.model import CLASSES
from engine.profiles import Profile, Reason, Suggestion, describe_difference, written
from engine.request import PackRequest
from engine.usecases.compare import Comparison, Difference, Side
from engine.usecases.profile_version import ProfileVersion
from tests.tui.samples import WEIGHTS, sample_pack

DAY = datetime.datetime(2026, 11, 1, 12, 0, tzinfo=datetime.UTC)
"""Every profile here was saved then."""


class FakeBook:
    """Stands for ``RepositoryProfiles``; keeps everything in memory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.saved: dict[str, list[Profile]] = {}
        self.active_name: str | None = None
        self.exported: list[Profile] = []

    def list(self) -> tuple[ProfileVersion, ...]:
        """The newest of each, by name."""
        return tuple(self._version(name, len(versions)) for name, versions in sorted(self.saved.items()))

    def history(self, name: str) -> tuple[ProfileVersion, ...]:
        """All of one, the newest first."""
        return tuple(self._version(name, number) for number in range(len(self.saved[name]), 0, -1))

    def save(self, name: str, profile: Profile) -> ProfileVersion:
        """Add a version, unless nothing changed."""
        versions = self.saved.setdefault(name, [])
        if not versions or written(versions[-1]) != written(profile):
            versions.append(profile)
        return self._version(name, len(versions))

    def use(self, name: str | None) -> ProfileVersion | None:
        """Use one, or none."""
        if name is not None and name not in self.saved:
            raise InputError(f"there is no profile '{name}'", "there are others")
        self.active_name = name
        return None if name is None else self._version(name, len(self.saved[name]))

    def restore(self, name: str, version: int) -> ProfileVersion:
        """Add the earlier one again."""
        self.saved[name].append(self.saved[name][version - 1])
        return self._version(name, len(self.saved[name]))

    def differences(self, before: Profile | None, after: Profile | None) -> tuple[str, ...]:
        """In words, as the engine has them."""
        weights = {kind: float(weight) for kind, weight in zip(CLASSES, WEIGHTS, strict=True)}
        return describe_difference(before, after, weights)

    def suggest(self, name: str = "suggested") -> Suggestion:
        """Always the same."""
        profile = Profile(name, budget="20k")
        return Suggestion(profile, (Reason("budget", "budget = 20k", "it reaches a quality of 0.8"),))

    def export_to_repository(self, profile: Profile) -> Path:
        """Remember it."""
        self.exported.append(profile)
        return self.root / ".packsight.toml"

    def _version(self, name: str, number: int) -> ProfileVersion:
        return ProfileVersion(self.saved[name][number - 1], number, name == self.active_name, DAY)


def fake_comparison(chart: Chart, left: PackRequest, right: PackRequest) -> Comparison:
    """What differs between the made-up packs of two requests."""
    packs = [sample_pack(chart, request=request) for request in (left, right)]
    sides = [
        Side(
            model=pack.request.scan.model, method="exact", profile=pack.request.profile, query=pack.request.query,
            revision="", budget=pack.budget_tokens, actual=pack.used_tokens, quality=pack.quality,
            chunks=int((pack.levels < 5).sum()),
        )
        for pack in packs
    ]  # fmt: skip
    columns, rows = chart.columns, []
    for chunk in range(columns.chunks):
        before, after = (int(pack.levels[chunk]) for pack in packs)
        if before != after:
            change = "enters" if before > 4 else "leaves" if after > 4 else "fuller" if after < before else "deeper"
            row = columns.files[columns.file[chunk]]
            rows.append(
                Difference(
                    cast(Literal["enters", "leaves", "deeper", "fuller"], change), row.path,
                    int(columns.start_line[chunk]), int(columns.end_line[chunk]), f"function_{chunk}",
                    CLASSES[columns.chunk_class[chunk]].value, before, after, int(packs[0].tokens[chunk]),
                    int(packs[1].tokens[chunk]), float(packs[1].values[chunk]),
                )
            )  # fmt: skip
    return Comparison(sides[0], sides[1], tuple(rows))
