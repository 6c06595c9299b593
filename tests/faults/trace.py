"""Runs commands and stops them at every write to chosen folders, by the system's own means for debuggers (ptrace).

A process of its own, because a tracer has to wait for whatever its commands start: it takes jobs from stdin and answers
on stdout, JSON lines both. Each job runs in a fork that has the command line loaded already. The system itself picks
the calls that write (seccomp): stopping at each of the others would take several times as long. Modes:

    plain   let everything happen, nothing watched
    count   let everything happen
    copy    before each write, and at the end, copy the folders to ``OUT/0``, ``OUT/1``, … where they differ from the
            copy before: what is on disk when the command is killed there
    kill    kill -9 the whole process group at write NUMBER
    full    from write NUMBER on, every write fails as on a full disk
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

_SEIZE, _INFO, _POKEUSER, _CONT, _LISTEN = 0x4206, 0x420E, 6, 7, 0x4208
_OPTIONS = 0x2 | 0x4 | 0x8 | 0x10 | 0x80 | 0x100000
"""Follow forks, threads and new programs; stop at the calls that were picked; end with the tracer."""
_EVENT_CALL, _EVENT_STOP = 7, 128
_ALL = 0x40000000
_LAYOUT = struct.Struct("<B3xIQQ7Q")
"""Kind of stop, architecture, two pointers; number and arguments of the call."""
_ORIG_RAX, _RAX = 15 * 8, 10 * 8
_CREATES = os.O_CREAT | os.O_TRUNC
BY_FD = {1: "write", 18: "pwrite", 20: "writev", 74: "fsync", 75: "fdatasync", 77: "ftruncate", 285: "fallocate"}
"""Calls of x86-64 that write through a descriptor."""
BY_PATH = {
    2: "open", 257: "open", 82: "rename", 264: "rename", 316: "rename", 86: "link", 265: "link", 87: "unlink",
    263: "unlink", 83: "mkdir", 258: "mkdir", 84: "rmdir", 90: "chmod",
}  # fmt: skip
_AT = {257: 2, 258: 0, 263: 0, 264: 0, 265: 0, 316: 0}
"""Those that are given a folder's descriptor first."""
_FLAGS_OF = {2: 1, 257: 2}
"""Calls that write only with certain flags, and which argument these are."""
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _TRACE = 0x7FFF0000, 0x7FF00000
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
"""Instructions of a filter: load a word of what describes the call; compare it; test its bits; decide."""

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
_libc.ptrace.restype = ctypes.c_long


def ptrace(request: int, pid: int, address: int = 0, data: int = 0) -> None:
    """Call the system; a process that has just gone is no error."""
    if _libc.ptrace(request, pid, address, data) < 0 and ctypes.get_errno() != errno.ESRCH:
        raise OSError(ctypes.get_errno(), f"ptrace {request}")


def watch_writes() -> None:
    """Have the system stop this process, and what it starts, at the calls that write; somebody must be tracing it."""
    rules: list[tuple[int, int, int, int]] = [(_LOAD, 0, 0, 0)]
    for call in {*BY_FD, *BY_PATH}:
        if call in _FLAGS_OF:
            flags = 16 + 8 * _FLAGS_OF[call]
            rules += [(_EQUAL, 0, 4, call), (_LOAD, 0, 0, flags), (_ANY_BIT, 0, 1, _CREATES)]
            rules += [(_RETURN, 0, 0, _TRACE), (_RETURN, 0, 0, _ALLOW)]
        else:
            rules += [(_EQUAL, 0, 1, call), (_RETURN, 0, 0, _TRACE)]
    rules.append((_RETURN, 0, 0, _ALLOW))
    room = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *rule) for rule in rules))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(rules), ctypes.addressof(room)))
    for words in ((_NO_NEW_PRIVILEGES, 1, 0), (_SECCOMP, _FILTER, ctypes.addressof(program))):
        if _libc.prctl(words[0], ctypes.c_long(words[1]), ctypes.c_void_p(words[2]), None, None):
            raise OSError(ctypes.get_errno(), f"prctl {words[0]}")


