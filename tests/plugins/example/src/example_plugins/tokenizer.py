"""A tokenizer: every vowel is a token, and every run of anything else."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[aeiou]|[^aeiou]+")


class Vowels:
    """Counts the encoding ``vowels``."""

    def count(self, text: str) -> int:
        """Count the tokens of a text."""
        return len(_TOKEN.findall(text))
