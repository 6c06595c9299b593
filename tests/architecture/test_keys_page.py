"""The page of keys says what the keys do, and what the guide shows to copy works."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from themes.loader import parse_theme
from tui.modes import all_bindings, binding_ids
from tui.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "keys.md"


def test_the_page_is_made_from_the_bindings() -> None:
    assert PAGE.read_text("utf-8") == reference()


def test_every_key_is_on_the_page_with_what_it_does() -> None:
    page = reference()
    assert set(re.findall(r"\| `([a-z-]+\.[a-z0-9-]+)` \|$", page, re.MULTILINE)) == binding_ids()
    assert all(f"| {binding.tooltip} |" in page for _, binding in all_bindings())
    assert "``" not in page


def test_the_guide_names_keys_that_exist() -> None:
    guide = PAGE.with_name("inspector.md").read_text("utf-8")
    tables = [tomllib.loads(block) for block in re.findall(r"```toml\n# keymap.toml\n(.*?)```", guide, re.DOTALL)]
    assert tables
    for table in tables:
        assert set(table) <= binding_ids()


def test_the_theme_of_the_guide_is_one() -> None:
    guide = PAGE.with_name("inspector.md").read_text("utf-8")
    themes = re.findall(r"```toml\n(# themes/(\w+\.toml)\n.*?)```", guide, re.DOTALL)
    assert [parse_theme(name, text).title for text, name in themes] == ["Dusk"]
