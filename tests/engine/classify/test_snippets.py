"""Chunks of handwritten files in many languages, the ambiguous ones included."""

from __future__ import annotations

import textwrap

import pytest

from engine.chunk import chunk_source, decode, detect_language
from engine.classify import classify_spans, file_class

SNIPPETS: dict[str, tuple[str, str, dict[str, str]]] = {
    "python module": (
        "pkg/tax.py",
        '''
        """Taxes of a shop.

        Everything here is pure.
        """
        import decimal

        # ---- rates ----------------------------------------------------------
        # They come from the ministry and change every year.

        RATE = decimal.Decimal("0.19")


        def gross(net):
            """Net to gross."""
            return net * (1 + RATE)


        if __name__ == "__main__":
            print(gross(100))
            print(gross(200))
        ''',
        {
            "Taxes of a shop": "comments",
            "import decimal": "code",
            "come from the ministry": "comments",
            "def gross": "code",
            "print(gross(200))": "examples",
        },
    ),
    "python session": (
        "pkg/dates.py",
        '''
        """Dates as people write them.

        >>> from pkg import dates
        >>> for day in dates.days(2):
        ...     print(day)
        first
        second
        """


        def days(count):
            """The days.

            >>> days(0)
            []
            """
            return []
        ''',
        {"as people write": "examples", "def days": "code"},
    ),
    "python prose that ends in a session": (
        "pkg/dates.py",
        '''
        """Dates as people write them.

        A date has a day and a month.
        The year may be missing, and then
        it is the next one that fits.

        >>> days(0)
        """
        ''',
        {"as people write": "comments"},
    ),
    "python program": (
        "tool/run.py",
        """
        import sys


        def main():
            print("hello")
            return 0


        if __name__ == "__main__":
            sys.exit(main())
        """,
        {"def main": "code", "sys.exit": "code"},
    ),
    "python licence and test class in a source file": (
        "pkg/shape.py",
        """
        # Copyright 2020 Somebody
        # Licensed under the MIT licence; see LICENSE.

        import unittest


        class Shape:
            def area(self):
                return 0


        class ShapeTest(unittest.TestCase):
            def test_area(self):
                self.assertEqual(Shape().area(), 0)
        """,
        {"Copyright": "comments", "def area": "code", "def test_area": "tests"},
    ),
    "python methods that test something": (
        "pkg/app.py",
        """
        class App:
            def test_client(self):
                return object()

            def setup_method(self):
                return None
        """,
        {"def test_client": "code", "def setup_method": "code"},
    ),
    "java constants with documentation": (
        "src/main/java/Mode.java",
        """
        package shop;

        public enum Mode {
          /**
           * Slow.
           *
           * It takes a day,
           * sometimes two.
           */
          SLOW,
          /** Fast. */
          FAST;
        }
        """,
        {"SLOW,": "code", "FAST;": "code"},
    ),
    "python tests": (
        "tests/test_tax.py",
        '''
        """Taxes are added once."""
        import pytest


        def rate_of(country):
            return {"de": 19}[country]


        @pytest.fixture
        def shop():
            return object()


        def test_gross(shop):
            assert rate_of("de") == 19


        if __name__ == "__main__":
            pytest.main()
        ''',
        {
            "Taxes are added once": "comments",
            "def rate_of": "tests",
            "def shop": "tests",
            "def test_gross": "tests",
            "pytest.main": "tests",
        },
    ),
    "python toolkit for tests": (
        "shop/test/cases.py",
        """
        import unittest


        class ShopTestCase(unittest.TestCase):
            def setUp(self):
                self.shop = None
        """,
        {"class ShopTestCase": "code", "def setUp": "code"},
    ),
    "python example": (
        "examples/basic.py",
        """
        # How to add a tax.
        # The shop is imaginary.

        from shop import gross


        def demo():
            print(gross(1))
        """,
        {"How to add": "comments", "def demo": "examples"},
    ),
    "javascript": (
        "lib/cart.js",
        """
        /*!
         * cart
         * Copyright(c) 2015 Somebody
         * MIT Licensed
         */

        'use strict'

        const items = require('./items')

        /**
         * Add an item.
         */
        function add(cart, item) {
          cart.push(item)
          return cart
        }

        module.exports = { add }
        """,
        {"Copyright": "comments", "function add": "code", "module.exports": "code"},
    ),
    "javascript test": (
        "test/cart.js",
        """
        const assert = require('assert')

        describe('cart', function () {
          it('adds an item', function () {
            assert.equal(1, 1)
          })
        })
        """,
        {"require": "tests", "adds an item": "tests"},
    ),
    "typescript generated": (
        "src/client.ts",
        """
        // Code generated by openapi. DO NOT EDIT.
        export interface Pet {
          name: string
        }
        """,
        {"DO NOT EDIT": "generated", "interface Pet": "generated"},
    ),
    "typescript that generates": (
        "src/write.ts",
        """
        import fs from "node:fs"

        export function write(path: string) {
          fs.writeFileSync(path, `// Code generated by write. DO NOT EDIT.
        export {}`)
        }
        """,
        {"function write": "code"},
    ),
    "go": (
        "shop/cart.go",
        """
        // Package shop sells things.
        //
        // It knows carts and taxes,
        // and nothing else at all.
        package shop

        // Add puts an item into the cart.
        func Add(cart []string, item string) []string {
            return append(cart, item)
        }
        """,
        {"func Add": "code"},
    ),
    "go tests": (
        "shop/cart_test.go",
        """
        //go:build linux

        package shop

        import "testing"

        func newCart() []string { return nil }

        func TestAdd(t *testing.T) {
            if len(Add(newCart(), "a")) != 1 {
                t.Fatal()
            }
        }

        func ExampleAdd() {
            Add(nil, "a")
            // Output:
        }
        """,
        {"go:build": "tests", "func newCart": "tests", "func TestAdd": "tests", "func ExampleAdd": "examples"},
    ),
    "rust": (
        "src/lib.rs",
        """
        //! Carts.
        //!
        //! A cart holds items.

        use std::fmt;

        /// Adds an item.
        pub fn add(cart: &mut Vec<String>, item: &str) {
            cart.push(item.to_string());
        }

        #[cfg(test)]
        mod tests {
            use super::*;

            fn cart() -> Vec<String> {
                vec![]
            }

            #[test]
            fn adds() {
                let mut one = cart();
                add(&mut one, "a");
                assert_eq!(one.len(), 1);
            }
        }
        """,
        {
            "A cart holds": "comments",
            "use std": "code",
            "pub fn add": "code",
            "mod tests": "tests",
            "fn cart": "tests",
            "fn adds": "tests",
        },
    ),
    "java": (
        "src/main/java/Cart.java",
        """
        /*
         * Copyright 2020 Somebody
         * Licensed under the Apache License, Version 2.0
         */
        package shop;

        import java.util.List;

        /** Holds items. */
        public class Cart {
          public void add(List<String> items, String item) {
            items.add(item);
          }
        }
        """,
        {"Licensed under": "comments", "import java": "code", "public void add": "code"},
    ),
    "java test": (
        "src/test/java/CartTest.java",
        """
        package shop;

        import org.junit.Test;

        public class CartTest {
          @Test
          public void adds() {
            new Cart();
          }
        }
        """,
        {"import org": "tests", "public void adds": "tests"},
    ),
    "c sharp": (
        "src/Cart.cs",
        "namespace Shop\n{\n    public class Cart\n    {\n        public int Count() { return 0; }\n    }\n}\n",
        {"Count()": "code"},
    ),
    "c plus plus test": (
        "src/cart_test.cc",
        '#include "cart.h"\n\nTEST(Cart, Adds) {\n  EXPECT_EQ(1, add(0));\n}\n',
        {"TEST(Cart": "tests"},
    ),
    "ruby spec": (
        "spec/cart_spec.rb",
        "require 'cart'\n\nRSpec.describe Cart do\n  it 'adds' do\n    expect(1).to eq 1\n  end\nend\n",
        {"it 'adds'": "tests"},
    ),
    "php": (
        "src/Cart.php",
        "<?php\n\nclass Cart\n{\n    public function add($item)\n    {\n        return $item;\n    }\n}\n",
        {"function add": "code"},
    ),
    "shell": (
        "bin/deploy.sh",
        "#!/bin/sh\n\nset -e\n\nupload() {\n  scp a b\n}\n\nupload\n",
        {"#!/bin/sh": "code", "upload() {": "code"},
    ),
    "markdown": (
        "tests/README.md",
        "# How to run\n\nCall it.\n\n```sh\npytest\n```\n",
        {"Call it": "docs", "pytest": "docs"},
    ),
    "yaml": (
        ".github/workflows/ci.yml",
        "# On every push.\non: push\njobs:\n  test:\n    steps: []\n",
        {"jobs:": "config"},
    ),
    "toml": ("pyproject.toml", '[project]\nname = "a"\n\n[tool.ruff]\nline-length = 120\n', {"tool.ruff": "config"}),
    "json settings": ("tsconfig.json", '{\n  "compilerOptions": {\n    "strict": true\n  }\n}\n', {"strict": "config"}),
    "json fixture": ("tests/fixtures/users.json", '[\n  {"pk": 1}\n]\n', {"pk": "data"}),
    "json that is data by size": (
        "public/countries.json",
        "[\n" + "".join(f'  {{"code": "{index}"}},\n' for index in range(3000)) + "  {}\n]\n",
        {'"code": "7"': "data"},
    ),
    "html template": (
        "web/templates/page.html",
        "<html>\n<body>\n<p>{{ name }}</p>\n</body>\n</html>\n",
        {"{{ name }}": "code"},
    ),
    "minified": ("static/app.js", "var a=1;" + "function f(x){return x+1}" * 2000 + "\n", {"var a": "generated"}),
}


def verdicts(path: str, text: str) -> list[tuple[str, str, str]]:
    """Text, class and rule of every chunk."""
    data = textwrap.dedent(text).lstrip("\n").encode()
    language = detect_language(path, data)
    file = file_class(path, language)
    source = decode(data)
    chunks = chunk_source(source, language, whole=file.whole)
    found = classify_spans(file, chunks, source.data)
    assert len(found) == len(chunks.spans)
    lines = source.data.decode().splitlines(keepends=True)
    return [
        ("".join(lines[span.start : span.end]), verdict.chunk_class.value, verdict.rule_id)
        for span, verdict in zip(chunks.spans, found, strict=True)
    ]


@pytest.mark.parametrize("name", SNIPPETS)
def test_class_of_each_chunk(name: str) -> None:
    path, text, expected = SNIPPETS[name]
    found = verdicts(path, text)
    for words, wanted in expected.items():
        here = [(one, rule) for chunk, one, rule in found if words in chunk]
        assert here, f"{words!r} is in no chunk"
        assert here[0][0] == wanted, (words, here[0])
