"""Widens the schemas of results until what the commands print fits: ``python -m tests.docs.infer FOLDER``.

Existing schemas are kept and only ever widened, so what was refined by hand stays. Run it after a command got a key;
the test of results says so.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from engine.model import ChunkClass, Method

Schema = dict[str, Any]

MAPS = frozenset({
    "classes", "languages", "folders", "directories", "levels", "by_level", "refused", "by_source", "weights", "shares",
    "max_level", "pins", "rows", "policies",
})  # fmt: skip
"""Keys of objects whose own keys are data: names of classes, languages, files."""
WHOLE_MAPS = frozenset({"config show"})
"""Commands that print such an object."""
WORDS = {
    "method": tuple(Method),
    "class": tuple(ChunkClass),
    "band_source": ("shipped", "measured"),
    "complexity": ("", "low", "medium", "high"),
}
"""Keys whose values are one of a few words."""
FILE = Path(__file__).parents[2] / "engine" / "cli" / "results.json"


def widened(schema: Schema | None, value: Any, key: str = "", is_map: bool = False) -> Schema:
    """The schema, so that it also holds for a value."""
    schema = dict(schema or {})
    kind = _kind(value)
    if "anyOf" in schema:
        schema["anyOf"] = [widened(one, value) if one["type"] == kind else one for one in schema["anyOf"]]
        return schema
    _add_type(schema, kind)
    if kind == "object":
        if is_map or key in MAPS:
            inner = schema.get("additionalProperties")
            for one in value.values():
                inner = widened(inner, one)
            schema["additionalProperties"] = inner or {}
        else:
            _object(schema, value)
    elif kind == "array":
        for one in value:
            schema["items"] = widened(schema.get("items"), one)
    elif kind == "string" and key in WORDS:
        schema["enum"] = list(WORDS[key])
    return schema


def _object(schema: Schema, value: dict[str, Any]) -> None:
    known = schema.get("properties")
    properties = dict(known or {})
    for name, one in value.items():
        properties[name] = widened(properties.get(name), one, name)
    required = list(value) if known is None else [name for name in schema.get("required", ()) if name in value]
    schema["properties"] = properties
    schema["required"] = required
    schema["additionalProperties"] = False


def _add_type(schema: Schema, kind: str) -> None:
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else list(types)
    if kind not in types and not (kind == "integer" and "number" in types):
        types = [one for one in types if not (one == "integer" and kind == "number")]
        types.append(kind)
    # What may be missing is named last.
    types.sort(key=lambda one: one == "null")
    schema["type"] = types[0] if len(types) == 1 else types


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    for kind, types in (("integer", int), ("number", float), ("string", str), ("array", list)):
        if isinstance(value, types):
            return kind
    return "object"


def main(folder: Path) -> None:
    """Widen the file with what the commands print now."""
    for which in ("CACHE", "DATA", "CONFIG"):
        os.environ[f"PACKSIGHT_{which}_DIR"] = str(folder / which.lower())
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from tests.docs.outputs import outputs

    work = folder / "work"
    work.mkdir(parents=True)
    schemas: dict[str, Schema] = json.loads(FILE.read_text("utf-8"))
    for name, value in outputs(work):
        if name != "spec":
            schemas[name] = widened(schemas.get(name), value, is_map=name in WHOLE_MAPS)
    FILE.write_text(json.dumps(dict(sorted(schemas.items())), indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
