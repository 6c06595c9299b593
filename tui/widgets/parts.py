"""Component classes that are styled when they are drawn first, not when a widget begins.

Textual matches every rule of the style sheet against every component class of a widget each time the widget is styled,
which is several times before anything is seen: with the tree's forty parts and a text's thirty that was a third of
all that a start cost. Most parts are never drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.css.styles import RenderStyles
from textual.dom import DOMNode

if TYPE_CHECKING:
    from textual.widget import Widget
else:
    # Textual takes style sheets from the first base that is a widget; this one is to be beside it.
    Widget = object


class Parts(Widget):
    """A widget with many component classes; only those that were asked for once follow its styles.

    Stands before the widget that it is mixed into.
    """

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._asked_parts: set[str] = set()

    def _get_component_classes(self) -> frozenset[str]:  # type: ignore[override]
        """What Textual is to style now, and to repaint for when it changes."""
        return frozenset(self._asked_parts)

    def get_component_styles(self, *names: str) -> RenderStyles:
        """Styles of parts.

        Raises:
            KeyError: one of them is not in ``COMPONENT_CLASSES``.
        """
        for name in names:
            if name not in self._component_styles and name in super()._get_component_classes():
                part = DOMNode(classes=name)
                part._attach(self)
                self.app.stylesheet.apply(part)
                self._component_styles[name] = part.styles
                self._asked_parts.add(name)
        return super().get_component_styles(*names)
