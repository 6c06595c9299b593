"""From a line to a request: what is no request is refused in words, with the nearest that would be one."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from engine.errors import BudgetTooSmall, Cancelled, PacksightError, UsageError

Id = int | str
_LONGEST_ID = 200
_SHOWN = 80
"""Characters of what a client wrote that an error repeats."""

METHODS: dict[str, dict[str, str]] = {
    "open": {"path": "text", "text": "text", "version": "version?"},
    "change": {"path": "text", "text": "text?", "edits": "edits?", "version": "version?"},
    "select": {"path": "text", "ranges": "ranges"},
    "close": {"path": "text"},
    "status": {"packed": "flag?"},
    "pack": {"budget": "budget?", "query": "text?", "format": "text?", "text": "flag?"},
    "configure": {"model": "text?", "budget": "budget?", "query": "text?", "unit": "text?"},
    "cancel": {"request": "id"},
}
"""Parameters of every method with their kinds; ``?`` marks those that may be left out."""

_KINDS = {
    "text": "a text",
    "version": "a whole number or null",
    "edits": "a list of {range: {start, end}, text}",
    "ranges": "a list of {start, end}",
    "flag": "true or false",
    "budget": "a number of tokens, or a text such as \"32k\" or \"40%\"",
    "id": "the id of a request",
}  # fmt: skip


class Refused(Exception):
    """A request that is not carried out: the code and the words of its answer."""

    def __init__(self, code: str, message: str, hint: str = "", request: Id | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint
        self.request = request
        """Id of the request, where it could be read."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks."""

    id: Id | None
    """None for a request that wants no answer."""
    method: str
    params: dict[str, Any] = field(default_factory=dict)


def parse(line: bytes) -> Request:
    """Read one line.

    Raises:
        Refused: it is no JSON object with a known method and its parameters.
    """
    try:
        message = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
        raise Refused("parse_error", f"this line is no JSON: {reason}", 'write {"id": 1, "method": "status"}') from None
    if not isinstance(message, dict):
        raise Refused("invalid_request", "a request is a JSON object", 'write {"id": 1, "method": "status"}')
    number = message.get("id")
    if number is not None and not is_id(number):
        raise Refused("invalid_request", f"'id' must be a whole number or a text of at most {_LONGEST_ID} characters")
    method, params = message.get("method"), message.get("params", {})
    if not isinstance(method, str):
        raise Refused("invalid_request", "'method' must be a text", f"methods: {', '.join(METHODS)}", number)
    if method not in METHODS:
        raise Refused("unknown_method", f"there is no method '{method[:_SHOWN]}'", nearest(method, METHODS), number)
    if not isinstance(params, dict):
        raise Refused("invalid_params", "'params' must be an object", "", number)
    extra = next((name for name in message if name not in ("id", "method", "params")), None)
    if extra is not None:
        hint = "parameters go into 'params'" if extra in METHODS[method] else "a request has id, method and params"
        raise Refused("invalid_request", f"there is no '{extra[:_SHOWN]}' in a request", hint, number)
    _check(number, method, params)
    return Request(number, method, params)


def is_id(value: object) -> bool:
    """Whether a value can be the id of a request."""
    if isinstance(value, str):
        return len(value) <= _LONGEST_ID
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53


def nearest(word: str, known: Iterable[str]) -> str:
    """The nearest valid choice, in words."""
    names = list(known)
    found = difflib.get_close_matches(word[:_SHOWN], names, 1)
    return f"did you mean '{found[0]}'?" if found else f"there are: {', '.join(names)}"


def refusal(error: PacksightError) -> Refused:
    """An error of the engine as an answer."""
    kinds = ((Cancelled, "cancelled"), (BudgetTooSmall, "budget_too_small"), (UsageError, "invalid_params"))
    code = next((code for kind, code in kinds if isinstance(error, kind)), "unusable_input")
    return Refused(code, error.message, error.hint)


def _check(number: Id | None, method: str, params: dict[str, Any]) -> None:
    shape = METHODS[method]
    for name in params:
        if name not in shape:
            hint = nearest(name, shape)
            raise Refused("invalid_params", f"'{method}' has no parameter '{name[:_SHOWN]}'", hint, number)
    for name, kind in shape.items():
        kind, optional = kind.removesuffix("?"), kind.endswith("?")
        if name not in params:
            if optional:
                continue
            raise Refused("invalid_params", f"'{method}' needs '{name}': {_KINDS[kind]}", "", number)
        if not _is(kind, params[name]):
            raise Refused("invalid_params", f"'{name}' of '{method}' must be {_KINDS[kind]}", "", number)


def _is(kind: str, value: object) -> bool:
    if kind == "text":
        return isinstance(value, str)
    if kind == "flag":
        return isinstance(value, bool)
    if kind == "id":
        return is_id(value)
    if kind == "version":
        return value is None or (isinstance(value, int) and is_id(value))
    if kind == "budget":
        return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    return isinstance(value, list)


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")
