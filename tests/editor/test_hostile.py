"""What a broken or hostile client does: each thing is answered in words, and the stream goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.watch import limits
from engine.watch.requests import METHODS
from tests.editor.talk import COMMAND, LIMIT_S, ROOT, Editor, Message, edit, editing, span
from tests.sample import SERVICE, make_repository

NOISY = """
import os, sys
import engine.inspector as room
real = room.Inspector.live
def live(self, request, **said):
    print("printed by the engine")
    os.write(1, b"written to descriptor 1\\n")
    os.system("echo said by a child")
    return real(self, request, **said)
room.Inspector.live = live
from engine.cli.main import run
sys.argv[0] = "packsight"
run()
"""
BROKEN = [
    (b"no json", "parse_error"),
    (b'{"id": 1, "method": "status"', "parse_error"),
    (b"\x00\xff\xfe", "parse_error"),
    (b"[" * 100_000, "parse_error"),
    (b'{"id": NaN, "method": "status"}', "parse_error"),
    (b'{"id": ' + b"9" * 10_000 + b', "method": "status"}', "parse_error"),
    (b"[]", "invalid_request"),
    (b"7", "invalid_request"),
    (b"{}", "invalid_request"),
    (b'{"id": [1], "method": "status"}', "invalid_request"),
    (b'{"id": true, "method": "status"}', "invalid_request"),
    (b'{"method": 7}', "invalid_request"),
    (b'{"method": "status", "path": "x"}', "invalid_request"),
    (b'{"method": "status", "params": []}', "invalid_params"),
    (b'{"method": "stauts"}', "unknown_method"),
]
"""Lines without a usable id, and the code of their refusal."""


def test_lines_that_are_no_requests_are_refused_one_by_one(shop: Path) -> None:
    with editing(shop) as editor:
        for line, code in BROKEN:
            editor.send(line + b"\n")
            answer = editor.hear(lambda message: "error" in message)
            assert (answer["id"], answer["error"]["code"]) == (None, code), line[:60]
            assert 0 < len(answer["error"]["message"]) < 500
        editor.send(b"\n\r\n")
        assert editor.ask("status")["buffers"] == []
        assert editor.end() == (0, b"")


def test_a_line_of_100_megabytes_is_refused_and_the_stream_goes_on(shop: Path) -> None:
    with editing(shop) as editor:
        editor.event("ready")
        editor.send(b'{"id": 1, "method": "open", "params": {"path": "a", "text": "')
        for _ in range(100):
            editor.send(b"a" * 1_000_000)
        editor.send(b'"}}\n')
        answer = editor.hear(lambda message: "error" in message)
        assert answer["error"]["code"] == "too_large"
        assert f"{limits.MESSAGE_BYTES:,}" in answer["error"]["message"]
        editor.ask("open", path="a", text="still here")
        assert editor.tokens("a") == 2
        assert _peak_mib(editor) < 600


def _peak_mib(editor: Editor) -> int:
    status = Path(f"/proc/{editor.process.pid}/status")
    if not status.exists():
        return 0
    return int(status.read_text().partition("VmHWM:")[2].split()[0]) // 1024


@pytest.mark.parametrize(
    ("method", "params", "code", "words"),
    [
        ("opne", {}, "unknown_method", "'open'"),
        ("open", {"path": "a", "txt": ""}, "invalid_params", "'text'"),
        ("open", {"path": "a"}, "invalid_params", "needs 'text'"),
        ("open", {"path": "a", "text": 7}, "invalid_params", "must be a text"),
        ("open", {"path": "", "text": ""}, "invalid_params", "path"),
        ("open", {"path": "a", "text": "", "version": 1.5}, "invalid_params", "whole number"),
        ("change", {"path": "b.py", "text": ""}, "not_open", "'a.py'"),
        ("change", {"path": "a.py"}, "invalid_params", "either"),
        ("change", {"path": "a.py", "edits": [{"text": "x"}]}, "invalid_params", "an edit is"),
        ("change", {"path": "a.py", "edits": [edit((0, 1), (0, 0), "x")]}, "invalid_params", "ends before"),
        ("change", {"path": "a.py", "edits": [edit((0, 0), (0, 9), "x")]}, "invalid_params", "ends before character 9"),
        ("change", {"path": "a.py", "edits": [edit((5, 0), (5, 0), "x")]}, "invalid_params", "no line 5"),
        ("change", {"path": "a.py", "edits": [edit((0, 3), (0, 3), "x")]}, "invalid_params", "inside a character"),
        ("change", {"path": "a.py", "edits": [edit((0, -1), (0, 0), "x")]}, "invalid_params", "from 0"),
        ("change", {"path": "a.py", "edits": [1] * (limits.EDITS + 1)}, "limit", "edits"),
        ("select", {"path": "a.py", "ranges": [{"start": 1, "end": 2}]}, "invalid_params", "position"),
        ("select", {"path": "a.py", "ranges": [span((0, 0), (0, 0))] * (limits.RANGES + 1)}, "limit", "ranges"),
        ("close", {"path": "never"}, "not_open", "never"),
        ("configure", {"unit": "utf-7"}, "invalid_params", "utf-8"),
        ("configure", {"model": "gpt-55"}, "unusable_input", "gpt-5"),
        ("configure", {"budget": "0"}, "invalid_params", "leaves no tokens"),
        ("pack", {"format": "html"}, "invalid_params", "markdown"),
        ("status", {"packed": 1}, "invalid_params", "true or false"),
        ("cancel", {}, "invalid_params", "needs 'request'"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_nearest_that_can(
    refusing: Editor, method: str, params: dict[str, object], code: str, words: str
) -> None:
    error = refusing.fails(method, **params)
    assert error["code"] == code
    assert words in error["message"] + error.get("hint", "")
    assert refusing.tokens("a.py") == 4, "the text is as it was"


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One stream for many refusals: none of them may end it."""
    root = make_repository(tmp_path_factory.mktemp("refusing") / "shop")
    with editing(root) as editor:
        editor.ask("open", path="a.py", text="a 😀\nb")
        yield editor


