"""Learning through the facade: what is edited moves weights, what is by chance does not, and every step goes back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.config import Config
from engine.errors import Cancelled, InputError, UsageError
from engine.events import Event, Progress
from engine.inspector import Inspector
from engine.model import ChunkClass
from engine.request import PackRequest, ScanRequest
from engine.store.database import open_database
from engine.store.paths import data_dir
from engine.store.profiles import profile_history
from engine.usecases.teaching import LEARNED
from tests.engine.usecases.learn_repos import edited_history
from tests.engine.walk.repos import commit, git, make, write

MODEL = "gpt-4o"
COMMITS = 16
CODE, TESTS = ChunkClass.CODE, ChunkClass.TESTS


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository in which only tests are edited."""
    return edited_history(tmp_path_factory.mktemp("tested") / "r", ["test"], COMMITS)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache") / "blobs.db"


@pytest.fixture
def inspector(cache: Path) -> Iterator[Inspector]:
    with Inspector(cache_path=cache) as one:
        yield one


def settings(inspector: Inspector, repo: Path) -> Config:
    return inspector.config(repo, {"budget": "5000", "model": MODEL})


def bodies(inspector: Inspector, repo: Path) -> list[str]:
    """Text of every version of the learned profile, the newest first."""
    identity = inspector.profiles(repo, MODEL, settings(inspector, repo)).repository
    with open_database(None, create=False) as database:
        return [one.body for one in profile_history(database, identity, MODEL, LEARNED)]


def test_weights_move_to_what_is_edited_and_go_back(inspector: Inspector, tested: Path) -> None:
    config = settings(inspector, tested)
    lesson = inspector.learn(tested, config, commits=COMMITS, query="none")
    after = {move.name: move.after for move in lesson.moves}
    before = {move.name: move.before for move in lesson.moves}
    assert after[TESTS] > before[TESTS]
    assert after[CODE] < before[CODE]
    assert lesson.gain is not None
    assert not lesson.refused
    assert lesson.gain.low > 0
    assert lesson.gain.after > lesson.gain.before + 0.3
    assert set(lesson.tally.classes) == {"tests"}
    assert (lesson.tally.earlier, lesson.tally.later) == (10, 6)
    assert not data_dir().exists()

    first = inspector.keep_lesson(lesson, tested, config)
    assert (first.profile.name, first.version, first.active) == (LEARNED, 1, True)
    assert first.profile.tuning.weights == after
    assert inspector.request(ScanRequest(tested, MODEL), config).tuning.weights == after
    with pytest.raises(InputError, match="changed meanwhile"):
        inspector.keep_lesson(lesson, tested, config)

    # What was learned is what the next lesson begins with, and it finds less to do.
    again = inspector.learn(tested, config, commits=COMMITS, query="none")
    assert (again.version, again.in_force) == (1, True)
    assert all(move.before == after.get(move.name, move.before) for move in again.moves)

    profiles = inspector.profiles(tested, MODEL, config)
    profiles.save(LEARNED, profiles.changed(first.profile, ["weights.tests=3"]))
    kept = bodies(inspector, tested)
    restored = profiles.restore(LEARNED, 1)
    assert restored.version == 3
    assert restored.profile == first.profile
    assert bodies(inspector, tested) == [kept[1], *kept]


def test_the_same_history_gives_the_same_lesson(inspector: Inspector, tested: Path) -> None:
    config = settings(inspector, tested)
    one, other = (inspector.learn(tested, config, commits=COMMITS, query="none").as_dict() for _ in range(2))
    assert one == other


def test_edits_as_the_weights_expect_are_refused(inspector: Inspector, tmp_path: Path) -> None:
    repo = edited_history(tmp_path / "r", ["code", "code", "test"], COMMITS)
    config = settings(inspector, repo)
    lesson = inspector.learn(repo, config, commits=COMMITS, query="none")
    assert lesson.refused
    assert lesson.gain is not None
    assert lesson.gain.low <= 0
    with pytest.raises(InputError, match="not applied"):
        inspector.keep_lesson(lesson, repo, config)
    assert not data_dir().exists()


