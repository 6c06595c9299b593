from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.chunk.spans import Role, Trait
from engine.levels import MARKER, pack_edits, unpack_edits
from engine.model import ChunkClass

from .build import Made, Piece, make

KINDS = ["function", "method", "class", "import", "comment", "const", "section", "table", "block", "test", "strange"]
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
WORDS = st.text("abc _=:,()[]{}\"'.#*é…\t-", max_size=30)
LONG = st.builds(
    lambda key, n: f"{key} = {'värde ' * n}", st.sampled_from(["key", "  - a", '"k:y"']), st.integers(20, 80)
)
BLANK = st.tuples(st.just(Role.BLANK), st.sampled_from(["", "    ", "\t"]))
LINES = st.tuples(st.sampled_from(Role), st.one_of(WORDS, WORDS.map(lambda text: text * 3), LONG))
PIECES = st.builds(
    Piece,
    st.lists(st.one_of(LINES, LINES, BLANK), min_size=1, max_size=30),
    st.sampled_from(ChunkClass),
    st.sampled_from(KINDS),
    NAMES,
    st.just(-1),
    st.sampled_from([Trait.NONE, Trait.TEST, Trait.FIXTURE]),
    st.lists(NAMES, max_size=3),
)
FILES = st.builds(
    lambda pieces, language, newline: make(*pieces, language=language, last_newline=newline),
    st.lists(PIECES, min_size=1, max_size=4),
    st.sampled_from(["python", "go", "text"]),
    st.booleans(),
)


def is_subsequence(lines: list[str], of: list[str]) -> bool:
    rest = iter(of)
    return all(line in rest for line in lines)


def own_lines(made: Made, chunk: int, level: int) -> list[str]:
    return [line for line in made.text(chunk, level).split("\n")[:-1] if not line.lstrip(" \t").startswith(MARKER)]


@given(FILES)
def test_every_line_is_verbatim_a_cut_line_or_a_marker(made: Made) -> None:
    for chunk in range(len(made.ladders)):
        full = made.text(chunk, 0).split("\n")[:-1]
        for level in (1, 2, 3):
            for line in made.text(chunk, level).split("\n")[:-1]:
                assert (
                    line in full
                    or line.lstrip(" \t").startswith(MARKER)
                    or (line.endswith(MARKER) and any(other.startswith(line[:-1]) for other in full))
                )


@given(FILES)
def test_deeper_levels_keep_a_subset_in_order_and_never_more_bytes(made: Made) -> None:
    for chunk in range(len(made.ladders)):
        texts = [made.text(chunk, level) for level in range(4)]
        assert [len(t.encode()) for t in texts] == sorted((len(t.encode()) for t in texts), reverse=True)
        for level in range(3):
            deep = [line for line in own_lines(made, chunk, level + 1) if not line.endswith(MARKER)]
            assert is_subsequence(deep, own_lines(made, chunk, level))


@given(FILES)
def test_edits_are_sorted_disjoint_and_inside_their_chunk(made: Made) -> None:
    starts = made.source.line_starts
    for span, ladder in zip(made.file.spans, made.ladders, strict=True):
        for edits in ladder.edits:
            bounds = [starts[span.start], *(x for e in edits for x in (e.start, e.end)), starts[span.end]]
            assert bounds == sorted(bounds)
            assert all(edit.start < edit.end for edit in edits)


@given(FILES)
def test_retention_falls_from_one_and_follows_the_text(made: Made) -> None:
    for chunk, ladder in enumerate(made.ladders):
        assert len(ladder.retention) == 6
        assert ladder.retention[0] == 1.0
        assert all(0 <= deep <= shallow for shallow, deep in pairwise(ladder.retention))
        for level in range(3):
            if made.text(chunk, level) == made.text(chunk, level + 1):
                assert ladder.retention[level] == ladder.retention[level + 1]
        if not ladder.outline:
            assert ladder.retention[4:] == (0.0, 0.0)


@given(FILES)
def test_capsules_of_lines_only_delete_and_every_chunk_with_words_leaves_a_trace(made: Made) -> None:
    for chunk, ladder in enumerate(made.ladders):
        if made.classes[chunk] in (ChunkClass.DATA, ChunkClass.GENERATED, ChunkClass.VENDORED, ChunkClass.LOCKFILE):
            assert ladder.edits[0] == []
            continue
        assert {e.replacement for e in ladder.edits[2]} <= {"", MARKER}
        if made.text(chunk, 1).strip():
            span = made.file.spans[chunk]
            kept = [r for r in made.file.roles[span.start : span.end] if r not in (Role.BLANK, Role.DECORATION)]
            if any(c.isalnum() for c in made.text(chunk, 1)) and kept:
                assert made.text(chunk, 3)


@given(FILES)
def test_packing_gives_the_edits_back(made: Made) -> None:
    assert unpack_edits(pack_edits(made.ladders)) == [ladder.edits for ladder in made.ladders]


@given(FILES, st.data())
def test_damaged_packs_raise_value_error_or_read_as_something(made: Made, data: st.DataObject) -> None:
    packed = bytearray(pack_edits(made.ladders))
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(packed)))
    for damaged in (bytes(packed), bytes(packed[:cut])):
        try:
            result = unpack_edits(damaged)
        except ValueError:
            continue
        assert all(len(edits) == 3 for edits in result)


@given(st.binary(max_size=60))
def test_noise_raises_value_error_or_reads_as_something(noise: bytes) -> None:
    with suppress(ValueError):
        assert isinstance(unpack_edits(noise), list)


@given(FILES)
def test_names_are_few_and_of_the_file(made: Made) -> None:
    names = made.names
    assert len(names) <= 6
    assert len(set(names)) == len(names)
    known = {p.symbol for p in made.file.spans} | {name for defined in made.file.defines for name in defined}
    assert set(names) <= known
