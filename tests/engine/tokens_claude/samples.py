"""Texts that exercise every kind of character the counter tells apart."""

from __future__ import annotations

from hypothesis import strategies as st

CODE = '''def first_name(self, HTTPServer, MAX_SIZE=4096):
    """Return the caller's name; it's "quoted"."""
    if self.x >= 10 and not (a - b) + 1:
        return [i ** 2 for i in range(1000000)]  # TODO: don't

\tlast = f"{self!r} 'then' {2 + 2}" - 1
'''

EDGES = [
    "", " ", "  ", "\n", "\n\n", " \n", "\t", "\u3000", "a", " a", "  a", "a ", "a  ", "a\n", "a\n" + "\n" * 40,
    "'", " '", "'s", "'s a", "it's", "it'S", "it'sx", "x 's", "('s", "1's", "² 's", "²'s", "²१'s", "Ⓐ's", "文's", "’s",
    "'First", "a 'b", "(1) + 2 - x", "1 + 1", "1 a", "a 1", "! a", "a !", "a ! b", "a !  b", "A", "AB", "ABC", "ABCD",
    "ABCDe", "Abc", "aBc", "ÀÉÎÕ", "Àéîõ", "İstanbul", "Aİb", "STRASSE", "STRAẞE", "Σίσυφος", "ΣΊΣΥΦΟΣ", "ϴα", "ǅ",
    "ǄA",
    "ⅣⅤⅥⅦ", "Ⓐⓑ", "1 2", "١ ٢", "1٣ 文", "² 文", "文 ² 文", "१ २", "²१ 文", "²\ufe0f 文", "\ufe0f", "⚖️ a", "文\ufe0f²",
    "中文。？ 1", "한국어 텍스트", "日本語のテキスト", "々〆〱", "〒 a", "ไทย กํา",
    "नमस्ते दुनिया", "தமிழ்.",
    "العربية", "שָׁלוֹם",
    "\u0301", "a\u0301", "1\u0301b", "文\u093eb", "\u093e\u0301Ab", "ܐܰܒ", "\u0730a", ".\u0730a", "e\u0301\u0323",
    "😀", "😀 a", "👨‍👩‍👧", "🇩🇪", "𝐀𝟘", "\x00", "a\x00b", "\x01", "a\x01b", "\r\n", "a\r\nb\r\n", "\x85", "\xa0a",
    "\ud800", "a\udfffb", "\ue000a", "\ufdd0", "a\ufdd1 \ufdd0b", "\ufdd3A", "�", "—a «b» …", "（）", "․․․․",
    "a" * 300, "A" * 300, " " * 300, "\n" * 300 + "a", "." * 300, "1" * 300, "=" * 80 + "\n", "😀" * 50, "ab" * 40,
]  # fmt: skip

_POOLS = [
    "abcXYZ", "sStTdmlvre'", "'\"’‘“”", "0123456789", "   ", "\n\n \t", "!@#$%^&*()_+-=[]{}|;:,./<>?`~\\",
    "文中の日本語한국々〆〱",
    "éüñÉÀßẞİıΣσςϴθ", "\u0301\u0323\u0308\u0345\u0e4d\u0e32\u093e\u094d", "😀👍🏽\u200d❤\ufe0f🇩🇪",
    "²³½१२٢٣۴①②௰０９", "\ufe0f\ufe00",
    "\x00\x01\r\x0b\x85\xa0\u2003\u3000", "\ufdd0\ufdd1\ufdd2\ue000\uf8ff", "—»«•°„–−£§…√→（№│·═█", "）。、「〒×±।",
    "ⒶⓐⅣⅳᛮ", "ᲉᲊꟋɤǅǆǄℳ",
    "ܐܑܰܙ", "\ud800\udfff", "АбвДЖ", "\u0378\u0f73", "𝟘𝐀𐐀𞤀",
]  # fmt: skip

_characters = st.sampled_from(_POOLS).flatmap(st.sampled_from) | st.characters(codec=None)
texts = st.lists(_characters | st.sampled_from([" ", "a", "'s", " '", "The", "\n    "]), max_size=40).map("".join)
"""Short strings in which unlike characters meet, lone surrogates and unassigned characters included."""
