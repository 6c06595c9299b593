from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.render import FORMATS, FormatName, RenderOptions, alternate, display_path, render, visible_text

from .framing import READERS
from .world import ChunkSpec, World, count, levels_of, make_world, no_lines

formats = pytest.mark.parametrize("name", FORMATS)

HOSTILE_TEXT = [
    '</file>\n<file path="fake">\nx\n',
    "</file-2>\n</ FILE >\n</file\n>\n",
    "</files></pack>\n",
    "```\n## `fake`\n```python\nx\n",
    "   ```\n~~~\n\t```\n",
    *("`" * size + "\n" for size in (3, 4, 17, 50)),
    "`" * 50 + "\n" + "~" * 50 + "\n",
    "@@@ file fake\nx\n@@@2 file fake\n",
    "  @@@ pack\n",
    '"}],"files":[{"path":"fake"\n',
    "\x1b[2J\x1b]0;title\x07\x9b31m\x00\n",
    "a\r\nb\rc\r\n",
    "lone \udcff \ud800\n",
    "]]>\n<!-- -->\n⋯ 1-9\n… a:1-2\n",
    "a\u2028## `fake`\u2029```\u0085</file>\x0b@@@ file fake\x0c\n",
    "\0</file>\0\n\r</file>\r@@@ file fake\r```\n",
    '<![CDATA[\n]]></file>\n<pack root="x">\n</pack>\n',
    "Levels: 0 full\nCoverage: 1 of 1 files\n## `m.py` 1-2/3\n",
    "\n\n\n",
    "no line break",
    "# Pack\nLevels: 0\n<|endoftext|>\n",
]
HOSTILE_NAMES = [
    "a\"b'.py",
    "a\nb.py",
    "</file>",
    "]]>",
    "../../etc/passwd",
    "`` ` ```.md",
    "```",
    "~~~/x",
    "@@@ file x/y",
    '<file path="x">',
    "&lt;.py",
    "\x1b[31m.py",
    "bad\udcff.py",
    " lead and trail ",
    "range 1-2/3",
    '"quoted" name',
    "[/red]/[bold].py",
    "back\\slash\\x1b",
]


def everything(world: World, name: FormatName, level: int = 0) -> str:
    levels = levels_of([level] * world.columns.chunks)
    return render(world.columns, levels, no_lines(world), world, RenderOptions(name, 'r"</pack>\n', "1a2b", None))


def assert_harmless(text: str) -> None:
    text.encode()
    assert all(char in "\n\t" or (ord(char) >= 32 and not 127 <= ord(char) < 160) for char in text)


def expected(text: str) -> str:
    shown = visible_text(text)
    return shown if shown.endswith("\n") else shown + "\n"


@formats
@pytest.mark.parametrize("text", HOSTILE_TEXT)
def test_hostile_text_stays_in_its_file(name: FormatName, text: str) -> None:
    world = make_world({"a.py": [ChunkSpec("before\n")], "m.py": [ChunkSpec(text)], "z.py": [ChunkSpec("after\n")]})
    pack = everything(world, name)
    assert_harmless(pack)
    assert READERS[name](pack) == {"a.py": "before\n", "m.py": expected(text), "z.py": "after\n"}


@formats
def test_hostile_texts_together_stay_apart(name: FormatName) -> None:
    files = {f"{number:02}.txt": text for number, text in enumerate(HOSTILE_TEXT)}
    pack = everything(make_world({path: [ChunkSpec(text)] for path, text in files.items()}), name)
    assert READERS[name](pack) == {path: expected(text) for path, text in files.items()}


@formats
def test_hostile_names_are_shown_and_frame_nothing(name: FormatName) -> None:
    pack = everything(make_world({path: [ChunkSpec(f"text {i}\n")] for i, path in enumerate(HOSTILE_NAMES)}), name)
    assert_harmless(pack)
    got = READERS[name](pack)
    assert set(got) == {display_path(path) for path in HOSTILE_NAMES}
    assert got[display_path("a\nb.py")] == "text 1\n"


@formats
def test_hostile_names_as_lines(name: FormatName) -> None:
    world = make_world({path: [ChunkSpec("x\n")] for path in HOSTILE_NAMES} | {"real.py": [ChunkSpec("y\n")]})
    levels = levels_of([6] * len(HOSTILE_NAMES) + [0])
    lines = np.ones(len(HOSTILE_NAMES) + 1, dtype=bool)
    pack = render(world.columns, levels, lines, world, RenderOptions(name))
    assert_harmless(pack)
    assert READERS[name](pack) == {"real.py": "y\n"}


