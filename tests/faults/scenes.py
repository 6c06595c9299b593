"""What commands save, and what must hold when one of them ended at any moment."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cli.conftest import Ran
from tests.cli.test_calibrate_command import recorded
from tests.engine.telemetry.importers import logs
from tests.sample import make_repository

Facts = dict[str, Any]
CAN_TRACE = sys.platform == "linux" and platform.machine() == "x86_64"
"""Where commands can be stopped at their writes."""


class Traces:
    """The process that runs commands and stops them."""

    def __init__(self) -> None:
        root = Path(__file__).resolve().parents[2]
        variables = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.trace"], cwd=root, env=variables, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, world: World, words: list[str], mode: str, number: int = 0) -> Stopped:
        """Run a command of a scene; one word of several lines is Python."""
        command: dict[str, Any] = {"code": words[0]} if "\n" in words[0] else {"words": words}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        out = world.base / "copies"
        if mode == "copy":
            shutil.rmtree(out, ignore_errors=True)
        job = {
            "mode": mode, "number": number, "out": str(out), "folders": list(map(str, world.folders)),
            "cwd": str(world.base), "env": world.variables, "said": str(world.base / "said"), **command,
        }  # fmt: skip
        print(json.dumps(job), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        said = (world.base / "said").read_text("utf-8", "replace")
        return Stopped(answer["code"], answer["writes"], answer["copies"], said)

    def run_again(self, world: World, words: list[str]) -> Stopped:
        """Run a command to its end, the copies of the last one kept."""
        return self.run(world, words, "plain")

    def close(self) -> None:
        """End."""
        self._process.communicate()


@dataclass(frozen=True)
class Stopped:
    """What came of a command."""

    code: int
    writes: list[str]
    copies: int
    said: str


@dataclass
class World:
    """A repository and the folders of a person, which may be put back as they were at some moment."""

    base: Path
    main: Callable[..., Ran]
    root: Path = field(init=False)
    folders: list[Path] = field(init=False)

    def __post_init__(self) -> None:
        self.root = make_repository(self.base / "work" / "shop")
        self.folders = [self.base / name for name in ("data", "cache", "config", "work", "out")]
        (self.base / "out").mkdir()

    @property
    def variables(self) -> dict[str, str]:
        """The environment that names the folders."""
        return {f"PACKSIGHT_{name.upper()}_DIR": str(self.base / name) for name in ("data", "cache", "config")}

    def put_back(self, copy: int) -> None:
        """Make the folders what they were at a copy."""
        for number, folder in enumerate(self.folders):
            shutil.rmtree(folder, ignore_errors=True)
            kept = self.base / "copies" / str(copy) / str(number)
            if kept.exists():
                shutil.copytree(kept, folder, symlinks=True)

    def json(self, *words: object) -> Any:
        """What a command says, which must work."""
        ran = self.main(*words, "--json")
        assert ran.code == 0, ran.err
        return ran.json

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Put the folders back behind the block."""
        copies = self.base / "before"
        shutil.rmtree(copies, ignore_errors=True)
        for number, folder in enumerate(self.folders):
            if folder.exists():
                shutil.copytree(folder, copies / str(number), symlinks=True)
        yield
        for number, folder in enumerate(self.folders):
            shutil.rmtree(folder, ignore_errors=True)
            if (copies / str(number)).exists():
                shutil.copytree(copies / str(number), folder, symlinks=True)


@dataclass(frozen=True)
class Scene:
    """One command that writes."""

    def __str__(self) -> str:
        return self.name

    name: str
    prepare: Callable[[World], object]
    """Saves what must survive."""
    words: Callable[[World], list[str]]
    facts: Callable[[World], Facts]
    """What can be read of what was saved, before, in the middle and after."""
    again: bool = True
    """Whether the command can be run again to the same end."""


def saved(world: World) -> None:
    """A budget, a profile in use, and a few calls."""
    assert world.main("budget", "42000", world.root).code == 0
    assert world.main("profile", "save", "lean", "weights.code=2", "--use", world.root).code == 0
    (world.base / "first.jsonl").write_bytes(recorded(5))
    (world.base / "many.jsonl").write_bytes(recorded(30))
    assert world.main("telemetry", "record", world.base / "first.jsonl").code == 0


def nothing(world: World) -> None:
    """Save nothing."""


def common(world: World) -> Facts:
    """The budget, the versions of the profile, and the numbers of calls and of changes of the estimator."""
    status = world.json("db", "status")
    assert not status["problem"], status
    if status["state"] != "current":
        return {"state": "none" if status["state"] in ("missing", "empty") else status["state"]}
    profiles = world.json("profile", "list", world.root)["profiles"]
    return {
        "state": "current",
        "budget": world.json("budget", "show", world.root)["budget"],
        "profiles": {one["name"]: one["version"] for one in profiles},
        "calls": status["rows"]["telemetry_events"],
        "moves": status["rows"]["estimator_moves"],
    }


