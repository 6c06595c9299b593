"""JSON of unknown origin to plain values, without surprises. Imported late: the decoder is a C extension."""

from __future__ import annotations

import json

import msgspec

_DECODER = msgspec.json.Decoder()


def parse(data: bytes) -> object:
    """Return the value of a JSON text; invalid UTF-8 becomes replacement characters, NaN is taken as Python writes it.

    Raises:
        ValueError: it is no JSON, or nested deeper than can be held.
    """
    try:
        return _DECODER.decode(data)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(data.decode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None
    except ValueError:
        raise ValueError("no JSON") from None


def parse_object(data: bytes) -> dict[str, object]:
    """Return the value of a JSON text that is an object.

    Raises:
        ValueError: it is not.
    """
    value = parse(data)
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value
