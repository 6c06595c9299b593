"""The reader of Python says what the grammar says, or leaves the file to it."""

from __future__ import annotations

from pathlib import Path
from time import thread_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.chunk import decode
from engine.chunk.definitions import Definition
from engine.chunk.facts import Facts, from_captures
from engine.chunk.grammars import captures, parse
from engine.chunk.languages import table
from engine.chunk.python import read_python

PYTHON = table().languages["python"]
CASES = {
    "comments and blocks": """\
def f(a):  # one
    # two
    x = 1
    # three
  # four
# five
    # six
class A:
    # c1

    "doc"
    def g(self):
        pass
    # c2

  # c3
y = [
 1, # in
]  # after
if x:
    pass
    # t1
# t2
else:
    # e0
    pass
# e1
""",
    "definitions in statements": """\
try:
    import a
except (
    ImportError
):
    # none
    def a(): # one
        return 1
finally:
    b = 1
for x in [
    1,
]:  # last
    @d(1)
    # why
    @e
    class C(
        B,
    ):
        def m(self):
            async def n():
                await o()
            return n
        x: int = 3


# end
""",
    "strings": '''\
r"""Doc
of two."""
x = """a
 b"""
y = ("a"
     r"b" f"{x[1]!r:>{w}} {{}} {call(x)}".join(z))
def f():
    """One."""  # said
    f"""{g(
1)}
"""
class A:
    b"doc"
    "a" "b"
def g():
    "a" "b"
''',
    "outdented brackets": """\
def f():
    g(a,
      b
  )
    h([
      1,
]).i(
)
    x = {
        1: (2, '''three
 four''')
 }
""",
    "calls": """\
from m import foo
def f():
    foo(1)(2).x()
    a.b(c)[0].d(e)
    assert (foo)(1)
    foo[0](1)
    foo[0].bar(2)
    (foo
     # why
     .filter(a)
     .all())
    return not foo (x)
    g(*foo(1), **foo(2))
    x = [*foo(1), 2]
    ...
    foo.bar(1.
      )
    1.
    foo()
    {}.get(foo(1))
    [a for a in b].sort()
    (yield).send(1)
""",
    "statements": """\
import a, b as c  # why
from d import (
    e,  # f
    g,
)
x = \\
    1
A = B = 2
C: int
a.b = 3
c == d
def f():
    yield 1
    x = yield (
        2
    )
    yield (
        2
    )
    raise X(
        1
    )
    assert a, (
        b
    )
    global q
    del q
if __name__ == '__main__':
    def h():
        pass
    f()
""",
    "words of two meanings": """\
match = 1
type = 2
match.group(1)
print(1)
print(
    2
)
type, x = 1, 2
""",
    "statements behind a colon": """\
try: import a
except E: a = None
if x: return_(1)
elif f"{x:>3}" == y[1:2]: pass  # why
else: raise A(
    1
)
# note
class B(C): ...
class D:
    def f(self, a: int = 1) -> dict[str, int]: return a
    # note
    async def g(self): await h()
    for x in y: z = 1
    # note
    def i(self):
        if a: return b
        while (a := b()): yield a
        x = 1
if __name__ == "__main__": main()
""",
    "no newline at the end": "def f():\n    return 1\n    # end",
    "nothing": "\n\n  \n",
    "comments only": "# a\n  # b\n",
}
LEFT = {
    "definition behind a colon": "class A: def f(): pass\n",
    "function without a name behind a colon": "if lambda: x: y()\n",
    "two on a line": "a = 1; b = 2\n",
    "call on bytes in a format string": "def f(x):\n    return f\"a {x(b''.join(x))}\"\n",
    "list that is computed and assigned to": "[x for x in x] = x\n",
    "everything of the future": "from __future__ import *\n",
    "outdented behind a dot": "def f():\n    (a.\n  b)\n",
    "outdented behind an operator": "def f():\n    x = (a +\n  b)\n",
    "outdented behind a keyword": "def f():\n    x = [a for a in\n  b]\n",
    "outdented value of a parameter": "def f():\n    g(a=\n  b)\n",
    "outdented type of a parameter": "if x:\n    def f(a:\n  int):\n        pass\n",
    "outdented comment behind an operator": "def f():\n    x = (a +\n  # why\n    b)\n",
    "tabs": "if x:\n\ty()\n",
    "carriage returns": "a = 1\r\n",
    "match": "match x:\n    case 1:\n        pass\n",
    "alias of a type": "type X = int\n",
    "print statement": "print 'a'\n",
    "open string": "a = '\n",
    "open bracket": "a = (1\n",
    "brackets of two kinds": "a = (1]\n",
    "no block": "def f():\nx = 1\n",
    "outdented to nowhere": "if x:\n        y\n    z\n",
    "indented for nothing": "x = 1\n    y = 2\n",
    "letters beyond ASCII": "ä = 1\n",
    "letters before a string": "x = return'a'\n",
    "several values first": '"a", "b"\n',
    "decorated value": "@a\nx = 1\n",
    "clause without statement": "else:\n    pass\n",
    "main module, perhaps": "if __name__ == a and b:\n    pass\n",
    "call unpacked alone": "x = [*a(1)]\n",
    "backslash before nothing": "x = 1 \\\n\ny = 2\n",
    "deeper than anybody writes": "x = " + "(" * 40 + ")" * 40 + "\n",
}


