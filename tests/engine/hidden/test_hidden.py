from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.hidden import find_hidden, neutral


@pytest.mark.parametrize(
    ("text", "kind", "marked"),
    [
        ("if a\u202e\u2066: pass", "bidi", "if a⟨U+202E and 1 more⟩: pass"),
        ("hello\U000e0049\U000e0067\U000e006e", "tag", "hello⟨U+E0049 and 2 more⟩"),
        ("a\u200bb", "zero-width", "a⟨U+200B⟩b"),
        ("x\ufe0f", "variation-selector", "x⟨U+FE0F⟩"),
        ("\U0001f600\U000e0154\U000e0155", "variation-selector", "\U0001f600⟨U+E0154 and 1 more⟩"),
        ("a\u2028## `b`", "line-separator", "a⟨U+2028⟩## `b`"),
        ("a\u3164b", "invisible", "a⟨U+3164⟩b"),
        ("p\u0430yp\u0430l", "homoglyph", "p⟨U+0430⟩yp⟨U+0430⟩l"),
        ("e\uff56al(x)", "homoglyph", "e⟨U+FF56⟩al(x)"),
        ("\U0001d41evil", "homoglyph", "⟨U+1D41E⟩vil"),
        ("left \u200fright", "bidi", "left ⟨U+200F⟩right"),
    ],
)
def test_hidden_characters_are_found_and_marked(text: str, kind: str, marked: str) -> None:
    assert {one.kind for one in find_hidden(text)} == {kind}
    assert neutral(text) == marked
    assert neutral(text, "keep") == text
    if kind != "homoglyph":
        assert neutral(text, "drop").isprintable()
    assert not find_hidden(neutral(text))


@pytest.mark.parametrize(
    "text",
    [
        "plain text",
        "grüße, ναι, да, 日本語",
        "ＡＰＩ を使う, 𝑥 + 𝑦",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 family",
        "\u2764\ufe0f and 1\ufe0f\u20e3",
        "می\u200cخواهم",
        "שלום \u200f(א)",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "葛\U000e0100城",
        "IPадрес",
        "Δx = αβ",
    ],
)
def test_what_belongs_is_left_alone(text: str) -> None:
    assert find_hidden(text) == []
    assert neutral(text) is text


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("ab \n\u200b\u200d\u202e\u2066\ufe0f\U000e0041\U0001f3f4\U000e007f\u0430א\u200f漢")
    )
)
def test_marking_leaves_nothing_hidden_and_all_lines(text: str) -> None:
    shown = neutral(text)
    assert shown.count("\n") == text.count("\n")
    found = find_hidden(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    kept = "".join(char for n, char in enumerate(text) if not any(one.start <= n < one.end for one in found))
    dropped = neutral("".join(text), "drop")
    assert [c for c in dropped if c in "ab\n"] == [c for c in kept if c in "ab\n"]
