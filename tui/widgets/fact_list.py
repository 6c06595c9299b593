"""A list of facts: names at the left, values at the right, headings between them."""

from __future__ import annotations

from typing import ClassVar

from tui.widgets.row_list import RowList


class FactList(RowList):
    """Shows ``FactRows``."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "facts--title", "facts--name", "facts--quiet", "facts--changed", "facts--why", "facts--wrong",
    }  # fmt: skip
    DEFAULT_CSS = """
    FactList {
        & > .facts--title { color: $primary; text-style: bold; }
        & > .facts--name { color: $muted; }
        & > .facts--quiet { color: $muted; }
        & > .facts--changed { color: $accent; text-style: bold; }
        & > .facts--why { color: $foreground; }
        & > .facts--wrong { color: $error; }
    }
    """