def test_nothing_outside_the_root_is_read(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (shop / "out").symlink_to(tmp_path)
    with editing(shop) as editor:
        for path in (
            "../secret.txt", str(tmp_path / "secret.txt"), "out/secret.txt", "shop/../../secret.txt", ".",
            "/etc/passwd", (tmp_path / "secret.txt").as_uri(), ".git/config", ".GIT/config",
        ):  # fmt: skip
            assert editor.fails("open", path=path, text="x")["code"] == "outside_root", path
        assert editor.fails("open", path="a\0b", text="x")["code"] == "invalid_params"
        assert editor.fails("open", path="file://elsewhere/a", text="x")["code"] == "invalid_params"
        for path in ("shop/orders.py", str(shop / "shop" / "orders.py"), (shop / "shop" / "orders.py").as_uri()):
            assert editor.ask("open", path=path, text="x")["path"] == "shop/orders.py"
        assert len(editor.ask("status")["buffers"]) == 1


def test_more_than_the_limits_is_refused(shop: Path) -> None:
    with editing(shop) as editor:
        for number in range(limits.BUFFERS):
            editor.say("open", path=f"untitled:{number}", text="x")
        assert editor.fails("open", path="untitled:more", text="x")["code"] == "limit"
        editor.ask("open", path="untitled:0", text="again")
        large = "a line of text\n" * 700_000
        for number in (1, 1, 2, 3):
            editor.ask("open", path=f"untitled:{number}", text=large)
        assert editor.fails("open", path="untitled:4", text=large)["code"] == "limit"
        assert editor.end()[0] == 0


def test_what_waits_can_be_cancelled(shop: Path) -> None:
    with editing(shop) as editor:
        editor.event("ready")
        requests: list[Message] = [{"id": f"p{n}", "method": "pack"} for n in range(limits.WAITING + 1)]
        requests += [{"id": "s", "method": "status", "params": {"packed": True}}]
        requests += [{"id": f"c{n}", "method": "cancel", "params": {"request": f"p{n}"}} for n in range(limits.WAITING)]
        requests += [{"id": "cs", "method": "cancel", "params": {"request": "s"}}]
        requests += [{"id": "none", "method": "cancel", "params": {"request": "never"}}]
        # In one piece, while the first scan runs: the engine has not begun with any of them.
        editor.send(b"".join(json.dumps(one).encode() + b"\n" for one in requests))
        editor.hear(lambda message: message.get("id") == "none")
        editor.ask("status", packed=True)
        answers = {one["id"]: one for one in editor.heard if "id" in one}
        assert answers["none"]["result"] == {"cancelled": False}
        assert answers["cs"]["result"] == {"cancelled": True}
        assert answers["s"]["error"]["code"] == "cancelled"
        assert answers[f"p{limits.WAITING}"]["error"]["code"] == "busy"
        for number in range(limits.WAITING):
            assert answers[f"c{number}"]["result"] == {"cancelled": True}
            assert answers[f"p{number}"]["error"]["code"] == "cancelled"


def test_a_client_that_does_not_read_holds_up_only_itself(shop: Path) -> None:
    times = 4_000
    with editing(shop, "--debounce", "0") as editor:
        editor.event("ready")
        requests: list[Message] = [{"id": 0, "method": "open", "params": {"path": "a.py", "text": SERVICE}}]
        start = span((0, 0), (0, 0))
        requests += [
            {"id": n, "method": "change", "params": {"path": "a.py", "edits": [{"range": start, "text": "x "}]}}
            for n in range(1, times)
        ]
        data = b"".join(json.dumps(one).encode() + b"\n" for one in requests)
        writer = threading.Thread(target=editor.send, args=(data,))
        writer.start()
        # Nothing was read so far; the pipes are full on both ways by now, or soon are.
        editor.hear(lambda message: message.get("id") == times - 1)
        writer.join(LIMIT_S)
        assert [one["id"] for one in editor.heard if "id" in one] == list(range(times))
        state = editor.ask("status")["buffers"][0]
        assert state["lines"] == SERVICE.count("\n") + 1
        assert state["tokens"] > times - 1
        assert editor.end()[0] == 0


def test_a_client_that_never_reads_does_not_keep_it_alive(shop: Path) -> None:
    with editing(shop) as editor:
        stdin = editor.process.stdin
        assert stdin is not None
        for number in range(limits.UNREAD - 8):
            editor.say("status", f"{number}-" + "x" * 180)
            editor.say("nope", f"{number}-" + "y" * 180)
        stdin.close()
        assert editor.process.wait(timeout=LIMIT_S) == 0
        editor.process.stdin = None


def test_closing_stdin_ends_it_while_it_works(tmp_path: Path) -> None:
    text = "".join(f"def f{n}(x):\n    return x + {n}\n\n\n" for n in range(200))
    root = make_repository(tmp_path / "large", {f"m{number}.py": f"# {number}\n{text}" for number in range(120)})
    with editing(root) as editor:
        editor.say("pack", 1)
        editor.say("status", 2, packed=True)
        editor.event("progress")
        assert editor.end() == (0, b"")
        codes = {one["id"]: one["error"]["code"] for one in editor.heard if "error" in one}
        assert codes == {1: "cancelled", 2: "cancelled"}


def test_a_reader_that_leaves_ends_it(shop: Path) -> None:
    with editing(shop) as editor:
        editor.event("ready")
        out = editor.process.stdout
        assert out is not None
        out.close()
        for number in range(3):
            editor.say("status", number)
        assert editor.process.stdin is not None
        editor.process.stdin.close()
        assert editor.process.wait(timeout=LIMIT_S) == 0
        editor.process.stdout = editor.process.stdin = None


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_ends_it_with_130(shop: Path) -> None:
    with editing(shop) as editor:
        editor.ask("status")
        editor.process.send_signal(signal.SIGINT)
        assert editor.process.wait(timeout=LIMIT_S) == 130
        err = editor.process.stderr
        assert err is not None
        assert err.read().strip() == b"packsight: interrupted"


def test_stdout_carries_only_the_protocol(shop: Path) -> None:
    with editing(shop, command=(sys.executable, "-c", NOISY)) as editor:
        editor.ask("status", packed=True)
        code, err = editor.end()
    assert code == 0
    for words in (b"printed by the engine", b"written to descriptor 1", b"said by a child"):
        assert words in err


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([], 2, "--json"),
        (["--json", "nowhere"], 3, "no folder"),
        (["--json", "README.md"], 3, "no folder"),
        (["--json", "--model", "gpt-55"], 3, "gpt-55"),
        (["--json", "--budget", "lots"], 2, "lots"),
        (["--json", "--unit", "utf-7"], 2, "utf-7"),
        (["--json", "--rev", "HEAD"], 2, "work tree"),
    ],
)
def test_a_wrong_command_line_is_refused_before_anything_is_written(
    shop: Path, words: list[str], code: int, message: str
) -> None:
    done = subprocess.run(
        [*COMMAND, "watch", *words], cwd=shop, capture_output=True, text=True, timeout=LIMIT_S,
        stdin=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_every_method_has_its_parameters_described() -> None:
    assert set(METHODS) == {"open", "change", "select", "close", "status", "pack", "configure", "cancel"}
