"""The role of a line, trap by trap."""

from __future__ import annotations

import pytest

from tests.engine.chunk.checks import cut, roles


def test_docstrings_are_told_from_string_statements() -> None:
    text = 'def f():\n    """First.\n\n    Rest.\n    """\n    "no doc"\n    x = """a\n\n    b"""\n'
    assert roles(text, "python") == [
        "SIGNATURE", "DOC_FIRST", "DOC", "DOC", "DOC", "CODE", "CODE", "STRING", "STRING",
    ]  # fmt: skip


def test_docstring_paragraph_and_parameters() -> None:
    text = 'def f():\n    """\n    First line\n    goes on.\n    :param x: it\n    """\n'
    assert roles(text, "python")[1:] == ["DOC", "DOC_FIRST", "DOC_LEAD", "DOC", "DOC"]


def test_raw_docstring_with_a_quote_at_its_end() -> None:
    assert roles('def f():\n    r"""Say \\"x\\"."""\n    return 1\n', "python") == ["SIGNATURE", "DOC_FIRST", "OUTCOME"]


def test_signature_holds_decorators_parameters_and_type_comment() -> None:
    text = (
        "@deco(\n    1)\n# why\ndef f(a,\n      # second\n      b):\n"
        "    # type: (int, int) -> int\n    # plain\n    pass\n"
    )
    assert roles(text, "python") == ["SIGNATURE"] * 7 + ["COMMENT", "CODE"]


def test_nested_definitions() -> None:
    text = "def f():\n    def g():\n        return 1\n    class C:\n        def m(self): pass\n    return g\n"
    assert roles(text, "python") == ["SIGNATURE", "NESTED", "OUTCOME", "NESTED", "NESTED", "OUTCOME"]


def test_overloads_and_conditional_definitions_are_spans() -> None:
    text = (
        "@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str) -> str: ...\n"
        "if X:\n    def g(): pass\nelse:\n    def g(): pass\n"
    )
    assert [span.symbol for span in cut(text, "python").spans if span.kind == "function"] == ["f", "f", "g", "g"]


def test_long_outcomes_keep_their_role_for_eight_lines() -> None:
    text = "def f():\n    return [\n" + "        1,\n" * 20 + "    ]\n"
    found = roles(text, "python")
    assert found[1:9] == ["OUTCOME"] * 8
    assert found[9] == "CODE"


def test_calls_to_own_and_imported_names_but_not_to_the_standard_library() -> None:
    text = (
        "import os\nfrom .near import near\nimport far.away as away\n\n\n"
        "class A:\n    def m(self):\n        os.remove(1)\n"
        "        near(\n            1,\n        )\n        away.go()\n"
        "        self.m()\n        self.other()\n        len(x)\n"
        "        A()\n"
    )
    assert roles(text, "python")[7:] == [
        "CODE", "CALL", "CALL", "CALL", "CALL", "CALL", "CODE", "CODE", "CALL",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("javascript", 'import fs from "node:fs";\nimport a from "./a";\nfs.x();\na.x();\n', ["CODE", "CALL"]),
        (
            "go",
            'package p\nimport ("fmt"; "a.b/c")\nfunc f() {\n\tfmt.P()\n\tc.P()\n}\n',
            ["SIGNATURE", "CODE", "CALL", "CLOSE"],
        ),
        (
            "rust",
            "use std::fs;\nuse crate::near;\nfn f() {\n    fs::x();\n    near::x();\n}\n",
            ["SIGNATURE", "CODE", "CALL", "CLOSE"],
        ),
    ],
)
def test_calls_in_other_languages(language: str, text: str, expected: list[str]) -> None:
    assert roles(text, language)[2:] == expected


def test_a_call_that_is_given_a_function_marks_its_first_line_only() -> None:
    text = 'import a from "./a";\na(() => {\n  const b = 1;\n  const c = 2;\n});\n'
    assert roles(text, "javascript") == ["IMPORT", "CALL", "CODE", "CODE", "CLOSE"]


@pytest.mark.parametrize(
    "text",
    [
        "const f = (a) => a - 1;\n",
        "export default function () { return 1; }\n",
        "class A { g = () => 1; }\n",
        "export const f = function () {};\n",
        "exports.f = () => 1;\n",
        "A.prototype.f = function () {};\n",
        "async function* f() {}\n",
    ],
)
def test_functions_of_javascript_in_all_shapes(text: str) -> None:
    chunks = cut(text, "javascript")
    assert [span.kind for span in chunks.spans] in (["function"], ["class"])
    assert roles(text, "javascript") == ["SIGNATURE"]


def test_pair_functions_are_methods_of_their_object() -> None:
    chunks = cut("const v = {\n  a() {\n    return 1;\n  },\n  b: function () {\n  },\n};\n", "javascript")
    assert [(span.kind, span.symbol, span.parent) for span in chunks.spans] == [
        ("const", "v", -1),
        ("method", "v.a", 0),
        ("method", "v.b", 0),
    ]


def test_body_of_an_arrow_is_its_outcome() -> None:
    assert roles("const f = (a) =>\n  a - 1;\n", "javascript") == ["SIGNATURE", "OUTCOME"]


