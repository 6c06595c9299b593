"""Documentation that mainly shows an example: an interpreter session, or a fenced block inside a comment."""

from __future__ import annotations

import re

from engine.chunk.spans import Span, Trait

_DOC = Trait.DOC.value
_MARKER = re.compile(rb"\s*(?://[/!]?|/\*+|\*/|\*|#+|--+|;+)?\s*")


def mark_sessions(lines: list[bytes], spans: list[Span]) -> None:
    """Give ``DOCTEST`` to documentation of which at least half of the lines belong to examples."""
    for span in spans:
        # The bare value: arithmetic on flags costs a microsecond each time.
        if span.traits._value_ & _DOC and _is_session(lines[span.start : span.end]):
            span.traits |= Trait.DOCTEST


def _is_session(lines: list[bytes]) -> bool:
    text_rows = session_rows = 0
    in_fence = in_session = False
    for line in lines:
        found = _MARKER.match(line)
        text = line[found.end() :].strip() if found else line.strip()
        if not text or text in (b'"""', b"'''"):
            in_session = False
            continue
        text_rows += 1
        if text.startswith(b"```"):
            in_fence = not in_fence
            session_rows += 1
            continue
        in_session = in_session or text.startswith(b">>>")
        session_rows += in_fence or in_session
    return 2 * session_rows >= text_rows > 0
