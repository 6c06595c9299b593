"""Logs in the shape of Claude Code's, made by code: turns of several lines with texts, thoughts, tools and results.

Sizes are spread as in real sessions: most blocks are a few hundred bytes, tool results some KB, some of them far more.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

_WORDS = (
    "def", "return", "self.", "the", "budget", "tokens", "  if ", "\n", "\n    ", '"quoted"', "path/to/file.py", "None",
    "error:", "import", "0x7f", "{", "}", "usage", "==", "and", "of", "\t",
)  # fmt: skip
_RARE = ("é", "→", "…", "✓", "\\", "\x1b[31m")
"""What is beyond ASCII or needs an escape of six letters: one word in a hundred, as in code and its output."""


def write(folder: Path, megabytes: float, seed: int = 7) -> tuple[list[Path], int]:
    """Write sessions until they have a size; return their files and the number of answers in them."""
    random_ = random.Random(seed)
    texts = _Texts(random_)
    left, files, answers = megabytes * 1e6, [], 0
    while left > 0:
        path = folder / f"project-{len(files) % 5}" / f"{uuid.UUID(int=random_.getrandbits(128), version=4)}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "w", encoding="utf-8") as log:
            for turn in range(random_.randrange(50, 400)):
                for line in _turn(random_, texts, path.stem, turn):
                    left -= log.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
                answers += 1
                if left <= 0:
                    break
        files.append(path)
    return files, answers


class _Texts:
    """Slices of one long text: making each text anew would take longer than everything that is measured."""

    def __init__(self, random_: random.Random) -> None:
        self._random = random_
        words = (random_.choice(_RARE if random_.random() < 0.01 else _WORDS) for _ in range(120_000))
        self._text = " ".join(words)

    def about(self, median: int) -> str:
        """A text of about some characters, log-normal."""
        size = min(int(self._random.lognormvariate(0, 0.9) * median), 200_000)
        begin = self._random.randrange(max(1, len(self._text) - size))
        return self._text[begin : begin + size]


def _turn(random_: random.Random, texts: _Texts, session: str, turn: int) -> Iterator[dict[str, object]]:
    at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=turn * 11 + random_.random())
    common = {
        "parentUuid": _id(random_), "isSidechain": False, "userType": "external", "cwd": "/home/someone/project",
        "sessionId": session, "version": "2.1.280", "gitBranch": "main",
    }  # fmt: skip
    yield common | {
        "type": "user",
        "message": {
            "role": "user",
            "content": [{"tool_use_id": "toolu_" + _id(random_), "type": "tool_result", "content": texts.about(2500)}],
        },
        "uuid": _id(random_), "timestamp": _text(at), "toolUseResult": {"stdout": texts.about(400), "stderr": ""},
    }  # fmt: skip
    blocks: list[dict[str, object]] = []
    if random_.random() < 0.4:
        blocks.append({"type": "thinking", "thinking": texts.about(300), "signature": texts.about(900)})
    if random_.random() < 0.5:
        blocks.append({"type": "text", "text": texts.about(400)})
    if not blocks or random_.random() < 0.8:
        tool = {"type": "tool_use", "id": "toolu_" + _id(random_), "name": "Edit"}
        blocks.append(tool | {"input": {"file_path": "src/a.py", "new_string": texts.about(700)}})
    output, message = random_.randrange(20, 3000), "msg_" + _id(random_)
    request = "req_" + _id(random_)
    for number, block in enumerate(blocks):
        usage = {
            "input_tokens": 3, "cache_creation_input_tokens": 900, "cache_read_input_tokens": 12_000 + turn,
            "output_tokens": output, "output_tokens_details": {"thinking_tokens": output // 3},
            "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0}, "service_tier": "standard",
            "cache_creation": {"ephemeral_1h_input_tokens": 900, "ephemeral_5m_input_tokens": 0},
            "inference_geo": "not_available",
            "iterations": [{
                "input_tokens": 3, "output_tokens": output, "cache_read_input_tokens": 12_000 + turn,
                "cache_creation_input_tokens": 900, "type": "message",
            }],
            "speed": "standard",
        }  # fmt: skip
        yield common | {
            "message": {
                "model": "claude-opus-5-5", "id": message, "type": "message", "role": "assistant", "content": [block],
                "stop_reason": "tool_use" if blocks[-1]["type"] == "tool_use" else "end_turn", "stop_sequence": None,
                "stop_details": None, "usage": usage,
            },
            "apiBlockIndex": number, "requestId": request, "type": "assistant", "uuid": _id(random_),
            "timestamp": _text(at + timedelta(seconds=4 + number)), "effort": "high",
        }  # fmt: skip


def _id(random_: random.Random) -> str:
    return str(uuid.UUID(int=random_.getrandbits(128), version=4))


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"
