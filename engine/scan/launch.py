"""Starts worker processes, forked or fresh, and ends them.

Nobody's ``__main__`` runs in a worker: the ways of ``multiprocessing`` other than forking import the caller's script
again, and a script without a guard would then scan within the scan, without end.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, Pipe
from multiprocessing.process import BaseProcess
from multiprocessing.spawn import get_executable
from types import ModuleType
from typing import Protocol

import engine
from engine.scan.settings import Settings
from engine.scan.worker import serve
from engine.walk import ContentSource

FORK, FRESH, SPAWN = "fork", "fresh", "spawn"
"""Ways to start a worker: a copy of this process, a new interpreter, and a new interpreter by ``multiprocessing``."""

_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from engine.scan.worker_main import main; main(int(sys.argv[2]), sys.argv[1])"
)
_hiding = threading.Lock()


class Process(Protocol):
    """A started worker."""

    @property
    def pid(self) -> int | None:
        """Number of the process."""
        ...

    def end(self, grace_s: float) -> None:
        """Wait that long for the process to end, kill it if it does not, and leave nothing of it behind."""
        ...


def way() -> str:
    """Forking is the quickest way by far, and safe only while this process has a single thread, native ones included.

    Some vocabularies start threads as they load: the token engine builds large merge tables on a thread pool, of which
    a forked process inherits the belief that it runs, but not the threads. Loading another such vocabulary there waits
    for ever.
    """
    if sys.platform == "win32":
        return SPAWN
    # A daemon of multiprocessing may have no children by multiprocessing.
    if sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1 and not _is_daemon():
        return FORK
    return FRESH


def launch(
    method: str, others: Sequence[Connection], content: ContentSource, settings: Settings
) -> tuple[Process, Connection]:
    """Start a worker.

    Args:
        method: One of the ways.
        others: Connections of this process that a copy of it must not keep open.
        content: Reads files, in the worker.
        settings: What the worker needs to know once.

    Raises:
        OSError: the system does not let a process start, or there is no interpreter to start.
    """
    ours, theirs = Pipe()
    process: Process | None = None
    try:
        with theirs, interrupts_held():
            if method == FRESH:
                process = _fresh(ours, theirs, content, settings)
            else:
                process = _by_multiprocessing(method, [*others, ours], theirs, content, settings)
    except BaseException:
        # Also an interrupt that was held back until the process had started.
        ours.close()
        if process is not None:
            process.end(0.0)
        raise
    return process, ours


class _Child:
    """A process of multiprocessing."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self.pid = process.pid

    def end(self, grace_s: float) -> None:
        self._process.join(grace_s)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
        self._process.close()


class _Command:
    """A process of subprocess."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.pid = process.pid

    def end(self, grace_s: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(grace_s)
        self._process.kill()
        self._process.wait()


def _fresh(ours: Connection, theirs: Connection, content: ContentSource, settings: Settings) -> Process:
    # The executable of a frozen program is that program, not an interpreter.
    executable = os.fsdecode(get_executable() or "")
    if not executable or getattr(sys, "frozen", False):
        raise OSError("no interpreter to start")
    process = _Command(
        subprocess.Popen(
            [executable, *_flags(), "-c", _BOOT, _root(), str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            close_fds=True,
            pass_fds=(theirs.fileno(),),
        )
    )
    try:
        theirs.close()
        ours.send(_search_path())
        ours.send((content, settings))
    except OSError:
        # It ended at once; whoever waits for its greeting will notice.
        pass
    except BaseException:
        process.end(0.0)
        raise
    return process


def _flags() -> list[str]:
    """Options of this interpreter that decide where modules come from and how names of files are read.

    ``-P`` always: the current directory may be the repository that is scanned, and its modules are none of ours.
    """
    flags = ["-I"] if sys.flags.isolated else ["-P"]
    flags += ["-E"] * sys.flags.ignore_environment + ["-s"] * sys.flags.no_user_site
    flags += ["-S"] * sys.flags.no_site + ["-B"] * sys.flags.dont_write_bytecode
    return [*flags, "-X", f"utf8={sys.flags.utf8_mode}"]


def _root() -> str:
    """Folder (or archive) that this very package was imported from."""
    return os.path.dirname(os.path.dirname(os.path.abspath(str(engine.__file__))))


def _search_path() -> list[str]:
    return [os.path.abspath(entry) for entry in sys.path if isinstance(entry, str) and entry]


def _by_multiprocessing(
    method: str, inherited: list[Connection], theirs: Connection, content: ContentSource, settings: Settings
) -> Process:
    if _is_daemon():
        raise OSError("a daemon of multiprocessing may start no process")
    process = multiprocessing.get_context(method).Process(  # type: ignore[attr-defined]
        target=_main,
        args=(theirs, inherited if method == FORK else [], content, settings),
        daemon=True,
        name="packsight-worker",
    )
    with contextlib.nullcontext() if method == FORK else _main_hidden():
        process.start()
    return _Child(process)


def _main(connection: Connection, inherited: list[Connection], content: ContentSource, settings: Settings) -> None:
    # A forked worker holds copies of the parent's ends; while they are open nobody notices that the parent is gone.
    for other in inherited:
        other.close()
    serve(connection, content, settings)


def _is_daemon() -> bool:
    return multiprocessing.current_process().daemon


@contextlib.contextmanager
def _main_hidden() -> Iterator[None]:
    """Show multiprocessing a main module without a file, which it does not run in the new process."""
    with _hiding:
        known = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = known


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Let a worker begin with interrupts held back, until it ignores them: Ctrl-C reaches the whole group."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
