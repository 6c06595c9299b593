"""Texts made by code: the same on every machine, covering what tokenizers disagree on."""

from __future__ import annotations

import random
from collections.abc import Callable

PIECES = (
    "\n", "\n\n", "\r\n", "\r", " ", "  ", "    ", "\t", "a", "foo", "Bar", "HTTPServer", "'s", "'LL",
    "é", "e\u0301", "漢", "仮名", "한", "ᄒ", "ᅡ", "😀", "👩\u200d💻", "ไทย", "कि", "ß", "\u0301", "▁",
    "/", "//", '"', ")", ")\n", "7", "1234", "_", "=", "<div>", "</h1>", "<|think|>", "<|endoftext|>", "<s>", "[INST]",
    "\x00", "\x0b", "\x1c", "\u0085", "\u00a0", "\u2028", "\u200b",
)  # fmt: skip
CODE = (
    "def {n}(self, {m}: int = {i}) -> str:\n",
    '    """Return the {n} of {m}, or \'{m}\'s default."""\n',
    "    if {n}.{m}[{i}] == \"{n}\":  # don't\n",
    "        return {n}({m}, {i}.5e-3)\n",
    "\n",
    "\n\n",
    "const {n} = async ({m}) => {{ await {m}.{n}(); }};\n",
    "// {n}: see https://example.org/{m}/{i}?q=1\n",
    "/* {n} */ #include <{m}.h>\n",
    "\tfor (int i = 0; i < {i}; i++) {{ {n}[i] <<= 2; }}\r\n",
    "<li class=\"{n}\">{m} &amp; {i}</li>\n",
    "| {n} | {m} | {i} |\n|---|---|---|\n",
    "# {n} — «{m}», naïve café, 東京都, Ελλάδα, Привет мир\n",
)  # fmt: skip
NAMES = ("query", "HTTPResponse", "user_id", "getElementById", "x", "Café", "MAX_SIZE", "übung", "数据", "it")


def mixed(seed: int, length: int) -> str:
    """Return ``length`` pieces that are awkward next to each other."""
    return "".join(random.Random(seed).choices(PIECES, k=length))


def code(seed: int, lines: int) -> str:
    """Return lines that look like source code and prose."""
    dice = random.Random(seed)
    return "".join(
        dice.choice(CODE).format(n=dice.choice(NAMES), m=dice.choice(NAMES), i=dice.randint(0, 99999))
        for _ in range(lines)
    )


def base64(seed: int, length: int) -> str:
    """Return characters as base64 has them, without a line end."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return "".join(random.Random(seed).choices(alphabet, k=length))


def minified(seed: int, length: int) -> str:
    """Return JavaScript on one line."""
    parts = (
        "function(a){",
        "return b;",
        "}",
        "var c=1,",
        'if(x==="y")',
        "foo.bar(",
        "),",
        "'it's'",
        "//x",
        "é",
        "0x1F",
    )
    return "".join(random.Random(seed).choices(parts, k=length // 6))


LONG: dict[str, Callable[[int], str]] = {
    "letter": lambda size: "a" * size,
    "spaces": lambda size: " " * size,
    "newlines": lambda size: "\n" * size,
    "base64": lambda size: base64(1, size),
    "emoji": lambda size: "😀👩\u200d💻" * (size // 4),
    "minified": lambda size: minified(2, size),
    "chinese": lambda size: "".join(random.Random(3).choices("漢字仮名交文中国語的一是不了", k=size)),
    "mixed": lambda size: mixed(4, size // 2),
    "blank lines": lambda size: "".join(random.Random(5).choices("\n ", k=size)),
    "punctuation": lambda size: "".join(random.Random(6).choices("=/*-+!é", k=size)),
    "cases": lambda size: "".join(random.Random(7).choices("abcDEFé漢", k=size)),
    "code": lambda size: code(8, size // 30),
}
"""Makers of long texts by name; the argument is about how many characters."""
