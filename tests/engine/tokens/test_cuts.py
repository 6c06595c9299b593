"""The facts about vocabularies that the cut rules rest on."""

from __future__ import annotations

import pytest
import splintr

from engine.tokens import tokenizer
from engine.tokens.cuts import CutRule, rule
from engine.tokens.specs import built_in
from tests.engine.tokens import texts

SPECS = {spec.name: spec for spec in built_in().values()}


@pytest.mark.parametrize("name", sorted(name for name, spec in SPECS.items() if spec.cuts.startswith("newline")))
def test_no_piece_joins_a_newline_with_anything_else(name: str) -> None:
    engine = splintr.Tokenizer.from_pretrained(SPECS[name].engine)
    special = set(engine.special_tokens().values())
    pieces = (engine.decode_token_bytes(at) for at in range(splintr.base_vocab_size(name)) if at not in special)
    with_newline = [piece for piece in pieces if b"\n" in piece]
    assert all(not piece.strip(b"\n") for piece in with_newline)
    if SPECS[name].cuts == "newlines":
        assert with_newline == [b"\n"]


@pytest.mark.parametrize("name", sorted(SPECS))
def test_every_safe_border_adds_up(name: str) -> None:
    counter, cuts = tokenizer(name), rule(SPECS[name].cuts)
    anchor = "\n" if SPECS[name].lead else ""
    base = counter.count(anchor)
    borders = 0
    for seed in range(25):
        text = texts.mixed(seed, 50) + texts.code(seed, 4)
        whole = counter.count(text)
        for at in range(1, len(text)):
            if cuts.joins(text[:at], text[at:]):
                borders += 1
                assert counter.count(text[:at]) + counter.count(anchor + text[at:]) - base == whole, text[
                    at - 3 : at + 3
                ]
    assert borders > 100


@pytest.mark.parametrize("kind", ["lines", "newlines", "newline-runs"])
def test_cuts_inside_a_text_are_borders(kind: str) -> None:
    cuts: CutRule = rule(kind)
    for seed in range(50):
        text = texts.mixed(seed, 40)
        first, last = cuts.first(text), cuts.last(text, len(text))
        for cut in (first, last, cuts.last(text, len(text) // 2)):
            assert cut == -1 or cuts.joins(text[:cut], text[cut:])
        assert (first == -1) or last >= first
        assert cuts.last(text, len(text) // 2) <= len(text) // 2
