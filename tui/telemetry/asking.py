"""Questions whose failures are answers too, so that the screen that asked can show them in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.errors import Cancelled, PacksightError


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no answer."""

    words: str


def answered(ask: Callable[[Any], Any]) -> Callable[[Any, object, object], Any]:
    """Make a question for the bridge of one for the facade; what a person can understand comes back as ``Trouble``."""

    def question(engine: Any, live: object, cancelled: object) -> Any:
        try:
            return ask(engine)
        except Cancelled:
            raise
        except PacksightError as error:
            return Trouble(error.message + (f"; {error.hint}" if error.hint else ""))

    return question
