"""The shape of the labelled set that ``benchmarks/classify_accuracy.py`` measures against."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from engine.model import ChunkClass

Label = dict[str, object]


@pytest.fixture(scope="module")
def labels() -> list[Label]:
    path = Path(__file__).with_name("labels.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_there_are_enough_in_enough_languages(labels: list[Label]) -> None:
    assert len(labels) >= 320
    common = [name for name, count in Counter(one["language"] for one in labels).items() if count >= 10]
    assert len(common) >= 6


def test_every_class_is_there(labels: list[Label]) -> None:
    counts = Counter(one["label"] for one in labels)
    assert set(counts) == {one.value for one in ChunkClass}
    # A lock file is one chunk, and few repositories have more than one.
    assert all(count >= 20 for name, count in counts.items() if name != "lockfile")


def test_ambiguous_ones_say_why(labels: list[Label]) -> None:
    assert sum(bool(one.get("note")) for one in labels) >= 50


def test_no_place_is_labelled_twice(labels: list[Label]) -> None:
    places = Counter((one["repo"], one["path"], one["start_line"]) for one in labels)
    assert max(places.values()) == 1


def test_a_third_is_held_out(labels: list[Label]) -> None:
    assert 0.25 < sum(one["holdout"] is True for one in labels) / len(labels) < 0.4


def test_labels_hold_no_text_of_others(labels: list[Label]) -> None:
    keys = {"repo", "commit", "path", "start_line", "end_line", "language", "sha256", "label", "holdout", "note"}
    for one in labels:
        assert set(one) <= keys
        assert re.fullmatch(r"[0-9a-f]{64}", str(one["sha256"]))
        assert re.fullmatch(r"[0-9a-f]{40}|\d+(\.\d+)+", str(one["commit"]))
        assert isinstance(one["start_line"], int)
        assert isinstance(one["end_line"], int)
        assert 1 <= one["start_line"] <= one["end_line"]
