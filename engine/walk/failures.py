"""What can go wrong with one file, and how to say what git said."""

from __future__ import annotations

from engine.errors import PacksightError

LONGEST_QUOTE = 300
"""Characters of another program's or a file's own words that an error message repeats at most."""


class ReadFailed(PacksightError):
    """The content of one file cannot be had: the file is skipped with ``reason``, the scan goes on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        """Why, in a few words without the path; fit for ``Skipped.reason``."""


class Vanished(ReadFailed):
    """The path was listed and is not there any more."""


def printable(text: str) -> str:
    """Show ``text`` on one line without control characters; names and git's messages are hostile."""
    shown = "".join(c if c.isprintable() else "\ufffd" for c in text[: LONGEST_QUOTE + 1])
    return shown if len(shown) <= LONGEST_QUOTE else shown[:LONGEST_QUOTE] + "…"


def last_words(stderr: bytes) -> str:
    """Pick the line of git's error output that says what was wrong, without its ``fatal:`` or ``error:``."""
    lines = [line.strip() for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    if not telling:
        return "git gave no reason"
    first = telling[0].partition(": ")
    return printable(first[2] if first[0] in ("fatal", "error") else telling[0])
