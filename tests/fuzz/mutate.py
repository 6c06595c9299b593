"""Spoiling what is sound: flips, cuts, splices, tokens and characters with a meaning somewhere, values in trees."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

_ODD_TEXTS = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in (
        "\0",
        "\r",
        "\r\n",
        "\n",
        "\n\n",
        "\t",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x85",
        "\x1b[31m",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\u202e",
        "\u200b",
        "\u00ad",
        "\U000e0041",
        "\ud800",
        "\udcff",
        "é",
        "é",
        "İ",
        "ß",
        "ﬁ",
        "漢",
        "😀",
        "👨‍👩‍👧",
        "…",
        "⋯",
        "</file>",
        "```",
        "~~~",
        "@@@",
        "]]>",
        "&lt;",
        "\\",
        "\\\n",
        '"',
        "'",
        '"""',
        "'''",
        "`",
        "%s",
        "{}",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "#",
        "//",
        "/*",
        "*/",
        "--",
        "$(x)",
        "../",
        "-",
        "=",
        ":",
        ";",
        ",",
        "0",
        "-1",
        "1e999",
        "9" * 40,
        "NaN",
        "Infinity",
        "null",
        "true",
        "a" * 300,
        "[" * 200,
        "(" * 200,
        "{" * 200,
    )
)
_ODD_BYTES = (b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xf0\x9f", b"\xed\xa0\x80", b"\xc0\x80")
ODD = _ODD_TEXTS + _ODD_BYTES
"""What has a meaning somewhere, or no meaning anywhere."""

VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    2**31,
    2**63,
    2**64,
    10**30,
    0.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    "",
    " ",
    "0",
    "-1",
    "NaN",
    "\x00\x1b[31m",
    "\ud800",
    "\udc80",
    "\u202e",
    "x" * 3000,
    [],
    {},
    [[]],
    [None],
    {"a": 1},
    [{}],
    "[",
    "{",
    "0000-00-00",
    "9999-12-31T23:59:59-14:00",
    "2026-11-20T10:00:00",
    {"value": {"arrayValue": 3}},
    ["\ud800"],
    "\n",
    "1e999",
)
"""Values of JSON that are odd in most places."""

_LONGEST = 20_000
"""Bytes of a case."""


def spoiled(
    data: bytes, dice: random.Random, others: Sequence[bytes], tokens: Sequence[bytes] = (), most: int = 8
) -> bytes:
    """Change a few things in bytes.

    Args:
        data: What is sound.
        dice: Decides.
        others: Other sound inputs, to take pieces of.
        tokens: Words of the grammar.
        most: Changes at most.
    """
    made = bytearray(data)
    for _ in range(dice.randint(1, most)):
        size = len(made)
        at = dice.randrange(size + 1)
        act = dice.randrange(12)
        if act == 0 and size:
            made[at % size] ^= 1 << dice.randrange(8)
        elif act == 1 and size:
            made[at % size] = dice.randrange(256)
        elif act == 2:
            del made[at : at + _length(dice)]
        elif act == 3:
            made[at:at] = made[at : at + _length(dice)] * dice.choice((1, 1, 2, 9))
        elif act == 4:
            del made[at:]
        elif act == 5:
            other = dice.choice(others)
            start = dice.randrange(len(other) + 1)
            made[at:at] = other[start : start + _length(dice) * 4]
        elif act == 6:
            other = dice.choice(others)
            made[at:] = other[dice.randrange(len(other) + 1) :]
        elif act == 7:
            end = at + _length(dice)
            made[at:end] = bytes(reversed(made[at:end]))
        elif act == 8 and tokens:
            old = dice.choice(tokens)
            found = made.find(old, at)
            if found >= 0:
                made[found : found + len(old)] = dice.choice(tokens)
        elif act in (9, 10) and tokens:
            made[at:at] = dice.choice(tokens)
        else:
            made[at:at] = dice.choice(ODD) * dice.choice((1, 1, 1, 2, 7))
    return bytes(made[:_LONGEST])


def _length(dice: random.Random) -> int:
    return int(dice.expovariate(1 / 12)) + 1


def spoiled_tree(value: Any, dice: random.Random, most: int = 3) -> Any:
    """Change a few values anywhere in a value of JSON."""
    made = [copy.deepcopy(value)]
    for _ in range(dice.randint(1, most)):
        places = list(_places(made))
        container, key = dice.choice(places)
        act = dice.randrange(8)
        if act == 0 and isinstance(container, list) and container is not made:
            container.insert(key, copy.deepcopy(dice.choice(places)[0]) if len(json_bytes(made)) < 4000 else None)
        elif act == 1 and container is not made:
            del container[key]
        elif act == 2 and isinstance(container, dict):
            container[_spelt(str(key), dice)] = container.pop(key)
        elif act == 3 and isinstance(container[key], str):
            container[key] = _spelt(container[key], dice)
        else:
            container[key] = copy.deepcopy(dice.choice(VALUES))
    return made[0]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a value, and each key or index of it."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _spelt(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) + 1)
    odd = dice.choice(ODD).decode("utf-8", "surrogateescape")
    return dice.choice((text[:at], text[at:], text[:at] + odd + text[at:], text + text, text.upper(), text[::-1]))[
        :4000
    ]


def json_bytes(value: Any, dice: random.Random | None = None) -> bytes:
    """Write JSON; now and then with characters as they are instead of escapes."""
    if dice is not None and dice.random() < 0.3:
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return json.dumps(value).encode("ascii")
