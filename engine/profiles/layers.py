"""Layers of wishes - default, team, personal, this run - and which of them each value comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.profiles.tables import PARTS

LayerName = Literal["run", "personal", "team", "default"]

SIMPLE = ("budget", "reserve", "format")
"""Keys that hold one value."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Wishes of one source."""

    name: LayerName
    """``run`` for flags and variables, ``personal`` for a person's profile, saved budget and own file, ``team`` for the
    repository's file."""
    origin: str
    """As settings name it: ``profile 'lean'``, the path of a file, ``default``."""
    table: Mapping[str, Any]
    """Keys of a settings file."""


@dataclass(frozen=True, slots=True)
class LayeredValue:
    """A value in force, and where it comes from."""

    key: str
    """As ``packsight profile set`` takes it: ``budget``, ``weights.tests``, ``pins.src/*.py``, ``excludes.docs/``."""
    value: str | int | float
    layer: LayerName
    origin: str

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"key": self.key, "value": self.value, "layer": self.layer, "origin": self.origin}


def layered(layers: Sequence[Layer], in_force: Mapping[str, Any]) -> tuple[LayeredValue, ...]:
    """Every value in force with the strongest layer that names it.

    Args:
        layers: The strongest first.
        in_force: The pack table that all of them together come to; smallest shares may be less than asked for there.
    """
    return (*_simple(layers), *_parts(layers, in_force), *_excludes(layers))


def _simple(layers: Sequence[Layer]) -> Iterator[LayeredValue]:
    for key in SIMPLE:
        for layer in layers:
            if key in layer.table:
                yield LayeredValue(key, layer.table[key], layer.name, layer.origin)
                break


def _parts(layers: Sequence[Layer], in_force: Mapping[str, Any]) -> Iterator[LayeredValue]:
    for part in PARTS:
        tables = [(layer, layer.table.get("pack", {}).get(part, {})) for layer in layers]
        for name in dict.fromkeys(name for _, table in reversed(tables) for name in table):
            layer, table = next((layer, table) for layer, table in tables if name in table)
            value = in_force.get(part, {}).get(name, table[name])
            yield LayeredValue(f"{part}.{name}", value, layer.name, layer.origin)


def _excludes(layers: Sequence[Layer]) -> Iterator[LayeredValue]:
    seen: set[str] = set()
    for layer in layers:
        for glob in layer.table.get("pack", {}).get("excludes", ()):
            if glob not in seen:
                seen.add(glob)
                yield LayeredValue(f"excludes.{glob}", "left out", layer.name, layer.origin)
