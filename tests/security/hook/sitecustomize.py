"""Loaded by every interpreter of a watched command: notes what is written, started and reached, and allows no network.

Notes go to the file of ``WATCHED_NOTES``, a line of JSON each. With ``WATCHED_LOOPBACK`` this machine may be reached.
"""

import json
import os
import sys
from urllib.parse import unquote

_NOTES = os.environ["WATCHED_NOTES"]
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_MAY_LOOP = bool(os.environ.get("WATCHED_LOOPBACK"))
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {
    "os.chmod": 1, "os.chown": 1, "os.link": 2, "os.mkdir": 1, "os.mkfifo": 1, "os.remove": 1, "os.rename": 2,
    "os.rmdir": 1, "os.symlink": 2, "os.truncate": 1, "os.utime": 1, "os.setxattr": 1, "sqlite3.connect": 1,
}  # fmt: skip
_REACHES = (
    "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
    "socket.gethostbyaddr", "socket.getnameinfo",
)  # fmt: skip
_ADDRESSED = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg")
_STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn")
_busy = False


class NetworkForbidden(RuntimeError):
    """Something tried to reach another machine."""


def _note(kind: str, *what: object) -> None:
    global _busy
    _busy = True
    try:
        handle = os.open(_NOTES, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, (json.dumps([kind, *map(_text, what)]) + "\n").encode())
        finally:
            os.close(handle)
    finally:
        _busy = False


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, (list, tuple)):
        return " ".join(map(_text, value))
    return str(value)


def _place(path: object) -> str:
    text = _text(path)
    if text.startswith("file:"):
        text = unquote(text[5:].partition("?")[0])
    return text if os.path.isabs(text) else os.path.join(os.getcwd(), text)


def _hook(event: str, given: tuple[object, ...]) -> None:
    if _busy:
        return
    if event == "open":
        path, mode, flags = given
        if isinstance(path, int) or not isinstance(flags, int):
            return
        if flags & _WRITES or (isinstance(mode, str) and set(mode) & set("wax+")):
            _note("write", event, _place(path))
    elif event in _CHANGES:
        for path in given[: _CHANGES[event]]:
            if not isinstance(path, int) and path != ":memory:":
                _note("write", event, _place(path))
    elif event in _STARTS:
        _note("start", event, given[0], given[1] if len(given) > 1 else "")
    elif event in _REACHES:
        address = given[1 if event in _ADDRESSED else 0]
        if isinstance(address, (str, bytes)) and event in ("socket.connect", "socket.bind"):
            return  # a socket of this machine's files
        host = address[0] if isinstance(address, tuple) and address else address
        allowed = _MAY_LOOP and _text(host) in _LOOPBACK
        _note("loop" if allowed else "network", event, _text(address))
        if not allowed:
            raise NetworkForbidden(f"{event} {address}")


sys.addaudithook(_hook)
_note("begin", str(os.getpid()), sys.orig_argv)
