"""What packsight stands on, looked at piece by piece: one line for each, and whether it is broken."""

from __future__ import annotations

import platform
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from engine import __version__
from engine.errors import PacksightError

OK, ABSENT, BROKEN = "ok", "absent", "broken"
"""States of a check: works; is not there and need not be; does not work and is needed."""
_OLDEST_GIT = (2, 31)
_EXTRAS = {
    "postgres": "psycopg",
    "openai": "openai",
    "anthropic": "anthropic",
    "gemini": "google.genai",
    "keyring": "keyring",
    "serve": "textual_serve",
    "mcp": "mcp",
    "otel": "opentelemetry.sdk",
    "litellm": "litellm",
}
"""Extra and the module that it brings."""
Check = dict[str, str]


def examine(
    cache: Callable[[], dict[str, Any]],
    database: Callable[[], dict[str, Any]] | None,
    plugins: Sequence[dict[str, str]],
) -> dict[str, Any]:
    """Run all checks; one that fails in a way that nobody thought of is broken, and the others go on.

    Args:
        cache: Tells how the blob cache is.
        database: Tells how the database is; None leaves it out.
        plugins: Installed plugins, as ``engine.usecases.plugins`` tells of them.
    """
    checks = [
        _guarded("python", _python),
        _guarded("git", _git),
        _guarded("grammars", _grammars),
        *_tokenizers(),
        _guarded("cache", lambda: _cache(cache())),
    ]
    if database is not None:
        checks.append(_guarded("database", lambda: _database(database())))
    checks += _extras()
    checks += [_plugin(plugin) for plugin in plugins]
    return {
        "sound": all(check["state"] != BROKEN for check in checks),
        "version": __version__,
        "checks": checks,
    }


def _guarded(name: str, check: Callable[[], tuple[str, str]]) -> Check:
    try:
        state, detail = check()
    except PacksightError as error:
        state, detail = BROKEN, error.message
    except Exception as error:
        state, detail = BROKEN, f"{type(error).__name__}: {error}"
    return {"name": name, "state": state, "detail": detail}


def _python() -> tuple[str, str]:
    return (
        OK,
        f"{platform.python_version()} on {platform.system()} {platform.machine()}, SQLite {sqlite3.sqlite_version}",
    )


def _git() -> tuple[str, str]:
    try:
        done = subprocess.run(["git", "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return BROKEN, f"git cannot be run: {type(error).__name__}"
    words = done.stdout.split()
    version = words[2] if len(words) > 2 else ""
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if len(numbers) < 2 or numbers < _OLDEST_GIT:
        return BROKEN, f"git {version or 'of an unknown version'}; 2.31 or newer is needed"
    return OK, version


def _grammars() -> tuple[str, str]:
    from engine.chunk.grammars import grammar
    from engine.chunk.languages import table

    with_grammar = [language for language in table().languages.values() if language.grammar]
    failed: list[str] = []
    for language in with_grammar:
        try:
            grammar(language).parser.parse(b"a\n")
        except Exception as error:
            failed.append(f"{language.name} ({type(error).__name__})")
    if failed:
        return BROKEN, f"{len(failed)} of {len(with_grammar)} do not load: {', '.join(failed)}"
    return OK, f"{len(with_grammar)} load, and their queries with them"


def _tokenizers() -> Iterator[Check]:
    """Each vocabulary against a count that is known of it."""
    from engine.usecases.golden import golden

    try:
        text, known = golden()
    except (OSError, ValueError) as error:
        yield {"name": "tokenizers", "state": BROKEN, "detail": f"the known counts cannot be read: {error}"}
        return
    for encoding, wanted in known.items():

        def check(encoding: str = encoding, wanted: int = wanted) -> tuple[str, str]:
            from engine.tokens import tokenizer

            found = tokenizer(encoding).count(text)
            if found != wanted:
                return BROKEN, f"counts {found} tokens where {wanted} are known"
            return OK, f"{found} tokens, as known"

        yield _guarded(f"tokenizer {encoding}", check)


def _cache(state: dict[str, Any]) -> tuple[str, str]:
    return OK, f"{state['path']}: {state['blobs']:,} blobs, {state['size_bytes'] / 1e6:,.1f} MB"


def _database(state: dict[str, Any]) -> tuple[str, str]:
    if state["problem"]:
        return BROKEN, f"{state['database']}: {state['problem']}"
    return (OK if state["version"] else ABSENT), f"{state['database']}: {state['state']}"


def _extras() -> Iterator[Check]:
    for extra, module in _EXTRAS.items():
        try:
            there = find_spec(module) is not None
        except (ImportError, ValueError):
            there = False
        detail = f"{module} is installed" if there else f"pip install 'packsight[{extra}]'"
        yield {"name": f"extra {extra}", "state": OK if there else ABSENT, "detail": detail}


def _plugin(plugin: dict[str, str]) -> Check:
    name = f"plugin {plugin['group'].removeprefix('packsight.')} {plugin['name']}"
    where = f"{plugin['distribution']} {plugin['version']} in {plugin['place']}"
    if plugin["problem"]:
        return {"name": name, "state": BROKEN, "detail": f"left out: {plugin['problem']} ({where})"}
    return {"name": name, "state": OK, "detail": where}