def test_messages_as_queries_tell_signals(inspector: Inspector, tested: Path) -> None:
    lesson = inspector.learn(tested, settings(inspector, tested), commits=10)
    assert lesson.query == "message"
    assert set(lesson.tally.signals) >= {"lexical", "graph", "past"}
    assert sum(lesson.tally.levels.values()) == pytest.approx(1)


def test_too_few_commits_are_refused(inspector: Inspector, tmp_path: Path) -> None:
    repo = edited_history(tmp_path / "r", ["test"], 3)
    lesson = inspector.learn(repo, settings(inspector, repo), commits=COMMITS)
    assert "3 commits" in lesson.refused
    assert (lesson.moves, lesson.gain) == ((), None)


def test_what_cannot_teach_is_a_clear_error(inspector: Inspector, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    config = settings(inspector, tmp_path)
    with pytest.raises(InputError, match="no commits"):
        inspector.learn(tmp_path, config)
    with pytest.raises(UsageError):
        inspector.learn(tmp_path, config, commits=0)
    with pytest.raises(UsageError):
        inspector.learn(tmp_path, config, query="poems")


def test_stopping_keeps_what_was_analysed(tmp_path: Path, tested: Path) -> None:
    seen: list[Event] = []

    def enough() -> bool:
        return sum(isinstance(event, Progress) and event.phase == "learn" for event in seen) > 3

    with Inspector(cache_path=tmp_path / "blobs.db", emit=seen.append, cancelled=enough) as inspector:
        with pytest.raises(Cancelled) as stopped:
            inspector.learn(tested, settings(inspector, tested), commits=COMMITS, query="none")
        assert stopped.value.exit_code == 130
        assert inspector.cache_status()["blobs"] > 0


def test_names_and_lines_of_strangers_are_only_bytes(inspector: Inspector, tmp_path: Path) -> None:
    hostile = os.fsdecode(b"shop/caf\xe9 [/slug]\x1b[31m\n.py")
    text = "".join(f"def step_{n}(value):\n    return value * {n}\n\n\n" for n in range(20))
    repo = make(tmp_path / "r", {hostile: text, "shop/wide.py": b"x = '" + b"\xff" * 90_000 + b"'\n"})
    for at in range(12):
        text = text.replace(f"value * {at}\n", f"value * {at} + 7\n")
        write(repo, {hostile: text})
        commit(repo, f"\x1b[31mstep {at}\r\n\ndiff --git a/x b/x\n@@ -1 +1 @@", 1_700_000_000 + at)
    config = settings(inspector, repo)
    lesson = inspector.learn(repo, config, commits=12, query="message")
    assert lesson.tally.lines > 0

    request = PackRequest(ScanRequest(repo, MODEL), 3_000)
    packed = inspector.pack(request)
    assert inspector.remember_shown("0123456789abcdef", request, packed, config)
    assert packed.report["pack_id"] == "0123456789abcdef"
    pack, _ = inspector.outcomes(repo, config).find("012345")
    assert hostile in {place.path for place in pack.places}
    shown = next(item["path"] for item in packed.report["items"] if "slug" in item["path"])
    _, marks = inspector.outcomes(repo, config).mark("012345", [("useful", f"{shown}:1-2")])
    assert [mark.what for mark in marks] == ["useful"]


def test_what_the_next_commit_edits_of_a_pack_is_noted(inspector: Inspector, tmp_path: Path) -> None:
    repo = edited_history(tmp_path / "r", ["test"], 2)
    config = settings(inspector, repo)
    request = PackRequest(ScanRequest(repo, MODEL), 5_000)
    inspector.remember_shown("0123456789abcdef", request, inspector.pack(request), config)
    assert inspector.outcomes(repo, config).list()[0][1] == ()
    path = repo / "shop" / "part3.py"
    path.write_text(path.read_text().replace("+ 303", "+ 404"))
    commit(repo, "a step further", 1_800_000_000)
    ((pack, marks),) = inspector.outcomes(repo, config).list()
    assert {(mark.what, mark.path) for mark in marks} == {("edited", "shop/part3.py")}
    assert pack.revision == git(repo, "rev-parse", "HEAD~1")
    # An edit that the measuring commits made must not teach.
    lesson = inspector.learn(repo, config, query="none")
    assert lesson.tally.packs == 0
