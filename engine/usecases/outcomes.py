"""What packs showed and what became of it: written down when packs are made, looked at and marked later."""

from __future__ import annotations

import contextlib
import datetime
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError, UsageError
from engine.profiles.learning_outcomes import MARKS, Mark, ShownPack, ShownPlace, pack_from_json
from engine.store.outcome_spool import OutcomeSpool
from engine.usecases.pack_records import spool_folder
from engine.visible import display_path

if TYPE_CHECKING:
    from engine.store.database import Database
    from engine.walk import Listing, PastEdit

OUTCOMES_FOLDER = "pack-outcomes"
Told = tuple[tuple[ShownPack, tuple[Mark, ...]], ...]
_EXPANDED_WITHIN = datetime.timedelta(days=1)
"""How long after a pack a place that is shown counts as expanded from it."""
_COMMITS = 200
"""Newest commits that are looked through for what was edited after a pack."""
_SHORTEST_ID = 6


def waiting_outcomes(db_url: str) -> OutcomeSpool:
    """The outcomes that wait for a database.

    Raises:
        UsageError: the URL names no database.
    """
    return OutcomeSpool(spool_folder(db_url, OUTCOMES_FOLDER))


def note_expanded(db_url: str, path: Path, start_line: int, end_line: int) -> bool:
    """Write down that a place was shown; only where packs were remembered before, and says whether it was.

    Raises:
        UsageError: the URL names no database.
    """
    if not spool_folder(db_url, OUTCOMES_FOLDER).is_dir():
        return False
    now = datetime.datetime.now(datetime.UTC)
    values = {"path": os.path.realpath(path), "start_line": start_line, "end_line": end_line, "at": now.isoformat()}
    return waiting_outcomes(db_url).put({"kind": "expanded", **values})


@dataclass(frozen=True, slots=True)
class PackOutcomes:
    """Remembered packs of one repository. Every call opens the database anew, and makes it when packs wait for it."""

    names: tuple[str, ...]
    """What the repository is known by, the best name first."""
    listing: Listing
    """Its listing; its content is closed."""
    db_url: str

    def list(self, model: str = "") -> Told:
        """Packs with what became of them, the newest first.

        Raises:
            InputError: the database cannot be used.
            UsageError: the URL names no database.
        """
        from engine.store.address import address_of
        from engine.store.database import open_database
        from engine.store.outcomes import list_outcomes

        spool = waiting_outcomes(self.db_url)
        if not spool and not address_of(self.db_url).exists:
            return ()
        with open_database(self.db_url, create=True) as database:
            _take_over(database, spool)
            told = list_outcomes(database, self.names, model)
            return list_outcomes(database, self.names, model) if self._find_edits(database, told) else told

    def find(self, word: str) -> tuple[ShownPack, tuple[Mark, ...]]:
        """The pack whose id begins so.

        Raises:
            InputError: none does, or several do.
            UsageError: the word is too short to tell packs apart.
        """
        if len(word) < _SHORTEST_ID:
            raise UsageError(
                f"'{word}' is too short to name a pack", f"write {_SHORTEST_ID} characters of its id or more"
            )
        told = self.list()
        found = [one for one in told if one[0].pack_id.startswith(word.lower())]
        if len(found) == 1:
            return found[0]
        if found:
            raise InputError(f"'{word[:80]}' names {len(found)} packs", "write more of the id")
        newest = f"the newest is {told[0][0].pack_id}" if told else "none is recorded for this repository"
        raise InputError(f"there is no pack '{word[:80]}' of this repository", newest)

    def mark(
        self,
        word: str,
        places: Iterable[tuple[str, str]],
        sent_tokens: int | None = None,
        output_tokens: int | None = None,
    ) -> tuple[ShownPack, tuple[Mark, ...]]:
        """Note what became of places of a pack, and what the call took; returns the pack as it is then.

        Args:
            word: The beginning of the pack's id.
            places: What became of it, and ``PATH`` or ``PATH:A-B`` as the pack writes it.
            sent_tokens: Tokens of the prompt as the provider counted them.
            output_tokens: Tokens of the answer.

        Raises:
            InputError: no such pack, a place that it does not show, or the database cannot be written.
            UsageError: a word is none.
        """
        pack, _ = self.find(word)
        now = datetime.datetime.now(datetime.UTC)
        made = [_mark(pack, what, place, now) for what, place in places]
        if any(tokens is not None and not 0 <= tokens < 2**31 for tokens in (sent_tokens, output_tokens)):
            raise UsageError("that is no number of tokens", "for instance --sent-tokens 31850")
        from engine.store.database import open_database
        from engine.store.outcomes import keep_marks, keep_tokens

        with open_database(self.db_url, create=True) as database:
            keep_marks(database, pack.pack_id, made)
            keep_tokens(database, pack.pack_id, sent_tokens, output_tokens)
        return self.find(pack.pack_id)

    def _find_edits(self, database: Database, told: Told) -> bool:
        """Note what the commit after each pack edited of it; says whether anything was found."""
        from engine.store.outcomes import keep_marks
        from engine.walk import past_edits

        open_ones = [pack for pack, marks in told if pack.revision and all(mark.what != "edited" for mark in marks)]
        if not open_ones:
            return False
        after = {edit.parent: edit for edit in past_edits(self.listing, max_commits=_COMMITS)}
        found = False
        for pack in open_ones:
            edited = _edited(pack, after[pack.revision]) if pack.revision in after else []
            if edited:
                keep_marks(database, pack.pack_id, edited)
                found = True
        return found


