"""Traps of real source, through the real chunker."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from engine.chunk import FileChunks, chunk_source, decode
from engine.levels import degrade, text_at
from engine.model import ChunkClass


def levels(text: str, language: str, chunk_class: ChunkClass = ChunkClass.CODE) -> list[str]:
    """The file at levels 0 to 3 with every chunk of one class."""
    source = decode(dedent(text).lstrip("\n").encode())
    file: FileChunks = chunk_source(source, language)
    ladders = degrade(source, file, [chunk_class] * len(file.spans)).ladders
    starts = source.line_starts
    result = [source.data.decode()]
    for level in range(3):
        parts = [
            text_at(source.data, starts[span.start], starts[span.end], ladder.edits[level])
            for span, ladder in zip(file.spans, ladders, strict=True)
        ]
        result.append(b"".join(parts).decode())
    return result


PYTHON = '''
    #!/usr/bin/env python3
    # -*- coding: utf-8 -*-
    # Copyright 2020 Somebody. All rights reserved.
    # Licensed under the MIT License.
    """About the module."""

    import os  # noqa: F401

    TEXT = """
    # not a comment

    kept
    """


    # An ordinary comment.
    @decorator
    @other(
        argument=1,
    )
    def outer(first: int, second: str = "x") -> int:
        r"""Raw documentation ending in a quote\\""""
        # Why it is so.
        "a string that is no documentation"
        value = first + len(second) + len(TEXT) + 12345

        def inner(third):  # type: ignore[no-untyped-def]
            # Comment within.
            return third + value + first + 67890

        total = 0
        for number in range(first):
            total += number * value + len(second)
        return inner(total)


    class Thing:
        """A thing."""

        @property
        def size(self) -> int:
            """Its size."""
            return 1
'''


def test_python_trimmed_is_the_same_program() -> None:
    full, trimmed, _, _ = levels(PYTHON, "python")
    assert ast.dump(ast.parse(trimmed)) == ast.dump(ast.parse(full))
    assert "An ordinary comment" not in trimmed
    assert "Comment within" not in trimmed
    assert "# not a comment\n\nkept" in trimmed.replace("    ", "")


def test_shebang_and_directives_stay_when_comments_and_licences_go() -> None:
    _, trimmed, _, _ = levels(PYTHON, "python")
    assert trimmed.startswith("#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n")
    assert "# noqa: F401" in trimmed
    assert "# type: ignore[no-untyped-def]" in trimmed
    assert "Copyright" not in trimmed
    assert "MIT License" not in trimmed


def test_decorators_belong_to_the_signature() -> None:
    _, _, condensed, capsule = levels(PYTHON, "python")
    for text in (condensed, capsule):
        assert "@decorator\n@other(\n    argument=1,\n)\ndef outer(first: int" in text
    assert "@property\n    def size(self)" in capsule


def test_nested_functions_show_when_condensed() -> None:
    _, _, condensed, capsule = levels(PYTHON, "python")
    assert "def inner(third):" in condensed
    assert "return inner(total)" in condensed
    assert "for number in range" not in condensed
    assert "def inner" not in capsule


def test_docstrings_are_told_from_strings() -> None:
    _, trimmed, condensed, capsule = levels(PYTHON, "python")
    assert "a string that is no documentation" in trimmed
    assert "a string that is no documentation" not in condensed
    assert "Raw documentation" in capsule
    assert '"""Its size."""' in capsule


BODY = "\n".join(f"    a{n} = a{n} + {n}; b{n} = b{n} * {n};" for n in range(4))

CASES = {
    "arrow": (
        "javascript",
        "// plain\nexport const twice = (n) => n * 2;\n\nconst run = async (first, second) => {\n"
        f"  // eslint-disable-next-line no-console\n{BODY}\n  return first + second;\n}};\n",
        ["export const twice = (n) => n * 2;", "const run = async (first, second) => {"],
        ["// plain"],
        ["eslint-disable-next-line"],
    ),
    "template": (
        "javascript",
        f"const page = `\n// text\n\n  <b>\n`;\nfunction show(page) {{\n{BODY}\n  return page;\n}}\n",
        ["function show(page) {"],
        [],
        ["`\n// text\n\n  <b>\n`;"],
    ),
    "receiver": (
        "go",
        "//go:build linux\n\n// Copyright 2020 Somebody. All rights reserved.\n\npackage shop\n\n"
        "// Buy buys one. Twice.\nfunc (s *Store[K]) Buy(key K) (int, error) {\n\t// why\n"
        f"{BODY}\n\treturn 1, nil\n}}\n",
        ["func (s *Store[K]) Buy(key K) (int, error) {"],
        ["// why", "Copyright"],
        ["//go:build linux"],
    ),
    "impl": (
        "rust",
        "/// A list. More.\n#[derive(Debug)]\npub struct List<T> {\n    items: Vec<T>,\n}\n\nimpl<T> List<T> {\n"
        f"    /// Adds one.\n    #[inline]\n    pub fn add(&mut self, item: T) -> usize {{\n        // why\n{BODY}\n"
        "        return 1;\n    }\n}\n",
        ["#[derive(Debug)]", "pub struct List<T> {", "impl<T> List<T> {", "pub fn add(&mut self, item: T) -> usize {"],
        ["// why"],
        ["/// A list. More.\n#[derive(Debug)]", "/// Adds one."],
    ),
    "macro": (
        "c",
        "#define SWAP(a, b) \\\n    do { \\\n        /* inside */ \\\n        t = a; \\\n    } while (0)\n\n"
        f"/* plain */\nint add(int a, int b)\n{{\n    /* why */\n{BODY}\n    return a + b;\n}}\n",
        ["int add(int a, int b)"],
        ["/* why */"],
        ["/* inside */ \\"],
    ),
    "annotation": (
        "java",
        "/*\n * Copyright 2020 Somebody.\n */\npackage shop;\n\n/** A shop. */\npublic class Shop {\n"
        f"  @Override\n  public int buy(int a) {{\n    // why\n{BODY}\n    return a;\n  }}\n}}\n",
        ["public class Shop {", "public int buy(int a) {", "@Override"],
        ["// why", "Copyright"],
        ["/** A shop. */"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_signatures_survive_to_the_capsule(case: str) -> None:
    language, text, signatures, _, _ = CASES[case]
    for shown in levels(text, language)[1:]:
        for signature in signatures:
            assert signature in shown


@pytest.mark.parametrize("case", CASES)
def test_trimming_drops_comments_and_nothing_else(case: str) -> None:
    language, text, _, gone, kept = CASES[case]
    full, trimmed, _, _ = levels(text, language)
    for remark in gone:
        assert remark in full
        assert remark not in trimmed
    for directive in kept:
        assert directive in trimmed
    assert "a3 = a3 + 3" in trimmed


@pytest.mark.parametrize("case", CASES)
def test_condensing_folds_bodies_and_keeps_what_they_return(case: str) -> None:
    language, text, _, _, _ = CASES[case]
    _, _, condensed, capsule = levels(text, language)
    assert "a3 = a3 + 3" not in condensed
    assert " lines\n" in condensed
    assert "return" in condensed
    assert "return" not in capsule


def test_a_test_callback_is_neither_whole_nor_gone() -> None:
    text = (
        "describe('shop', () => {\n  it('sells', () => {\n" + BODY + "\n    expect(a1).toBe(2);\n  });\n"
        "  it('buys', () => {\n    expect(b1).toBe(3);\n  });\n});\n"
    )
    _, _, condensed, capsule = levels(text, "javascript", ChunkClass.TESTS)
    for name in ("describe('shop'", "it('sells'", "it('buys'"):
        assert name in condensed
        assert name in capsule
    assert "expect(a1).toBe(2);" in condensed
    assert "a3 = a3 + 3" not in condensed
    assert "expect" not in capsule


@pytest.mark.parametrize("chunk_class", ChunkClass)
@pytest.mark.parametrize("case", CASES)
def test_every_class_shows_real_source_in_falling_sizes(case: str, chunk_class: ChunkClass) -> None:
    language, text, _, _, _ = CASES[case]
    shown = levels(text, language, chunk_class)
    sizes = [len(part.encode()) for part in shown]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[3] > 0
