"""Counts for vocabularies that nobody ships: a linear function of an exact count, with the band it was measured in.

The estimate is ``per_token`` for each o200k token plus ``per_cjk`` for each Chinese, Japanese or Korean character plus
``per_other`` for each other character beyond ASCII. It is linear on purpose: shares of parts add up to the whole.
The figures are in ``estimate.toml``; ``benchmarks/calibrate_estimate.py`` prints them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from engine.model import Method
from engine.tokens.figures import Figures
from engine.tokens.protocol import Tokenizer

_CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


class EstimateTokenizer:
    """Estimates counts for one vocabulary; see :class:`engine.tokens.protocol.Tokenizer`."""

    method = Method.ESTIMATE

    def __init__(self, encoding: str, known: Figures, base: Tokenizer, stream: Callable[[Iterable[str]], int]) -> None:
        """Args: ``stream`` counts with ``base`` text that comes in pieces."""
        self.encoding = encoding
        self.error_band = known.error_band
        self._known = known
        self._base = base
        self._stream = stream

    def count(self, text: str) -> int:
        """Estimate the tokens of ``text``."""
        return round(self._base.count(text) * self._known.per_token + self._extra(text))

    def count_many(self, texts: Sequence[str]) -> list[int]:
        """Estimate each text on its own."""
        counts = self._base.count_many(texts)
        factor = self._known.per_token
        return [round(count * factor + self._extra(text)) for count, text in zip(counts, texts, strict=True)]

    def count_parts(self, parts: Sequence[str]) -> list[int]:
        """Share out the estimate of the joined parts: roundings carry over to the next part."""
        exact = extra = 0.0
        before = 0
        shares: list[int] = []
        for count, part in zip(self._base.count_parts(parts), parts, strict=True):
            exact += count
            extra += self._extra(part)
            total = max(before, round(exact * self._known.per_token + extra))
            shares.append(total - before)
            before = total
        return shares

    def count_stream(self, pieces: Iterable[str]) -> int:
        """Estimate the concatenation of ``pieces`` in bounded memory."""
        extra = 0.0

        def seen() -> Iterator[str]:
            nonlocal extra
            for piece in pieces:
                extra += self._extra(piece)
                yield piece

        exact = self._stream(seen())
        return round(exact * self._known.per_token + extra)

    def _extra(self, text: str) -> float:
        if text.isascii():
            return 0.0
        cjk = len(_CJK.findall(text))
        other = len(_BEYOND_ASCII.findall(text)) - cjk
        return cjk * self._known.per_cjk + other * self._known.per_other