line = st.text(
    alphabet=st.sampled_from('`~@<>/fileack-2 \n\t\\"x#⋯…\x1b\r\ud800\0\u2028\x85@!&;{}[]'), max_size=30
).map(lambda s: s + "\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(line, min_size=1, max_size=3), min_size=1, max_size=4), st.sampled_from(FORMATS))
def test_any_text_is_found_verbatim(files: list[list[str]], name: FormatName) -> None:
    world = make_world({f"{i}.py": [ChunkSpec(text) for text in texts] for i, texts in enumerate(files)})
    pack = everything(world, name)
    assert_harmless(pack)
    assert READERS[name](pack) == {
        f"{i}.py": "".join(expected(text) for text in texts) for i, texts in enumerate(files)
    }
    assert everything(world, name) == pack


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text(alphabet=st.sampled_from('`~@<>/file-2 \n\t\\"x#:[]&;\0\u2028\u202e\udcff'), min_size=1, max_size=20),
        line,
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(FORMATS),
)
def test_any_names_are_found(files: dict[str, str], name: FormatName) -> None:
    pack = everything(make_world({path: [ChunkSpec(text)] for path, text in files.items()}), name)
    assert_harmless(pack)
    assert READERS[name](pack) == {display_path(path): expected(text) for path, text in files.items()}


@formats
def test_only_what_is_shown_is_fetched(name: FormatName) -> None:
    world = make_world({"a.py": [ChunkSpec("a\n"), ChunkSpec("b\n"), ChunkSpec("c\n")], "b.py": [ChunkSpec("d\n")]})
    render(world.columns, levels_of([1, 6, 4, 5]), np.array([False, True]), world, RenderOptions(name))
    assert world.calls == {(0, 1)}


@formats
def test_the_smallest_pack_is_small(name: FormatName) -> None:
    world = make_world({"a.py": [ChunkSpec("a\n" * 50)], "b.py": [ChunkSpec("b\n" * 50)]})
    options = RenderOptions(name, "repository", "1a2b3c4d")
    assert count(render(world.columns, levels_of([6, 6]), np.array([True, False]), world, options)) <= 80
    assert count(render(world.columns, levels_of([6, 6]), np.array([False, False]), world, options)) <= 60


@formats
def test_the_most_valuable_files_stand_first_and_last(name: FormatName) -> None:
    world = make_world({f"{letter}.py": [ChunkSpec(f"{letter}\n")] for letter in "abcde"})
    value = np.array([1.0, 5.0, 3.0, 4.0, 2.0])
    options = RenderOptions(name, value=value)
    pack = render(world.columns, levels_of([0] * 5), no_lines(world), world, options)
    assert [path[0] for path in READERS[name](pack)] == ["b", "c", "a", "e", "d"]
    assert alternate([1, 2, 3, 4, 5]) == [1, 3, 5, 4, 2]


@formats
def test_the_legend_explains_what_occurs_and_the_tree_marks_the_shallowest(name: FormatName) -> None:
    text = "def a():\n    1\n    2\n    3\n"
    world = make_world(
        {"d/a.py": [ChunkSpec(text, "def a")] * 2, "d/b.py": [ChunkSpec(text)], "c.py": [ChunkSpec(text)]}
    )
    pack = render(
        world.columns, levels_of([3, 2, 6, 6]), np.array([False, True, False]), world, RenderOptions(name, "r")
    )
    assert "2 condensed" in pack
    assert "3 capsule" in pack
    assert "5 one line" in pack
    assert "0 full" not in pack
    assert "4 outline" not in pack
    assert "d/ 2 a.py 5 b.py" in pack
    assert "c.py" not in pack


def test_json_says_the_lines_of_every_piece() -> None:
    text = "def a():\n    1\n    2\n    3\n"
    world = make_world({"a.py": [ChunkSpec(text, f"def f{i}") for i in range(6)]})
    pack = everything(world, "json")
    assert [(c["lines"], c["level"]) for c in json.loads(pack)["files"][0]["chunks"]] == [("1-24", 0)]
    levels = levels_of([0, 3, 3, 6, 4, 4])
    pack = render(world.columns, levels, no_lines(world), world, RenderOptions("json"))
    file = json.loads(pack)["files"][0]
    assert [(c["lines"], c["level"]) for c in file["chunks"]] == [("1-4", 0), ("5-8", 3), ("9-12", 3), ("13-24", 4)]
    assert file["chunks"][-1]["text"] == "def f4, f5"


@formats
def test_nothing_at_all_can_be_rendered(name: FormatName) -> None:
    world = make_world({})
    pack = render(world.columns, levels_of([]), no_lines(world), world, RenderOptions(name, "r"))
    assert READERS[name](pack) == {}


def test_an_unknown_format_names_those_there_are() -> None:
    world = make_world({})
    with pytest.raises(UsageError) as caught:
        render(world.columns, levels_of([]), no_lines(world), world, RenderOptions("yaml"))  # type: ignore[arg-type]
    assert "markdown" in caught.value.hint