def test_template_literals_are_protected() -> None:
    assert roles("const a = `x\n\n  y`;\n", "javascript") == ["SIGNATURE", "STRING", "STRING"]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("python", "#!/usr/bin/env python"),
        ("python", "# -*- coding: utf-8 -*-"),
        ("python", "# type: ignore"),
        ("python", "# noqa: E501"),
        ("python", "# pylint: disable=x"),
        ("python", "# fmt: off"),
        ("go", "//go:build linux"),
        ("go", "//go:embed x.txt"),
        ("go", "//nolint:errcheck"),
        ("javascript", "// @ts-ignore"),
        ("javascript", "// eslint-disable-next-line"),
        ("javascript", "/* eslint-disable */"),
        ("javascript", "/*#__PURE__*/"),
        ("javascript", "// prettier-ignore"),
        ("javascript", "/* istanbul ignore next */"),
        ("javascript", "// c8 ignore next"),
        ("rust", "// rustfmt::skip"),
        ("ruby", "# rubocop:disable Style"),
        ("ruby", "# frozen_string_literal: true"),
        ("bash", "# shellcheck disable=SC1"),
        ("cpp", "// clang-format off"),
    ],
)
def test_directives(language: str, line: str) -> None:
    assert roles(line + "\n", language) == ["DIRECTIVE"]


@pytest.mark.parametrize(
    ("language", "line"),
    [("python", "# an ordinary note"), ("go", "// go on"), ("javascript", "// typed by hand"), ("rust", "// rust")],
)
def test_ordinary_comments(language: str, line: str) -> None:
    assert roles(line + "\n", language) == ["COMMENT"]


def test_licence_before_a_class_is_not_its_documentation() -> None:
    chunks = cut("/**\n * Copyright 2020 X\n */\nclass A {}\n", "java")
    assert [(span.kind, span.symbol) for span in chunks.spans] == [("licence", ""), ("class", "A")]


def test_rust_documentation_attributes_and_tail() -> None:
    text = (
        "/// Doc.\n/// More.\n#[derive(Debug)]\n#[x]\npub struct A;\n\nfn f() -> i32 {\n    let a = 1;\n    a + 1\n}\n"
    )
    assert roles(text, "rust") == [
        "DOC_FIRST", "DOC_LEAD", "SIGNATURE", "SIGNATURE", "SIGNATURE", "BLANK",
        "SIGNATURE", "CODE", "OUTCOME", "CLOSE",
    ]  # fmt: skip


def test_go_receivers_and_adjacent_comments() -> None:
    chunks = cut("package a\n\n// Run runs.\nfunc (e *Engine) Run() {}\nfunc (l *L[T]) Len() int { return 0 }\n", "go")
    assert [span.symbol for span in chunks.spans] == ["", "Engine.Run", "L.Len"]


def test_c_macros_and_prototypes() -> None:
    chunks = cut("#define MAX(a, b) \\\n  ((a) > (b) ? (a) : (b))\n\nint f(void);\n", "c")
    assert chunks.defines[0] == ["MAX"]
    assert roles("#define MAX(a, b) 1\n", "c") == ["SIGNATURE"]


def test_cpp_members_outside_their_class() -> None:
    assert [span.symbol for span in cut("void Foo::bar() {\n}\nFoo::Foo() : x(1) {\n}\n", "cpp").spans] == [
        "Foo.bar",
        "Foo.Foo",
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "def test_a():\n    assert x\n"),
        ("python", "def test_a(self):\n    self.assertEqual(1, 1)\n"),
        ("javascript", 'it("a", () => {\n  expect(1).toBe(1);\n});\n'),
        ("go", "func TestA(t *testing.T) {\n\trequire.NoError(t, err)\n}\n"),
        ("rust", "#[test] fn a() {\n    assert_eq!(1, 1);\n}\n"),
        ("java", "class A { @Test void a() {\n    assertThat(1).isEqualTo(1);\n} }\n"),
    ],
)
def test_assertions(language: str, text: str) -> None:
    assert roles(text, language)[1] == "ASSERT"


def test_markdown() -> None:
    text = "# A\n\n[![b](c)](d)\n\nFirst\nmore\n\nOther\n\n- [x](#x)\n\n```\n\ncode\n```\n<!-- note -->\n"
    assert roles(text, "markdown") == [
        "HEADING", "BLANK", "DECORATION", "BLANK", "PARA_FIRST", "PARA_LEAD", "BLANK", "PARA", "BLANK", "DECORATION",
        "BLANK", "FENCE", "FENCE", "FENCE", "FENCE", "DECORATION",
    ]  # fmt: skip


def test_config_keys_by_depth() -> None:
    text = "a:\n  b:\n    c:\n      d: 1\n  e: |\n    x\n\n    y\n"
    assert roles(text, "yaml") == ["KEY1", "KEY2", "KEY3", "KEY3", "KEY2", "VALUE", "VALUE", "VALUE"]
    assert roles('{\n  "a": [\n    1,\n    2\n  ]\n}\n', "json") == [
        "VALUE",
        "KEY1",
        "VALUE",
        "VALUE",
        "CLOSE",
        "CLOSE",
    ]
