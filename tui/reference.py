"""All keys of the app as Markdown, made from the bindings themselves: ``python -m tui.reference``."""

from __future__ import annotations

import sys

from textual.binding import Binding
from textual.keys import key_to_character

from tui.modes import all_bindings

_TITLES = {
    "PacksightApp": "Everywhere",
    "InspectorScreen": "Inspector",
    "PackTree": "Inspector: tree",
    "LevelMatrix": "Inspector: levels",
    "WindowBar": "Inspector: context window",
    "PreviewPane": "Inspector: preview",
    "PackScreen": "Text of the pack",
    "SearchScreen": "Search",
    "QueryLine": "Search: query",
    "ProfileScreen": "Profiles",
    "CompareScreen": "Compare",
    "TelemetryScreen": "History of calls",
    "FilterLine": "History of calls: filter",
    "CalibrationScreen": "Calibration",
    "RowList": "Lists",
    "TextView": "Text",
    "SearchBar": "Search in a text",
    "TuningScreen": "Dialog: weights, shares and levels",
    "Slider": "Dialog: a weight",
    "ShareSlider": "Dialog: a share",
    "LevelPicker": "Dialog: a deepest level",
    "BudgetInput": "Dialog: budget",
    "BaseInput": "Dialog: changes since",
    "ModelPicker": "Dialog: model",
    "PinInput": "Dialog: pin by glob",
    "NameInput": "Dialog: name of a profile",
    "SaveText": "Dialog: save the text",
    "TaskInput": "Dialog: room for the answer",
    "TickBox": "Dialog: a box",
    "LearningScreen": "Dialog: learning",
    "RollBack": "Dialog: roll back",
    "ThemePicker": "Dialog: theme",
    "EventDetail": "Dialog: one call",
    "ImportLogs": "Dialog: import",
    "JumpOverlay": "Dialog: jump",
    "Leaving": "Dialog: leave",
}
"""Headings by the class that has the keys, in the order of the page; others follow under their own names."""
_HEAD = """\
# Keys

Made by `python -m tui.reference`; a test keeps it so. The ids are for
[`keymap.toml`](inspector.md#keys-of-your-own) and are how the palette (`ctrl+p`) calls an action: `pack.less` is
"pack: Less". Besides, `tab` and `shift+tab` go from pane to pane.
"""


def reference() -> str:
    """Write what ``docs/keys.md`` holds."""
    sections: dict[str, list[Binding]] = {name: [] for name in _TITLES}
    for owner, binding in all_bindings():
        sections.setdefault(owner.__name__, []).append(binding)
    parts, signs = [_HEAD], {}
    for name, bindings in sections.items():
        if not bindings:
            continue
        rows = "".join(f"| {_keys(one)} | {one.tooltip} | `{one.id}` |\n" for one in bindings)
        parts.append(f"## {_TITLES.get(name, name)}\n\n| key | does | id |\n|---|---|---|\n{rows}")
        signs.update({key: _shown(key) for one in bindings for key in one.key.split(",") if _is_sign(key)})
    rows = "".join(f"| {_code(shown)} | `{key}` |\n" for key, shown in sorted(signs.items()))
    parts.append(f"## Names of signs\n\nA keymap calls these keys by name.\n\n| key | name |\n|---|---|\n{rows}")
    return "\n".join(parts)


def _keys(binding: Binding) -> str:
    return " ".join(_code(_shown(key)) for key in binding.key.split(","))


def _shown(key: str) -> str:
    """A key as people write it: the sign on it, an arrow, ``ctrl+r``."""
    arrows_and_signs = {"minus": "-", "plus": "+", "up": "↑", "down": "↓", "left": "←", "right": "→"}
    sign = key_to_character(key) or arrows_and_signs.get(key, "")
    return sign if sign.isprintable() and sign.strip() else key


def _is_sign(key: str) -> bool:
    return len(key) > 1 and len(_shown(key)) == 1 and _shown(key).isascii()


def _code(shown: str) -> str:
    """Code in a cell of a table, where a bar has to be escaped."""
    return f"`{shown}`".replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(reference())
