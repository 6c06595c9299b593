"""Exact counts with a vendor's own vocabulary, whichever engine serves it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engine.errors import InputError
from engine.model import Method
from engine.tokens import cuts, ranks
from engine.tokens.codecs import (
    Codec,
    SplintrCodec,
    TiktokenCodec,
    composed,
    is_engine_failure,
    without_surrogates,
)
from engine.tokens.parts import share
from engine.tokens.running import Running
from engine.tokens.specs import Spec

_ANCHOR = "\n"
"""Stands before a piece from inside a text, so that no mark of a first word is put before it. It never merges."""


class VocabularyTokenizer:
    """Counts with one vocabulary; see :class:`engine.tokens.protocol.Tokenizer`."""

    method = Method.EXACT
    error_band = (0.0, 0.0)

    def __init__(self, spec: Spec) -> None:
        self.encoding = spec.name
        self.spec = spec
        self.rule = cuts.rule(spec.cuts)
        self._reference: Codec | None = None
        self._codec = self._load()
        self._size: Callable[[str], int] = self._codec.size
        if spec.nfc:
            self._size = self._composed_size
        self._window = 2 * spec.window
        self._anchor = len(self._codec.ids(_ANCHOR)) if spec.lead else 0

    def count(self, text: str) -> int:
        """Count the tokens of ``text`` as user content; half surrogate pairs count as U+FFFD."""
        if len(text) > self._window:
            return self._long(text, True)
        try:
            return self._size(text)
        except UnicodeEncodeError:
            return self.count(without_surrogates(text))
        except BaseException as error:
            if not is_engine_failure(error):
                raise
            return self._rescue(text, error)

    def count_many(self, texts: Sequence[str]) -> list[int]:
        """Count each text on its own."""
        if not self.spec.nfc and max(map(len, texts), default=0) <= self._window:
            try:
                return self._codec.sizes(texts)
            except BaseException as error:
                if not is_engine_failure(error):
                    raise
        # One by one, so that only the text that makes trouble goes another way.
        return list(map(self.count, texts))

    def count_parts(self, parts: Sequence[str]) -> list[int]:
        """Share out the count of the joined parts; see :func:`engine.tokens.parts.share`."""
        return share(self, parts)

    def count_stream(self, pieces: Iterable[str]) -> int:
        """Count the concatenation of ``pieces``, holding no more than a few windows of it."""
        running = Running(self)
        total = 0
        for piece in pieces:
            total += sum(tokens for _, tokens in running.add(piece))
        return total + sum(tokens for _, tokens in running.finish())

    def text_size(self, text: str, first: bool) -> int:
        """Count ``text`` of any length; unless ``first``, as a piece behind a line end."""
        if len(text) > self._window:
            return self._long(text, first)
        if first or not self._anchor:
            return self.count(text)
        return self.count(_ANCHOR + text) - self._anchor

    def part_sizes(self, parts: Sequence[str]) -> list[int]:
        """Count parts of one text, each as if a line ended before it."""
        if not self._anchor:
            return self.count_many(parts)
        return [self.text_size(part, at == 0) for at, part in enumerate(parts)]

    piece_size = text_size
    """A piece within a window is counted like any text."""

    def piece_ids(self, text: str, first: bool) -> list[int]:
        """Encode a piece within a window."""
        if self.spec.nfc:
            text = composed(text)
        anchored = self._anchor and not first
        try:
            ids = list(self._codec.ids(_ANCHOR + text if anchored else text))
        except UnicodeEncodeError:
            return self.piece_ids(without_surrogates(text), first)
        return ids[self._anchor :] if anchored else ids

    def width(self, token: int) -> int:
        """Return how many bytes of text a token stands for."""
        return self._codec.width(token)

    def _composed_size(self, text: str) -> int:
        return self._codec.size(composed(text))

    def _long(self, text: str, first: bool) -> int:
        try:
            text.encode()
        except UnicodeEncodeError:
            text = without_surrogates(text)
        running = Running(self, first=first)
        return sum(tokens for _, tokens in running.add(text)) + sum(tokens for _, tokens in running.finish())

    def _load(self) -> Codec:
        """Load the token engine, else tiktoken over ranks that lie on this machine.

        Raises:
            InputError: neither has the vocabulary.
        """
        if self.spec.ranks is not None:
            return self._registered(ranks.from_file(self.spec.ranks))
        try:
            return SplintrCodec(self.spec)
        except BaseException as error:
            if not is_engine_failure(error):
                raise
            table = ranks.from_cache(self.spec)
            if table is None:
                raise InputError(
                    f"the token engine cannot serve {self.encoding}: {error}",
                    "reinstall splintr-rs, or register a .tiktoken rank file for this vocabulary",
                ) from None
            return TiktokenCodec(self.spec, table)

    def _registered(self, table: dict[bytes, int]) -> Codec:
        try:
            return TiktokenCodec(self.spec, table)
        except ValueError as error:
            raise InputError(f"encoding {self.encoding!r}: no usable pattern: {error}") from None

    def _rescue(self, text: str, error: BaseException) -> int:
        """Count with tiktoken what the token engine failed on; in halves what tiktoken fails on as well."""
        if self._reference is None and self.spec.pattern and isinstance(self._codec, SplintrCodec):
            self._reference = TiktokenCodec(self.spec, ranks.from_engine(self.spec.engine))
        if self._reference is not None:
            try:
                return self._reference.size(composed(text) if self.spec.nfc else text)
            except BaseException as second:
                if not is_engine_failure(second):
                    raise
        if len(text) < 2:
            raise InputError(f"{self.encoding} cannot count a text: {error}") from None
        middle = len(text) // 2
        return self.count(text[:middle]) + self.count(text[middle:])
