"""Tokenizers of plugins: entry points of ``packsight.tokenizers``, named for the encoding that they count.

An entry point names a callable without arguments that gives a counter: an object with ``count(text) -> int``, and if it
likes ``count_many(texts)``. Which models are counted so is said in ``models.toml``: ``encoding = "NAME"``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar, runtime_checkable

from engine.errors import InputError
from engine.model import Method
from engine.plugins import Bad, Plugin, installed, leave_out, loaded, named, troubles, version_of

T = TypeVar("T")
R = TypeVar("R")
GROUP = "packsight.tokenizers"
_PROBES = ("a", "def f(x):\n    return x\n", "…\n\n  \t", "<|endoftext|>")
_TAKEN = "packsight has an encoding {!r} of its own"
_BYTES_OF_CHARACTER = 4
_FRAME = 64
"""Tokens that a text may have beyond its bytes: marks of a beginning, a role."""


class CannotCount(InputError):
    """A tokenizer of a plugin failed on a text: a total without that text would be no total."""


@runtime_checkable
class Counter(Protocol):
    """What a plugin's callable gives."""

    def count(self, text: str) -> int:
        """Count the tokens of a text; every text is content, whatever it looks like."""
        ...


def known(encoding: str) -> bool:
    """Tell whether an installed plugin names the encoding; loads nothing."""
    return named(GROUP, encoding) is not None


def names() -> tuple[str, ...]:
    """Encodings that installed plugins name."""
    return tuple(dict.fromkeys(plugin.name for plugin in installed(GROUP)))


def plugged(encoding: str, taken: Callable[[str], bool]) -> PluggedTokenizer | None:
    """The tokenizer of a plugin, or None where no plugin names the encoding.

    Args:
        encoding: Its name.
        taken: Whether packsight itself has an encoding of a name.

    Raises:
        InputError: the plugin was left out; there is nothing else to count this encoding with.
    """
    plugin = named(GROUP, encoding)
    if plugin is None:
        return None
    found = loaded(plugin, lambda made, which: _checked(made, which, taken))
    if found is None:
        reason = next(trouble.reason for trouble in troubles() if trouble.plugin == plugin)
        raise InputError(
            f"encoding {encoding!r} cannot be counted: {plugin.distribution} {plugin.version}: {reason}",
            "count for another model, or repair the plugin (packsight doctor)",
        )
    return found


def refuse(encoding: str) -> None:
    """Leave out the plugin that has the name of an encoding of packsight's own, if there is one."""
    plugin = named(GROUP, encoding)
    if plugin is not None:
        leave_out(plugin, _TAKEN.format(encoding))


def counted_as(encoding: str) -> str:
    """Name that counts of an encoding are kept under: with version and files of the plugin where one counts."""
    plugin = named(GROUP, encoding)
    return encoding if plugin is None else f"{encoding} {version_of((plugin,)).hex()}"


class PluggedTokenizer:
    """A counter of a plugin, held to what :class:`engine.tokens.protocol.Tokenizer` promises."""

    def __init__(self, plugin: Plugin, counter: Counter) -> None:
        self.encoding = plugin.name
        self.method = Method(getattr(counter, "method", Method.ESTIMATE))
        low, high = getattr(counter, "error_band", (0.0, 0.0))
        self.error_band = (float(low), float(high))
        self._plugin = plugin
        self._count = counter.count
        self._many: Callable[[Sequence[str]], Sequence[int]] | None = getattr(counter, "count_many", None)

    def count(self, text: str) -> int:
        """Count the tokens of ``text`` as user content.

        Raises:
            InputError: the plugin failed, or gave what no count can be.
        """
        return self._checked(text, self._asked(self._count, text))

    def count_many(self, texts: Sequence[str]) -> list[int]:
        """Count each text on its own.

        Raises:
            InputError: as ``count``.
        """
        if self._many is None:
            return list(map(self.count, texts))
        counts = self._asked(self._many, texts)
        if not isinstance(counts, Sequence) or len(counts) != len(texts):
            raise self._failed(f"count_many gave no list of {len(texts)} counts")
        return list(map(self._checked, texts, counts))

    def count_parts(self, parts: Sequence[str]) -> list[int]:
        """Share out the count of the joined parts: counts of the parts alone, the difference on those it falls on.

        Raises:
            InputError: as ``count``.
        """
        counts = self.count_many(parts)
        over = sum(counts) - (self.count("".join(parts)) if parts else 0)
        for at in sorted(range(len(parts)), key=lambda index: -counts[index]):
            if not over:
                break
            step = min(over, counts[at]) if over > 0 else over
            counts[at] -= step
            over -= step
        return counts

    def _asked(self, ask: Callable[[T], R], what: T) -> R:
        try:
            return ask(what)
        except (KeyboardInterrupt, MemoryError, GeneratorExit):
            raise
        except BaseException as error:
            raise self._failed(type(error).__name__) from error

    def _checked(self, text: str, count: object) -> int:
        if type(count) is not int or not 0 <= count <= _BYTES_OF_CHARACTER * len(text) + _FRAME:
            raise self._failed(f"{str(count)[:40]!r} is no count of {len(text):,} characters")
        return count

    def _failed(self, reason: str) -> CannotCount:
        leave_out(self._plugin, reason)
        return CannotCount(
            f"encoding {self.encoding!r} cannot be counted: {self._plugin.distribution}: {reason}",
            "count for another model, or repair the plugin (packsight doctor)",
        )


def _checked(made: object, plugin: Plugin, taken: Callable[[str], bool]) -> PluggedTokenizer:
    if taken(plugin.name):
        raise Bad(_TAKEN.format(plugin.name))
    if not callable(made):
        raise Bad(f"{plugin.value} is no callable that gives a counter")
    counter = made()
    if not isinstance(counter, Counter):
        raise Bad(f"{plugin.value} gives no object with count(text)")
    found = PluggedTokenizer(plugin, counter)
    try:
        for probe in _PROBES:
            found.count(probe)
        found.count_many(_PROBES)
    except InputError as error:
        raise Bad(error.message.rpartition(": ")[2]) from error
    return found
