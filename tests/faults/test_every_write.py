"""Commands that are killed, or find the disk full, at their writes."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.scenes import SCENES, Facts, Scene, Traces, World, told

POINTS = int(os.environ.get("PACKSIGHT_TEST_POINTS", "4"))
"""How many of the moments of each command are tried; 0 for all of them."""

each = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)


def some(number: int) -> list[int]:
    """Moments among so many, the first and the last two among them."""
    if not POINTS or number <= POINTS:
        return list(range(number))
    steps = POINTS - 3
    return sorted({0, number - 2, number - 1, *(number * step // (steps + 1) for step in range(1, steps + 1))})


def sound(folder: Path) -> None:
    """No database of the folder is damaged, the write-ahead log taken in."""
    for path in folder.rglob("*.db"):
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",), path


def in_between(found: Facts, before: Facts, after: Facts) -> None:
    """Everything is as it was before, or as it is after."""
    for key in {*before, *after, *found}:
        first, last, here = before.get(key), after.get(key), found.get(key)
        if key == "calls" and isinstance(here, int) and isinstance(last, int):
            assert (first or 0) <= here <= last
        else:
            assert here in (first, last), (key, here, first, last)


@each
def test_what_was_saved_survives_a_kill_at_every_write(scene: Scene, world: World, traces: Traces) -> None:
    scene.prepare(world)
    words = scene.words(world)
    with world.kept():
        before = scene.facts(world)
    whole = traces.run(world, words, "copy")
    assert whole.code == 0, whole.said
    assert whole.copies > 1
    with world.kept():
        after = scene.facts(world)
    for copy in some(whole.copies):
        world.put_back(copy)
        for folder in world.folders[:2]:
            sound(folder)
        in_between(scene.facts(world), before, after)
        if scene.again:
            done = traces.run_again(world, words)
            assert done.code == 0, done.said
            in_between(scene.facts(world), after, after)


@each
def test_a_full_disk_is_told_and_costs_nothing_saved(scene: Scene, world: World, traces: Traces) -> None:
    scene.prepare(world)
    words = scene.words(world)
    with world.kept():
        before = scene.facts(world)
    with world.kept():
        whole = traces.run(world, words, "count")
        after = scene.facts(world)
    for number in some(len(whole.writes))[1 : 2 if POINTS else None]:
        with world.kept():
            full = traces.run(world, words, "full", number)
            if "\n" not in words[0]:
                told(full)
            for folder in world.folders[:2]:
                sound(folder)
            in_between(scene.facts(world), before, after)


@pytest.mark.parametrize("scene", [one for one in SCENES if one.name in ("budget", "pack", "scan")], ids=str)
def test_a_command_that_is_killed_can_be_run_again(scene: Scene, world: World, traces: Traces) -> None:
    scene.prepare(world)
    words = scene.words(world)
    killed = traces.run(world, words, "kill", 3)
    assert killed.code == -9
    scene.facts(world)
    again = traces.run_again(world, words)
    assert again.code == 0, again.said
