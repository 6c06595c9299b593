"""Counts that a new version of a dependency must not change silently.

``golden.json`` was written by ``python -m tests.engine.tokens.test_golden`` when the counts agreed with tiktoken and
sentencepiece (``test_exactness``) wherever one of them serves the vocabulary.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.tokens import encodings, tokenizer
from tests.engine.tokens import texts

GOLDEN = Path(__file__).with_name("golden.json")
NAMES = [name for name in encodings() if not name.startswith("claude")]


def samples() -> dict[str, str]:
    """Return the texts by name."""
    return {
        **{f"code {seed}": texts.code(seed, 60) for seed in range(3)},
        **{f"mixed {seed}": texts.mixed(seed, 150) for seed in range(3)},
        **{kind: make(3_000) for kind, make in texts.LONG.items()},
    }


def counts(name: str) -> dict[str, int]:
    """Count all texts with one encoding."""
    return dict(zip(samples(), tokenizer(name).count_many(list(samples().values())), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_counts_are_those_written_down(name: str) -> None:
    assert counts(name) == json.loads(GOLDEN.read_text("utf-8"))[name]


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps({name: counts(name) for name in NAMES}, indent=1) + "\n", "utf-8")
