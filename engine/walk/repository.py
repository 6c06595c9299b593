"""Running git in a repository that nobody vouched for, through GitPython's command runner.

What keeps programs named by the repository from running (every vector is planted in ``tests/engine/walk``):

* ``core.fsmonitor``, hooks and the transports are overridden with the scope of a command line;
* filters are overridden by name, because nothing turns all of them off and even ``diff-files`` runs them;
* only plumbing that knows no textconv, external diff, pager or alias is called, and never a submodule's status;
* the caller's ``GIT_*`` variables and the user's configuration do not reach git, ``core.worktree`` is overruled.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO, cast

from engine.errors import Cancelled, InputError
from engine.events import IsCancelled, never
from engine.walk.failures import last_words

if TYPE_CHECKING:
    from git.cmd import Git

_POLL_S = 0.02

FIXED_OVERRIDES: tuple[tuple[str, str], ...] = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", os.devnull),
    ("core.attributesFile", os.devnull),
    ("core.sshCommand", "false"),
    ("core.askPass", ""),
    ("core.pager", "cat"),
    ("core.editor", ":"),
    ("core.alternateRefsCommand", "false"),
    ("credential.helper", ""),
    ("protocol.allow", "never"),
    ("log.showSignature", "false"),
    ("submodule.recurse", "false"),
    ("uploadpack.packObjectsHook", ""),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
)
"""Settings that every call overrides, whatever the repository says."""


DAMAGED_INDEX_HINT = "Rebuild it with `rm .git/index && git reset`; files are not touched, what was staged is unstaged."


@dataclass(frozen=True, slots=True)
class Finished:
    """The outcome of a git command."""

    status: int
    """Exit status; negative when a signal ended it."""
    out: bytes
    err: bytes
    timed_out: bool = False
    """True when it was stopped at its time limit; ``out`` is then what it had written."""


class Running:
    """A git command under way, both its outputs being drained by a thread."""

    def __init__(self, process: subprocess.Popen[bytes], stdin: bytes | None) -> None:
        self._process = process
        self._out = b""
        self._err = b""
        self._thread = threading.Thread(target=self._drain, args=(stdin,), daemon=True)
        self._thread.start()

    def _drain(self, stdin: bytes | None) -> None:
        # A killed process closes its pipes under us.
        with contextlib.suppress(OSError, ValueError):
            self._out, self._err = self._process.communicate(stdin)

    def finish(self, cancelled: IsCancelled = never, limit_s: float | None = None) -> Finished:
        """Wait for the end.

        Raises:
            Cancelled: ``cancelled()`` said so; the process is stopped.
        """
        deadline = None if limit_s is None else time.monotonic() + limit_s
        timed_out = False
        try:
            while self._thread.is_alive():
                self._thread.join(_POLL_S)
                if cancelled():
                    raise Cancelled("stopped")
                if deadline is not None and not timed_out and time.monotonic() > deadline:
                    timed_out = True
                    self._process.kill()
        except BaseException:
            self.stop()
            raise
        return Finished(self._process.returncode or 0, self._out, self._err, timed_out)

    def stop(self) -> None:
        """End the process now and wait until it is gone."""
        if self._thread.is_alive():
            self._process.kill()
            self._thread.join()


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a repository is, and what is needed to run git in it safely. Can be sent to another process."""

    git_dir: str
    """Absolute path of the directory with ``HEAD`` and the index (of this worktree)."""
    common_dir: str
    """Absolute path of the directory with ``objects``; differs from ``git_dir`` in a linked worktree."""
    work_tree: str
    """Absolute path of the work tree, decided by where ``.git`` lies; of the repository itself when it has none."""
    object_format: str = "sha1"
    """``sha1`` or ``sha256``."""
    overrides: tuple[tuple[str, str], ...] = ()
    """Further settings to overrule: the repository's filters, the user's ignore file."""
    index_file: str = ""
    """Index to use in place of the repository's own."""

    def environment(self, *, user_settings: bool = False) -> dict[str, str]:
        """Variables for git. With ``user_settings`` the user's and system's configuration is read too."""
        env = {name: "" for name in os.environ if name.startswith("GIT_") and name not in _KEPT}
        settings = FIXED_OVERRIDES + self.overrides
        env |= {
            "GIT_DIR": self.git_dir,
            "GIT_COMMON_DIR": self.common_dir,
            "GIT_WORK_TREE": self.work_tree,
            "GIT_INDEX_FILE": self.index_file or os.path.join(self.git_dir, "index"),
            "GIT_OBJECT_DIRECTORY": os.path.join(self.common_dir, "objects"),
            "GIT_SHALLOW_FILE": os.path.join(self.common_dir, "shallow"),
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_ALLOW_PROTOCOL": "",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_PAGER": "cat",
            "GIT_ATTR_NOSYSTEM": "1",
            # Not as -c options: those split at the first "=", which a filter's name may hold.
            "GIT_CONFIG_COUNT": str(len(settings)),
        }
        for number, (key, value) in enumerate(settings):
            env[f"GIT_CONFIG_KEY_{number}"] = key
            env[f"GIT_CONFIG_VALUE_{number}"] = value
        if user_settings:
            for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"):
                env.pop(name, None)
        else:
            env |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        return env

    def start(self, *words: str, pipe: bool = False, user_settings: bool = False) -> subprocess.Popen[bytes]:
        """Start ``git WORDS…`` at the top of the work tree, with pipes for its output.

        Raises:
            InputError: Git is not installed or cannot be started.
        """
        git, not_found = _runner_types()
        runner = git()
        command = [str(runner.GIT_PYTHON_GIT_EXECUTABLE or "git"), "--no-pager", "-C", self.work_tree, *words]
        try:
            started = runner.execute(
                command,
                as_process=True,
                istream=cast(BinaryIO, subprocess.PIPE) if pipe else None,
                env=self.environment(user_settings=user_settings),
                shell=False,
            )
        except OSError as error:
            raise InputError(
                f"git could not be started: {error.strerror or error}",
                "Too many settings or no memory; remove filters from the repository's configuration.",
            ) from error
        except not_found as error:
            raise InputError(
                "git was not found, and this is a git repository.",
                "Install git or name it in GIT_PYTHON_GIT_EXECUTABLE. Folders without .git work without it.",
            ) from error
        process = started.proc
        assert process is not None
        # The wrapper ends its process when it is collected; Running and ObjectReader own the process from here.
        started.proc = None
        return process

    def launch(self, *words: str, stdin: bytes | None = None, user_settings: bool = False) -> Running:
        """Start a command whose whole output is wanted; several may be under way at once."""
        return Running(self.start(*words, pipe=stdin is not None, user_settings=user_settings), stdin)

    def run(
        self, *words: str, stdin: bytes | None = None, cancelled: IsCancelled = never, limit_s: float | None = None
    ) -> Finished:
        """Run a command to its end; see ``Running.finish``."""
        return self.launch(*words, stdin=stdin).finish(cancelled, limit_s)