def of_file(world: World, path: Path) -> Facts:
    """The text of a file, which must be whole, beside what is in the database."""
    return common(world) | {"file": path.read_text("utf-8") if path.exists() else None}


def old_database(world: World) -> None:
    """A database as an earlier version of the program left it, with a budget and a profile."""
    from engine.store.database import open_database
    from engine.store.migrate import alembic_config
    from engine.store.revisions import SHIPPED

    saved(world)
    with open_database(None, create=False) as database, database.write() as connection:
        from alembic import command

        command.downgrade(alembic_config(connection, SHIPPED), SHIPPED.ids[1])


def many_calls(world: World) -> None:
    """Enough calls for a proposal."""
    saved(world)
    lines = recorded(200, selected_budget=1000, actual_max_tokens=4096, actual_output_tokens=700, truncated=False)
    (world.base / "many.jsonl").write_bytes(lines)
    assert world.main("telemetry", "record", world.base / "many.jsonl").code == 0


def logged(world: World) -> None:
    """A log to import."""
    saved(world)
    logs.write(
        world.base / "session.jsonl", [logs.claude(f"m{number}", 50, "end_turn", number) for number in range(30)]
    )


def precious(world: World) -> None:
    """Something saved, and a file in the place of the output."""
    saved(world)
    (world.base / "out" / "it").write_text("precious\n")


def settled(world: World) -> None:
    """Something saved, and settings in the repository."""
    saved(world)
    (world.root / ".packsight.toml").write_text("# Ours.\nformat = 'xml'\n")


def scanned(world: World) -> Facts:
    """What a scan says, whatever the cache holds; and that no cache had to be set aside."""
    assert not [path.name for path in (world.base / "cache").glob("*damaged*")]
    found = world.json("scan", world.root, "--quiet")
    return {name: value for name, value in found.items() if name not in ("seconds", "cache")}


PREFERENCES = """
from engine.store.paths import config_dir
from tui.preferences import Preferences, save_preferences
assert save_preferences(config_dir(), Preferences(theme="paper", models=("gpt-5",)))
"""


def remembered(world: World) -> Facts:
    """What the app remembers."""
    from tui.preferences import load_preferences

    return {"theme": load_preferences(world.base / "config").theme}


def with_preferences(world: World) -> None:
    """The app was used before."""
    from tui.preferences import Preferences, save_preferences

    assert save_preferences(world.base / "config", Preferences(theme="ink"))


SCENES = (
    Scene("first-save", nothing, lambda world: ["budget", "42000", str(world.root)], common),
    Scene("budget", saved, lambda world: ["budget", "43000", str(world.root)], common),
    Scene(
        "profile",
        saved,
        lambda world: ["profile", "save", "lean", "weights.code=3", str(world.root)],
        common,
        again=False,
    ),
    Scene("record", saved, lambda world: ["telemetry", "record", str(world.base / "many.jsonl")], common),
    Scene("import", logged, lambda world: ["telemetry", "import", str(world.base / "session.jsonl"), "-q"], common),
    Scene("calibrate", many_calls, lambda world: ["calibrate", "--apply"], common, again=False),
    Scene("upgrade", old_database, lambda world: ["db", "upgrade"], common),
    Scene(
        "settings",
        settled,
        lambda world: ["profile", "export", "lean", "--to-repository", str(world.root)],
        lambda world: of_file(world, world.root / ".packsight.toml"),
    ),
    Scene(
        "pack",
        precious,
        lambda world: ["pack", str(world.root), "-q", "--no-record", "-b", "2k", "-o", str(world.base / "out" / "it")],
        lambda world: of_file(world, world.base / "out" / "it"),
    ),
    Scene(
        "export",
        precious,
        lambda world: ["telemetry", "export", "-q", "-o", str(world.base / "out" / "it")],
        lambda world: of_file(world, world.base / "out" / "it"),
    ),
    Scene("backup", saved, lambda world: ["db", "backup", str(world.base / "out" / "copy.db")], common, again=False),
    Scene("scan", nothing, lambda world: ["scan", str(world.root), "--json", "--quiet"], scanned),
    Scene("preferences", with_preferences, lambda world: [PREFERENCES], remembered),
)
"""Every command that writes."""


def told(stopped: Stopped) -> None:
    """A command that failed said so in a line or two, as this program does, with its exit code."""
    assert stopped.code in (0, 3), stopped.said
    lines = stopped.said.splitlines()
    assert "Traceback" not in stopped.said, stopped.said
    if stopped.code:
        assert any(line.startswith("packsight: ") for line in lines), stopped.said
        assert len(lines) <= 6, stopped.said
