"""One tokenizer per encoding and process, loaded when it is first asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from engine.errors import InputError
from engine.plugins import installed
from engine.tokens.protocol import Tokenizer
from engine.tokens.specs import Spec, built_in

_RARE_WORD = "zqxjkvzqxjkv"
"""A word that no vocabulary has as a whole."""
_loaded: dict[str, Tokenizer] = {}
_registered: dict[str, Spec] = {}
_loading = threading.RLock()

CLAUDE = ("claude-3", "claude-4.7", "claude-5")
"""Encodings that are reconstructed rather than published."""


def encodings() -> tuple[str, ...]:
    """Return the names of all encodings, registered ones included, without aliases."""
    from engine.tokens import plugged
    from engine.tokens.figures import figures

    names = dict.fromkeys(spec.name for spec in built_in().values())
    return (*names, *CLAUDE, *figures(), *_registered, *plugged.names())


def register(specs: Iterable[Spec]) -> None:
    """Add encodings of a person's rank files; one of the same name replaces the one before, shipped ones included."""
    with _loading:
        for spec in specs:
            if _registered.get(spec.name) != spec:
                _registered[spec.name] = spec
                _loaded.pop(spec.name, None)


def registered(encoding: str) -> Spec | None:
    """The specification that a person registered under this name, if any."""
    return _registered.get(encoding)


def known(encoding: str) -> bool:
    """Tell whether :func:`tokenizer` knows the encoding, aliases included, without loading it."""
    if encoding in _registered or _ships(encoding):
        return True
    from engine.tokens import plugged

    return plugged.known(encoding)


def tokenizer(encoding: str) -> Tokenizer:
    """Return the tokenizer of an encoding; the same object for the same name within a process.

    Raises:
        InputError: there is no such encoding, or its vocabulary cannot be loaded.
    """
    found = _loaded.get(encoding)
    if found is None:
        with _loading:
            found = _loaded.get(encoding) or _load(encoding)
            if installed("packsight.tokenizers") and _ships(encoding):
                from engine.tokens import plugged

                plugged.refuse(encoding)
            _loaded[encoding] = found
    return found


def warm(encoding: str) -> None:
    """Load the vocabulary of an encoding with the tables for merging, which an engine only builds (0.1 s, 10 MB) for
    the first word that is not one token.

    Raises:
        InputError: as ``tokenizer``.
    """
    tokenizer(encoding).count(_RARE_WORD)


def count_stream(counter: Tokenizer, pieces: Iterable[str]) -> int:
    """Count the concatenation of ``pieces`` with ``counter`` as if it were one text.

    Tokenizers of this package hold only windows of it; one that cannot count in pieces gets the whole text.
    """
    streamed = getattr(counter, "count_stream", None)
    return int(streamed(pieces)) if streamed is not None else counter.count("".join(pieces))


def _load(encoding: str) -> Tokenizer:
    if encoding in CLAUDE and encoding not in _registered:
        from engine.tokens.claude import ClaudeTokenizer

        claude: Tokenizer = ClaudeTokenizer(encoding)
        return claude
    spec = _registered.get(encoding) or built_in().get(encoding)
    if spec is not None:
        from engine.tokens.vocabulary import VocabularyTokenizer

        # An alias shares the object, and the 30 to 60 MB, of the name it stands for.
        return VocabularyTokenizer(spec) if encoding == spec.name else tokenizer(spec.name)
    from engine.tokens.estimate import EstimateTokenizer
    from engine.tokens.figures import figures

    known = figures().get(encoding)
    if known is None:
        from engine.tokens import plugged

        found = plugged.plugged(encoding, _ships)
        if found is not None:
            return found
        import difflib

        near = difflib.get_close_matches(encoding, encodings(), 3, 0.3)
        raise InputError(f"no encoding {encoding!r}", f"did you mean {', '.join(near)}?" if near else "")
    base = tokenizer(known.base)
    return EstimateTokenizer(encoding, known, base, lambda pieces: count_stream(base, pieces))


def _ships(encoding: str) -> bool:
    """Whether packsight itself has an encoding of this name."""
    from engine.tokens.figures import figures

    return encoding in CLAUDE or encoding in built_in() or encoding in figures()
