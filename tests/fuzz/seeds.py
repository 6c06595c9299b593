"""Sound input of every kind, to be spoiled: source of all languages, settings, themes, queries, logs."""

from __future__ import annotations

import random
from functools import cache
from importlib import resources
from pathlib import Path

from benchmarks.junk import names, snippets
from tests.fuzz.mutate import ODD, spoiled


@cache
def sources() -> tuple[tuple[bytes, bytes], ...]:
    """(file name, text) of every language with a snippet, and of names without one."""
    texts = snippets()
    spare = tuple(texts.values())
    found = []
    for number, (language, pattern) in enumerate(names()):
        text = texts.get(language) or spare[number % len(spare)]
        found.append((pattern.replace("*", "x").encode(), text))
    return tuple(found)


@cache
def texts() -> tuple[bytes, ...]:
    """Texts of all languages."""
    return tuple(snippets().values())


_SIGNS = (
    *(bytes((sign,)) for sign in b"()[]{}<>\"'`#/*\\$@:;,|&!=-+%~^ \n\t"),
    b"    ",
    b"\n    ",
    b"\n\t",
    b"end\n",
    b"def f(x):\n",
    b"class A:\n",
    b"return x\n",
    b"fn f() {",
    b"if (x) {\n",
    b"}\n",
    b"'''\n",
    b'"""\n',
    b"/**\n",
    b" */\n",
    b"# ",
    b"## H\n",
    b"---\n",
    b"- a: b\n",
    b"=====\n",
    b".. x::\n",
    b"<<EOF\n",
    b"EOF\n",
    b"```py\n",
    b"| a | b |\n",
    b"@x\n",
    b"#[x]\n",
    b"<a>",
    b"</a>",
    b'r#"',
    b"\\N{",
    b"{{",
    b"}}",
    b"${",
    b"::",
    b"=>",
    b"->",
)

_PAIRS = ((b"(", b")"), (b"[", b"]"), (b"{", b"}"), (b"<a>", b"</a>"), (b"- ", b"\n"), (b"> ", b""))


def source_case(dice: random.Random) -> bytes:
    """Make a file: its name, a line end, its text."""
    name, text = dice.choice(sources())
    kind = dice.random()
    if kind < 0.75:
        data = spoiled(text, dice, texts(), _SIGNS, most=12)
    elif kind < 0.85:
        data = b"".join(dice.choices(_SIGNS + ODD, k=dice.randint(1, 60)))
    elif kind < 0.92:
        codec = dice.choice(("utf-16", "utf-16-be", "latin-1", "utf-8-sig"))
        data = spoiled(text.decode().encode(codec, "replace"), dice, texts())
    elif kind < 0.97:
        opening, closing = dice.choice(_PAIRS)
        depth = dice.randint(1, 300)
        data = text[: dice.randrange(60)] + opening * depth + closing * dice.randint(0, depth)
    else:
        data = dice.randbytes(dice.randrange(300))
    return name + b"\n" + data


@cache
def settings() -> tuple[bytes, ...]:
    """Settings files and profiles."""
    return _SETTINGS


@cache
def themes() -> tuple[bytes, ...]:
    """The themes that ship, shortened."""
    folder = resources.files("themes")
    return tuple(entry.read_bytes() for entry in folder.iterdir() if entry.name.endswith(".toml"))


@cache
def own_texts() -> tuple[bytes, ...]:
    """Pieces of this project's own files."""
    root = Path(__file__).resolve().parents[2]
    paths = sorted((root / "engine").glob("*.py"))[:8] + sorted((root / "engine" / "rank").glob("*.toml"))
    return tuple(path.read_bytes()[:3000] for path in paths)


_SETTINGS = (
    b'model = "gpt-5"\nbudget = "32k"\nformat = "xml"\ninclude = ["src/"]\nexclude = ["*.csv"]\nsubmodules = true\n',
    b'name = "lean"\nbudget = 32000\nreserve = 8192\ntuned_at = "abc"\n[pack]\nexcludes = ["a/**"]\n'
    b'[pack.weights]\ncode = 2\ntests = 0.5\n[pack.shares]\ndocs = "0..20%"\ntests = "0.1..0.3"\n'
    b'[pack.max_level]\ntests = 3\n[pack.pins]\n"README.md" = 0\n"src/*.py" = 1\n',
    b'[pack]\npins = {"a" = 0, "b.c" = 5}\nweights = {code = 1.5}\nshares = {data = "..5%"}\n',
    b'[check]\nbase = "main"\nwhy = "small"\nmax_tokens = 50000\n[check.files]\n"*.py" = 3000\n',
    b'[[check]]\nseverity = "warning"\nmax_total = "200k"\n[[check]]\nmax_growth = "5%"\n'
    b'[check.pack]\nbudget = "32k"\nmin_quality = 0.6\n',
    b'[[class_rules]]\nclass = "docs"\npaths = ["guide/**"]\n[[class_rules]]\nclass = "data"\npaths = ["*.json"]\n',
    b'budget = "40%"\nreserve = "8_192"\nrecord = false\n'
    b'profile = "none"\ndb = "sqlite:///x.db"\npack.weights.code = 3\n',
)
TOML_TOKENS = (
    b"[pack]\n",
    b"[[check]]\n",
    b"[[model]]\n",
    b"[base]\n",
    b"weights",
    b"shares",
    b"max_level",
    b"pins",
    b"excludes",
    b"code",
    b"tests",
    b"docs",
    b"budget",
    b"reserve",
    b"name",
    b" = ",
    b"= 1\n",
    b'= ""\n',
    b"= []\n",
    b"= {}\n",
    b"= nan\n",
    b"= inf\n",
    b"= -inf\n",
    b"= 1e400\n",
    b"= 0x_1\n",
    b"= 1979-05-27T07:32:00Z\n",
    b"= 07:32:00\n",
    b"= true\n",
    b'= """\n',
    b"'''\n",
    b".",
    b'"\\u0000"',
    b'"\\ud800"',
    b'"\\U0010ffff"',
    b"= " + b"9" * 5000 + b"\n",
    b"a." * 60,
    b"= [[[[[[]]]]]]\n",
    b"= [" * 300,
    b"= {a=" * 300,
    b'= "32k"\n',
    b'= "0..20%"\n',
    b"\r\n",
    b"# \xff\n",
)
"""Pieces of settings, of themes and of the format itself."""