class Tracer:
    """Follows one command."""

    def __init__(self, mode: str, number: int, out: Path, folders: list[Path]) -> None:
        self.mode, self.number, self.out = mode, number, out
        self.folders = [os.path.realpath(folder) for folder in folders]
        self.writes: list[str] = []
        self.last = b""
        self.copies = 0

    def run(self, command: Callable[[], int]) -> int:
        """Run the command in a fork to its end; returns its exit code, negative for a signal."""
        watched = self.mode != "plain"
        pid = os.fork()
        if not pid:
            code = 1
            try:
                os.setpgid(0, 0)
                if watched:
                    os.kill(os.getpid(), signal.SIGSTOP)
                    watch_writes()
                code = command()
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        if not watched:
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.waitpid(pid, os.WUNTRACED)
        ptrace(_SEIZE, pid, 0, _OPTIONS)
        os.kill(pid, signal.SIGCONT)
        code = 0
        while True:
            try:
                one, status = os.waitpid(-1, _ALL)
            except ChildProcessError:
                break
            if os.WIFEXITED(status) or os.WIFSIGNALED(status):
                if one == pid:
                    code = os.waitstatus_to_exitcode(status)
                continue
            self._stopped(pid, one, status)
        if self.mode == "copy":
            self._copy()
        return code

    def _stopped(self, leader: int, pid: int, status: int) -> None:
        number, event = os.WSTOPSIG(status), status >> 16
        passed = 0
        if event == _EVENT_CALL:
            self._call(leader, pid)
        elif event == _EVENT_STOP and number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
            ptrace(_LISTEN, pid)
            return
        elif not event:
            passed = number
        ptrace(_CONT, pid, 0, passed)

    def _call(self, leader: int, pid: int) -> None:
        room = ctypes.create_string_buffer(_LAYOUT.size)
        ptrace(_INFO, pid, _LAYOUT.size, ctypes.addressof(room))
        _, _, _, _, call, *arguments = _LAYOUT.unpack(room.raw)
        target = self._target(pid, call, arguments)
        if not target:
            return
        self.writes.append(target)
        if self.mode == "copy":
            self._copy()
        elif len(self.writes) > self.number and self.mode == "full":
            if not target.startswith(("unlink", "rename", "fsync", "fdatasync", "rmdir", "chmod")):
                ptrace(_POKEUSER, pid, _ORIG_RAX, 2**64 - 1)  # no call at all, with this result
                ptrace(_POKEUSER, pid, _RAX, -errno.ENOSPC & (2**64 - 1))
        elif len(self.writes) == self.number + 1 and self.mode == "kill":
            os.killpg(leader, signal.SIGKILL)

    def _target(self, pid: int, call: int, arguments: list[int]) -> str:
        """Name and file of a write to one of the folders, else ``""``."""
        if call in BY_FD:
            try:
                path = os.readlink(f"/proc/{pid}/fd/{arguments[0] & 0xFFFFFFFF}")
            except OSError:
                return ""
            return self._inside(BY_FD[call], path)
        if call not in BY_PATH:
            return ""
        first = 1 if call in _AT else 0
        return self._inside(BY_PATH[call], self._text(pid, arguments[first]))

    def _inside(self, name: str, path: str) -> str:
        for folder in self.folders:
            if path.startswith(folder):
                return f"{name} {path[len(folder) + 1 :]}"
        return ""

    def _text(self, pid: int, address: int) -> str:
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            memory.seek(address)
            # A path may end just before memory that is not there.
            data = memory.read(4096 - address % 4096) or b""
            if b"\0" not in data:
                data += memory.read(4096) or b""
        return os.path.join(os.readlink(f"/proc/{pid}/cwd"), os.fsdecode(data.partition(b"\0")[0]))

    def _copy(self) -> None:
        """Copy what is on disk; the shared memory of a log does not count, whoever opens it first makes it anew."""
        digest = hashlib.blake2b()
        for folder in self.folders:
            for path in sorted(Path(folder).rglob("*")):
                digest.update(os.fsencode(path) + b"\0")
                if path.is_file() and not path.name.endswith("-shm"):
                    data = path.read_bytes()
                    digest.update(len(data).to_bytes(8, "little") + data)
        if digest.digest() == self.last:
            return
        self.last = digest.digest()
        target = self.out / str(self.copies)
        target.mkdir(parents=True)
        for number, folder in enumerate(self.folders):
            if os.path.exists(folder):
                shutil.copytree(folder, target / str(number), symlinks=True)
        self.copies += 1


def run_job(job: dict[str, Any]) -> dict[str, Any]:
    """Run one job.

    Args:
        job: ``mode``, ``number``, ``out`` and ``folders`` of the tracer; ``words`` of the command line, or ``code`` of
            Python; ``env``, ``cwd``, and ``said``, the file that gets stdout and stderr.
    """

    def command() -> int:
        os.environ.update(job["env"])
        os.chdir(job["cwd"])
        said = os.open(job["said"], os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, handle in enumerate((nothing, said, said)):
            os.dup2(handle, number)
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode) for number, mode in enumerate("rww"))
        if "code" in job:
            exec(compile(job["code"], "job", "exec"), {})
            return 0
        from engine.cli.app import main as packsight

        return packsight(job["words"])

    tracer = Tracer(job["mode"], job["number"], Path(job["out"]), list(map(Path, job["folders"])))
    code = tracer.run(command)
    return {"code": code, "writes": tracer.writes, "copies": tracer.copies}


def main() -> None:
    """Take jobs until there are no more."""
    for name in ("alembic.command", "engine.cli.app", "engine.store.database", "engine.usecases.repository"):
        import_module(name)  # once for all forks
    for line in sys.stdin:
        print(json.dumps(run_job(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
