"""The part of the facade for texts that are being edited: counted at every key, without counting all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Literal

from engine.model import Model

if TYPE_CHECKING:
    from engine.usecases.watch_text import EditedText

Unit = Literal["utf-8", "utf-16", "utf-32"]
"""What the characters of a position are: bytes of UTF-8, code units of UTF-16, code points."""
UNITS: tuple[Unit, ...] = ("utf-8", "utf-16", "utf-32")


class Watching(ABC):
    """Counts what is being typed; whoever inherits it knows the models."""

    @abstractmethod
    def model(self, name: str) -> Model:
        """Find a model by id or alias."""

    def edited(self, model: str, text: str = "") -> EditedText:
        """A text to edit and to count again and again, with a model's tokenizer.

        Its counts are those of ``count_texts`` for the whole text; only what an edit touches is counted anew.

        Raises:
            InputError: the model is unknown.
        """
        from engine.tokens import tokenizer
        from engine.usecases.watch_text import EditedText

        return EditedText(tokenizer(self.model(model).encoding), text)
