"""The public interface as text, a name a line: ``python -m tests.docs.api > tests/docs/api.txt``."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

MODULES = (
    "engine.inspector", "engine.request", "engine.errors", "engine.events", "engine.model", "engine.extending",
)  # fmt: skip
"""Modules whose names are kept."""


def interface() -> str:
    """Every public name with its signature."""
    return "".join(f"{line}\n" for name in MODULES for line in _module(import_module(name)))


def _module(module: ModuleType) -> Iterator[str]:
    yield f"# {module.__name__}"
    for name in sorted(public(module)):
        yield from _named(f"{module.__name__}.{name}", getattr(module, name))
    yield ""


def public(module: ModuleType) -> list[str]:
    """Names that a module has of its own, or says that it has."""
    said = getattr(module, "__all__", None)
    if said is not None:
        return list(said)
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    ]


def _named(path: str, value: Any) -> Iterator[str]:
    if not isinstance(value, type):
        shown = _signature(value) if inspect.isfunction(value) else f": {type(value).__name__}"
        yield path + shown
        return
    if issubclass(value, enum.Enum):
        yield f"{path}: {', '.join(member.name for member in value)}"
        return
    if dataclasses.is_dataclass(value):
        yield f"{path}: a dataclass"
        for field in dataclasses.fields(value):
            default = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            yield f"{path}.{field.name}: {field.type}{'' if default else ' = …'}"
    else:
        yield f"{path}{_signature(value.__init__)}"
    for name, member in members(value):
        found = getattr(member, "fget", member)
        found = getattr(found, "__func__", found)
        mark = "" if not isinstance(member, property) else " (property)"
        yield f"{path}.{name}{_signature(found)}{mark}"


def members(kind: type) -> list[tuple[str, Any]]:
    """Public methods and properties of a class, those of our own bases too."""
    found: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("engine."):
            found.update((name, value) for name, value in vars(base).items() if not name.startswith("_"))
    callables = {
        name: value
        for name, value in found.items()
        if inspect.isfunction(value) or isinstance(value, property | staticmethod | classmethod)
    }
    return sorted(callables.items())


def _signature(function: Any) -> str:
    try:
        found = inspect.signature(function)
    except (TypeError, ValueError):
        return "()"
    told = [one.replace(default=_default(one)) for one in found.parameters.values()]
    if any(one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) for one in told) and len(told) == 3:
        return "()"
    return str(found.replace(parameters=told, return_annotation=found.return_annotation)).replace("'", "")


class _Shown:
    """A default as it is written."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _default(one: inspect.Parameter) -> Any:
    value = one.default
    if value is inspect.Parameter.empty:
        return value
    if isinstance(value, str):
        return _Shown(f'"{value}"')
    return _Shown(value.__name__ if inspect.isfunction(value) else repr(value))


if __name__ == "__main__":
    sys.stdout.write(interface())
