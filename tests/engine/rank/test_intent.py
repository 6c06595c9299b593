"""Intents of queries: what is read in them, what they name, and that nothing hostile hurts."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.model import ChunkClass
from engine.rank.intent import BY_HAND, Entity, read_intent
from engine.rank.intent_rules import INTENTS, intent_rules

LABELS = tomllib.loads((Path(__file__).parent / "intents.toml").read_text("utf-8"))
LEAST_LABELS, WANTED = 150, 0.90

PYTHON = """Traceback (most recent call last):
  File "/srv/app/shop/basket.py", line 41, in total
    return sum(prices)
TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'
"""


@pytest.mark.parametrize("part", ["tuned", "held"])
def test_labelled_queries_are_read_as_a_person_reads_them(part: str) -> None:
    pairs = [(label, query) for label, queries in LABELS[part].items() for query in queries]
    right = sum(read_intent(query).name == label for label, query in pairs)
    assert right / len(pairs) >= WANTED


def test_the_labels_are_many_distinct_and_a_third_is_held_back() -> None:
    tuned, held = ([query for queries in LABELS[part].values() for query in queries] for part in ("tuned", "held"))
    assert len(tuned) + len(held) >= LEAST_LABELS
    assert len(held) * 3 >= len(tuned) + len(held)
    assert len({*tuned, *held}) == len(tuned) + len(held)
    assert set(LABELS["held"]) == set(LABELS["tuned"]) == set(INTENTS)


@pytest.mark.parametrize(
    ("query", "frame"),
    [
        (PYTHON, Entity("frame", "/srv/app/shop/basket.py", 41, "total")),
        (
            "goroutine 1 [running]:\nmain.main()\n\t/go/src/shop/main.go:12 +0x1d",
            Entity("frame", "/go/src/shop/main.go", 12, "main.main"),
        ),
        (
            "panic: x\ngithub.com/a/shop.(*Basket).Total(0xc0, 0x1)\n\t/go/src/shop/basket.go:7",
            Entity("frame", "/go/src/shop/basket.go", 7, "shop.(*Basket).Total"),
        ),
        ("panic: x\n\t/go/src/shop/basket.go:7", Entity("frame", "/go/src/shop/basket.go", 7)),
        (
            "Error: no\n    at Basket.total (/app/lib/basket.js:9:3)",
            Entity("frame", "/app/lib/basket.js", 9, "Basket.total"),
        ),
        ("\tat shop.Basket.total(Basket.java:77)", Entity("frame", "Basket.java", 77, "shop.Basket.total")),
        ("thread 'main' panicked at src/basket.rs:5:9:", Entity("frame", "src/basket.rs", 5)),
        ("shop/basket.rb:8:in 'total'", Entity("frame", "shop/basket.rb", 8, "total")),
        ("#0 /var/www/basket.php(31): Basket->total()", Entity("frame", "/var/www/basket.php", 31, "Basket->total")),
    ],
)
def test_frames_of_traces_are_found(query: str, frame: Entity) -> None:
    intent = read_intent(query)
    assert intent.name == "incident"
    assert frame in intent.entities


@pytest.mark.parametrize(
    ("query", "kind", "name"),
    [
        ("what does compute_total do with MAX_ITEMS?", "function", "compute_total"),
        ("what does compute_total do with MAX_ITEMS?", "setting", "MAX_ITEMS"),
        ("the class Basket in shop/basket.py", "class", "Basket"),
        ("the class Basket in shop/basket.py", "file", "shop/basket.py"),
        ("POST /orders/:id is slow", "route", "/orders/:id"),
        ("it raises shop.errors.EmptyBasketError: nothing", "error", "shop.errors.EmptyBasketError"),
        ("`Basket.total` is called twice", "function", "Basket.total"),
    ],
)
def test_things_that_a_query_names_are_found(query: str, kind: str, name: str) -> None:
    assert (kind, name) in {(entity.kind, entity.name) for entity in read_intent(query).entities}


@pytest.mark.parametrize("chosen", INTENTS)
def test_an_intent_may_be_chosen_by_hand(chosen: str) -> None:
    intent = read_intent(PYTHON, chosen)
    assert (intent.name, intent.confidence, intent.reasons) == (chosen, 1.0, (BY_HAND,))
    assert any(entity.kind == "frame" for entity in intent.entities)


def test_an_intent_that_is_none_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        read_intent("total", "fix")
    assert all(name in caught.value.hint for name in INTENTS)


def test_more_evidence_makes_more_confident() -> None:
    assert read_intent(PYTHON).confidence > read_intent("KeyError in the basket").confidence > 1 / len(INTENTS)
    assert read_intent("KeyError in the basket").name == "incident"


def test_each_intent_says_what_it_changes() -> None:
    effects = intent_rules().effects
    assert set(effects) == set(INTENTS)
    assert all(effect.changes() for effect in effects.values())
    assert effects["config"].weights[ChunkClass.CONFIG] > 1
    assert effects["incident"].weights[ChunkClass.TESTS] > 1


@given(st.text(max_size=400))
def test_any_text_has_an_intent(text: str) -> None:
    intent = read_intent(text)
    assert intent.name in INTENTS
    assert 1 / len(INTENTS) <= intent.confidence <= 1
    assert all("\n" not in entity.name and entity.line >= 0 for entity in intent.entities)


@pytest.mark.parametrize(
    "piece",
    ["a.", "a_", "aA", "/a", "a/", "<a", "A_", "Aa", "::", "`", "  at ", "\tat a(", "#0 a", "\n", "def ", "a b ", "(",
     "{:", "how do i ", "File \"", "where is ", "0", "Error: ", "panicked at '"],
)  # fmt: skip
def test_no_text_takes_long(piece: str) -> None:
    started_s = time.process_time()
    read_intent(piece * (200_000 // len(piece)))
    assert time.process_time() - started_s < 2.0
