"""JSON schemas of what tools take and give, without what only costs tokens in every client."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from engine.mcp.words import Words

_NAMED = ("properties", "$defs")
"""Keys whose own keys are names, not words of the schema."""


def schema_of(words: type[Words]) -> dict[str, Any]:
    """The input schema of a tool."""
    schema: dict[str, Any] = _without(words.model_json_schema(), ("title",))
    schema.pop("description", None)
    for one in schema["properties"].values():
        if {"type": "null"} in one.get("anyOf", ()):
            # Null is the same as nothing; saying so for every count costs tokens.
            one.update(one.pop("anyOf")[0])
        # An empty default says nothing, and lengths are checked here, in an error that says so.
        one.pop("maxLength", None)
        if one.get("default") in ("", [], {}, None, 0, False):
            one.pop("default", None)
    return schema


def output_schema_of(result: Any) -> dict[str, Any]:
    """The output schema of a tool."""
    schema: dict[str, Any] = _without(TypeAdapter(result).json_schema(), ("title", "description"))
    return schema


def _without(schema: Any, words: tuple[str, ...]) -> Any:
    """Take annotations out; properties that are called so stay."""
    if isinstance(schema, list):
        return [_without(one, words) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _without(inner, words) for name, inner in value.items()}
        if key in _NAMED
        else _without(value, words)
        for key, value in schema.items()
        if key not in words or not isinstance(value, str)
    }
