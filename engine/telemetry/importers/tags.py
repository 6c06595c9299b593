"""Labels of a call in its tags: ``category:docs`` and ``complexity:low``, where somebody wrote them for us."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.telemetry.importers.values import mapping, word

_LONGEST = 40


def labels(found: object) -> tuple[str, str]:
    """Return category and complexity of tags, a list of ``name:value`` or an object; ``""`` for what nobody said."""
    if isinstance(found, str) and found[:1] == "[":
        from engine.telemetry.importers.json_text import parse

        try:
            found = parse(found.encode("utf-8", "replace"))
        except ValueError:
            return "", ""
    said = dict(_pairs(found)) if isinstance(found, list) else mapping(found)
    return tuple(word(said.get(name), _LONGEST).strip().casefold() for name in ("category", "complexity"))  # type: ignore[return-value]


def _pairs(tags: Iterable[object]) -> Mapping[str, str]:
    return {
        name.strip(): value for name, sep, value in (tag.partition(":") for tag in tags if isinstance(tag, str)) if sep
    }
