from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.render import display_path, visible_name, visible_text

any_text = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\x1b\x9b\r\n\t\\\u202e\u200b\udcff\x00xu{}0")))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("src/naïve 文件.py", "src/naïve 文件.py"),
        ("a\nb", "a\\x0ab"),
        ("esc\x1b[31m", "esc\\x1b[31m"),
        (os.fsdecode(b"bad\xff.txt"), "bad\\xff.txt"),
        ("x\u202egnp.exe", "x\\u{202e}gnp.exe"),
        ("c1\x85", "c1\\u{85}"),
        ("back\\slash", "back\\\\slash"),
        ("zero\u200bwidth", "zero\\u{200b}width"),
        ("lone\ud800", "lone\\u{d800}"),
    ],
)
def test_paths_show_what_cannot_be_seen(path: str, shown: str) -> None:
    assert display_path(path) == shown


@given(any_text, any_text)
def test_different_paths_look_different(one: str, other: str) -> None:
    assert (display_path(one) == display_path(other)) == (one == other)


@given(any_text)
def test_a_shown_path_is_one_printable_line(path: str) -> None:
    shown = display_path(path)
    shown.encode()
    assert shown.splitlines() == ([shown] if shown else [])
    assert not set(shown) & {"\x1b", "\t", "\u202e", "\u200b"}


@given(any_text)
def test_text_holds_no_control_and_keeps_its_lines(text: str) -> None:
    shown = visible_text(text)
    shown.encode()
    assert shown.count("\n") == text.count("\n")
    assert all(char in "\n\t" or (ord(char) >= 32 and not 127 <= ord(char) < 160) for char in shown)
    assert visible_text(shown) == shown


def test_text_is_left_alone_where_it_is_harmless() -> None:
    assert visible_text("a\tb\r\nc\rd\x1b[0m\x7f\x9b") == "a\tb\nc␍d␛[0m␡\\x9b"
    assert visible_text("naïve 文件 🎉 \u202e") == "naïve 文件 🎉 \u202e"


@given(any_text)
def test_a_shown_name_is_one_printable_line(name: str) -> None:
    shown = visible_name(name)
    shown.encode()
    assert shown.splitlines() == ([shown] if shown else [])
    assert not set(shown) & {"\x1b", "\t", "\u202e", "\u200b"}


def test_names_read_as_they_are_written() -> None:
    assert visible_name("  a\n  b\u2028c ") == "a b c"
    assert visible_name("re\\d+ naïve\u202e") == "re\\d+ naïve\\u{202e}"