_EXECUTABLE = "GIT_PYTHON_GIT_EXECUTABLE"
_KEPT = frozenset({"GIT_EXEC_PATH", "GIT_PYTHON_REFRESH", "GIT_PYTHON_GIT_EXECUTABLE", "GIT_PYTHON_TRACE"})
"""Variables that say where git is, not what it works on."""


def need(finished: Finished, what: str) -> bytes:
    """Return the output of a command that must succeed.

    Raises:
        InputError: It failed; ``what`` names the thing it was about.
    """
    if finished.status == 0:
        return finished.out
    words = last_words(finished.err)
    hint = ""
    if "index" in words.lower() or "signature" in words.lower():
        hint = DAMAGED_INDEX_HINT
    raise InputError(f"{what}: {words}", hint)


@cache
def _runner_types() -> tuple[type[Git], type[Exception]]:
    """GitPython's command runner and what it raises where there is no git.

    The package around the runner loads objects, references and the index, none of which is used here and which take
    longer than all that git does in a warm scan; so the runner is imported without it. Whoever imports ``git`` later
    gets it whole. With other threads about, which might import it right now, it is loaded as it is.
    """
    here = "git.cmd" in sys.modules
    whole = here or "git" in sys.modules or threading.active_count() > 1
    with _no_executable() if whole else _package_left_out():
        from git.cmd import Git
        from git.exc import GitCommandNotFound
    if not here:
        Git.GIT_PYTHON_GIT_EXECUTABLE = os.environ.get(_EXECUTABLE) or "git"
    return Git, GitCommandNotFound


@contextlib.contextmanager
def _package_left_out() -> Iterator[None]:
    """Put an empty package in the place of ``git``, which its modules are found in, and take all of them out again."""
    found = find_spec("git")
    package = ModuleType("git")
    package.__path__ = list(found.submodule_search_locations or ()) if found is not None else []
    sys.modules["git"] = package
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "git"]:
            del sys.modules[name]


@contextlib.contextmanager
def _no_executable() -> Iterator[None]:
    """Let GitPython find no git: it runs ``git version`` while it loads, and waits for it without end."""
    chosen = os.environ.get(_EXECUTABLE)
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    os.environ[_EXECUTABLE] = ""
    try:
        yield
    finally:
        del os.environ[_EXECUTABLE]
        if chosen is not None:
            os.environ[_EXECUTABLE] = chosen
