"""What is open in the editor: texts, their selections, and what is known of their counts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.errors import PacksightError
from engine.watch import limits
from engine.watch.fence import Name
from engine.watch.requests import Refused, nearest, refusal

if TYPE_CHECKING:
    from engine.inspector import EditedText, Snapshot, Unit

MakeText = Callable[[str], "EditedText"]
Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of one state of a buffer."""

    revision: int
    tokens: int
    selection: tuple[int, ...]
    """Tokens of each selected range."""


@dataclass(slots=True)
class Buffer:
    """One open text."""

    name: Name
    text: EditedText
    version: int | None
    """Whatever number the client gives its states."""
    revision: int
    """Grows with every change of text or selection, over all buffers."""
    selection: Ranges = ()
    """Ranges in code points."""
    counted: Counted | None = None
    trouble: str = ""
    """Why this state cannot be counted."""

    @property
    def settled(self) -> bool:
        """Whether the counts are those of the text as it is."""
        return bool(self.trouble) or (self.counted is not None and self.counted.revision == self.revision)


@dataclass(frozen=True, slots=True)
class Task:
    """A state of a buffer to be counted."""

    shown: str
    revision: int
    snapshot: Snapshot
    selection: Ranges


@dataclass(slots=True)
class Buffers:
    """All open texts. The reader changes them, the counter takes snapshots; both under one lock."""

    make: MakeText
    unit: Unit
    lock: threading.RLock = field(default_factory=threading.RLock)
    _open: dict[str, Buffer] = field(default_factory=dict)
    _revision: int = 0

    def open(self, name: Name, text: str, version: int | None) -> Buffer:
        """Open a text, or begin anew with one that is open.

        Raises:
            Refused: too many, or too much.
        """
        with self.lock:
            if name.shown not in self._open and len(self._open) >= limits.BUFFERS:
                raise Refused("limit", f"{limits.BUFFERS} buffers are open", "close one first")
            self._require_room(name, len(text))
            self._open[name.shown] = Buffer(name, self.make(text), version, self._next())
            return self._open[name.shown]

    def change(self, name: Name, params: Mapping[str, Any]) -> Buffer:
        """Edit a text: each edit is applied to what the one before it left. All are applied, or none.

        Raises:
            Refused: it is not open, an edit is none, or the text would be too long.
        """
        with self.lock:
            buffer = self._named(name)
            if ("text" in params) == ("edits" in params):
                raise Refused("invalid_params", "'change' needs either 'text' or 'edits'")
            if "text" in params:
                self._require_room(name, len(params["text"]))
                text = self.make(params["text"])
            else:
                text = self._edited(buffer, params["edits"])
                self._require_room(name, text.characters)
            buffer.text, buffer.version, buffer.selection = text, params.get("version"), ()
            buffer.revision, buffer.trouble = self._next(), ""
            return buffer

    def select(self, name: Name, ranges: Sequence[Any]) -> Buffer:
        """Remember what is selected, until the text changes.

        Raises:
            Refused: the buffer is not open, or a range is none.
        """
        with self.lock:
            buffer = self._named(name)
            _require_few("ranges", ranges, limits.RANGES)
            found = tuple(self._range(buffer.text, one, "ranges") for one in ranges)
            buffer.selection, buffer.revision, buffer.trouble = found, self._next(), ""
            return buffer

    def close(self, name: Name) -> None:
        """Forget a text.

        Raises:
            Refused: it is not open.
        """
        with self.lock:
            self._named(name)
            del self._open[name.shown]

    def recount(self, make: MakeText, unit: Unit) -> None:
        """Go on with another tokenizer or unit."""
        with self.lock:
            self.make, self.unit = make, unit
            for buffer in self._open.values():
                buffer.text = make(buffer.text.snapshot().text())
                buffer.revision, buffer.counted, buffer.trouble = self._next(), None, ""

    def tasks(self) -> list[Task]:
        """What is still to be counted."""
        with self.lock:
            return [
                Task(shown, buffer.revision, buffer.text.snapshot(), buffer.selection)
                for shown, buffer in self._open.items()
                if not buffer.settled
            ]

    def is_current(self, task: Task) -> bool:
        """Whether a state is still the newest of its buffer."""
        buffer = self._open.get(task.shown)
        return buffer is not None and buffer.revision == task.revision

    def put(self, task: Task, counted: Counted | None, trouble: str = "") -> Buffer | None:
        """Take in what a state counts; None when the buffer has moved on."""
        with self.lock:
            if not self.is_current(task):
                return None
            buffer = self._open[task.shown]
            buffer.counted, buffer.trouble = counted or buffer.counted, trouble
            return buffer

    def all(self) -> list[Buffer]:
        """Everything that is open, in the order it was opened."""
        with self.lock:
            return list(self._open.values())

    @property
    def tokens(self) -> int:
        """Tokens of all buffers, as far as they are counted."""
        return sum(buffer.counted.tokens for buffer in self.all() if buffer.counted)

    @property
    def settled(self) -> bool:
        """Whether everything is counted."""
        return all(buffer.settled for buffer in self.all())

    def _edited(self, buffer: Buffer, edits: Sequence[Any]) -> EditedText:
        _require_few("edits", edits, limits.EDITS)
        text = buffer.text.copy()
        for edit in edits:
            if not (isinstance(edit, dict) and set(edit) == {"range", "text"} and isinstance(edit["text"], str)):
                raise Refused("invalid_params", "an edit is {range: {start, end}, text}")
            start, end = self._range(text, edit["range"], "edits")
            text.replace(start, end, edit["text"])
            self._require_room(buffer.name, text.characters)
        return text

    def _range(self, text: EditedText, written: object, where: str) -> tuple[int, int]:
        if not (isinstance(written, dict) and set(written) == {"start", "end"}):
            raise Refused("invalid_params", f"a range in '{where}' is {{start, end}}")
        start, end = (self._offset(text, written[side]) for side in ("start", "end"))
        if end < start:
            raise Refused("invalid_params", f"a range in '{where}' ends before it starts")
        return start, end

    def _offset(self, text: EditedText, written: object) -> int:
        if not (isinstance(written, dict) and set(written) == {"line", "character"}):
            raise Refused("invalid_params", "a position is {line, character}, both from 0")
        line, character = written["line"], written["character"]
        for number in (line, character):
            if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= limits.CHARACTERS:
                raise Refused("invalid_params", "line and character are whole numbers from 0")
        try:
            return text.offset(line, character, self.unit)
        except PacksightError as error:
            raise refusal(error) from None

    def _named(self, name: Name) -> Buffer:
        if name.shown not in self._open:
            hint = nearest(name.shown, self._open) if 0 < len(self._open) <= limits.BUFFERS else "open it first"
            raise Refused("not_open", f"{name.shown} is not open", hint[:400])
        return self._open[name.shown]

    def _require_room(self, name: Name, size: int) -> None:
        others = sum(buffer.text.characters for shown, buffer in self._open.items() if shown != name.shown)
        if others + size > limits.CHARACTERS:
            raise Refused("limit", f"open texts have {others + size:,} characters, of {limits.CHARACTERS:,} at most")

    def _next(self) -> int:
        self._revision += 1
        return self._revision


def _require_few(what: str, given: Sequence[Any], most: int) -> None:
    if len(given) > most:
        raise Refused("limit", f"{len(given):,} {what} at once, of {most:,} at most")
