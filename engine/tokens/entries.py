"""One entry of a models file: which keys it has, what they may hold, and the dataclass it becomes."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.errors import InputError
from engine.model import Method, Model, PriceTier

_INTEGERS = ("context_window", "max_input", "max_output")
_PRICES = ("price_in", "price_out", "price_cache_read")
_TEXTS = ("id", "provider", "encoding", "method", "claim", "tokens", "deprecation", "source", "as_of")
_KEYS = (*_TEXTS, *_INTEGERS, *_PRICES, "aliases", "price_tiers", "error_band")
TOKEN_KEYS = ("tokens", "encoding", "method", "error_band", "claim")
"""Keys that say how to count; an entry that gives ``tokens`` or ``encoding`` replaces them all."""
_ENCODING_KEYS = ("name", "ranks", "pattern", "cuts", "nfc")
_METHODS = {method.value: method for method in Method}
_CLOSEST = 0.5


def read(path: Path) -> dict[str, Any]:
    """Read a file of models and encodings.

    Raises:
        InputError: it cannot be read, is no TOML, or has other tables.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except OSError as error:
        raise InputError(f"{path}: cannot read: {error.strerror}") from None
    except RecursionError:
        raise InputError(f"{path}: not TOML: nested too deeply") from None
    except (ValueError, ArithmeticError) as error:  # also numbers of more digits, or a higher exponent, than can be
        raise InputError(f"{path}: not TOML: {error}") from None
    for key, value in table.items():
        if key not in ("model", "encoding"):
            raise _unknown_key(str(path), key, ("model", "encoding"))
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise InputError(f"{path}: {key} is no list of tables", f"write [[{key}]] above each entry")
    return table


def check(fields: Mapping[str, object], presets: Mapping[str, object], where: str) -> None:
    """Check the keys and the kinds of values of a model entry.

    Raises:
        InputError: naming the file, the entry, the key and the nearest valid one.
    """
    where = f"{where}: model {fields.get('id', '?')!r}"
    if not isinstance(fields.get("id"), str) or not fields["id"]:
        raise InputError(f"{where}: has no id")
    for key, value in fields.items():
        if key not in _KEYS:
            raise _unknown_key(where, key, _KEYS)
        fits, wanted = _fits(key, value)
        if not fits:
            raise InputError(f"{where}: {key} is {value!r}", f"expected {wanted}")
    if "tokens" in fields and fields["tokens"] not in presets:
        raise _unknown_value(where, "tokens", str(fields["tokens"]), tuple(presets))
    if "encoding" in fields:
        from engine.tokens.registry import known

        if not known(str(fields["encoding"])):
            from engine.tokens.registry import encodings

            raise _unknown_value(where, "encoding", str(fields["encoding"]), encodings())
    if "method" in fields and fields["method"] not in _METHODS:
        raise _unknown_value(where, "method", str(fields["method"]), tuple(_METHODS))


def model(fields: Mapping[str, Any], presets: Mapping[str, Mapping[str, Any]], where: str) -> Model:
    """Make the dataclass of a checked entry.

    Raises:
        InputError: a key that every model needs is missing.
    """
    counting = {**presets[fields["tokens"]], **fields} if "tokens" in fields else fields
    try:
        window = fields["context_window"]
        encoding_name = counting["encoding"]
        limits = (window, min(fields.get("max_input", window), window), fields["max_output"], fields["provider"])
    except KeyError as error:
        raise InputError(f"{where}: model {fields['id']!r}: {error.args[0]} is missing") from None
    method, band = _trust(encoding_name, counting)
    tiers = fields.get("price_tiers", ())
    prices = [fields.get(key) for key in _PRICES]
    return Model(
        id=fields["id"],
        aliases=tuple(fields.get("aliases", ())),
        provider=limits[3],
        context_window=limits[0],
        max_input=limits[1],
        max_output=limits[2],
        price_in=None if prices[0] is None else Decimal(prices[0]),
        price_out=None if prices[1] is None else Decimal(prices[1]),
        price_cache_read=None if prices[2] is None else Decimal(prices[2]),
        price_tiers=tuple(
            PriceTier(above, Decimal(price_in), Decimal(price_out)) for above, price_in, price_out in tiers
        ),
        encoding=encoding_name,
        method=method,
        error_band=band,
        claim=counting.get("claim", f"assigned in {where}"),
        deprecation=str(fields.get("deprecation", "")),
        source=fields.get("source", ""),
        as_of=str(fields.get("as_of", "")),
    )


