"""From the ``check`` tables of a settings file, and from flags, to rules; errors name the file, the line and the key.

``[check]`` is one table of limits, ``[[check]]`` a list of such tables, each with its own reason and severity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from engine.errors import PacksightError, UsageError
from engine.gate.limits import MOST_TOKENS, NO_TOKENS, Limit, read_limit
from engine.gate.rules import KINDS, PACK, SEVERITIES, CheckSettings, Kind, PackDemand, Rule
from engine.gitglobs import git_globs
from engine.settings_lines import Where, tables_of
from engine.tuning import class_named
from engine.visible import visible_name

_OWN_KEYS = ("base", "why", "severity")
_PACK_KEYS = ("budget", "model", "min_quality", "whole", "profile", "query")
_PACK_HINT = "for instance budget=32k,min_quality=0.6 or budget=200k,whole"
_LONGEST_TEXT = 1000
"""Characters of a reason, glob or name."""
_ALL_FILES = "**"
_MOST_STARS = 3
"""Of a part of a glob: each star more multiplies the time that a hostile name takes by its length."""
_MOST_TABLES, _MOST_RULES = 50, 500
"""Of one file; each rule looks at every file of the repository."""

Fail = Callable[[tuple[str, ...], str, str], PacksightError]
"""Makes the error for a key."""


def check_settings(table: Mapping[str, Any] | Sequence[Mapping[str, Any]], origin: str, text: str) -> CheckSettings:
    """Read the ``check`` table, or tables, of a settings file.

    Args:
        table: Its value.
        origin: What messages call the file.
        text: The file's text, to find lines in.

    Raises:
        InputError: a key is unknown, a value is none, or two tables name different bases.
    """
    single = isinstance(table, Mapping)
    groups: Sequence[Mapping[str, Any]] = [table] if isinstance(table, Mapping) else table
    texts = [] if single else tables_of(text, "check")[:_MOST_TABLES]
    if len(groups) > _MOST_TABLES:
        raise Where(origin, text).error(("check",), f"there are more than {_MOST_TABLES} [[check]] tables")
    base, rules = "", list[Rule]()
    for number, group in enumerate(groups):
        # Written as one line, check = [{…}], tables have no lines of their own.
        where = Where(origin, texts[number] if len(texts) == len(groups) else text)
        for key in group:
            where.require(key, (*_OWN_KEYS, *KINDS), ("check",))

        def fail(keys: tuple[str, ...], message: str, hint: str, where: Where = where) -> PacksightError:
            return where.error(("check", *keys), f"'{_dotted(keys)}': {message}", hint)

        named = _text(group, "base", fail)
        if base and named and named != base:
            raise fail(("base",), "another table names a different base", f"name '{base}' once, or give --base")
        base = base or named
        why, severity = _text(group, "why", fail), _text(group, "severity", fail) or "error"
        if severity not in SEVERITIES:
            raise fail(("severity",), f"there is no severity '{severity[:40]}'", f"write {' or '.join(SEVERITIES)}")
        for keys, kind, name, limit, demand in _entries(group, fail):
            if len(rules) >= _MOST_RULES:
                raise fail(keys, f"there are more than {_MOST_RULES} rules", "put globs that share a limit together")
            line = where.line(("check", *keys))
            rules.append(
                Rule(kind, name, limit, demand, "warning" if severity == "warning" else "error", why, origin, line)
            )
    return CheckSettings(base, tuple(rules))


def _dotted(keys: tuple[str, ...]) -> str:
    return ".".join(("check", *(visible_name(key[:80]) for key in keys)))


def read_flags(flags: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Read limits given for one run: keys and values as in a ``[check]`` table.

    Raises:
        UsageError: a key or a value is none; names the flag.
    """

    def fail(keys: tuple[str, ...], message: str, hint: str) -> PacksightError:
        return UsageError(f"{KINDS[keys[0]].flag}: {message}" if keys[0] in KINDS else message, hint)

    for key in flags:
        if key not in KINDS:
            raise UsageError(f"there is no limit '{str(key)[:80]}'", f"limits: {', '.join(KINDS)}")
    return tuple(Rule(kind, name, limit, demand) for _, kind, name, limit, demand in _entries(flags, fail))


