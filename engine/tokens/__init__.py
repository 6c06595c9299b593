"""Counts tokens: text in, numbers out, each with the method it came about by.

``tokenizer(encoding)`` gives the counter of a vocabulary, ``catalog()`` the models and the encoding each of them uses.
Vocabularies are loaded when first asked for; importing this package loads no engine. Nothing here uses the network,
matches special-token literals in content, or passes an estimate off as a count.
"""

from __future__ import annotations

from engine.model import Model
from engine.tokens.catalog import Catalog, catalog
from engine.tokens.protocol import Tokenizer
from engine.tokens.registry import count_stream, encodings, register, tokenizer, warm
from engine.tokens.version import counting_version

__all__ = [
    "Catalog",
    "Model",
    "Tokenizer",
    "catalog",
    "count_stream",
    "counting_version",
    "encodings",
    "register",
    "tokenizer",
    "warm",
]
