"""Dividing the misses of a scan between machines that scan the same repository at once.

Before work goes to a worker it is claimed. What another machine claimed before is left for the end: by then most of it
is finished, and what is not is done here too, because nobody ever waits for a machine that may be gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Protocol, runtime_checkable

from engine.scan.record import BlobRecord
from engine.scan.worker import Task

Rows = dict[bytes, tuple[bytes, bytes, bytes | None]]
"""Head, chunk rows and counts by key."""
_AT_ONCE = 2
"""Batches that are claimed in one question."""


class Cache(Protocol):
    """What the scan asks of a blob cache."""

    def records(self, keys: Sequence[bytes], encoding: str) -> Rows:
        """Look up (head, rows, counts or None) by key."""
        ...

    def details(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Look up what rendering needs by key."""
        ...

    def save(self, encoding: str, records: Sequence[tuple[bytes, BlobRecord]]) -> None:
        """Write analyses with their counts in one transaction."""
        ...


@runtime_checkable
class SharedCache(Protocol):
    """What the scan asks of a cache that several machines fill. Nothing here raises."""

    def divide(self, keys: Sequence[bytes], encoding: str) -> tuple[Rows, set[bytes]]:
        """Claim work; gives what others finished meanwhile, and what others are at."""
        ...

    def finished(self, keys: Sequence[bytes], encoding: str) -> Rows:
        """What others finished."""
        ...


def own_share(
    batches: Iterable[list[Task]],
    cache: Cache | None,
    encoding: str,
    keys: Mapping[str, bytes],
    take: Callable[[Rows], None],
) -> Iterator[list[Task]]:
    """Give the batches that are for this machine, as they are asked for: all where nobody shares.

    Args:
        batches: All that is missing.
        cache: Knows what others do, if it is a ``SharedCache``.
        encoding: Vocabulary that is counted.
        keys: Name of each path's analysis.
        take: Receives what others have made.
    """
    if not isinstance(cache, SharedCache):
        yield from batches
        return
    coming, later = iter(batches), list[list[Task]]()
    while group := list(islice(coming, _AT_ONCE)):
        made, elsewhere = cache.divide([keys[task.file.path] for batch in group for task in batch], encoding)
        take(made)
        for batch in group:
            open_ones = [task for task in batch if keys[task.file.path] not in made]
            own = [task for task in open_ones if keys[task.file.path] not in elsewhere]
            if own:
                yield own
            if len(own) < len(open_ones):
                later.append([task for task in open_ones if keys[task.file.path] in elsewhere])
    yield from _left_over(later, cache, encoding, keys, take)


def _left_over(
    later: list[list[Task]],
    cache: SharedCache,
    encoding: str,
    keys: Mapping[str, bytes],
    take: Callable[[Rows], None],
) -> Iterator[list[Task]]:
    made: Rows = {}
    if len(later) > 1:
        made = cache.finished([keys[task.file.path] for batch in later for task in batch], encoding)
        take(made)
    for batch in later:
        rest = [task for task in batch if keys[task.file.path] not in made]
        if rest:
            found = cache.finished([keys[task.file.path] for task in rest], encoding)
            take(found)
            rest = [task for task in rest if keys[task.file.path] not in found]
        if rest:
            yield rest