Entry = tuple[tuple[str, ...], Kind, str, Limit, PackDemand | None]


def _entries(table: Mapping[str, Any], fail: Fail) -> Iterator[Entry]:
    for key, value in table.items():
        if key == PACK:
            for demand in _demands(value, fail):
                yield (key,), KINDS[key], str(demand), NO_TOKENS, demand
        elif key in KINDS:
            yield from _limits(KINDS[key], value, fail)


def _limits(kind: Kind, value: object, fail: Fail) -> Iterator[Entry]:
    if kind.named and not isinstance(value, Mapping):
        if not kind.bare:
            raise fail((kind.key,), f"it needs a {kind.named}", f'for instance {kind.key} = {{ "src" = "4k" }}')
        value = {_ALL_FILES: value}
    named: Mapping[str, object] = value if isinstance(value, Mapping) and kind.named else {"": value}
    for written, limits in named.items():
        keys = (kind.key, written) if written and isinstance(value, Mapping) else (kind.key,)
        try:
            name = _name(kind, written)
            for limit in limits if isinstance(limits, list | tuple) else [limits]:
                yield keys, kind, name, read_limit(limit), None
        except UsageError as error:
            raise fail(keys, error.message, error.hint) from error


def _name(kind: Kind, written: str) -> str:
    if kind.named and not written.strip():
        raise UsageError(f"the {kind.named} is empty", f"for instance {kind.flag} 'src=4k'")
    if len(written) > _LONGEST_TEXT or not written.isprintable():
        raise UsageError(f"the {kind.named} is too long or has characters that cannot be seen")
    if kind.named == "class":
        return class_named(written).value
    if kind.named == "dir":
        return written.strip("/").removeprefix("./") or "."
    if kind.named == "glob":
        parts = written.split("/")
        if sum("**" in part for part in parts) > _MOST_STARS or max(part.count("*") for part in parts) > _MOST_STARS:
            raise UsageError(
                f"'{written[:80]}' has too many stars", f"at most {_MOST_STARS} in a part, and ** {_MOST_STARS} times"
            )
        try:
            git_globs([written])
        except ValueError as error:
            raise UsageError(f"'{written[:80]}' is not a pattern", "write it as in .gitignore") from error
    return written


def _demands(value: object, fail: Fail) -> Iterator[PackDemand]:
    for one in value if isinstance(value, list | tuple) else [value]:
        if not isinstance(one, Mapping):
            raise fail((PACK,), "it must be a table", _PACK_HINT)
        for key in one:
            if key not in _PACK_KEYS:
                raise fail((PACK,), f"there is no '{str(key)[:40]}' in it", f"keys: {', '.join(_PACK_KEYS)}")
        budget = one.get("budget", "")
        fits = isinstance(budget, str) or (isinstance(budget, int) and abs(budget) <= MOST_TOKENS)
        if isinstance(budget, bool) or not fits or budget == "":
            raise fail((PACK,), "it needs a budget", _PACK_HINT)
        quality, whole = one.get("min_quality", 0.0), one.get("whole", False)
        if isinstance(quality, bool) or not isinstance(quality, int | float) or not 0 <= quality <= 1:
            raise fail((PACK,), "'min_quality' must be a number from 0 to 1", _PACK_HINT)
        if not isinstance(whole, bool):
            raise fail((PACK,), "'whole' must be true or false", _PACK_HINT)
        if not quality and not whole:
            raise fail((PACK,), "it demands nothing: it needs min_quality or whole", _PACK_HINT)
        texts = {key: _text(one, key, lambda _, message, hint: fail((PACK,), message, hint)) for key in _PACK_TEXTS}
        yield PackDemand(budget, min_quality=float(quality), whole=whole, **texts)


_PACK_TEXTS = ("model", "profile", "query")


def _text(table: Mapping[str, Any], key: str, fail: Fail) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise fail((key,), f"'{key}' must be text of at most {_LONGEST_TEXT:,} characters", "")
    return value
