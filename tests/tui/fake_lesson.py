"""A teacher without a repository: lessons made by code by the real rules, kept in the book of profiles."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from engine.errors import Cancelled, InputError, PacksightError
from engine.events import Emit, IsCancelled, Progress
from engine.model import CLASSES, ChunkClass
from engine.profiles import Profile
from engine.profiles.learning import Evidence, moves, updated
from engine.profiles.learning_gain import measured_gain
from engine.request import PackRequest
from engine.usecases.learn_lesson import Lesson, Tally
from engine.usecases.profile_version import ProfileVersion
from tests.tui.fake_book import FakeBook
from tests.tui.samples import WEIGHTS

COMMITS = 40
BEFORE = tuple(0.4 + 0.02 * (at % 7) for at in range(16))
GAIN = tuple(share + 0.03 + 0.01 * (at % 3) for at, share in enumerate(BEFORE))
CHANCE = tuple(share + (0.05 if at % 2 else -0.045) for at, share in enumerate(BEFORE))


def sample_lesson(profile: Profile, version: int | None, in_force: bool, *, is_gain: bool = True) -> Lesson:
    """A proposal for a profile; of packs in which tests were wanted more than expected."""
    weights = {name: float(weight) for name, weight in zip(CLASSES, WEIGHTS, strict=True)} | dict(
        profile.tuning.weights
    )
    seen = {ChunkClass.CODE: 18, ChunkClass.TESTS: 11, ChunkClass.DOCS: 2}
    evidence = Evidence(
        24, {ChunkClass.CODE: 15.2, ChunkClass.TESTS: 7.9, ChunkClass.DOCS: 0.4},
        {ChunkClass.CODE: 18.1, ChunkClass.TESTS: 3.2, ChunkClass.DOCS: 1.8}, seen,
    )  # fmt: skip
    after = updated(weights, evidence, 1.0, 1.0)
    gain = measured_gain(BEFORE, GAIN if is_gain else CHANCE)
    refused = "" if gain.is_gain else "no gain on the later commits that chance would not give"
    moved = moves(weights, after, evidence)
    tuning = replace(profile.tuning, weights={**profile.tuning.weights, **{one.name: one.after for one in moved}})
    tally = Tally(
        looked_at=73, earlier=24, later=16, packs=2, first="1f" * 20, last="9a" * 20, lines=614,
        levels={0: 0.41, 1: 0.07, 2: 0.12, 3: 0.22, 4: 0.06, 5: 0.05, 6: 0.07},
        classes={"code": 455, "tests": 148, "docs": 11},
        signals={"lexical": 0.42, "symbol": 0.1, "path": 0.21, "file": 0.09, "graph": 0.13, "past": 0.05},
    )  # fmt: skip
    return Lesson(
        "git.example/shop", "sample-1", profile.name, version, in_force, "message", 12_000, tally, moved, 1.0,
        measured_gain(BEFORE, GAIN), gain, refused,
        replace(profile, tuning=tuning),
    )  # fmt: skip


@dataclass
class FakeTeacher:
    """Stands for the facade's part about learning."""

    book: FakeBook
    is_gain: bool = True
    """Whether what it proposes is one."""
    failure: PacksightError | None = None
    """What learning fails with."""
    gate: threading.Event | None = None
    """While it is there and not set, learning stays at its twelfth commit, until it is stopped."""
    stopped: int = 0
    recorded: list[tuple[PackRequest, str]] = field(default_factory=list)
    """Packs that were written down, and who made them."""
    shown: list[str] = field(default_factory=list)
    """Packs of which it was told what they show."""
    marks: list[tuple[str, str, str]] = field(default_factory=list)
    """(pack, what, place)."""

    def learn(self, emit: Emit, cancelled: IsCancelled) -> Lesson:
        """Propose for the profile in use, or for a first one."""
        emit(Progress("learn", 12, COMMITS))
        while self.gate is not None and not self.gate.wait(0.002):
            if cancelled():
                self.stopped += 1
                raise Cancelled("stopped")
        if self.failure is not None:
            raise self.failure
        name = self.book.active_name
        if name is None:
            return sample_lesson(Profile("learned"), None, False, is_gain=self.is_gain)
        versions = self.book.saved[name]
        return sample_lesson(versions[-1], len(versions), True, is_gain=self.is_gain)

    def keep(self, lesson: Lesson) -> ProfileVersion:
        """Save it and use it."""
        if lesson.refused:
            raise InputError(f"not applied: {lesson.refused}")
        kept = self.book.save(lesson.profile, lesson.proposed)
        self.book.use(lesson.profile)
        return kept

    def record(self, request: PackRequest, made_by: str) -> str:
        """Write a pack down."""
        self.recorded.append((request, made_by))
        return f"{len(self.recorded):08x}"

    def mark(self, word: str, places: Iterable[tuple[str, str]]) -> None:
        """Note what became of places of a pack."""
        if word not in self.shown:
            raise InputError(f"there is no pack '{word}' of this repository")
        self.marks += [(word, what, place) for what, place in places]
