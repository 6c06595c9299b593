"""Errors a person can cause, each with one clear message, a hint and the exit code it ends in."""

from __future__ import annotations


class PacksightError(Exception):
    """An expected failure: what happened, where, and the nearest valid choice.

    Front ends print ``message`` and, when present, ``hint`` on a second line, and never a traceback.
    """

    exit_code = 3
    """Exit code of the process; 3 means input that cannot be used."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(PacksightError):
    """The words of the command are wrong: an unknown level, a budget that is no number."""

    exit_code = 2


class InputError(PacksightError):
    """Input that cannot be used: no repository, an unreadable file, an unknown model."""

    exit_code = 3


class BudgetTooSmall(PacksightError):
    """The budget cannot hold even the smallest pack."""

    exit_code = 4

    def __init__(self, message: str, hint: str = "", smallest_tokens: int = 0) -> None:
        super().__init__(message, hint)
        self.smallest_tokens = smallest_tokens
        """The smallest budget, in tokens, that works for this request."""


class Cancelled(PacksightError):
    """The caller asked a long call to stop."""

    exit_code = 130
