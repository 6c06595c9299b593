"""What the rooms of the app agreed on: keys that have names, colours of the theme, one module with threads."""

from __future__ import annotations

import ast
import inspect
import os
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from textual.color import Color
from textual.color import ColorParseError as NotAColor
from textual.dom import DOMNode

import tui
from tests.architecture.test_imports import command, loaded
from tui.modes import all_bindings, binding_ids

ROOM = Path(tui.__file__).parent
MODULES = sorted(path for path in ROOM.rglob("*.py"))
SHEETS = sorted(ROOM.rglob("*.tcss"))

MAKES_CONTENT = {
    "text.py": "it is the place where data becomes content",
    "modals/model_picker.py": "joins lines that are content already",
    "screens/profile.py": "joins lines that are content already",
}
"""Modules that import ``Content`` or ``Text``, with the reason."""

STARTS_WORK = {
    "Thread", "Timer", "Process", "Pool", "Popen", "ThreadPoolExecutor", "ProcessPoolExecutor", "run_worker",
    "to_thread", "run_in_executor", "create_task", "ensure_future", "work",
}  # fmt: skip
"""Names by which something is started that goes on beside the app."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOM).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def strings_of(path: Path) -> Iterator[str]:
    """Every piece of text in a module that is not a docstring."""
    told = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            told.add(id(node.value))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def classes_with_keys() -> set[type]:
    """Every class below the app that says which keys it has."""
    found = set()
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if module.name.endswith("__main__"):
            continue
        for _, one in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(one, DOMNode) and one.__module__.startswith("tui.") and one.__dict__.get("BINDINGS"):
                found.add(one)
    return found


# -- keys --------------------------------------------------------------------------------------------------------------


def test_every_class_with_keys_is_known_to_the_keymap() -> None:
    listed = {owner for owner, _ in all_bindings()}
    assert {one.__qualname__ for one in classes_with_keys() - listed} == set()


def test_every_key_is_a_binding_with_all_its_words() -> None:
    for owner in classes_with_keys():
        for entry in owner.__dict__["BINDINGS"]:
            assert not isinstance(entry, tuple), f"{owner.__name__} has a key without id: {entry}"
    for owner, binding in all_bindings():
        where = f"{owner.__name__}: {binding.key}"
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*", binding.id or ""), where
        assert binding.description.strip(), where
        assert binding.tooltip.strip(), where


def test_an_id_stands_for_one_action() -> None:
    # The same on several screens, so that a person who gives it another key finds it there on all of them.
    meanings: dict[str, set[str]] = defaultdict(set)
    for _, binding in all_bindings():
        meanings[str(binding.id)].add(binding.action)
    assert {name: said for name, said in meanings.items() if len(said) > 1} == {}
    assert set(meanings) == binding_ids()


def test_every_action_that_a_key_names_is_there() -> None:
    from tui.app import PacksightApp

    for owner, binding in all_bindings():
        target, _, name = binding.action.partition("(")[0].rpartition(".")
        where = PacksightApp if target == "app" else owner
        assert hasattr(where, f"action_{name}"), f"{owner.__name__} has no {binding.action}"


def test_no_two_keys_of_a_class_are_the_same() -> None:
    taken: dict[tuple[type, str], str] = {}
    for owner, binding in all_bindings():
        for key in binding.key.split(","):
            assert (owner, key) not in taken, f"{owner.__name__}: {key} is {taken[owner, key]} and {binding.id}"
            taken[owner, key] = str(binding.id)


# -- colours and text --------------------------------------------------------------------------------------------------


def is_color(word: str) -> bool:
    """Whether a word is a colour by itself; ``$primary`` is one of the theme."""
    if word in ("transparent", "auto") or not re.fullmatch(r"#?[a-z0-9_]+", word, re.IGNORECASE):
        return False
    try:
        Color.parse(word)
    except NotAColor:
        return False
    return True


@pytest.mark.parametrize("path", [*MODULES, *SHEETS], ids=name_of)
def test_colours_are_those_of_the_theme(path: Path) -> None:
    texts = [path.read_text("utf-8")] if path.suffix == ".tcss" else list(strings_of(path))
    for text in texts:
        values = re.findall(r"[\w-]+:\s*([^;{}]+)(?:;|$)", text)
        # A style such as "bold red on blue", alone in a text.
        values += [text] if len(text.split()) <= 4 and path.suffix == ".py" else []
        words = [word for value in values for word in value.split()]
        assert [word for word in words if is_color(word)] == [], text


def test_only_named_modules_make_content() -> None:
    makers = set()
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom) and node.module in ("textual.content", "rich.text"):
                makers.add(name_of(path))
            if isinstance(node, ast.ImportFrom) and node.module in ("textual", "rich", "textual.app"):
                assert not {"Content", "Text"} & {alias.name for alias in node.names}, path
    assert makers == set(MAKES_CONTENT)


def test_nothing_that_is_told_in_passing_is_read_as_markup() -> None:
    calls = 0
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "notify":
                calls += 1
                said = {word.arg: word.value for word in node.keywords}
                markup = said.get("markup")
                assert isinstance(markup, ast.Constant), f"{name_of(path)}:{node.lineno}"
                assert markup.value is False, f"{name_of(path)}:{node.lineno}"
    assert calls


# -- threads and imports -----------------------------------------------------------------------------------------------


def test_only_the_bridge_starts_something_beside_the_app() -> None:
    starters = set()
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            names = (
                {node.attr} if isinstance(node, ast.Attribute) else {node.id} if isinstance(node, ast.Name) else set()
            )
            if names & STARTS_WORK:
                starters.add(name_of(path))
    assert starters == {"bridge.py"}


def test_the_app_opens_without_what_only_the_engine_or_the_browser_needs() -> None:
    heavy = {
        "sqlalchemy", "alembic", "tree_sitter", "splintr", "tiktoken", "watchfiles", "textual_serve", "aiohttp", "git",
        "pathspec", "tomlkit", "openai", "anthropic",
    }  # fmt: skip
    assert not loaded("import tui.app, tui.screens.inspector, tui.setup, engine.inspector") & heavy


@pytest.mark.parametrize("words", [("count",), ("scan",), ("inspect",), ("--help",)], ids=lambda words: words[0])
def test_what_needs_no_screen_does_not_load_the_library_for_it(words: tuple[str, ...], tmp_path: Path) -> None:
    assert "TEXTUAL_DRIVER" not in os.environ
    (tmp_path / "notes.md").write_text("# Title\n\nSome words.\n")
    where = () if words[0].startswith("-") else (tmp_path,)
    assert not command(*words, *where) & {"textual", "tui", "watchfiles"}
