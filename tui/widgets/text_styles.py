"""How the parts of a drawn text look: what can be styled, and the styles."""

from __future__ import annotations

from tui.highlight import NAMES

PARTS = {
    "text-view--gutter", "text-view--fold", "text-view--filler", "text-view--match", "text-view--match-current",
    "text-view--selected", "text-view--token-even", "text-view--token-odd", "text-view--frame",
    *(f"syntax--{name}" for name in NAMES),
}  # fmt: skip
"""Component classes of the canvas."""
CSS = """
TextCanvas {
    background: $background; color: $foreground; scrollbar-size: 1 1; overflow-y: auto; scrollbar-gutter: stable;
    &:focus { background-tint: $foreground 0%; }
    .text-view--gutter { color: $muted; }
    .text-view--fold { color: $level-capsule; text-style: italic; }
    .text-view--filler { color: $panel; }
    .text-view--frame { color: $primary; text-style: bold; }
    .text-view--match { background: $warning 30%; text-style: underline; }
    .text-view--match-current { background: $warning; color: $background; text-style: bold; }
    .text-view--selected { background: $primary 30%; }
    .text-view--token-even { background: $primary 8%; }
    .text-view--token-odd { background: $primary 24%; text-style: underline; }
    /* Colours of the terminal do not blend: a thin background would be as thick as the letters on it. */
    &:ansi {
        .text-view--match { background: transparent; text-style: underline bold; }
        .text-view--selected { background: transparent; text-style: reverse; }
        .text-view--token-even { background: transparent; }
        .text-view--token-odd { background: transparent; text-style: underline; }
    }
    .syntax--keyword { color: $primary; }
    .syntax--string { color: $success; }
    .syntax--comment { color: $class-comments; text-style: italic; }
    .syntax--number { color: $warning; }
    .syntax--function { color: $accent; text-style: bold; }
    .syntax--type { color: $class-examples; }
    .syntax--builtin { color: $class-docs; }
    .syntax--heading { color: $primary; text-style: bold; }
    .syntax--deleted { color: $error; }
    .syntax--inserted { color: $success; }
}
"""