def seen(facts: Facts, text: bytes) -> dict[str, Any]:
    """All that the later steps look at."""

    def of(item: Definition) -> tuple[Any, ...]:
        place = (item.start_byte, item.first, item.row, item.last, item.body_row, item.body_byte, item.name_end)
        return (item.kind, *place, item.parent, item.nested, item.split, item.is_span, *item.names, item.symbol)

    items = [item for item in facts.definitions if item.is_span and item.kind != "const"]
    # What a definition covers is not cut at the statements in it.
    covered = {
        row for item in items for row in range(item.first, item.row + 1 if item.split else item.last)
    }  # fmt: skip
    names = {start for alike in facts.calls for start in alike if chr(text[start]).isalpha() or text[start] == ord("_")}
    return {
        "definitions": [of(item) for item in facts.definitions],
        "units": [row for row in facts.units(items) if row not in covered],
        "calls": sorted(names),
        **{
            name: sorted(set(getattr(facts, name)))
            for name in (
                "heads", "statements", "outcomes", "asserts", "imports", "comments", "documented", "attributes",
                "strings", "docs",
            )
        },
    }  # fmt: skip


def both(raw: bytes) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """What the reader sees and what the grammar sees; None where one of them does not understand."""
    source = decode(raw)
    read = read_python(source)
    tree = parse(PYTHON, source.data, thread_time() + 20)
    found = captures(PYTHON, tree.root_node, thread_time() + 20)
    parsed = from_captures(source.data, source.take_lines(), tree.root_node, found)
    return (
        None if read is None else seen(read, source.data),
        None if tree.root_node.has_error else seen(parsed, source.data),
    )


@pytest.mark.parametrize("name", CASES)
def test_reads_what_the_grammar_reads(name: str) -> None:
    read, parsed = both(CASES[name].encode())
    assert read is not None
    assert read == parsed


@pytest.mark.parametrize("name", LEFT)
def test_leaves_what_it_cannot_tell(name: str) -> None:
    assert read_python(decode(LEFT[name].encode())) is None


def test_reads_its_own_program() -> None:
    assert engine.__file__
    left = different = number = 0
    for path in sorted(Path(engine.__file__).parent.rglob("*.py"))[::3]:
        raw = path.read_bytes()
        if raw:
            number += 1
            read, parsed = both(raw)
            left += read is None
            different += read is not None and read != parsed
    assert not different
    assert left <= number // 20


_SIMPLE = st.sampled_from(
    [
        "x = 1", "a.b(c).d(\n{}    e,  # f\n{})", "return f(x)", "yield x", "# note", '"""text\n  more"""', "'text'",
        "import a.b", "from a import (\n{}    b,\n{})  # end", "assert a(\n{}b)", "raise A", "", "pass",
        "A = [\n{}  1,\n{}]",
        'f"{a(b)} {{"', "del a", "print(a)", "@", "x: int = y[1].z()", "self.a(*b(c), **d)", "a = b \\\n{}    + c()",
    ]
)  # fmt: skip
_HEADERS = st.sampled_from(
    [
        "def f(a, b=1):", "class A(B):  # why", "if a(b):", "else:", "try:", "except (A, B) as e:", "finally:",
        "for a in b(\n{}    c\n{}):", "while True:", "with a() as b:", "async def g():",
        "@a.b(c)\n{}def h(\n{}    a,\n{}):",
        "elif x:", "if __name__ == '__main__':", "class C:", "if a: b(c)", "else: return a",
        "def i(a: b = c): d.e()", "@a\n{}# note\n{}@b\n{}class D(\n{}    E\n{}):",
    ]
)  # fmt: skip


@st.composite
def programs(draw: st.DrawFn, depth: int = 0) -> str:
    """Statements in blocks, with comments at any depth; not all of them are valid."""
    margin = "    " * depth
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        if depth < 3 and draw(st.integers(0, 2)) == 0:
            lines.append(margin + draw(_HEADERS).replace("{}", margin) + "\n")
            lines.append(draw(programs(depth + 1)))
        else:
            lines.append(margin + draw(_SIMPLE).replace("{}", margin) + "\n")
        if draw(st.integers(0, 3)) == 0:
            lines.append(" " * draw(st.integers(0, 14)) + "# " + draw(st.sampled_from(["a", "(", "'", "x:"])) + "\n")
    return "".join(lines)


@settings(max_examples=150)
@given(programs())
def test_reads_programs_as_the_grammar_does(text: str) -> None:
    read, parsed = both(text.encode())
    if read is not None and parsed is not None:
        assert read == parsed


_PIECES = (
    "'",
    '"',
    '"""',
    "'''",
    "\\",
    "\n",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "#",
    " ",
    "f",
    "x",
    ".",
    ":",
    "def f",
    "*",
    "=",
    "1",
)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(_PIECES), max_size=60))
def test_never_fails(pieces: list[str]) -> None:
    source = decode("".join(pieces).encode())
    facts = read_python(source)
    if facts is not None:
        rows = len(source.line_starts) - 1
        assert all(0 <= item.first < item.last <= rows for item in facts.definitions)
        assert all(0 <= first <= last < rows for first, last in facts.statements)


@pytest.mark.parametrize(
    "piece",
    [
        "'''\\",
        '"""',
        "(",
        "()",
        "f'{",
        "x.y()",
        ".a()",
        "# a\n",
        "  # a\n",
        "\\\n",
        "[*a(",
        "a(b).c(d",
        "x = 1\n",
        "'a' ",
        "@a\n",
    ],
)
def test_never_slow(piece: str) -> None:
    source = decode((piece * (300_000 // len(piece))).encode())
    started_s = thread_time()
    read_python(source)
    assert thread_time() - started_s < 2
