"""What a pack shows: hostile text and names, in every format, must be found again as they were."""

from __future__ import annotations

import random
import unicodedata

import numpy as np

from engine.columns import CLASSES, Columns, FileRow
from engine.model import ChunkClass
from engine.render import FORMATS, RenderOptions, chunk_in_format, display_path, render, visible_name, visible_text
from tests.engine.render.framing import READERS
from tests.engine.render.world import ChunkSpec, World
from tests.fuzz.case import Target
from tests.fuzz.mutate import spoiled
from tests.fuzz.seeds import texts

_FRAMES = (
    b"</file>\n",
    b'<file path="fake">\n',
    b"<file-2>",
    b"</files></pack>\n",
    b"```\n",
    b"````\n",
    b"## `fake`\n",
    b"~~~\n",
    b"@@@ file fake\n",
    b"@@@2 file\n",
    b"@@@ pack\n",
    b'"}],"files":[{"path":"x"}]\n',
    b"]]>\n",
    b"<!-- -->",
    "⋯ 1-9\n".encode(),
    "… a:1-2\n".encode(),
    b"# Pack\n",
    b"Levels: 0\n",
    b"&quot;",
    b"<|endoftext|>",
    b"\\u0000",
    b"   ```\n",
    b"\t```\n",
    b"`",
)
_NAMES = (
    b"src/app.py",
    b"README.md",
    b'a"b.py',
    b"</file>",
    b"```.md",
    b"@@@ file x/y",
    b"a b/c d.txt",
    b"&lt;.py",
    b"../x",
    b"1-2/3",
)


def make_pack(dice: random.Random) -> bytes:
    """Make one to three files: names, texts, and a format, parted by bytes that neither has."""
    pieces = [bytes([dice.randrange(4)])]
    for _ in range(dice.randint(1, 3)):
        pieces.append(spoiled(dice.choice(_NAMES), dice, _NAMES, _FRAMES, most=2).replace(b"\x1e", b"")[:300])
        text = dice.choice(texts())[: dice.randrange(1, 400)]
        pieces.append(spoiled(text, dice, texts(), _FRAMES, most=10).replace(b"\x1e", b"")[:3000])
    return b"\x1e".join(pieces)


def check_pack(case: bytes) -> None:
    """A reader of the format finds every file verbatim, and no other."""
    head, *pieces = case.split(b"\x1e")
    name = FORMATS[head[0] % 4 if head else 0]
    files: dict[str, str] = {}
    for path, text in zip(pieces[::2], pieces[1::2], strict=False):
        listed = path.replace(b"\0", b"").decode("utf-8", "surrogateescape")
        # Texts come from decoded files, which have no lone surrogates but may have anything else.
        files[listed or "x"] = text.decode("utf-8", "replace") or "\n"
    world = _world(files)
    levels = np.zeros(world.columns.chunks, dtype=np.int8)
    lines = np.zeros(len(files), dtype=bool)
    title = next(iter(files), "")
    pack = render(world.columns, levels, lines, world, RenderOptions(name, title, "1a2b", None))
    pack.encode()
    assert all(sign in "\n\t" or (ord(sign) >= 32 and not 127 <= ord(sign) < 160) for sign in pack)
    wanted = {display_path(path): _shown(text) for path, text in files.items()}
    assert len(wanted) == len(files)
    assert READERS[name](pack) == wanted
    for shown in files.values():
        chunk_in_format(shown, name).encode("utf-8", "surrogatepass")


def _shown(text: str) -> str:
    shown = visible_text(text)
    assert shown.count("\n") == text.count("\n")
    return shown if shown.endswith("\n") else shown + "\n"


def _world(files: dict[str, str]) -> World:
    """Columns of files of one chunk each; what they cost does not matter here."""
    count = len(files)
    ends = np.array([max(1, text.count("\n")) for text in files.values()], dtype=np.int32)
    numbers = np.arange(count, dtype=np.int32)
    columns = Columns(
        files=[FileRow(path, "python", int(end), "0" * 40, ()) for path, end in zip(files, ends, strict=True)],
        file=numbers,
        chunk_class=np.full(count, CLASSES.index(ChunkClass.CODE), dtype=np.int8),
        parent=np.full(count, -1, dtype=np.int32),
        start_line=np.ones(count, dtype=np.int32),
        end_line=ends,
        tokens=np.ones((count, 5), dtype=np.int32),
        retention=np.tile(np.array([1.0, 0.9, 0.6, 0.3, 0.1, 0.05]), (count, 1)),
        line_tokens=np.zeros(count, dtype=np.int32),
        path_tokens=np.zeros(count, dtype=np.int32),
    )
    return World(columns, [ChunkSpec(text) for text in files.values()])


def make_name(dice: random.Random) -> bytes:
    """Make two names that are nearly the same."""
    first = spoiled(dice.choice(_NAMES), dice, _NAMES, most=4)[:200]
    return first.replace(b"\x1e", b"") + b"\x1e" + spoiled(first, dice, _NAMES, most=1)[:200]


def check_name(case: bytes) -> None:
    """Names are printable on one line, and different names look different."""
    first, _, second = case.partition(b"\x1e")
    names = [one.decode("utf-8", "surrogateescape") for one in (first, second)]
    shown = [display_path(one) for one in names]
    assert (shown[0] == shown[1]) == (names[0] == names[1])
    for one in (*shown, *map(visible_name, names)):
        one.encode()
        assert all(sign == " " or _is_shown(sign) for sign in one), ascii(one)


def _is_shown(sign: str) -> bool:
    """Whether a character stands for itself: no control, separator, surrogate, or number that is no character."""
    if unicodedata.category(sign) == "Cn":
        return ord(sign) & 0xFFFE != 0xFFFE and not 0xFDD0 <= ord(sign) <= 0xFDEF
    return unicodedata.category(sign) not in ("Cc", "Cs", "Zl", "Zp", "Zs")


TARGETS = (
    Target("pack", "every format gives texts and names back", make_pack, check_pack, 80),
    Target("name", "names are harmless and stay apart", make_name, check_name, 200),
)