def encoding(fields: Mapping[str, Any], path: Path) -> Any:
    """Make the specification of a registered encoding (a ``Spec``).

    Raises:
        InputError: naming the file, the key and the nearest valid one.
    """
    from engine.tokens.cuts import RULE_NAMES
    from engine.tokens.specs import Spec

    where = f"{path}: encoding {fields.get('name', '?')!r}"
    for key in fields:
        if key not in _ENCODING_KEYS:
            raise _unknown_key(where, key, _ENCODING_KEYS)
    for key in ("name", "ranks", "pattern"):
        if not isinstance(fields.get(key), str) or not fields[key]:
            raise InputError(f"{where}: {key} is missing", "needed: name, ranks (a .tiktoken file), pattern")
    cuts = fields.get("cuts", "none")
    if cuts not in RULE_NAMES:
        raise _unknown_value(where, "cuts", str(cuts), RULE_NAMES)
    ranks = path.parent / fields["ranks"]
    if not os.path.isfile(ranks):
        raise InputError(f"{where}: no rank file {ranks}")
    return Spec(
        name=fields["name"], pattern=fields["pattern"], cuts=cuts, nfc=bool(fields.get("nfc", False)), ranks=ranks
    )


def modified_on(path: Path) -> str:
    """Return the day a file was last changed, which is the age of figures that give no other."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()


def _trust(encoding_name: str, counting: Mapping[str, Any]) -> tuple[Method, tuple[float, float]]:
    """Return method and error band: as given, else those of the encoding."""
    band = counting.get("error_band")
    if band is not None and band != "encoding":
        low, high = band
        return _METHODS[counting.get("method", "estimate")], (float(low), float(high))
    if encoding_name.startswith("estimate"):
        from engine.tokens.figures import figures

        return Method.ESTIMATE, figures()[encoding_name].error_band
    default = Method.RECONSTRUCTED if encoding_name.startswith("claude-") else Method.EXACT
    return _METHODS.get(counting.get("method", ""), default), (0.0, 0.0)


def _fits(key: str, value: object) -> tuple[bool, str]:
    """Tell whether a value is of the kind its key holds, and name that kind."""
    if key in _INTEGERS:
        return isinstance(value, int) and not isinstance(value, bool) and value > 0, "a positive whole number of tokens"
    if key in _PRICES:
        return _is_price(value), "USD per million tokens, a number of at least 0"
    if key == "aliases":
        return _is_list(value) and all(isinstance(name, str) for name in value), "a list of names"  # type: ignore[attr-defined]
    if key == "error_band":
        return _is_band(value), "two numbers, the lower at most 0 and the higher at least 0"
    if key == "price_tiers":
        return _is_tiers(value), "a list of [prompt tokens, price_in, price_out]"
    if key in ("deprecation", "as_of"):
        return isinstance(value, str | date), "a day such as 2026-11-21"
    return isinstance(value, str) and bool(value.strip()), "a text"


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_price(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and value >= 0


def _is_band(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 2:
        return False
    low, high = value
    return isinstance(low, int | Decimal) and isinstance(high, int | Decimal) and -1 <= low <= 0 <= high


def _is_tiers(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_tier, value))


def _is_tier(value: object) -> bool:
    return isinstance(value, list) and len(value) == 3 and isinstance(value[0], int) and all(map(_is_price, value))


def _unknown_key(where: str, key: str, valid: Sequence[str]) -> InputError:
    return InputError(f"{where}: unknown key {key!r}", _nearest(key, valid))


def _unknown_value(where: str, key: str, value: str, valid: Sequence[str]) -> InputError:
    return InputError(f"{where}: unknown {key} {value!r}", _nearest(value, valid))


def _nearest(name: str, valid: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, valid, 1, _CLOSEST)
    return f"did you mean {near[0]}?" if near else f"valid: {', '.join(valid)}"
