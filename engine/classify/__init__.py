"""What a chunk is: one of the ten classes, decided from rules that are data (``rules.toml``).

In: a path, its language and linguist attributes, later the chunks of the file. Out: a ``FileClass``, then one
``Verdict`` per chunk, each with the id of the rule that decided, which ``reason`` says in words.

Two stages, because the analysis of a blob is cached without its path. ``file_class`` sees the path and never the
content; ``classify_spans`` sees the content and, of the path, only the ``FileClass``. An analysis may therefore be
shared by all paths with equal blob, language and ``FileClass`` under equal ``RULES_VERSION``.

This room reads no file of a repository and parses nothing.

Names are loaded when they are first used: a file that is known needs no rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.on_demand import names

if TYPE_CHECKING:
    from engine.classify.rules import (
        RULES_VERSION,
        Rules,
        classify_spans,
        default_rules,
        file_class,
        load_rules,
        reason,
    )
    from engine.classify.verdict import FileClass, Verdict

__all__ = [
    "RULES_VERSION",
    "FileClass",
    "Rules",
    "Verdict",
    "classify_spans",
    "default_rules",
    "file_class",
    "load_rules",
    "reason",
]

__getattr__ = names(
    __name__,
    {
        "RULES_VERSION": "rules",
        "FileClass": "verdict",
        "Rules": "rules",
        "Verdict": "verdict",
        "classify_spans": "rules",
        "default_rules": "rules",
        "file_class": "rules",
        "load_rules": "rules",
        "reason": "rules",
    },
)
