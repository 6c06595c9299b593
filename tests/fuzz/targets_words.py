"""Words that somebody types or a program sends: queries, budgets, arguments of commands and of tools."""

from __future__ import annotations

import contextlib
import json
import random
from functools import cache
from typing import Any

from engine.budget import parse_budget
from engine.errors import PacksightError
from engine.mcp.roots import Roots, path_of_url, roots_of
from engine.mcp.schemas import schema_of
from engine.mcp.server import TOOLS
from engine.mcp.words import read_words
from engine.rank.intent import read_intent
from engine.rank.query import message_terms, parse_query, term_ids
from engine.rank.query_numbers import query_settings
from engine.rank.terms import terms_of
from engine.tuning import parse_max_level, parse_pin, parse_share, parse_weight
from tests.fuzz.case import Target
from tests.fuzz.mutate import ODD, json_bytes, spoiled, spoiled_tree
from tests.fuzz.seeds import texts
from tests.fuzz.targets_files import home, told

_QUERIES = (
    b"where is the budget parsed",
    b"fix crash in `parse_budget()` when 40% of window\n\nSigned-off-by: A <a@b.c>\n",
    b'Traceback (most recent call last):\n  File "engine/budget.py", line 40, in parse\n    raise Usage\nValueError: x',
    b"GET /api/v1/users/{id} returns 500 src/app/views.py:120",
    b"MAX_RETRIES setting in config/base.toml",
    b"class Foo(Bar): urlMap",
    b"panic: runtime error\n\tmain.go:12 +0x1d",
    b"at Object.<anonymous> (/app/index.js:3:15)",
    "où est 設定 über-naïve".encode(),
)


def make_query(dice: random.Random) -> bytes:
    """Spoil a question, an issue or a trace."""
    return spoiled(dice.choice(_QUERIES), dice, (*_QUERIES, *texts()), ODD, most=6)


def check_query(case: bytes) -> None:
    """Any text is a query, within its limits; its terms are numbers that an index can have."""
    text = case.decode("utf-8", "surrogateescape")
    found = parse_query(text)
    rules = query_settings()
    assert len(found.weights) <= rules.most_terms
    assert all(weight > 0 for weight in found.weights.values())
    assert all(0 <= number < 2**32 for number, _ in term_ids(found))
    intent = read_intent(text)
    assert 0 <= intent.confidence <= 1
    assert all(0 <= number < 2**32 for number in message_terms(text))
    for word in case.split()[:40]:
        assert all(0 <= number < 2**32 for number in terms_of(word))


_FORMS = (
    b"32000",
    b"32k",
    b"1M",
    b"40%",
    b"1,000,000",
    b"1_000.5k",
    b"code=2",
    b"tests=0..20%",
    b"docs=0.1..0.3",
    b"src/*.py=0",
)


def make_form(dice: random.Random) -> bytes:
    """Spoil a budget, a share, a weight, a pin."""
    return spoiled(
        dice.choice(_FORMS), dice, _FORMS, (b"%", b"k", b".", b"..", b"=", b"_", b",", b"e9", b"inf", b"nan"), most=3
    )


def check_form(case: bytes) -> None:
    """Written forms are what they may be, or refused in words."""
    text = case.decode("utf-8", "surrogateescape")
    with refusals():
        assert 0 < parse_budget(text, 200_000) <= 200_000
    with refusals():
        low, high = parse_share(text)[1]
        assert 0 <= low <= high <= 1
    with refusals():
        assert parse_weight(text)[1] >= 0
    with refusals():
        assert 0 <= parse_pin(text)[1] <= 5
    with refusals():
        assert 0 <= parse_max_level(text)[1] <= 5


class refusals(contextlib.AbstractContextManager["refusals"]):  # noqa: N801  reads as a function
    """Takes errors for people, and checks what they say."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, PacksightError):
            told(error)
            return True
        return False


# -- tools of the server ---------------------------------------------------------------------------------------------


@cache
def _calls() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Arguments for every tool: a value of the right kind for each."""
    found = []
    for name, tool in TOOLS.items():
        schema = schema_of(tool.words)
        found.append((name, {key: _value(key, one) for key, one in schema["properties"].items()}))
    return tuple(found)


def _value(key: str, schema: dict[str, Any]) -> Any:
    known = {
        "path": "src",
        "place": "src/app.py:1-3",
        "budget": "32k",
        "model": "gpt-5",
        "max_tokens": 5000,
        "rev": "HEAD",
    }
    kinds = {
        "integer": 3,
        "number": 0.5,
        "boolean": True,
        "array": ["a", "b/*.py"],
        "object": {"code": 1},
        "string": "word",
    }
    return known.get(key, kinds.get(schema.get("type", "string"), "word"))


def make_call(dice: random.Random) -> bytes:
    """Spoil the arguments of a tool."""
    name, arguments = dice.choice(_calls())
    some = {key: value for key, value in arguments.items() if dice.random() < 0.5}
    data = json_bytes(spoiled_tree({"tool": name, "arguments": some}, dice), dice)
    return data if dice.random() < 0.85 else spoiled(data, dice, (data,), most=2)


def check_call(case: bytes) -> None:
    """Arguments are refused in words, or are what the tool says it takes; paths stay below the roots."""
    try:
        found = json.loads(case.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return
    if not isinstance(found, dict) or not isinstance(found.get("tool"), str) or found["tool"] not in TOOLS:
        return
    given = found.get("arguments")
    if given is not None and not isinstance(given, dict):
        return
    tool = TOOLS[found["tool"]]
    with refusals():
        words = read_words(tool.words, given)
        assert read_words(tool.words, words.model_dump(exclude_unset=True)) == words
        roots = _roots()
        for name in ("path", "workspace"):
            path = getattr(words, name, "")
            with refusals():
                assert roots.holds(roots.resolve(path))
            with refusals():
                assert path_of_url(path).startswith("/")


@cache
def _roots() -> Roots:
    root = home() / "root"
    (root / "src").mkdir(parents=True)
    (root / "src" / "app.py").write_text("x = 1\n")
    (root / "out").symlink_to("/etc")
    return roots_of([root], "the test")


TARGETS = (
    Target("query", "any text is a query", make_query, check_query, 60),
    Target("form", "budgets, shares, weights and pins are read or refused", make_form, check_form, 150),
    Target("mcp", "arguments of tools are read or refused, paths stay inside", make_call, check_call, 60),
)