def outcome_json(pack: ShownPack, marks: Sequence[Mark]) -> dict[str, Any]:
    """A pack and what became of it, as JSON; ``shown`` counts places by level."""
    levels = Counter(place.level for place in pack.places)
    return {
        "pack_id": pack.pack_id,
        "at": pack.at.isoformat(timespec="seconds"),
        "model": pack.model,
        "profile": pack.profile,
        "revision": pack.revision,
        "query": pack.asks,
        "budget": pack.budget_tokens,
        "actual": pack.actual_tokens,
        "sent": pack.sent_tokens,
        "output": pack.output_tokens,
        "shown": {str(level): levels[level] for level in sorted(levels)},
        "marks": [
            {
                "what": mark.what,
                "path": display_path(mark.path),
                "start_line": mark.start_line,
                "end_line": mark.end_line,
                "class": mark.name.value,
                "level": mark.level,
                "at": mark.at.isoformat(timespec="seconds"),
            }
            for mark in marks
        ],
    }


def _mark(pack: ShownPack, what: str, written: str, at: datetime.datetime) -> Mark:
    if what not in MARKS:
        raise UsageError(f"'{what}' is nothing that becomes of a place", f"one of {', '.join(MARKS)}")
    name, start_line, end_line = written, 0, 0
    head, colon, lines = written.rpartition(":")
    first, _, last = lines.partition("-")
    if colon and all(word.isascii() and word.isdigit() and len(word) < 10 for word in (first, last or first)):
        name, start_line, end_line = head, int(first), int(last or first)
        if not 1 <= start_line <= end_line:
            raise UsageError(f"lines {lines} are no range", "write PATH:12-40")
    known = {display_path(one.path): one.path for one in pack.places}
    path = known.get(name, name)
    place = pack.place_at(path, start_line, end_line)
    if place is None:
        import difflib

        nearest = difflib.get_close_matches(name[:200], list(known)[:2_000], 1, 0.4)
        hint = f"did you mean '{nearest[0]}'?" if nearest and nearest[0] != name else "see its report for what it shows"
        raise InputError(f"pack {pack.pack_id} does not show '{display_path(written)[:200]}'", hint)
    whole = Mark(what, path, 0, 0, at, place.name, place.level)
    return replace(whole, start_line=place.start_line, end_line=place.end_line) if start_line else whole


def _edited(pack: ShownPack, edit: PastEdit) -> list[Mark]:
    at = datetime.datetime.fromtimestamp(edit.committed_s, datetime.UTC)
    found: dict[ShownPlace, None] = {}
    for path, lines in edit.files:
        for line in lines:
            place = pack.place_at(path, line, line)
            if place is not None:
                found[place] = None
    return [Mark("edited", one.path, one.start_line, one.end_line, at, one.name, one.level) for one in found]


def _take_over(database: Database, spool: OutcomeSpool) -> None:
    """Write what waits, packs before what became of them; whoever does the same at once writes the same."""
    from engine.store.outcomes import keep_outcomes

    files, packs, expanded = [], list[ShownPack](), list[dict[str, Any]]()
    for path, values in spool.read():
        files.append(path)
        # The files are the person's own, but may be of another version of the program.
        with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
            if values.get("kind") == "pack":
                packs.append(pack_from_json(values))
            elif values.get("kind") == "expanded":
                expanded.append(values)
    if packs:
        keep_outcomes(database, packs)
    if expanded:
        _expand(database, expanded)
    for path in files:
        spool.remove(path)


def _expand(database: Database, expanded: Sequence[dict[str, Any]]) -> None:
    from engine.store.outcomes import keep_marks, packs_since

    for values in expanded:
        with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
            at = datetime.datetime.fromisoformat(values["at"])
            lines = int(values["start_line"]), int(values["end_line"])
            for pack in packs_since(database, at - _EXPANDED_WITHIN, at):
                path = _below(values["path"], pack.root)
                place = pack.place_at(path, *lines) if path else None
                # What is shown in full already is only read again.
                if place is not None and place.level > 0:
                    mark = Mark("expanded", path, place.start_line, place.end_line, at, place.name, place.level)
                    keep_marks(database, pack.pack_id, [mark])
                    break


def _below(path: str, root: str) -> str:
    top = os.path.join(root, "")
    return path[len(top) :].replace(os.sep, "/") if path.startswith(top) else ""
