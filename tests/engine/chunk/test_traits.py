"""Facts that a language states about a chunk."""

from __future__ import annotations

import pytest

from engine.chunk import Trait
from tests.engine.chunk.checks import cut


@pytest.mark.parametrize(
    ("language", "text", "symbol", "traits"),
    [
        ("python", "def test_a():\n    pass\n", "test_a", Trait.TEST),
        ("python", "class ATests(TestCase):\n    def helper(self):\n        pass\n", "ATests.helper", Trait.IN_TEST),
        ("python", "@pytest.fixture\ndef db():\n    pass\n", "db", Trait.FIXTURE),
        ("python", "def f():\n    pass\n", "f", Trait.NONE),
        ("python", 'if __name__ == "__main__":\n    f()\n', '__name__ == "__main__"', Trait.DEMO),
        ("go", "package a\nfunc TestA(t *testing.T) {}\n", "TestA", Trait.TEST),
        ("go", "package a\nfunc Testify(a int) {}\n", "Testify", Trait.NONE),
        ("go", "package a\nfunc ExampleA() {}\n", "ExampleA", Trait.EXAMPLE),
        ("rust", "#[test]\nfn a() {}\n", "a", Trait.TEST),
        ("rust", "#[cfg(test)]\nmod tests {\n    fn helper() {}\n}\n", "tests.helper", Trait.IN_TEST),
        ("java", "class A {\n    @Test\n    void a() {}\n}\n", "A.a", Trait.TEST),
        ("java", "class A {\n    @BeforeEach\n    void a() {}\n}\n", "A.a", Trait.FIXTURE),
        ("javascript", 'describe("a", () => {\n  it("b", () => {});\n});\n', "a b", Trait.TEST | Trait.IN_TEST),
        ("javascript", "suite('a', () => {\n  setup(() => {});\n});\n", "a setup", Trait.FIXTURE | Trait.IN_TEST),
        ("c_sharp", "class A {\n    [Fact]\n    void B() {}\n}\n", "A.B", Trait.TEST),
        ("ruby", "class AT < Minitest::Test\n  def test_a\n  end\nend\n", "AT.test_a", Trait.TEST | Trait.IN_TEST),
    ],
)  # fmt: skip
def test_traits(language: str, text: str, symbol: str, traits: Trait) -> None:
    found = {span.symbol: span.traits for span in cut(text, language).spans}
    assert found[symbol] == traits


@pytest.mark.parametrize(
    ("language", "text", "is_session"),
    [
        ("python", '"""Words.\n\n>>> f(1)\n2\n>>> f(2)\n3\n"""\n\nimport a\n', True),
        ("python", '"""Words.\n\nMore words, and a line.\nAnd more.\n\n>>> f(1)\n"""\n\nimport a\n', False),
        ("rust", "//! ```\n//! let a = 1;\n//! ```\n\nuse a::b;\n", True),
    ],
)
def test_documentation_that_is_mainly_an_example(language: str, text: str, is_session: bool) -> None:
    first = cut(text, language).spans[0]
    assert Trait.DOC in first.traits
    assert (Trait.DOCTEST in first.traits) is is_session


def test_fences_of_an_examples_section_are_examples() -> None:
    chunks = cut("# A\n\n```\na\nb\n```\n\n## Usage\n\nRun:\n\n```\na\nb\n```\n\nDone.\n", "markdown")
    assert [(span.kind, span.traits) for span in chunks.spans] == [
        ("section", Trait.NONE),
        ("section", Trait.NONE),
        ("fence", Trait.EXAMPLE),
        ("section", Trait.NONE),
    ]
