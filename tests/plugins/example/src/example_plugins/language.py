"""A language: recipes, whose steps stand below lines such as ``== Dough ==``."""

from __future__ import annotations

from engine.extending import Cut, LanguagePlugin, Role, Span


def cut(data: bytes, lines: list[bytes]) -> Cut:
    """Cut a recipe at its headings."""
    starts = [row for row, line in enumerate(lines) if line.startswith(b"==")]
    if not starts or starts[0] > 0:
        starts.insert(0, 0)
    ends = [*starts[1:], len(lines)]
    spans, roles, defines = [], bytearray(), []
    for start, end in zip(starts, ends, strict=True):
        name = lines[start].strip(b"= ").decode("utf-8", "replace") if lines[start].startswith(b"==") else ""
        spans.append(Span("section", name, -1, start, end))
        defines.append([name] if name else [])
    for line in lines:
        if line.startswith(b"=="):
            roles.append(Role.HEADING)
        elif not line.strip():
            roles.append(Role.BLANK)
        else:
            roles.append(Role.COMMENT if line.startswith(b"%") else Role.CODE)
    return Cut(spans, roles, defines)


RECIPE = LanguagePlugin(extensions=("recipe",), shebangs=("cook",), cut=cut)
