"""Learn the class weights of a profile: from earlier commits and recorded packs, measured on later commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from engine.events import Emit, IsCancelled, Progress
from engine.model import ChunkClass, Level
from engine.profiles import Profile
from engine.profiles.learning import Evidence, Observation, evidence_of, moves, updated
from engine.profiles.learning_gain import Gain, measured_gain
from engine.profiles.learning_outcomes import observation_of
from engine.profiles.learning_truth import learning_numbers
from engine.request import PackRequest
from engine.usecases.learn_examples import Example, Examples, Weights
from engine.usecases.learn_lesson import Lesson, Tally
from engine.usecases.outcomes import Told
from engine.usecases.patient import stop_if
from engine.usecases.tuning import default_weights

_MOST_CHUNKS = 1_000_000
"""Chunks of all examples together that are held: some 300 bytes each."""


@dataclass(frozen=True, slots=True)
class Pupil:
    """Whose weights they are."""

    repository: str
    model: str
    profile: Profile
    """As it is; without wishes where it would be made."""
    version: int | None
    in_force: bool


def learn(
    examples: Examples,
    packs: Told,
    request: PackRequest,
    pupil: Pupil,
    query: str,
    commits: int,
    emit: Emit,
    cancelled: IsCancelled,
) -> Lesson:
    """Propose an update and measure it; saves nothing.

    Args:
        examples: Finds past commits.
        packs: Remembered packs with what became of them.
        request: How packs are made now.
        pupil: The profile.
        query: ``message`` or ``none``.
        commits: Examples to look for.
        emit: Receives progress of phase ``learn``.
        cancelled: Asked several times a second.

    Raises:
        Cancelled: on request; the analyses so far are kept.
    """
    weights = {**default_weights(), **request.tuning.weights}
    emit(Progress("learn", 0, commits))
    found: list[Example] = []
    levels: Counter[int] = Counter()
    for example in examples.newest(commits, _MOST_CHUNKS, cancelled):
        found.append(example)
        emit(Progress("learn", len(found), commits))
    found.reverse()  # earlier ones first
    rules = learning_numbers()["held_out"]
    later = round(len(found) * rules["share"])
    split = len(found) - later
    now: list[float] = []
    for number, example in enumerate(found):
        stop_if(cancelled)
        at = example.levels(weights, quickly=number < split)
        levels.update(at[example.rows].tolist())
        now.append(example.recall_at(at))
    told = _observed(packs, min((example.edit.committed_s for example in found[split:]), default=0))
    evidence = evidence_of([*(example.observation() for example in found[:split]), *told])
    tally = _tally(examples, found, split, len(told), levels)
    enough = min(split, later) >= rules["least"]

    def lesson(refused: str, after: Weights, step: float, before: Gain | None, gain: Gain | None) -> Lesson:
        moved = moves(weights, after, evidence)
        tuning = pupil.profile.tuning
        changed = {**tuning.weights, **{one.name: one.after for one in moved}}
        return Lesson(
            pupil.repository, pupil.model, pupil.profile.name, pupil.version, pupil.in_force, query,
            found[-1].budget_tokens if found else 0, tally, moved, step, before, gain, refused,
            replace(pupil.profile, tuning=replace(tuning, weights=changed)),
        )  # fmt: skip

    if not enough:
        few = f"{len(found)} commits tell something; {2 * rules['least']} or more are needed"
        return lesson(few, weights, 0.0, None, None)
    steepness = found[0].steepness
    step, after, scores = _best_step(found[:split], now[:split], weights, evidence, steepness, cancelled)
    if after == weights:
        return lesson("what was edited is what the weights expect", weights, 0.0, None, None)
    before = measured_gain(now[:split], scores)
    gain = measured_gain(now[split:], _recalls(found[split:], after, cancelled))
    refused = "" if gain.is_gain else "no gain on the later commits that chance would not give"
    if before.difference <= 0:
        refused = "no gain even on the commits that it is made from"
    return lesson(refused, after, step, before, gain)


def _observed(packs: Told, until_s: int) -> list[Observation]:
    """What packs came to. Edits of the later commits must not teach what is measured on them."""
    found = []
    for pack, marks in packs:
        known = [mark for mark in marks if mark.what != "edited" or mark.at.timestamp() < until_s]
        observation = observation_of(pack, known)
        if observation is not None:
            found.append(observation)
    return found


def _best_step(
    earlier: Sequence[Example],
    now: Sequence[float],
    weights: dict[ChunkClass, float],
    evidence: Evidence,
    steepness: float,
    cancelled: IsCancelled,
) -> tuple[float, Weights, list[float]]:
    """The part of the whole move that shows most of the earlier commits' lines; the smallest of equals."""
    best: tuple[float, dict[ChunkClass, float], list[float]] = (0.0, weights, list(now))
    most = float("-inf")
    for step in sorted(learning_numbers()["update"]["steps"]):
        after = updated(weights, evidence, steepness, step)
        if after == weights:
            continue
        scores = _recalls(earlier, after, cancelled, quickly=True)
        if fmean(scores) > most:
            most, best = fmean(scores), (step, after, scores)
    return best


def _recalls(
    examples: Sequence[Example], weights: Weights, cancelled: IsCancelled, *, quickly: bool = False
) -> list[float]:
    found = []
    for example in examples:
        stop_if(cancelled)
        found.append(example.recall_at(example.levels(weights, quickly=quickly)))
    return found


def _tally(examples: Examples, found: Sequence[Example], split: int, packs: int, levels: Counter[int]) -> Tally:
    lines = sum(len(example.rows) for example in found)
    classes = Counter(name.value for example in found for name in example.classes())
    told = [example.signals for example in found if example.signals]
    names = list(told[0]) if told else []
    return Tally(
        looked_at=examples.looked_at,
        earlier=split,
        later=len(found) - split,
        packs=packs,
        first=found[0].edit.commit if found else "",
        last=found[-1].edit.commit if found else "",
        lines=lines,
        levels={int(level): levels[int(level)] / lines if lines else 0.0 for level in Level},
        classes=dict(sorted(classes.items(), key=lambda item: (-item[1], item[0]))),
        signals={name: fmean(one[name] for one in told) for name in names},
    )
